import { findAsk, findPrompt, listAsks, listUnsent, setAskState, } from "../../store/prompts/prompts.js";
import { toAskAnswer } from "./verdict.js";
export class Answers {
    #options;
    #waiters = new Waiters();
    constructor(options) {
        this.#options = options;
    }
    /** The answer for a call that waits in the hook; `pending` after `limitMs`, or when the caller left. */
    async wait(key, limitMs, left) {
        const answer = this.#read(key);
        if (answer.kind !== "pending")
            return answer;
        return (await this.#waiters.wait(key, limitMs, left)) ?? { kind: "pending" };
    }
    /** The prompt has ended, on disk: all that wait for it hear. */
    send(prompt) {
        const { db, leases } = this.#options;
        for (const { key, way } of listAsks(db, prompt))
            if (way === "hook")
                this.#waiters.answer(key, this.#read(key));
        const attachment = leases.find(findPrompt(db, prompt)?.attachment ?? "");
        if (attachment !== undefined)
            this.sendRelayed(attachment);
    }
    /** One call is over, without an answer of ours. */
    release(key) {
        this.#waiters.answer(key, { kind: "none" });
    }
    /** What waits for this attachment's relay (ANSWER-2). */
    sendRelayed(attachment) {
        const { db, clock, lifeMs, writes } = this.#options;
        if (!attachment.hasLease)
            return;
        for (const { key, prompt } of listUnsent(db, attachment.id, clock.now() - lifeMs())) {
            const send = () => this.#sendOne(attachment, key, prompt);
            writes.runWithRetry(prompt, send, send);
        }
    }
    async #sendOne(attachment, key, prompt) {
        const { db, leases } = this.#options;
        const isHooked = listAsks(db, prompt).some(({ way, state }) => way === "hook" && state !== "over");
        const isFirst = await db.write(() => {
            if (findAsk(db, key)?.state !== "waiting")
                return false;
            setAskState(db, key, isHooked ? "over" : "left");
            return true;
        });
        const verdict = findPrompt(db, prompt)?.prompt.outcome?.verdict;
        // ANSWER-1
        if (!isFirst || isHooked || verdict === undefined)
            return;
        const requestId = key.slice(key.lastIndexOf(" ") + 1);
        if (verdict.kind !== "answers")
            return leases.push(attachment.id, { kind: "verdict", requestId, behavior: verdict.kind });
        // A client's relay has no word for them.
        if (attachment.client.host === undefined)
            return;
        const questions = findPrompt(db, prompt)?.prompt.questions ?? [];
        const answers = questions.map(({ question }) => verdict.answers[question] ?? "");
        leases.push(attachment.id, { kind: "answers", requestId, answers });
    }
    close() {
        this.#waiters.close();
    }
    #read(key) {
        const { db } = this.#options;
        const ask = findAsk(db, key);
        const prompt = ask === undefined ? undefined : findPrompt(db, ask.prompt)?.prompt;
        if (ask === undefined || ask.state === "over" || prompt === undefined)
            return { kind: "none" };
        if (prompt.state === "pending")
            return { kind: "pending" };
        return prompt.outcome === undefined ? { kind: "none" } : toAskAnswer(prompt, prompt.outcome);
    }
}
class Waiters {
    #waiting = new Map();
    /** Resolves with the answer; undefined when none came within `limitMs`, the caller left, or everything is closed. */
    wait(key, limitMs, left) {
        return new Promise((resolve) => {
            const settle = (answer) => {
                clearTimeout(timer);
                left?.removeEventListener("abort", leave);
                const others = this.#waiting.get(key);
                others?.delete(settle);
                if (others?.size === 0)
                    this.#waiting.delete(key);
                resolve(answer);
            };
            const leave = () => settle(undefined);
            // Real time, not the hub's clock: it bounds a connection, and decides nothing.
            const timer = setTimeout(leave, limitMs);
            timer.unref();
            if (left?.aborted === true)
                return leave();
            left?.addEventListener("abort", leave, { once: true });
            const waiting = this.#waiting.get(key) ?? new Set();
            this.#waiting.set(key, waiting.add(settle));
        });
    }
    /** Whether somebody waits under this key now. */
    has(key) {
        return this.#waiting.has(key);
    }
    answer(key, answer) {
        for (const settle of this.#waiting.get(key) ?? [])
            settle(answer);
    }
    close() {
        for (const waiting of this.#waiting.values())
            for (const settle of waiting)
                settle(undefined);
    }
}
