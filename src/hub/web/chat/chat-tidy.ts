/**
 * Removes old messages and files of the page: messages go with the history, files with their messages.
 *
 * Owns: in which pieces. Never: an event, or a message that a session may still answer.
 */
import type { Clock } from "../../../sdk/clock.ts";
import type { Logger } from "../../../sdk/log.ts";
import { purgeChatMessages, purgeEmptyChats } from "../../../store/page/chats.ts";
import type { Database } from "../../../store/file/database.ts";
import { keepHourly } from "../../upkeep/hourly.ts";
import type { ChatFiles } from "./chat-files.ts";

export type ChatTidyOptions = {
  db: Database;
  clock: Clock;
  log: Logger;
  files: Pick<ChatFiles, "prune">;
  historyDays: () => number;
};

/** A start has better things to do. */
const FIRST_MS = 60_000;
const DAY_MS = 86_400_000;
const BATCH = 500;

/** Tidies every hour until the result is called. */
export function keepTidy(options: ChatTidyOptions): () => void {
  return keepHourly(options, "old chats", () => tidyChats(options), FIRST_MS);
}

/** One round. @throws SluiceError store_*. */
export async function tidyChats({ db, clock, files, historyDays }: ChatTidyOptions): Promise<void> {
  const before = clock.now() - historyDays() * DAY_MS;
  for (let gone = BATCH; gone === BATCH;)
    gone = await db.write(() => purgeChatMessages(db, before, BATCH));
  await db.write(() => purgeEmptyChats(db, before));
  await files.prune();
}
