import { sleep } from "../../sdk/clock.js";
import { isSluiceError, toMessage } from "../../sdk/errors.js";
import { textAt } from "../../sdk/json.js";
import { MaybeSent } from "../../sdk/message.js";
/** First and last pause after a fault. */
export const FAULT_MS = [1_000, 60_000];
export class Standing {
    #options;
    #shown;
    #stands = false;
    /** WASTAND-2: the token, for a message. */
    #isRefused = false;
    /** In a row; of asking and of sending. */
    #faults = 0;
    #asking;
    constructor(options) {
        this.#options = options;
    }
    /** The number as people see it, once the API has named it. */
    get shown() {
        return this.#shown;
    }
    /** Resolves once the API has answered, or has not: `report` says which. */
    async open() {
        if (!(await this.#ask()))
            this.#askOn();
    }
    /** Resolves once nothing is asked any more: after the signal. */
    async over() {
        await this.#asking;
    }
    /** WASTAND-2. What `send` rejects with is passed on. */
    async watch(send) {
        try {
            const sent = await send();
            this.#faults = 0;
            this.#isRefused = false;
            this.#report();
            return sent;
        }
        catch (thrown) {
            if (isSluiceError(thrown) && isOfTheWay(thrown)) {
                this.#isRefused ||= thrown.code === "unauthorized";
                this.#report(thrown);
                if (!this.#isRefused)
                    this.#askOn();
            }
            throw thrown;
        }
    }
    /** WASTAND-1 */
    #askOn() {
        this.#asking ??= this.#askUntil().finally(() => (this.#asking = undefined));
    }
    async #askUntil() {
        const { context, signal, faultMs } = this.#options;
        const [first, last] = faultMs;
        do {
            const pauseMs = Math.min(last, first * 2 ** Math.min(this.#faults - 1, 16));
            await sleep(pauseMs, context.clock, signal);
        } while (!signal.aborted && !this.#stands && !this.#isRefused && !(await this.#ask()));
    }
    async #ask() {
        const { api, number } = this.#options;
        try {
            const found = await api.call("GET", `${number}?fields=display_phone_number,verified_name`);
            this.#shown = textAt(found, "display_phone_number") ?? this.#shown;
            if (!this.#isRefused)
                this.#report();
            return true;
        }
        catch (thrown) {
            this.#report(thrown);
            return false;
        }
    }
    /** Of what went wrong, or that all is well. */
    #report(thrown) {
        const { context, signal } = this.#options;
        if (signal.aborted)
            return;
        if (thrown === undefined) {
            if (!this.#stands)
                context.report({ kind: "connected" });
            this.#stands = true;
            return;
        }
        this.#stands = false;
        this.#faults += 1;
        const isPassing = isSluiceError(thrown) && (thrown.retryable || isMaybe(thrown));
        const reason = toMessage(thrown);
        context.report({ kind: "retrying", reason, ...(isPassing ? {} : { alarm: true }) });
    }
}
/** It says something of the way to the API, and not of one message. */
function isOfTheWay(fault) {
    if (fault.code === "rate_limited")
        return false;
    return fault.code === "unauthorized" || fault.retryable || isMaybe(fault);
}
function isMaybe({ cause }) {
    return cause instanceof MaybeSent;
}
