import { toSummaryLine } from "./summary-line.js";
import { toOneLine, toSuperseding } from "./layout.js";
import { countEvents, INBOX_MAX_BYTES, INBOX_QUOTE_CHARS, NOTE_MAX_CHARS, NOTE_QUOTE_CHARS, PAGE_END_BYTES, PREAMBLE, toBytes, toChars, toPageEnd, toRest, toTags, } from "./note.js";
import { cut, toMetaValue } from "./shape.js";
const URGENT_WHOLE = 5;
/** What whole texts leave to the lines, where there are any. */
const LINES_SHARE = 0.4;
const NAME_MAX_CHARS = 40;
const END = "</channel>";
const HEADING = `One line each: id, channel, kind, what it says; behind " | " a third party's words. details gives one whole.`;
/** True for those whose text comes whole (DIGEST-1). */
export function isWhole({ shown, priority }, index) {
    return shown.ack !== "auto" || (priority === "urgent" && index < URGENT_WHOLE);
}
/** As many as fit into `maxChars`, in the given order; always at least one. */
export function toDigest(entries, totalWaiting) {
    // Room for the preamble and for the line that says how many are left.
    const room = NOTE_MAX_CHARS - PREAMBLE.length - 80;
    const made = layOut(entries, { room, cap: NOTE_QUOTE_CHARS, size: toChars });
    return { ...made, text: [PREAMBLE, made.text, ...toRest(totalWaiting, made.taken)].join("\n") };
}
/** The same as a page of the inbox. */
export function toDigestPage(entries, totalWaiting, offered) {
    const room = INBOX_MAX_BYTES - PAGE_END_BYTES;
    const made = layOut(entries, { room, cap: INBOX_QUOTE_CHARS, size: toBytes });
    const end = toPageEnd(totalWaiting, made.taken, offered);
    return { ...made, text: [PREAMBLE, made.text, ...end].join("\n") };
}
/** The lines alone, for a client that writes the tag: as one message, which goes by the id of the first event in it. */
export function toDigestMessage(entries) {
    const { texts, taken, how } = toList(entries, {
        room: NOTE_MAX_CHARS - HEADING.length - 1,
        cap: 0,
        size: toChars,
    });
    const [first] = taken;
    const channels = new Set(taken.map(({ shown }) => shown.channel));
    const meta = {
        ...(channels.size === 1 && first !== undefined ? { channel: first.shown.channel } : {}),
        event_id: first?.shown.id ?? "",
        kind: "digest",
        count: String(countEvents(taken)),
        trust: "untrusted",
    };
    return { text: [HEADING, ...texts].join("\n"), taken, how, meta };
}
function layOut(entries, { room, cap, size }) {
    const wholes = entries.flatMap((one) => (one.kind === "whole" ? [one.outgoing] : []));
    const lines = entries.filter((one) => one.kind === "line");
    const least = lines.length > 0 ? Math.floor(room * LINES_SHARE) : 0;
    const told = toTags(wholes, { room: room - least, cap, size });
    const around = size(toOpening(9_999)) + size(END) + 2;
    const listed = toList(lines, { room: told.left + least - around, cap, size });
    const list = listed.texts.length === 0 ? [] : [toOpening(countEvents(listed.taken)), ...listed.texts, END];
    // What the lines have not used, the texts may.
    return {
        text: [...told.fill(listed.left), ...list].join("\n"),
        taken: [...told.taken, ...listed.taken],
        how: new Map([...told.how, ...listed.how]),
    };
}
/** As many lines as fit. Of the first bundle at least one, where there is no room for those below it. */
function toList(entries, { room, size }) {
    const texts = [];
    const taken = [];
    const how = new Map();
    let left = room;
    for (const { bundle, lead, below } of entries) {
        const line = toLine(bundle, lead);
        const more = below.map((one) => `  - ${toOneLine(one, bundle)}`);
        if (taken.length === 0)
            while (more.length > 0 && size([line, ...more].join("\n")) + 1 > left)
                more.pop();
        const text = [line, ...more].join("\n");
        if (size(text) + 1 > left)
            break;
        texts.push(text);
        taken.push(bundle);
        left -= size(text) + 1;
        const inLines = [bundle.shown, ...below.slice(0, more.length).map(({ event }) => event)];
        const own = new Map([
            ...bundle.merged.map(({ id }) => [
                id,
                `counted in the line of ${bundle.shown.id}, whose details list it`,
            ]),
            ...inLines.map(({ id }) => [id, "as a line of a digest"]),
        ]);
        for (const [id, words] of [...own, ...toSuperseding(bundle, own)])
            how.set(id, words);
    }
    return { texts, taken, how, left };
}
function toOpening(count) {
    return `<channel source="sluice" kind="digest" count="${count}" trust="untrusted">\n${HEADING}`;
}
function toLine({ shown, merged }, { headline }) {
    const name = (text) => cut(toMetaValue(text), NAME_MAX_CHARS);
    const count = merged.length === 0 ? "" : ` count=${merged.length + 1}`;
    const urgent = shown.priority === "urgent" ? " urgent" : "";
    const again = shown.attempts > 0 ? " replayed" : "";
    return `- ${shown.id} ${name(shown.channel)} ${name(shown.kind)}${urgent}${again}${count}: ${toSummaryLine(headline)}`;
}
