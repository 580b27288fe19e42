/**
 * What is known of rooms: who is in one, what it is called, and events of it that were asked for.
 *
 * Owns: asking for that once, and forgetting it when it changes. Never: what follows from it.
 *
 * MXROOM-1 A room is a direct chat while the bot and one other person are in it, whatever anybody marked it as.
 * MXROOM-2 What may come later (the homeserver is away) is thrown, and asked for again; what the bot may not read is not there.
 */
import { isSluiceError } from "sluice";
import type { MatrixApi } from "./api.ts";
import { at, entriesAt, textAt } from "./json.ts";

export type Room = {
  isDirect: boolean;
  /** Empty where it has none. */
  title: string;
  /** Display names by user id, of those who are in it. */
  names: ReadonlyMap<string, string>;
};

const MAX_KNOWN = 500;
const MAX_NAME_CHARS = 100;

export class Rooms {
  readonly #api: MatrixApi;
  readonly #me: string;
  readonly #rooms = new Known<Room>();
  readonly #events = new Known<unknown>();

  constructor(api: MatrixApi, me: string) {
    this.#api = api;
    this.#me = me;
  }

  /** Somebody has come, left, or changed a name. */
  forget(room: string): void {
    this.#rooms.delete(room);
  }

  /** An event was changed, by an edit or a redaction. */
  forgetEvent(room: string, event: string): void {
    this.#events.delete(`${room} ${event}`);
  }

  async find(room: string): Promise<Room> {
    const known = this.#rooms.get(room);
    if (known !== undefined) return known;
    const place = `client/v3/rooms/${encodeURIComponent(room)}`;
    const joined = entriesAt(await this.#ask(`${place}/joined_members`), "joined");
    const names = joined.map(([id, member]): [string, string] => [
      id,
      toName(textAt(member, "display_name") ?? id),
    ]);
    // MXROOM-1
    const isDirect = joined.length === 2 && joined.some(([id]) => id === this.#me);
    const named = isDirect ? undefined : await this.#ask(`${place}/state/m.room.name/`);
    const found = { isDirect, title: toName(textAt(named, "name") ?? ""), names: new Map(names) };
    this.#rooms.set(room, found);
    return found;
  }

  /** As the homeserver has it, with its last edit in `unsigned`; undefined where the bot may not read it. */
  async findEvent(room: string, event: string): Promise<unknown> {
    const key = `${room} ${event}`;
    const known = this.#events.get(key);
    if (known !== undefined) return known;
    const path = `client/v3/rooms/${encodeURIComponent(room)}/event/${encodeURIComponent(event)}`;
    const found = await this.#ask(path);
    if (found !== undefined) this.#events.set(key, found);
    return found;
  }

  /** MXROOM-2 */
  async #ask(path: string): Promise<unknown> {
    try {
      return await this.#api.call("GET", path);
    } catch (thrown) {
      if (isSluiceError(thrown) && !thrown.retryable && thrown.code !== "unauthorized")
        return undefined;
      throw thrown;
    }
  }
}

/** What a message says now: of an edited one its last edit, without the words that older clients read. */
export function toContent(event: unknown): unknown {
  const edit = at(event, "unsigned", "m.relations", "m.replace", "content", "m.new_content");
  return edit ?? at(event, "content");
}

function toName(name: string): string {
  return name.replaceAll(/\s+/g, " ").trim().slice(0, MAX_NAME_CHARS).toWellFormed();
}

/** The newest of what was asked for. */
export class Known<T> {
  readonly #entries = new Map<string, T>();

  get(key: string): T | undefined {
    return this.#entries.get(key);
  }

  set(key: string, value: T): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > MAX_KNOWN && oldest !== undefined) this.#entries.delete(oldest);
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }
}
