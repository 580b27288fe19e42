/**
 * Whether the home of a running hub is still the one that it opened: it may be deleted, moved, restored or unmounted under it.
 *
 * Owns: noticing that, making a removed socket and name anew, and the end of a hub without a home. Never: removes anything that another
 * hub may have made.
 *
 * HOME-1 From the moment in which the inbox or the lock at their paths are others, or gone, nothing is committed and every request is
 *    answered with a fault: what was answered "kept" would be in a file that nobody opens again. Then the hub leaves.
 * HOME-2 While nobody can tell (no permission to look, a disk with faults), nothing is committed either, and the hub stays.
 * HOME-3 A log of SQLite that our own inbox left beside another inbox is moved aside before the lock is given back: SQLite would apply it
 *    to the other file.
 */
import { renameSync } from "node:fs";
import { compareFile, readIdentity, } from "../../local/file-identity.js";
import { SluiceError, toMessage } from "../../sdk/errors.js";
import { keepSocketPlace } from "./home.js";
const LOOK_EVERY_MS = 1_000;
const RETRY_AFTER_MS = 5_000;
const LOG_PARTS = ["-wal", "-shm"];
export class HomeWatch {
    #core;
    #lock;
    #leave;
    #inbox;
    #guarded;
    #logs;
    #socket;
    #loss;
    #unclear;
    #socketTrouble;
    #cancel = () => { };
    #isClosed = false;
    /** `leave` ends the hub. @throws SluiceError `store_readonly` where the inbox was taken away at once. */
    constructor(core, lock, leave) {
        this.#core = core;
        this.#lock = lock;
        this.#leave = leave;
        const { database } = core.home;
        const inbox = readIdentity(database);
        if (inbox === undefined)
            throw new SluiceError("store_readonly", `inbox ${database} vanished while it was opened`);
        this.#inbox = inbox;
        this.#logs = new Map(LOG_PARTS.flatMap((part) => {
            const log = readIdentity(database + part);
            return log === undefined ? [] : [[database + part, log]];
        }));
        this.#guarded = [
            { path: database, identity: inbox },
            { path: core.home.lock, identity: lock.identity },
        ];
        core.db.guard(this.#guarded, this.#findLoss);
        this.#schedule();
    }
    /** Why nothing may be kept or answered now (HOME-1, HOME-2); undefined where all is in order. Costs two looks at a file. */
    #findLoss = () => {
        if (this.#loss !== undefined)
            return this.#loss;
        const { home, log } = this.#core;
        const inbox = compareFile(home.database, this.#inbox);
        const lock = this.#lock.look();
        const unclear = readUnclear(inbox) ?? readUnclear(lock);
        if (unclear !== undefined) {
            if (this.#unclear === undefined)
                log.error({ home: home.path, reason: unclear }, "the home cannot be looked at: nothing is kept");
            this.#unclear = unclear;
            return toFault("store_readonly", `home ${home.path} cannot be looked at (${unclear})`);
        }
        this.#unclear = undefined;
        if (inbox !== "same")
            return this.#lose(toReason(inbox, `the inbox ${home.database}`), inbox);
        if (lock === "same")
            return undefined;
        if (!this.#lock.retake())
            return this.#lose(toReason(lock, `the lock ${home.lock}`), inbox);
        for (const file of this.#guarded)
            if (file.path === home.lock)
                file.identity = this.#lock.identity;
        log.warn({ lock: home.lock }, "the lock was taken away, and is taken again");
        return undefined;
    };
    /** From now on the socket is made anew where it is taken away. */
    keepSocket(socket, path) {
        this.#socket = { socket, path };
    }
    close() {
        this.#isClosed = true;
        this.#cancel();
    }
    #schedule() {
        this.#cancel = this.#core.clock.after(LOOK_EVERY_MS, () => {
            void this.#look().then(() => {
                if (!this.#isClosed && this.#loss === undefined)
                    this.#schedule();
            });
        });
    }
    async #look() {
        const { log } = this.#core;
        if (this.#findLoss() !== undefined)
            return;
        try {
            this.#lock.keepName();
            const state = await this.#restoreSocket();
            if (state === "made")
                log.warn({ socket: this.#socket?.path }, "the socket was taken away, and is made anew");
            this.#noteTrouble(state === "taken" ? "something else stands in its place; move it aside" : undefined);
        }
        catch (thrown) {
            if (this.#findLoss() === undefined)
                this.#noteTrouble(toMessage(thrown));
        }
    }
    async #restoreSocket() {
        if (this.#socket === undefined || this.#isClosed)
            return "kept";
        keepSocketPlace(this.#core.home, this.#socket.path);
        return this.#socket.socket.restore();
    }
    /** Said once: it is tried again every second. */
    #noteTrouble(reason) {
        if (reason !== undefined && reason !== this.#socketTrouble) {
            const facts = { socket: this.#socket?.path, reason };
            this.#core.log.error(facts, "no command reaches the hub: its socket cannot be made");
        }
        this.#socketTrouble = reason;
    }
    #lose(reason, inbox) {
        const { home, log } = this.#core;
        // What is lost stays lost, whatever stands there later.
        for (const file of this.#guarded)
            file.identity = "";
        this.#loss = toFault("hub_stopping", `the home of this hub is gone (${reason}); it leaves`);
        const aside = inbox === "other" && this.#lock.look() === "same" ? this.#moveLogsAside() : [];
        const facts = { home: home.path, ...(aside.length === 0 ? {} : { aside }) };
        log.error(facts, `${reason}: nothing more is kept here, and the hub leaves`);
        // Not within the commit that found it.
        setImmediate(() => this.#leave("its home is gone"));
        return this.#loss;
    }
    /** HOME-3. */
    #moveLogsAside() {
        return [...this.#logs].flatMap(([path, known]) => {
            if (compareFile(path, known) !== "same")
                return [];
            const to = `${path}.of-earlier-inbox`;
            try {
                renameSync(path, to);
                return [to];
            }
            catch (thrown) {
                this.#core.log.error({ path, error: toMessage(thrown) }, "could not be moved aside");
                return [];
            }
        });
    }
}
function readUnclear(found) {
    return typeof found === "object" ? found.unclear : undefined;
}
function toReason(found, what) {
    return found === "none" ? `${what} is gone` : `${what} is another one now`;
}
function toFault(code, message) {
    return new SluiceError(code, message, { retryable: true, retryAfterMs: RETRY_AFTER_MS });
}
