/**
 * The life of an observed thing: an async iterator, an emitter, a list that is asked again and again.
 *
 * Owns: its loop, what counts as new in a list, and beginning again after a fault. Never: what comes of an item.
 *
 * OBSERVE-1 The next item is asked for once the one before is kept: a fast source cannot fill the memory. An emitter, which cannot wait,
 *    keeps a thousand; more are left behind and counted.
 * OBSERVE-2 Of a list, what was known before the channel's first life ever is no news; after that each new item is one event, also over
 *    restarts.
 */
import { createHash } from "node:crypto";
import { sleep } from "../sdk/clock.js";
import { toMessage } from "../sdk/errors.js";
import { Backoff } from "./backoff.js";
import { callAuthor } from "./limit.js";
const OPEN_TIMEOUT_MS = 30_000;
const POLL_TIMEOUT_MS = 60_000;
const QUEUE_MAX = 1_000;
const KNOWN_MAX = 5_000;
/** Resolves when the channel has ended, or an iterator has. */
export async function watch(core, name, source) {
    const { port } = core;
    const backoff = new Backoff();
    const steady = () => {
        backoff.reset();
        port.report(name, { kind: "connected" });
    };
    while (!port.signal.aborted) {
        try {
            if (source.items !== undefined) {
                await iterate(core, name, source, steady);
                if (!port.signal.aborted)
                    port.log.info({ channel: port.name, source: name }, "the iterator has ended");
                return;
            }
            await (source.emitter === undefined ? poll : listen)(core, name, source, steady);
        }
        catch (thrown) {
            if (port.signal.aborted)
                return;
            const waitMs = backoff.nextMs();
            const alarm = backoff.isAlarm ? { alarm: true } : {};
            port.report(name, { kind: "retrying", reason: toMessage(thrown), ...alarm });
            await sleep(waitMs, port.clock, port.signal);
        }
    }
}
async function iterate(core, name, source, steady) {
    const { live, port } = core;
    const items = await callAuthor(`${name}.items`, OPEN_TIMEOUT_MS, () => source.items?.(live));
    const iterator = items[Symbol.asyncIterator]();
    steady();
    const over = toAborted(port.signal);
    try {
        while (!port.signal.aborted) {
            const next = iterator.next();
            // After the end nobody waits for it any more.
            next.catch(() => undefined);
            const got = await Promise.race([next, over]);
            if (got === undefined || got.done === true)
                return;
            await handle(core, name, source, got.value);
        }
    }
    finally {
        // An iterator that waits for something does not hear of it before that comes.
        void Promise.resolve(iterator.return?.()).catch(() => undefined);
    }
}
async function listen(core, name, source, steady) {
    const { live, port } = core;
    const emitter = (await callAuthor(`${name}.emitter`, OPEN_TIMEOUT_MS, () => source.emitter?.(live)));
    const events = source.events ?? "data";
    const queue = [];
    let wake = () => undefined;
    let fault;
    const put = (...args) => {
        if (queue.length >= QUEUE_MAX)
            return port.leftBehind(1); // OBSERVE-1
        queue.push(args);
        wake();
    };
    const fail = (...args) => {
        fault ??= args[0] ?? new Error("the emitter reported an error");
        wake();
    };
    const names = typeof events === "string" ? [events] : events;
    for (const event of names)
        emitter.on(event, put);
    emitter.on("error", fail);
    port.signal.addEventListener("abort", () => wake(), { once: true });
    steady();
    try {
        while (!port.signal.aborted) {
            const args = queue.shift();
            if (args !== undefined)
                await handle(core, name, source, args);
            else if (fault !== undefined)
                throw fault;
            else
                await new Promise((resolve) => (wake = resolve));
        }
    }
    finally {
        for (const event of names)
            emitter.off?.(event, put);
        // A late error without a listener would end the process.
        emitter.close?.();
    }
}
async function poll(core, name, source, steady) {
    const { live, port, cursors } = core;
    const toKey = (item) => toDigest(source.key === undefined ? item : source.key(item));
    const kept = cursors.get(name);
    let known = kept === undefined ? undefined : new Set(kept.split(" "));
    while (!port.signal.aborted) {
        const list = (await callAuthor(`${name}.poll`, POLL_TIMEOUT_MS, () => source.poll?.(live)));
        if (!Array.isArray(list))
            throw new Error(`${name}.poll must resolve to a list`);
        if (list.length > KNOWN_MAX)
            throw new Error(`it gave ${list.length} items; give the newest ${KNOWN_MAX} at most`);
        steady();
        const items = [...new Map(list.map((item) => [toKey(item), item]))].map(([key, item]) => ({ item, key }));
        const before = known;
        // OBSERVE-2
        known = new Set(items.map(({ key }) => key));
        const fresh = before === undefined ? [] : items.filter(({ key }) => !before.has(key));
        const done = new Set(before);
        for (const { item, key } of fresh) {
            done.add(key);
            await handle(core, name, source, item, toText(done));
        }
        const text = toText(known);
        if (text !== (fresh.length > 0 ? toText(done) : kept))
            await core.keep([], name, text);
        await sleep(source.everyMs ?? POLL_TIMEOUT_MS, port.clock, port.signal);
    }
}
function toText(keys) {
    return [...keys].join(" ");
}
function toDigest(value) {
    const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "");
    return createHash("sha256").update(text).digest("base64url").slice(0, 16);
}
/** One item. Where it could not be kept it is tried again: nobody else has it. */
async function handle(core, name, source, item, cursor) {
    const { port, live } = core;
    const backoff = new Backoff();
    while (!port.signal.aborted) {
        try {
            return await core.handle(name, () => source.receive(item, live), { cursor });
        }
        catch (thrown) {
            const reason = `the inbox does not take it: ${toMessage(thrown)}`;
            port.report(name, { kind: "retrying", reason });
            await sleep(backoff.nextMs(), port.clock, port.signal);
        }
    }
}
function toAborted(signal) {
    return new Promise((resolve) => {
        if (signal.aborted)
            resolve(undefined);
        else
            signal.addEventListener("abort", () => resolve(undefined), { once: true });
    });
}
