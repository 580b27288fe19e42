/**
 * Short names written by strangers (a branch, a login, a workflow), made fit to stand in a composed line or a meta value.
 *
 * Owns: which characters such a field may hold, and its length. Never: free text, which goes to `quotes`; keys, which are made of ids or
 * of the exact name.
 *
 * FIELD-1 Every letter, mark, digit and emoji of any script stays, with the joiners that its script or emoji needs.
 * FIELD-2 No field holds a control, a line break, a character that shows nothing or turns the direction of writing, or what could open or
 *    close a tag or a value of ours. A model trusts our lines, and a branch may be called `"><channel source=...`.
 */
/** What is written like a tag, the quote of an attribute, or the mark of code; then what is neither letter, mark, number, sign nor blank. */
const UNFIT = '[<>"`＜＞﹤﹥＂]|[^\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}\\p{Zs}]';
/** A ref is pasted into command lines: also no blank, and none of the characters by which a shell would begin another command. */
const UNFIT_IN_REF = `[$\\\\;|&{}\\p{Zs}]|${UNFIT}`;
/** What looks like `<` where a tag's name could begin. Elsewhere it is punctuation, or a letter of its script. */
const LOOKS_OPENING = /[〈〈⟨⟪《˂❮❬❰≺≮‹⧼⦑⦉⋖≪⪡⫷⋘⪻⦓⨞𝈶](?=[\s/|!?\\]*[A-Za-z])|(?<!\p{Script=Canadian_Aboriginal})[ᐸᐳ]|[ᐸᐳ](?!\p{Script=Canadian_Aboriginal})/gu;
/** Scripts whose letters change by a joiner or a non-joiner between them. */
const JOINING = "\\p{Script=Arabic}\\p{Script=Syriac}\\p{Script=Nko}\\p{Script=Mongolian}\\p{Script=Devanagari}\\p{Script=Bengali}\\p{Script=Gurmukhi}\\p{Script=Gujarati}\\p{Script=Oriya}\\p{Script=Tamil}\\p{Script=Telugu}\\p{Script=Kannada}\\p{Script=Malayalam}\\p{Script=Sinhala}\\p{Script=Myanmar}\\p{Script=Khmer}\\p{Script=Tibetan}";
/** Characters without a look of their own that are part of how another one is written. */
const NEEDED = [
    `(?<=[${JOINING}])[\\u200c\\u200d](?=[${JOINING}])`,
    "(?<=[\\p{Extended_Pictographic}\\p{Emoji_Modifier}\\ufe0f])\\u200d(?=\\p{Extended_Pictographic})",
    "(?<=[\\p{Emoji}\\p{So}])[\\ufe0e\\ufe0f]",
    "(?<=\\p{Script=Han})[\\ufe00-\\ufe0f\\u{e0100}-\\u{e01ef}]",
    "(?<=\\p{Script=Mongolian})[\\u180b-\\u180d\\u180f]",
].join("|");
const UNSEEN = "[\\p{Cf}\\p{Default_Ignorable_Code_Point}]";
const IN_NAME = new RegExp(`(${NEEDED})|(${UNSEEN})|${UNFIT}`, "gu");
const IN_REF = new RegExp(`(${NEEDED})|(${UNSEEN})|${UNFIT_IN_REF}`, "gu");
/** Most names: nothing in them is unfit, unseen or looks like anything else. By far cheaper than the patterns of every script. */
const PLAIN_NAME = /^[ !#-;=?-_a-~]*$/;
const PLAIN_REF = /^[!#%'-:=?-[\]^_a-z~]*$/;
/** The longest meta value. */
export const MAX_META_CHARS = 256;
/** A branch, tag or id: no blanks. Whatever may not stand in it is shown as `?`. */
export function toRefField(text, maxChars = 100) {
    return cap(PLAIN_REF.test(text) ? text : mend(text, maxChars, IN_REF, "?"), maxChars);
}
/** A name that people chose, or a path: single blanks, one line. What shows nothing goes; what may not stand in it is shown as `?`. */
export function toNameField(text, maxChars = 80) {
    if (text.length <= maxChars && PLAIN_NAME.test(text) && !text.includes("  "))
        return text.trim();
    return cap(mend(text, maxChars, IN_NAME, "")
        .replace(/\p{Zs}+/gu, " ")
        .trim(), maxChars);
}
/** A web address safe to print: http(s), no credentials, percent-encoded, at most 256 characters; else undefined. */
export function toUrlField(text) {
    if (text.length > MAX_META_CHARS || !URL.canParse(text))
        return undefined;
    const url = new URL(text);
    const isWeb = url.protocol === "https:" || url.protocol === "http:";
    if (!isWeb || url.username !== "" || url.password !== "")
        return undefined;
    const href = url.href.replace(/['"<>`\\{}|^]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
    return href.length <= MAX_META_CHARS ? href : undefined;
}
function mend(text, maxChars, pattern, unseen) {
    return (text
        // A name of a megabyte costs no more than a short one.
        .slice(0, maxChars * 16)
        .toWellFormed()
        .replace(pattern, (char, needed, hidden) => needed === undefined ? (hidden === undefined ? "?" : unseen) : char)
        .replace(LOOKS_OPENING, "?"));
}
function cap(text, maxChars) {
    return text.length <= maxChars ? text : `${cut(text, maxChars - 1)}…`;
}
const PLAIN_TEXT = /^[\n\x20-\x7e]*$/;
/** At most so many units, cut between characters as people see them, so that no mark loses its letter. */
export function cut(text, maxChars) {
    if (text.length <= maxChars)
        return text;
    // Nothing in it can be part of another character.
    if (PLAIN_TEXT.test(text.slice(0, maxChars + 1)))
        return text.slice(0, maxChars);
    let end = 0;
    for (const { index, segment } of new Intl.Segmenter().segment(text.slice(0, maxChars + 1))) {
        if (index + segment.length > maxChars)
            break;
        end = index + segment.length;
    }
    // One character that is longer than all of it is none that anybody sees whole.
    return end === 0 ? text.slice(0, maxChars).replace(/[\ud800-\udbff]$/, "") : text.slice(0, end);
}
