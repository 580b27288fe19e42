import { purgeChatMessages, purgeEmptyChats } from "../../../store/page/chats.js";
import { keepHourly } from "../../upkeep/hourly.js";
/** A start has better things to do. */
const FIRST_MS = 60_000;
const DAY_MS = 86_400_000;
const BATCH = 500;
/** Tidies every hour until the result is called. */
export function keepTidy(options) {
    return keepHourly(options, "old chats", () => tidyChats(options), FIRST_MS);
}
/** One round. @throws SluiceError store_*. */
export async function tidyChats({ db, clock, files, historyDays }) {
    const before = clock.now() - historyDays() * DAY_MS;
    for (let gone = BATCH; gone === BATCH;)
        gone = await db.write(() => purgeChatMessages(db, before, BATCH));
    await db.write(() => purgeEmptyChats(db, before));
    await files.prune();
}
