/**
 * The ingress port over the hub's life: it is opened, opened again after another program held it, and changed by the owner.
 *
 * Owns: its address, certificates and state. Never: answers a request.
 *
 * PORT-1 A port that senders know is fixed: it never changes by itself. If another program holds it, ingress is down, names the
 *    program, and opens by itself once the port is free.
 * PORT-2 A change that cannot be opened is taken back: the earlier port works again.
 * PORT-3 Opening, changing and closing come one after the other: a change may be asked for while the hub still starts.
 */
import { readFileSync } from "node:fs";
import { isSluiceError, SluiceError, toMessage } from "../sdk/errors.js";
import { changeConfig, readConfig } from "./settings/config.js";
import { listenIngress } from "../ingress/listener.js";
import { KeyedMutex } from "./keyed-mutex.js";
const RETRY_MS = 10_000;
const GRACE_MS = 2_000;
/** There is one. */
const PORT = "port";
export class IngressPort {
    #options;
    #door;
    #config;
    #view;
    #listener;
    #cancelRetry;
    #publicUrl;
    #mutex = new KeyedMutex();
    #tried = Promise.withResolvers();
    /** @throws SluiceError `bad_config` when the file or SLUICE_INGRESS_PORT cannot be used. */
    constructor(options) {
        this.#options = options;
        this.#config = toEffective(readConfig(options.home.config).ingress, options.env);
        this.#view = { state: "off", host: this.#config.host, port: this.#config.port };
    }
    /** What is answered there. Once, and before it opens. */
    serve(door) {
        this.#door = door;
    }
    get view() {
        return this.#view;
    }
    get url() {
        const { host, port } = this.#view;
        const name = host.includes(":") ? `[${host}]` : host;
        return `${this.#config.tls === undefined ? "http" : "https"}://${name}:${port}`;
    }
    /** Where senders elsewhere reach it, as the tunnel says. */
    get publicUrl() {
        return this.#publicUrl;
    }
    tellPublicUrl(url) {
        this.#publicUrl = url;
    }
    /** The port that senders are told. @throws SluiceError `conflict` where it is not ours: what they send would reach somebody else. */
    async requirePort() {
        // The hub's own API answers a moment before.
        await this.#tried.promise;
        const { state, port, reason = "ingress is off" } = this.#view;
        if (state === "up")
            return port;
        throw new SluiceError("conflict", `no sender could reach a channel: ${reason}`);
    }
    get asksForCertificates() {
        return this.#config.clientCa !== undefined;
    }
    get isLoopback() {
        return isLoopbackAddress(this.#config.host);
    }
    /** Opens the port. A fault is kept in the view, not thrown: the hub delivers what is stored without it. */
    open() {
        return this.#mutex.run(PORT, () => this.#open());
    }
    /**
     * Changes address or certificates, now and for later hubs (PORT-2).
     * @throws SluiceError for what cannot be read, bound or written; then nothing has changed.
     */
    change(change) {
        return this.#mutex.run(PORT, () => this.#change(change));
    }
    close() {
        return this.#mutex.run(PORT, () => this.#close());
    }
    async #open() {
        try {
            await this.#listen();
        }
        catch (thrown) {
            if (this.#options.isDemo && isSluiceError(thrown, "port_taken")) {
                this.#config = { ...this.#config, port: 0 };
                return this.#listen();
            }
            this.#noteDown(thrown);
        }
        finally {
            this.#tried.resolve();
        }
    }
    async #change(change) {
        const before = this.#config;
        const after = toChanged(before, change);
        await this.#close();
        try {
            this.#config = after;
            await this.#listen();
            changeConfig(this.#options.home.config, (config) => ({
                ...config,
                ingress: toChanged(config.ingress, change),
            }));
        }
        catch (thrown) {
            await this.#close();
            this.#config = before;
            await this.#open();
            throw thrown;
        }
        return this.#view;
    }
    async #close() {
        this.#cancelRetry?.();
        this.#cancelRetry = undefined;
        const listener = this.#listener;
        this.#listener = undefined;
        await listener?.close(GRACE_MS);
    }
    async #listen() {
        const { host, port, tls, clientCa } = this.#config;
        const { maxConnections } = this.#options;
        const door = this.#door;
        if (door === undefined)
            throw new TypeError("the ingress port opens before anybody answers");
        this.#listener = await listenIngress(door.app, {
            host,
            port,
            ...(tls === undefined ? {} : { tls: { cert: readPem(tls.cert), key: readPem(tls.key) } }),
            ...(clientCa === undefined ? {} : { clientCa: readPem(clientCa) }),
            ...(maxConnections === undefined ? {} : { limits: { maxConnections } }),
            crowdedOut: () => door.count("-", "crowded_out"),
        });
        // A port of 0 has become a real one: opened again, it is the same.
        this.#config = { ...this.#config, port: this.#listener.port };
        this.#view = { state: "up", host, port: this.#listener.port };
    }
    #noteDown(thrown) {
        const { host, port } = this.#config;
        const reason = toMessage(thrown);
        if (this.#view.reason !== reason)
            this.#options.log.error({ port, reason }, "ingress is down");
        this.#view = { state: "down", host, port, reason };
        this.#cancelRetry = this.#options.clock.after(RETRY_MS, () => void this.open());
    }
}
function isLoopbackAddress(host) {
    return host === "::1" || /^127\.\d+\.\d+\.\d+$/.test(host);
}
/** The configured ingress; before the first `add` the environment may choose another port. */
function toEffective(config, env) {
    const wanted = env["SLUICE_INGRESS_PORT"];
    if (config.frozen || wanted === undefined || wanted === "")
        return config;
    const port = Number(wanted);
    if (!Number.isSafeInteger(port) || port < 0 || port > 65_535) {
        throw new SluiceError("bad_config", `SLUICE_INGRESS_PORT is "${wanted}"; give a port from 0 to 65535`);
    }
    return { ...config, port };
}
function toChanged(config, change) {
    const { host, port, tls, clientCa } = change;
    const changed = {
        ...config,
        ...(host === undefined ? {} : { host }),
        // Chosen by its owner: no environment moves it from here on.
        ...(port === undefined ? {} : { port, frozen: true }),
        ...(tls === undefined ? {} : { tls }),
        ...(clientCa === undefined ? {} : { clientCa }),
    };
    if (changed.clientCa !== undefined && changed.tls === undefined) {
        throw new SluiceError("bad_config", "client certificates need TLS: give --tls-cert and --tls-key beside --client-ca");
    }
    return changed;
}
function readPem(path) {
    try {
        return readFileSync(path);
    }
    catch (thrown) {
        throw new SluiceError("bad_config", `${path} cannot be read (${toMessage(thrown)})`, {
            cause: thrown,
        });
    }
}
