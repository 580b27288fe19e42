/**
 * Reads a shell command of plain words, in which the written words are exactly the words that run.
 *
 * Owns: the small language in which bash, zsh, dash and ksh agree. Never: judges a command, expands or runs anything.
 *
 * SHELL-1 A text outside the language is not read at all: `unread` names the first part that is outside.
 * SHELL-2 A quoted word is a whole word, and a value: it cannot name a program or an option.
 *
 * The language: words of letters, digits and _ . / : @ % + , = ~ - ; whole words, and values of --name=, in quotes without anything that
 * a shell fills in; one space or more between them; commands joined by | && || ; on one line. No expansion, redirection, pattern,
 * assignment or escape.
 */
const MAX_CHARS = 4_000;
const SPACES = / +/y;
const JOINT = /\|\||&&|[|;]/y;
const SINGLE_QUOTED = /'([^'\n\r\p{C}\p{Zl}\p{Zp}]*)'/uy;
/** Without $ ` and !, by which a shell fills in, and without a backslash that means anything before the next character. */
const DOUBLE_QUOTED = /"((?:[^"$`\\!\n\r\p{C}\p{Zl}\p{Zp}]|\\[^"$`\\!\n\r\p{C}\p{Zl}\p{Zp}])*)"/uy;
const LONG_OPTION = /^--[a-z][a-z-]*=$/;
const BARE = /[A-Za-z0-9_./:@%+,=~-]+/y;
/** A tilde that a shell expands, and the = of zsh, which names a program's file. */
const EXPANDED = /^~(?!$|\/)|^=|==|[=:]~/;
const ASSIGNMENT = /^[A-Za-z_][A-Za-z0-9_]*\+?=/;
/** What a character outside the language does, for people. */
const SIGNS = [
    [/[\n\r]/, "it has more than one line"],
    [/[<>]/, "it redirects"],
    [/[$`]/, "the shell fills something in ($ or `)"],
    [/[*?[\]]/, "it holds a pattern of file names"],
    [/[{}]/, "it holds braces"],
    [/\\/, "it holds a backslash"],
    [/["']/, "a quote stands inside a word, or is not closed"],
    [/[()]/, "it holds brackets"],
    [/&/, "it runs something in the background"],
    [/#/, "it holds a #"],
    [/!/, "it holds a !"],
];
/** Pure, linear. */
export function readPlainShell(text) {
    if (text.length > MAX_CHARS)
        return unread("it is very long");
    const commands = [];
    let words = [];
    let after = "";
    let at = 0;
    const take = (pattern) => {
        pattern.lastIndex = at;
        const found = pattern.exec(text);
        if (found !== null)
            at = pattern.lastIndex;
        return found;
    };
    // Not trim(): a no-break space belongs to the word before it.
    const trimmed = text.replace(/[ \n]+$/, "");
    while (at < trimmed.length) {
        if (take(SPACES) !== null)
            continue;
        const joint = take(JOINT);
        if (joint !== null) {
            if (words.length === 0)
                return unread("a command is missing beside an operator");
            commands.push({ words, after });
            words = [];
            // One of the four that the pattern names.
            after = joint[0];
            continue;
        }
        const bare = take(BARE)?.[0] ?? "";
        // --name="value" is the one word that may be quoted in part.
        const quoted = bare === "" || LONG_OPTION.test(bare) ? (take(SINGLE_QUOTED) ?? take(DOUBLE_QUOTED)) : null;
        if (bare === "" && quoted === null)
            return unread(toSign(text.slice(at)));
        // SHELL-2: g'i't is one word for a shell.
        const next = trimmed[at];
        if (next !== undefined && !/[ |;&]/.test(next))
            return unread(toSign(text.slice(at)));
        if (EXPANDED.test(bare))
            return unread("the shell fills in a ~ or =");
        if (words.length === 0 && quoted !== null)
            return unread("its program is in quotes");
        if (words.length === 0 && ASSIGNMENT.test(bare))
            return unread("it sets a variable");
        words.push({
            text: bare + (quoted?.[1] ?? ""),
            isQuoted: bare === "",
            isHome: bare.startsWith("~"),
        });
    }
    if (words.length === 0)
        return unread("it is empty or ends in an operator");
    commands.push({ words, after });
    return { kind: "plain", commands };
}
function unread(why) {
    return { kind: "unread", why };
}
function toSign(rest) {
    const [char = ""] = rest;
    return SIGNS.find(([sign]) => sign.test(char))?.[1] ?? "it holds an unusual character";
}
