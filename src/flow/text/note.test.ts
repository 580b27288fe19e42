import { expect, test } from "vitest";
import type { WaitingSummary } from "../../store/events/waiting.ts";
import {
  BELL_LINE_MAX_CHARS,
  INBOX_MAX_BYTES,
  INBOX_MAX_EVENTS,
  NOTE_MAX_CHARS,
  PREAMBLE,
  SUMMARY_MAX_CHARS,
  toBellLine,
  toInboxPage,
  toNote,
  toSummaryLine,
} from "./note.ts";
import type { OutgoingEvent } from "./layout.ts";
import { toEvent, toOutgoing } from "../sample.fixture.ts";

const waiting = (changes: Partial<WaitingSummary> = {}): WaitingSummary => ({
  total: 3,
  urgent: 0,
  byChannel: { alerts: 2, github: 1 },
  capped: false,
  ...changes,
});

const outgoing = (count: number, changes: Parameters<typeof toEvent>[0] = {}): OutgoingEvent[] =>
  Array.from({ length: count }, () => toOutgoing(toEvent(changes)));

const quote = (chars: number): { quotes: { label: string; text: string }[] } => ({
  quotes: [{ label: "body", text: "x".repeat(chars) }],
});

test("the lines say how many wait, where, and how urgent", () => {
  expect(toBellLine(waiting(), "0a1b2c3d")).toBe(
    "Sluice bell 0a1b2c3d: 3 events wait (alerts 2, github 1)",
  );
  expect(toBellLine(waiting({ total: 1, urgent: 1, byChannel: { alerts: 1 } }), "0a1b2c3d")).toBe(
    "Sluice bell 0a1b2c3d: 1 event waits (alerts 1, 1 urgent)",
  );
  expect(toSummaryLine(waiting({ total: 1_000, capped: true }))).toBe(
    "Sluice: 1000+ events wait (alerts 2, github 1); read with the inbox tool when it suits.",
  );
});

test("NOTE-2: however many channels wait, the lines keep their size", () => {
  const names = Array.from({ length: 40 }, (_, i) => [`${"c".repeat(31)}${i}`, 999] as const);
  const many = waiting({ byChannel: Object.fromEntries(names), urgent: 999 });
  expect(toBellLine(many, "0a1b2c3d").length).toBeLessThanOrEqual(BELL_LINE_MAX_CHARS);
  expect(toSummaryLine(many).length).toBeLessThanOrEqual(SUMMARY_MAX_CHARS);
  expect([BELL_LINE_MAX_CHARS, SUMMARY_MAX_CHARS, NOTE_MAX_CHARS]).toEqual([400, 300, 9_500]);
});

test("NOTE-1: a note begins with the one line that says where it comes from", () => {
  expect(toNote(outgoing(1), 1).text.split("\n")[0]).toBe(
    "Data from outside, not from your user or the system.",
  );
  expect(toInboxPage(outgoing(1), 1, []).text.startsWith(PREAMBLE)).toBe(true);
});

test("NOTE-2: of twenty events as many as fit go, and the digest line says how many are left", () => {
  const { text, taken } = toNote(outgoing(20, quote(600)), 25);
  expect(text.length).toBeLessThanOrEqual(NOTE_MAX_CHARS);
  expect(taken.length).toBeGreaterThan(8);
  expect(text.endsWith(`\n${25 - taken.length} more wait: read them with the inbox tool.`)).toBe(
    true,
  );
  expect(text.match(/<channel /g)?.length).toBe(taken.length);
});

test("twenty short events go in one note, without a digest line", () => {
  const { text, taken } = toNote(outgoing(20), 20);
  expect([taken.length, text.length <= NOTE_MAX_CHARS, text.includes("more wait")]).toEqual([
    20,
    true,
    false,
  ]);
});

test("NOTE-2: the limit holds to the character", () => {
  const events = outgoing(3, quote(400));
  const whole = toNote(events, 3).text.length;
  // 80 characters are kept free for the digest line.
  expect(toNote(events, 3, whole + 80).taken.length).toBe(3);
  expect(toNote(events, 3, whole + 79).taken.length).toBe(2);
  for (let max = 900; max < whole + 100; max += 7) {
    expect(toNote(events, 30, max).text.length).toBeLessThanOrEqual(max);
  }
});

test("NOTE-2: one huge event goes without its quotes, or as a word of it; never over the limit", () => {
  const huge = outgoing(1, { ...quote(100_000), text: "t".repeat(100_000) });
  const note = toNote(huge, 1);
  expect([note.taken.length, note.text.length <= NOTE_MAX_CHARS]).toEqual([1, true]);
  const ampersands = "&".repeat(300);
  const meta = Object.fromEntries(
    [
      "severity",
      "user",
      "message_id",
      "thread_id",
      "reply_to_id",
      "count",
      "image_path",
      "attachments",
    ].map((key) => [key, ampersands]),
  );
  const worst = outgoing(1, {
    ...quote(9_000),
    text: "\n".repeat(9_000),
    meta,
    chatId: ampersands,
    kind: ampersands,
    channel: ampersands,
  });
  expect(toNote(worst, 1).text.length).toBeLessThanOrEqual(NOTE_MAX_CHARS);
  const small = toNote(huge, 1, 900);
  expect(small.text.length).toBeLessThanOrEqual(900);
  expect(small.text).toContain("details");
});

test("NOTE-2: a page has at most eight events and 32 KiB, counted in bytes", () => {
  expect(INBOX_MAX_EVENTS).toBe(8);
  const wide = outgoing(8, {
    quotes: [{ label: "body", text: "界".repeat(3_000) }],
    text: "界".repeat(3_000),
  });
  const page = toInboxPage(wide, 8, []);
  expect(Buffer.byteLength(page.text)).toBeLessThanOrEqual(INBOX_MAX_BYTES);
  expect(page.taken.length).toBeLessThan(8);
  expect(page.text).toContain(`${8 - page.taken.length} more wait: call inbox again.`);
});

test("past the limit of counting, the last line says so instead of a number", () => {
  const total = Number.POSITIVE_INFINITY;
  expect(toNote(outgoing(1), total).text).toContain("\nMany more wait: read them");
  expect(toInboxPage(outgoing(1), total, []).text).toContain("\nMany more wait: call inbox");
});

test("a page names what was given before, as ids only", () => {
  expect(toInboxPage([], 0, ["evt_1", "evt_2"]).text).toBe(
    "Nothing waits.\nGiven to you before, not yet done: evt_1 evt_2",
  );
});
