import { SluiceError, toMessage } from "../../sdk/errors.js";
import { findScheme } from "../../verify/find-scheme.js";
import { openVerifier } from "../../verify/verifier.js";
import { removeCode } from "../authored/kept-code.js";
import { loadDefinition, settleSettings } from "./catalogue.js";
import { ChannelList, toPeople } from "./channel-list.js";
import { checkPlatform } from "./check-platform.js";
import { changeConfig, readConfig, } from "../settings/config.js";
import { checkIgnore, checkTemplate, toChannelConfig, toIgnored, } from "./new-channel.js";
import { toPlatformSecret, toSecrets, withNamed } from "./new-secrets.js";
import { rotate } from "./rotate.js";
import { toAdded } from "./secret-words.js";
import { eraseChannel, openChannel, toFrozen, toVerifierOptions, writeChannel, } from "./open-channel.js";
import { replaceCode } from "./replace-code.js";
import { readSecrets, writeSecrets } from "./secrets.js";
import { KeyedMutex } from "../keyed-mutex.js";
/** How long `add` waits for a platform to take or refuse a credential. */
const CHECK_MS = 15_000;
export class Channels {
    #options;
    #list = new ChannelList();
    #mutex = new KeyedMutex();
    #leaving = [];
    #removed = [];
    constructor(options) {
        this.#options = options;
        options.oldKeys.onEnded((name) => void this.#mutex.run(name, () => this.#dropOldKeys(name)));
    }
    /** Opens every configured channel (CHANNELS-1). @throws SluiceError `bad_config` when the file cannot be read. */
    async load() {
        const config = readConfig(this.#options.home.config);
        this.#options.authored.sweep(config.channels);
        for (const channel of config.channels)
            await this.#open(channel);
        return config;
    }
    list() {
        return [...this.#list.entries.values()];
    }
    find(name) {
        return this.#list.entries.get(name)?.channel;
    }
    has(name) {
        return this.#list.entries.has(name);
    }
    kindOf(name) {
        return this.#list.entries.get(name)?.config.kind;
    }
    /** For ingress: those that take requests, configured or lent. */
    get receiving() {
        return this.#list.receiving;
    }
    /** For the gate: what may come in. */
    get access() {
        return this.#list.access;
    }
    /** Who may speak in the chats of a channel; until this is called nobody may. */
    readChatRules(read) {
        this.#list.readChatRules(read);
    }
    /** Has ingress know a channel that stands in no configuration and no list. Call the result to take it back. */
    lend(channel) {
        return this.#list.lend(channel);
    }
    /** Has `listener` know that a channel is another one than before. Call the result to hear no more. */
    onChanged(listener) {
        return this.#list.onChanged(listener);
    }
    /** Has `step` run before a channel goes: a fault of it keeps the channel. */
    onLeaving(step) {
        this.#leaving.push(step);
    }
    /** Has `step` run after a channel has gone: another one of its name begins anew. */
    onRemoved(step) {
        this.#removed.push(step);
    }
    /** True where what a session says on it has somewhere to go. */
    canReply(name) {
        const entry = this.#list.entries.get(name);
        return entry !== undefined && (entry.isConnected || entry.config.twoWay);
    }
    /** Who speaks on it. One that does not open may be of any kind: what is set there is kept. */
    peopleOf(name) {
        return toPeople(name, this.#list.entries.get(name));
    }
    /** Channels with a connection of their own, whether it is up or not. */
    connected() {
        return this.list().flatMap(({ config, isConnected }) => (isConnected ? [config.name] : []));
    }
    toUrl(name) {
        return `${this.#options.ingress.url}/in/${name}`;
    }
    /** As senders elsewhere call it; undefined without a tunnel. */
    toPublicUrl(name) {
        const { publicUrl } = this.#options.ingress;
        return publicUrl === undefined ? undefined : `${publicUrl}/in/${name}`;
    }
    add(request) {
        return this.#mutex.run(request.name ?? request.kind, () => this.#add(request));
    }
    /** Resolves to whether it was the place for notices, which then is none. */
    remove(name) {
        return this.#mutex.run(name, async () => {
            this.#require(name);
            for (const step of this.#leaving)
                await step(name);
            const removed = await this.#remove(name);
            // At once, so that they share a transaction.
            await Promise.all(this.#removed.map((step) => step(name)));
            return removed;
        });
    }
    pause(name, paused) {
        return this.#mutex.run(name, () => this.#change(name, { paused }));
    }
    /** Changes whose own acts become no events. Resolves to the accounts that are ignored then. */
    ignore(name, change) {
        return this.#mutex.run(name, async () => {
            const { config } = this.#require(name);
            checkIgnore(config.kind, (await loadDefinition(config.kind, config.settings)).canIgnore);
            const ignoreSenders = toIgnored(config.ignoreSenders ?? [], change);
            await this.#change(name, { ignoreSenders });
            return ignoreSenders;
        });
    }
    /** How requests are told from now on; undefined for the channel's own way. @throws SluiceError `bad_input`. */
    setTemplate(name, template) {
        return this.#mutex.run(name, () => {
            const { config } = this.#require(name);
            checkTemplate({ ...config, template });
            return this.#change(name, { template });
        });
    }
    /** What is kept of its platform's end, and the URL that its senders sign. */
    keep(name, change) {
        return this.#mutex.run(name, () => this.#change(name, change));
    }
    /** @throws SluiceError `bad_secret`, `bad_input`. */
    rotate(name, request) {
        const { home, clock } = this.#options;
        return this.#mutex.run(name, async () => {
            const { config } = this.#require(name);
            const before = readSecrets(home, name) ?? { keys: [] };
            const rotated = await rotate({ config, before, now: clock.now() }, request);
            writeSecrets(home, name, rotated.secrets);
            await this.#open(config);
            return { ...rotated.view, url: this.toUrl(name) + rotated.urlSecret };
        });
    }
    /** An author's channel whose form was checked. @throws SluiceError `conflict`, `bad_config`: then nothing is left of it. */
    put(config, secrets, steps) {
        const { name } = config;
        return this.#mutex.run(name, async () => {
            this.#requireFree(name);
            const port = steps.needsPort ? await this.#toNewPort() : undefined;
            steps.before();
            try {
                writeChannel(this.#options.home, config, secrets, port);
            }
            catch (thrown) {
                await steps.undo();
                throw thrown;
            }
            await this.#open(config);
            const reason = this.#list.entries.get(name)?.reason;
            if (reason !== undefined) {
                await this.#remove(name);
                throw new SluiceError("bad_config", reason);
            }
            await this.#check(name, "bad_config");
        });
    }
    /** Other code for an author's channel. @throws SluiceError `bad_config`: then what ran before runs on. */
    replaceCode(name, code, steps) {
        return this.#mutex.run(name, () => replaceCode(code, steps, {
            ...this.#options,
            config: this.#require(name).config,
            freezePort: () => this.#toNewPort(),
            change: (change, port) => this.#change(name, change, port),
            reason: () => this.#list.entries.get(name)?.reason,
        }));
    }
    async #toNewPort() {
        const { home, ingress } = this.#options;
        return readConfig(home.config).ingress.frozen ? undefined : ingress.requirePort();
    }
    #requireFree(name) {
        if (!this.#list.entries.has(name))
            return;
        throw new SluiceError("conflict", `a channel "${name}" exists; choose another with --name, or "sluice remove ${name}" first`);
    }
    async #add(asked) {
        const { home } = this.#options;
        const settings = await settleSettings(asked.kind, asked.settings, asked);
        const request = { ...asked, settings };
        const definition = await loadDefinition(request.kind, request.settings);
        const isReceiving = definition.receive !== undefined;
        const port = isReceiving ? await this.#toNewPort() : undefined;
        const config = toChannelConfig(request, definition, this.#options.ingress);
        const known = this.#list.entries.get(config.name);
        if (known !== undefined && this.#waitsForCredential(known, request))
            return this.#renew(known.config, request);
        this.#requireFree(config.name);
        if (definition.canReply && !isReceiving)
            this.#refuseTwin(config.kind, request.secret);
        const checked = await checkPlatform(definition, request);
        const row = isReceiving ? findScheme({ ...config, own: definition.ownSchemes }) : undefined;
        const made = withNamed(row === undefined ? toPlatformSecret(request) : toSecrets(request, row, definition), request);
        if (row !== undefined && !config.allowUnsigned)
            openVerifier(toVerifierOptions(config, made.secrets, definition));
        writeChannel(home, config, made.secrets, port);
        await this.#open(config);
        if (definition.open !== undefined)
            await this.#check(config.name);
        const base = this.toUrl(config.name);
        const publicBase = this.toPublicUrl(config.name);
        return toAdded({ config, definition, row, made, checked, base, publicBase });
    }
    async #remove(name) {
        this.#require(name);
        const endsNotices = eraseChannel(this.#options.home, name);
        this.#options.oldKeys.forget(name);
        this.#list.delete(name);
        await this.#options.connections.end(name);
        this.#options.authored.forget(name);
        await removeCode(this.#options.home, name);
        return { endsNotices };
    }
    async #change(name, change, port) {
        const entry = this.#require(name);
        const config = { ...entry.config, ...change };
        changeConfig(this.#options.home.config, (before) => ({
            ...before,
            ingress: toFrozen(before.ingress, port),
            channels: before.channels.map((channel) => channel.name === name ? { ...channel, ...change } : channel),
        }));
        await this.#open(config);
    }
    /** A credential that the platform refuses is told at once, and leaves no channel behind. */
    async #check(name, code = "bad_secret") {
        const { connections } = this.#options;
        await connections.opened(name, CHECK_MS);
        const state = connections.state(name);
        if (state?.kind !== "paused")
            return;
        await this.#remove(name);
        throw new SluiceError(code, state.reason);
    }
    /** True where the platform has refused the credential that it has, and this is another one for it. */
    #waitsForCredential(known, { kind, secret }) {
        const { connections } = this.#options;
        const isRefused = connections.state(known.config.name)?.kind === "paused";
        return known.isConnected && isRefused && known.config.kind === kind && secret !== undefined;
    }
    /** A new credential in place of a refused one: the channel's settings, its people and its place in the chats stay. */
    async #renew(config, request) {
        const definition = await loadDefinition(config.kind, config.settings);
        const { secret } = request;
        // The same first secret may come again, with another one beside it.
        this.#refuseTwin(config.kind, secret, config.name);
        const { home } = this.#options;
        const secrets = { ...readSecrets(home, config.name)?.named, ...request.secrets };
        const { settings } = config;
        const { account } = await checkPlatform(definition, { secret, secrets, settings });
        writeSecrets(home, config.name, withNamed(toPlatformSecret(request), { secrets }).secrets);
        await this.#open(config);
        await this.#options.connections.opened(config.name, CHECK_MS);
        const { name, kind } = config;
        const nextStep = "nothing: the channel goes on with its people and settings as they were";
        return { name, kind, ...(account === undefined ? {} : { account }), nextStep };
    }
    /** Two connections with one credential would take each other's messages away. */
    #refuseTwin(kind, secret, except) {
        if (secret === undefined)
            return;
        const twin = this.list().find(({ config }) => config.kind === kind &&
            config.name !== except &&
            readSecrets(this.#options.home, config.name)?.keys[0]?.secret.reveal() === secret);
        if (twin === undefined)
            return;
        throw new SluiceError("conflict", `channel "${twin.config.name}" has this credential already; "sluice remove ${twin.config.name}" first`);
    }
    #require(name) {
        const entry = this.#list.entries.get(name);
        if (entry !== undefined)
            return entry;
        const names = [...this.#list.entries.keys()].join(", ") || "none";
        throw new SluiceError("not_found", `no channel "${name}"; configured: ${names}`);
    }
    /** OLDKEYS-1: out of the file as well. */
    async #dropOldKeys(name) {
        const entry = this.#list.entries.get(name);
        const secrets = entry && readSecrets(this.#options.home, name);
        if (entry === undefined || secrets === undefined)
            return;
        writeSecrets(this.#options.home, name, this.#options.oldKeys.watch(name, secrets));
        await this.#open(entry.config);
    }
    async #open(config) {
        try {
            this.#list.set(await openChannel(config, this.#options));
        }
        catch (thrown) {
            // CHANNELS-1: closed, and visible as such; nobody gets in by a secret that is not there.
            const reason = toMessage(thrown);
            this.#list.set({ config, channel: undefined, isConnected: false, reason });
            const { log } = this.#options;
            log.error({ channel: config.name, error: toMessage(thrown) }, "channel does not open");
        }
    }
}
