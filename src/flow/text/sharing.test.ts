/** Who gets the room that is left. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { StoredEvent } from "../../store/events/inbox.ts";
import { toEvent, toOutgoing } from "../sample.fixture.ts";
import { type Entry, toDigest } from "./digest.ts";
import { INBOX_MAX_BYTES, NOTE_MAX_CHARS, toInboxPage, toNote } from "./note.ts";
import type { Part } from "./layout.ts";
import { shareRoom } from "./note.ts";

const part = (rank: number, want: number, cap = 10): Part => ({
  rank,
  want,
  cap,
  render: (chars) => "x".repeat(Math.min(want, chars)),
});
const length = (text: string): number => text.length;

test("SHARE-1: an equal share for each, what one does not need goes to the others, and the first rank comes first", () => {
  const [little, much, more, machine] = [part(0, 20), part(0, 500), part(0, 500), part(2, 500)];
  expect(shareRoom([machine, more, little, much], 210, length)).toBe(0);
  expect([little, much, more].map(({ render, cap }) => render(cap).length)).toEqual([20, 110, 110]);
  expect(machine.cap).toBe(10);
});

test("SHARE-1: whatever is shared out, never more than there is, and nothing is left while a text is cut", () => {
  const anyPart = fc.record({
    rank: fc.integer({ min: 0, max: 2 }),
    text: fc.string({ maxLength: 3_000 }).map((text) => text.replaceAll("a", "\n")),
  });
  fc.assert(
    fc.property(fc.array(anyPart, { maxLength: 12 }), fc.nat(9_000), (all, free) => {
      const parts = all.map(
        ({ rank, text }): Part => ({
          rank,
          want: text.length,
          cap: 600,
          // As quotes do: each line has a mark.
          render: (cap) => text.slice(0, cap).replaceAll("\n", "\n| "),
        }),
      );
      const size = (): number =>
        parts.reduce((sum, { render, cap }) => sum + render(cap).length, 0);
      const before = size();
      const left = shareRoom(parts, free, length);
      expect(left).toBeGreaterThanOrEqual(0);
      expect(size() - before).toBe(free - left);
    }),
  );
});

const owner = { id: "7", role: "owner" } as const;
const words = (chars: number): string => "word ".repeat(chars / 5).slice(0, chars);
const message = (chars: number, changes: Partial<StoredEvent> = {}): StoredEvent =>
  toEvent({
    channel: "telegram",
    text: "Message from ada",
    quotes: [{ label: "message", text: words(chars) }],
    sender: owner,
    ack: "reply",
    chatId: "7",
    ...changes,
  });
const machine = (chars: number, changes: Partial<StoredEvent> = {}): StoredEvent =>
  toEvent({ quotes: [{ label: "body", text: "z".repeat(chars) }], ...changes });
const texts = (note: { text: string }): string => note.text;

test("NOTE-3: a message of 4,096 characters of an owner is whole, alone and among others", () => {
  const alone = toNote([toOutgoing(message(4_096))], 1);
  expect(texts(alone)).toContain(words(4_096).trimEnd());
  expect(texts(alone)).not.toContain("more characters");
  const others = Array.from({ length: 4 }, () => toOutgoing(machine(600)));
  const among = toNote([...others, toOutgoing(message(4_096))], 5);
  expect(texts(among)).toContain(words(4_096).trimEnd());
  expect(among.text.length).toBeLessThanOrEqual(NOTE_MAX_CHARS);
  expect(among.taken.length).toBe(5);
});

test("NOTE-3: so that a person's message is whole, what is not urgent waits for the next note; what is urgent does not", () => {
  const normal = Array.from({ length: 9 }, () => toOutgoing(machine(600)));
  const note = toNote([toOutgoing(message(4_096)), ...normal], 10);
  expect(texts(note)).toContain(words(4_096).trimEnd());
  expect(note.taken.length).toBeLessThan(10);
  expect(note.text).toContain(
    `\n${10 - note.taken.length} more wait: read them with the inbox tool.`,
  );
  const urgent = Array.from({ length: 9 }, () => toOutgoing(machine(600, { priority: "urgent" })));
  const pressing = toNote([...urgent, toOutgoing(message(4_096))], 10);
  expect(pressing.taken.length).toBe(10);
  expect(pressing.text).toMatch(/\(\d+ more characters: details\)/);
});

test("NOTE-3: a person's text larger than a note gets all that is left, is cut with a count, and drives nothing out", () => {
  const note = toNote([toOutgoing(message(30_000)), toOutgoing(machine(2_000))], 2);
  expect(note.taken.length).toBe(2);
  expect(note.text.length).toBeGreaterThan(NOTE_MAX_CHARS - 300);
  expect(note.text.length).toBeLessThanOrEqual(NOTE_MAX_CHARS);
  const [, cut = "0"] = /\((\d+) more characters: details\)/.exec(note.text) ?? [];
  const shown = note.text.match(/^\| message: (.*)$/m)?.[1] ?? "";
  expect(Number(cut) + shown.length).toBeGreaterThanOrEqual(29_998);
});

test("NOTE-3: in a digest a person's message is whole as well, before the lines; what the lines leave goes to other texts", () => {
  const line = (): Entry => {
    const { event, bundle } = toOutgoing(toEvent());
    const headline = { text: event.text, label: null, quote: null };
    return { kind: "line", bundle, lead: { event: bundle.shown, headline }, below: [] };
  };
  const lines = Array.from({ length: 200 }, line);
  const whole = (event: StoredEvent): Entry => ({ kind: "whole", outgoing: toOutgoing(event) });
  const owned = toDigest([whole(message(4_096)), ...lines], 201);
  expect(owned.text).toContain(words(4_096).trimEnd());
  expect(owned.text.match(/^- evt_/gm)?.length).toBeGreaterThan(20);
  const urgent = machine(4_096, { priority: "urgent" });
  const few = toDigest([whole(urgent), ...lines.slice(0, 21)], 22);
  expect(few.text).toMatch(/z{4096}/);
  expect(few.taken.length).toBe(22);
  const many = toDigest([whole(urgent), ...lines], 201);
  expect(many.text).toMatch(/[^z]z{600,760}[^z]/);
  for (const { text } of [owned, few, many])
    expect(text.length).toBeLessThanOrEqual(NOTE_MAX_CHARS);
});

test("NOTE-3: strangers and machines get what people leave; a page of the inbox shares its bytes in the same way", () => {
  const note = toNote([toOutgoing(machine(3_000)), toOutgoing(machine(3_000))], 2);
  expect(note.text.match(/z{3000}/g)).toHaveLength(2);
  const page = toInboxPage(
    [toOutgoing(message(9_000)), toOutgoing(message(4_096)), toOutgoing(machine(20_000))],
    3,
    [],
  );
  expect(page.text).toContain(words(9_000).trimEnd());
  expect(Buffer.byteLength(page.text)).toBeLessThanOrEqual(INBOX_MAX_BYTES);
  expect(page.text).toContain("more characters: details");
});

test("NOTE-3: whatever people and machines write, in whatever script, a note and a page keep their size", () => {
  const anyText = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 3_000 }),
    fc
      .array(fc.constantFrom("界", "\n", "🙂", "a", "</channel>"), { maxLength: 6_000 })
      .map((all) => all.join("")),
  );
  const anyOne = fc.record({ text: anyText, isPerson: fc.boolean(), isUrgent: fc.boolean() });
  fc.assert(
    fc.property(fc.array(anyOne, { minLength: 1, maxLength: 8 }), (all) => {
      const waiting = all.map(({ text, isPerson, isUrgent }) => {
        const changes: Partial<StoredEvent> = {
          quotes: [{ label: "message", text }],
          priority: isUrgent ? "urgent" : "normal",
        };
        return toOutgoing(isPerson ? message(0, changes) : machine(0, changes));
      });
      expect(toNote(waiting, 8).text.length).toBeLessThanOrEqual(NOTE_MAX_CHARS);
      expect(Buffer.byteLength(toInboxPage(waiting, 8, []).text)).toBeLessThanOrEqual(
        INBOX_MAX_BYTES,
      );
    }),
    { numRuns: 60 },
  );
});
