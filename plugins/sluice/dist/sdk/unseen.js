/**
 * Characters that nobody sees: controls, marks that turn the direction of a text, tag characters, fillers, joiners outside of their
 * scripts.
 *
 * Owns: which they are, and the mark that shows one. Pure, linear time. Never: decides what becomes of them.
 *
 * UNSEEN-1 Letters, marks and emoji of every script stay whole, with the joiners and selectors that their spelling needs.
 * UNSEEN-2 A joiner or selector belongs to the spelling only alone, right behind its own letter or picture: a run of them can carry hidden
 *    words.
 */
const PLAIN = /^[\n\t\x20-\x7e]*$/;
/** Scripts whose letters join: there a joiner or non-joiner changes what people read. */
const JOINING = [
    ..."Adlam Arabic Balinese Bengali Brahmi Chakma Cham Devanagari Grantha Gujarati Gurmukhi Hanifi_Rohingya Javanese Kaithi".split(" "),
    ..."Kannada Khmer Lepcha Limbu Malayalam Mandaic Manichaean Meetei_Mayek Modi Mongolian Myanmar Newa Nko Oriya Phags_Pa".split(" "),
    ..."Sharada Sinhala Sogdian Sundanese Syriac Tai_Tham Takri Tamil Telugu Tibetan Tirhuta".split(" "),
]
    .map((script) => `\\p{Script_Extensions=${script}}`)
    .join("");
/** Without a look by category, and yet with one: signs of Arabic, Syriac and Kaithi numbers. */
const WITH_LOOK = "\\u0600-\\u0605\\u06DD\\u070F\\u0890\\u0891\\u08E2\\u{110BD}\\u{110CD}";
/** What spelling needs, each with the characters that it stands beside. */
const NEEDED = [
    // The three flags whose tags are in use.
    "\\u{1F3F4}\\u{E0067}\\u{E0062}(?:\\u{E0065}\\u{E006E}\\u{E0067}|\\u{E0073}\\u{E0063}\\u{E0074}|\\u{E0077}\\u{E006C}\\u{E0073})\\u{E007F}",
    "[0-9#*]\\uFE0F\\u20E3",
    "\\p{Extended_Pictographic}(?:[\\uFE0E\\uFE0F]|\\p{Emoji_Modifier})?(?:\\u200D\\p{Extended_Pictographic}(?:\\uFE0F|\\p{Emoji_Modifier})?){0,8}",
    `(?<=[[${JOINING}]--[\\p{Cf}\\p{Default_Ignorable_Code_Point}]])[\\u200C\\u200D](?![\\p{Cf}\\p{Default_Ignorable_Code_Point}])`,
    // Mongolian: forms of the letter before, and the separator of a last vowel.
    "(?<=[\\p{Script=Mongolian}--[\\u180B-\\u180F]])(?:[\\u180B-\\u180D\\u180F]\\u180E?|\\u180E)",
    // Han: how one letter is drawn in a name.
    "(?<=\\p{Script=Han})[\\uFE00-\\uFE02\\u{E0100}-\\u{E01EF}]",
    "(?<=[\\p{Script=Myanmar}\\p{Script=Phags_Pa}\\p{Sm}])\\uFE00",
    // Old Hangul: a syllable without its first or middle letter.
    "\\u115F(?=[\\u1161-\\u11A7\\uD7B0-\\uD7C6])|(?<=[\\u1100-\\u115E\\uA960-\\uA97C])\\u1160(?=[\\u11A8-\\u11FF\\uD7CB-\\uD7FB])",
    "(?<=[\\u{13000}-\\u{1345F}])[\\u{13430}-\\u{1343F}]",
].join("|");
/** Made when it is first needed: it takes longer than all else that a command makes at its start. */
let unseen;
function toUnseen() {
    unseen ??= new RegExp(`(${NEEDED})|[[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}\\p{Default_Ignorable_Code_Point}]--[\\n\\t${WITH_LOOK}]]`, "gv");
    return unseen;
}
/** Gives every unseen character but newline and tab to `replace`. */
export function replaceUnseen(text, replace) {
    if (PLAIN.test(text))
        return text;
    return text.replace(toUnseen(), (found, needed) => needed === undefined ? replace(found) : found);
}
/** `⟨U+202E⟩`. */
export function toMark(char) {
    return `⟨U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}⟩`;
}
