/**
 * What the sources of one running channel share: its port, and the way from a result of the author's code to the inbox.
 *
 * Owns: that way. Never: a source's life.
 *
 * RUNNER-1 Events of one source are kept in the order in which they came in, however long each one's `receive` takes.
 * RUNNER-2 A fault of the author's code costs the one event that it was called for: it is counted and logged, and the source goes on.
 */
import { SluiceError, toMessage } from "../sdk/errors.js";
import { checkEvent, checkResult, } from "../sdk/author/new-event.js";
import { Cursors } from "./cursors.js";
import { callAuthor, toAuthorFault } from "./limit.js";
import { toArrival } from "./to-arrival.js";
/** How long `receive` of a source without a waiting sender may take. */
const RECEIVE_TIMEOUT_MS = 60_000;
const TELL_EVERY_MS = 60_000;
const TOLD_MAX = 100;
/** As many as are kept in one go. */
const MAX_AT_ONCE = 100;
export class ChannelCore {
    channel;
    port;
    cursors;
    live;
    #toldAt = new Map();
    /** Set by the service's supervisor. */
    readConnection = () => undefined;
    constructor(channel, port) {
        this.channel = channel;
        this.port = port;
        this.cursors = new Cursors(port.cursor);
        const { name, settings, log, signal } = port;
        const readConnection = () => this.readConnection();
        this.live = {
            name,
            settings,
            log,
            signal,
            get connection() {
                return readConnection();
            },
            push: (event) => this.push("push", event),
            undelivered: (messageId, reason) => port.undelivered(String(messageId), String(reason).slice(0, 400)),
            secret: (of) => this.secret(of),
        };
    }
    /** Each fault once a minute: a flood of requests must not fill a log, and no fault may hide behind another. */
    tellFault(source, thrown) {
        const { name, log, clock } = this.port;
        const error = toMessage(thrown);
        const key = `${source} ${error}`;
        const now = clock.now();
        if (now - (this.#toldAt.get(key) ?? Number.NEGATIVE_INFINITY) < TELL_EVERY_MS)
            return;
        if (this.#toldAt.size >= TOLD_MAX)
            this.#toldAt.clear();
        this.#toldAt.set(key, now);
        log.error({ channel: name, source, error }, "the channel's own code failed");
    }
    secret(of) {
        const name = typeof of === "string" ? of : of.env;
        const value = this.port.secret(name);
        if (value !== undefined && value !== "")
            return value;
        throw new SluiceError("bad_secret", `channel ${this.port.name}: the secret ${name} is not set; set the environment variable ${name}`);
    }
    /** @throws SluiceError `bad_input` for what is no event; what `take` throws. */
    async push(source, given, cursor) {
        const { name, signal } = this.port;
        signal.throwIfAborted();
        const event = toChecked(source, () => checkEvent(given));
        const facts = { name, source, verified: "own" };
        const [result] = await this.keep([toArrival(this.channel, event, facts, 0)], source, cursor);
        return result ?? { kind: "dropped", reason: "the inbox did not say" };
    }
    /** A hundred at a time; the place goes with the last. @throws as `push`. */
    async pushAll(source, given, cursor) {
        const { name, signal } = this.port;
        signal.throwIfAborted();
        const events = toChecked(source, () => Array.from(given, checkEvent));
        const facts = { name, source, verified: "own" };
        const arrivals = events.map((event) => toArrival(this.channel, event, facts, 0));
        const results = [];
        while (arrivals.length > MAX_AT_ONCE)
            results.push(...(await this.keep(arrivals.splice(0, MAX_AT_ONCE), source)));
        if (arrivals.length > 0 || cursor !== undefined)
            results.push(...(await this.keep(arrivals, source, cursor)));
        return results;
    }
    keep(arrivals, source, cursor) {
        return this.cursors.move(source, cursor, (text) => this.port.take(arrivals, text));
    }
    /**
     * Asks `receive` for the events of one thing and keeps them. A fault of the author's code is told, and the thing is left behind
     * (RUNNER-2). @throws what `take` throws: the thing is to be offered again.
     */
    async handle(source, receive, more = {}) {
        const { name, log } = this.port;
        let arrivals = [];
        try {
            const result = await callAuthor(`${source}.receive`, RECEIVE_TIMEOUT_MS, receive);
            const made = toChecked(`${source}.receive`, () => checkResult(result));
            if (made.kind === "drop")
                log.debug({ channel: name, source, reason: made.reason }, "nothing came of it");
            const facts = { name, source, verified: "own", deliveryId: more.deliveryId };
            if (made.kind === "events")
                arrivals = made.events.map((event, index) => toArrival(this.channel, event, facts, index));
        }
        catch (thrown) {
            this.port.leftBehind(1);
            this.tellFault(source, thrown);
        }
        if (arrivals.length > 0 || more.cursor !== undefined)
            await this.keep(arrivals, source, more.cursor);
    }
}
/** A fault of what the author's code returned, with the function's name. */
export function toChecked(what, check) {
    try {
        return check();
    }
    catch (thrown) {
        throw toAuthorFault(what, thrown);
    }
}
/** RUNNER-1. Results are given out in the order of the calls. */
export class InOrder {
    #last = Promise.resolve();
    run(work) {
        const mine = work();
        const before = this.#last;
        const turn = (async () => {
            // Its fault is its own caller's.
            await before.catch(() => undefined);
            return mine;
        })();
        // Before its turn comes nobody listens to it.
        mine.catch(() => undefined);
        this.#last = turn;
        return turn;
    }
}
