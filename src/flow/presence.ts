/**
 * What the people in a chat are shown while they wait: that somebody works on it, or that nobody is there.
 *
 * Owns: which chat is shown what, and when. Never: answers for a session; speaks to who was not admitted: their messages are not here.
 *
 * U1 Typing is shown every 4 s while a session that holds a message of the chat is in a turn; platforms forget it by themselves.
 * U2 That nobody listens is said once an hour in a chat, and only for a message that just came: not again at each restart.
 */
import type { Clock } from "../sdk/clock.ts";
import { toMessage } from "../sdk/errors.ts";
import type { Logger } from "../sdk/log.ts";
import type { Database } from "../store/database.ts";
import { listOpenMessages, type OpenMessage } from "../store/open-chats.ts";
import { addEffect } from "../store/outbox.ts";

export type Show =
  | { kind: "typing"; channel: string; chatId: string }
  | { kind: "nobody"; channel: string; chatId: string };

export type Look = {
  /** The attachment is in a turn now. */
  isBusy: (attachment: string) => boolean;
  /** Some session can take what waits at this address. */
  hasTaker: (address: string) => boolean;
  now: number;
};

export const TYPING_EVERY_MS = 4_000;
/** A session may just be coming back. */
const NOBODY_AFTER_MS = 5_000;
const NOBODY_UNTIL_MS = 10 * 60_000;
const SOON_MS = 250;
const MAX_MESSAGES = 1_000;

export const NOBODY_TEXT =
  "Nobody is listening: no session is open that can take this. Your message is kept and will be read when one opens.";

/** What each chat is shown now, in the order of its oldest open message. Pure. */
export function toShows(messages: readonly OpenMessage[], look: Look): Show[] {
  const shows = new Map<string, Show>();
  for (const { channel, chatId, attachment, state, address, receivedAt } of messages) {
    const chat = JSON.stringify([channel, chatId]);
    const age = look.now - receivedAt;
    if (attachment !== null && look.isBusy(attachment)) {
      shows.set(chat, { kind: "typing", channel, chatId });
    } else if (
      !shows.has(chat) &&
      state === "stored" &&
      age >= NOBODY_AFTER_MS &&
      age < NOBODY_UNTIL_MS &&
      !look.hasTaker(address)
    ) {
      shows.set(chat, { kind: "nobody", channel, chatId });
    }
  }
  return [...shows.values()];
}

export type PresenceOptions = {
  db: Database;
  clock: Clock;
  log: Logger;
  /** Channels with a live connection. */
  channels: () => readonly string[];
  look: Omit<Look, "now">;
  /** Undefined where the channel cannot show it. */
  showTyping: (channel: string, chatId: string) => Promise<void> | undefined;
  /** False where people see by other means whether anybody listens. */
  saysNobody: (channel: string) => boolean;
  /** After COMMIT of what was queued. */
  queued: (channel: string) => void;
};

export class Presence {
  readonly #options: PresenceOptions;
  readonly #startedAt: number;
  readonly #stopWatching: () => void;
  #cancel: (() => void) | undefined;
  #closed = false;

  constructor(options: PresenceOptions) {
    this.#options = options;
    this.#startedAt = options.clock.now();
    // While nothing is open nothing ticks.
    this.#stopWatching = options.db.watch(() => {
      if (this.#cancel === undefined) this.#after(SOON_MS);
    });
    this.#after(TYPING_EVERY_MS);
  }

  close(): void {
    this.#closed = true;
    this.#cancel?.();
    this.#stopWatching();
  }

  #after(delayMs: number): void {
    if (this.#closed) return;
    this.#cancel = this.#options.clock.after(delayMs, () => {
      this.#cancel = undefined;
      this.#round();
    });
  }

  #round(): void {
    const { db, clock, log, channels, look } = this.#options;
    let messages: OpenMessage[];
    try {
      messages = listOpenMessages(db, channels(), MAX_MESSAGES);
    } catch (thrown) {
      log.warn({ error: toMessage(thrown) }, "open chats could not be read");
      return this.#after(TYPING_EVERY_MS);
    }
    for (const show of toShows(messages, { ...look, now: clock.now() })) this.#show(show);
    if (messages.length > 0) this.#after(TYPING_EVERY_MS);
  }

  #show({ kind, channel, chatId }: Show): void {
    const { log, clock, showTyping, saysNobody } = this.#options;
    if (kind === "typing") {
      // A courtesy: it comes again in four seconds, or is not needed any more.
      showTyping(channel, chatId)?.catch((thrown: unknown) =>
        log.debug({ channel, error: toMessage(thrown) }, "typing could not be shown"),
      );
      return;
    }
    // After a start the sessions need a moment to come back.
    if (!saysNobody(channel) || clock.now() - this.#startedAt < 4 * NOBODY_AFTER_MS) return;
    this.#sayNobody(channel, chatId).catch((thrown: unknown) =>
      log.warn({ channel, error: toMessage(thrown) }, "that nobody listens could not be said"),
    );
  }

  async #sayNobody(channel: string, chatId: string): Promise<void> {
    const { db, clock, queued } = this.#options;
    const notice = {
      kind: "notice",
      event: null,
      channel,
      chatId,
      session: "",
      text: NOBODY_TEXT,
    } as const;
    const { duplicate } = await db.write(() => addEffect(db, notice, clock.now()));
    if (!duplicate) queued(channel);
  }
}
