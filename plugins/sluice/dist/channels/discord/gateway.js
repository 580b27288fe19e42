import { sleep } from "../../sdk/clock.js";
import { isSluiceError, toMessage } from "../../sdk/errors.js";
import { countAt, textAt } from "../../sdk/json.js";
import { GatewaySocket } from "./gateway-socket.js";
import { VERSION } from "./wire.js";
export const TIMINGS = {
    answerMs: 20_000,
    faultMs: [1_000, 60_000],
    identifyMs: 5_000,
    stableMs: 30_000,
};
const RESUME_TRIES = 3;
/** Both keep a session; what they are about is over. */
const NEW_SESSION = new Set([4003, 4007, 4009]);
const OWNERS = {
    4004: 'the bot token is refused; discord.com/developers/applications > your application > Bot > Reset Token, then run "sluice add discord" with the new one',
    4010: "Discord refuses the shard (4010)",
    4011: "the bot is in more servers than one connection may serve (4011); make a bot of its own for Sluice",
    4012: "Discord no longer speaks this version of its gateway (4012); update Sluice",
    4013: "Discord does not know the intents that were asked for (4013); update Sluice",
    4014: 'the Message Content Intent is off; discord.com/developers/applications > your application > Bot > Privileged Gateway Intents > Message Content Intent > Save Changes, then "sluice pause" and "sluice resume" the channel',
};
export class Gateway {
    #options;
    #session;
    #seq;
    #failures = 0;
    #resumeFailures = 0;
    #identifiedAt = Number.NEGATIVE_INFINITY;
    constructor(options) {
        this.#options = options;
        this.#session = options.session;
        this.#seq = options.seq;
    }
    /** Runs until the signal aborts, or the owner is needed. Rejects never. */
    async run() {
        const { signal, report, log } = this.#options;
        while (!signal.aborted) {
            let ended;
            try {
                ended = await this.#live();
            }
            catch (thrown) {
                const isOwners = isSluiceError(thrown) && !thrown.retryable;
                ended = { reason: toMessage(thrown), stoodMs: 0, ...(isOwners ? { isFinal: true } : {}) };
            }
            if (signal.aborted)
                return;
            const owners = ended.code === undefined ? undefined : OWNERS[ended.code];
            if (owners !== undefined || ended.isFinal === true) {
                // GATEWAY-5
                report({
                    kind: "paused",
                    reason: owners === undefined ? ended.reason : `discord: ${owners}`,
                });
                log.error({ code: ended.code ?? 0 }, "the gateway is closed until its owner acts");
                return;
            }
            await this.#pause(ended);
        }
    }
    /** From one socket's beginning to its end. */
    async #live() {
        const { token, intents, timings, clock, log, signal, dispatch } = this.#options;
        if (this.#resumeFailures >= RESUME_TRIES)
            this.#session = undefined; // GATEWAY-1
        const session = this.#session;
        const url = session === undefined ? await this.#findUrl() : new URL(session.url);
        if (url === undefined)
            return { reason: "closed", stoodMs: 0 };
        url.search = `?v=${VERSION}&encoding=json`;
        const socket = new GatewaySocket({
            url,
            hello: session === undefined
                ? toIdentify(token, intents)
                : { op: 6, d: { token: token.reveal(), session_id: session.id, seq: this.#seq } },
            seq: this.#seq,
            answerMs: timings.answerMs,
            clock,
            signal,
            dispatch: (event) => {
                this.#seq = event.seq;
                this.#noteBegin(event);
                dispatch(event);
            },
        });
        const ended = await socket.run();
        log.debug({ code: ended.code ?? 0, reason: ended.reason }, "a socket of the gateway is closed");
        if (ended.isRefused === true || NEW_SESSION.has(ended.code ?? 0))
            this.#session = undefined;
        else if (session !== undefined && ended.isHeard === true && ended.isBegun !== true)
            this.#resumeFailures += 1;
        return ended;
    }
    #noteBegin({ type, data, seq }) {
        const { begun, report, log } = this.#options;
        if (type !== "READY" && type !== "RESUMED")
            return;
        this.#resumeFailures = 0;
        if (type === "READY") {
            const id = textAt(data, "session_id") ?? "";
            const url = this.#toTrusted(textAt(data, "resume_gateway_url"));
            this.#session = id === "" || url === undefined ? undefined : { id, url };
            this.#seq = seq;
            begun(this.#session ?? { id, url: "" }, false);
        }
        else if (this.#session !== undefined)
            begun(this.#session, true);
        log.info({ resumed: type === "RESUMED" }, "listens to Discord");
        report({ kind: "connected" });
    }
    /** Undefined once the signal has aborted. @throws SluiceError. */
    async #findUrl() {
        const { find, clock, signal, report, timings } = this.#options;
        const { url, remaining, resetMs } = await find();
        if (remaining <= 0) {
            const minutes = Math.ceil(resetMs / 60_000);
            const reason = `discord: no new session is left for today; the next in ${minutes} min`;
            report({ kind: "retrying", reason, alarm: true });
            await sleep(resetMs, clock, signal);
        }
        const sinceMs = clock.now() - this.#identifiedAt;
        if (sinceMs < timings.identifyMs)
            await sleep(timings.identifyMs - sinceMs, clock, signal);
        if (signal.aborted)
            return undefined;
        this.#identifiedAt = clock.now();
        this.#seq = 0;
        const trusted = this.#toTrusted(url);
        if (trusted === undefined)
            throw new Error("discord: the gateway's address is not Discord's");
        return new URL(trusted);
    }
    /** GATEWAY-3 */
    #toTrusted(url) {
        const { isTrusted, log } = this.#options;
        if (url === undefined || !URL.canParse(url))
            return undefined;
        if (isTrusted(new URL(url)))
            return url;
        log.error({ host: new URL(url).host }, "an address that is not Discord's was named; not used");
        return undefined;
    }
    /** GATEWAY-2 */
    async #pause({ reason, stoodMs, waitMs = 0, isAsked = false }) {
        const { timings, clock, signal, report } = this.#options;
        const [first, last] = timings.faultMs;
        if (stoodMs >= timings.stableMs)
            this.#failures = 0;
        const isQuick = this.#failures === 0 && (isAsked || stoodMs >= timings.stableMs);
        const delayMs = Math.min(last, first * 2 ** Math.min(this.#failures, 16));
        this.#failures += 1;
        // A socket that Discord changes for another is no fault.
        if (!isQuick)
            report({ kind: "retrying", reason: `discord: ${reason}` });
        const jitter = 1 + Math.random() / 4;
        await sleep(Math.max(waitMs, isQuick ? 0 : delayMs * jitter), clock, signal);
    }
}
function toIdentify(token, intents) {
    return {
        op: 2,
        d: {
            token: token.reveal(),
            intents,
            shard: [0, 1],
            properties: { os: process.platform, browser: "sluice", device: "sluice" },
            presence: { status: "online", since: null, afk: false, activities: [] },
        },
    };
}
/** What `/gateway/bot` says. */
export function readGateway(found) {
    return {
        url: textAt(found, "url") ?? "",
        remaining: countAt(found, "session_start_limit.remaining") ?? 1,
        resetMs: countAt(found, "session_start_limit.reset_after") ?? 0,
    };
}
