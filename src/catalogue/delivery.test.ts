/** What a row may say of names, parts, secrets and repeats. */
import { expect, test } from "vitest";
import type { Received, VerifiedRequest } from "../sdk/channel.ts";
import type { Arrival } from "../sdk/event.ts";
import { receiveBy } from "./receive.ts";
import { defineSender, type SenderRow } from "./sender.ts";

function toRow(more: Partial<SenderRow>): SenderRow {
  return defineSender({
    kind: "probe",
    title: "Probe",
    description: "tests",
    schemes: ["bearer"],
    event: ["=alert"],
    events: { alert: { line: "Alert {name:$part.name}" } },
    setUp: ["nothing"],
    retries: "never",
    sources: ["https://example.com"],
    ...more,
  });
}

function receive(row: SenderRow, body: unknown, more: Partial<VerifiedRequest> = {}): Arrival {
  const received: Received = receiveBy(row, {
    channel: "probe",
    path: "",
    method: "POST",
    headers: { "content-type": "application/json" },
    body: Buffer.from(body === undefined ? "" : JSON.stringify(body)),
    verified: "bearer",
    reach: "request",
    receivedAt: 0,
    ...more,
  });
  if (received.kind !== "arrival") throw new Error(received.kind);
  return received.arrival;
}

test("a title is taken apart by a pattern; a key of the body is never taken for a part", () => {
  const row = toRow({ parts: { title: [/^\[(?<state>\w+)\] (?<name>.+)/] } });
  expect(receive(row, { title: "[Recovered] Load" }).text).toBe("Alert Load");
  expect(receive(row, { title: "Load", $part: { name: "forged" } }).text).toBe("Alert ?");
});

test("a word of the name may depend on what is there", () => {
  const row = toRow({ event: ["=message?MessageSid|=call?CallSid", "status"] });
  expect(receive(row, { MessageSid: "SM1", status: "sent" }).kind).toBe("message.sent");
  expect(receive(row, { CallSid: "CA1", status: "busy" }).kind).toBe("call.busy");
  expect(receive(row, { status: "busy" }).kind).toBe("busy");
});

// SENDER-2
test("a secret key is nowhere to be read, however deep it stands", () => {
  const row = toRow({ secrets: ["ping_url"], event: ["type"], events: {} });
  const arrival = receive(row, {
    type: "unknown",
    list: [{ check: { ping_url: "https://ping.example/uuid", name: "backup" } }],
  });
  expect(JSON.stringify(arrival)).toContain("backup");
  expect(JSON.stringify(arrival)).not.toContain("ping.example");
});

// SENDER-3
test("without an id the same bytes are one event only where a time stands in them", () => {
  const row = toRow({ isUnique: "now" });
  expect(receive(row, { now: "12:00" }).bodyDigest).toBeDefined();
  expect(receive(row, { status: "down" }).bodyDigest).toBeUndefined();
});

test("GETs without a body are told apart by their queries", () => {
  const row = toRow({ isUnique: "now" });
  const ask = (query: string): string | undefined =>
    receive(row, undefined, { method: "GET", query }).bodyDigest;
  expect(ask("now=1")).toBeDefined();
  expect(ask("now=1")).not.toBe(ask("now=2"));
  expect(ask("name=x")).toBeUndefined();
});

test("signed bytes under another event's name are another event only where the sender does so", () => {
  const ask = (repeats: "event" | undefined, topic: string): string | undefined =>
    receive(
      toRow({ event: ["$header.x-topic"], ...(repeats && { repeats }) }),
      { id: 1 },
      {
        reach: "body",
        headers: { "content-type": "application/json", "x-topic": topic },
      },
    ).bodyDigest;
  expect(ask("event", "orders/create")).not.toBe(ask("event", "orders/paid"));
  expect(ask("event", "orders/paid")).toBe(ask("event", "orders/paid"));
  expect(ask(undefined, "orders/create")).toBe(ask(undefined, "orders/paid"));
});
