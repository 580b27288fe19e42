/**
 * What leaves over a session's connection: events, each as a message, or many of them in the lines of one.
 *
 * Owns: what these messages hold. Never: when they leave, or what proves them.
 */
import type { Meta } from "../../sdk/event.ts";
import type { Database } from "../../store/file/database.ts";
import { isDigest, toEntries, toOutgoing } from "../text/bundles.ts";
import { toDigestMessage } from "../text/digest.ts";
import {
  type Draft,
  layOutBody,
  type OutgoingEvent,
  squeeze,
  toAttempt,
  toDraft,
  toHow,
  toParts,
} from "../text/layout.ts";
import type { Bundle } from "../text/merge.ts";
import { NOTE_QUOTE_CHARS, shareRoom, toChars } from "../text/note.ts";
import { toMeta } from "../text/shape.ts";

/** Full text on the channel lane, in characters. */
const QUOTE_MAX_CHARS = 8_192;
/** Of several events in one message: their texts, and a channel's own words around them. */
const BODY_MAX_CHARS = QUOTE_MAX_CHARS + 1_500;

export type Message = {
  content: string;
  meta: Meta;
  bundles: readonly Bundle[];
  how: ReadonlyMap<string, string> | undefined;
  /** The event by whose id it goes. */
  carrier: string;
};

/** At most `room` messages; `mayDigest` where the session is known to read what it is sent. */
export function toMessages(
  db: Database,
  bundles: readonly Bundle[],
  room: number,
  mayDigest: boolean,
): Message[] {
  if (room < 1) return [];
  if (!mayDigest || !isDigest(bundles))
    return [...toOutgoing(db, bundles.slice(0, room))].map(toMessage);
  const entries = toEntries(db, bundles);
  const lines = entries.filter((one) => one.kind === "line");
  const wholes = entries.flatMap((one) => (one.kind === "whole" ? [one.outgoing] : []));
  const alone = wholes.slice(0, lines.length > 0 ? Math.max(1, room - 1) : room).map(toMessage);
  if (lines.length === 0 || alone.length >= room) return alone;
  const { text, taken, how, meta } = toDigestMessage(lines);
  const carrier = taken[0]?.shown.id;
  return carrier === undefined
    ? alone
    : [...alone, { content: text, meta, bundles: taken, how, carrier }];
}

function toMessage(outgoing: OutgoingEvent): Message {
  const draft = toFilled(outgoing);
  return {
    content: layOutBody(draft),
    meta: toMeta(outgoing.event, toAttempt(outgoing)),
    bundles: [outgoing.bundle],
    how: toHow(draft),
    carrier: outgoing.event.id,
  };
}

function toFilled(outgoing: OutgoingEvent): Draft {
  if (outgoing.whole.length === 0) return toDraft(outgoing, QUOTE_MAX_CHARS);
  const draft =
    squeeze(outgoing, NOTE_QUOTE_CHARS, BODY_MAX_CHARS, toChars, layOutBody) ??
    ({ ...toDraft(outgoing, 0), texts: 0, lines: 0 } satisfies Draft);
  shareRoom(toParts(draft), BODY_MAX_CHARS - toChars(layOutBody(draft)), toChars);
  return draft;
}
