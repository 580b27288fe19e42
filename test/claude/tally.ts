// What the model was given, of every event, while requests come in: for runs so long
// that no request can be kept. Owns the counting; never decides what should have come.
//
// Each request repeats its conversation, so only what a request adds counts.
import { toRead } from "./api-request.ts";
import type { ApiRequest } from "./api-request.ts";
import { toSession } from "./readings.ts";

/** One time that the model was told of an event: by its tag with the whole text, or by a digest's line. */
export type Telling = { session: string; replayed: boolean; way: "tag" | "line" };

const TELLING =
  /<channel [^>]*event_id="(?<tag>evt_\w+)"[^>]*>|^- (?<line>evt_\w+) (?<facts>[^:\n]*): /gm;

export class Tally {
  readonly tellings = new Map<string, Telling[]>();
  /** How often each marker was given, wherever it stood. */
  readonly places = new Map<string, number>();
  requests = 0;
  readonly #marker: RegExp;
  /** By conversation: how often each event and marker stood in its latest request. */
  readonly #before = new Map<string, Map<string, number>>();

  /** @param marker what each event's text can be found by; with the flag g. */
  constructor(marker: RegExp) {
    this.#marker = marker;
  }

  /** Counts what a request of a conversation adds. */
  count(request: ApiRequest): void {
    this.requests++;
    const session = toSession(request);
    const before = this.#before.get(session) ?? new Map<string, number>();
    const now = new Map<string, number>();
    const isNew = (key: string): boolean => {
      const times = (now.get(key) ?? 0) + 1;
      now.set(key, times);
      return times > (before.get(key) ?? 0);
    };
    const text = toRead(request);
    for (const { 0: whole, groups = {} } of text.matchAll(TELLING)) {
      const { tag, line, facts = "" } = groups;
      const id = tag ?? line ?? "";
      if (!isNew(id)) continue;
      const replayed =
        tag === undefined ? / replayed\b/.test(facts) : whole.includes(' replayed="true"');
      const telling: Telling = { session, replayed, way: tag === undefined ? "line" : "tag" };
      this.tellings.set(id, [...(this.tellings.get(id) ?? []), telling]);
    }
    for (const [marker] of text.matchAll(this.#marker))
      if (isNew(marker)) this.places.set(marker, (this.places.get(marker) ?? 0) + 1);
    this.#before.set(session, now);
  }
}
