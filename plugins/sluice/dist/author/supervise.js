/**
 * The life of a service: connected, lost, connected again.
 *
 * Owns: backoff, health, and when the owner and the session are told. Never: what comes over the connection.
 *
 * SERVICE-1 Every connection that `connect` brought is disconnected once, also one that came too late.
 * SERVICE-2 A credential that was refused is not tried again: it waits for its owner.
 */
import { sleep } from "../sdk/clock.js";
import { isSluiceError, SluiceError, toMessage } from "../sdk/errors.js";
import { Backoff, STEADY_MS } from "./backoff.js";
import { callAuthor } from "./limit.js";
const HEALTH_EVERY_MS = 30_000;
const HEALTH_TIMEOUT_MS = 15_000;
const DISCONNECT_TIMEOUT_MS = 3_000;
export class Supervisor {
    #core;
    #service;
    #backoff = new Backoff();
    #state = { kind: "away", reason: "it is not connected yet" };
    /** Ends the wait on the connection that is open now. */
    #lose = () => undefined;
    constructor(core, service) {
        this.#core = core;
        this.#service = service;
        core.readConnection = () => this.#read();
    }
    /** Resolves once the channel has ended and the last connection is closed. */
    async run() {
        const { port } = this.#core;
        const { name } = this.#service;
        while (!port.signal.aborted) {
            const fault = await this.#once();
            if (port.signal.aborted)
                return;
            const reason = toMessage(fault);
            this.#state = { kind: "away", reason };
            if (isSluiceError(fault, "unauthorized")) {
                port.report(name, { kind: "paused", reason }); // SERVICE-2
                return;
            }
            const waitMs = this.#backoff.nextMs();
            const alarm = this.#backoff.isAlarm ? { alarm: true } : {};
            port.report(name, { kind: "retrying", reason, ...alarm });
            await sleep(waitMs, port.clock, port.signal);
        }
    }
    /** One connection, from its opening to its end; resolves with why it ended. */
    async #once() {
        const { port } = this.#core;
        const { name, source, timeoutMs } = this.#service;
        const ended = new Promise((resolve) => {
            this.#lose = resolve;
            port.signal.addEventListener("abort", () => resolve("the channel ends"), { once: true });
        });
        let connection;
        try {
            const connecting = callAuthor(`${name}.connect`, timeoutMs, () => source.connect(this.#toLive()), (late) => void this.#disconnect(late));
            connection = await connecting;
        }
        catch (thrown) {
            return thrown;
        }
        this.#state = { kind: "open", connection };
        port.report(name, { kind: "connected" });
        const openedAt = port.clock.now();
        const stop = this.#watchHealth(connection);
        const reason = await ended;
        stop();
        this.#state = { kind: "away", reason };
        if (port.clock.now() - openedAt >= STEADY_MS)
            this.#backoff.reset();
        await this.#disconnect(connection);
        return new SluiceError("send_failed", reason);
    }
    #toLive() {
        const { live, cursors } = this.#core;
        const { name } = this.#service;
        const lose = this.#lose;
        return Object.defineProperties({
            ...pick(live),
            push: (event, cursor) => this.#core.push(name, event, cursor),
            pushAll: (events, cursor) => this.#core.pushAll(name, events, cursor),
            lost: (reason) => lose(String(reason).slice(0, 400)),
        }, {
            connection: { enumerable: true, get: () => this.#read() },
            cursor: { enumerable: true, get: () => cursors.get(name) },
        });
    }
    #read() {
        if (this.#state.kind === "open")
            return this.#state.connection;
        throw new SluiceError("send_failed", `channel ${this.#core.port.name} is not connected (${this.#state.reason}); it is tried again by itself`, { retryable: true });
    }
    #watchHealth(connection) {
        const { isHealthy } = this.#service.source;
        const { clock } = this.#core.port;
        if (isHealthy === undefined)
            return () => undefined;
        const lose = this.#lose;
        let cancel = () => undefined;
        const look = async () => {
            try {
                const what = `${this.#service.name}.isHealthy`;
                const answer = await callAuthor(what, HEALTH_TIMEOUT_MS, () => isHealthy(connection));
                if (answer === false)
                    lose("its check says that it is not healthy");
                else
                    cancel = clock.after(HEALTH_EVERY_MS, () => void look());
            }
            catch (thrown) {
                lose(toMessage(thrown));
            }
        };
        cancel = clock.after(HEALTH_EVERY_MS, () => void look());
        return () => cancel();
    }
    /** SERVICE-1 */
    async #disconnect(connection) {
        const { source, name } = this.#service;
        const { log, name: channel } = this.#core.port;
        if (source.disconnect === undefined)
            return;
        try {
            await callAuthor(`${name}.disconnect`, DISCONNECT_TIMEOUT_MS, () => source.disconnect?.(connection));
        }
        catch (thrown) {
            log.warn({ channel, error: toMessage(thrown) }, "a connection was not closed as it should");
        }
    }
}
/** Without the getter `connection`, which throws while there is none. */
function pick({ name, settings, log, signal, secret, undelivered }) {
    return { name, settings, log, signal, secret, undelivered };
}
