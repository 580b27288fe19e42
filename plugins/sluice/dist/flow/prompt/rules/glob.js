/**
 * Patterns of rules: `*`, `?` and, where paths are meant, `**`.
 *
 * Owns: whether a text fits a pattern, in a time that no pattern can make long. Never: what a rule means (rules.ts).
 */
/** All places of the pattern are walked at once: no way back, so no stall. */
export function isGlobFit(pattern, text, { any, foldsCase }) {
    const [wanted, found] = foldsCase ? [fold(pattern), fold(text)] : [pattern, text];
    const wild = wanted.search(/[*?]/);
    if (wild === -1)
        return wanted === found;
    // Most texts differ before the first wildcard.
    if (!found.startsWith(wanted.slice(0, wild)))
        return false;
    const tokens = toTokens(wanted, any);
    let open = skipStars(tokens, new Set([0]));
    for (const char of found) {
        const next = new Set();
        for (const at of open) {
            const token = tokens[at];
            if (token === undefined)
                continue;
            if ("char" in token) {
                if (token.char === char)
                    next.add(at + 1);
            }
            else if (token.any === undefined || token.any.test(char))
                next.add(token.many ? at : at + 1);
        }
        if (next.size === 0)
            return false;
        open = skipStars(tokens, next);
    }
    return open.has(tokens.length);
}
/** As a disk without case takes a name: the long s is an s, and an accent stands by itself or with its letter. */
function fold(text) {
    return text.normalize("NFKC").toLowerCase();
}
function skipStars(tokens, open) {
    // A set is walked in the order of adding: what is added here is seen, too.
    for (const at of open) {
        const token = tokens[at];
        if (token !== undefined && "many" in token && token.many)
            open.add(at + 1);
    }
    return open;
}
function toTokens(pattern, any) {
    return (pattern.match(/\*+|[^]/gu) ?? []).map((part) => {
        if (part === "?")
            return { many: false, any };
        if (!part.startsWith("*"))
            return { char: part };
        return { many: true, any: part.length > 1 && any === NO_SLASH ? undefined : any };
    });
}
/** For patterns of paths. */
export const NO_SLASH = /[^/]/u;
