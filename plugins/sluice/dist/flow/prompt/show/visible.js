/**
 * Makes everything visible that could mislead people in a text that they read before they decide.
 *
 * Owns: which characters show themselves as marks like ⟨U+202E⟩. Never: cuts, masks (mask.ts) or lays out.
 *
 * VISIBLE-1 Characters that are invisible, reorder text or join lines are shown as marks: controls, format characters, fillers, tags,
 *    private use, lone surrogates. Newline and tab stay.
 * VISIBLE-2 Characters that look like ASCII and are not are shown as marks; honest text of one script stays as it is.
 * VISIBLE-3 Characters that push the rest out of sight (spaces, empty lines, piles of accents, one mark repeated) are shown as a count.
 * VISIBLE-4 A mark stays a mark when a text is made visible a second time.
 */
import { toMark } from "../../../sdk/unseen.js";
import { COMPATIBLE_FORMS, DOTLESS_I, FALSE_DASHES, FALSE_LATIN, FALSE_SIGNS, FALSE_SPACES, RIGHT_TO_LEFT, ROMAN, SCRIPT_SIGNS, TURKISH, WIDE_PUNCTUATION, } from "./lookalikes.js";
import { markWords } from "./mixed-words.js";
const PLAIN = /^[\n\t\x20-\x7e]*$/;
const MAX_BLANK_COLUMNS = 32;
const MAX_INDENT_COLUMNS = 80;
/** VISIBLE-1, and all that may have to be marked by what stands beside it; emoji with their joiners go through whole. */
const NOTEWORTHY = new RegExp([
    // The three flags whose tags are in use; any other run of tags can carry hidden words.
    "\\u{1F3F4}\\u{E0067}\\u{E0062}(?:\\u{E0065}\\u{E006E}\\u{E0067}|\\u{E0073}\\u{E0063}\\u{E0074}|\\u{E0077}\\u{E006C}\\u{E0073})\\u{E007F}",
    "[0-9#*]\\uFE0F\\u20E3",
    "\\p{Extended_Pictographic}(?:[\\uFE0E\\uFE0F]|\\p{Emoji_Modifier})?(?:\\u200D\\p{Extended_Pictographic}(?:\\uFE0F|\\p{Emoji_Modifier})?){0,8}",
    "[\\p{C}\\p{Zl}\\p{Zp}\\p{Default_Ignorable_Code_Point}\\uFFFC]",
    "(?![\\x20-\\x7e])[\\p{S}\\p{P}\\p{Z}\\p{Nl}\\p{Lm}\\u2800]",
    "[\\uFF01-\\uFF5E\\u2100-\\u214F\\uFB00-\\uFB06\\u{1D400}-\\u{1D7FF}\\u{1FBF0}-\\u{1FBF9}\\u4E00\\u4E3F\\u30CE\\u30FC\\u3161\\uFF89\\u2571]",
    FALSE_LATIN.source,
].join("|"), "gu");
const NO_LOOK = /^[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\uFFFC]$/u;
/** Format characters by category that have a look of their own: signs of Arabic, Syriac and Kaithi numbers. */
const HAS_LOOK = /^[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u{110bd}\u{110cd}]$/u;
const VIRAMA = /[\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca\u0e3a\u0f84\u1039\u17d2]$/;
/** Arabic letters that join to the next one, so that a non-joiner after them shows. */
const JOINS_NEXT = /(?![اأإآٱدذرزژڑڈوؤۆۇۈۋىةء])[\p{Script=Arabic}\p{Script=Syriac}]\p{M}*$/u;
const CJK = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\u3001-\u3011\uff01-\uff1f]/u;
const PILE = /\p{M}{5,}/gu;
const OVERLAY = /[\u0334-\u0338\u20d0-\u20e2\u20e4-\u20f0]/gu;
const FOREIGN_ACCENTS = /(?<=[A-Za-z0-9])(?:(?![\p{Script=Inherited}\uFE00-\uFE0F])\p{M})+/gu;
/** Accents with no letter below them: they would change a sign of the shell, or a space. */
const LOOSE_ACCENTS = /(?<=^|[\s\p{P}\p{S}])(?:(?![\uFE00-\uFE0F\u20E3\u{E0100}-\u{E01EF}])\p{M})+/gu;
/** Printers' quotes around code look like the shell's and quote nothing. */
const QUOTED_CODE = /[‘’‚‛“”„‟′]([^‘’‚‛“”„‟′\n]{1,200})[‘’‛“”‟′]/gu;
/** Pure, linear time. */
export function toVisible(text) {
    if (PLAIN.test(text))
        return foldFloods(text);
    // Where every line ends the way Windows ends them, nothing is hidden by it.
    const lines = /(?<!\r)\n/.test(text) ? text : text.replaceAll("\r\n", "\n");
    const marked = markAccents(markRightToLeft(markWords(lines, toMark), toMark))
        .replace(NOTEWORTHY, (found, at, all) => isMisleading(found, all.slice(Math.max(0, at - 4), at), all.slice(at + found.length, at + 200))
        ? toMark(found)
        : found)
        .replace(QUOTED_CODE, (quoted, code) => /[`$;|&<>]/.test(code)
        ? toMark(quoted[0] ?? "") + code + toMark(quoted.at(-1) ?? "")
        : quoted)
        .replace(/[^\n]+/g, (line) => (TURKISH.test(line) ? line : line.replaceAll(DOTLESS_I, toMark)));
    return foldFloods(marked);
}
/** `before` and `after` are what stands beside it. */
function isMisleading(found, before, after) {
    if (NO_LOOK.test(found))
        return !isAtHome(found, before, after);
    const touchesAscii = /[!-~]$/.test(before) && /^[!-~]/.test(after);
    if (FALSE_SPACES.test(found))
        return !isHonestSpace(found, before, after);
    if (FALSE_SIGNS.test(found) || FALSE_LATIN.test(found))
        return true;
    if (SCRIPT_SIGNS.test(found))
        return touchesAscii;
    if (FALSE_DASHES.test(found))
        return isFalseOption(found, before, after);
    if (COMPATIBLE_FORMS.test(found) && !/^\p{Extended_Pictographic}/u.test(found)) {
        const plain = found.normalize("NFKC");
        const isPunctuation = WIDE_PUNCTUATION.test(plain) && found >= "\uff01";
        if (isPunctuation && (endsWithCjk(before) || startsWithCjk(after)))
            return false;
        return /^[\x20-\x7e]+$/.test(plain);
    }
    return ROMAN.test(found) && (/[A-Za-z0-9]$/.test(before) || /^[A-Za-z0-9]/.test(after));
}
/** Characters without a look that spelling needs: joiners of Persian and Indic scripts, selectors of Mongolian. */
function isAtHome(char, before, after) {
    if (char === "\n" || char === "\t" || HAS_LOOK.test(char))
        return true;
    if (char === "\u200c" && JOINS_NEXT.test(before) && /^\p{Script=Arabic}/u.test(after))
        return true;
    if (char === "\u200c" || char === "\u200d")
        return VIRAMA.test(before);
    // Right behind a letter: they are of that script themselves, and one would let in the next without end.
    if (char === "\u180e")
        return /(?![\u180b-\u180f])\p{Script=Mongolian}[\u180b-\u180d\u180f]?$/u.test(before);
    return /[\u180b-\u180f]/.test(char) && /(?![\u180b-\u180f])\p{Script=Mongolian}$/u.test(before);
}
/** Beside French punctuation, between a number and what it counts, between words of Chinese or Japanese. */
function isHonestSpace(char, before, after) {
    if (char === "\u3000")
        return endsWithCjk(before) || startsWithCjk(after);
    if (!/[\u00a0\u2009\u202f]/.test(char))
        return false;
    return (/^[:;!?»%]/.test(after) ||
        before.endsWith("«") ||
        (/\d$/.test(before) && /^[\p{L}\d€£%°]/u.test(after)));
}
/** A dash that stands where an option's would. A pair of long dashes around a remark is honest: « Hola —dijo—. » */
function isFalseOption(dash, before, after) {
    if (!/(?:^|[\s‒-―−一ー─━ㅡ])$/u.test(before) || !/^[‒-―−一ー─━ㅡ-]*[A-Za-z]/u.test(after))
        return false;
    const line = /^[^\n]*/.exec(after)?.[0] ?? "";
    if (/[—―]/.test(dash))
        return !/[\p{L}\p{P}][—―]/u.test(line) && !/^\p{Lu}\p{Ll}/u.test(line);
    return true;
}
function markAccents(text) {
    const markAll = (run) => Array.from(run, toMark).join("");
    return text
        .replace(PILE, (pile) => `⟨${[...pile].length} combining marks⟩`)
        .replace(OVERLAY, toMark)
        .replace(FOREIGN_ACCENTS, markAll)
        .replace(LOOSE_ACCENTS, markAll);
}
/** VISIBLE-3. */
function foldFloods(text) {
    return text
        .replace(/(⟨U\+[0-9A-F]{4,6}⟩)\1{3,}/g, (run, one) => one.replace("⟩", ` ×${run.length / one.length}⟩`))
        .replace(/[ \t]{5,}/g, (run, at, all) => {
        const columns = [...run].reduce((sum, char) => sum + (char === "\t" ? 8 : 1), 0);
        const isIndent = at === 0 || all[at - 1] === "\n";
        return columns <= (isIndent ? MAX_INDENT_COLUMNS : MAX_BLANK_COLUMNS)
            ? run
            : `⟨${columns} spaces⟩`;
    })
        .replace(/\n(?:[ \t]*\n){4,}/g, (run) => `\n⟨${run.split("\n").length - 2} empty lines⟩\n`);
}
function endsWithCjk(text) {
    return CJK.test(Array.from(text).at(-1) ?? "");
}
function startsWithCjk(text) {
    return CJK.test(Array.from(text.slice(0, 2))[0] ?? "");
}
const RTL = RIGHT_TO_LEFT.source;
/** A prefix of Hebrew or Arabic on a Latin word, in either order; it turns nothing. */
const HONEST_TOKEN = new RegExp(`^["'(]*${RTL}+[-־]?[A-Za-z0-9]+["').,:;!?]*$`, "u");
const ACROSS_OPERATOR = new RegExp(`${RTL}[^\\n\\p{L}]{0,40}[<>|&$=\`][^\\n\\p{L}]{0,40}${RTL}`, "u");
/** `mark` writes one character as a mark. */
function markRightToLeft(text, mark) {
    if (!RIGHT_TO_LEFT.test(text))
        return text;
    return text.replace(/[^\n]+/g, (line) => {
        if (!RIGHT_TO_LEFT.test(line))
            return line;
        const isTurned = ACROSS_OPERATOR.test(line);
        return line.replace(/\S+/g, (token) => isTurned || isMixed(token) ? markAll(token, mark) : token);
    });
}
function isMixed(token) {
    if (!RIGHT_TO_LEFT.test(token) || HONEST_TOKEN.test(token))
        return false;
    return /[A-Za-z]/.test(token) || (/[0-9]/.test(token) && /[/\\=$&|<>_.]\S/.test(token));
}
function markAll(token, mark) {
    return Array.from(token, (char) => RIGHT_TO_LEFT.test(char) && /[\p{L}\p{N}]/u.test(char) ? mark(char) : char).join("");
}
