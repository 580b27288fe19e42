import { sleep } from "../../sdk/clock.js";
import { isSluiceError, SluiceError, toMessage } from "../../sdk/errors.js";
import { toInwardConnection } from "../../sdk/inward/connection.js";
import { connectHttp } from "./http.js";
import { isCommand, isFields, parseCommand, ServerFault, } from "./server.js";
import { connectStdio } from "./stdio.js";
import { toDigest, toEventArrival, toNotice } from "./to-arrival.js";
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 60_000;
const ALARM_FAILURES = 3;
/** The SEP asks servers for a heartbeat every 30 s. */
const SILENT_MS = 60_000;
const LEAST_POLL_MS = 1_000;
const LONGEST_POLL_MS = 10 * 60_000;
const PAGE_EVENTS = 100;
const MAX_PAGES = 50;
const MAX_EMPTY_PAGES = 200;
/** @throws SluiceError `bad_config` for settings that cannot work. */
export function readSettings(settings) {
    const { server = "", event = "", args = "{}" } = settings;
    if (server === "" || event === "")
        throw new SluiceError("bad_config", "mcp-events: which event of which server? sluice add mcp-events --server <address or command> --event <name>");
    if (isCommand(server))
        parseCommand(server);
    else if (!URL.canParse(server) || new URL(server).username !== "")
        throw new SluiceError("bad_config", "mcp-events: the server's address is no URL, or holds credentials; give a token with --secret-env");
    else
        requireSafe(new URL(server));
    let parsed;
    try {
        parsed = JSON.parse(args);
    }
    catch {
        // Said below.
    }
    if (!isFields(parsed))
        throw new SluiceError("bad_config", `mcp-events: the arguments are no JSON object`);
    return { server: server.trim(), event, args: parsed };
}
/** What is sent over plain HTTP, the token too, anybody on the way reads and answers. @throws SluiceError `bad_config`. */
function requireSafe({ protocol, hostname, host }) {
    const isLoopback = hostname === "[::1]" || (hostname.startsWith("127.") && /^[\d.]+$/.test(hostname));
    if (protocol === "http:" && !isLoopback)
        throw new SluiceError("bad_config", `mcp-events: ${host} would be asked over plain http, with its token; write https://, or an address of this machine such as http://127.0.0.1:8789/mcp`);
}
/** Resolves once the server was reached, or was not: `report` says which. */
export async function openSubscription(context) {
    const settings = readSettings(context.settings);
    const closing = new AbortController();
    const signal = AbortSignal.any([context.signal, closing.signal]);
    const first = Promise.withResolvers();
    const report = (state) => {
        if (!signal.aborted)
            context.report(state);
        first.resolve();
    };
    const life = new Subscription({ ...context, signal, report }, settings);
    const living = life.run();
    await Promise.race([first.promise, living]);
    return toInwardConnection(context.name, async () => {
        closing.abort();
        await living;
    });
}
class Subscription {
    #context;
    #settings;
    #place;
    #kept;
    constructor(context, settings) {
        this.#context = context;
        this.#settings = settings;
        const { server, event } = settings;
        const name = isCommand(server) ? (parseCommand(server)[0] ?? server) : new URL(server).host;
        this.#place = { channel: context.name, server: name, event };
        this.#kept = parseKept(context.cursor);
    }
    /** Until the signal aborts, or the owner is needed. Rejects never. */
    async run() {
        const { clock, signal, log, name, report } = this.#context;
        let failures = 0;
        while (!signal.aborted) {
            let connection;
            try {
                connection = await this.#connect();
                const delivery = await this.#meet(connection);
                report({ kind: "connected" });
                failures = 0;
                if (delivery.includes("push"))
                    await this.#follow(connection);
                else
                    await this.#poll(connection);
            }
            catch (thrown) {
                if (signal.aborted)
                    return;
                const end = await this.#toEnd(thrown);
                if (end !== undefined)
                    return report({ kind: "paused", reason: end });
                failures++;
                const reason = toMessage(thrown);
                const alarm = failures >= ALARM_FAILURES ? { alarm: true } : {};
                log.debug({ channel: name, reason }, "a server of events was lost; it is asked again");
                report({ kind: "retrying", reason, ...alarm });
            }
            finally {
                await connection?.close();
            }
            const pause = Math.min(FIRST_RETRY_MS * 2 ** Math.max(0, failures - 1), LAST_RETRY_MS);
            await sleep(pause, clock, signal);
        }
    }
    #connect() {
        const { signal, secret } = this.#context;
        const { server } = this.#settings;
        if (isCommand(server))
            return connectStdio(parseCommand(server), signal);
        return connectHttp({ url: new URL(server), token: secret, signal });
    }
    /** How the event is delivered; and whether its form is that of before. @throws SluiceError `bad_config` where there is no such event. */
    async #meet(connection) {
        const { event } = this.#settings;
        const found = await findEvent(connection, event);
        if (found === undefined)
            throw new ServerFault({
                code: -32_023,
                message: `it offers no event "${event}"`,
                data: { kind: "event" },
            });
        const delivery = Array.isArray(found["delivery"]) ? found["delivery"].map(String) : [];
        if (!delivery.includes("push") && !delivery.includes("poll"))
            throw new SluiceError("bad_config", `${this.#place.server} only posts "${event}" to an address (${delivery.join(", ")}), and Sluice takes streams and polls`);
        const schema = JSON.stringify(found["payloadSchema"] ?? null).slice(0, 32_000);
        const digest = toDigest(schema);
        const { schema: before } = this.#kept;
        this.#kept = { ...this.#kept, schema: digest };
        if (before !== undefined && before !== digest)
            await this.#take([toNotice(this.#place, "changed", digest)], this.#kept.cursor);
        return delivery;
    }
    async #poll(connection) {
        const { clock, signal } = this.#context;
        const { event, args } = this.#settings;
        let empty = 0;
        while (!signal.aborted) {
            const { cursor } = this.#kept;
            const answer = await connection.ask("events/poll", {
                name: event,
                arguments: args,
                cursor,
                maxEvents: PAGE_EVENTS,
            });
            const events = Array.isArray(answer["events"]) ? answer["events"] : [];
            const arrivals = events.flatMap((one) => this.#toArrivals(one));
            const next = toCursor(answer["cursor"]);
            if (answer["truncated"] === true && cursor !== null)
                arrivals.unshift(this.#toGap(next));
            if (arrivals.length > 0 || next !== cursor)
                await this.#take(arrivals, next);
            const goesOn = answer["hasMore"] === true && next !== cursor;
            empty = goesOn && events.length === 0 ? empty + 1 : 0;
            // A server that only says so is not asked without end.
            if (goesOn && empty < MAX_EMPTY_PAGES)
                continue;
            const wait = Number(answer["nextPollMs"] ?? LEAST_POLL_MS);
            const pause = Math.min(Math.max(wait || 0, LEAST_POLL_MS), LONGEST_POLL_MS);
            await sleep(pause, clock, signal);
        }
    }
    /** By a stream. Resolves when the server closes it. */
    async #follow(connection) {
        const { clock, signal } = this.#context;
        const { event, args } = this.#settings;
        const silent = new AbortController();
        let cancel = () => undefined;
        const heard = () => {
            cancel();
            cancel = clock.after(SILENT_MS, () => silent.abort());
        };
        heard();
        try {
            await connection.stream("events/stream", { name: event, arguments: args, cursor: this.#kept.cursor }, async (message) => {
                heard();
                await this.#hear(message);
            }, AbortSignal.any([signal, silent.signal]));
        }
        catch (thrown) {
            if (!silent.signal.aborted)
                throw thrown;
            throw new SluiceError("send_failed", `${this.#place.server} said nothing for a minute`, {
                retryable: true,
            });
        }
        finally {
            cancel();
        }
    }
    async #hear({ method, params }) {
        const frame = isFields(params) ? params : {};
        const before = this.#kept.cursor;
        // Without one, this event cannot be told again: what is kept stays.
        const cursor = "cursor" in frame ? toCursor(frame["cursor"]) : before;
        switch (method) {
            case "notifications/events/active": {
                const isGap = frame["truncated"] === true && before !== null;
                if (isGap || cursor !== before)
                    await this.#take(isGap ? [this.#toGap(cursor)] : [], cursor);
                return;
            }
            case "notifications/events/event":
                return this.#take(this.#toArrivals(frame), cursor);
            case "notifications/events/heartbeat":
                return cursor === before ? undefined : this.#take([], cursor);
            case "notifications/events/terminated":
                throw new ServerFault(isFields(frame["error"]) ? frame["error"] : {});
            default:
                // A passing fault of the server, or what a later revision tells.
                return;
        }
    }
    /** Why nothing more will come, told as an event; undefined where it is tried again. */
    async #toEnd(thrown) {
        if (thrown instanceof ServerFault) {
            if (thrown.isSchemaChange)
                return undefined; // `meet` tells it.
            if (!thrown.isNotFound && !thrown.isForbidden && thrown.code !== -32_602)
                return undefined;
            const id = `${this.#kept.cursor ?? "start"}.${thrown.code}`;
            const notice = toNotice(this.#place, "ended", toDigest(id), thrown.message);
            // Nothing came before it: then the channel's state alone says it.
            if (this.#kept.cursor !== null)
                await this.#take([notice], this.#kept.cursor).catch((fault) => {
                    const { log, name } = this.#context;
                    log.warn({ channel: name, error: toMessage(fault) }, "an end could not be told");
                });
            return `${this.#place.server}: ${thrown.message}; "sluice resume ${this.#place.channel}" asks again`;
        }
        const isForOwner = isSluiceError(thrown, "unauthorized") ||
            isSluiceError(thrown, "bad_config") ||
            isSluiceError(thrown, "unsupported");
        if (!isForOwner)
            return undefined;
        return isSluiceError(thrown, "unauthorized") ? this.#toSignIn(thrown) : toMessage(thrown);
    }
    /** Where it stopped is kept with the channel, so a new token goes on there. */
    #toSignIn(thrown) {
        const { name, secret } = this.#context;
        const hasToken = secret.reveal() !== "";
        return `${toMessage(thrown)}; ${hasToken
            ? `give it a new one, and it goes on where it stopped: "sluice rotate ${name} --secret-stdin"`
            : `it wants one: make it on the server's side (Sluice speaks no OAuth), then "sluice remove ${name}" and add it again with --secret-stdin`}`;
    }
    #toArrivals(occurrence) {
        const arrival = isFields(occurrence) ? toEventArrival(this.#place, occurrence) : undefined;
        if (arrival !== undefined)
            return [arrival];
        this.#context.leftBehind?.(1);
        return [];
    }
    #toGap(cursor) {
        return toNotice(this.#place, "gap", toDigest(cursor ?? String(this.#context.clock.now())));
    }
    /** MCPFOLLOW-1 */
    async #take(arrivals, cursor) {
        const next = { ...this.#kept, cursor };
        await this.#context.take(arrivals, JSON.stringify(next));
        this.#kept = next;
    }
}
async function findEvent(connection, name) {
    let cursor;
    for (let page = 0; page < MAX_PAGES; page++) {
        const given = typeof cursor === "string" ? { cursor } : {};
        const answer = await connection.ask("events/list", given);
        const events = Array.isArray(answer["events"]) ? answer["events"] : [];
        const found = events.find((one) => isFields(one) && one["name"] === name);
        if (isFields(found))
            return found;
        const { nextCursor } = answer;
        if (typeof nextCursor !== "string" || nextCursor === cursor)
            return undefined;
        cursor = nextCursor;
    }
    return undefined;
}
function toCursor(value) {
    return typeof value === "string" ? value : null;
}
function parseKept(text) {
    const none = { cursor: null, schema: undefined };
    if (text === undefined)
        return none;
    try {
        const value = JSON.parse(text);
        if (!isFields(value))
            return none;
        const { cursor, schema } = value;
        return { cursor: toCursor(cursor), schema: typeof schema === "string" ? schema : undefined };
    }
    catch {
        // Of another form: it begins anew.
        return none;
    }
}
