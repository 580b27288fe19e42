import { Backups } from "./backups.js";
import { readHistoryDays } from "../settings/config.js";
import { Upkeep } from "./upkeep.js";
import { toMessage } from "../../sdk/errors.js";
import { checkLater } from "../../store/file/late-check.js";
/** Starts it. */
export function openUpkeep(core, needs) {
    const { db, clock, log, home } = core;
    const { channels, notices, delivery, elapsed, stop } = needs;
    const cancelCheck = startIntegrityCheck({ db, clock, log, stop });
    const backups = new Backups({ database: home.database, log });
    const notifier = notices.newNotifier();
    const upkeep = new Upkeep({
        db,
        clock,
        log,
        elapsed,
        lifetime: (name) => toLifetime(channels, name),
        historyDays: () => readHistoryDays(home.config),
        openSessions: () => [...delivery.leases].map(({ session }) => session),
        notify: ({ text }, now) => notifier.notify(text, now),
        notified: notifier.notified,
        backUp: (now) => backups.check(now),
    });
    return {
        close() {
            upkeep.close();
            backups.close();
            cancelCheck();
        },
    };
}
/** News waits a day, what people write a week; a channel that is gone counts as a chat. */
function toLifetime(channels, name) {
    const entry = channels.list().find(({ config }) => config.name === name);
    const isChat = entry === undefined || entry.config.twoWay || entry.channel === undefined;
    return { isChat, ttlMs: entry?.config.ttlMs };
}
/** Waiting events are delivered first. */
const AFTER_MS = 5_000;
/** Starts it where it is needed. Call the returned function to break it off: the next start then reads the whole file first. */
function startIntegrityCheck({ db, clock, log, stop }) {
    if (db.isChecked)
        return () => { };
    log.info({}, "the inbox is as its clean end left it: it is read whole later");
    let cancelCheck = () => { };
    const cancelTimer = clock.after(AFTER_MS, () => {
        const check = checkLater(db.path);
        cancelCheck = check.cancel;
        check.done.then((checked) => {
            if (checked.kind === "sound") {
                db.noteChecked();
                log.info({}, "the inbox was read whole and is sound");
            }
            if (checked.kind !== "damaged")
                return;
            log.error({ fault: checked.fault }, "the inbox is damaged: the hub stops");
            stop("the inbox is damaged");
        }, (thrown) => {
            log.warn({ error: toMessage(thrown) }, "the inbox could not be checked; the next start does it");
        });
    });
    return () => {
        cancelTimer();
        cancelCheck();
    };
}
