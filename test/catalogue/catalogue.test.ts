/**
 * Every sender of the catalogue: its samples signed, verified, received and read, and what hostile senders make of its rows.
 */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readSamples, type SenderSample, toBodyText } from "../../src/catalogue/samples.ts";
import type { SenderRow } from "../../src/catalogue/sender.ts";
import { SENDER_KINDS } from "../../src/catalogue/senders.ts";
import type { VerifiedRequest } from "../../src/sdk/channel.ts";
import type { Arrival } from "../../src/sdk/event.ts";
import { HOSTILE } from "./hostile.ts";
import {
  listMissing,
  receive,
  receiveArrival,
  toNoteText,
  toRequest,
  tryProof,
} from "./run-sample.ts";
import { listTrials, loadRow, toTable } from "./table.ts";

const ROWS = await Promise.all(SENDER_KINDS.map(loadRow));

describe.each(ROWS.map((row) => [row.kind, row] as const))("%s", (kind, row) => {
  const samples = readSamples(kind);

  test("has samples, each signed as the sender signs is verified, and refused with another byte", () => {
    expect(samples.length).toBeGreaterThan(0);
    for (const sample of samples) {
      const tried = tryProof(row, sample);
      if (tried === undefined) expect(kind).toBe("sns");
      else expect([sample.event, tried]).toEqual([sample.event, { genuine: true, forged: false }]);
    }
  });

  test("tells every fact of every sample in the note", async () => {
    const notes = listTrials(row).map(({ sample, arrival }) => {
      const note = toNoteText(arrival);
      expect([sample.event, listMissing(note, sample.facts)]).toEqual([sample.event, []]);
      expect(note).not.toMatch(/undefined|\[object|\{\w+:/);
      return `# ${sample.event}\n${note}\n`;
    });
    await expect(notes.join("\n")).toMatchFileSnapshot(`golden/${kind}.txt`);
  });

  test("knows a retry, names its entities for people, and keeps the rules of arrivals", () => {
    for (const { sample, arrival } of listTrials(row)) {
      const again = receiveArrival(row, toRequest(row, sample));
      expect(again).toEqual(arrival);
      // A hash is for no reader.
      expect(arrival.entity ?? "").not.toMatch(/~?[0-9a-f]{16,}|\?/);
      if (arrival.stateOf !== undefined) expect(arrival.entity).toBeDefined();
      expectTame(arrival);
    }
  });

  // SENDER-1, DESCRIBE-1
  test("hostile text stays inside the quotes", () => {
    const trials = listTrials(row);
    // Each text through the row; which of its samples carries it does not matter.
    for (const [index, text] of HOSTILE.entries()) {
      const sample = trials[index % trials.length]?.sample;
      if (sample === undefined) continue;
      const arrival = receiveArrival(row, toPoisoned(row, sample, text));
      expectTame(arrival);
      // A name may be made of any plain words: FIELD-2 takes what could open a tag, end a value or begin a line.
      if (/[<>"\n\p{Cf}]/u.test(text)) expect(arrival.text).not.toContain(text);
    }
  });

  // SENDER-4
  test("a body that is JSON is taken, whatever stands in it", () => {
    const [sample] = samples;
    if (sample === undefined) return;
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const received = receive(row, {
          ...toRequest(row, sample),
          body: Buffer.from(JSON.stringify(value)),
        });
        if (received.kind === "arrival") expectTame(received.arrival);
        else expect(received.kind).toBe("answer");
      }),
      { numRuns: 50 },
    );
  });

  test("handshakes are answered as their sender wants it", () => {
    for (const sample of samples) {
      if (sample.answer === undefined) continue;
      const received = receive(row, toRequest(row, sample));
      expect(received.kind).toBe("answer");
      if (received.kind !== "answer") continue;
      expect(received.status).toBe(sample.answer.status);
      if (sample.answer.body !== undefined) expect(received.body).toBe(sample.answer.body);
    }
  });
});

/** What must hold of every arrival whatever was sent: outside `quotes`, nothing can open a tag, end an attribute or forge a line. */
function expectTame(arrival: Arrival): void {
  for (const line of arrival.text.split("\n"))
    expect(line).not.toMatch(/[<>\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  expect(arrival.text.length).toBeLessThan(3_000);
  expect(arrival.kind).toMatch(/^[\w.:/-]{1,100}$/);
  for (const [key, value] of Object.entries(arrival.meta)) {
    expect(key).toMatch(/^[a-zA-Z_][a-zA-Z0-9_]*$/);
    expect(key).not.toBe("source");
    expect(value).not.toMatch(/[<>"\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(value.length).toBeLessThanOrEqual(256);
  }
  expect(arrival.entity ?? "").not.toMatch(/[<>"\p{Cc}\p{Cf}]/u);
  expect(arrival.sender.name ?? "").not.toMatch(/[<>"\p{Cc}\p{Cf}]/u);
  for (const { text } of arrival.quotes) {
    expect(text.isWellFormed()).toBe(true);
    expect(text).not.toContain("\0");
  }
}

/** The same request with `text` in place of what people wrote: in its body, or in the query of one that has none. */
function toPoisoned(row: SenderRow, sample: SenderSample, text: string): VerifiedRequest {
  if (sample.body !== "") return toRequest(row, sample, poison(sample.body, text));
  const query = new URLSearchParams(sample.query);
  for (const name of query.keys()) if (!KEPT.test(name)) query.set(name, text);
  return toRequest(row, { ...sample, query: query.toString() });
}

/** The words by which a row finds its event. */
const KEPT = /^(?:action|type|event|event_type|object_kind|status)$/;

/** The same body with every string replaced by `text`; the few words by which a row finds its event stay. */
function poison(body: unknown, text: string): string {
  const change = (value: unknown, key: string): unknown => {
    if (typeof value === "string") return KEPT.test(key) ? value : text;
    if (Array.isArray(value)) return value.map((one) => change(one, key));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, one]) => [name, change(one, name)]),
    );
  };
  return typeof body === "string"
    ? toBodyText({ body: text } as never)
    : JSON.stringify(change(body, ""));
}

test("docs/catalogue.md shows what the samples show", async () => {
  const shown = readFileSync("docs/catalogue.md", "utf8")
    .split("\n")
    .filter((line) => line.startsWith("| `"));
  const made = (await toTable()).filter((line) => line.startsWith("| `"));
  // The formatter pads columns.
  expect(shown.map((line) => line.replaceAll(/ +/g, " "))).toEqual(
    made.map((line) => line.replaceAll(/ +/g, " ")),
  );
});

test("no credential of a sample reaches a note, meta or what is kept for details", () => {
  for (const row of ROWS)
    for (const { sample, arrival } of listTrials(row)) {
      const told = JSON.stringify(arrival);
      for (const secret of listSecrets(sample.body)) expect(told).not.toContain(secret);
    }
});

/** The values under names that say what they are. */
function listSecrets(body: unknown): string[] {
  if (typeof body !== "object" || body === null) return [];
  return Object.entries(body).flatMap(([key, value]) =>
    typeof value === "string"
      ? /^(?:token|response_url|trigger_id|SubscribeURL|UnsubscribeURL|callback_url|validationUrl|validationCode|password|secret)$/i.test(
          key,
        ) && value.length > 5
        ? [value]
        : []
      : listSecrets(value),
  );
}
