import { isDigest, toEntries, toOutgoing } from "../text/bundles.js";
import { toDigestMessage } from "../text/digest.js";
import { layOutBody, squeeze, toAttempt, toDraft, toHow, toParts, } from "../text/layout.js";
import { NOTE_QUOTE_CHARS, shareRoom, toChars } from "../text/note.js";
import { toMeta } from "../text/shape.js";
/** Full text on the channel lane, in characters. */
const QUOTE_MAX_CHARS = 8_192;
/** Of several events in one message: their texts, and a channel's own words around them. */
const BODY_MAX_CHARS = QUOTE_MAX_CHARS + 1_500;
/** At most `room` messages; `mayDigest` where the session is known to read what it is sent. */
export function toMessages(db, bundles, room, mayDigest) {
    if (room < 1)
        return [];
    if (!mayDigest || !isDigest(bundles))
        return [...toOutgoing(db, bundles.slice(0, room))].map(toMessage);
    const entries = toEntries(db, bundles);
    const lines = entries.filter((one) => one.kind === "line");
    const wholes = entries.flatMap((one) => (one.kind === "whole" ? [one.outgoing] : []));
    const alone = wholes.slice(0, lines.length > 0 ? Math.max(1, room - 1) : room).map(toMessage);
    if (lines.length === 0 || alone.length >= room)
        return alone;
    const { text, taken, how, meta } = toDigestMessage(lines);
    const carrier = taken[0]?.shown.id;
    return carrier === undefined
        ? alone
        : [...alone, { content: text, meta, bundles: taken, how, carrier }];
}
function toMessage(outgoing) {
    const draft = toFilled(outgoing);
    return {
        content: layOutBody(draft),
        meta: toMeta(outgoing.event, toAttempt(outgoing)),
        bundles: [outgoing.bundle],
        how: toHow(draft),
        carrier: outgoing.event.id,
    };
}
function toFilled(outgoing) {
    if (outgoing.whole.length === 0)
        return toDraft(outgoing, QUOTE_MAX_CHARS);
    const draft = squeeze(outgoing, NOTE_QUOTE_CHARS, BODY_MAX_CHARS, toChars, layOutBody) ??
        { ...toDraft(outgoing, 0), texts: 0, lines: 0 };
    shareRoom(toParts(draft), BODY_MAX_CHARS - toChars(layOutBody(draft)), toChars);
    return draft;
}
