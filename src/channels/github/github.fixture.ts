/**
 * Requests as GitHub sends them, for tests, and what becomes of them.
 *
 * Owns: that set-up. Never: the behaviour under test.
 */
import type { VerifiedRequest } from "../../sdk/channel.ts";
import type { Arrival } from "../../sdk/event.ts";
import { github } from "./index.ts";
import samples from "./samples.json" with { type: "json" };

export const GUID = "72d3162e-cc78-11e3-81ab-4c9367dc0958";

export function request(
  event: string,
  body: Buffer | string,
  contentType = "application/json",
): VerifiedRequest {
  const headers = {
    "x-github-event": event,
    "x-github-delivery": GUID,
    "content-type": contentType,
  };
  return {
    channel: "gh",
    path: "",
    method: "POST",
    headers,
    body: Buffer.from(body),
    verified: "github",
    receivedAt: 0,
  };
}

export function receive(message: VerifiedRequest): Arrival {
  const received = github.receive(message, { name: "gh", twoWay: false });
  if (received.kind !== "arrival") throw new Error(JSON.stringify(received));
  return received.arrival;
}

export function receiveSample(name: keyof typeof samples, change: object = {}): Arrival {
  const { event, payload } = samples[name];
  return receive(request(event, JSON.stringify({ ...payload, ...change })));
}
