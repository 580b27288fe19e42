/**
 * One author's channel in the hub: its process is started, watched, and started again.
 *
 * Owns: that life, and what is asked of it meanwhile. Never: one process (child.ts); ingress, gate and inbox.
 *
 * SUPERVISE-1 A process that ends is started again after 1 s, 2 s, ... 60 s with jitter; after six ends without five quiet minutes
 *    between them the channel waits for its owner, with the reason.
 * SUPERVISE-2 While there is no process, nothing is taken and nothing is lost: senders are told when to come again.
 * SUPERVISE-3 A channel that says of itself something else than what was confirmed does not run.
 */
import { isDeepStrictEqual } from "node:util";
import { Backoff } from "../../author/backoff.js";
import { isSluiceError, SluiceError, toMessage } from "../../sdk/errors.js";
import { MaybeSent } from "../../sdk/message.js";
import { receivedSchema, sentSchema, toHubArrival, toolAnswerSchema, } from "./check.js";
import { openActs } from "../../author/chat-acts.js";
import { Child } from "./child.js";
import { NoAnswer, toFault } from "./child-fault.js";
import { Reports } from "./reports.js";
const MAX_ENDS = 6;
const QUIET_MS = 300_000;
const REPLY_MS = 70_000;
const TOOL_MS = 130_000;
/** Over the limits of the author's own functions, which end them first and say which it was. */
const GRACE_MS = 5_000;
/** No sender waits longer. */
const MAX_WAIT_MS = 600_000;
const DOWN_RETRY_MS = 10_000;
export class AuthoredChannel {
    #options;
    #context;
    #child;
    #reports;
    #closing;
    #kind = "";
    #down = "it has not been started yet";
    #backoff = new Backoff();
    /** Ends in a row, without quiet minutes between them. */
    #row = 0;
    #ends = 0;
    #faults = 0;
    #lastFault;
    constructor(options) {
        this.#options = options;
    }
    get figures() {
        const [ends, faults, lastFault] = [this.#ends, this.#faults, this.#lastFault];
        return { pid: this.#child?.pid, ends, faults, lastFault };
    }
    /** Starts it. @throws SluiceError `bad_config` where it cannot be loaded, `unsupported`. */
    async open(context) {
        this.#context = context;
        this.#reports = new Reports(context.clock, {
            report: (state) => context.report(state),
            leftBehind: (count) => context.leftBehind?.(count),
        });
        this.#closing = undefined;
        this.#row = 0;
        let child;
        try {
            child = await this.#start(context);
        }
        catch (thrown) {
            if (isHopeless(thrown) || context.signal.aborted)
                throw thrown;
            // It ended at once: as if it had ended later.
            this.#down = toMessage(thrown);
        }
        void this.#watch(context, child);
        return {
            account: { name: this.#options.name },
            send: (message) => this.#send(message),
            ...openActs(this.#options.chat, (call) => this.#askAct(call)),
            close: () => this.close(),
        };
    }
    close() {
        this.#closing ??= this.#end();
        return this.#closing;
    }
    /** @throws SluiceError `channel_failed`, retryable: the sender is to come again. */
    async receive(source, request, timeoutMs) {
        const child = this.#require();
        const { path, headers, body, verified, signedId, receivedAt } = request;
        const wire = { path, headers, body: body.toString("base64"), verified, receivedAt };
        const call = {
            op: "receive",
            source,
            request: signedId === undefined ? wire : { ...wire, signedId },
        };
        // The author's own check, the schema, and receive: each has its own limit.
        const value = await this.#ask(child, call, Math.min(3 * timeoutMs + GRACE_MS, MAX_WAIT_MS));
        const received = this.#read(receivedSchema, value, "receive");
        if (received.kind !== "arrivals")
            return received;
        const channel = { name: this.#options.name, kind: this.#kind };
        const arrivals = received.arrivals.map((one) => toHubArrival(one, channel, verified));
        return { kind: "arrivals", arrivals };
    }
    /** Never rejects: a fault is an answer for the model. */
    async callTool(tool, input) {
        try {
            const value = await this.#ask(this.#require(), { op: "tool", tool, input }, TOOL_MS);
            return this.#read(toolAnswerSchema, value, `tool ${tool}`);
        }
        catch (thrown) {
            return {
                text: `channel ${this.#options.name}: ${toMessage(thrown)} (it may work later)`,
                isError: true,
            };
        }
    }
    async #send(message) {
        let value;
        try {
            value = await this.#ask(this.#require(), { op: "reply", message }, REPLY_MS);
        }
        catch (thrown) {
            throw toSendFault(thrown);
        }
        return this.#read(sentSchema, value, "reply");
    }
    async #askAct(call) {
        try {
            return await this.#ask(this.#require(), call, REPLY_MS);
        }
        catch (thrown) {
            throw toSendFault(thrown);
        }
    }
    async #ask(child, call, ms) {
        try {
            return await child.call(call, ms);
        }
        catch (thrown) {
            this.#noteFault(toMessage(thrown));
            throw thrown;
        }
    }
    #read(schema, value, what) {
        const parsed = schema.safeParse(value);
        if (parsed.success)
            return parsed.data;
        const [issue] = parsed.error.issues;
        const text = `${what} brought something that is no answer (${issue?.path.join(".") || "the whole"}: ${issue?.code ?? "wrong"})`;
        this.#noteFault(text);
        throw toFault(text);
    }
    #require() {
        if (this.#child !== undefined)
            return this.#child;
        throw toFault(`the channel does not run: ${this.#down}`, DOWN_RETRY_MS);
    }
    async #start(context) {
        const { name, readCode, secrets, env, readCursor, noteProcess, limits } = this.#options;
        const code = await readCode();
        if (this.#isClosed(context))
            throw toFault("it was closed while it started");
        const { outline } = code.manifest;
        this.#kind = outline.kind;
        this.#reports?.clear();
        const cursor = readCursor();
        const child = new Child({
            start: {
                mode: "run",
                entry: code.entry,
                name,
                settings: context.settings,
                secrets,
                ...(cursor === undefined ? {} : { cursor }),
            },
            folder: code.folder,
            reads: [code.folder],
            env,
            log: context.log,
            hooks: {
                take: (arrivals, next) => this.#take(arrivals, next),
                report: (source, state) => this.#report(source, state),
                leftBehind: (count) => this.#reports?.left(count),
                undelivered: async (id, reason) => context.undelivered?.(id, reason),
            },
            ...(limits === undefined ? {} : { limits }),
        });
        noteProcess(child.pid);
        const said = await child.ready;
        if (!isDeepStrictEqual(said.outline, outline)) {
            await child.close();
            throw new SluiceError("bad_config", "it says something else of itself than what was confirmed; make its definition the same each time it is loaded, then sluice reload"); // SUPERVISE-3
        }
        if (context.signal.aborted) {
            await child.close();
            throw toFault("it was closed while it started");
        }
        this.#child = child;
        return child;
    }
    /** Follows one process after the other until it is closed, or has failed too often. */
    async #watch(context, first) {
        const { clock, log } = context;
        const { name, noteProcess } = this.#options;
        let child = first;
        for (;;) {
            const startedAt = clock.now();
            const reason = child === undefined ? this.#down : await child.ended;
            this.#child = undefined;
            this.#reports?.clear();
            noteProcess(undefined);
            if (this.#closing !== undefined || context.signal.aborted)
                return;
            this.#ends++;
            this.#row = clock.now() - startedAt > QUIET_MS ? 1 : this.#row + 1;
            if (this.#row === 1)
                this.#backoff = new Backoff();
            this.#down = reason;
            this.#noteFault(`its process has ended: ${reason}`);
            if (this.#row >= MAX_ENDS) {
                const text = `its process has ended ${this.#row} times, the last time because ${reason}`;
                context.report({ kind: "paused", reason: text });
                return;
            }
            const waitMs = (this.#options.backoff ?? (() => this.#backoff.nextMs()))();
            log.warn({ channel: name, reason, waitMs }, "a channel's process has ended");
            context.report({ kind: "retrying", reason: `its process has ended: ${reason}` });
            await new Promise((resolve) => {
                const cancel = clock.after(waitMs, resolve);
                context.signal.addEventListener("abort", () => (cancel(), resolve()), { once: true });
            });
            if (this.#isClosed(context))
                return;
            child = await this.#startAgain(context);
            if (child !== undefined && this.#reports?.isSilent !== false)
                context.report({ kind: "connected" });
        }
    }
    #isClosed(context) {
        return this.#closing !== undefined || context.signal.aborted;
    }
    async #startAgain(context) {
        try {
            return await this.#start(context);
        }
        catch (thrown) {
            this.#down = toMessage(thrown);
            if (isHopeless(thrown))
                this.#row = MAX_ENDS;
            return undefined;
        }
    }
    async #end() {
        const child = this.#child;
        this.#child = undefined;
        this.#down = "it is closed";
        await child?.close();
        this.#options.noteProcess(undefined);
    }
    #take(arrivals, cursor) {
        const channel = { name: this.#options.name, kind: this.#kind };
        return this.#options.take(arrivals.map((one) => toHubArrival(one, channel, "own")), cursor);
    }
    #report(source, state) {
        if (state.kind !== "connected")
            this.#noteFault(`${source}: ${state.reason}`);
        this.#reports?.note(source, state);
    }
    #noteFault(text) {
        const at = this.#context?.clock.now() ?? Date.now();
        this.#faults++;
        this.#lastFault = { at, text: text.slice(0, 300) };
    }
}
/** No other try would go otherwise. */
function isHopeless(thrown) {
    return isSluiceError(thrown, "bad_config") || isSluiceError(thrown, "unsupported");
}
/** Of a reply that its process had begun when it ended, or ran out of time, nobody knows. */
function toSendFault(thrown) {
    if (!isSluiceError(thrown) || !(thrown.cause instanceof NoAnswer))
        return thrown;
    return new SluiceError("send_failed", thrown.message, { cause: new MaybeSent(thrown.message) });
}
