/**
 * Adds events to the inbox: each once, and only while there is room.
 *
 * Owns: adding to the tables events, delivery_ids and delivery_bodies (the last two outlive their events), measuring the inbox, and making
 * room from events that are over. Never: touches an open event; decides who gets one. What adds runs inside `database.write`.
 *
 * LIMIT-1 Over 2 GiB, or with less than 5 % of the disk free, nothing more is accepted; accepted events stay.
 * LIMIT-2 Before that, the oldest events that are done, expired or dead make room.
 * LIMIT-3 A channel that nobody reads fills its own share and no more: the others go on.
 * LIMIT-4 Events are counted at most once a second, less often where that is costly, and those accepted since are added to the count: a
 *    flood cannot outrun it.
 * LIMIT-5 A known body brings no new id into the table: otherwise somebody with one signed request, who foresees the id of an honest
 *    delivery, could make that delivery a duplicate before it comes.
 */
import { statfsSync } from "node:fs";
import { dirname } from "node:path";
import { SluiceError } from "../../sdk/errors.js";
import { newEventId } from "../../sdk/id.js";
import { addCopies } from "./copies.js";
/** What most events lack stands last: it need not be bound. */
const INSERT_EVENT = `INSERT INTO events (id, channel, kind, sender_id, sender_role, text, quotes, meta, priority, ack, verified, received_at,
  stored_at, changed_at, state, attempts, repository, entity, state_of, delivery_id, watchers, sender_name, chat_id, occurred_at, target, expires_at)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'stored', 0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
/**
 * Adds an admitted arrival, or finds the event that its delivery id or its body already made (INBOX-1).
 */
export function addEvent(db, arrival, role, receivedAt, now, { assign, isLast = false } = {}) {
    const known = findKnown(db, arrival);
    if (known !== undefined)
        return { ...known, duplicate: true };
    const id = newEventId(now);
    addKnown(db, arrival, id, receivedAt);
    const { target = null, watchers = "", copies } = assign?.(arrival) ?? {};
    const { channel, kind, sender, text, quotes, meta, repository = null } = arrival;
    const row = [
        id,
        channel,
        kind,
        sender.id,
        role,
        text,
        JSON.stringify(quotes),
        JSON.stringify(meta),
        arrival.priority,
        arrival.ack,
        arrival.verified,
        receivedAt,
        now,
        now,
        repository,
        arrival.entity ?? null,
        arrival.stateOf ?? null,
        arrival.deliveryId ?? null,
        watchers === "" ? null : watchers,
        sender.name ?? null,
        arrival.chatId ?? null,
        toTime(arrival.occurredAt),
        target,
        toEnd(arrival.ttlMs, now),
    ];
    while (row.at(-1) === null)
        row.pop();
    if (isLast && copies === undefined)
        db.runLast(INSERT_EVENT, ...row);
    else
        db.run(INSERT_EVENT, ...row);
    const address = toAddress(target, watchers === "" ? null : watchers, repository, channel);
    db.noteChange(id, arrival.chatId === undefined ? undefined : "chats", address);
    if (copies === undefined)
        return { id, duplicate: false };
    return { id, duplicate: false, copies: addCopies(db, id, copies, now) };
}
/** Characters that JSON writes as they are, whoever writes it. */
const PLAIN = /^[ !#-[\]-~]*$/;
let last;
/** The address that the table gives an event (schema 003), without asking it; undefined where only the table is sure to write it so. */
function toAddress(...parts) {
    // Many events come to one place.
    if (last !== undefined && parts.every((part, index) => part === last?.parts[index]))
        return last.address;
    const isPlain = parts.every((part) => part === null || PLAIN.test(part));
    last = { parts, address: isPlain ? JSON.stringify(parts) : undefined };
    return last.address;
}
/** The event that an arrival already made, and whether only its bytes tell. */
function findKnown(db, { channel, deliveryId, bodyDigest }) {
    if (deliveryId !== undefined) {
        const known = db.get("SELECT event FROM delivery_ids WHERE channel = ? AND delivery_id = ?", channel, deliveryId);
        if (known !== undefined)
            return { id: known.event };
    }
    if (bodyDigest === undefined)
        return undefined;
    const known = db.get("SELECT event FROM delivery_bodies WHERE channel = ? AND digest = ?", channel, bodyDigest);
    return known && { id: known.event, sameBody: true };
}
/** Keeps by what the event of a new arrival will be known (LIMIT-5). */
function addKnown(db, { channel, deliveryId, bodyDigest }, event, receivedAt) {
    if (deliveryId !== undefined)
        db.run("INSERT INTO delivery_ids VALUES (?, ?, ?, ?)", channel, deliveryId, event, receivedAt);
    if (bodyDigest !== undefined)
        db.run("INSERT INTO delivery_bodies VALUES (?, ?, ?, ?)", channel, bodyDigest, event, receivedAt);
}
/** A sender's clock may say anything; a time that no Date can hold would stop the event on its way out. */
function toTime(at) {
    return at !== undefined && Number.isSafeInteger(at) && Math.abs(at) <= 8.64e15 ? at : null;
}
/** Ten years: nobody waits for more, and what is added to a moment must stay one. */
const MAX_TTL_MS = 3_650 * 24 * 3_600_000;
function toEnd(ttlMs, now) {
    return ttlMs !== undefined && ttlMs > 0 ? now + Math.ceil(Math.min(ttlMs, MAX_TTL_MS)) : null;
}
const GIB = 1024 ** 3;
const MEASURE_EVERY_MS = 1_000;
/** Of each state by its index, then the oldest of all: the index of three states is in no order of acceptance. */
const OLDEST_OF = (state) => `SELECT * FROM (SELECT seq FROM events WHERE state = '${state}' AND copy_of IS NULL ORDER BY seq LIMIT ?)`;
const OLDEST_OVER = `DELETE FROM events WHERE seq IN (SELECT seq FROM (
  ${["done", "expired", "dead"].map(OLDEST_OF).join(" UNION ALL ")}) ORDER BY seq LIMIT ?)`;
/** So few that nobody waits long for it, and so often that a thousand arrivals a second find room. */
const PURGE_BATCH = 500;
/** Of each state, and of all. */
const OLDEST_OVER_LIMITS = Array.from({ length: 4 }, () => PURGE_BATCH);
const PURGE_EVERY_MS = 250;
const RETRY_AFTER_MS = 60_000;
const DEFAULT_QUOTA = 10_000;
const COUNT_EVERY_MS = 1_000;
/** Counting may take one part in so many of the hub's time. */
const COST_SHARE = 200;
export class InboxLimit {
    #db;
    #clock;
    #maxBytes;
    #minFreeShare;
    #quota;
    #measuredAt = 0;
    #fault;
    constructor(db, clock, options = {}) {
        this.#db = db;
        this.#clock = clock;
        this.#maxBytes = options.maxBytes ?? 2 * GIB;
        this.#minFreeShare = options.minFreeShare ?? 0.05;
        this.#quota = new ChannelQuota(db);
    }
    /**
     * Measures, at most once a second, and makes room where it can. `channel` wants to add `count` events, of which `quota` may wait.
     * @throws SluiceError `store_full`, retryable, while there is none; `rate_limited` where too many of the channel wait.
     */
    check(channel, count = 1, quota = DEFAULT_QUOTA) {
        const now = this.#clock.now();
        if (now - this.#measuredAt >= MEASURE_EVERY_MS || now < this.#measuredAt) {
            this.#measuredAt = now;
            this.#fault = this.#measure();
            if (this.#fault !== undefined && this.#purge() > 0) {
                this.#measuredAt -= MEASURE_EVERY_MS - PURGE_EVERY_MS;
                this.#fault = this.#measure();
            }
        }
        if (this.#fault !== undefined)
            throw this.#fault;
        this.#quota.check(channel, count, quota, now);
    }
    #measure() {
        const used = readUsedBytes(this.#db);
        if (used > this.#maxBytes) {
            return toFull(`it holds ${toMiB(used)} MiB of at most ${toMiB(this.#maxBytes)}`);
        }
        const { bavail, blocks, bsize } = statfsSync(dirname(this.#db.path));
        if (blocks > 0 && bavail / blocks < this.#minFreeShare) {
            return toFull(`the disk has ${toMiB(bavail * bsize)} MiB free, less than ${this.#minFreeShare * 100} %`);
        }
        return undefined;
    }
    /** Returns how many events made room. */
    #purge() {
        let purged = 0;
        // In the transaction of this turn: should it fail, the next arrival measures again.
        this.#db
            .write(() => {
            purged = this.#db.run(OLDEST_OVER, ...OLDEST_OVER_LIMITS);
        })
            .catch(() => (this.#measuredAt = 0));
        return purged;
    }
}
/** Bytes that hold something: pages freed by a purge are used again before the file grows. */
function readUsedBytes(db) {
    const read = (pragma) => Number(Object.values(db.get(`PRAGMA ${pragma}`) ?? {})[0] ?? 0);
    return (read("page_count") - read("freelist_count")) * read("page_size");
}
function toFull(why) {
    return new SluiceError("store_full", `the inbox is full: ${why}; let sessions work it off or free some space, waiting events are kept`, { retryable: true, retryAfterMs: RETRY_AFTER_MS });
}
function toMiB(bytes) {
    return Math.floor(bytes / 1024 ** 2);
}
class ChannelQuota {
    #db;
    #counts = new Map();
    constructor(db) {
        this.#db = db;
    }
    /**
     * Lets `count` more in.
     * @throws SluiceError `rate_limited`, retryable, where too many wait already.
     */
    check(channel, count, quota, now) {
        const known = this.#read(channel, quota, now);
        if (known.waiting >= quota) {
            throw new SluiceError("rate_limited", `${channel}: ${quota} events wait already, the most that may; let a session work them off, or raise "quota" of the channel in config.json, then sluice down and sluice up`, { retryable: true, retryAfterMs: RETRY_AFTER_MS });
        }
        known.waiting += count;
    }
    #read(channel, quota, now) {
        const kept = this.#counts.get(channel);
        if (kept !== undefined && now >= kept.at) {
            const lifeMs = kept.waiting < quota ? kept.lifeMs : COUNT_EVERY_MS;
            if (now - kept.at < lifeMs)
                return kept;
        }
        const startedAt = performance.now();
        const row = this.#db.get("SELECT COUNT(*) AS waiting FROM (SELECT 1 FROM events WHERE state = 'stored' AND channel = ? AND copy_of IS NULL LIMIT ?)", channel, quota);
        const lifeMs = Math.max(COUNT_EVERY_MS, (performance.now() - startedAt) * COST_SHARE);
        const fresh = { at: now, waiting: row?.waiting ?? 0, lifeMs };
        // Names are configured ones, so there are few; those of removed channels go with the rest.
        if (this.#counts.size >= 1_000)
            this.#counts.clear();
        this.#counts.set(channel, fresh);
        return fresh;
    }
}
