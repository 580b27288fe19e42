/**
 * A digest: many waiting events in one note, a line each.
 *
 * Owns: when a note becomes a digest, and its words. Never: finds the events; changes their state. Pure.
 *
 * DIGEST-1 Events that want an answer, and the first few urgent ones, come whole: a line is not enough to act on.
 * DIGEST-2 A line has an id, the channel, the kind, the number of events it stands for, and their latest state; as many lines as fit.
 */
import type { Headline } from "../../store/events/waiting.ts";
import { toSummaryLine } from "./summary-line.ts";
import type { Bundle } from "./merge.ts";
import {
  countEvents,
  NOTE_MAX_CHARS,
  NOTE_QUOTE_MAX_CHARS,
  type Note,
  type OutgoingEvent,
  PREAMBLE,
  toAttempt,
  toRest,
  toSmallTag,
} from "./note.ts";
import { cut, toMetaValue, toTag } from "./shape.ts";

/** More bundles than this at once are told in lines. */
export const DIGEST_OVER = 20;
const URGENT_WHOLE = 5;
/** What whole texts leave to the lines, where there are any. */
const LINES_SHARE = 0.4;
const NAME_MAX_CHARS = 40;
const END = "</channel>";

/** What a digest tells of: a whole text, or a line. */
export type Entry =
  | { kind: "whole"; outgoing: OutgoingEvent }
  | { kind: "line"; bundle: Bundle; headline: Headline };

/** True where what waits is told in lines: there is much of it, or nothing that would have woken anybody by itself. */
export function isDigest(bundles: readonly Bundle[]): boolean {
  const isLow = bundles.length > 1 && bundles.every(({ priority }) => priority === "low");
  return bundles.length > DIGEST_OVER || isLow;
}

/** True for those whose text comes whole (DIGEST-1). */
export function isWhole({ shown, priority }: Bundle, index: number): boolean {
  return shown.ack !== "auto" || (priority === "urgent" && index < URGENT_WHOLE);
}

/** As many as fit into `maxChars`, in the given order; always at least one. */
export function toDigest(
  entries: readonly Entry[],
  totalWaiting: number,
  maxChars: number = NOTE_MAX_CHARS,
): Note {
  // Room for the preamble and for the line that says how many are left.
  const whole = maxChars - PREAMBLE.length - 80;
  const least = entries.some(({ kind }) => kind === "line") ? whole * LINES_SHARE : 0;
  let room = whole;
  const tags: string[] = [];
  const told: Bundle[] = [];
  for (const entry of entries) {
    if (entry.kind === "line") continue;
    const { event, bundle } = entry.outgoing;
    const tag = toTag(event, toAttempt(entry.outgoing), NOTE_QUOTE_MAX_CHARS);
    const isFitting = room - tag.length - 1 >= least;
    // The next may be shorter, but messages keep their order.
    if (!isFitting && tags.length > 0) break;
    const fitting = isFitting ? tag : toSmallTag(entry.outgoing, room - least);
    tags.push(fitting);
    told.push(bundle);
    room -= fitting.length + 1;
  }
  room -= toOpening(9_999).length + END.length + 2;
  const lines: string[] = [];
  const listed: Bundle[] = [];
  for (const entry of entries) {
    if (entry.kind === "whole") continue;
    const line = toLine(entry.bundle, entry.headline);
    if (line.length + 1 > room) break;
    lines.push(line);
    listed.push(entry.bundle);
    room -= line.length + 1;
  }
  const list = lines.length === 0 ? [] : [toOpening(countEvents(listed)), ...lines, END];
  const taken = [...told, ...listed];
  const text = [PREAMBLE, ...tags, ...list, ...toRest(totalWaiting, taken)].join("\n");
  return { text, taken, lines: listed };
}

function toOpening(count: number): string {
  return `<channel source="sluice" kind="digest" count="${count}" trust="untrusted">\nOne line each: id, channel, kind, the latest state; behind " | " a third party's words. details gives one whole.`;
}

function toLine({ shown, merged }: Bundle, headline: Headline): string {
  const name = (text: string): string => cut(toMetaValue(text), NAME_MAX_CHARS);
  const count = merged.length === 0 ? "" : ` count=${merged.length + 1}`;
  const urgent = shown.priority === "urgent" ? " urgent" : "";
  const again = shown.attempts > 0 ? " replayed" : "";
  return `- ${shown.id} ${name(shown.channel)} ${name(shown.kind)}${urgent}${again}${count}: ${toSummaryLine(headline)}`;
}
