/**
 * The typed client of the hub's API, over its Unix socket.
 *
 * Owns: carrying calls and streams. Never: starts a hub (start-hub.ts) or decides anything.
 * Hono's client gives the types alone: what it runs needs fetch's classes, which cost a process a third of its memory and of its start.
 */
import { createParser } from "../../vendor/eventsource-parser.js";
import { ERROR_CODES, SluiceError, toMessage } from "../../sdk/errors.js";
import { exchange } from "./exchange.js";
/** Where the hub is may change with its restart: `locate` is asked for each call. */
export function openClient(locate) {
    const closing = new AbortController();
    const call = (path, args, options) => carry(closing.signal, locate(), path, args, options);
    // The types are those of hono's client, and the routes are what it makes of them.
    return { api: toRoutes(call, ["v1"]), close: () => closing.abort() };
}
/** A route by the names on its way: `routes.events[":id"].$get({ param })`. */
function toRoutes(call, path) {
    return new Proxy(() => { }, {
        get: (_target, key) => typeof key !== "string" || key === "then" ? undefined : toRoutes(call, [...path, key]),
        apply: (_target, _self, [args, options]) => call(path, args, options),
    });
}
/**
 * The names of a route as a path, its values encoded: a session called `app (feature/login)` is one name, and a tool that a model calls
 * `../../../hub/stop?` ends no hub.
 */
function toPath(names, { param = {}, query = {} }) {
    const parts = names.map((name) => name.startsWith(":") ? toPathValue(param[name.slice(1)]) : name);
    const search = new URLSearchParams();
    for (const [name, values] of Object.entries(query)) {
        for (const value of [values].flat())
            if (value !== undefined)
                search.append(name, value);
    }
    return `/${parts.join("/")}${search.size === 0 ? "" : `?${search}`}`;
}
function toPathValue(value = "") {
    // These no encoding keeps from being steps in the path, or from being left out.
    if (["", ".", ".."].includes(value))
        throw new SluiceError("bad_input", `"${value}" is no name or id`);
    return encodeURIComponent(value);
}
/**
 * The answer of a call.
 * @throws SluiceError as the hub threw it, or `hub_unreachable` where none answers.
 */
export async function read(call) {
    const answer = await call;
    const value = await answer.json().catch((cause) => {
        throw toForeign(answer.status, cause);
    });
    // The hub answers either with the route's type or, with a 4xx or 5xx, with a FaultView.
    if (answer.ok)
        return value;
    throw toFault(value);
}
/** Reads a stream until it ends. Resolves when the hub ends it or `signal` aborts; rejects as the hub refused it, or with `hub_unreachable`. */
export async function readStream({ socket, path, body, onMessage, signal, }) {
    const parser = createParser({ onEvent: ({ data }) => onMessage(JSON.parse(data)) });
    let isOpen = false;
    let refusal = "";
    let head;
    try {
        head = await exchange({
            socket,
            method: body === undefined ? "GET" : "POST",
            path,
            body: body === undefined ? undefined : JSON.stringify(body),
            signal,
            onText: (text, { status }) => {
                isOpen = status === 200;
                if (isOpen)
                    parser.feed(text);
                else
                    refusal += text;
            },
        });
    }
    catch (thrown) {
        // A stream that breaks has ended: whoever reads it opens the next one.
        if (isOpen || signal?.aborted === true)
            return;
        throw toUnreachable(thrown);
    }
    if (head.status !== 200)
        throw readFault(refusal, head.status);
}
/** One call. @throws what `signal` aborts with, or SluiceError `hub_unreachable`. */
async function carry(closing, socket, path, args = {}, { init: { signal } = {} } = {}) {
    const target = toPath(path.slice(0, -1), args);
    const pieces = [];
    let head;
    try {
        head = await exchange({
            socket,
            method: path.at(-1)?.slice(1).toUpperCase() ?? "",
            path: target,
            body: args.json === undefined ? undefined : JSON.stringify(args.json),
            signal: signal === undefined ? closing : AbortSignal.any([closing, signal]),
            onText: (text) => pieces.push(text),
        });
    }
    catch (thrown) {
        if (signal?.aborted === true)
            throw thrown;
        throw toUnreachable(thrown);
    }
    const { status, length } = head;
    const text = pieces.join("");
    // A hub that dies in the middle of its answer: nothing was answered.
    if (length !== undefined && Buffer.byteLength(text) < length)
        throw toUnreachable(new Error("the answer broke off"));
    return {
        ok: status >= 200 && status < 300,
        status,
        json: async () => JSON.parse(text),
    };
}
/** Of an answer that is no success. */
function readFault(text, status = 0) {
    try {
        return toFault(JSON.parse(text));
    }
    catch (cause) {
        return toForeign(status, cause);
    }
}
function toForeign(status, cause) {
    return new SluiceError("unsupported", `the hub answered ${status} in a form that is not known here, so it is of another version; run "sluice up"`, { cause });
}
function toFault({ error }) {
    const code = ERROR_CODES.find((known) => known === error.code) ?? "internal";
    return new SluiceError(code, error.message, {
        retryable: error.retryable,
        ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
    });
}
function toUnreachable(cause) {
    return new SluiceError("hub_unreachable", `no hub answers (${toMessage(cause)}); run "sluice up"`, { cause, retryable: true });
}
