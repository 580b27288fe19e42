/**
 * Marks of emphasis that are letters of a name, a path or a formula.
 *
 * Owns: that decision. The standard makes `__init__` bold and drops its underscores; a person who approves a text must see them.
 *
 * LITERAL-1 `__` is never a mark. `_` is none around a name with an underscore or a digit: `_foo_bar_`, `_x1_`.
 * LITERAL-2 A mark that touches a letter, a digit or a slash on its outer side is none: `a*b*c`, `x**2 + y**2`, `src/*.ts test/*.ts`.
 *    Scripts that write without blanks are excepted, and so is an ending on words: `**PR**s`.
 */
/** Letters of scripts that put blanks between words. */
const LETTER = /[\p{N}_]|(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}])\p{L}/u;
const WORDS = /^[\p{L}\p{M} ,'’-]+$/u;
const NAME = /^\w*[\d_]\w*$/;
/** Whether the marks of the span `text[from..to]`, whose content is `text[open..close]`, are letters. */
export function isLiteral(text, { from, open, close, to }) {
    const mark = text.slice(from, open);
    const content = text.slice(open, close);
    if (mark.includes("__"))
        return true;
    if (mark.endsWith("_") && NAME.test(content))
        return true;
    const before = lastCharacter(text.slice(Math.max(0, from - 2), from));
    const [after = ""] = text.slice(to, to + 2);
    const [first = ""] = content;
    return (isTouching(before) ||
        (isTouching(after) && !(LETTER.test(after) && WORDS.test(content))) ||
        // The star of `*.ts`.
        (mark.endsWith("*") && !mark.endsWith("**") && /^[./]/.test(content) && content !== "...") ||
        // The star of `"*" or "*"`.
        (/["'`]/.test(first) && first === before));
}
function isTouching(character) {
    return /[/\\]/.test(character) || LETTER.test(character);
}
function lastCharacter(text) {
    return [...text].at(-1) ?? "";
}
