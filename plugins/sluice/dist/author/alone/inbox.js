import { SluiceError } from "../../sdk/errors.js";
import { newEventId } from "../../sdk/id.js";
import { Sqlite } from "./sqlite.js";
const SCHEMA = `
  CREATE TABLE events (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, arrival TEXT NOT NULL, urgency INTEGER NOT NULL, state_of TEXT,
    received_at INTEGER NOT NULL, expires_at INTEGER, state TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
    offered_at INTEGER, first_offered_at INTEGER, changed_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX events_open ON events (urgency DESC, seq) WHERE state IN ('stored', 'held', 'offered');
  CREATE TABLE known (key TEXT PRIMARY KEY, event TEXT NOT NULL, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE outgoing (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, data TEXT NOT NULL) STRICT;
  CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;`;
/** Since version 2. Without them each event costs a look at all that are kept: SQLite takes an index only for its own words. */
const INDEXES = `
  CREATE INDEX events_stored ON events (urgency DESC, seq) WHERE state = 'stored';
  CREATE INDEX events_offered ON events (offered_at) WHERE state = 'offered';
  CREATE INDEX events_state_of ON events (state_of) WHERE state_of IS NOT NULL;
  PRAGMA user_version = 2;`;
const VERSION = 2;
const DAY_MS = 86_400_000;
const KEPT_MS = 7 * DAY_MS;
const KNOWN_MS = 30 * DAY_MS;
/** A flood must not fill the disk while nobody reads. */
const WAITING_MAX = 10_000;
const OUTGOING_MAX = 1_000;
const URGENCY = { low: 0, normal: 1, urgent: 2 };
const COLUMNS = "id, arrival, received_at, state, attempts, first_offered_at";
const OFFER = `UPDATE events SET state = 'offered', attempts = attempts + 1, offered_at = ?, changed_at = ?,
  first_offered_at = coalesce(first_offered_at, ?) WHERE id = ?`;
export class AloneInbox {
    #db;
    #clock;
    /** What is to be told of the open transaction; undefined where none is open. */
    #turn;
    #waiting;
    constructor(db, clock) {
        this.#db = db;
        this.#clock = clock;
        this.#waiting = this.count("stored") + this.count("held");
    }
    /** @throws SluiceError `store_busy` while another process has it, store_* for a file that cannot be used. */
    static async open(path, clock) {
        const db = await Sqlite.open(path);
        try {
            // ALONE-2: taken with the first look, and kept.
            db.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA busy_timeout = 100");
            db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; BEGIN IMMEDIATE");
            const version = Number(db.get("PRAGMA user_version")?.["user_version"] ?? 0);
            if (version > VERSION)
                throw new SluiceError("store_newer", `inbox ${path} was written by a newer Sluice; update Sluice`);
            if (version === 0)
                db.exec(SCHEMA);
            if (version < VERSION)
                db.exec(INDEXES);
            db.exec("COMMIT");
            return new AloneInbox(db, clock);
        }
        catch (thrown) {
            db.close();
            throw thrown;
        }
    }
    /** Runs `change` in the transaction of this event-loop turn (ALONE-1). */
    write(change) {
        return new Promise((resolve, reject) => {
            try {
                const turn = (this.#turn ??= this.#begin());
                const result = change();
                turn.push({ kept: () => resolve(result), undone: reject });
            }
            catch (thrown) {
                // One transaction is everybody's: half of a change must not be kept with the others'.
                this.#rollback(thrown);
                reject(thrown);
            }
        });
    }
    /** Keeps arrivals, and where their source stopped. @throws SluiceError `rate_limited` while too many wait. */
    add(arrivals, cursor) {
        if (arrivals.length > 0 && this.#waiting + arrivals.length > WAITING_MAX) {
            const message = `${this.#waiting} events wait and nobody reads them; nothing more is taken until somebody does`;
            return Promise.reject(new SluiceError("rate_limited", message, { retryable: true, retryAfterMs: 60_000 }));
        }
        return this.write(() => {
            if (cursor !== undefined)
                this.#setFact("cursor", cursor);
            return arrivals.map((arrival) => this.#add(arrival));
        });
    }
    #add(arrival) {
        const now = this.#clock.now();
        const keys = [
            ...(arrival.deliveryId === undefined ? [] : [`id ${arrival.deliveryId}`]),
            ...(arrival.bodyDigest === undefined ? [] : [`body ${arrival.bodyDigest}`]),
        ];
        for (const key of keys) {
            const known = this.#db.get("SELECT event FROM known WHERE key = ?", key);
            if (known !== undefined)
                return { kind: "duplicate", id: known.event };
        }
        const id = newEventId(now);
        for (const key of keys)
            this.#db.run("INSERT INTO known VALUES (?, ?, ?)", key, id, now);
        const { stateOf, ttlMs, priority } = arrival;
        if (stateOf !== undefined)
            this.#supersede(stateOf, now);
        this.#db.run("INSERT INTO events (id, arrival, urgency, state_of, received_at, expires_at, state, changed_at) VALUES (?, ?, ?, ?, ?, ?, 'stored', ?)", id, JSON.stringify(arrival), URGENCY[priority], stateOf ?? null, now, ttlMs === undefined ? null : now + ttlMs, now);
        this.#waiting++;
        return { kind: "stored", id };
    }
    /** An older state that nobody has read yet is no news any more. */
    #supersede(stateOf, now) {
        const sql = "SELECT id FROM events WHERE state_of = ? AND state IN ('stored', 'held')";
        for (const { id } of this.#db.all(sql, stateOf))
            this.#move(id, "superseded", now);
    }
    /** The next that may be sent, urgent first. What is too old is not among them; `tidy` ends it. */
    next(limit) {
        return this.#list("state = 'stored'", limit);
    }
    /** All that nobody is known to have read, urgent first. */
    unread(limit) {
        return this.#list("state IN ('stored', 'held', 'offered')", limit);
    }
    #list(where, limit) {
        const sql = `SELECT ${COLUMNS} FROM events WHERE ${where} AND (expires_at IS NULL OR expires_at > ?)
      ORDER BY urgency DESC, seq LIMIT ?`;
        return this.#db.all(sql, this.#clock.now(), limit).map(toEvent);
    }
    find(id) {
        const row = this.#db.get(`SELECT ${COLUMNS} FROM events WHERE id = ?`, id);
        return row && toEvent(row);
    }
    count(state) {
        const row = this.#db.get("SELECT count(*) AS n FROM events WHERE state = ?", state);
        return row?.n ?? 0;
    }
    /** ALONE-3. Resolves with the time that stands in them. */
    offer(ids) {
        return this.write(() => {
            const now = this.#clock.now();
            for (const id of ids)
                // Nearly always it waits: one statement.
                if (this.#db.run(`${OFFER} AND state IN ('stored', 'held')`, now, now, now, id) > 0)
                    this.#waiting--;
                else
                    this.#db.run(`${OFFER} AND state = 'offered'`, now, now, now, id);
            return now;
        });
    }
    isOffered(id) {
        return this.#readState(id) === "offered";
    }
    #readState(id) {
        return this.#db.get("SELECT state FROM events WHERE id = ?", id)?.state;
    }
    move(ids, state) {
        return this.write(() => {
            const now = this.#clock.now();
            for (const id of ids)
                this.#move(id, state, now);
        });
    }
    #move(id, state, now) {
        const before = this.#readState(id);
        if (before === undefined || before === "done")
            return;
        this.#db.run("UPDATE events SET state = ?, changed_at = ? WHERE id = ?", state, now, id);
        const waits = (one) => (one === "stored" || one === "held" ? 1 : 0);
        this.#waiting += waits(state) - waits(before);
    }
    /** What is not urgent waits until it is asked for. Resolves with how many that are. */
    hold() {
        return this.write(() => {
            const sql = "SELECT id FROM events WHERE state = 'stored' AND urgency < ?";
            const ids = this.#db.all(sql, URGENCY.urgent).map(({ id }) => id);
            for (const id of ids)
                this.#move(id, "held", this.#clock.now());
            return ids.length;
        });
    }
    /** Those that were offered before `before` have been read, since the session went on: it has read what came before. */
    settle(before) {
        const sql = "SELECT id FROM events WHERE state = 'offered' AND offered_at <= ?";
        const ids = this.#db.all(sql, before).map(({ id }) => id);
        return ids.length === 0 ? Promise.resolve() : this.move(ids, "seen");
    }
    /** What an earlier session may not have read waits again (ALONE-3); what is over and old goes. */
    tidy(isStart) {
        return this.write(() => {
            const now = this.#clock.now();
            if (isStart)
                this.#db.run("UPDATE events SET state = 'stored' WHERE state = 'offered'");
            this.#db.run("UPDATE events SET state = 'expired', changed_at = ? WHERE state IN ('stored', 'held') AND expires_at <= ?", now, now);
            this.#db.run("DELETE FROM events WHERE state NOT IN ('stored', 'held', 'offered') AND changed_at < ?", now - KEPT_MS);
            this.#db.run("DELETE FROM known WHERE at < ?", now - KNOWN_MS);
            this.#db.run("DELETE FROM outgoing WHERE id <= (SELECT max(id) FROM outgoing) - ?", OUTGOING_MAX);
            this.#waiting = this.count("stored") + this.count("held");
        });
    }
    /** A message for the channel's stream. Resolves with its number. */
    addOutgoing(data) {
        return this.write(() => {
            const sql = "INSERT INTO outgoing (at, data) VALUES (?, ?) RETURNING id";
            return this.#db.get(sql, this.#clock.now(), JSON.stringify(data))?.id ?? 0;
        });
    }
    listOutgoing(afterId, limit) {
        const sql = "SELECT id, data FROM outgoing WHERE id > ? ORDER BY id LIMIT ?";
        // Written by `addOutgoing`.
        return this.#db
            .all(sql, afterId, limit)
            .map(({ id, data }) => ({ id, data: JSON.parse(data) }));
    }
    get cursor() {
        return this.#db.get("SELECT value FROM facts WHERE name = 'cursor'")?.value;
    }
    #setFact(name, value) {
        this.#db.run("INSERT INTO facts VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", name, value);
    }
    close() {
        this.#commit();
        this.#db.close();
    }
    #begin() {
        this.#db.exec("BEGIN IMMEDIATE");
        // A lone write waits for nothing, a burst shares one fsync.
        setImmediate(() => this.#commit());
        return [];
    }
    #commit() {
        const turn = this.#turn;
        if (turn === undefined)
            return;
        try {
            this.#db.exec("COMMIT");
        }
        catch (thrown) {
            return this.#rollback(thrown);
        }
        this.#turn = undefined;
        for (const { kept } of turn)
            kept();
    }
    #rollback(fault) {
        const turn = this.#turn ?? [];
        this.#turn = undefined;
        try {
            this.#db.exec("ROLLBACK");
        }
        catch {
            // SQLite has rolled back by itself (a full disk): there is no transaction left to end.
        }
        for (const { undone } of turn)
            undone(fault);
    }
}
function toEvent(row) {
    const { id, received_at: receivedAt, state, attempts, first_offered_at: firstOfferedAt } = row;
    // Written by `add`.
    const arrival = JSON.parse(row.arrival);
    return { id, arrival, receivedAt, state, attempts, firstOfferedAt };
}
