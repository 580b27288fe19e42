/**
 * Channels with a connection of their own: opened, kept, tried again, closed.
 *
 * Owns: their lives and their states. Never: the messages that travel over them.
 *
 * CONNECTION-1 A channel has one live connection: the old one is closed before the next is opened.
 * CONNECTION-2 A connection that does not open is tried again after 1 s, 2 s, ... 60 s; one whose credential is refused waits for the
 *    owner.
 * CONNECTION-3 Closing ends everything: a context's signal aborts, `take` refuses, and nothing is reported any more.
 */
import { within } from "../../sdk/clock.js";
import { isSluiceError, SluiceError, toMessage } from "../../sdk/errors.js";
import { KeyedMutex } from "../keyed-mutex.js";
const FIRST_RETRY_MS = 1_000;
const MAX_RETRY_MS = 60_000;
const CLOSE_GRACE_MS = 2_000;
export class Connections {
    #options;
    #lives = new Map();
    #mutex = new KeyedMutex();
    #changed = [];
    #alarmed = [];
    #over = [];
    #undelivered = async () => { };
    #pages = new Map();
    #receiver;
    constructor(options) {
        this.#options = options;
    }
    /** Who takes what they bring. One, and before any of them opens. */
    onBatch(receiver) {
        this.#receiver = receiver;
    }
    /** Calls `listener` when a connection came up or went: what waits may leave. */
    onChange(listener) {
        this.#changed.push(listener);
    }
    /** Calls `listener` once for each that will not come up by itself. */
    onAlarm(listener) {
        this.#alarmed.push(listener);
    }
    /** Calls `listener` for each that says that it has nothing more to do. */
    onOver(listener) {
        this.#over.push(listener);
    }
    /** Calls `listener` for each message that its platform had accepted and did not deliver. One. */
    onUndelivered(listener) {
        this.#undelivered = listener;
    }
    /** What is typed on this page is what the channel's connection receives. */
    lendPage(channel, page) {
        this.#pages.set(channel, page);
    }
    /** Begins to open a channel's connection, in place of an earlier one (CONNECTION-1). Never throws: how it goes is its state. */
    open(channel) {
        return this.#mutex.run(channel.name, () => this.#open(channel));
    }
    /** The live connection; undefined while there is none, or while it waits for the owner. */
    find(name) {
        const life = this.#lives.get(name);
        return life === undefined || life.state.kind === "paused" ? undefined : life.connection;
    }
    /** Resolves when the first attempt to open is over, or after `waitMs`. */
    async opened(name, waitMs) {
        const life = this.#lives.get(name);
        if (life !== undefined)
            await within(waitMs, life.opening, undefined);
    }
    /** Channels that have, or try to have, a connection. */
    names() {
        return [...this.#lives.keys()];
    }
    state(name) {
        return this.#lives.get(name)?.state;
    }
    /** Ends a channel's connection, or its attempts (CONNECTION-3). Resolves when it is over, or after two seconds. */
    end(name) {
        return this.#mutex.run(name, () => this.#close(name));
    }
    /** Ends all of them. */
    async close() {
        const names = new Set([...this.names(), ...this.#mutex.names()]);
        await Promise.all([...names].map((name) => this.end(name)));
    }
    async #open(channel) {
        await this.#close(channel.name);
        const life = {
            channel,
            abort: new AbortController(),
            state: { kind: "opening" },
            connection: undefined,
            hasReported: false,
            failures: 0,
            cancelRetry: undefined,
            opening: Promise.resolve(),
        };
        this.#lives.set(channel.name, life);
        life.opening = this.#connect(life);
    }
    async #close(name) {
        const life = this.#lives.get(name);
        if (life === undefined)
            return;
        this.#lives.delete(name);
        life.cancelRetry?.();
        life.abort.abort();
        await within(CLOSE_GRACE_MS, this.#end(life), undefined);
    }
    async #connect(life) {
        const { log } = this.#options;
        const { name, open } = life.channel;
        life.hasReported = false;
        try {
            const connection = await open(this.#toContext(life));
            // Closed while it opened: nobody else would end it.
            if (life.abort.signal.aborted)
                return await connection.close();
            life.connection = connection;
            life.failures = 0;
            if (!life.hasReported)
                this.#note(life, { kind: "connected" });
            this.#tellChanged(name);
        }
        catch (thrown) {
            if (life.abort.signal.aborted)
                return;
            const reason = toMessage(thrown);
            if (isForOwner(thrown)) {
                this.#note(life, { kind: "paused", reason });
                return;
            }
            const asked = isSluiceError(thrown) ? thrown.retryAfterMs : undefined;
            const delay = asked ?? toBackoff(life.failures++);
            log.debug({ channel: name, delayMs: delay }, "a connection is tried again");
            this.#note(life, { kind: "retrying", reason });
            life.cancelRetry = this.#options.clock.after(delay, () => {
                life.opening = this.#connect(life);
            });
        }
    }
    #toContext(life) {
        const { clock, log, readCursor, knows } = this.#options;
        const { name, open: _open, ...given } = life.channel;
        const page = this.#pages.get(name);
        const receiver = this.#receiver;
        if (receiver === undefined)
            throw new TypeError(`${name} is opened before anybody takes what it brings`);
        return {
            ...(page === undefined ? {} : { page }),
            name,
            ...given,
            cursor: readCursor(name),
            ...(knows === undefined ? {} : { knows: (ids) => knows(name, ids) }),
            take: async (arrivals, cursor) => {
                // Its channel may be removed, and another one of its name begun (CONNECTION-3).
                if (life.abort.signal.aborted)
                    throw new SluiceError("hub_stopping", `${name} is closed; nothing more is taken`, {
                        retryable: true,
                    });
                return receiver.take(name, arrivals, cursor);
            },
            admits: (arrival) => receiver.admits({ ...arrival, channel: name }),
            moved: (from, to) => receiver.moved(name, from, to),
            leftBehind: (count) => receiver.leftBehind(name, count),
            undelivered: (messageId, reason) => this.#undelivered(name, messageId, reason),
            over: () => {
                if (life.abort.signal.aborted)
                    return;
                for (const tell of this.#over)
                    tell(name);
            },
            report: (state) => {
                life.hasReported = true;
                this.#note(life, state);
            },
            clock,
            log,
            signal: life.abort.signal,
        };
    }
    #note(life, state) {
        if (life.abort.signal.aborted)
            return;
        const { log } = this.#options;
        const before = life.state;
        life.state = state;
        if (isAlarm(state) && !isAlarm(before))
            for (const tell of this.#alarmed)
                tell(life.channel.name, state.reason);
        if (before.kind === state.kind)
            return;
        const facts = { channel: life.channel.name, ...state };
        if (state.kind === "connected") {
            log.info(facts, "channel is connected");
            this.#tellChanged(life.channel.name);
        }
        else if (state.kind === "paused") {
            log.error(facts, "channel waits for its owner");
        }
        else {
            log.warn(facts, "channel is not connected; trying again");
        }
    }
    #tellChanged(channel) {
        for (const tell of this.#changed)
            tell(channel);
    }
    async #end(life) {
        try {
            await life.opening;
            await life.connection?.close();
        }
        catch (thrown) {
            const facts = { channel: life.channel.name, error: toMessage(thrown) };
            this.#options.log.warn(facts, "a connection did not close cleanly");
        }
    }
}
function isAlarm(state) {
    return state.kind === "paused" || (state.kind === "retrying" && state.alarm === true);
}
/** How long after the n-th failure in a row, from 0. Pure (CONNECTION-2). */
export function toBackoff(failures) {
    return Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(failures, 10));
}
/** Faults that no waiting mends. */
function isForOwner(thrown) {
    if (!isSluiceError(thrown) || thrown.retryable)
        return false;
    return ["unauthorized", "bad_secret", "bad_config", "unsupported"].includes(thrown.code);
}
