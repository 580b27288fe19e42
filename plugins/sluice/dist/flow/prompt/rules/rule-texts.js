/**
 * The texts of a call, and the paths that may stand in them.
 *
 * Owns: which fields are searched, and how a text is split. Never: compares it with a pattern (rule-reach.ts).
 */
import { listStrings } from "../risk/assess.js";
/** The client's tools whose other fields hold the text of files, and no path. */
const TEXT_FIELDS = {
    Write: ["content"],
    Edit: ["old_string", "new_string"],
    MultiEdit: ["edits"],
    NotebookEdit: ["new_source"],
    Bash: ["description"],
    Monitor: ["description"],
};
/** No call names more paths that could all be looked at. */
export const LOOSE_MAX = 2_000;
/** What is longer is not looked through: it may hold anything. */
const READ_MAX_CHARS = 20_000;
/** Pure. */
export function isLong(tool, input) {
    return listTexts(tool, input).reduce((sum, one) => sum + one.length, 0) > READ_MAX_CHARS;
}
/** All texts of a call in which something could be named. */
export function listTexts(tool, input) {
    const left = Object.hasOwn(TEXT_FIELDS, tool) ? (TEXT_FIELDS[tool] ?? []) : [];
    return listStrings(Object.fromEntries(Object.entries(input).filter(([key]) => !left.includes(key))));
}
/** `path` undefined: a shell fills it in. `isOpen`: it goes on in a way that is not known. */
export function listLoosePaths(text) {
    const decoded = listDecoded(text);
    return [...new Set([...decoded.map((one) => one.trim()), ...decoded.flatMap(toChunks)])].flatMap((chunk) => {
        // The home of a user, and a variable of other systems.
        if (/^~[\w.-]+\/|%[A-Za-z]\w*%/.test(chunk))
            return [{ path: undefined, isOpen: true }];
        const plain = chunk
            .replace(/^file:\/\/[^/]*/i, "")
            .replace(/^(?:\$HOME|\$\{HOME\})(?=\/|$)/, "~")
            .replaceAll(/["'\\]/g, "");
        if (plain === "")
            return [];
        const open = plain.search(/[*?[\]{}$`]/);
        if (open === -1)
            return [{ path: plain, isOpen: false }];
        // Only a dollar could be any place; a pattern begins where it begins.
        if (/[$`]/.test(plain.slice(0, open + 1)) && !plain.slice(0, open).includes("/"))
            return [{ path: undefined, isOpen: true }];
        return [{ path: plain.slice(0, open) || ".", isOpen: true }];
    });
}
/** Words, and what stands behind the signs in them: --file=~/x, user@host:/x, -C~/x. */
function toChunks(text) {
    return text.split(/[\s;&|()<>,]+/).flatMap((word) => [
        word,
        ...word.split(/[=:@]+/),
        // sed 1r/etc/x
        ...(/^[^/~*?[{]+[/~]/.test(word) ? [word.slice(word.search(/~?\//))] : []),
        ...(/^-\w?[~/.]/.test(word) ? [word.replace(/^-\w?/, "")] : []),
    ]);
}
/** The text, and what addresses and other systems write in place of it: %2e, and that encoded again; a backslash between folders. */
function listDecoded(text) {
    const texts = text.includes("\\") ? [text, text.replaceAll("\\", "/")] : [text];
    return texts.flatMap((one) => {
        const found = [one];
        for (let next = decode(one); next !== found.at(-1) && found.length < 4; next = decode(next))
            found.push(next);
        return found;
    });
}
function decode(text) {
    return text.replaceAll(/(?:%[0-9a-f]{2})+/gi, (run) => {
        try {
            return decodeURIComponent(run);
        }
        catch {
            // No letters of UTF-8: the text is what it is.
            return run;
        }
    });
}
