/**
 * Connections, outbox and files, put together.
 *
 * Owns: which of them hears of what, and when each opens and closes. Never: what they do.
 */
import { join } from "node:path";
import type { Home } from "../api/home.ts";
import { ensureInnerFolder } from "../api/safe-folder.ts";
import { accept, type AcceptOptions, type Accepted } from "../flow/accept.ts";
import { isBusy } from "../flow/attachment.ts";
import type { Delivery } from "../flow/deliver.ts";
import { IncomingFiles } from "../flow/incoming-file.ts";
import { toMaybeText } from "../flow/notices.ts";
import type { OutboundTools } from "../flow/outbound-tools.ts";
import { pruneCopies } from "../flow/outgoing-file.ts";
import { Presence } from "../flow/presence.ts";
import type { Heard } from "../flow/prompt/hear.ts";
import { Sending } from "../flow/send.ts";
import { gate } from "../flow/gate.ts";
import { DEAD_LETTER, take } from "../flow/take.ts";
import type { Clock } from "../sdk/clock.ts";
import { isSluiceError, toMessage } from "../sdk/errors.ts";
import type { Arrival } from "../sdk/event.ts";
import type { Logger } from "../sdk/log.ts";
import type { OutgoingButton } from "../sdk/message.ts";
import { forgetCursor } from "../store/cursors.ts";
import type { Database } from "../store/database.ts";
import { addCount } from "../store/counters.ts";
import { failQueued, listCopies, purgeOutbox, type OutboxRow } from "../store/outbox.ts";
import { forgetDirectChats } from "../store/prompt-posts.ts";
import { listPrompts } from "../store/prompts.ts";
import type { Connections } from "./connections.ts";

export type OutboundOptions = {
  db: Database;
  clock: Clock;
  log: Logger;
  home: Home;
  connections: Connections;
  accept: AcceptOptions;
  delivery: Delivery;
  /** Configured channels with a connection of their own, paused ones included. */
  connected: () => readonly string[];
  /** The kind of a configured channel. */
  kindOf: (channel: string) => string | undefined;
  /** The owner has listed this chat. */
  isContact: (channel: string, chatId: string) => boolean;
  /** Somebody who may approve is asked in this chat. */
  isApproverChat: (channel: string, chatId: string) => boolean;
  /** What people answer to prompts, and commands, are taken out before the gate. */
  hear: (arrival: Arrival) => Promise<Heard>;
  /** The buttons of a message as it leaves. */
  toButtons: (row: OutboxRow) => OutgoingButton[][] | undefined;
  /** Carries a line to the owners. Throws nothing. */
  notifyOwner: (text: string) => void;
};

const TIDY_EVERY_MS = 3_600_000;
const OUTBOX_LIFE_MS = 30 * 24 * 3_600_000;

export class Outbound {
  readonly files: IncomingFiles;
  readonly sending: Sending;
  readonly #options: OutboundOptions;
  #cancelTidy: (() => void) | undefined;
  #presence: Presence | undefined;

  constructor(options: OutboundOptions) {
    const { db, clock, log, home, connections } = options;
    this.#options = options;
    const connection = connections.find.bind(connections);
    this.files = new IncomingFiles({
      db,
      clock,
      log,
      folder: join(home.path, "files"),
      connection,
    });
    const { connected, toButtons, notifyOwner } = options;
    this.sending = new Sending({
      db,
      clock,
      log,
      connected,
      connection,
      toButtons,
      unsure: (row) => notifyOwner(toMaybeText(row)),
    });
  }

  /** Resolves with what owners are to be told once channels are there. @throws SluiceError store_*, unsafe_home. */
  async open(): Promise<string[]> {
    for (const folder of ["files", "outbox", "outgoing"])
      ensureInnerFolder(join(this.#options.home.path, folder));
    const unsure = await this.sending.open();
    this.#presence = this.#openPresence();
    await this.#tidy();
    return unsure.map(toMaybeText);
  }

  /** The way out, as tools see it. */
  get tools(): OutboundTools {
    const { home, connections, connected, isContact } = this.#options;
    return {
      home: home.path,
      isConnected: (channel) => connected().includes(channel),
      connection: (channel) => connections.find(channel),
      settled: (id, waitMs) => this.sending.settled(id, waitMs),
      fetchFile: (event, position) => this.files.fetch(event, position),
      isContact,
    };
  }

  /** Something may leave now. */
  changed(): void {
    this.sending.changed();
  }

  /** One arrival from ingress, a script or the page. */
  async accept(arrival: Arrival, receivedAt: number): Promise<Accepted> {
    return this.#withImages(arrival.channel, [arrival], (options) =>
      accept(arrival, receivedAt, options),
    );
  }

  /** One arrival from ingress: people may stand behind it. */
  async receive(arrival: Arrival, receivedAt: number): Promise<Accepted | { kind: "heard" }> {
    const heard = await this.#hear(arrival);
    return heard.kind === "heard" ? { kind: "heard" } : this.accept(heard.arrival, receivedAt);
  }

  /** A batch of a connection, with the place where it ended. Resolves with what is to be told to who tapped a button. */
  async take(
    channel: string,
    arrivals: readonly Arrival[],
    cursor: string,
  ): Promise<readonly (string | undefined)[]> {
    const { log } = this.#options;
    const heard: Heard[] = [];
    // One after the other: what a person says first counts first.
    for (const arrival of arrivals) heard.push(await this.#hear({ ...arrival, channel }));
    const rest = heard.flatMap((one) => (one.kind === "pass" ? [one.arrival] : []));
    await this.#withImages(channel, rest, (options) =>
      take(channel, rest, cursor, { ...options, log }),
    );
    return heard.map((one) => (one.kind === "heard" ? one.answer : undefined));
  }

  /** What a channel could not read: a count that cannot be written is not worth a fault. */
  leftBehind(channel: string, count: number): void {
    const { db, clock, log } = this.#options;
    db.write(() => addCount(db, channel, DEAD_LETTER, clock.now(), count)).catch(
      (thrown: unknown) =>
        log.warn({ channel, count, error: toMessage(thrown) }, "dead letters could not be counted"),
    );
  }

  /** A channel is removed: another one of its name begins anew. */
  async forget(channel: string): Promise<void> {
    const { db } = this.#options;
    await db.write(() => {
      forgetCursor(db, channel);
      forgetDirectChats(db, channel);
      failQueued(db, channel, "its channel was removed");
    });
  }

  async close(): Promise<void> {
    this.#cancelTidy?.();
    this.#presence?.close();
    await this.sending.close();
  }

  /** @throws SluiceError store_*: it may come again. Whatever else goes wrong, it is then what any message is. */
  async #hear(arrival: Arrival): Promise<Heard> {
    try {
      return await this.#options.hear(arrival);
    } catch (thrown) {
      if (isSluiceError(thrown) && thrown.code.startsWith("store_")) throw thrown;
      const facts = { channel: arrival.channel, error: toMessage(thrown) };
      this.#options.log.error(facts, "an arrival could not be heard; the gate decides");
      return { kind: "pass", arrival };
    }
  }

  #openPresence(): Presence {
    const { db, clock, log, connections, delivery, kindOf } = this.#options;
    return new Presence({
      db,
      clock,
      log,
      channels: () => connections.names(),
      look: {
        isBusy: (id) => {
          const attachment = delivery.leases.find(id);
          return attachment !== undefined && isBusy(attachment, clock.now());
        },
        waitsForApproval: (attachment) =>
          listPrompts(db, { state: "pending", attachment, limit: 1 }).length > 0,
        hasTaker: (address) =>
          delivery.policy === undefined && delivery.router.owner(address).attachment !== undefined,
      },
      showTyping: (channel, chatId, activity) =>
        connections.find(channel)?.typing?.(chatId, activity),
      mark: (channel, chatId, messageId, sign) =>
        connections.find(channel)?.mark?.(chatId, messageId, sign),
      // The page itself says whether anybody listens.
      saysNobody: (channel) => kindOf(channel) !== "chat",
      saysApproval: (channel, chatId) =>
        kindOf(channel) !== "chat" && !this.#options.isApproverChat(channel, chatId),
      queued: () => this.changed(),
    });
  }

  /** Images are there when their event is: whoever is handed it finds them. Only of arrivals that the gate lets in. */
  async #withImages<T>(
    channel: string,
    arrivals: readonly Arrival[],
    keep: (options: AcceptOptions) => Promise<T>,
  ): Promise<T> {
    const options = this.#options.accept;
    const pictured = arrivals.filter(
      (arrival) =>
        arrival.files !== undefined && gate(arrival, options.access(channel)).kind === "admit",
    );
    if (pictured.length === 0) return keep(options);
    const fetched = await this.files.fetchImages(channel, pictured);
    try {
      return await keep({
        ...options,
        stored: (id, arrival) => {
          this.files.adopt(id, arrival, fetched);
          options.stored(id, arrival);
        },
      });
    } finally {
      this.files.discard(fetched);
    }
  }

  async #tidy(): Promise<void> {
    const { db, clock, log, home } = this.#options;
    try {
      await this.files.prune();
      await db.write(() => purgeOutbox(db, clock.now() - OUTBOX_LIFE_MS));
      pruneCopies(join(home.path, "outgoing"), listCopies(db), clock.now());
    } catch (thrown) {
      log.warn({ error: toMessage(thrown) }, "old files and messages stay for another hour");
    }
    this.#cancelTidy = clock.after(TIDY_EVERY_MS, () => void this.#tidy());
  }
}
