import { SluiceError, toMessage } from "../../sdk/errors.js";
import { Secret } from "../../sdk/secret.js";
import { loadDefinition } from "../channels/catalogue.js";
import { readSecrets, writeSecrets } from "../channels/secrets.js";
import { KeyedMutex } from "../keyed-mutex.js";
/** Under this name in the channel's secrets. */
const TOKEN = "HOOK_TOKEN";
/** A channel may have one of its own, for what it looks up. */
const API_TOKEN = "token";
const RETRY_MS = { first: 10_000, most: 600_000 };
export class Hooks {
    #options;
    #mutex = new KeyedMutex();
    /** Why a hook is behind its address, by the channel's name. */
    #behind = new Map();
    #closing = new AbortController();
    constructor(options) {
        this.#options = options;
    }
    /** Why a channel's hooks do not lead here; undefined where they do. */
    findNote(name) {
        return this.#behind.get(name);
    }
    close() {
        this.#closing.abort();
    }
    /** @throws SluiceError `conflict` without a public address, `bad_input`, and what the platform refuses. */
    make(name, request) {
        return this.#mutex.run(name, async () => {
            const { config, hooks } = await this.#require(name);
            const target = hooks.parseTarget(request.target);
            const end = this.#toEnd(name);
            const events = request.events.length === 0 ? [...hooks.events] : request.events;
            const credential = this.#toCredential(name, request.program, request.token);
            const place = { target, credential };
            const known = (config.hooks ?? []).find((one) => one.target === target);
            if (known !== undefined)
                await hooks.remove(place, known.id);
            const id = await hooks.make(place, end, events);
            const { program } = request;
            const made = {
                target,
                id,
                url: end.url,
                events,
                ...(request.token === undefined && program !== undefined ? { program } : {}),
            };
            const others = (config.hooks ?? []).filter((one) => one.target !== target);
            try {
                if (request.token !== undefined)
                    this.#keepToken(name, request.token);
                await this.#options.channels.keep(name, { hooks: [...others, made] });
            }
            catch (thrown) {
                await hooks.remove(place, id); // HOOKS-1
                throw thrown;
            }
            return { target, id, url: end.url, events };
        });
    }
    /** Before its channel goes. HOOKS-2. */
    remove(name) {
        return this.#mutex.run(name, async () => {
            const kept = this.#find(name)?.hooks ?? [];
            this.#behind.delete(name);
            if (kept.length === 0)
                return [];
            const { hooks } = await this.#require(name);
            return Promise.all(kept.map(async ({ target, id, program }) => {
                try {
                    const credential = this.#toCredential(name, program);
                    await hooks.remove({ target, credential }, id);
                    return { target, id };
                }
                catch (thrown) {
                    return { target, id, reason: toMessage(thrown) };
                }
            }));
        });
    }
    /** Has every hook lead to the channel's address of now, with its secret of now. Tried until it is so. */
    async follow() {
        const { channels } = this.#options;
        await Promise.all(channels.list().map(({ config }) => this.update(config.name)));
    }
    /** `isNewSecret`: also those whose address is right. */
    async update(name, isNewSecret = false, failures = 0) {
        const { clock, log } = this.#options;
        if (this.#closing.signal.aborted)
            return;
        try {
            await this.#mutex.run(name, () => this.#change(name, isNewSecret));
            this.#behind.delete(name);
        }
        catch (thrown) {
            const reason = toMessage(thrown);
            log.warn({ channel: name, reason }, "a hook could not be changed");
            this.#behind.set(name, `its hook does not lead here yet: ${reason}`);
            const delayMs = Math.min(RETRY_MS.most, RETRY_MS.first * 2 ** Math.min(failures, 10));
            clock.after(delayMs, () => void this.update(name, isNewSecret, failures + 1));
        }
    }
    async #change(name, isNewSecret) {
        const { channels, isProven } = this.#options;
        const kept = this.#find(name)?.hooks ?? [];
        const isLed = isProven();
        if (!isLed && !isNewSecret)
            return;
        const url = channels.toPublicUrl(name);
        const late = kept.filter((one) => isNewSecret || one.url !== url);
        if (url === undefined || late.length === 0)
            return;
        const { hooks } = await this.#require(name);
        let list = kept;
        for (const { target, id, program, url: earlier } of late) {
            const end = { ...this.#toEnd(name), url: isLed ? url : earlier };
            await hooks.change({ target, credential: this.#toCredential(name, program) }, id, end);
            list = list.map((one) => one.id === id && one.target === target ? { ...one, url: end.url } : one);
            // After each: of two hooks the second may fail.
            await channels.keep(name, { hooks: list });
        }
    }
    #find(name) {
        return this.#options.channels.list().find(({ config }) => config.name === name)?.config;
    }
    async #require(name) {
        const config = this.#find(name);
        if (config === undefined)
            throw new SluiceError("not_found", `no channel "${name}"`);
        const definition = config.code === undefined ? await loadDefinition(config.kind, config.settings) : undefined;
        const hooks = await definition?.hooks?.();
        if (hooks === undefined)
            throw new SluiceError("bad_input", `Sluice can make no hook for ${config.kind}; follow the steps that "sluice add" has printed`);
        return { config, hooks };
    }
    #toEnd(name) {
        const url = this.#options.channels.toPublicUrl(name);
        if (url === undefined)
            throw new SluiceError("conflict", 'no public address leads here yet, so a hook would lead nowhere; open one: "sluice up --tunnel"');
        const secret = readSecrets(this.#options.home, name)?.keys[0]?.secret;
        if (secret === undefined)
            throw new SluiceError("bad_secret", `${name} has no secret that a hook could sign with; "sluice rotate ${name}" makes one`);
        return { url, secret };
    }
    #toCredential(name, program, token) {
        const { home, env } = this.#options;
        if (token !== undefined)
            return { kind: "token", token: new Secret(token) };
        if (program !== undefined)
            return { kind: "program", path: program, env };
        const named = readSecrets(home, name)?.named;
        const kept = named?.[TOKEN] ?? named?.[API_TOKEN];
        if (kept !== undefined)
            return { kind: "token", token: new Secret(kept) };
        throw new SluiceError("unauthorized", "nothing is there to ask the platform with; install its command-line program, or give a token with --hook-token-env <variable>");
    }
    #keepToken(name, token) {
        const { home } = this.#options;
        const before = readSecrets(home, name) ?? { keys: [] };
        writeSecrets(home, name, { ...before, named: { ...before.named, [TOKEN]: token } });
    }
}
