/**
 * Access in the hub: the book, the desk and strangers, put together; and how owners hear of changes.
 *
 * Owns: what they are given. Never: what they decide.
 */
import type { NoticesView } from "../api/wire.ts";
import { AccessBook } from "../flow/access-book.ts";
import { AccessDesk, type People } from "../flow/access-desk.ts";
import { LoopBreaker } from "../flow/loop.ts";
import { Strangers } from "../flow/strangers.ts";
import type { Clock } from "../sdk/clock.ts";
import { toMessage } from "../sdk/errors.ts";
import type { Logger } from "../sdk/log.ts";
import type { Database } from "../store/database.ts";
import { addEffect } from "../store/outbox.ts";
import type { Connections } from "./connections.ts";

export type HubAccessOptions = {
  db: Database;
  clock: Clock;
  log: Logger;
  isStatic: boolean;
  hasChannel: (name: string) => boolean;
  peopleOf: (name: string) => People;
  connections: Connections;
  /** Where the owner wants notices, besides. */
  readNotices: () => NoticesView | undefined;
  /** A message to a channel is in the outbox. */
  queued: (channel: string) => void;
};

export type HubAccess = {
  book: AccessBook;
  desk: AccessDesk;
  strangers: Strangers;
  loops: LoopBreaker;
  /** Carries a line to the owners. Throws nothing. */
  notifyOwner: (text: string) => void;
};

export function openAccess(options: HubAccessOptions): HubAccess {
  const { db, clock, log, isStatic, hasChannel, peopleOf, connections } = options;
  const book = new AccessBook({ db, clock, isStatic });
  if (book.state.kind === "damaged")
    log.error(book.state, "the rules of access are damaged: nobody is admitted to a chat");
  const notifyOwner = (text: string, except?: { channel: string; chatId: string }): void =>
    tellOwners(options, book, text, except);
  // Not by the outbox: that keeps its rows, and a code is kept nowhere. Who misses one asks again.
  const say = (channel: string, chatId: string, text: string, threadId?: string): void => {
    const place = threadId === undefined ? { chatId } : { chatId, threadId };
    setImmediate(() => {
      connections
        .find(channel)
        ?.send({ ...place, text, isNotice: true })
        .catch((thrown: unknown) =>
          log.warn({ channel, error: toMessage(thrown) }, "a person could not be answered"),
        );
    });
  };
  return {
    book,
    notifyOwner,
    desk: new AccessDesk({ db, clock, book, hasChannel, peopleOf, notifyOwner, say }),
    strangers: new Strangers({ db, clock, book, notifyOwner, say }),
    loops: new LoopBreaker({ db, clock, notifyOwner, say }),
  };
}

/** Every owner, in their own chat, and the place for notices. The log has it in any case. */
function tellOwners(
  { db, clock, log, hasChannel, readNotices, queued }: HubAccessOptions,
  book: AccessBook,
  text: string,
  except?: { channel: string; chatId: string },
): void {
  log.warn({ notice: text }, "owners are told");
  const owners = book.rules.senders.filter(
    ({ channel, chatId, roles }) =>
      roles.includes("owner") &&
      chatId !== "" &&
      hasChannel(channel) &&
      !(channel === except?.channel && chatId === except.chatId),
  );
  const places: { channel: string; chatId: string | null }[] = [...owners];
  try {
    const { channel, chatId = null } = readNotices() ?? {};
    const isTold = owners.some((one) => one.channel === channel && one.chatId === chatId);
    if (channel !== undefined && hasChannel(channel) && !isTold) places.push({ channel, chatId });
  } catch (thrown) {
    log.warn({ error: toMessage(thrown) }, "the place for notices cannot be read");
  }
  if (places.length === 0) return;
  const effect = { kind: "notice", event: null, session: "", text } as const;
  db.write(() => {
    for (const { channel, chatId } of places)
      addEffect(db, { ...effect, channel, chatId }, clock.now());
  })
    .then(() => {
      for (const { channel } of places) queued(channel);
    })
    .catch((thrown: unknown) =>
      log.error({ error: toMessage(thrown) }, "owners could not be told of a change of access"),
    );
}
