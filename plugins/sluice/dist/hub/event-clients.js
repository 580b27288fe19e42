/**
 * MCP clients of the owner, and the server that they take events from.
 *
 * Owns: adding and removing clients, their tokens, and opening the server when the first one comes. Never: what a client is answered
 * (mcp/server.ts).
 *
 * EVENTCLIENTS-1 Without a client there is no port, and nothing of the server is loaded.
 * EVENTCLIENTS-2 A token is shown once, when it is made; what is kept is its hash.
 * EVENTCLIENTS-3 A channel that is removed is withdrawn from all clients: a later one of its name is given to none of them by that.
 */
import { createHash, randomBytes } from "node:crypto";
import { VERSION } from "../local/version.js";
import { within } from "../sdk/clock.js";
import { readErrorCode, SluiceError, toMessage } from "../sdk/errors.js";
import { listCallbacks } from "../store/clients/event-callbacks.js";
import { addEventClient, changeToken, findEventClient, hasEventClients, listEventClients, listTakes, removeEventClient, withdrawChannel, } from "../store/clients/event-clients.js";
import { loadDefinition } from "./channels/catalogue.js";
import { KeyedMutex } from "./keyed-mutex.js";
const HOST = "127.0.0.1";
const DEFAULT_PORT = 8_789;
const TELL_MS = 2_000;
const RETRY_MS = 10_000;
/** Of everything that opens and closes the server. */
const SERVER = "";
export class EventClients {
    #core;
    #channels;
    #wanted;
    #mutex = new KeyedMutex();
    #serial = new KeyedMutex();
    #changed = new Set();
    #server;
    #cancelRetry = () => { };
    #isClosed = false;
    /** @throws SluiceError `bad_config` for a SLUICE_EVENTS_PORT that is none. */
    constructor(core, env, { channels }) {
        this.#core = core;
        this.#channels = channels;
        this.#wanted = readPort(env);
        const { db } = core;
        channels.onRemoved((name) => db.write(() => withdrawChannel(db, name))); // EVENTCLIENTS-3
    }
    /** Opens the server where there is a client. A fault of the port is told in the view. */
    open() {
        return this.#mutex.run(SERVER, async () => {
            if (hasEventClients(this.#core.db))
                await this.#open();
        });
    }
    list() {
        const { db } = this.#core;
        const takes = listTakes(db);
        const callbacks = listCallbacks(db);
        const clients = listEventClients(db).map((client) => {
            const polled = takes
                .filter((one) => one.client === client.name)
                .map(({ name, args, takenAt }) => ({
                name,
                arguments: JSON.parse(args),
                takenAt,
            }));
            const posted = callbacks
                .filter((one) => one.client === client.name)
                .map(({ name, args, lastAt, url, active, lastError, expiresAt }) => ({
                name,
                arguments: JSON.parse(args),
                takenAt: lastAt ?? undefined,
                callback: { host: new URL(url).host, active, lastError, expiresAt },
            }));
            return { ...client, subscriptions: [...polled, ...posted] };
        });
        return { ...this.#view, clients };
    }
    /** @throws SluiceError `conflict`, `not_found` for a channel. */
    async add(request) {
        const { db, clock } = this.#core;
        const { name, channels } = request;
        const missing = channels.find((one) => one !== "*" && !this.#channels.has(one));
        if (missing !== undefined)
            throw new SluiceError("not_found", `no channel "${missing}" to give to ${name}; "sluice channels" lists them, and "*" is every one`);
        const token = newToken();
        const client = { ...request, channels: [...new Set(channels)], createdAt: clock.now() };
        const isNew = await db.write(() => addEventClient(db, client, token.hash));
        if (!isNew)
            throw new SluiceError("conflict", `there is a client "${name}" already; "sluice access client rotate ${name}" gives it a new token`);
        await this.#mutex.run(SERVER, () => this.#open());
        return { name, url: this.#view.url, token: token.text };
    }
    /** The earlier token counts no longer. @throws SluiceError `not_found`. */
    async rotate(name) {
        const { db } = this.#core;
        const token = newToken();
        const isKnown = await db.write(() => changeToken(db, name, token.hash));
        if (!isKnown)
            throw toUnknown(name);
        return { name, url: this.#view.url, token: token.text };
    }
    /** With all its subscriptions. @throws SluiceError `not_found`. */
    async remove(name) {
        const { db } = this.#core;
        if (findEventClient(db, name) === undefined)
            throw toUnknown(name);
        // Callbacks are told; an address that does not answer keeps nobody waiting.
        const ended = this.#server?.endClient(name) ?? Promise.resolve();
        await within(TELL_MS, ended, undefined);
        await db.write(() => removeEventClient(db, name));
        for (const tell of this.#changed)
            tell();
        await this.#mutex.run(SERVER, async () => {
            if (!hasEventClients(db))
                await this.#close();
        });
    }
    /** A message of a client on stdio. @throws SluiceError `not_found`. */
    async answer(name, message, outgoing) {
        if (this.#server === undefined || findEventClient(this.#core.db, name) === undefined)
            throw toUnknown(name);
        await this.#server.answer(name, message, outgoing);
    }
    async close() {
        this.#isClosed = true;
        await this.#mutex.run(SERVER, () => this.#close());
    }
    get #view() {
        const { port, path = "/mcp", fault } = this.#server ?? {};
        const url = `http://${HOST}:${port ?? this.#wanted}${path}`;
        if (this.#server === undefined)
            return { state: "off", url };
        if (port !== undefined)
            return { state: "up", url };
        const reason = readErrorCode(fault) === "EADDRINUSE"
            ? `port ${this.#wanted} is another program's; end it, or choose another with SLUICE_EVENTS_PORT`
            : toMessage(fault);
        return { state: "down", url, reason };
    }
    async #open() {
        if (this.#isClosed || this.#server?.port !== undefined)
            return;
        const isFirst = this.#server === undefined;
        if (this.#server === undefined)
            this.#server = await this.#start();
        else
            await this.#server.listen();
        const { clock, log } = this.#core;
        const { state, url, reason } = this.#view;
        if (state === "up")
            return log.info({ url }, "MCP clients are answered");
        if (isFirst)
            log.error({ url, reason }, "MCP clients cannot be answered");
        // Its clients know the port: it is never another one. Callbacks and clients on stdio need none.
        this.#cancelRetry();
        this.#cancelRetry = clock.after(RETRY_MS, () => {
            this.open().catch((thrown) => log.error({ error: toMessage(thrown) }, "MCP clients cannot be answered"));
        });
    }
    /** EVENTCLIENTS-1 */
    async #start() {
        const { db, clock, log } = this.#core;
        const { openEvents } = await import("../mcp/open.js");
        return openEvents({
            db,
            clock,
            log,
            version: VERSION,
            port: this.#wanted,
            listChannels: () => this.#channels.list().map(({ config: { name, kind } }) => ({ name, kind })),
            loadKind: loadDefinition,
            serial: (key, work) => this.#serial.run(key, work),
            onOffersChanged: (changed) => this.#onChanged(changed),
        });
    }
    async #close() {
        this.#cancelRetry();
        const server = this.#server;
        this.#server = undefined;
        await server?.close();
    }
    #onChanged(changed) {
        const stop = this.#channels.onChanged(changed);
        this.#changed.add(changed);
        return () => {
            stop();
            this.#changed.delete(changed);
        };
    }
}
/** EVENTCLIENTS-2 */
function newToken() {
    const text = `sle_${randomBytes(32).toString("base64url")}`;
    return { text, hash: createHash("sha256").update(text).digest("hex") };
}
function toUnknown(name) {
    return new SluiceError("not_found", `no MCP client "${name}"; "sluice access client list" lists them, "sluice access client add" makes one`);
}
function readPort(env) {
    const wanted = env["SLUICE_EVENTS_PORT"];
    if (wanted === undefined || wanted === "")
        return DEFAULT_PORT;
    const port = Number(wanted);
    if (!Number.isSafeInteger(port) || port < 0 || port > 65_535)
        throw new SluiceError("bad_config", `SLUICE_EVENTS_PORT is "${wanted}"; give a port from 0 to 65535`);
    return port;
}
