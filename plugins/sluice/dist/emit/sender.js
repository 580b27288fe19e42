/**
 * The life of what an application tells, from the disk to the hub.
 *
 * Owns: when events are sent, tried again, and left to a later process. Never: what stands in one (event.ts).
 *
 * EMITTER-1 Nothing here throws, rejects or prints. What goes wrong is told to `onProblem`, where there is one.
 * EMITTER-2 What waits is tried again after 1 s, 2 s, ... 60 s, in order. No timer and no connection keeps a process alive.
 * EMITTER-3 At its end a process has two seconds for what waits (`beforeExit`). Where it ends at once (process.exit, a fault that nobody
 *    caught), a small process of its own sends that.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { locateHome } from "../local/home.js";
import { readUserName } from "../local/user-name.js";
import { ensureSafeFolder } from "../local/safe-folder.js";
import { newUlid } from "../sdk/id.js";
import { toKeptEvent } from "./event.js";
import { KeptEvents } from "./kept-events.js";
import { send } from "./send.js";
const MAX_WAITING = 1_000;
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 60_000;
const AT_END_MS = 2_000;
const AFTER_EXIT_MS = 15_000;
const LOOK_MS = 20;
export class EventSender {
    #options;
    #kept;
    #sending;
    #timer;
    #failures = 0;
    #left = 0;
    /** Somebody waits for what is sent, until then (epoch ms). */
    #waitedUntil;
    #hasTriedAtEnd = false;
    #isClosed = false;
    // Once: what it does makes the process come to its end a second time.
    #atEnd = () => {
        this.#hasTriedAtEnd = true;
        void this.flush(AT_END_MS);
    };
    #atExit = () => this.guard(() => this.#handOver());
    constructor(options) {
        this.#options = options;
        let kept;
        this.guard(() => {
            kept = new KeptEvents(toFolder(options), options.maxWaiting ?? MAX_WAITING);
        });
        this.#kept = kept;
        process.once("beforeExit", this.#atEnd);
        process.on("exit", this.#atExit);
        // What an earlier process left.
        this.guard(() => this.#start());
    }
    /** EMITTER-1 */
    guard(work) {
        try {
            work();
        }
        catch (thrown) {
            this.#tell(thrown instanceof Error ? thrown.message : "it broke");
        }
    }
    add(name, data, given) {
        if (this.#isClosed || this.#kept === undefined)
            return;
        const now = Date.now();
        const left = this.#left > 0 ? { not_told: this.#left } : {};
        const event = toKeptEvent(name, { ...data, ...left }, given, `emit_${newUlid(now)}`, now);
        if (!this.#kept.add(event)) {
            this.#left++;
            return this.#tell(`${this.#kept.size} events wait already; this one is not kept`);
        }
        this.#left = 0;
        this.#start();
    }
    /** Resolves once nothing waits, after one more try of what does, or after so long: whether nothing waits. */
    async flush(timeoutMs) {
        const until = Date.now() + timeoutMs;
        this.#waitedUntil = until;
        clearTimeout(this.#timer);
        this.#timer = undefined;
        try {
            this.#start();
            // A timer that holds the process: the request of `#start` may not, where it was begun before.
            while (this.#sending !== undefined && !this.#isClosed && Date.now() < until)
                await sleep(Math.min(LOOK_MS, Math.max(1, until - Date.now())));
        }
        finally {
            this.#waitedUntil = undefined;
        }
        return !this.#waits;
    }
    close() {
        this.#isClosed = true;
        clearTimeout(this.#timer);
        process.off("beforeExit", this.#atEnd);
        process.off("exit", this.#atExit);
    }
    get #waits() {
        return (this.#kept?.size ?? 0) > 0;
    }
    #start() {
        if (!this.#waits || this.#sending !== undefined || this.#timer !== undefined)
            return;
        this.#sending = this.#sendAll()
            .catch((thrown) => this.#tell(String(thrown)))
            .finally(() => {
            this.#sending = undefined;
        });
    }
    /** EMITTER-2: until nothing waits, or one could not be sent. */
    async #sendAll() {
        // What is emitted in one turn goes in one run, and no emit waits for a connection.
        await new Promise((done) => setImmediate(done));
        for (let next = this.#kept?.first(); next !== undefined; next = this.#kept?.first()) {
            if (this.#isClosed)
                return;
            const until = this.#waitedUntil;
            const waitMs = until === undefined ? undefined : Math.max(1, until - Date.now());
            const result = await send(this.#options, next.event, waitMs);
            if (result.kind === "later") {
                this.#tell(`${result.reason}; it is tried again`);
                return this.#wait(result.afterMs);
            }
            if (result.kind === "never")
                this.#tell(`${result.reason}; this event is not told`);
            this.#failures = 0;
            this.#kept?.remove(next.name);
        }
    }
    #wait(asked = 0) {
        const backoff = FIRST_RETRY_MS * 2 ** Math.min(this.#failures++, 10);
        const waitMs = Math.max(asked, Math.min(LAST_RETRY_MS, backoff));
        this.#timer = setTimeout(() => {
            this.#timer = undefined;
            this.#start();
        }, waitMs);
        this.#timer.unref();
    }
    /** EMITTER-3. What it cannot send either waits on disk for the next process. */
    #handOver() {
        if (this.#isClosed || this.#hasTriedAtEnd || !this.#waits)
            return;
        const { onProblem: _, ...options } = this.#options;
        const folder = toFolder(options);
        const script = `import(process.env.SLUICE_EMIT_DOOR).then((door) => door.sendKept(JSON.parse(process.env.SLUICE_EMIT_KEPT)))`;
        const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
            detached: true,
            stdio: "ignore",
            cwd: "/",
            env: {
                ...process.env,
                NODE_OPTIONS: "",
                SLUICE_EMIT_DOOR: import.meta.url,
                SLUICE_EMIT_KEPT: JSON.stringify({ ...options, folder }),
            },
        });
        child.on("error", () => undefined); // It is sent later.
        child.unref();
    }
    #tell(problem) {
        try {
            this.#options.onProblem?.(problem);
        }
        catch {
            // EMITTER-1: the listener is the application's own.
        }
    }
}
/** Sends what a process has left behind; for the process that `#handOver` starts. @public */
export async function sendKept(options) {
    const sender = new EventSender(options);
    await sender.flush(AFTER_EXIT_MS);
    sender.close();
}
/** The same for every process that sends to the same place: the next one finds what this one left. */
function toFolder(options) {
    if (options.folder !== undefined)
        return options.folder;
    const place = "url" in options ? options.url : `channel ${options.channel}`;
    const name = createHash("sha256").update(place).digest("hex").slice(0, 16);
    const parent = "url" in options
        ? join(tmpdir(), `sluice-emit-${readUserName() ?? process.getuid?.() ?? "me"}`)
        : join(locateHome(process.env).path, "emit");
    ensureSafeFolder(parent); // Others may write in the system's folder.
    return join(parent, name);
}
