import { toStorableText } from "../../sdk/json.js";
import { OWN_WORDS } from "../../sdk/words.js";
/** Of one message. */
export const MAX_NOTES = 5;
/** An hour and a half of talk. */
const MAX_CHARS = 100_000;
/** In meta: `done`, or `failed` where of any note nothing is known. */
const TRANSCRIPTION_KEY = "transcription";
const AUDIO = /^(?:audio\/|application\/(?:x-)?ogg\b)/i;
const NAMES = /\.(?:aac|amr|caf|flac|m4a|mp3|mpga|oga|ogg|opus|wav|weba)$/i;
/** Those among the first files of an arrival that are kept. */
export function findVoiceNotes({ files = [] }) {
    return files
        .flatMap((file, index) => {
        if (!isAudio(file))
            return [];
        const seconds = toSeconds(file.seconds);
        return [{ position: index + 1, ...(seconds === undefined ? {} : { seconds }) }];
    })
        .filter(({ position }) => position <= MAX_NOTES);
}
function isAudio({ mime, name }) {
    const isTold = mime !== undefined && mime !== "" && mime !== "application/octet-stream";
    return isTold ? AUDIO.test(mime) : NAMES.test(name);
}
/** Told by others: no number is believed to be one. */
function toSeconds(given) {
    if (given === undefined || !Number.isFinite(given) || given < 0 || given > 1e6)
        return undefined;
    return Math.round(given);
}
/** VOICE-1 */
export function toHeard({ text, quotes, meta }, listened) {
    const isOne = listened.length === 1;
    const heard = listened.flatMap(({ note, text: words }) => words === undefined
        ? []
        : [{ label: `${toName(note, isOne)}, transcribed`, text: toWords(words) }]);
    const failed = listened.flatMap(({ note, failure }) => failure === undefined
        ? []
        : [`(${toName(note, isOne)}; the transcription failed: ${toStorableText(failure)})`]);
    const own = quotes.filter(({ label }) => label === OWN_WORDS);
    const others = quotes.filter(({ label }) => label !== OWN_WORDS);
    return {
        text: [text, ...failed].join("\n"),
        quotes: [...own, ...heard, ...others],
        meta: { ...meta, [TRANSCRIPTION_KEY]: failed.length === 0 ? "done" : "failed" },
    };
}
function toName({ position, seconds }, isOne) {
    const which = isOne ? "voice note" : `voice note ${position}`;
    return seconds === undefined ? which : `${which} of ${seconds} s`;
}
function toWords(text) {
    const words = toStorableText(text).trim();
    if (words.length <= MAX_CHARS)
        return words;
    return `${words.slice(0, MAX_CHARS).toWellFormed()}\n(${words.length - MAX_CHARS} more characters were left out)`;
}
