/** `[remote "origin"]`, or in the old form `[remote.origin]`. */
const SECTION = /\s*\[\s*([\w.-]+)(?:[ \t]+"((?:\\[^\n]|[^"\\\n])*)")?[ \t]*\]/y;
const KEY = /\s*([a-z][a-z0-9-]*)[ \t]*=[ \t]*/iy;
/** A piece of a value: in quotes, escaped, or plain. A comment or the end of the line ends the value. */
const PIECE = /"(?:\\[\s\S]|[^"\\\n])*"|\\[\s\S]|[^\n#;"\\]+/y;
const REST = /[^\n]*\n?/y;
const ESCAPES = { n: "\n", t: "\t", b: "\b", "\n": "" };
/** In the order of the file. */
export function parseRemotes(config) {
    const text = config.replaceAll("\r\n", "\n").replace(/^\uFEFF/, "");
    const found = new Map();
    let remote;
    let at = 0;
    const take = (pattern) => {
        pattern.lastIndex = at;
        const match = pattern.exec(text) ?? undefined;
        if (match !== undefined)
            at = pattern.lastIndex;
        return match;
    };
    while (at < text.length) {
        const section = take(SECTION);
        if (section !== undefined) {
            remote = toRemoteName(section[1] ?? "", section[2]);
            continue;
        }
        const key = take(KEY)?.[1]?.toLowerCase();
        let value = "";
        if (key !== undefined) {
            for (let piece = take(PIECE); piece !== undefined; piece = take(PIECE))
                value += unquote(piece[0]);
        }
        take(REST);
        if (remote === undefined || value.trim() === "")
            continue;
        if (key !== "url" && key !== "pushurl")
            continue;
        const addresses = found.get(remote) ?? { url: [], pushurl: [] };
        addresses[key].push(value.trim());
        found.set(remote, addresses);
    }
    return [...found].map(([name, { url, pushurl }]) => ({ name, addresses: [...url, ...pushurl] }));
}
function toRemoteName(section, subsection) {
    if (subsection !== undefined)
        return section.toLowerCase() === "remote" ? subsection.replace(/\\(.)/g, "$1") : undefined;
    return /^remote\.(.+)$/i.exec(section)?.[1]?.toLowerCase();
}
function unquote(piece) {
    const inner = piece.startsWith('"') ? piece.slice(1, -1) : piece;
    return inner.replace(/\\([\s\S])/g, (_, char) => ESCAPES[char] ?? char);
}
