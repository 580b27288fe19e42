/**
 * Reads `multipart/form-data`, which some senders cannot help sending.
 *
 * Owns: cutting such a body into its fields. Pure. Never: keeps a file: its name, type and size take its place.
 * https://www.rfc-editor.org/rfc/rfc7578 https://www.rfc-editor.org/rfc/rfc2046#section-5.1.1
 */
const BREAK = Buffer.from("\r\n");
const HEAD_END = Buffer.from("\r\n\r\n");
/** The fields in their order; undefined for a body that is not what its content type says. */
export function readMultipart(body, contentType) {
    const [, quoted, plain] = /;\s*boundary=(?:"([^"]{1,200})"|([^\s;"]{1,200}))/i.exec(contentType) ?? [];
    const boundary = quoted ?? plain;
    if (boundary === undefined)
        return undefined;
    const delimiter = Buffer.from(`--${boundary}`, "latin1");
    const between = Buffer.concat([BREAK, delimiter]);
    // What stands before the first delimiter, and behind the last one, is nobody's.
    let at = body.subarray(0, delimiter.length).equals(delimiter) ? 0 : body.indexOf(between) + 2;
    if (at === 1)
        return undefined;
    const fields = [];
    for (;;) {
        at += delimiter.length;
        if (body.subarray(at, at + 2).toString("latin1") === "--")
            return fields.length === 0 && at > delimiter.length ? undefined : fields;
        const start = body.indexOf(BREAK, at);
        const end = start === -1 ? -1 : body.indexOf(between, start);
        if (end === -1 || !/^[ \t]*$/.test(body.toString("latin1", at, start)))
            return undefined;
        const field = readPart(body.subarray(start, end));
        if (field === undefined)
            return undefined;
        fields.push(field);
        at = end + BREAK.length;
    }
}
/** From the line break before its headers. */
function readPart(part) {
    const end = part.indexOf(HEAD_END);
    if (end === -1)
        return undefined;
    const head = part.toString("utf8", 0, end);
    const disposition = /\r\ncontent-disposition:\s*form-data\s*;([^\r]*)/i.exec(head)?.[1];
    const name = readParameter(disposition ?? "", "name");
    if (name === undefined)
        return undefined;
    const content = part.subarray(end + HEAD_END.length);
    const file = readParameter(disposition ?? "", "filename");
    if (file === undefined)
        return { name, content };
    const type = /\r\ncontent-type:\s*([^\r;]{1,100})/i.exec(head)?.[1]?.trim() ?? "no type";
    return { name, content, file: { name: file, type } };
}
function readParameter(text, name) {
    const [, quoted, plain] = new RegExp(String.raw `(?:^|;)\s*${name}=(?:"((?:[^"\\]|\\.)*)"|([^\s;"]+))`, "i").exec(text) ??
        [];
    // Browsers write a quote, CR and LF of a name in this way: https://html.spec.whatwg.org/#multipart-form-data
    return (quoted?.replaceAll(/\\(["\\])/g, "$1") ?? plain)
        ?.replaceAll("%22", '"')
        .replaceAll(/%0[da]/gi, " ");
}
