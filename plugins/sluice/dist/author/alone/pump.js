/**
 * Sends what waits into the session, in order, as fast as the client reads and no faster.
 *
 * Owns: when something is sent, and when it counts as read. Never: writes to the client by itself.
 *
 * PUMP-1 One notification is written at a time and waited for: a client that does not read fills no memory, the file keeps the rest.
 * PUMP-2 The channel has no receipt. An event counts as read once the session has lived on for half a minute, or has named the event in a
 *    call.
 * PUMP-3 More than fifty that waited while nobody was there are told in one line; urgent ones come all the same.
 */
import { toMessage } from "../../sdk/errors.js";
const BATCH = 32;
const READ_AFTER_MS = 30_000;
const TIDY_EVERY_MS = 3_600_000;
const BACKLOG_MAX = 50;
const RETRY_MS = 5_000;
export class Pump {
    #options;
    #wake = () => undefined;
    #isWoken = true;
    /** The batch that is on its way, or was last. */
    #sending;
    constructor(options) {
        this.#options = options;
        options.signal.addEventListener("abort", () => this.wake(), { once: true });
    }
    /** Something may wait. */
    wake() {
        this.#isWoken = true;
        this.#wake();
    }
    /** Resolves when the channel ends. */
    async run() {
        const { inbox, signal, mayPush } = this.#options;
        await this.#tellBacklog();
        const stops = [
            this.#every(READ_AFTER_MS / 2, () => this.settle()),
            this.#every(TIDY_EVERY_MS, () => inbox.tidy(false)),
        ];
        while (!signal.aborted) {
            this.#isWoken = false;
            if (mayPush)
                await this.#sendAll();
            if (signal.aborted)
                break;
            if (!this.#isWoken)
                await new Promise((resolve) => (this.#wake = resolve));
        }
        for (const stop of stops)
            stop();
    }
    /** PUMP-2. Of a batch that a client is slow to take, none counts before the last was sent for as long. */
    settle() {
        const { inbox, clock } = this.#options;
        const now = clock.now();
        const { offeredAt = now, sentAt = now } = this.#sending ?? {};
        const isRead = now - sentAt >= READ_AFTER_MS;
        return inbox.settle(isRead ? now - READ_AFTER_MS : Math.min(now - READ_AFTER_MS, offeredAt - 1));
    }
    async #sendAll() {
        const { inbox, send, signal, log, name, clock } = this.#options;
        try {
            // Loaded with the first event: a client waits for the start of what it spawns.
            const { toNotification } = await import("./text.js");
            while (!signal.aborted) {
                const events = inbox.next(BATCH);
                if (events.length === 0)
                    return;
                const offeredAt = await inbox.offer(events.map(({ id }) => id));
                this.#sending = { offeredAt };
                for (const event of events) {
                    if (signal.aborted)
                        return;
                    const { id, attempts, firstOfferedAt } = event;
                    if (!inbox.isOffered(id))
                        continue;
                    const offer = { attempts: attempts + 1, firstOfferedAt: firstOfferedAt ?? offeredAt };
                    const notification = this.#shape(() => toNotification({ ...event, ...offer }), id);
                    // PUMP-1
                    if (notification === undefined)
                        await inbox.move([id], "dead");
                    else
                        await send(notification);
                }
                this.#sending = { offeredAt, sentAt: clock.now() };
            }
        }
        catch (thrown) {
            if (signal.aborted)
                return;
            log.warn({ channel: name, error: toMessage(thrown) }, "events could not be sent; they wait");
            const stop = clock.after(RETRY_MS, () => this.wake());
            signal.addEventListener("abort", stop, { once: true });
        }
    }
    /** One that cannot be shown must not hold up all that come after it. */
    #shape(shape, id) {
        try {
            return shape();
        }
        catch (thrown) {
            const { log, name } = this.#options;
            log.error({ channel: name, event: id, error: toMessage(thrown) }, "an event cannot be shown");
            return undefined;
        }
    }
    /** PUMP-3 */
    async #tellBacklog() {
        const { inbox, send, mayPush, name } = this.#options;
        if (!mayPush || inbox.count("stored") <= BACKLOG_MAX)
            return;
        const count = await inbox.hold();
        if (count === 0)
            return;
        const content = `${count} events waited while no session was here. Read them with the inbox tool when it suits.`;
        await send({ content, meta: { channel: name, kind: "inbox.waiting", count: String(count) } });
    }
    #every(ms, action) {
        const { log, name } = this.#options;
        const run = () => {
            action().catch((thrown) => log.warn({ channel: name, error: toMessage(thrown) }, "the inbox was not tidied"));
        };
        const timer = setInterval(run, ms);
        timer.unref();
        return () => clearInterval(timer);
    }
}
