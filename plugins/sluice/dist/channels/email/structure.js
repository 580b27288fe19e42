const MAX_DEPTH = 20;
const MAX_PARTS = 200;
const MAX_TEXTS = 10;
/** A picture in the text that is smaller is a line, a logo or a counter. */
const MIN_PICTURE_BYTES = 8_000;
export function readParts(root) {
    const found = { texts: [], files: [], isEncrypted: false, report: {}, left: MAX_PARTS };
    walk(root, found, { depth: 0, isText: true, isInline: false });
    const { texts, files, isEncrypted, report } = found;
    return { texts: texts.slice(0, MAX_TEXTS), files, isEncrypted, report };
}
function walk(node, found, where) {
    if (where.depth > MAX_DEPTH || found.left-- <= 0)
        return;
    const type = node.type.toLowerCase();
    const children = type.startsWith("multipart/") ? (node.childNodes ?? []) : [];
    const below = { ...where, depth: where.depth + 1 };
    switch (type) {
        case "multipart/alternative":
            return walkAlternative(children, found, below);
        case "multipart/related": {
            const [first, ...others] = children;
            if (first !== undefined)
                walk(first, found, below);
            for (const other of others)
                walk(other, found, { ...below, isText: false, isInline: true });
            return;
        }
        case "multipart/signed":
            // The second part is the signature.
            if (children[0] !== undefined)
                walk(children[0], found, below);
            return;
        case "multipart/encrypted":
            found.isEncrypted = true;
            return;
        case "multipart/report":
            return walkReport(children, found, below);
        default:
            if (children.length > 0)
                for (const child of children)
                    walk(child, found, below);
            else
                addLeaf(node, type, found, where);
    }
}
/** One text in several forms, the simplest first; files that stand in one of the forms are files all the same. */
function walkAlternative(children, found, where) {
    const forms = children.map((child) => {
        const form = { ...found, texts: [], files: [], report: {} };
        walk(child, form, where);
        found.left = form.left;
        found.isEncrypted ||= form.isEncrypted;
        found.files.push(...form.files);
        return form.texts;
    });
    const plain = forms.flat().find((text) => text.plain !== undefined)?.plain;
    const html = forms.flat().find((text) => text.html !== undefined)?.html;
    const rich = forms.toReversed().find((texts) => texts.length > 1);
    // Apple's programs put a text with files between its pieces into the last form alone.
    if (plain === undefined && rich !== undefined)
        found.texts.push(...rich);
    else if (plain !== undefined || html !== undefined)
        found.texts.push({
            ...(plain === undefined ? {} : { plain }),
            ...(html === undefined ? {} : { html }),
        });
}
/** https://www.rfc-editor.org/rfc/rfc6522 */
function walkReport(children, found, where) {
    const [words, ...others] = children;
    if (words !== undefined)
        walk(words, found, where);
    for (const { type, part } of others) {
        if (part === undefined)
            continue;
        if (/^message\/(?:global-)?delivery-status$/i.test(type))
            found.report.facts ??= part;
        else if (/^(?:message\/(?:rfc822|global)|text\/rfc822-headers|message\/global-headers)$/i.test(type))
            found.report.original ??= part;
    }
}
function addLeaf(node, type, found, where) {
    const part = node.part ?? "1";
    if (/^application\/(?:x-)?pkcs7-mime$/.test(type)) {
        // Signed ones are wrapped as well, but nothing here unwraps them.
        found.isEncrypted = true;
        return;
    }
    if (/^application\/(?:x-)?pkcs7-signature$|^application\/pgp-signature$/.test(type))
        return;
    const name = node.dispositionParameters?.["filename"] ?? node.parameters?.["name"];
    const isFile = node.disposition?.toLowerCase() === "attachment" || (name ?? "") !== "";
    if (where.isText && !isFile && (type === "text/plain" || type === "text/html" || type === "")) {
        found.texts.push(type === "text/html" ? { html: part } : { plain: part });
        return;
    }
    const bytes = toBytes(node);
    const isLook = where.isInline || (node.id !== undefined && node.disposition !== "attachment");
    if (isLook && type.startsWith("image/") && bytes < MIN_PICTURE_BYTES)
        return;
    found.files.push({ part, name: toName(node, name, type), mime: type, bytes });
}
/** A third of base64 is its writing. */
function toBytes({ size = 0, encoding = "" }) {
    return encoding.toLowerCase() === "base64" ? Math.floor((size * 3) / 4) : size;
}
function toName(node, name, type) {
    if (name !== undefined && name.trim() !== "")
        return name;
    if (type === "message/rfc822")
        return `${node.envelope?.subject?.slice(0, 80) ?? "message"}.eml`;
    if (type === "text/calendar")
        return "invitation.ics";
    const [, kind = "bin"] = type.split("/");
    return `part-${node.part ?? "1"}.${kind.replace(/^x-|\+.*$/g, "").slice(0, 20)}`;
}
