/**
 * Stage 9, send: each message of the outbox is sent once, through its channel's connection.
 *
 * Owns: when a row is sent, and its state after the outcome. Never: talks to a platform itself; repeats a message that may have arrived.
 *
 * SEND-1 `sending` is committed before a message leaves, its outcome after. After a crash in between the message is `maybe`.
 * SEND-2 One message of a chat is sent at a time, in the order of the outbox: a message that waits delays its own chat and no other.
 * SEND-3 After a retryable fault the next try waits as long as the platform says, else 1 s, 2 s, ... 60 s; after 24 hours the message
 *    has failed. A fault before the request is written is retryable (sdk/net/request.ts); of a message in parts the next try goes on behind
 *    those that arrived.
 * SEND-4 The owner is notified of each message of a session that may not have arrived, also one of an earlier life of the hub.
 */
import { within } from "../../sdk/clock.js";
import { isSluiceError, toMessage } from "../../sdk/errors.js";
import { MaybeSent, PartlySent, } from "../../sdk/message.js";
import { findAnswering } from "../../store/events/payloads.js";
import { expireQueued, findEffect, listHeads, markSending, markSent, markUnsent, markWaiting, recoverSending, } from "../../store/outbox/outbox.js";
const FIRST_RETRY_MS = 1_000;
const MAX_RETRY_MS = 60_000;
const LIFE_MS = 24 * 3_600_000;
const SWEEP_MS = 60_000;
/** Chats of one channel that are written to at the same time. */
const PARALLEL = 4;
export class Sending {
    #options;
    #inFlight = new Map();
    #waiters = new Map();
    #cancelSweep;
    #cancelPump;
    #closed = false;
    #scheduled = false;
    constructor(options) {
        this.#options = options;
    }
    /**
     * What an earlier life was sending is marked, then sending begins. Resolves with the messages of sessions among it (SEND-4).
     * @throws SluiceError store_*.
     */
    async open() {
        const { db } = this.#options;
        const rows = await db.write(() => recoverSending(db));
        this.#sweep();
        return rows.filter((row) => this.#noteMaybe(row));
    }
    /** Something may leave now: a row was queued, or a connection came up. */
    changed() {
        if (this.#scheduled || this.#closed)
            return;
        this.#scheduled = true;
        setImmediate(() => {
            this.#scheduled = false;
            if (!this.#closed)
                this.#pump();
        });
    }
    /** What became of a row, or what it is after `waitMs`. */
    settled(id, waitMs) {
        const { db, clock } = this.#options;
        const now = findEffect(db, id);
        if (now === undefined || isOver(now))
            return Promise.resolve(now);
        return new Promise((resolve) => {
            const waiters = this.#waiters.get(id) ?? new Set();
            this.#waiters.set(id, waiters);
            const end = (outcome) => {
                cancel();
                waiters.delete(end);
                if (waiters.size === 0)
                    this.#waiters.delete(id);
                resolve(outcome);
            };
            const cancel = clock.after(waitMs, () => end(this.#find(id)));
            waiters.add(end);
        });
    }
    /** Stops; waits a little for what is on its way, so that its outcome is known. */
    async close(graceMs = 2_000) {
        this.#closed = true;
        this.#cancelSweep?.();
        this.#cancelPump?.();
        if (this.#inFlight.size === 0)
            return;
        const over = Promise.allSettled([...this.#inFlight.values()].map(({ done }) => done));
        await within(graceMs, over, undefined);
    }
    #pump() {
        const { db, clock, connection, connected, log } = this.#options;
        const now = clock.now();
        let next = Number.POSITIVE_INFINITY;
        this.#cancelPump?.();
        try {
            for (const channel of connected()) {
                const live = connection(channel);
                if (live === undefined)
                    continue;
                let busy = [...this.#inFlight.values()].filter((one) => one.channel === channel).length;
                for (const row of listHeads(db, channel, 100)) {
                    if (row.dueAt > now)
                        next = Math.min(next, row.dueAt);
                    else if (!this.#inFlight.has(row.id) && busy++ < PARALLEL)
                        this.#start(row, live);
                }
            }
        }
        catch (thrown) {
            log.error({ error: toMessage(thrown) }, "the outbox could not be read; trying again in 1 s");
            next = now + FIRST_RETRY_MS;
        }
        if (Number.isFinite(next))
            this.#cancelPump = clock.after(Math.max(5, next - now), () => this.changed());
    }
    #start(row, connection) {
        const { log } = this.#options;
        const done = this.#send(row, connection)
            .catch((thrown) => {
            // Nothing has left: the row is as it was, and the sweep looks at it again.
            log.error({ outbox: row.id, error: toMessage(thrown) }, "a message could not be begun");
        })
            .finally(() => {
            this.#inFlight.delete(row.id);
            this.#tell(row.id);
            this.changed();
        });
        this.#inFlight.set(row.id, { channel: row.channel, done });
    }
    async #send(row, connection) {
        const { db, clock } = this.#options;
        const answering = row.event === null ? undefined : findAnswering(db, row.event);
        if (!(await db.write(() => markSending(db, row.id))))
            return;
        let record;
        let isLost = false;
        try {
            const messageIds = await carry(row, connection, {
                buttons: this.#options.toButtons?.(row),
                answering,
            });
            record = () => markSent(db, row.id, clock.now(), messageIds);
        }
        catch (thrown) {
            isLost = true;
            record = () => this.#judge({ ...row, attempts: row.attempts + 1 }, thrown);
        }
        await this.#write(row.id, record);
        const after = isLost ? this.#find(row.id) : undefined;
        if (after?.state === "maybe" && this.#noteMaybe(after))
            this.#options.unsure?.(after);
    }
    /** True where its owner is to be told (SEND-4): a line of our own that may not have arrived is not worth another one. */
    #noteMaybe({ id: outbox, kind, channel, reason }) {
        this.#options.log.warn({ outbox, channel, reason }, "a message may have been sent");
        return kind === "reply" || kind === "send";
    }
    /** An outcome is known once: it is written however long the store takes to come back. A death before is "maybe sent" (SEND-1). */
    async #write(id, record) {
        const { db, clock, log } = this.#options;
        for (;;) {
            try {
                return await db.write(record);
            }
            catch (thrown) {
                if (this.#closed)
                    return;
                log.error({ outbox: id, error: toMessage(thrown) }, "an outcome could not be written yet");
                await new Promise((resolve) => void clock.after(FIRST_RETRY_MS, resolve));
            }
        }
    }
    #judge(row, thrown) {
        const { db, clock } = this.#options;
        const now = clock.now();
        const reason = toMessage(thrown).slice(0, 500);
        const fault = isSluiceError(thrown) ? thrown : undefined;
        const mayRepeat = row.kind === "edit" || row.kind === "react";
        if (!mayRepeat && (fault === undefined || fault.cause instanceof MaybeSent)) {
            const known = fault?.cause instanceof MaybeSent ? fault.cause.messageIds : [];
            const ids = known.length > 0 ? known : row.messageIds;
            return markUnsent(db, row.id, "maybe", reason, ids);
        }
        const ids = fault?.cause instanceof PartlySent ? fault.cause.messageIds : row.messageIds;
        const wait = toRetry(row, fault, this.#toBefore(LIFE_MS));
        if (wait === undefined)
            markUnsent(db, row.id, "failed", reason, ids);
        else
            markWaiting(db, row.id, now + wait, reason, ids);
    }
    #toBefore(lifeMs) {
        const { clock, toBefore = (ms) => clock.now() - ms } = this.#options;
        return toBefore(lifeMs);
    }
    #sweep() {
        const { db, clock, connected, log } = this.#options;
        const before = this.#toBefore(LIFE_MS);
        db.write(() => expireQueued(db, connected(), before, "not sent within 24 hours")).catch((thrown) => log.warn({ error: toMessage(thrown) }, "old messages could not be given up; trying again"));
        this.changed();
        this.#cancelSweep = clock.after(SWEEP_MS, () => this.#sweep());
    }
    #tell(id) {
        const waiters = this.#waiters.get(id);
        if (waiters === undefined || this.#closed)
            return;
        const row = this.#find(id);
        if (row !== undefined && isOver(row))
            for (const end of waiters)
                end(row);
    }
    /** Where no one is there to take a fault: undefined then, and whoever asked is told that nothing is known. */
    #find(id) {
        try {
            return findEffect(this.#options.db, id);
        }
        catch (thrown) {
            const facts = { outbox: id, error: toMessage(thrown) };
            this.#options.log.error(facts, "the state of a message could not be read");
            return undefined;
        }
    }
}
/** How long to wait before the next try; undefined where there is none: a message of `before` or earlier is too old. Pure (SEND-3). */
export function toRetry(row, fault, before) {
    // A credential that is refused is the owner's to mend: nothing is lost until then.
    const isRetryable = fault?.retryable === true || fault?.code === "unauthorized";
    if (!isRetryable || row.createdAt <= before)
        return undefined;
    const backoff = Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.max(0, row.attempts - 1));
    return fault.retryAfterMs ?? backoff;
}
async function carry(row, connection, { buttons: made, answering, }) {
    const chatId = row.chatId ?? "";
    const buttons = connection.hasForms === true ? made : withoutForms(made);
    switch (row.kind) {
        case "edit":
            await connection.edit?.(chatId, row.target ?? "", row.text, ...(buttons ? [buttons] : []));
            return row.target === null ? [] : [row.target];
        case "react":
            await connection.react?.(chatId, row.target ?? "", row.text);
            return [];
        case "reply":
        case "send":
        case "notice":
            return (await connection.send({
                ...toOutgoing(row, chatId),
                ...(buttons && { buttons }),
                ...(answering === undefined ? {} : { answering }),
            })).messageIds;
        default:
            return row.kind;
    }
}
function withoutForms(buttons) {
    return buttons
        ?.map((row) => row.filter(({ asks }) => asks === undefined))
        .filter((row) => row.length > 0);
}
function toOutgoing(row, chatId) {
    return {
        chatId,
        text: row.text,
        ...(row.threadId === null ? {} : { threadId: row.threadId }),
        ...(row.replyTo === null ? {} : { replyTo: row.replyTo }),
        ...(row.files.length === 0 ? {} : { files: row.files }),
        ...(row.messageIds.length === 0 ? {} : { arrived: row.messageIds }),
        ...(row.kind === "notice" ? { isNotice: true } : {}),
    };
}
function isOver({ state }) {
    return state === "sent" || state === "failed" || state === "maybe";
}
