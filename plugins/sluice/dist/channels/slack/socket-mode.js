import { sleep, within } from "../../sdk/clock.js";
import { toMessage } from "../../sdk/errors.js";
import { at, countAt, isTrueAt, textAt } from "../../sdk/json.js";
import { isCredentialRefused, toFaultLine } from "./api.js";
import { SlackSocket } from "./socket.js";
const MAX_UNSENT = 1_000;
const OFF = "slack: Socket Mode was turned off for the app; turn it on at api.slack.com/apps > your app > Socket Mode";
const CROWDED = "slack: too many connections with this app-level token (10 is the most); stop the other programs, or make an app of its own for Sluice";
const SHARED = "slack: another program is connected with this app-level token and gets a part of the messages; stop it, or make an app of its own for Sluice";
export class SocketMode {
    #options;
    #live = new Set();
    #faults = 0;
    /** No socket stood for a while. */
    #hasHole = true;
    /** Acknowledgements for which no socket stood. */
    #unsent = [];
    /** How many times in a row Slack counted more sockets than ours. */
    #crowd = 0;
    constructor(options) {
        this.#options = options;
    }
    /** Runs until the signal aborts, or the token is refused. Rejects never. */
    async run() {
        const { signal, report } = this.#options;
        while (!signal.aborted) {
            const opened = await this.#open();
            if (opened === "refused")
                return;
            if (opened === undefined) {
                await this.#pause();
                continue;
            }
            const turn = await opened.turn;
            if (turn === "refresh")
                continue; // SOCKETMODE-1
            if (turn === "lost") {
                // One that stood for a while is no reason to wait.
                if (this.#faults > 0)
                    await this.#pause();
                continue;
            }
            this.#faults += 1;
            if (!signal.aborted)
                report({ kind: "retrying", reason: turn === "off" ? OFF : CROWDED, alarm: true });
            await this.#pause();
        }
    }
    /** Undefined after a fault that is worth another try. */
    async #open() {
        const { api, report, signal, timings, clock } = this.#options;
        const method = "apps.connections.open";
        const asked = await api.call(method, {}, { signal, timeoutMs: timings.helloMs });
        if (signal.aborted)
            return "refused";
        if (asked.kind === "ok")
            return this.#stand(textAt(asked.body, "url") ?? "");
        // SOCKETMODE-4
        if (isCredentialRefused(asked)) {
            report({ kind: "paused", reason: toFaultLine(method, asked) });
            return "refused";
        }
        this.#fault(toFaultLine(method, asked));
        const waitMs = asked.kind === "refused" ? asked.retryAfterMs : undefined;
        if (waitMs !== undefined)
            await sleep(waitMs, clock, signal);
        return undefined;
    }
    /** A socket that has said hello, and when and why the next one is to be opened. */
    async #stand(address) {
        const { clock, signal, timings } = this.#options;
        const turn = Promise.withResolvers();
        const hello = Promise.withResolvers();
        const live = { isTurned: false, since: clock.now() };
        const end = (why) => {
            live.isTurned = true;
            signal.removeEventListener("abort", stop);
            turn.resolve(why);
        };
        const stop = () => end("lost");
        signal.addEventListener("abort", stop);
        try {
            live.socket = await SlackSocket.open(address, {
                timings,
                clock,
                signal,
                frame: (frame) => {
                    const type = textAt(frame, "type");
                    if (type === "hello") {
                        this.#fillHole(); // Before the next frame, which may have come with this one.
                        hello.resolve({ counted: countAt(frame, "num_connections") });
                    }
                    else if (type === "disconnect")
                        end(toTurn(textAt(frame, "reason")));
                    else
                        this.#envelope(live, frame);
                },
                over: (reason) => {
                    hello.resolve({ fault: reason });
                    this.#over(live, reason);
                    end("lost");
                },
            });
            const heard = await within(timings.helloMs, hello.promise, { fault: "no hello came" });
            if ("fault" in heard)
                throw new Error(`slack: Socket Mode: ${heard.fault}`);
            if (signal.aborted)
                return undefined;
            this.#stands(live, heard.counted, () => end("refresh"));
        }
        catch (thrown) {
            signal.removeEventListener("abort", stop);
            live.socket?.close();
            if (!signal.aborted)
                this.#fault(toMessage(thrown));
            return undefined;
        }
        return { turn: turn.promise };
    }
    #stands(live, counted, recount) {
        const { clock, report, timings } = this.#options;
        this.#live.add(live);
        for (const answer of this.#unsent)
            live.socket?.send(answer);
        this.#unsent = [];
        const ours = this.#live.size;
        this.#crowd = counted !== undefined && counted > ours ? this.#crowd + 1 : 0;
        const isShared = this.#crowd >= 2; // SOCKETMODE-5
        if (this.#crowd > 0)
            clock.after(timings.recountMs, () => !live.isTurned && recount());
        report(isShared ? { kind: "retrying", reason: SHARED, alarm: true } : { kind: "connected" });
        for (const old of this.#live)
            if (old !== live)
                clock.after(timings.drainMs, () => this.#leave(old));
    }
    /** SOCKETMODE-3 */
    #fillHole() {
        if (this.#hasHole)
            this.#options.gap();
        this.#hasHole = false;
    }
    #leave(old) {
        this.#live.delete(old);
        old.socket?.close();
    }
    #over(live, reason) {
        const { clock, log, report, signal, timings } = this.#options;
        if (!this.#live.delete(live) || signal.aborted)
            return;
        const livedMs = clock.now() - live.since;
        this.#faults = livedMs > timings.faultMs[1] ? 0 : this.#faults + 1;
        if (this.#live.size > 0)
            return;
        this.#hasHole = true;
        log.info({ reason, livedMs }, "a socket of Slack ended");
        report({ kind: "retrying", reason: `slack: Socket Mode: ${reason}` });
    }
    /** SOCKETMODE-2 */
    #envelope(live, frame) {
        const { take, log } = this.#options;
        const envelope_id = textAt(frame, "envelope_id");
        if (envelope_id === undefined)
            return;
        const type = textAt(frame, "type") ?? "";
        const takesAnswer = isTrueAt(frame, "accepts_response_payload");
        const retry = countAt(frame, "retry_attempt") ?? 0;
        take({ type, payload: at(frame, "payload"), retry }).then((payload) => {
            const answer = takesAnswer && payload !== undefined ? { envelope_id, payload } : { envelope_id };
            const isSent = [live, ...this.#live].some(({ socket }) => socket?.send(answer) === true);
            // For the next socket; where that is too late, the envelope comes again.
            if (!isSent && this.#unsent.length < MAX_UNSENT)
                this.#unsent.push(answer);
        }, (thrown) => log.warn({ type, error: toMessage(thrown) }, "an envelope could not be kept; it will come again"));
    }
    #fault(reason) {
        const { log, report, signal } = this.#options;
        if (signal.aborted)
            return;
        if (this.#faults === 0)
            log.warn({}, reason);
        this.#faults += 1;
        // While an older socket stands, nothing is lost.
        if (this.#live.size === 0)
            report({ kind: "retrying", reason });
    }
    async #pause() {
        const { timings, clock, signal } = this.#options;
        const [first, last] = timings.faultMs;
        const delayMs = Math.min(last, first * 2 ** Math.min(this.#faults - 1, 16));
        // Jitter upwards only: the first wait is the shortest one promised.
        await sleep(Math.min(last, delayMs * (1 + Math.random() / 4)), clock, signal);
    }
}
function toTurn(reason) {
    if (reason === "too_many_websockets")
        return "crowded";
    return reason === "link_disabled" ? "off" : "refresh";
}
