import { isSluiceError, SluiceError, toMessage } from "../sdk/errors.js";
import { NOT_FOUND, sendAnswer, toError, toOnly, UNAUTHORIZED } from "./answer.js";
import { toPreflight, toUnproved } from "./methods.js";
import { refill, RequestProver } from "./prove.js";
import { openStreamer } from "./stream.js";
const METHODS = new Set(["POST", "PUT", "GET", "HEAD", "OPTIONS"]);
const PAUSED_RETRY_MS = 60_000;
const FAULT_RETRY_MS = 30_000;
/** One line a minute for each kind of fault: a full disk under a flood of requests must not be filled by its own log. */
const WARN_EVERY_MS = 60_000;
/** Answers on node's response itself, behind `listenIngress`. */
export function createIngressApp(options, limits) {
    const receiver = new Receiver(options);
    const stream = openStreamer(options, limits);
    return (env) => {
        const { incoming, outgoing } = env;
        const target = splitTarget(incoming.url ?? "");
        const { door } = target;
        // Any method: they answer 405 themselves, alike for every name.
        if (door !== "in" && door !== "out")
            return sendAnswer(incoming, outgoing, toElsewhere(target, options));
        const fail = (error) => {
            options.log.warn({ error: toMessage(error) }, "ingress: a request failed inside Sluice");
            sendAnswer(incoming, outgoing, toError(503, "internal", { retryAfterMs: 60_000 })); // INGRESS-4
        };
        if (door === "in")
            receiver.receive(target, env, fail);
        else
            stream(target, env).catch(fail);
    };
}
/** There is nothing else here, but for a request of this hub's own that has come the whole way round. */
function toElsewhere({ door, name, path }, { health }) {
    const body = door === "health" && path === "" ? health?.(name) : undefined;
    return body === undefined ? NOT_FOUND : { status: 200, type: "text/plain", body };
}
/** Nothing is decoded, so nothing is decoded twice: a proxy in front that lets only `/in/` through sees what is meant. */
function splitTarget(url) {
    const query = url.indexOf("?");
    const end = query === -1 ? url.length : query;
    const toName = upTo(url, "/", 1, end);
    const toPath = upTo(url, "/", toName + 1, end);
    return {
        door: url.slice(1, toName),
        name: url.slice(toName + 1, toPath),
        path: url.slice(toPath + 1, end),
        query: url.slice(end + 1),
    };
}
/** Where `mark` stands first between two places; else the second of them. */
function upTo(text, mark, from, end) {
    const found = text.indexOf(mark, from);
    return found === -1 || found > end ? end : found;
}
class Receiver {
    #options;
    #prover;
    #rates = new ChannelRates();
    #warnedAt = new Map();
    constructor(options) {
        this.#options = options;
        this.#prover = new RequestProver(options, (...line) => this.#warn(...line));
    }
    /** `fail` answers where something here throws that must not. */
    receive(target, env, fail) {
        const { incoming, outgoing } = env;
        const { name, path, query } = target;
        const { method = "" } = incoming;
        if (!isIngressMethod(method) || (name === "" && method !== "POST"))
            return sendAnswer(incoming, outgoing, toOnly("POST"));
        if (name === "")
            return sendAnswer(incoming, outgoing, NOT_FOUND);
        const known = this.#options.channels.get(name);
        if (method === "GET") {
            const preflight = toPreflight(known, query);
            if (preflight !== undefined) {
                this.#options.count(name, `handshake_${preflight.code}`);
                return sendAnswer(incoming, outgoing, preflight.answer);
            }
        }
        // Runs in a listener of the request, where nobody else would catch it.
        const guard = (act) => {
            try {
                act();
            }
            catch (error) {
                fail(error);
            }
        };
        const answer = (make) => guard(() => sendAnswer(incoming, outgoing, make()));
        const told = (toOutcome) => guard(() => {
            const proof = toOutcome();
            if (proof.kind === "proved")
                this.#take(proof, env, asked, answer);
            else if (proof.kind === "refused")
                sendAnswer(incoming, outgoing, proof.answer === UNAUTHORIZED ? toUnproved(method, env.headers) : proof.answer);
        });
        const asked = { method, path, query };
        const channel = known !== undefined && takes(known, method, env.headers) ? known : undefined;
        guard(() => this.#prover.prove(channel, env, asked, told));
    }
    /** From here on the sender is proved, and may be told the truth. */
    #take(proof, { headers }, target, answer) {
        const { accept, clock, count } = this.#options;
        const { channel } = proof;
        const { name } = channel;
        const receivedAt = clock();
        if (channel.paused) {
            count(name, "paused");
            return answer(() => toError(503, "paused", { retryAfterMs: PAUSED_RETRY_MS }));
        }
        const waitMs = this.#rates.take(name, channel, receivedAt);
        if (waitMs > 0) {
            count(name, "rate_limited");
            return answer(() => toError(429, "rate_limited", { retryAfterMs: waitMs }));
        }
        const refuseOurs = (error) => answer(() => this.#toFault(name, error));
        try {
            const request = toVerifiedRequest(proof, headers, target, receivedAt);
            const made = channel.definition.receive(request, channel.options);
            const finish = (received) => {
                switch (received.kind) {
                    case "arrival":
                        (received.more === undefined
                            ? accept(received.arrival, receivedAt)
                            : acceptAll([received.arrival, ...received.more], receivedAt, accept)).then((accepted) => answer(() => this.#toAnswer(channel, accepted)), // INGRESS-1
                        refuseOurs);
                        return;
                    case "ignore":
                    case "refuse":
                        return answer(() => this.#toDeclined(channel, received));
                    case "answer":
                        void this.#confirm(name, received).then(() => answer(() => this.#toHandshake(name, received)), refuseOurs);
                        return;
                    default:
                        return answer(() => this.#toAnswer(channel, received));
                }
            };
            // An author's code is asked in another process; a channel of ours answers at once, and costs no promise.
            if (made instanceof Promise)
                made.then(finish).catch(refuseOurs);
            else
                finish(made);
        }
        catch (error) {
            refuseOurs(error);
        }
    }
    /** The channel wants none of it. */
    #toDeclined({ name, definition }, received) {
        const { count } = this.#options;
        if (received.kind === "ignore") {
            count(name, "ignored");
            if (definition.answer !== undefined)
                return definition.answer;
            return { status: 202, body: JSON.stringify({ id: null, ignored: received.reason }) };
        }
        const { status, reason, code } = received;
        const error = status === 415 ? "unsupported" : "bad_input";
        count(name, code ?? error);
        if (code !== undefined)
            this.#warn(name, code, { reason }, "ingress: a proven request was refused");
        return toError(status, error, { reason });
    }
    async #confirm(name, { confirm }) {
        if (confirm === undefined)
            return;
        if (this.#options.confirm === undefined)
            throw new SluiceError("internal", "nothing here can confirm a subscription");
        await this.#options.confirm(name, confirm);
    }
    /** The platform's own question, answered in its words. */
    #toHandshake(name, { status, type, headers, body, code, tell }) {
        this.#options.count(name, `handshake_${code}`);
        if (tell !== undefined)
            this.#options.tell?.(name, tell);
        return {
            status,
            ...(type !== undefined && { type }),
            ...(headers !== undefined && { headers }),
            ...(body !== undefined && { body }),
        };
    }
    #toAnswer({ name, definition }, accepted) {
        const { count } = this.#options;
        switch (accepted.kind) {
            case "dropped":
                count(name, accepted.reason);
                return UNAUTHORIZED;
            case "handled":
                return { status: 200, body: JSON.stringify({ id: null, heard: true }) };
            case "stored": {
                const { id, duplicate, sameBody = false } = accepted;
                if (sameBody) {
                    const message = "ingress: the signed bytes of an event came again under another id";
                    count(name, "same_body");
                    this.#warn(name, "same_body", { id }, message);
                }
                if (definition.answer !== undefined)
                    return definition.answer;
                // An event's id needs no escapes.
                return { status: duplicate ? 200 : 202, body: `{"id":"${id}","duplicate":${duplicate}}` };
            }
            default:
                return accepted;
        }
    }
    /** INGRESS-4. */
    #toFault(name, error) {
        const isOurs = isSluiceError(error);
        const code = isOurs ? error.code : "internal";
        // Said of a channel whose events nobody takes; its own rate is asked before.
        const isFull = code === "rate_limited";
        this.#options.count(name, isFull ? "quota_full" : code);
        const fields = isOurs ? { error: error.message } : { at: toFrames(error) };
        this.#warn(name, code, fields, "ingress: an event was not kept; its sender was told to retry");
        const retryAfterMs = isOurs ? (error.retryAfterMs ?? FAULT_RETRY_MS) : FAULT_RETRY_MS;
        return toError(isFull ? 429 : 503, code, { retryAfterMs });
    }
    #warn(channel, code, fields, message) {
        const key = `${channel} ${code}`;
        const now = this.#options.clock();
        if (now - (this.#warnedAt.get(key) ?? Number.NEGATIVE_INFINITY) < WARN_EVERY_MS)
            return;
        this.#warnedAt.set(key, now);
        this.#options.log.warn({ channel, code, ...fields }, message);
    }
}
/** One bucket a channel, by name. */
export class ChannelRates {
    #buckets = new Map();
    /** Takes one token and gives 0, or takes none and gives the ms until there will be one. */
    take(channel, rate, now) {
        if (rate.ratePerSecond <= 0)
            return 0;
        const bucket = this.#buckets.get(channel) ?? { tokens: rate.burst, at: now };
        this.#buckets.set(channel, bucket);
        const waitMs = refill(bucket, rate, now);
        if (waitMs === 0)
            bucket.tokens--;
        return waitMs;
    }
}
function toVerifiedRequest({ channel, verified, body }, headers, { method, path, query }, receivedAt) {
    const { scheme, keyId, idSigned, deliveryId, reach, rest } = verified;
    const mac = channel.verifier === "unsigned" ? undefined : channel.verifier.mac?.bind(undefined, keyId);
    return {
        channel: channel.name,
        path: rest?.path ?? path,
        query: rest?.query ?? query,
        method,
        headers: headers.single,
        body,
        verified: scheme,
        reach,
        // An id that no signature covers is the channel's business: it may read the header, knowing that.
        ...(idSigned && deliveryId !== undefined && { signedId: deliveryId }),
        ...(mac !== undefined && { mac }),
        receivedAt,
    };
}
function isIngressMethod(method) {
    return METHODS.has(method);
}
/** CloudEvents' question is no event, whatever the channel takes. */
function takes({ definition }, method, { single }) {
    if (method === "OPTIONS" && single["webhook-request-origin"] !== undefined)
        return false;
    return method === "POST" || definition.methods?.includes(method) === true;
}
/** Where a foreign error was thrown, without its message: that may quote what a stranger sent. */
function toFrames(error) {
    const stack = error instanceof Error ? `${error.name}\n${error.stack ?? ""}` : typeof error;
    const [name, ...lines] = stack.split("\n");
    return [name, ...lines.filter((line) => /^ {4}at /.test(line)).slice(0, 5)].join("\n");
}
/** What one request brought, in its order and in one transaction; answered by the first that is new. @throws what one of them failed with. */
async function acceptAll(arrivals, receivedAt, accept) {
    const outcomes = await Promise.all(arrivals.map((arrival) => accept(arrival, receivedAt)));
    const kept = outcomes.filter((one) => one.kind === "stored");
    const [first] = outcomes;
    if (first === undefined)
        throw new TypeError("a request that brought nothing is no arrival");
    return kept.find(({ duplicate }) => !duplicate) ?? kept[0] ?? first;
}
