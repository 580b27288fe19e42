/**
 * Which events are states of one thing: the same thing has one key through its states, and no two things share one.
 */
import { expect, test } from "vitest";
import { readSamples } from "../../src/catalogue/samples.ts";
import type { Arrival } from "../../src/sdk/event.ts";
import { receiveArrival, toRequest } from "./run-sample.ts";
import { isEnded, loadRow } from "./table.ts";

/** Kind, the sample that fires, the one that ends it, and texts of the first that make it another thing. */
const CASES: readonly [string, string, string, Readonly<Record<string, string>>][] = [
  ["opsgenie", "create", "close", { "ec03dad6-62c8": "fc03dad6-62c8" }],
  [
    "datadog",
    "triggered (payload of Datadog)",
    "recovered (payload of Datadog)",
    { "my-host}": "other}", "/1234": "/1235" },
  ],
  ["datadog", "triggered", "recovered", { '"env:prod,service:checkout"': '"env:dev"' }],
  ["new-relic", "created", "closed", { "208c5e92": "308c5e92" }],
  ["better-stack", "incident.started", "incident.resolved", { '"id":"1"': '"id":"2"' }],
  ["healthchecks", "down", "up", { "31365bce": "41365bce" }],
  ["uptimerobot", "down", "up", { "server1.": "server3." }],
  ["uptimerobot", "down (its variables)", "up (form)", { "777749809": "777749810" }],
  ["checkly", "failure", "recovery", { "5dbd0f4a": "6dbd0f4a" }],
  ["statuspage", "incident.identified", "incident.resolved", { z3lct0r596n4: "z3lct0r596n9" }],
  ["statuspage", "component.major_outage", "component.operational", { sqm6pl84wzjc: "sqm6" }],
  ["stripe", "invoice.payment_failed", "invoice.payment_succeeded", { in_1MhUT5: "in_2MhUT5" }],
  ["stripe", "payment_intent.payment_failed", "payment_intent.succeeded", { pi_3TbGfy: "pi_4T" }],
  ["shopify", "disputes/create", "disputes/update", { "2853324618": "2853324619" }],
  ["twilio", "message.undelivered", "message.delivered", { SMaabb: "SMccbb" }],
  ["cloudflare", "health check unhealthy", "health check healthy", { '"hc1"': '"hc2"' }],
  ["cloudflare", "ddos begins", "ddos ends", { "000eaa907": "000eaa908" }],
];

test.each(CASES)("%s: %s is ended by %s, and by none of another thing", async (...one) => {
  const [kind, first, last, other] = one;
  const row = await loadRow(kind);
  const read = (event: string, change: Readonly<Record<string, string>> = {}): Arrival => {
    const sample = readSamples(kind).find((each) => each.event === event);
    if (sample === undefined) throw new Error(`${kind} has no sample ${event}`);
    let body = toRequest(row, sample).body.toString();
    for (const [before, after] of Object.entries(change)) {
      expect(body).toContain(before);
      body = body.replaceAll(before, after);
    }
    return receiveArrival(row, toRequest(row, sample, body));
  };
  expect(isEnded(read(first), read(last))).toBe(true);
  for (const [before, after] of Object.entries(other)) {
    const changed = read(first, { [before]: after });
    expect(changed.stateOf).toBeDefined();
    expect(changed.stateOf).not.toBe(read(last).stateOf);
  }
});

test("a certificate that runs out takes the place of no outage", async () => {
  for (const [kind, event] of [
    ["uptimerobot", "certificate"],
    ["checkly", "ssl"],
  ] as const) {
    const row = await loadRow(kind);
    const sample = readSamples(kind).find((one) => one.event === event);
    if (sample === undefined) throw new Error(event);
    expect(receiveArrival(row, toRequest(row, sample)).stateOf).toBeUndefined();
  }
});

test("what is said of an alert, and what was sent on its way, takes the place of nothing", async () => {
  const read = async (kind: string, event: string): Promise<Arrival> => {
    const row = await loadRow(kind);
    const sample = readSamples(kind).find((one) => one.event === event);
    if (sample === undefined) throw new Error(event);
    return receiveArrival(row, toRequest(row, sample));
  };
  for (const event of ["addnote", "addteam", "assignownership", "escalate"])
    expect((await read("opsgenie", event)).stateOf).toBeUndefined();
  const sent = await read("twilio", "message.sent");
  expect(sent.stateOf).not.toBe((await read("twilio", "message.delivered")).stateOf);
});
