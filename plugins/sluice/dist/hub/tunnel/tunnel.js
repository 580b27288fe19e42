/**
 * The tunnel from a public address to the ingress port: started, watched, started again, and checked from outside.
 *
 * Owns: its life, its state in words, and what is kept of it for the next hub. Never: proves a request (ingress does), or tells platforms
 * of an address (hooks.ts).
 *
 * TUNNEL-1 It leads to the ingress port and nowhere else: neither the page nor the API is reached by it.
 * TUNNEL-2 A program that ends is started again: soon where nobody knows why it ended, seldom where its owner has to act first.
 * TUNNEL-3 One that a killed hub left behind is ended before another one starts.
 * TUNNEL-4 Nobody is told of an address before a request from outside has come back by it: whoever gave it may not lead here.
 * TUNNEL-5 A new tunnel that does not come up takes nothing away: the earlier one is put back, and hooks have never left it.
 */
import { basename } from "node:path";
import { publicUrlSchema, } from "../../api/wire/tunnel-wire.js";
import { SluiceError, toMessage } from "../../sdk/errors.js";
import { changeConfig, readConfig } from "../settings/config.js";
import { endLeftover, forgetProcess, keepProcess } from "./leftover.js";
import { ToolProcess, toRunTool } from "./tool-process.js";
import { findTool } from "./tools.js";
import { watchAddress } from "./watch.js";
/** How long a program may take until it has an address. */
const START_MS = 45_000;
/** It counts as having stood. */
const STOOD_MS = 60_000;
const CRASH_MS = { first: 1_000, most: 60_000 };
const KNOWN_MS = { first: 60_000, most: 600_000 };
export class Tunnel {
    #options;
    #listeners = [];
    #config;
    /** What there was before the last change. */
    #earlier;
    #view;
    #process;
    /** Of the address that is looked at. */
    #watch;
    #target;
    #lastUrl;
    #startedAt = 0;
    #failures = 0;
    /** What runs on behalf of an earlier wish is not listened to any more. */
    #life = new AbortController();
    #work = Promise.resolve();
    constructor(options) {
        this.#options = options;
    }
    get view() {
        return this.#view;
    }
    /** Whether the address that is shown is one that senders may be led to (TUNNEL-4). */
    get isProven() {
        const url = this.#view?.url;
        return url === undefined || url === this.#lastUrl;
    }
    /** Has `listener` know of each address that a start has brought, also where it is the same as before. TUNNEL-4. */
    onUrl(listener) {
        this.#listeners.push(listener);
    }
    /** Once ingress is open. Resolves before there is an address. @throws SluiceError `bad_config`. */
    async open() {
        const { home, log } = this.#options;
        await endLeftover(home, log);
        const { tunnel } = readConfig(home.config);
        this.#lastUrl = tunnel?.lastUrl;
        if (tunnel !== undefined)
            await this.#restart(tunnel);
    }
    /** Another tunnel, or none; kept for later hubs. Resolves before there is an address. @throws SluiceError `bad_input`, `conflict`. */
    async change(tunnel) {
        if (tunnel !== undefined)
            await this.#check(tunnel);
        // One that did not come up is nothing to go back to, where it is tried once more.
        if (this.#view?.state !== "down")
            this.#earlier = this.#config;
        return this.#replace(tunnel);
    }
    /** TUNNEL-5. None where there was none. Resolves before there is an address. */
    async putBack() {
        const earlier = this.#earlier;
        this.#earlier = undefined;
        return this.#replace(earlier);
    }
    async #replace(tunnel) {
        const { lastUrl } = this.#keep(tunnel);
        this.#lastUrl = lastUrl;
        this.#failures = 0;
        await this.#restart(tunnel);
        return this.#view;
    }
    /** Ingress may have moved. */
    async follow() {
        if (this.#config !== undefined && this.#target !== this.#toTarget())
            await this.#restart(this.#config);
    }
    async close() {
        await this.#restart(undefined);
    }
    async #check(tunnel) {
        const { ingress } = this.#options;
        await ingress.requirePort();
        const tool = findTool(tunnel.by);
        const refusal = tool?.refuse({ ...tunnel, target: this.#toTarget() });
        if (refusal !== undefined)
            throw new SluiceError("bad_input", refusal);
        // The hub starts this program whenever it runs: a slip must not make it another one.
        const { by, program = by } = tunnel;
        if (tool !== undefined && basename(program).toLowerCase() !== by)
            throw new SluiceError("bad_input", `${program} is not ${by}; give the path of that program`);
        if (ingress.asksForCertificates && tool !== undefined)
            throw new SluiceError("conflict", "ingress asks for client certificates, which no tunnel passes on; let senders reach the port itself");
    }
    /** Senders know the last address of a tunnel, whichever program opens the next one. */
    #keep(tunnel, lastUrl = this.#lastUrl) {
        const after = changeConfig(this.#options.home.config, ({ tunnel: before, ...config }) => ({
            ...config,
            ...(tunnel === undefined
                ? {}
                : { tunnel: { ...tunnel, lastUrl: lastUrl ?? before?.lastUrl } }),
        }));
        return after.tunnel ?? {};
    }
    #restartSoon(tunnel) {
        this.#restart(tunnel).catch((thrown) => {
            this.#options.log.error({ error: toMessage(thrown) }, "the tunnel could not be started");
            this.#show(tunnel, { state: "down", reason: toMessage(thrown) });
        });
    }
    /** One after the other: a change may come while the last one still ends its program. */
    #restart(tunnel) {
        this.#life.abort();
        this.#watch = undefined;
        const life = new AbortController();
        this.#life = life;
        const earlier = this.#work.catch(() => undefined);
        this.#work = earlier.then(async () => {
            await this.#process?.stop();
            this.#process = undefined;
            forgetProcess(this.#options.home);
            if (life.signal.aborted)
                return;
            this.#config = tunnel;
            if (tunnel === undefined) {
                this.#view = undefined;
                this.#options.ingress.tellPublicUrl(undefined);
            }
            else
                await this.#begin(tunnel, life.signal);
        });
        return this.#work;
    }
    async #begin(tunnel, life) {
        const tool = findTool(tunnel.by);
        this.#show(tunnel, { state: "starting" });
        try {
            await this.#options.ingress.requirePort();
            const target = this.#toTarget();
            this.#target = target;
            if (tool === undefined)
                return this.#address(tunnel, tunnel.url ?? "", life);
            const { program = tool.name } = tunnel;
            const wish = { target, name: tunnel.name, url: tunnel.url };
            const plan = await tool.plan(wish, toRunTool(program, this.#options.env));
            if (life.aborted)
                return;
            if (plan.kind === "found")
                this.#address(tunnel, plan.url, life, { isFound: true });
            else
                this.#start(tunnel, { tool, wish, program, args: plan.args }, life);
        }
        catch (thrown) {
            this.#onEnd(tunnel, { reason: toMessage(thrown), isKnown: true }, life);
        }
    }
    #start(tunnel, run, life) {
        const { env, clock, home } = this.#options;
        this.#startedAt = clock.now();
        const onWord = (word) => {
            if (life.aborted)
                return;
            cancel();
            if (word.kind === "url")
                this.#address(tunnel, word.url, life);
            else
                this.#show(tunnel, { state: "down", reason: word.reason });
        };
        const child = new ToolProcess({ ...run, env, onWord });
        this.#process = child;
        if (child.pid !== undefined)
            keepProcess(home, child.pid);
        let late;
        const cancel = clock.after(START_MS, () => {
            if (life.aborted)
                return;
            const reason = `${run.tool.name} has given no address in ${START_MS / 1_000} s`;
            late = { reason, isKnown: false };
            void child.stop();
        });
        void child.ended.then((ending) => {
            cancel();
            if (this.#process === child)
                this.#process = undefined;
            this.#onEnd(tunnel, late ?? ending, life);
        });
    }
    /** TUNNEL-2. */
    #onEnd(tunnel, { reason, isKnown }, life) {
        if (life.aborted)
            return;
        this.#watch?.life.abort();
        const { clock, log } = this.#options;
        if (clock.now() - this.#startedAt >= STOOD_MS && !isKnown)
            this.#failures = 0;
        const { first, most } = isKnown ? KNOWN_MS : CRASH_MS;
        const delayMs = Math.min(most, first * 2 ** Math.min(this.#failures, 10));
        this.#failures++;
        log.warn({ tunnel: tunnel.by, reason, delayMs }, "the tunnel is down");
        this.#show(tunnel, { state: "down", reason });
        clock.after(delayMs, () => {
            if (!life.aborted)
                this.#restartSoon(tunnel);
        });
    }
    #address(tunnel, url, life, more = {}) {
        const { clock, outside } = this.#options;
        if (!publicUrlSchema.safeParse(url).success) {
            const reason = `${tunnel.by} names ${JSON.stringify(url.slice(0, 200))} as its address, which is no https address without a path`;
            return this.#onEnd(tunnel, { reason, isKnown: true }, life);
        }
        // A program may name it with each of its connections.
        if (this.#watch?.url === url && !this.#watch.life.signal.aborted)
            return;
        this.#watch?.life.abort();
        const watch = new AbortController();
        this.#watch = { url, life: watch };
        const standing = AbortSignal.any([life, watch.signal]);
        // Until a request from outside has come back, or has not.
        this.#show(tunnel, { ...more, state: "starting", url });
        const isOurs = this.#process !== undefined;
        let isTold = false;
        watchAddress({
            clock,
            life: standing,
            run: () => outside.run(url, standing),
            tell: (reached) => {
                if (reached.kind === "us" && !isTold)
                    isTold = this.#tell(tunnel, url);
                this.#show(tunnel, {
                    ...more,
                    url,
                    ...(reached.kind === "us"
                        ? { state: "up" }
                        : { state: "unproven", reason: reached.reason }),
                });
            },
            // Only what Sluice started is started anew; one that was found may have ended, and another one is then made.
            lost: () => {
                if (isOurs || more.isFound === true)
                    this.#restartSoon(tunnel);
            },
        });
    }
    /** TUNNEL-4. False where it could not be kept: with the next look again. */
    #tell(tunnel, url) {
        const { log } = this.#options;
        const before = this.#lastUrl;
        if (url !== before) {
            try {
                this.#keep(tunnel, url);
            }
            catch (thrown) {
                log.error({ url, error: toMessage(thrown) }, "the tunnel's address could not be kept");
                return false;
            }
            this.#lastUrl = url;
            log.info({ tunnel: tunnel.by, url }, "the tunnel has a new address");
        }
        for (const tell of this.#listeners)
            tell(url, before);
        return true;
    }
    #show(tunnel, state) {
        const { by } = tunnel;
        const target = this.#target ?? "";
        const isLasting = findTool(by)?.isLasting({ ...tunnel, target }) ?? true;
        const pid = this.#process?.pid;
        this.#view = { by, isLasting, ...state, ...(pid === undefined ? {} : { pid }) };
        const known = state.url ?? (isLasting ? this.#lastUrl : undefined);
        this.#options.ingress.tellPublicUrl(known);
    }
    /** TUNNEL-1. A port that all addresses reach is reached by this one as well. */
    #toTarget() {
        return this.#options.ingress.url
            .replace("//0.0.0.0:", "//127.0.0.1:")
            .replace("//[::]:", "//127.0.0.1:");
    }
}
