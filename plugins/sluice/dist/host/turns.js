/**
 * The turns of a session: the prompts that wait, the start of a turn, prompts that join a running turn, and its end.
 *
 * Owns: the queue and the order of hooks around a turn. Never: where prompts come from (session.ts).
 *
 * Observed of Claude Code, for what arrives while a turn runs:
 * - a bell line is handed over after the next tool result, in the running turn and under its prompt id; without one it starts the next
 * turn;
 * - a typed prompt asks its hooks at once, under the running turn's prompt id, and is handed over in the same way; without a tool result
 *   it starts the next turn, under a new prompt id and without asking again;
 * - channel events wait for the next turn and come together;
 * - Esc takes a typed prompt back out of the conversation, with its context, if the model had done nothing yet; a bell's stays.
 *
 * TURN-1 A text reaches the model at most once, and every text that does is noted as read.
 * TURN-2 One turn at a time; texts that wait keep their order.
 */
import { randomUUID } from "node:crypto";
import { toMessage } from "../sdk/errors.js";
import { toBellReading, toContextReading, wrapUntrusted } from "./channel-text.js";
/** Stop hooks in a row that may hold a turn open. */
const STOP_BLOCKS_MAX = 8;
export class Turns {
    #options;
    #queue = [];
    #running;
    #promptId;
    #draining;
    #closed = false;
    constructor(options) {
        this.#options = options;
    }
    get busy() {
        return this.#running !== undefined;
    }
    /** Prompt id of the running or the last turn; undefined before the first. */
    get promptId() {
        return this.#promptId;
    }
    enqueue(kind, text, source = "") {
        if (this.#closed)
            return;
        const item = { kind, text, source, late: this.#draining !== undefined };
        if (kind === "typed" && this.#running !== undefined && this.#promptId !== undefined)
            item.asked = this.#ask(item, this.#promptId);
        this.#queue.push(item);
        if (item.late)
            this.#options.notebook.write({ kind: "queued", at: Date.now(), turn: kind, text });
        this.#draining ??= this.#drain().finally(() => (this.#draining = undefined));
    }
    interrupt() {
        if (this.#running === undefined || this.#running.signal.aborted)
            return;
        this.#options.notebook.counters.interrupts++;
        this.#running.abort(new Error("interrupted"));
    }
    /** Resolves when no turn runs and nothing waits. */
    async idle() {
        while (this.#draining !== undefined)
            await this.#draining;
    }
    /** Forgets what waits, ends the running turn and takes nothing more. */
    async close() {
        this.#closed = true;
        this.#queue = [];
        this.interrupt();
        await this.idle();
    }
    async #drain() {
        for (let item = this.#queue.shift(); item !== undefined; item = this.#queue.shift()) {
            const rest = item.kind === "channel" && item.late ? this.#take(({ kind }) => kind === "channel") : [];
            await this.#runTurn([item, ...rest]);
        }
    }
    async #runTurn(items) {
        const { notebook, fire, sessionId } = this.#options;
        const controller = new AbortController();
        const { signal } = controller;
        const id = randomUUID();
        const turn = items[0].kind;
        this.#running = controller;
        this.#promptId = id;
        notebook.counters.turns++;
        notebook.write({
            kind: "turn-start",
            at: Date.now(),
            turn,
            promptId: id,
            sessionId: sessionId(),
        });
        let ending;
        try {
            ending = await orAbort(this.#live(items, id, signal), signal);
        }
        catch (error) {
            ending = signal.aborted ? { how: "interrupt" } : { how: "failure", reason: toMessage(error) };
        }
        if (ending.how === "failure")
            await fire("StopFailure", "", {
                prompt_id: id,
                error: "unknown",
                last_assistant_message: `API Error: ${ending.reason}`,
            });
        const hasActed = () => notebook.notes.some((note) => note.kind === "tool" && note.promptId === id);
        if (ending.how === "interrupt" && turn === "typed" && !hasActed())
            notebook.write({ kind: "taken-back", at: Date.now(), promptId: id });
        this.#running = undefined;
        notebook.write({ kind: "turn-end", at: Date.now(), promptId: id, ...ending });
    }
    /** A turn from its prompt to its Stop. */
    async #live(items, id, signal) {
        const { model } = this.#options;
        const { kind, late } = items[0];
        const texts = items.map(({ text }) => text);
        const sources = [...new Set(items.map(({ source }) => source))].join(", ");
        const prompt = kind === "channel" && late ? wrapUntrusted(sources, texts) : texts.join("\n");
        const outputs = await this.#ask({ ...items[0], text: prompt }, id);
        signal.throwIfAborted();
        if (isBlocked(outputs))
            return { how: "blocked" };
        let message = kind === "bell" ? toBellReading(prompt, true) : prompt;
        for (const text of kind === "channel" ? texts : [message])
            this.#read(kind, text, id);
        let context = toContexts(outputs).map((text) => toContextReading("UserPromptSubmit", text));
        for (let blocks = 0;; blocks++) {
            for (const text of context)
                this.#read("context", text, id);
            const lastWords = await model({
                promptId: id,
                kind,
                text: [message, ...context].filter((part) => part !== "").join("\n\n"),
                prompt,
                context,
                signal,
                callTool: (name, input = {}, options) => this.#callTool({ name, input, promptId: id, signal, ...options }),
                useTool: (name, input, options) => this.#callTool({
                    name,
                    input,
                    promptId: id,
                    signal,
                    run: (given) => JSON.stringify(given),
                    ...options,
                }),
            });
            signal.throwIfAborted();
            const reasons = await this.#stop(id, blocks > 0, lastWords ?? "");
            if (reasons.length === 0 || blocks + 1 >= STOP_BLOCKS_MAX)
                return { how: "stop" };
            context = reasons.map((text) => toContextReading("Stop", text));
            message = "";
        }
    }
    async #callTool(call) {
        const output = await this.#options.callTool(call);
        return { ...output, arrived: await this.#handOver(call.promptId, call.signal) };
    }
    /** After a tool result: what arrived meanwhile joins the running turn. */
    async #handOver(id, signal) {
        const arrived = [];
        for (const item of this.#take(({ kind }) => kind !== "channel")) {
            const outputs = await this.#ask(item, id);
            signal.throwIfAborted();
            if (isBlocked(outputs))
                continue;
            const text = item.kind === "bell" ? toBellReading(item.text, false) : item.text;
            arrived.push(this.#read(item.kind, text, id));
            for (const context of toContexts(outputs))
                arrived.push(this.#read("context", toContextReading("UserPromptSubmit", context), id));
        }
        return arrived;
    }
    /** Asks the Stop hooks. @returns why the turn goes on; nothing where it ends. */
    async #stop(id, isBlocked, lastWords) {
        const outputs = await this.#options.fire("Stop", "", {
            prompt_id: id,
            stop_hook_active: isBlocked,
            last_assistant_message: lastWords,
            ...this.#options.stopFields(),
        });
        return outputs.flatMap(({ additionalContext, block }) => [additionalContext, block].filter((text) => text !== undefined));
    }
    #ask(item, id) {
        const fields = { prompt_id: id, prompt: item.text };
        return item.asked ?? this.#options.fire("UserPromptSubmit", "", fields);
    }
    #take(fits) {
        const { taken = [], left = [] } = Object.groupBy(this.#queue, (item) => fits(item) ? "taken" : "left");
        this.#queue = left;
        return taken;
    }
    #read(how, text, promptId) {
        this.#options.notebook.write({ kind: "read", at: Date.now(), how, text, promptId });
        return text;
    }
}
function isBlocked(outputs) {
    return outputs.some(({ block }) => block !== undefined);
}
function toContexts(outputs) {
    return outputs.flatMap(({ additionalContext }) => additionalContext ?? []);
}
async function orAbort(work, signal) {
    // The turn ends at once; what a model or a hook still does is its own affair, and its rejection is no news.
    work.catch(() => { });
    const aborted = Promise.withResolvers();
    const abort = () => aborted.reject(signal.reason);
    if (signal.aborted)
        abort();
    signal.addEventListener("abort", abort, { once: true });
    try {
        return await Promise.race([work, aborted.promise]);
    }
    finally {
        signal.removeEventListener("abort", abort);
    }
}
