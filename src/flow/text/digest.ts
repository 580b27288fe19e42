/**
 * A digest: many waiting events in one note, a line each.
 *
 * Owns: what comes whole in it, and its words. Never: finds the events; decides that there is one (bundles.ts). Pure.
 *
 * DIGEST-1 Events that want an answer, and the first few urgent ones, come whole: a line is not enough to act on.
 * DIGEST-2 A line has an id, the channel, the kind, the number of events it stands for, and what leads them. Failures and people's words
 *    that stand behind that one have a line each below it. As many as fit; the rest waits.
 * DIGEST-3 It is the same on every lane, so that no lane makes a turn for each of many events. Where a client writes the tags, what comes
 *    whole travels by itself, and all lines as one message.
 */
import type { Meta } from "../../sdk/event.ts";
import { toSummaryLine } from "./summary-line.ts";
import { type DigestLine, type OutgoingEvent, toOneLine, toSuperseding } from "./layout.ts";
import type { Bundle } from "./merge.ts";
import {
  countEvents,
  INBOX_MAX_BYTES,
  INBOX_QUOTE_CHARS,
  type Measure,
  NOTE_MAX_CHARS,
  NOTE_QUOTE_CHARS,
  type Note,
  PAGE_END_BYTES,
  PREAMBLE,
  toBytes,
  toChars,
  toPageEnd,
  toRest,
  toTags,
} from "./note.ts";
import { cut, toMetaValue } from "./shape.ts";

const URGENT_WHOLE = 5;
/** What whole texts leave to the lines, where there are any. */
const LINES_SHARE = 0.4;
const NAME_MAX_CHARS = 40;
const END = "</channel>";
const HEADING = `One line each: id, channel, kind, what it says; behind " | " a third party's words. details gives one whole.`;

/** What a digest tells of: a whole text, or a line with others below it. */
export type Entry =
  | { kind: "whole"; outgoing: OutgoingEvent }
  | { kind: "line"; bundle: Bundle; lead: DigestLine; below: readonly DigestLine[] };

type LineEntry = Extract<Entry, { kind: "line" }>;

/** True for those whose text comes whole (DIGEST-1). */
export function isWhole({ shown, priority }: Bundle, index: number): boolean {
  return shown.ack !== "auto" || (priority === "urgent" && index < URGENT_WHOLE);
}

/** As many as fit into `maxChars`, in the given order; always at least one. */
export function toDigest(entries: readonly Entry[], totalWaiting: number): Note {
  // Room for the preamble and for the line that says how many are left.
  const room = NOTE_MAX_CHARS - PREAMBLE.length - 80;
  const made = layOut(entries, { room, cap: NOTE_QUOTE_CHARS, size: toChars });
  return { ...made, text: [PREAMBLE, made.text, ...toRest(totalWaiting, made.taken)].join("\n") };
}

/** The same as a page of the inbox. */
export function toDigestPage(
  entries: readonly Entry[],
  totalWaiting: number,
  offered: readonly string[],
): Note {
  const room = INBOX_MAX_BYTES - PAGE_END_BYTES;
  const made = layOut(entries, { room, cap: INBOX_QUOTE_CHARS, size: toBytes });
  const end = toPageEnd(totalWaiting, made.taken, offered);
  return { ...made, text: [PREAMBLE, made.text, ...end].join("\n") };
}

/** The lines alone, for a client that writes the tag: as one message, which goes by the id of the first event in it. */
export function toDigestMessage(entries: readonly LineEntry[]): Note & { meta: Meta } {
  const { texts, taken, how } = toList(entries, {
    room: NOTE_MAX_CHARS - HEADING.length - 1,
    cap: 0,
    size: toChars,
  });
  const [first] = taken;
  const channels = new Set(taken.map(({ shown }) => shown.channel));
  const meta: Meta = {
    ...(channels.size === 1 && first !== undefined ? { channel: first.shown.channel } : {}),
    event_id: first?.shown.id ?? "",
    kind: "digest",
    count: String(countEvents(taken)),
    trust: "untrusted",
  };
  return { text: [HEADING, ...texts].join("\n"), taken, how, meta };
}

function layOut(entries: readonly Entry[], { room, cap, size }: Measure): Note {
  const wholes = entries.flatMap((one) => (one.kind === "whole" ? [one.outgoing] : []));
  const lines = entries.filter((one) => one.kind === "line");
  const least = lines.length > 0 ? Math.floor(room * LINES_SHARE) : 0;
  const told = toTags(wholes, { room: room - least, cap, size });
  const around = size(toOpening(9_999)) + size(END) + 2;
  const listed = toList(lines, { room: told.left + least - around, cap, size });
  const list =
    listed.texts.length === 0 ? [] : [toOpening(countEvents(listed.taken)), ...listed.texts, END];
  // What the lines have not used, the texts may.
  return {
    text: [...told.fill(listed.left), ...list].join("\n"),
    taken: [...told.taken, ...listed.taken],
    how: new Map([...told.how, ...listed.how]),
  };
}

/** As many lines as fit. Of the first bundle at least one, where there is no room for those below it. */
function toList(
  entries: readonly LineEntry[],
  { room, size }: Measure,
): { texts: string[]; taken: Bundle[]; how: Map<string, string>; left: number } {
  const texts: string[] = [];
  const taken: Bundle[] = [];
  const how = new Map<string, string>();
  let left = room;
  for (const { bundle, lead, below } of entries) {
    const line = toLine(bundle, lead);
    const more = below.map((one) => `  - ${toOneLine(one, bundle)}`);
    if (taken.length === 0)
      while (more.length > 0 && size([line, ...more].join("\n")) + 1 > left) more.pop();
    const text = [line, ...more].join("\n");
    if (size(text) + 1 > left) break;
    texts.push(text);
    taken.push(bundle);
    left -= size(text) + 1;
    const inLines = [bundle.shown, ...below.slice(0, more.length).map(({ event }) => event)];
    const own = new Map<string, string>([
      ...bundle.merged.map(({ id }): [string, string] => [
        id,
        `counted in the line of ${bundle.shown.id}, whose details list it`,
      ]),
      ...inLines.map(({ id }): [string, string] => [id, "as a line of a digest"]),
    ]);
    for (const [id, words] of [...own, ...toSuperseding(bundle, own)]) how.set(id, words);
  }
  return { texts, taken, how, left };
}

function toOpening(count: number): string {
  return `<channel source="sluice" kind="digest" count="${count}" trust="untrusted">\n${HEADING}`;
}

function toLine({ shown, merged }: Bundle, { headline }: DigestLine): string {
  const name = (text: string): string => cut(toMetaValue(text), NAME_MAX_CHARS);
  const count = merged.length === 0 ? "" : ` count=${merged.length + 1}`;
  const urgent = shown.priority === "urgent" ? " urgent" : "";
  const again = shown.attempts > 0 ? " replayed" : "";
  return `- ${shown.id} ${name(shown.channel)} ${name(shown.kind)}${urgent}${again}${count}: ${toSummaryLine(headline)}`;
}
