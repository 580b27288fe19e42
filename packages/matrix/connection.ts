/**
 * A bot's account while it is connected: what the homeserver says is read, kept, and only then counted as read.
 *
 * Owns: the loop of /sync, its place, gaps and invitations. Never: what an event means (events.ts).
 *
 * MXSYNC-1 The place where /sync goes on is kept together with what came before it: a death in between brings the same events again.
 * MXSYNC-2 Where more was said than one answer holds (`limited`), the rest is fetched, back to the place where we were.
 * MXSYNC-3 What was said before the bot was there is no news: neither before its first look, nor in a room before it came in.
 * MXSYNC-4 Another account, or a place that the homeserver does not know, begins anew; that events may be missing is told.
 * MXSYNC-5 An encrypted room is told once that the bot reads nothing in it.
 * MXSYNC-6 What cannot be read costs itself, and never the events behind it.
 * https://spec.matrix.org/latest/client-server-api/#syncing
 */
import { setTimeout as sleep } from "node:timers/promises";
import { isSluiceError, type NewEvent, type ServiceLive, toMessage } from "sluice";
import { MatrixApi, readMe } from "./api.ts";
import { toEvent } from "./events.ts";
import { at, entriesAt, listAt, textAt } from "./json.ts";
import { Reactions } from "./reactions.ts";
import { Rooms } from "./rooms.ts";
import { Sender } from "./send.ts";

export type Timings = {
  /** How long the homeserver holds an empty answer. */
  pollMs: number;
  /** Before the first new try; twice as long before each further one. */
  againMs: number;
  /** Tries before the connection counts as lost. */
  tries: number;
};
export const TIMINGS: Timings = { pollMs: 30_000, againMs: 500, tries: 4 };

export type Matrix = {
  readonly api: MatrixApi;
  readonly sender: Sender;
  readonly reactions: Reactions;
  close(): Promise<void>;
};

const SLACK_MS = 20_000;
const MAX_SYNC_BYTES = 32 * 1024 * 1024;
const KEEP_MS = 60_000;
const PAGE = 100;
const MAX_PAGES = 50;
const TYPES = [
  "m.room.message",
  "m.room.encrypted",
  "m.sticker",
  "m.reaction",
  "m.room.redaction",
  "m.room.member",
];
const NOTHING = { types: [] };
/** Of each room; the rest is fetched in pages. An answer that is too large is asked for with less. */
const LIMITS = [20, 4, 1];
const toFilter = (limit: number) => ({
  presence: NOTHING,
  account_data: NOTHING,
  room: {
    account_data: NOTHING,
    ephemeral: NOTHING,
    state: { types: ["m.room.member", "m.room.name"], lazy_load_members: true },
    timeline: { types: TYPES, limit },
  },
});
const ENCRYPTED =
  "This room is end-to-end encrypted, and I cannot read what is written in it. Write to me in a room without encryption: switch it off when you make the room.";

/** Resolves once the homeserver has answered. @throws SluiceError */
export async function connect(
  live: ServiceLive,
  root: string,
  token: string,
  timings: Timings,
): Promise<Matrix> {
  const end = new AbortController();
  const signal = AbortSignal.any([live.signal, end.signal]);
  const api = new MatrixApi(root, token, signal, timings.againMs);
  const me = await readMe(api);
  const rooms = new Rooms(api, me);
  const reactions = new Reactions(api, me);
  const warn = (fields: object, message: string): void => live.log.warn(fields, message);
  const sender = new Sender({ api, me, rooms, reactions }, warn);
  const sync = new Sync({ api, me, rooms, live, signal, timings });
  await sync.once(0);
  const following = sync.follow();
  return {
    api,
    sender,
    reactions,
    async close() {
      end.abort();
      await following;
    },
  };
}

type Parts = {
  api: MatrixApi;
  me: string;
  rooms: Rooms;
  live: ServiceLive;
  signal: AbortSignal;
  timings: Timings;
};

class Sync {
  readonly #parts: Parts;
  readonly #told = new Set<string>();
  #since: string | undefined;
  #missed: string | undefined;
  #keptAt = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#since = readCursor(parts.live.cursor, parts.me);
  }

  /** Until the connection ends. Never rejects. */
  async follow(): Promise<void> {
    const { signal, live, timings } = this.#parts;
    for (let tries = 0; !signal.aborted;) {
      try {
        const isNews = await this.once(timings.pollMs);
        tries = 0;
        // A homeserver that does not hold empty answers is not asked without a pause.
        if (!isNews) await sleep(timings.againMs, undefined, { signal }).catch(() => undefined);
      } catch (thrown) {
        if (signal.aborted) return;
        tries += 1;
        const isHopeless = isSluiceError(thrown) && !thrown.retryable;
        if (isHopeless || tries > timings.tries) return live.lost(toMessage(thrown));
        const asked = isSluiceError(thrown) ? thrown.retryAfterMs : undefined;
        const waitMs = asked ?? timings.againMs * 2 ** (tries - 1);
        await sleep(waitMs, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  /** One answer of /sync, kept; whether there was anything in it. @throws SluiceError: nothing of it was kept. */
  async once(timeoutMs: number): Promise<boolean> {
    const { live, me } = this.#parts;
    const answer = await this.#ask(timeoutMs);
    const next = textAt(answer, "next_batch");
    if (next === undefined) throw new Error("Matrix: /sync was answered without next_batch");
    for (const [room, invited] of entriesAt(answer, "rooms", "invite"))
      await this.#join(room, invited);
    const events: NewEvent[] = this.#missed === undefined ? [] : [toMissed(this.#missed)];
    for (const [room, joined] of entriesAt(answer, "rooms", "join"))
      events.push(...(await this.#read(room, joined)));
    for (const [room] of entriesAt(answer, "rooms", "leave")) this.#parts.rooms.forget(room);
    // A place without news is written now and then: what lies before it is read again, and is nothing.
    const isDue = Date.now() - this.#keptAt > KEEP_MS;
    if (events.length > 0 || this.#since === undefined || (isDue && next !== this.#since)) {
      await live.pushAll(events, JSON.stringify({ me, since: next })); // MXSYNC-1
      this.#keptAt = Date.now();
    }
    this.#since = next;
    this.#missed = undefined;
    return entriesAt(answer, "rooms", "join").length > 0;
  }

  async #ask(timeoutMs: number, [limit = 1, ...less] = LIMITS): Promise<unknown> {
    const { api, live } = this.#parts;
    const since = this.#since;
    const query = new URLSearchParams({
      // Nothing of a first look is told.
      filter: JSON.stringify(toFilter(since === undefined ? 1 : limit)),
      timeout: String(since === undefined ? 0 : timeoutMs),
      ...(since === undefined ? {} : { since }),
    });
    const options = { timeoutMs: timeoutMs + SLACK_MS, maxBytes: MAX_SYNC_BYTES };
    try {
      return await api.call("GET", `client/v3/sync?${query}`, options);
    } catch (thrown) {
      if (isSluiceError(thrown, "too_large") && less.length > 0) return this.#ask(timeoutMs, less);
      // MXSYNC-4
      const isUnknown = isSluiceError(thrown, "send_failed") && !thrown.retryable;
      if (since === undefined || !isUnknown || !/answered 400\b/.test(thrown.message)) throw thrown;
      live.log.warn({ error: thrown.message }, "Matrix: the place of /sync is not known any more");
      this.#since = undefined;
      this.#missed = "the homeserver does not know any more where we had stopped reading";
      return this.#ask(0);
    }
  }

  /** Events of one room, oldest first. */
  async #read(room: string, joined: unknown): Promise<NewEvent[]> {
    const { rooms, me, live } = this.#parts;
    const timeline = listAt(joined, "timeline", "events");
    const state = listAt(joined, "state", "events");
    if ([...state, ...timeline].some(isAboutRoom)) rooms.forget(room);
    const since = this.#since;
    if (since === undefined) return []; // MXSYNC-3
    const isLimited = at(joined, "timeline", "limited") === true;
    const from = textAt(joined, "timeline", "prev_batch");
    const gap = isLimited ? await this.#fill(room, from, since) : NO_GAP;
    const all = [...gap.events, ...timeline];
    const cameIn = all.findLastIndex((event) => isArrivalOf(event, me));
    const events: NewEvent[] = gap.isWhole || cameIn !== -1 ? [] : [toMissed(TOO_MUCH)];
    for (const event of all.slice(cameIn + 1)) {
      if (at(event, "type") === "m.room.encrypted") {
        if (textAt(event, "sender") !== me) await this.#sayEncrypted(room);
        continue;
      }
      const read = await this.#toEvent(event, room);
      if (read !== undefined) events.push(read);
      else
        live.log.debug({ type: String(at(event, "type")).slice(0, 60) }, "no event for sessions");
    }
    return events;
  }

  /** MXSYNC-2: what lies between two places, oldest first. */
  async #fill(room: string, prevBatch: string | undefined, since: string): Promise<Gap> {
    const { me } = this.#parts;
    const events: unknown[] = [];
    let from = prevBatch;
    for (let page = 0; from !== undefined && page < MAX_PAGES; page++) {
      const answer = await this.#page(room, from, since);
      if (answer === undefined) break;
      const chunk = listAt(answer, "chunk");
      events.unshift(...chunk.toReversed());
      const end = textAt(answer, "end");
      const isOver = end === undefined || end === from || end === since;
      if (isOver || chunk.some((event) => isArrivalOf(event, me))) return { events, isWhole: true };
      from = end;
    }
    return { events, isWhole: false };
  }

  /** Undefined where the bot may not read it: it was put out of the room meanwhile. */
  async #page(room: string, from: string, to: string): Promise<unknown> {
    const filter = JSON.stringify({ types: TYPES, lazy_load_members: true });
    const query = new URLSearchParams({ dir: "b", from, to, limit: String(PAGE), filter });
    const path = `client/v3/rooms/${encodeURIComponent(room)}/messages?${query}`;
    try {
      return await this.#parts.api.call("GET", path, { maxBytes: MAX_SYNC_BYTES });
    } catch (thrown) {
      if (isPassing(thrown)) throw thrown;
      this.#parts.live.log.warn({ room, error: toMessage(thrown) }, "Matrix: a gap stays open");
      return undefined;
    }
  }

  /** MXSYNC-6 */
  async #toEvent(event: unknown, room: string): Promise<NewEvent | undefined> {
    try {
      return await toEvent(event, room, this.#parts);
    } catch (thrown) {
      if (isPassing(thrown)) throw thrown;
      const facts = { type: String(at(event, "type")).slice(0, 60), error: toMessage(thrown) };
      this.#parts.live.log.error(facts, "Matrix: an event could not be read and is left behind");
      return undefined;
    }
  }

  /** An invitation is taken from people of the bot's own homeserver; from others where its owner says so. */
  async #join(room: string, invited: unknown): Promise<void> {
    const { api, me, live } = this.#parts;
    const events = listAt(invited, "invite_state", "events");
    const own = events.find((event) => at(event, "state_key") === me && isMember(event, "invite"));
    const by = textAt(own, "sender") ?? "";
    if (!isWelcome(by, me, live.settings["invites"] ?? "")) {
      live.log.warn({ room }, "Matrix: an invitation of another homeserver was left as it is");
      return;
    }
    try {
      await api.call("POST", `client/v3/rooms/${encodeURIComponent(room)}/join`, { body: {} });
    } catch (thrown) {
      if (isPassing(thrown)) throw thrown;
      live.log.warn({ room, error: toMessage(thrown) }, "Matrix: a room could not be joined");
    }
  }

  /** MXSYNC-5 */
  async #sayEncrypted(room: string): Promise<void> {
    const { api, live } = this.#parts;
    if (this.#told.has(room)) return;
    this.#told.add(room);
    const content = { msgtype: "m.notice", body: ENCRYPTED, "m.mentions": {} };
    await api.put(room, "send/m.room.message", content).catch((thrown: unknown) => {
      live.log.warn({ room, error: toMessage(thrown) }, "Matrix: an encrypted room was not told");
    });
  }
}

type Gap = { events: readonly unknown[]; isWhole: boolean };
const NO_GAP: Gap = { events: [], isWhole: true };
const TOO_MUCH = `more came to a room than can be fetched (${PAGE * MAX_PAGES} events)`;

/** It may go well later, or is its owner's to mend. */
function isPassing(thrown: unknown): boolean {
  return isSluiceError(thrown) && (thrown.retryable || thrown.code === "unauthorized");
}

function toMissed(why: string): NewEvent {
  return { kind: "missed", text: `Matrix: messages may be missing: ${why}.` };
}

/** The place, where it is this account's. */
function readCursor(cursor: string | undefined, me: string): string | undefined {
  try {
    const kept: unknown = JSON.parse(cursor ?? "null");
    return textAt(kept, "me") === me ? textAt(kept, "since") : undefined;
  } catch {
    // Not of this version: it begins anew.
    return undefined;
  }
}

function isAboutRoom(event: unknown): boolean {
  return ["m.room.member", "m.room.name"].includes(textAt(event, "type") ?? "");
}

function isMember(event: unknown, membership: string): boolean {
  return at(event, "type") === "m.room.member" && at(event, "content", "membership") === membership;
}

/** That it came in, and not that it changed its name while it was there. */
function isArrivalOf(event: unknown, me: string): boolean {
  if (!isMember(event, "join") || at(event, "state_key") !== me) return false;
  return at(event, "unsigned", "prev_content", "membership") !== "join";
}

function isWelcome(by: string, me: string, setting: string): boolean {
  const listed = setting.split(",").map((one) => one.trim());
  const serverOf = (id: string): string => id.slice(id.indexOf(":") + 1);
  if (by === "" || !by.includes(":")) return false;
  return listed.includes("anyone") || listed.includes(by) || serverOf(by) === serverOf(me);
}
