/**
 * Follows the folder: takes in each mail once, from the first life on.
 *
 * Owns: the cursor, and the time of each try. Never: reads a mail (read-mail.ts).
 *
 * MAILCURSOR-1 The cursor is the server's numbering (UIDVALIDITY), the last number taken and when that mail came. It moves with its events, in
 *    one transaction.
 * MAILCURSOR-2 When the server has numbered its mails anew, all mails since shortly before the last one are read again: their ids make those
 *    that were taken duplicates, and none is missed.
 * MAILCURSOR-3 A mail that cannot be read is left behind and counted, at once where the connection lives on, else when it has ended three
 *    connections: it does not keep others from coming.
 */
import { sleep } from "../../sdk/clock.js";
import { isSluiceError, toMessage } from "../../sdk/errors.js";
import { countAt, parseJson, textAt } from "../../sdk/json.js";
import { Mailbox } from "./mailbox.js";
const BATCH = 10;
const MAX_TRIES = 3;
/** Days of the search are days of the server's own zone, and clocks differ. */
const OVERLAP_MS = 48 * 3_600_000;
export class Follower {
    #options;
    #tries = new Map();
    #cursor;
    #box;
    constructor(options) {
        this.#options = options;
        this.#cursor = parseCursor(options.context.cursor);
    }
    /** The live mailbox; undefined while there is none. */
    get box() {
        return this.#box;
    }
    /** Runs until the signal aborts or the login is refused. Rejects never. */
    async run() {
        const { account, context, timings, ca } = this.#options;
        const { clock, log, signal, report } = context;
        let failures = 0;
        while (!signal.aborted) {
            try {
                const box = await Mailbox.open({ account, timings, clock, signal, ca });
                this.#box = box;
                for (;;) {
                    if (failures === 0)
                        report({ kind: "connected" });
                    await this.#catchUp(box);
                    failures = 0;
                    report({ kind: "connected" });
                    await box.changed(timings.pollMs);
                }
            }
            catch (thrown) {
                await this.#drop();
                if (signal.aborted)
                    return;
                const reason = toMessage(thrown);
                if (isSluiceError(thrown) && ["unauthorized", "bad_config"].includes(thrown.code))
                    return report({ kind: "paused", reason });
                const backoff = timings.firstRetryMs * 2 ** Math.min(failures++, 10);
                const delayMs = Math.min(timings.lastRetryMs, backoff);
                log.debug({ reason, delayMs }, "the mailbox is opened again");
                report({ kind: "retrying", reason });
                await sleep(delayMs, clock, signal);
            }
        }
        await this.#drop();
    }
    async #drop() {
        const box = this.#box;
        this.#box = undefined;
        await box?.close();
    }
    async #catchUp(box) {
        const { context } = this.#options;
        const known = this.#cursor;
        if (known === undefined) {
            // From now on; kept, so that what comes before the first mail is not missed by the next life.
            const now = context.clock.now();
            return this.#take([], { validity: box.uidValidity, uid: box.uidNext - 1, at: now });
        }
        const isSame = known.validity === box.uidValidity;
        // MAILCURSOR-2
        const uids = isSame
            ? await box.listAfter(known.uid)
            : await box.listSince(known.at - OVERLAP_MS);
        if (!isSame && uids.length === 0)
            return this.#take([], { ...known, validity: box.uidValidity, uid: box.uidNext - 1 });
        for (let at = 0; at < uids.length; at += BATCH)
            await this.#takeBatch(box, uids.slice(at, at + BATCH), isSame ? known.at : 0);
    }
    async #takeBatch(box, uids, since) {
        const arrivals = [];
        let at = Math.max(since, this.#cursor?.at ?? 0);
        let last = 0;
        for (const uid of uids) {
            const arrival = await this.#read(box, uid);
            last = uid;
            if (arrival === undefined)
                continue;
            arrivals.push(arrival);
            at = Math.max(at, Math.min(arrival.occurredAt ?? 0, this.#options.context.clock.now()));
        }
        await this.#take(arrivals, { validity: box.uidValidity, uid: last, at });
    }
    /** MAILCURSOR-3 */
    async #read(box, uid) {
        const { read, context } = this.#options;
        const key = `${box.uidValidity}/${uid}`;
        const tries = (this.#tries.get(key) ?? 0) + 1;
        if (tries > MAX_TRIES)
            return this.#leaveBehind(uid, "it has ended the connection each time");
        this.#tries.set(key, tries);
        try {
            const arrival = await read(box, uid);
            this.#tries.delete(key);
            return arrival;
        }
        catch (thrown) {
            if (!box.isLive || context.signal.aborted)
                throw thrown;
            this.#tries.delete(key);
            return this.#leaveBehind(uid, toMessage(thrown));
        }
    }
    #leaveBehind(uid, reason) {
        const { context } = this.#options;
        context.log.warn({ uid, reason }, "a mail could not be read; left out");
        context.leftBehind?.(1);
        return undefined;
    }
    /** MAILCURSOR-1 */
    async #take(arrivals, cursor) {
        await this.#options.context.take(arrivals, JSON.stringify(cursor));
        this.#cursor = cursor;
    }
}
function parseCursor(text) {
    if (text === undefined)
        return undefined;
    const parsed = parseJson(Buffer.from(text));
    if (parsed.kind !== "ok")
        return undefined;
    const validity = textAt(parsed.value, "validity");
    const uid = countAt(parsed.value, "uid");
    const at = countAt(parsed.value, "at");
    if (validity === undefined || uid === undefined || at === undefined)
        return undefined;
    return { validity, uid, at };
}
