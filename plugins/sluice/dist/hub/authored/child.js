/**
 * One process of an author's channel, from its start to its end.
 *
 * Owns: its pipe, what is asked over it, and when it is ended. Never: starts another one (supervise.ts); believes it (check.ts).
 *
 * CHILD-1 Whatever it does (throw, hang, spin, exit, fill the memory, print, flood the pipe), it costs the hub bounded work and memory, and
 *    ends with a reason in words.
 * CHILD-2 Secrets go over the pipe, in the first line.
 */
import { spawn } from "node:child_process";
import { constants, setPriority } from "node:os";
import { SluiceError, toMessage } from "../../sdk/errors.js";
import { Lines } from "../../author/child/lines.js";
import { MAX_LINE_BYTES, } from "../../author/child/wire.js";
import { ReadBudget } from "./budget.js";
import { fromWire, toBusy, toFault, toNoAnswer } from "./child-fault.js";
import { ChildFiles } from "./child-files.js";
import { parseLine } from "./check.js";
import { readRssMib } from "./memory.js";
import { toChildEnvironment, toNodeArgs } from "./node-args.js";
import { Output } from "./output.js";
import { watchOver } from "./watchdog.js";
export const CHILD_LIMITS = {
    startMs: 30_000,
    pingMs: 5_000,
    pongMs: 30_000,
    rssMib: 512,
    rssEveryMs: 500,
};
const CLOSE_MS = 2_000;
const CHILD_NICE = 5;
/** Of one process at a time; more are answered at once that it is busy. */
const MAX_CALLS = 256;
const MAX_TAKES = 16;
const MAX_WAITING_BYTES = 32 * 1024 * 1024;
/** Calls are held back before that. */
const MAX_WRITE_BYTES = 128 * 1024 * 1024;
export class Child {
    pid;
    /** What it says it is. Rejects with `bad_config` where it cannot be loaded. */
    ready;
    /** Why it has ended, in words. */
    ended;
    #options;
    #limits;
    #process;
    #pipe;
    #output;
    #lines = new Lines(MAX_LINE_BYTES);
    #budget = new ReadBudget(Date.now());
    #asked = new Map();
    #files = new ChildFiles();
    #timers = [];
    /** Bytes that were read because they had been asked for. */
    #wanted = 0;
    #endWatch;
    #settleReady;
    #reason;
    #isOver = false;
    #lastId = 0;
    #takes = 0;
    #pongAt = Date.now();
    constructor(options) {
        const { start, folder, reads, env, log } = options;
        this.#options = options;
        this.#limits = { ...CHILD_LIMITS, ...options.limits };
        this.#output = new Output(start.name, log);
        const settle = Promise.withResolvers();
        this.#settleReady = settle;
        this.ready = settle.promise;
        // Who does not wait for it hears of its end.
        this.ready.catch(() => undefined);
        this.#process = spawn(process.execPath, toNodeArgs(reads, start.mode === "run"), {
            cwd: folder,
            env: toChildEnvironment(env),
            stdio: ["ignore", "pipe", "pipe", "pipe"],
            // Out of the terminal's reach: what is typed at a hub in the foreground is for the hub.
            detached: true,
            windowsHide: true,
        });
        this.pid = this.#process.pid;
        // Before its first line: until then it runs nothing of the author's.
        this.#endWatch = this.pid === undefined ? () => { } : watchOver(this.pid, start.name, log);
        // Opened as a pipe, it goes both ways.
        this.#pipe = this.#process.stdio[3];
        this.ended = this.#follow();
        this.#send({ kind: "start", ...start });
    }
    /** @throws SluiceError what the channel's code threw, or `channel_failed`: it has ended, or said nothing within `ms`. */
    call(call, ms) {
        return new Promise((resolve, reject) => {
            if (this.#isOver)
                return reject(this.#toEndFault());
            // A body of GitHub's may take 33 MiB here: more than two at a time are told to come again.
            const isBehind = this.#pipe.writableLength > MAX_WAITING_BYTES;
            if (this.#asked.size >= MAX_CALLS || isBehind)
                return reject(toBusy());
            const id = ++this.#lastId;
            const timer = setTimeout(() => {
                this.#asked.get(id)?.cancel();
                this.#asked.delete(id);
                reject(toNoAnswer(`it did not answer within ${ms} ms`));
            }, ms);
            const end = this.#files.begin(id, call);
            if (this.#files.isFetching)
                this.#pipe.resume(); // CHILDFILE-3
            const cancel = () => (clearTimeout(timer), end());
            this.#asked.set(id, { resolve, reject, cancel });
            this.#send({ kind: "call", id, ...call });
        });
    }
    /** Has it end by itself, and ends it. */
    async close() {
        if (!this.#isOver)
            this.#send({ kind: "close" });
        const timer = setTimeout(() => this.#kill("it was closed and did not end"), CLOSE_MS);
        await this.ended;
        clearTimeout(timer);
    }
    #follow() {
        const { startMs, pingMs, rssEveryMs } = this.#limits;
        const { stdout, stderr } = this.#process;
        if (stdout !== null)
            this.#output.follow(stdout, "stdout");
        if (stderr !== null)
            this.#output.follow(stderr, "stderr");
        this.#pipe.on("data", (chunk) => this.#read(chunk));
        this.#pipe.on("error", () => undefined); // Its end tells.
        this.#beNice();
        const starting = setTimeout(() => this.#kill(`it was not ready within ${startMs} ms`), startMs);
        this.#timers.push(starting, setInterval(() => this.#ping(), pingMs), setInterval(() => void this.#weigh(), rssEveryMs));
        this.ready.then(() => clearTimeout(starting), () => undefined);
        return new Promise((resolve) => {
            let isSettled = false;
            const over = (reason) => {
                if (isSettled)
                    return;
                isSettled = true;
                this.#reason ??= reason;
                this.#end();
                resolve(this.#reason);
            };
            this.#process.once("error", (fault) => over(`it could not be started (${fault.message})`));
            this.#process.once("exit", (code, signal) => over(this.#toExit(code, signal)));
        });
    }
    #end() {
        this.#isOver = true;
        this.#endWatch();
        for (const timer of this.#timers)
            clearInterval(timer);
        this.#pipe.destroy();
        this.#settleReady.reject(this.#toEndFault());
        const fault = toNoAnswer(this.#reason ?? "it has ended");
        for (const asked of this.#asked.values()) {
            asked.cancel();
            asked.reject(fault);
        }
        this.#asked.clear();
    }
    #read(chunk) {
        if (this.#isOver || this.#reason !== undefined)
            return;
        let lines;
        try {
            lines = this.#lines.push(chunk);
        }
        catch (thrown) {
            return this.#kill(`it broke the protocol (${toMessage(thrown)})`);
        }
        for (const line of lines) {
            try {
                this.#hear(parseLine(line));
            }
            catch (thrown) {
                return this.#kill(`it broke the protocol (${toMessage(thrown)})`);
            }
        }
        const now = Date.now();
        const waitMs = this.#budget.spend(lines.length, chunk.length - this.#wanted, now);
        this.#wanted = 0;
        if (this.#budget.isFlood(now))
            return this.#kill("it says more than the hub reads");
        if (waitMs > 0)
            this.#pause(waitMs);
    }
    #pause(ms) {
        this.#pipe.pause();
        setTimeout(() => void (this.#isBusy || this.#pipe.resume()), ms).unref();
    }
    #hear(message) {
        const { hooks } = this.#options;
        switch (message.kind) {
            case "ready":
                return this.#settleReady.resolve(message);
            case "failed":
                this.#settleReady.reject(new SluiceError("bad_config", message.fault.message));
                return this.#kill(message.fault.message);
            case "result":
                return this.#settle(message.id, message);
            case "take":
                return void this.#take(message.id, message.arrivals, message.cursor);
            case "piece":
                this.#wanted += this.#files.add(message.id, message.data);
                return undefined;
            case "file":
                return void this.#tell(message.id, () => this.#files.read(message.path, message.from));
            case "undelivered":
                return void this.#tell(message.id, () => hooks.undelivered(message.messageId, message.reason));
            case "report":
                return hooks.report(message.source, message.state);
            case "left":
                return hooks.leftBehind(message.count);
            case "log":
                return this.#print(message);
            case "pong":
                this.#pongAt = Date.now();
                return undefined;
            case "closed":
                return undefined;
            default:
                return message;
        }
    }
    #settle(id, { value, fault }) {
        const asked = this.#asked.get(id);
        if (asked === undefined)
            return; // Too late: its asker has been told.
        this.#asked.delete(id);
        try {
            if (fault === undefined)
                asked.resolve(this.#files.take(id, value));
            else
                asked.reject(fromWire(fault));
        }
        catch (thrown) {
            asked.reject(toFault(toMessage(thrown)));
        }
        finally {
            asked.cancel();
        }
    }
    /** Answers what it asks of the hub. */
    async #tell(id, work) {
        try {
            const data = await work();
            this.#send({ kind: "told", id, ...(typeof data === "string" ? { data } : {}) });
        }
        catch (thrown) {
            const fault = { code: "channel_failed", message: toMessage(thrown), retryable: true };
            this.#send({ kind: "told", id, fault });
        }
    }
    async #take(id, arrivals, cursor) {
        this.#takes++;
        if (this.#isBusy)
            this.#pipe.pause();
        try {
            const results = await this.#options.hooks.take(arrivals, cursor);
            this.#send({ kind: "taken", id, results });
        }
        catch (thrown) {
            const fault = { code: "channel_failed", message: toMessage(thrown), retryable: true };
            this.#send({ kind: "taken", id, fault });
        }
        finally {
            if (--this.#takes === MAX_TAKES && !this.#isOver)
                this.#pipe.resume();
        }
    }
    get #isBusy() {
        return this.#takes > MAX_TAKES && !this.#files.isFetching;
    }
    #print({ level, fields, message }) {
        const { log, start } = this.#options;
        if (!this.#output.allow())
            return;
        const facts = JSON.stringify(fields ?? {}).slice(0, 2_000);
        log[level]({ channel: start.name, said: facts }, message.slice(0, 1_000));
    }
    #send(message) {
        if (this.#isOver || this.#pipe.destroyed)
            return;
        if (this.#pipe.writableLength > MAX_WRITE_BYTES)
            return this.#kill("it does not read what the hub says");
        this.#pipe.write(`${JSON.stringify(message)}\n`);
    }
    #ping() {
        if (Date.now() - this.#pongAt > this.#limits.pongMs + this.#limits.pingMs)
            return this.#kill(`it did not answer for ${Math.round(this.#limits.pongMs / 1_000)} s: it spins, or waits without letting anything else run`);
        this.#send({ kind: "ping", n: this.#pongAt });
    }
    async #weigh() {
        const mib = this.pid === undefined ? undefined : await readRssMib(this.pid);
        if (mib !== undefined && mib > this.#limits.rssMib)
            this.#kill(`it used ${mib} MiB of memory, more than ${this.#limits.rssMib}`);
    }
    /** The hub comes first, whatever it computes. */
    #beNice() {
        try {
            if (this.pid !== undefined)
                setPriority(this.pid, Math.min(CHILD_NICE, constants.priority.PRIORITY_LOW));
        }
        catch {
            // Gone already, or not ours to say: it only costs speed.
        }
    }
    #kill(reason) {
        this.#reason ??= reason;
        this.#process.kill("SIGKILL");
    }
    #toExit(code, signal) {
        if (/heap out of memory|allocation failed/i.test(this.#output.last))
            return "its memory was full";
        const how = signal === null ? `it ended with exit code ${code}` : `it was ended by ${signal}`;
        return this.#output.last === "" ? how : `${how} (${this.#output.last.slice(0, 300)})`;
    }
    #toEndFault() {
        return toFault(this.#reason ?? "it has ended");
    }
}
