/**
 * The end of what the page keeps: messages go with the history, files with their messages.
 *
 * Owns: when, and in which pieces. Never: an event, or a message that a session may still answer.
 */
import type { Clock } from "../../sdk/clock.ts";
import { toMessage } from "../../sdk/errors.ts";
import type { Logger } from "../../sdk/log.ts";
import { purgeChatMessages, purgeEmptyChats } from "../../store/chats.ts";
import type { Database } from "../../store/database.ts";
import type { ChatFiles } from "./chat-files.ts";

export type ChatTidyOptions = {
  db: Database;
  clock: Clock;
  log: Logger;
  files: Pick<ChatFiles, "prune">;
  historyDays: () => number;
};

const EVERY_MS = 3_600_000;
/** A start has better things to do. */
const FIRST_MS = 60_000;
const DAY_MS = 86_400_000;
const BATCH = 500;

/** Tidies every hour until the result is called. */
export function keepTidy(options: ChatTidyOptions): () => void {
  const { clock, log } = options;
  let cancel: () => void;
  let isOver = false;
  const next = (delayMs: number): void => {
    cancel = clock.after(delayMs, () => {
      tidyChats(options)
        .catch((thrown: unknown) =>
          log.warn({ error: toMessage(thrown) }, "old chats stay for another hour"),
        )
        .finally(() => {
          if (!isOver) next(EVERY_MS);
        });
    });
  };
  next(FIRST_MS);
  return () => {
    isOver = true;
    cancel();
  };
}

/** One round. @throws SluiceError store_*. */
export async function tidyChats({ db, clock, files, historyDays }: ChatTidyOptions): Promise<void> {
  const before = clock.now() - historyDays() * DAY_MS;
  for (let gone = BATCH; gone === BATCH;)
    gone = await db.write(() => purgeChatMessages(db, before, BATCH));
  await db.write(() => purgeEmptyChats(db, before));
  await files.prune();
}
