/**
 * The hub's upkeep, put together; and where its notices go.
 *
 * Owns: what upkeep takes from the configuration. Never: does any of it (upkeep.ts, backups.ts).
 */
import type { Home } from "../api/home.ts";
import type { NoticesView } from "../api/wire.ts";
import type { Lifetime } from "../flow/expire.ts";
import { SluiceError, toMessage } from "../sdk/errors.ts";
import { addEffect } from "../store/outbox.ts";
import { Backups } from "./backups.ts";
import type { Channels } from "./channels.ts";
import { changeConfig, readConfig, readHistoryDays } from "./config.ts";
import { Upkeep, type UpkeepOptions } from "./upkeep.ts";

export type OpenUpkeepOptions = Pick<UpkeepOptions, "db" | "clock" | "log" | "openSessions"> & {
  home: Home;
  channels: Channels;
  /** A message to a channel is in the outbox. */
  queued: (channel: string) => void;
};

/** Starts it. Call the returned function to stop. */
export function openUpkeep(options: OpenUpkeepOptions): () => void {
  const { db, clock, log, home, channels, openSessions } = options;
  const backups = new Backups({ database: home.database, log });
  const notifier = openNotifier(options);
  const upkeep = new Upkeep({
    db,
    clock,
    log,
    lifetime: (name) => toLifetime(channels, name),
    historyDays: () => readHistoryDays(home.config),
    openSessions,
    notify: ({ text }, now) => notifier.notify(text, now),
    notified: notifier.notified,
    backUp: (now) => backups.check(now),
  });
  return () => {
    upkeep.close();
    backups.close();
  };
}

/** The way of a notice to where the owner wants it: `notify` inside `database.write`, `notified` after COMMIT. */
export function openNotifier({
  db,
  log,
  home,
  queued,
}: Pick<OpenUpkeepOptions, "db" | "log" | "home" | "queued">) {
  const told = new Set<string>();
  return {
    notify(text: string, now: number): void {
      const to = readNotices(home, log);
      if (to === undefined) return;
      const effect = { kind: "notice", event: null, session: "", text } as const;
      addEffect(db, { ...effect, channel: to.channel, chatId: to.chatId ?? null }, now);
      told.add(to.channel);
    },
    notified(): void {
      for (const channel of told) queued(channel);
      told.clear();
    },
  };
}

/** Names the channel that the owner hears of bad ends on, or none. @throws SluiceError `not_found`, `bad_input`. */
export function changeNotices(
  home: Home,
  channels: Channels,
  notices: NoticesView | undefined,
): void {
  if (notices !== undefined) {
    const found = channels.list().find(({ config }) => config.name === notices.channel);
    if (found === undefined) {
      throw new SluiceError(
        "not_found",
        `no channel "${notices.channel}"; "sluice channels" lists them`,
      );
    }
    if (found.isConnected && notices.chatId === undefined) {
      throw new SluiceError(
        "bad_input",
        `channel ${notices.channel} has chats: say which with --chat <id>; "sluice access" shows where people write`,
      );
    }
    if (!found.isConnected && !found.config.twoWay) {
      throw new SluiceError(
        "bad_input",
        `channel ${notices.channel} only brings events in; name a chat, or a webhook that was added with --two-way`,
      );
    }
  }
  changeConfig(home.config, (before) => {
    const after = { ...before };
    delete after.notices;
    return notices === undefined ? after : { ...after, notices };
  });
}

/** News waits a day, what people write a week; a channel that is gone counts as a chat. */
function toLifetime(channels: Channels, name: string): Lifetime {
  const entry = channels.list().find(({ config }) => config.name === name);
  const isChat = entry === undefined || entry.config.twoWay || entry.channel === undefined;
  return { isChat, ttlMs: entry?.config.ttlMs };
}

/** Undefined where the file cannot be read, too: the notice stands in the log, and doctor tells of the file. */
function readNotices(home: Home, log: OpenUpkeepOptions["log"]): NoticesView | undefined {
  try {
    return readConfig(home.config).notices;
  } catch (thrown) {
    log.warn({ error: toMessage(thrown) }, "a notice was not sent");
    return undefined;
  }
}
