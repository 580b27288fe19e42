/**
 * Whether each word of a command is one that the table of reading programs knows.
 *
 * Owns: comparing words with a shape. Never: looks at the disk: it names the paths that are to be looked at.
 *
 * KNOWN-1 An option, an operand or a value that the shape does not name makes the command unknown.
 */
import { GIT_COMMANDS } from "./git-programs.js";
import { EXACT_COMMANDS, PROGRAMS } from "./programs.js";
/** Words of git that change nothing but how it prints. */
const GIT_GLOBAL = new Set(["--no-pager", "--no-optional-locks"]);
/** Pure. */
export function readKnownCommand({ words, after }) {
    if (words.some(({ isHome }) => isHome))
        return unknown("the shell fills in a ~");
    const text = words.map((word) => word.text).join(" ");
    if (EXACT_COMMANDS.has(text) && words.every(({ isQuoted }) => !isQuoted))
        return {
            kind: "known",
            paths: [],
            perhapsPaths: [],
            folders: [],
            isGit: false,
            used: new Set(),
        };
    const [program, ...rest] = words;
    const name = program?.text ?? "";
    if (name === "git")
        return readGit(rest);
    const shape = Object.hasOwn(PROGRAMS, name) ? PROGRAMS[name] : undefined;
    if (shape === undefined)
        return unknown(`${name} is not on the list of programs that only read`);
    const reading = readShape(name, shape, rest);
    return reading.kind === "unknown"
        ? reading
        : { ...reading, folders: listFolders(shape, reading, after) };
}
/** Where all files are read. Without a path that is where the command stands, or what a pipe brings. */
function listFolders({ reads, readsWith, first }, { paths, used }, after) {
    if (reads === undefined)
        return [];
    if (readsWith !== undefined && !readsWith.some((one) => used.has(one)))
        return [];
    const readsHere = paths.length === 0 && first !== undefined;
    const roots = readsHere && (readsWith !== undefined || after !== "|") ? ["."] : paths;
    return roots.map((path) => ({ path, reads }));
}
function readGit(words) {
    let at = 0;
    while (GIT_GLOBAL.has(words[at]?.text ?? ""))
        at++;
    const [one, two] = [words[at], words[at + 1]];
    const name = one === undefined || one.isQuoted ? "" : one.text;
    const longName = two === undefined || two.isQuoted ? name : `${name} ${two.text}`;
    const found = [longName, name].find((key) => Object.hasOwn(GIT_COMMANDS, key));
    if (found === undefined)
        return unknown(`git ${name}`.trimEnd() + " is not on the list of commands that only read");
    const shape = GIT_COMMANDS[found] ?? {};
    const length = found.split(" ").length;
    const reading = readShape(`git ${found}`, shape, words.slice(at + length));
    if (reading.kind === "unknown")
        return reading;
    // It reads nothing that a pipe brings.
    return { ...reading, folders: listFolders(shape, reading, ""), isGit: true };
}
function readShape(name, shape, words) {
    const paths = [];
    const perhapsPaths = [];
    const operands = [];
    const used = new Set();
    let problem;
    const check = (kind, text, what) => {
        const fit = readWord(kind, text);
        if (fit === undefined)
            problem ??= `${what} is not on the list for ${name}`;
        else
            paths.push(...fit);
    };
    let isOver = false;
    for (let at = 0; at < words.length && problem === undefined; at++) {
        const word = words[at] ?? { text: "", isQuoted: false };
        const { text } = word;
        if (isOver || text === "-" || !text.startsWith("-")) {
            operands.push({ text, isOver });
        }
        else if (word.isQuoted) {
            problem = `an option in quotes (${text}) is not read`;
        }
        else if (text === "--") {
            isOver = true;
        }
        else {
            const option = readOption(shape, text, words[at + 1]);
            if (option === undefined) {
                problem = `the option ${text} is not on the list for ${name}`;
            }
            else {
                for (const one of option.names)
                    used.add(one);
                if (option.takesNext)
                    at++;
                if (option.value !== undefined)
                    check(option.value.kind, option.value.text, text);
                // On the Mac cut, nl and others take no option behind an operand: what looks like its value is a file.
                if (option.takesNext && operands.length > 0)
                    perhapsPaths.push(words[at]?.text ?? "");
            }
        }
    }
    const hasFirst = shape.first !== undefined && !shape.insteadOfFirst?.some((one) => used.has(one));
    for (const [index, { text, isOver: isBehind }] of operands.entries()) {
        const isFirst = hasFirst && index === 0;
        const kind = isFirst ? shape.first : shape.operands;
        // find -- -delete: to some programs only the -- is over.
        if (isBehind && !isFirst && text.startsWith("-"))
            problem ??= `"${text}" behind -- is not read`;
        if (kind === undefined)
            problem ??= `"${text}" is not on the list for ${name}`;
        else
            check(kind, text, `"${text}"`);
    }
    if (hasFirst && operands.length === 0)
        problem ??= `${name} lacks its first word`;
    return problem === undefined
        ? { kind: "known", paths, perhapsPaths, folders: [], isGit: false, used }
        : unknown(problem);
}
function readOption(shape, text, next) {
    if (shape.options?.includes(text) === true)
        return { names: [text], takesNext: false };
    const sign = text.indexOf("=");
    const name = sign === -1 ? text : text.slice(0, sign);
    const kinds = shape.optionValues ?? {};
    const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
    if (kind !== undefined && sign !== -1)
        return { names: [name], value: { kind, text: text.slice(sign + 1) }, takesNext: false };
    if (kind !== undefined)
        return shape.takesNextWord === true && next !== undefined
            ? { names: [name], value: { kind, text: next.text }, takesNext: true }
            : undefined;
    if (shape.takesCount === true && /^-\d+$/.test(text))
        return { names: [], takesNext: false };
    return text.startsWith("--") ? undefined : readLetters(shape, text, next);
}
/** `-rn`, `-A3`, `-nA 3`. */
function readLetters(shape, text, next) {
    const names = [];
    for (let at = 1; at < text.length; at++) {
        const letter = text[at] ?? "";
        names.push(`-${letter}`);
        if (shape.flags?.includes(letter) === true)
            continue;
        const kinds = shape.values ?? {};
        const kind = Object.hasOwn(kinds, letter) ? kinds[letter] : undefined;
        if (kind === undefined)
            return undefined;
        const attached = text.slice(at + 1);
        if (attached !== "")
            return { names, value: { kind, text: attached }, takesNext: false };
        return next === undefined
            ? undefined
            : { names, value: { kind, text: next.text }, takesNext: true };
    }
    return { names, takesNext: false };
}
/** The paths in a word that fits; undefined where it does not fit. */
function readWord(kind, text) {
    if (kind instanceof RegExp)
        return kind.test(text) ? [] : undefined;
    switch (kind) {
        case "number":
            return /^\d+$/.test(text) ? [] : undefined;
        case "text":
            return [];
        case "path":
            return text === "-" ? [] : [text];
        case "revision":
            return readRevision(text);
        default:
            return kind;
    }
}
/** `HEAD~2`, `main..topic`, `HEAD:src/a.ts`, or a path: what could name a file is looked at as one. */
function readRevision(text) {
    // :(magic), :/text, :!path
    if (text.startsWith(":") || /[*?[\]{}\\]/.test(text))
        return undefined;
    const colon = text.indexOf(":");
    if (colon === -1)
        return [text];
    const path = text.slice(colon + 1);
    return path === "" ? [] : [path];
}
function unknown(why) {
    return { kind: "unknown", why };
}
