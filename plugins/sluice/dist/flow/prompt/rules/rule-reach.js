/**
 * How far the patterns of a rule that denies or asks reach into a call.
 *
 * Owns: whether a rule fits for certain, or only possibly. Never: decides about the call (rules.ts); looks at the disk.
 *
 * REACH-1 "Possible" is wide on purpose: it costs a person a code, and never lets a call pass.
 */
import { isGlobFit, NO_SLASH } from "./glob.js";
import { isInside, resolvePath } from "../risk/paths.js";
import { readPlainShell } from "../risk/plain-shell.js";
import { isLong, listLoosePaths, listTexts, LOOSE_MAX } from "./rule-texts.js";
const SHELL_TOOLS = new Set(["Bash", "Monitor"]);
const PATH_FIELDS = ["file_path", "notebook_path", "path"];
const FOLD = { foldsCase: true };
/** Pure. Of a rule's `command`. */
export function reachCommand(pattern, { tool, input }) {
    const { command } = input;
    if (isLong(tool, input))
        return "possible";
    if (SHELL_TOOLS.has(tool) && typeof command === "string" && isCommandNamed(pattern, command))
        return "certain";
    return listTexts(tool, input).some((text) => mayName(pattern, text)) ? "possible" : "none";
}
/** Pure. Of a rule's `path`. */
export function reachPath(pattern, call) {
    const { tool, input, cwd, folder } = call;
    if (isLong(tool, input))
        return "possible";
    const wanted = [folder, cwd].flatMap((base) => resolvePath(pattern, base) ?? []);
    const roots = wanted.map(toRoot);
    const targets = [
        ...wanted,
        ...roots.flatMap((root, at) => toRealPattern(call, root, wanted[at] ?? "")),
    ];
    const isDenied = (path) => targets.some((one) => {
        const glob = { any: NO_SLASH, ...FOLD };
        const root = toRoot(one);
        return (isGlobFit(one, path, glob) ||
            isGlobFit(`${one}/**`, path, glob) ||
            // `~/.ssh/**` is about the folder itself as well.
            (one.endsWith("/**") && isSame(path, root)));
    });
    const named = listNamedPaths(tool, input);
    for (const path of named)
        for (const full of toPlaces(call, path))
            if (isDenied(full))
                return "certain";
    if ([...call.places.values()].some(({ isUnknown }) => isUnknown === true))
        return "possible";
    const texts = listTexts(tool, input);
    const loose = texts.flatMap(listLoosePaths);
    if (loose.length > LOOSE_MAX || texts.some((one) => holdsName(pattern, targets, one)))
        return "possible";
    for (const { path, isOpen } of loose) {
        // Behind a link, .. is not where it seems to be.
        if (path === undefined || path.split("/").includes(".."))
            return "possible";
        for (const full of toPlaces(call, path)) {
            if (isDenied(full))
                return "possible";
            // A folder above it may be gone through; so may one below which the pattern's wildcards reach.
            const isWild = (one) => call.places.get(full)?.isFolder === true && one !== toRoot(one) && !one.endsWith("/**");
            if (targets.some((one) => isInside(toRoot(one).toLowerCase(), full.toLowerCase()) ||
                (isWild(one) && isInside(full, toRoot(one)))))
                return "possible";
            if (isOpen && targets.some((one) => toRoot(one).toLowerCase().startsWith(full.toLowerCase())))
                return "possible";
        }
    }
    return "none";
}
/** What is to be looked at on the disk before rules with a path can speak: paths of the call, and roots of the patterns. */
export function listLookups({ tool, input, cwd, folder }, patterns) {
    if (isLong(tool, input))
        return [folder];
    const paths = [
        ...listNamedPaths(tool, input),
        ...listTexts(tool, input).flatMap((text) => listLoosePaths(text).flatMap(({ path }) => path ?? [])),
    ];
    const full = [
        folder,
        ...patterns
            .flatMap((one) => [folder, cwd].flatMap((base) => resolvePath(one, base) ?? []))
            .map(toRoot),
        // More of them possibly speak of anything: reachPath.
        ...paths.slice(0, 2 * LOOSE_MAX).flatMap((path) => resolvePath(path, cwd) ?? []),
    ];
    return [...new Set(full)];
}
/** A denied place stands in a text as it is; and one whose name holds signs that part words, without its beginning, too. */
function holdsName(pattern, targets, text) {
    const isParted = /[\s;&|()<>,=:@]/.test(pattern);
    const part = toRoot(pattern).replace(/^(?:~|\.)?\//, "");
    const whole = targets.filter((one) => [toRoot(one), `${toRoot(one)}/**`].includes(one));
    const names = [...whole.map(toRoot), ...(isParted && part !== "" ? [part] : [])];
    return names.some((one) => one !== "/" && text.toLowerCase().includes(one.toLowerCase()));
}
/** A command of the line is named by the pattern, word for word; `git push *` names a bare `git push`, too. */
function isCommandNamed(pattern, text) {
    const bare = pattern.replace(/(?: \*)+$/, "");
    const isNamed = (line) => isGlobFit(pattern, line, FOLD) || isGlobFit(bare, line, FOLD);
    if (isNamed(text.trim()))
        return true;
    // Without a quote or an expansion every operator is one: what stands between two is a command.
    if (!/["'\\$`#]|<</.test(text) && toSimpleCommands(text).some(isNamed))
        return true;
    const shell = readPlainShell(text);
    return (shell.kind === "plain" &&
        shell.commands.some(({ words }) => {
            const [program = "", ...rest] = words.map((word) => word.text);
            const line = [program.replace(/^.*\//, ""), ...rest].join(" ");
            return isNamed(line) || isNamed([program, ...rest].join(" "));
        }));
}
/** `(a b)`, `! a`, `time a`, `a > x & b`: without what only steers them. */
function toSimpleCommands(text) {
    return text
        .split(/[\n;&|(){}]+/)
        .map((one) => one
        .replaceAll(/(?<!\d)\d*[<>]+\s*\S*/g, " ")
        .replaceAll(/\s+/g, " ")
        .trim()
        .replace(/^(?:(?:!|time|then|do|else) )+/, ""))
        .filter((one) => one !== "");
}
/** All pieces of the pattern occur in the text in their order, whatever stands between: `git -C . push`, `sudo sh -c "git push"`. */
function mayName(pattern, text) {
    // Options stand in any order and spelling: -rf, -fr, -r -f.
    const words = pattern.replaceAll(/(?<=\s)-\S+/g, " ");
    const wanted = toPieces(words).filter((piece) => piece.text !== "*");
    if (wanted.length === 0)
        return true;
    let at = 0;
    for (const piece of toPieces(text.replaceAll(/\\\r?\n/g, "").replaceAll(/["'\\^]/g, ""))) {
        // What the shell fills in could be all the rest; a program's name that is filled in, all of it.
        if (piece.isFilled && (at > 0 || piece.isFirst))
            return true;
        const next = wanted[at]?.text ?? "";
        // npm takes the first letters of a command for the whole of it.
        const isBegun = at > 0 && piece.text.length > 2 && isGlobFit(`${piece.text}*`, next, FOLD);
        if (isBegun ||
            isGlobFit(next, piece.text, FOLD) ||
            (/[*?]/.test(piece.text) && isGlobFit(piece.text, next, FOLD))) {
            at++;
            if (at === wanted.length)
                return true;
        }
    }
    return false;
}
/** Words, and the parts of words between signs. */
function toPieces(text) {
    return text.split(/[\n;&|()]+/).flatMap((line) => line
        .split(/[\s<>]+/)
        .filter((word) => word !== "")
        .flatMap((word, index) => /[$`{}]/.test(word)
        ? [{ text: word, isFilled: true, isFirst: index === 0 }]
        : word
            .replaceAll(/\[[^[\]]*\]/g, "?")
            .split(/[^\p{L}\p{N}_.*?]+/u)
            .map((part) => part.replace(/\.exe$/i, ""))
            .filter((part) => part !== "")
            .map((part) => ({ text: part, isFilled: false, isFirst: index === 0 }))));
}
/** Paths that a call certainly names: the client's own fields, and words of a command that can be read. */
function listNamedPaths(tool, input) {
    const fields = PATH_FIELDS.flatMap((field) => {
        const value = input[field];
        return typeof value === "string" && !tool.startsWith("mcp__") ? [value] : [];
    });
    const { command } = input;
    if (!SHELL_TOOLS.has(tool) || typeof command !== "string")
        return fields;
    const shell = readPlainShell(command);
    return shell.kind === "unread"
        ? fields
        : [...fields, ...shell.commands.flatMap(({ words }) => words.slice(1).map(({ text }) => text))];
}
/** By its name, and where it really leads. */
function toPlaces({ cwd, places }, path) {
    const full = resolvePath(path, cwd);
    if (full === undefined)
        return [];
    const real = places.get(full)?.real;
    return real === undefined || real === full ? [full] : [full, real];
}
/** What of a pattern stands before its first wildcard, as a folder. */
function toRoot(pattern) {
    const at = pattern.search(/[*?]/);
    if (at === -1)
        return pattern;
    const root = pattern.slice(0, pattern.lastIndexOf("/", at));
    return root === "" ? "/" : root;
}
function toRealPattern({ places }, root, pattern) {
    const real = places.get(root)?.real;
    return real === undefined || real === root ? [] : [`${real}${pattern.slice(root.length)}`];
}
function isSame(path, other) {
    return path.toLowerCase() === other.toLowerCase();
}
