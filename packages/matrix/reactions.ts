/**
 * The bot's own reactions: a session's, the signs of how far a message got, and the words that are buttons.
 *
 * Owns: which of them stand, and taking one back. Never: reads those of people (events.ts).
 *
 * MXREACT-1 One sign at a message: a later one takes the place of an earlier, also over a restart.
 * MXREACT-2 A reaction is its sender's redaction to take back: only our own are looked for.
 */
import { isSluiceError, type Sign } from "sluice";
import type { MatrixApi } from "./api.ts";
import { listAt, textAt } from "./json.ts";
import { Known } from "./rooms.ts";

const SIGNS: Readonly<Record<Sign, string | undefined>> = {
  received: "👀",
  approval: "✋",
  answered: undefined,
  maybe: "❔",
  done: "👌",
  lost: "🤷",
};
const SIGN_KEYS: ReadonlySet<string> = new Set(
  Object.values(SIGNS).filter((key) => key !== undefined),
);

export class Reactions {
  readonly #api: MatrixApi;
  readonly #me: string;
  /** By message: the sign's own event and its key; `undefined` where none stands. */
  readonly #signs = new Known<{ event: string; key: string } | "none">();
  /** What is done at one message is done in order. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(api: MatrixApi, me: string) {
    this.#api = api;
    this.#me = me;
  }

  /** @throws SluiceError */
  async add(room: string, message: string, key: string): Promise<string | undefined> {
    const relation = { rel_type: "m.annotation", event_id: message, key };
    try {
      return await this.#api.put(room, "send/m.reaction", { "m.relates_to": relation });
    } catch (thrown) {
      // It stands there already: https://spec.matrix.org/latest/client-server-api/#avoiding-duplicate-annotations
      if (isSluiceError(thrown) && /M_DUPLICATE_ANNOTATION/.test(thrown.message)) return undefined;
      throw thrown;
    }
  }

  /** MXREACT-1. @throws SluiceError */
  mark(room: string, message: string, sign: Sign): Promise<void> {
    const before = this.#last;
    const work = (async () => {
      await before.catch(() => undefined);
      await this.#mark(room, message, sign);
    })();
    this.#last = work;
    return work;
  }

  async #mark(room: string, message: string, sign: Sign): Promise<void> {
    const key = SIGNS[sign];
    const place = `${room} ${message}`;
    const known = this.#signs.get(place);
    if (known !== undefined && known !== "none" && known.key === key) return;
    const old =
      known === undefined
        ? await this.#find(room, message, SIGN_KEYS)
        : known === "none"
          ? []
          : [known.event];
    const event = key === undefined ? undefined : await this.add(room, message, key);
    for (const one of old) if (one !== event) await this.#redact(room, one);
    this.#signs.set(place, key === undefined || event === undefined ? "none" : { event, key });
  }

  /** Takes back those of ours with these keys. */
  async takeBack(room: string, message: string, keys: ReadonlySet<string>): Promise<void> {
    if (keys.size === 0) return;
    for (const event of await this.#find(room, message, keys)) await this.#redact(room, event);
  }

  async #redact(room: string, event: string): Promise<void> {
    await this.#api.put(room, `redact/${encodeURIComponent(event)}`, {});
  }

  /** MXREACT-2 */
  async #find(room: string, message: string, keys: ReadonlySet<string>): Promise<string[]> {
    const place = `client/v1/rooms/${encodeURIComponent(room)}/relations/${encodeURIComponent(message)}`;
    const answer = await this.#api.call("GET", `${place}/m.annotation/m.reaction?limit=100`);
    return listAt(answer, "chunk").flatMap((one): string[] => {
      const key = textAt(one, "content", "m.relates_to", "key") ?? "";
      const id = textAt(one, "event_id");
      return textAt(one, "sender") === this.#me && keys.has(key) && id !== undefined ? [id] : [];
    });
  }
}
