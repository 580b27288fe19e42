/**
 * Lines of an event from a template: `Job "{name:workflow_job.name}"[ on {ref:workflow_job.head_branch}]`.
 *
 * Owns: the little language. `{kind:path|path|kind:path}` is the restricted field at the first path that has one; `*` in a path stands for every
 * entry of a list. `[...]` is left out unless all of its fields are there. `{did}` is the action in words. Never: free text, or which event
 * has which template (rows-*.ts).
 */
import { at, countAt, listAt, textAt } from "../../sdk/json.js";
import { toNameField, toUrlField } from "../../sdk/field.js";
import { loginAt, nameAt, pathAt, refAt, shaAt, wordAt } from "./description.js";
import { toShortSha, toWords } from "./description.js";
/** What a placeholder may ask for. Each is fit for a line of ours (sdk/field.ts). */
const FIELDS = {
    name: nameAt,
    ref: refAt,
    path: pathAt,
    login: loginAt,
    count: (payload, path) => countAt(payload, path)?.toString(),
    sha: (payload, path) => toShortSha(shaAt(payload, path)),
    wholesha: shaAt,
    /** A word of GitHub's own, as it is. */
    code: wordAt,
    /** The same for a reader: `timed_out` as `timed out`. */
    word: (payload, path) => {
        const word = wordAt(payload, path);
        return word === undefined ? undefined : toWords(word);
    },
    /** Versions, with the signs that a line cannot hold in words. */
    range: (payload, path) => {
        const text = textAt(payload, path);
        return text === undefined ? undefined : toNameField(toSigns(text), 200);
    },
    day: (payload, path) => /^\d{4}-\d\d-\d\d/.exec(textAt(payload, path) ?? "")?.[0],
    first: (payload, path) => toNameField((textAt(payload, path) ?? "").split(/\r|\n/, 1)[0] ?? ""),
};
/** Actions that GitHub names as orders; the others say what was done. */
const DONE = {
    create: "created",
    dismiss: "dismissed",
    resolve: "resolved",
    reopen: "reopened",
    suspend: "suspended",
    unsuspend: "in use again",
};
function toDone(action) {
    if (action === undefined)
        return "changed";
    return (Object.hasOwn(DONE, action) ? DONE[action] : undefined) ?? toWords(action);
}
/** Of a list, so many are named. */
const MAX_LISTED = 6;
/** And so many are looked at. */
const MAX_READ = 500;
/** The text, with `?` for a field outside of brackets that is not there. */
export function fill(template, payload, context) {
    return toText(template, payload, context, "?") ?? "";
}
/** The text, or undefined where a field outside of brackets is not there. */
export function fillWhole(template, payload, context) {
    return toText(template, payload, context, undefined);
}
/** The field that `kind:path|path` asks for. */
export function readField(ask, payload, context) {
    if (ask === "did")
        return toDone(context.action);
    if (ask === "place")
        return context.place;
    let kind = "";
    for (const one of ask.split("|")) {
        const [path = "", own] = one.split(":").toReversed();
        kind = own ?? kind;
        const read = FIELDS[kind];
        if (read === undefined)
            throw new Error(`template: no field of kind "${kind}"`);
        const found = path.includes("*") ? readEach(payload, path, read) : read(payload, path);
        if (found !== undefined && found !== "")
            return found;
    }
    return undefined;
}
function toSigns(text) {
    return text
        .replaceAll("<=", "up to")
        .replaceAll(">=", "from")
        .replaceAll("<", "below")
        .replaceAll(">", "above");
}
/** The first link that is there. One that begins with `/` is a page of the repository, one with `~/` a page of the server. */
export function readLink(links, payload, context) {
    for (const link of links) {
        const url = link.includes("/")
            ? toPage(link, payload, context)
            : toUrlField(textAt(payload, link) ?? "");
        if (url !== undefined)
            return url;
    }
    return undefined;
}
function toPage(link, payload, context) {
    const base = toBase(link, payload);
    if (base === undefined)
        return undefined;
    const path = link.replace(/^~/, "").replace(/\{([^{}]+)\}/g, (_all, ask) => {
        // The exact name leads to the page, not the shown one.
        const isExact = ask.startsWith("exact:");
        const value = isExact ? readExact(payload, ask.slice(6)) : readField(ask, payload, context);
        return value === undefined ? "\0" : encodeURIComponent(value).replaceAll("%2F", "/");
    });
    return path.includes("\0") ? undefined : toUrlField(`${base}${path}`);
}
/** The repository's page, or with `~` the server's. */
function toBase(link, payload) {
    if (link.startsWith("/"))
        return toUrlField(textAt(payload, "repository.html_url") ?? "");
    const known = toUrlField(textAt(payload, "sender.html_url") ?? "");
    return known === undefined ? "https://github.com" : new URL(known).origin;
}
/** A text or number as it stands in the payload, for keys and links; a ref without its folder. */
export function readExact(payload, paths) {
    for (const path of paths.split("|")) {
        const found = at(payload, path);
        if (typeof found === "number")
            return String(found);
        if (typeof found === "string" && found !== "")
            return found.replace(/^refs\/(heads|tags)\//, "").toWellFormed();
    }
    return undefined;
}
function toText(template, payload, context, missing) {
    let isWhole = true;
    const put = (text) => text.replace(/\{([^{}]+)\}/g, (_all, ask) => {
        const field = readField(ask, payload, context);
        if (field === undefined && missing === undefined)
            isWhole = false;
        return field ?? missing ?? "";
    });
    // Brackets first: what they leave out must not count as missing.
    const parts = template.split(/(\[[^[\]]*\])/);
    const text = parts
        .map((part) => part.startsWith("[")
        ? (toText(part.slice(1, -1), payload, context, undefined) ?? "")
        : put(part))
        .join("");
    return isWhole ? text : undefined;
}
function readEach(payload, path, read) {
    const [listPath = "", rest = ""] = path.split(/\.?\*\.?/, 2);
    const entries = listAt(payload, listPath);
    const all = entries
        .slice(0, MAX_READ)
        .map((entry) => (rest === "" ? read({ entry }, "entry") : read(entry, rest)));
    const found = [...new Set(all.filter((one) => one !== undefined && one !== ""))];
    if (found.length === 0)
        return undefined;
    const beyond = Math.max(0, entries.length - MAX_READ);
    const left = Math.max(0, found.length - MAX_LISTED) + beyond;
    const more = left > 0 ? ` and ${left} more` : "";
    return `${found.slice(0, MAX_LISTED).join(", ")}${more}`;
}
