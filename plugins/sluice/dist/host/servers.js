/**
 * The servers of a session, and which of them are its channels.
 *
 * Owns: what the client asks before it starts them, what it shows when it has, and which one a name means. Never: what they say.
 */
import { SluiceError } from "../sdk/errors.js";
import { decideGate, isNaming, NEWEST_CLIENT, refuseClient, toEntryText, toScreenWords, } from "./gates.js";
import { CHANNELS_FLAG, DEVELOPMENT_FLAG } from "../sdk/channel-flag.js";
import { readEntries, toDevelopmentQuestion } from "./launch.js";
import { ConnectedServer } from "./server.js";
import { toHookToolName } from "./tool-calls.js";
export class Servers {
    #options;
    #facts;
    #all = [];
    #entries = [];
    constructor(options) {
        this.#options = options;
        this.#facts = options.session.client ?? {};
    }
    /** In the order in which they were configured. */
    get all() {
        return this.#all;
    }
    /** As it is configured. Without a name: the first. */
    find(name) {
        return name === undefined ? this.#all[0] : this.#all.find((one) => one.name === name);
    }
    routeTool(name) {
        // A server's name may begin with another's: the one that lists such a tool is meant.
        const named = this.#all
            .map((server) => ({ server, prefix: toHookToolName(server.name, "") }))
            .filter(({ prefix }) => name.startsWith(prefix))
            .toSorted((one, other) => other.prefix.length - one.prefix.length)
            .map(({ server, prefix }) => ({ server, tool: name.slice(prefix.length) }));
        const full = named.find(({ server, tool }) => server.tools.some((one) => one.name === tool)) ?? named[0];
        if (full !== undefined)
            return full;
        const server = this.#all.find(({ tools }) => tools.some((tool) => tool.name === name)) ?? this.#all[0];
        if (server === undefined)
            throw new SluiceError("conflict", "the session is not open yet");
        return { server, tool: name };
    }
    /** Starts and connects all. @throws SluiceError where one does not, or the client would not start. */
    async open() {
        const { session, serverName } = this.#options;
        const configured = [{ ...session, serverName }, ...(session.servers ?? [])];
        const names = configured.map((one) => one.serverName);
        if (names.some((name) => typeof name !== "string" || name === ""))
            throw new SluiceError("bad_input", "a further server has no serverName; give it one");
        const twice = names.find((name, index) => names.indexOf(name) !== index);
        if (twice !== undefined)
            throw new SluiceError("bad_input", `two servers are named ${twice}; give each its own name`);
        this.#entries = await this.#readEntries(names);
        this.#all = configured.map((one) => this.#start(one));
        await Promise.all(this.#all.map((server) => server.open()));
        for (const text of this.#listNotices())
            this.#options.notebook.write({ kind: "notice", at: Date.now(), text });
    }
    async close() {
        await Promise.all(this.#all.map((server) => server.close(this.#options.session.closeBy)));
    }
    /** What the command line asks for, as far as a person confirms it. */
    async #readEntries(names) {
        const { client, loadChannel, confirm = () => true } = this.#options.session;
        if (client === undefined) {
            const asked = loadChannel === false ? [] : names;
            return asked.map((name) => ({ kind: "server", name, isDevelopment: true }));
        }
        const entries = readEntries(client.argv ?? [], client.isInteractive);
        const ours = entries.filter(({ isDevelopment }) => isDevelopment);
        // Where no channel can be heard anyway, nobody is asked.
        if (ours.length === 0 || refuseClient(client) !== undefined)
            return entries;
        if (!(await confirm(toDevelopmentQuestion(ours.map(toEntryText)))))
            throw new SluiceError("conflict", "the development channels were not confirmed, so the client has ended");
        return entries;
    }
    #start(configured) {
        const { session, notebook, onNotification, onRequest, onStderr } = this.#options;
        const { name, version } = session.client === undefined
            ? { name: "sluice-reference-session", version: "1.0.0" }
            : { name: "claude-code", version: session.client.version ?? NEWEST_CLIENT };
        return new ConnectedServer({
            name: configured.serverName,
            marketplace: configured.marketplace,
            start: this.#toStart(configured),
            clientInfo: { name, version, ...session.clientInfo },
            notebook,
            facts: this.#facts,
            answerTimeoutMs: session.answerTimeoutMs,
            decide: (server, connection) => this.#decide(server, connection),
            onNotification,
            onRequest,
            onStderr,
        });
    }
    #toStart({ serverName, command, args = [], connect, plugin }) {
        if (connect !== undefined)
            return { connect };
        if (command === undefined)
            throw new SluiceError("bad_input", `server ${serverName} has neither command nor connect`);
        const { cwd, env } = this.#options;
        return {
            command,
            args,
            cwd,
            env: {
                ...env,
                CLAUDE_PROJECT_DIR: cwd,
                CLAUDE_CODE_ENTRYPOINT: "cli",
                ...(plugin === undefined
                    ? {}
                    : { CLAUDE_PLUGIN_ROOT: plugin.root, CLAUDE_PLUGIN_DATA: plugin.data }),
            },
        };
    }
    #decide({ name, marketplace }, connection) {
        const { era, capabilities } = connection;
        return decideGate({ name, marketplace, era, capabilities }, this.#facts, this.#entries);
    }
    #listNotices() {
        if (this.#options.session.client === undefined)
            return [];
        const [gate] = refuseClient(this.#facts) ?? [];
        const words = gate === undefined ? undefined : toScreenWords(gate);
        if (words !== undefined && this.#entries.length > 0) {
            const flags = new Set(this.#entries.map((one) => (one.isDevelopment ? DEVELOPMENT_FLAG : CHANNELS_FLAG)));
            const what = flags.size === 1 ? [...flags].join("") : "Channels";
            return [`${what} ignored (${this.#entries.map(toEntryText).join(", ")})`, words];
        }
        return this.#entries
            .filter((entry) => !this.#all.some(({ name }) => isNaming(entry, name)))
            .map((entry) => entry.kind === "plugin"
            ? `${toEntryText(entry)} · plugin not installed`
            : `${toEntryText(entry)} · no MCP server configured with that name`);
    }
}
