/**
 * Words that mislead: words of letters of two scripts, and words made of look-alikes only.
 *
 * Owns: which letters of a word are marked. Never: characters that are no letters (visible.ts).
 *
 * MIXED-1 In a word with Latin letters, the letters of a script with the same shapes are marked; where the word is clearly of that
 *    script, the Latin letters are.
 * MIXED-2 A word made of look-alikes only ("сору") is marked, unless it stands among clear words of its script ("сон и хор").
 */
import { CLEAR_GREEK, FREE_SCRIPTS, KIN_SCRIPTS, RIGHT_TO_LEFT, TWIN_LETTERS, } from "./lookalikes.js";
const LATIN = /\p{Script=Latin}/u;
const NO_SCRIPT = /[\p{Script=Common}\p{Script=Inherited}]/u;
const WORD = /[\p{L}\p{M}\p{N}]+/gu;
const NOT_LATIN_TEXT = /[^\p{ASCII}\p{Script=Latin}\p{Script=Common}\p{Script=Inherited}]/u;
const OTHER_DIGIT = /(?![0-9])\p{Nd}/u;
/** `mark` writes one character as a mark. */
export function markWords(text, mark) {
    if (!NOT_LATIN_TEXT.test(text))
        return text;
    const hasLatin = /[A-Za-z]/.test(text);
    return text.replace(/[^\n]+/g, (line) => NOT_LATIN_TEXT.test(line) ? markLine(line, hasLatin, mark) : line);
}
function markLine(line, hasLatin, mark) {
    const found = [...line.matchAll(WORD)];
    const words = found.map(([text]) => toWord(text));
    const amongKin = findClearRuns(words);
    let marked = "";
    let end = 0;
    for (const [i, word] of words.entries()) {
        const at = found[i]?.index ?? 0;
        const touchesLatin = isGlued(line, at, at + word.text.length);
        marked +=
            line.slice(end, at) +
                markWord(word, { hasLatin, isHonest: amongKin.has(i) && !touchesLatin }, mark);
        end = at + word.text.length;
    }
    return marked + line.slice(end);
}
/** MIXED-2. Which words stand in a run without Latin ones in which at least one word is clearly of its script. */
function findClearRuns(words) {
    const among = new Set();
    let run = [];
    let isClear = false;
    for (const [i, word] of words.entries()) {
        if (LATIN.test(word.text)) {
            run = [];
            isClear = false;
            continue;
        }
        run.push(i);
        isClear ||= word.isClear;
        if (!isClear)
            continue;
        for (const one of run)
            among.add(one);
        run = [];
    }
    return among;
}
function toWord(text) {
    const foreign = [...text].filter(isForeign).join("");
    const kin = [...text].filter((char) => KIN_SCRIPTS.test(char) && /\p{L}/u.test(char)).join("");
    const isTwin = TWIN_LETTERS.test(kin);
    return { text, foreign, isTwin, isClear: foreign !== "" && !isTwin && !LATIN.test(text) };
}
function markWord({ text, foreign, isTwin }, { hasLatin, isHonest }, mark) {
    if (/^[\p{ASCII}]*$/u.test(text))
        return text;
    const markIf = (isMarked) => Array.from(text, (char) => (isMarked(char) ? mark(char) : char)).join("");
    const latin = [...text].filter((char) => LATIN.test(char)).length;
    if (foreign === "")
        // MIXED-1 for digits: ٣ among 0-9 or Latin letters reads as another number.
        return /[0-9A-Za-z]/.test(text) ? markIf((char) => OTHER_DIGIT.test(char)) : text;
    if (latin > 0) {
        const isMostlyForeign = !isTwin && [...foreign].length > latin;
        return markIf(isMostlyForeign ? (char) => LATIN.test(char) : isForeign);
    }
    const isRare = !KIN_SCRIPTS.test(foreign);
    if (isRare)
        return hasLatin ? markIf(isForeign) : text;
    return isTwin && !isHonest ? markIf(isForeign) : text;
}
/** A letter that could pass for a Latin one, or of a script that hardly anybody reads. */
function isForeign(char) {
    return (!LATIN.test(char) &&
        !NO_SCRIPT.test(char) &&
        /\p{L}/u.test(char) &&
        !FREE_SCRIPTS.test(char) &&
        !RIGHT_TO_LEFT.test(char) &&
        !CLEAR_GREEK.test(char));
}
/** Whether a sign of a path, host or name joins it to ASCII letters or digits. */
function isGlued(line, from, to) {
    return (/[A-Za-z0-9][/\\._@:=+-]{1,3}$/.test(line.slice(Math.max(0, from - 4), from)) ||
        /^[/\\._@:=+-]{1,3}[A-Za-z0-9]/.test(line.slice(to, to + 4)) ||
        /[/\\=@]$/.test(line.slice(Math.max(0, from - 1), from)));
}
