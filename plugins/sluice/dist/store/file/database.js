/**
 * The open SQLite file, and group commit.
 *
 * Owns: the connection, the one transaction of an event-loop turn. Never: knows what the tables mean; makes or checks a file
 * (database-file.ts).
 *
 * DATABASE-1 A promise of `write` resolves only after COMMIT, with synchronous=FULL: the written data survives a power cut.
 * DATABASE-2 All writes of one event-loop turn stand in one transaction, each as a part of its own: one that throws is undone alone,
 *    and a fault at COMMIT, or one by which SQLite gives the whole transaction up, undoes them all. A part begins with its first change;
 *    a change that is a write's only one (`runLast`) needs none: SQLite itself undoes it where it fails.
 * DATABASE-3 Damaged, newer or unwritable files are refused; the file is never replaced or emptied.
 * DATABASE-4 Memory follows the file: `afterCommit` runs once a change is on disk, `afterUndo` where it is undone.
 * DATABASE-5 Nothing is committed, and no mark left, while the file is not the one at its path any more (`guard`): whoever was told that
 *    it is kept would never see it again.
 */
import { existsSync, statSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { SluiceError } from "../../sdk/errors.js";
import { canShareFile, Checkpoints } from "./checkpoints.js";
import { leaveShutdownMark } from "./clean-shutdown.js";
import { checkFile, configure, createFile, isBelieved, migrate, } from "./database-file.js";
import { toStoreFault } from "./fault.js";
import { leaveOpenMark, removeOpenMark } from "./open-mark.js";
/** Up to here a file is read whole at every start: it takes a tenth of a second. */
const SMALL_BYTES = 64 * 1024 ** 2;
export class Database {
    path;
    #db;
    #statements = new Map();
    #beforeCommit = [];
    #watchers = new Map();
    /** In the order of the writes; undefined where no transaction is open. */
    #turn;
    #part;
    #checkpoints;
    #isChecked = true;
    #guarded = [];
    #sayLoss = () => undefined;
    constructor(path, options = {}) {
        this.path = path;
        let db;
        try {
            if (!existsSync(path))
                createFile(path, options);
            else if (options.simulated === true)
                this.#isChecked = false;
            else if (isBelieved(path) && statSync(path).size > SMALL_BYTES)
                this.#isChecked = false;
            else
                checkFile(path);
            db = new DatabaseSync(path);
            configure(db, options);
            migrate(db, path);
            // A file that can only be read opens without complaint, and even begins a transaction; a change it refuses.
            db.exec("BEGIN IMMEDIATE; PRAGMA user_version = 0; ROLLBACK");
        }
        catch (thrown) {
            db?.close();
            throw toStoreFault(thrown, path);
        }
        this.#db = db;
        if (options.checkpoints === "thread" && canShareFile()) {
            // What a burst made of the log goes back to the disk when the log begins anew.
            db.exec(`PRAGMA wal_autocheckpoint = 0; PRAGMA journal_size_limit = ${SMALL_BYTES}`);
            this.#checkpoints = new Checkpoints(path, () => this.#markOpen());
            this.#markOpen();
        }
    }
    /** False while a large file is only believed to be sound, as its last life left it (clean-shutdown.ts, open-mark.ts). */
    get isChecked() {
        return this.#isChecked;
    }
    /**
     * From now on each of `files` must be the known one before each commit (DATABASE-5). Where one is not, `findLoss` is asked, and what it says
     * is the fault of that turn.
     */
    guard(files, findLoss) {
        this.#guarded = files;
        this.#sayLoss = findLoss;
    }
    /** All of it was read since it was opened, and is sound. */
    noteChecked() {
        this.#isChecked = true;
        this.#markOpen();
    }
    /**
     * Runs `change` in the transaction of this event-loop turn. Resolves with its result after COMMIT (DATABASE-1).
     * @throws SluiceError what `change` threw, or store_* (as a rejection); then nothing of this write was kept, and of others of the turn
     * only where the transaction as a whole failed (DATABASE-2).
     */
    write(change) {
        const turn = this.#begin();
        if (turn instanceof SluiceError)
            return Promise.reject(turn);
        try {
            const result = this.part(change);
            return new Promise((resolve, reject) => {
                turn.push({ kept: () => resolve(result), undone: reject });
            });
        }
        catch (thrown) {
            return Promise.reject(toStoreFault(thrown, this.path));
        }
    }
    /** A part of a write, inside it: where `change` throws, that part alone is undone, and the fault is thrown on. */
    part(change) {
        const turn = this.#turn;
        if (turn === undefined)
            throw toStrayWrite();
        const outer = this.#part;
        const from = turn.length;
        const part = { isOpen: false, last: undefined };
        try {
            // What SQLite knows must stand in the order in which it began.
            if (outer !== undefined)
                this.#open(outer);
            this.#part = part;
            const result = change();
            part.last?.();
            if (part.isOpen)
                this.#prepare("RELEASE part").statement.run();
            return result;
        }
        catch (thrown) {
            this.#undo(turn, from, part, toStoreFault(thrown, this.path));
            throw thrown;
        }
        finally {
            this.#part = outer;
        }
    }
    /** Runs `action` once what is written now is on disk; at once where nothing is being written. It must not throw. */
    afterCommit(action) {
        if (this.#turn === undefined)
            action();
        else
            this.#turn.push({ kept: action });
    }
    /** Runs `action` where what is written now is undone, the last one first. It must not throw, and not read the database. */
    afterUndo(action) {
        this.#turn?.push({ undone: action });
    }
    /**
     * Runs `action` once at the end of this event-loop turn: in the turn's transaction just before it commits, where one is open,
     * so that what follows from a turn's writes shares their commit. It must not throw.
     */
    atTurnEnd(action) {
        if (this.#turn === undefined)
            setImmediate(action);
        else
            this.#beforeCommit.push(action);
    }
    /**
     * Notes, inside `write`, that an event was added or changed: whoever watches hears of it after COMMIT. `address` is where an added one
     * waits, where that is known.
     */
    noteChange(event, topic, address) {
        this.#turn?.push({ changed: event, topic, address });
    }
    /** Calls `changed` after each commit that added or changed events, or only those of a topic, with their ids. Returns how to stop. */
    watch(changed, topic) {
        this.#watchers.set(changed, topic);
        return () => this.#watchers.delete(changed);
    }
    all(sql, ...values) {
        // node:sqlite gives untyped rows; the statement beside the call is what makes the type true.
        return this.#run(() => this.#ready(sql).all(...values));
    }
    get(sql, ...values) {
        return this.#run(() => this.#ready(sql).get(...values));
    }
    /** Runs a changing statement; only inside `write`. Returns how many rows it changed. */
    run(sql, ...values) {
        if (this.#turn === undefined)
            throw toStrayWrite();
        return Number(this.#ready(sql).run(...values).changes);
    }
    /** A change on which nothing else of its write depends: runs once the write is over, as its last one (DATABASE-2). */
    runLast(sql, ...values) {
        const part = this.#part;
        if (part === undefined)
            throw toStrayWrite();
        // Only the last one is left to the end.
        if (part.last !== undefined)
            this.#open(part);
        part.last?.();
        part.last = () => void this.#prepare(sql).statement.run(...values);
    }
    /** Commits what is open and closes the file. */
    close() {
        this.#commit();
        this.#statements.clear();
        this.#checkpoints?.close();
        const isOurs = this.findLoss() === undefined;
        if (this.#checkpoints !== undefined && isOurs)
            removeOpenMark(this.path);
        // SQLite looks by itself whether the file was moved, and then leaves the log that stands at its path alone.
        this.#db.close();
        // Twice in a row a file is not believed: what was not read to its end in this life is read before the next.
        if (this.#isChecked && isOurs)
            leaveShutdownMark(this.path);
    }
    /** Why nothing may be kept now (DATABASE-5); undefined where all is in order. */
    findLoss() {
        return this.#guarded.every(isKnown) ? undefined : this.#sayLoss();
    }
    #run(read) {
        try {
            return read();
        }
        catch (thrown) {
            throw toStoreFault(thrown, this.path);
        }
    }
    #prepare(sql) {
        let prepared = this.#statements.get(sql);
        if (prepared === undefined) {
            // Whatever else it is may change something, RETURNING what it changed.
            const isRead = /^\s*(?:SELECT|PRAGMA|SAVEPOINT)\b/i.test(sql);
            prepared = { statement: this.#db.prepare(sql), isRead };
            this.#statements.set(sql, prepared);
        }
        return prepared;
    }
    /** A statement, with the part open that its change belongs to. */
    #ready(sql) {
        const { statement, isRead } = this.#prepare(sql);
        if (!isRead && this.#part !== undefined)
            this.#open(this.#part);
        return statement;
    }
    #open(part) {
        if (part.isOpen)
            return;
        this.#prepare("SAVEPOINT part").statement.run();
        part.isOpen = true;
    }
    #begin() {
        if (this.#turn !== undefined)
            return this.#turn;
        try {
            this.#db.exec("BEGIN IMMEDIATE");
        }
        catch (thrown) {
            return toStoreFault(thrown, this.path);
        }
        this.#turn = [];
        // The end of the turn, not a timer: a lone write waits for nothing, a burst shares one fsync.
        setImmediate(() => this.#commit());
        return this.#turn;
    }
    #commit() {
        for (let action = this.#beforeCommit.shift(); action; action = this.#beforeCommit.shift()) {
            action();
        }
        const turn = this.#turn;
        if (turn === undefined)
            return;
        const loss = this.findLoss();
        if (loss !== undefined)
            return this.#rollback(loss);
        try {
            this.#db.exec("COMMIT");
        }
        catch (thrown) {
            this.#rollback(toStoreFault(thrown, this.path));
            return;
        }
        this.#turn = undefined;
        const noted = new Map();
        const added = new Map();
        for (const { changed, topic, address, kept } of turn) {
            if (changed !== undefined) {
                // Whatever came after it was added may have moved it.
                if (noted.has(changed))
                    added.delete(changed);
                else if (address !== undefined)
                    added.set(changed, address);
                noted.set(changed, topic ?? noted.get(changed));
            }
            kept?.();
        }
        if (this.#checkpoints?.committed() === true)
            this.#shortenLog();
        if (noted.size === 0)
            return;
        const events = [...noted.keys()];
        const chats = events.filter((id) => noted.get(id) === "chats");
        for (const [watcher, topic] of this.#watchers) {
            const told = topic === undefined ? events : chats;
            if (told.length > 0)
                watcher(told, added);
        }
    }
    #shortenLog() {
        try {
            this.#db.exec("PRAGMA wal_checkpoint(PASSIVE)");
        }
        catch {
            // The file takes no more now (a full disk): all that was promised stands in the log, and the next COMMIT tells.
        }
        this.#markOpen();
    }
    /** Only where the thread is out of the file, and the file was read whole. */
    #markOpen() {
        if (this.#checkpoints !== undefined && this.#isChecked)
            leaveOpenMark(this.path);
    }
    /** What was written since `from` of a turn. */
    #undo(turn, from, part, fault) {
        try {
            if (this.#turn !== turn || !(part.isOpen || this.#hasTransaction()))
                throw fault;
            if (part.isOpen) {
                this.#prepare("ROLLBACK TO part").statement.run();
                this.#prepare("RELEASE part").statement.run();
            }
        }
        catch {
            // SQLite has given the transaction up by itself (full disk, I/O error): it was everybody's, and so is the fault.
            this.#rollback(fault);
        }
        tellUndone(turn.splice(from), fault);
    }
    /** There is none in another. */
    #hasTransaction() {
        try {
            this.#db.exec("BEGIN");
        }
        catch {
            return true;
        }
        this.#db.exec("ROLLBACK");
        return false;
    }
    #rollback(fault) {
        const turn = this.#turn ?? [];
        this.#turn = undefined;
        try {
            this.#db.exec("ROLLBACK");
        }
        catch {
            // SQLite has already rolled back by itself (full disk, I/O error): there is no transaction left to end.
        }
        tellUndone(turn.splice(0), fault);
    }
}
/** The last first: each finds in memory what it left there. */
function tellUndone(outcomes, fault) {
    for (const { undone } of outcomes.toReversed())
        undone?.(fault);
}
function toStrayWrite() {
    return new SluiceError("internal", "a change of the inbox was to be made outside of a transaction; please report this");
}
/** One that cannot be looked at is not known either. */
function isKnown({ path, identity }) {
    try {
        const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
        return stats !== undefined && `${stats.dev}:${stats.ino}` === identity;
    }
    catch {
        // What it is says whoever is asked for the loss.
        return false;
    }
}
