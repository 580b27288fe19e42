// What the model has read of one event, over all requests of a run.
// Owns the counting; never decides what should have been read.
//
// Each request repeats its conversation, so only what a request adds counts. A
// conversation is a session id: /clear begins another one, --continue goes on.
import { expect } from "vitest";

import { toRead } from "./api-request.ts";
import type { ApiRequest } from "./api-request.ts";
import type { ScriptedApi } from "./scripted-api.ts";

export type Reading = {
  session: string;
  /** Index in `api.requests` of the first request that carries it. */
  request: number;
  replayed: boolean;
};

/** The first request of a conversation that holds these words. The client sends others too: for titles, for one. */
export function waitForWords(api: ScriptedApi, words: string): Promise<ApiRequest> {
  return api.waitFor((request) => request.kind === "main" && toRead(request).includes(words), {
    what: `that says "${words}"`,
    timeoutMs: 30_000,
  });
}

/** Every time the model was given this event's tag, in order. */
export function listReadings(api: ScriptedApi, id: string): Reading[] {
  const tags = new RegExp(`<channel [^>]*event_id="${id}"[^>]*>`, "g");
  return listAdded(api, tags).map(({ text, ...where }) => ({
    ...where,
    replayed: text.includes(' replayed="true"'),
  }));
}

/** How often the model was given these words. */
export function countGiven(api: ScriptedApi, words: string): number {
  const literal = words.replaceAll(/[^\w\s]/g, String.raw`\$&`);
  return listAdded(api, new RegExp(literal, "g")).length;
}

export type Sent = { id: string; marker: string };

/**
 * Each event was read: once, or again only where it says that it is a repetition.
 * Its text stood wherever its tag did and nowhere else.
 */
export function expectReadOnce(api: ScriptedApi, ...events: Sent[]): void {
  for (const { id, marker } of events) {
    const readings = listReadings(api, id);
    expect(readings.length, `times ${marker} was read`).toBeGreaterThan(0);
    // The first may say so too: what left for a client that died may have been read.
    const again = readings.slice(1).map(({ replayed }) => replayed);
    expect(again, `replays of ${marker}`).toEqual(again.map(() => true));
    expect(countGiven(api, marker), `places of ${marker}`).toBe(readings.length);
  }
}

/** Each event was read exactly once, as new. */
export function expectReadExactlyOnce(api: ScriptedApi, ...events: Sent[]): void {
  expectReadOnce(api, ...events);
  for (const { id, marker } of events) {
    const replays = listReadings(api, id).map(({ replayed }) => replayed);
    expect(replays, `readings of ${marker}`).toEqual([false]);
  }
}

/** The session id of a request of the conversation. */
export function toSession(request: ApiRequest): string {
  return request.headers["x-claude-code-session-id"] ?? "";
}

type Added = { session: string; request: number; text: string };

function listAdded(api: ScriptedApi, pattern: RegExp): Added[] {
  const before = new Map<string, number>();
  return api.requests.flatMap((request, index) => {
    if (request.kind !== "main") return [];
    const session = toSession(request);
    const found = [...toRead(request).matchAll(pattern)].map(([text]) => text);
    const known = before.get(session) ?? 0;
    before.set(session, found.length);
    return found.slice(known).map((text) => ({ session, request: index, text }));
  });
}
