/**
 * Marks what a model or a client could take for a tag of its own in a text from outside.
 *
 * Owns: which tags pass, and the marks of all others. Pure, linear time.
 *
 * TAG-1 What passes is a list: HTML's elements, one capital letter, type arguments as code writes them, addresses, and in code any plain
 *    name. Every other `<name` and `</name` is marked; clients add tags, and no list of theirs is ever whole.
 * TAG-2 Words by which clients and models tell texts apart are marked wherever they stand, in code too, behind whatever looks like a
 *    bracket, in any case, with look-alike letters, broken over lines.
 * TAG-3 A mark replaces one character and names it: `‹` stands for `<`, and ⟨U+FF1C⟩ for another bracket. A text that holds such marks
 *    itself has them marked, so that the original can be read back from every marked text.
 */
import { toMark } from "../../sdk/unseen.js";
import { findCode } from "./code-spans.js";
/** What opens a tag, and what looks as if it did. */
const BRACKETS = "<＜﹤〈〈⟨⟪《˂❮❬❰≺≮‹ᐸ⧼⦑⦉⋖≪⪡⫷⋘⪻⦓⨞ᚲᗕ𝈶";
/** Letters in circles and squares, also those of flags. */
const FRAMED_LETTERS = "\\u249C-\\u24E9\\u{1F110}-\\u{1F129}\\u{1F130}-\\u{1F189}\\u{1F1E6}-\\u{1F1FF}";
const NAME = `[\\p{L}\\p{N}\\p{M}\\p{Pc}\\p{Pd}.:·${FRAMED_LETTERS}]`;
/** A mark that the text itself holds, or a bracket with what may stand between it and a name. */
const CANDIDATE = new RegExp(`⟨(?=U\\+[0-9A-F]{4,6}⟩)|[${BRACKETS}](?=([\\s\\p{M}/|!?\\\\／∕⁄＼｜！？\\u2800\\uFFFD]*)((?:(?![${BRACKETS}])${NAME}){0,64}))`, "gu");
/** In no case and in no place anything but a frame. */
const FRAMES = "channel|system|sys|assistant|human|antml|fnc|function|invoke|reminder|teammate|im|inst|eot|endoftext|startoftext|begin_of_text|end_of_text|end_of_turn|start_of_turn|start_header_id|end_header_id";
/** Frames where they are written as clients write them; capitalised, in code, they are components and types. */
const WORDS = "user|task|tool|parameter|local|command|bash|ide|hook|claude|result|output|persisted|event|instruction|important|admin|prompt|context|thinking|tick|think|thought|reasoning|scratchpad|bos|eos|message|notification|diagnostic|mcp|session|agent|memory|stdin|stdout|stderr|policy|document|source|data|model|developer";
/** Written as one word: `systemreminder`. A component of the same beginning is written SystemInfo. */
const FRAME_START = /^(?:channel|system|assistant|antml|function|teammate)/;
const IS_FRAME = new RegExp(`^(?:${FRAMES})s?$`);
const IS_WORD = new RegExp(`^(?:${WORDS})s?$`);
const HTML = new Set(`a abbr address article aside b blockquote body br button caption center cite code col colgroup dd del details dfn div dl dt em
  fieldset figcaption figure font footer form h1 h2 h3 h4 h5 h6 head header hr html i iframe img input ins kbd label legend li link main
  mark meta nav ol optgroup option p path picture pre q s samp script section select small span strike strong style sub summary sup svg
  table tbody td textarea tfoot th thead time title tr tt u ul var video audio canvas circle rect g doctype xml php`.split(/\s+/));
const TYPE = /^(?:\p{Lu}[\p{L}\p{N}.]*|string|number|boolean|bigint|symbol|any|unknown|void|never|null|undefined|object|u?int(?:\d{1,3}(?:_t)?)?|size_t|u?long|u?short|float|double|u?char|s?byte|bool|str|[iu](?:8|16|32|64|128|size)|usize|isize|f32|f64|const|typename|class|auto|std(?:::\w+)?|dyn|impl|keyof|typeof|readonly|infer|struct)$/u;
/** Whole: `file:invoke` and `a@b name=` are names of tags. */
const ADDRESS = /^(?:(?:https?|ftp|ssh|git|file):\/\/|(?:mailto:)?[\w.+-]{1,64}@[^\s<>"'=]{1,128}(?:[>?]|$))/i;
/** Where a name begins with a letter, whatever that is drawn in. */
const BEGINS_NAME = new RegExp(`^[\\p{L}\\p{Nl}${FRAMED_LETTERS}_]`, "u");
/** Letters that look like a Latin one; by pairs. */
const LOOK_ALIKES = new Map(`аa вb сc ԁd еe һh іi јj кk ӏl мm нh оo рp ԛq гr ѕs тt уy хx ѵv ѡw пn иu αa βb εe ηn ιi κk νv οo ρp σo τt υu χx ωw ϲc ɑa ɡg ɩi ɪi ʏy ɴn ʜh ʟl
  ʀr ᴀa ʙb ᴄc ᴅd ᴇe ꜰf ɢg ᴊj ᴋk ʟl ᴍm ᴏo ᴘp ꜱs ᴛt ᴜu ᴠv ᴡw ᴢz ıi ȷj łl øo đd ħh ꮯc ꭺa ꭲt ꮇm ꮪs ꭼe ꮮl ꮋh ꮲp ꭱr ꓚc ꓮa ꓔt ꓟm ꓢs ꓰe ꓡl ꓧh ꓠn ꓲi
  հh ոn օo սu ցg ɯw`
    .split(/\s+/)
    .map((pair) => [pair.slice(0, -1), pair.slice(-1)]));
const KIN = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}\p{Script=Lisu}\p{Script=Coptic}]/u;
/** TAG-3. What of a text could be a tag is marked. */
export function markTags(text) {
    const isCode = findCode(text);
    return text.replace(CANDIDATE, (bracket, ...found) => {
        // What follows the last group is the place and the whole text.
        const [gap, name, at] = found;
        if (gap === undefined || name === undefined)
            return toMark(bracket);
        if (name === "")
            return bracket;
        const start = at + bracket.length;
        const place = {
            bracket,
            gap,
            name,
            isCode: isCode(at),
            before: text.slice(Math.max(0, at - 2), at),
            after: text.slice(start + gap.length, start + gap.length + 200),
        };
        const rest = text.slice(start, start + 200);
        if (bracket === "‹")
            return isQuotation(rest) && !isFrame(place) ? bracket : markOwn(rest, isFrame(place));
        if (!isFrame(place) && (bracket !== "<" || passes(place)))
            return bracket;
        return bracket === "<" && opensName(rest) && !isQuotation(rest) ? "‹" : toMark(bracket);
    });
}
/** A `‹` of the text's own: beside a name it would read as a mark. */
function markOwn(rest, isMarked) {
    return isMarked || opensName(rest) ? toMark("‹") : "‹";
}
const OPENS_NAME = new RegExp(`^/?(?![${BRACKETS}])[\\p{L}\\p{N}_]`, "u");
/** `‹Zitat›`, on one line. */
const QUOTATION = new RegExp(`^[^${BRACKETS}\\n]{1,160}›`, "u");
function opensName(rest) {
    return OPENS_NAME.test(rest);
}
function isQuotation(rest) {
    return QUOTATION.test(rest);
}
/** TAG-1, behind a real bracket. */
function passes({ gap, name, isCode, before, after }) {
    if (!BEGINS_NAME.test(name))
        return true;
    if (/[|\\｜＼]/.test(gap))
        return false;
    if (/\s/.test(gap))
        return !(isCompound(name) && isTagBody(after.slice(name.length)));
    if (ADDRESS.test(after))
        return true;
    if (/[^\p{ASCII}]/u.test(name))
        return false;
    if (name.length === 1 || HTML.has(name.toLowerCase()))
        return true;
    if (isCode && !isCompound(name))
        return true;
    return gap === "" && /[\p{L}\p{N}_$:]$/u.test(before) && TYPE.test(name);
}
/** TAG-2 */
function isFrame({ bracket, gap, name, isCode, before, after }) {
    const isTight = !/\s/.test(gap);
    for (const [index, joined] of listJoined(after).entries()) {
        const parts = toParts(joined);
        if (parts.some((part) => IS_FRAME.test(part)))
            return true;
        if (FRAME_START.test(parts[0] ?? "") && !/\p{Lu}\p{Ll}/u.test(joined))
            return true;
        if (/^\p{Ll}/u.test(joined) && isFrameOfWords(joined))
            return true;
        if (!BEGINS_NAME.test(joined) || !parts.some((part) => IS_WORD.test(part)))
            continue;
        const isComponent = /^\p{Lu}/u.test(joined) &&
            /\p{Ll}/u.test(joined) &&
            bracket === "<" &&
            (isCode || /[\p{L}\p{N}_$:]$/u.test(before));
        if (isComponent && index === 0)
            continue;
        if (ADDRESS.test(after) && bracket === "<")
            continue;
        if (isTight || isTagBody(after.slice(name.length)))
            return true;
    }
    // A name that mixes alphabets is written to be misread.
    return bracket !== "<" && /[a-z]/i.test(name) && KIN.test(name);
}
/** `systemReminder`, `functionCalls`: each word is one of a frame's. `systemPath` is Maven's. */
function isFrameOfWords(name) {
    const words = toParts(name.replace(/(?<=\p{Ll})(?=\p{Lu})/gu, "-"));
    return (words.some((word) => IS_FRAME.test(word)) &&
        words.every((word) => IS_FRAME.test(word) || IS_WORD.test(word) || /^calls?$/.test(word)));
}
const WHOLE_NAME = new RegExp(`^${NAME}*`, "u");
const ONE = `[\\p{L}\\p{N}${FRAMED_LETTERS}]`;
const SPACED = new RegExp(`^(?:${ONE}[ \\t]+){3,40}${ONE}(?!${ONE})`, "u");
/** The name, and the name with what follows it on the next lines: a reader joins them. */
function listJoined(after) {
    // Also letters with a blank between each two.
    const [spaced] = SPACED.exec(after) ?? [];
    if (spaced !== undefined)
        return [spaced.replace(/[ \t]/g, "")];
    const lines = after.split(/[ \t]*\n[ \t]*/, 40);
    const joined = [];
    let whole = "";
    for (const line of lines) {
        const [name = ""] = WHOLE_NAME.exec(line) ?? [];
        whole += name;
        joined.push(whole);
        if (name !== line || whole.length > 64)
            break;
    }
    return joined;
}
/** In small ASCII letters, look-alikes folded; the words of `system-reminder`. */
function toParts(name) {
    const folded = Array.from(name
        .normalize("NFKD")
        .replace(/[\p{M}()]/gu, "")
        .toLowerCase(), (char) => LOOK_ALIKES.get(char) ?? unframe(char)).join("");
    const parts = folded.split(/[^\p{L}\p{N}]+/u);
    return folded.includes("_") ? [...parts, folded] : parts;
}
/** Of a letter in a square or a circle, or of a flag, the letter; NFKD knows only some of them. */
function unframe(char) {
    const code = char.codePointAt(0) ?? 0;
    const start = [0x1f130, 0x1f150, 0x1f170, 0x1f1e6].find((from) => code >= from && code < from + 26);
    return start === undefined ? char : String.fromCharCode(0x61 + code - start);
}
function isCompound(name) {
    return /[\p{Pc}\p{Pd}:]/u.test(name);
}
/** What stands behind the name of a tag: its end, or an attribute. */
function isTagBody(rest) {
    return /^\s*(?:\/?>|[\w:-]{1,64}\s*=)/.test(rest);
}
