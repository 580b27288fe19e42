import { listOverdue } from "../../flow/route/overdue.js";
import { toMessage } from "../../sdk/errors.js";
import { readNotifiedSince, setNotifiedSince } from "../../store/sessions/notified.js";
import { isDue } from "./upkeep.js";
export function openWaitingNotices({ db, clock, log }, { delivery, settings, notices, }) {
    return new WaitingNotices({
        db,
        clock,
        log,
        delivery,
        readAfterMinutes: () => settings.routing.noticeAfterMinutes,
        ...notices.newNotifier(),
    });
}
const ROUND_MS = 60_000;
const PURGE_EVERY_MS = 3_600_000;
export class WaitingNotices {
    #options;
    #purgedAt = 0;
    #isClosed = false;
    #cancel = () => { };
    constructor(options) {
        this.#options = options;
        this.#schedule();
    }
    /** What the owner should know now. */
    list() {
        const { db, clock, delivery, readAfterMinutes } = this.#options;
        const minutes = readAfterMinutes();
        if (minutes === 0)
            return [];
        const { router, watchers } = delivery;
        const now = clock.now();
        return listOverdue({ db, router, watchers }, now - minutes * 60_000, now);
    }
    close() {
        this.#isClosed = true;
        this.#cancel();
    }
    #schedule() {
        const { clock, log } = this.#options;
        this.#cancel = clock.after(ROUND_MS, () => {
            this.#round()
                .catch((thrown) => {
                if (!this.#isClosed)
                    log.warn({ error: toMessage(thrown) }, "notices of events that wait too long could not be sent");
            })
                .finally(() => {
                if (!this.#isClosed)
                    this.#schedule();
            });
        });
    }
    async #round() {
        const { db, clock, log, delivery, notify, notified } = this.#options;
        const now = clock.now();
        const told = readNotifiedSince(db);
        const overdue = this.list();
        // Told again only once what was told of is gone: then the oldest that waits is a later one.
        const untold = overdue.filter(({ address, since }) => (told.get(address) ?? 0) < since);
        const isOver = [...told.keys()].some((one) => !overdue.some(({ address }) => address === one));
        if (untold.length > 0 || isOver) {
            await db.write(() => {
                setNotifiedSince(db, new Map(overdue.map(({ address, since }) => [address, since])));
                for (const { text } of untold)
                    notify(`Sluice: ${text}.`, now);
            });
            for (const { channel, count, text } of untold)
                log.warn({ channel, count }, text);
            notified();
        }
        if (!isDue(this.#purgedAt, PURGE_EVERY_MS, now))
            return;
        this.#purgedAt = now;
        await delivery.watchers.purge([...delivery.leases].map(({ session }) => session));
    }
}
