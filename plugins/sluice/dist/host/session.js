/**
 * The reference session: the session's half of the contract, without a model of its own.
 *
 * Owns: the server under it, what its notifications become, and the life of the whole.
 * Never: decides anything for that server; prints; knows Sluice's own tools or meta.
 *
 * It behaves as Claude Code was observed to behave, also where that is unkind: notifications are never acknowledged, an interrupted turn
 * has no Stop, a late hook answer is lost. Turns: turns.ts (TURN-1, TURN-2).
 *
 * SESSION-1 A hook's call carries no `claudecode/toolUseId`, a model's call always does.
 */
import { randomUUID } from "node:crypto";
import { basename } from "node:path";
import { pathToFileURL } from "node:url";
import { isSluiceError, SluiceError } from "../sdk/errors.js";
import { parseChannelParams, toChannelTag, toTaskNotification } from "./channel-text.js";
import { newDialog } from "./dialog.js";
import { newHookCaller } from "./hook-calls.js";
import { parseHooks } from "./hooks.js";
import { openMonitor } from "./monitor.js";
import { newNotebook, toConversation } from "./note.js";
import { newRelay, RELAY_VERDICT } from "./relay.js";
import { Servers } from "./servers.js";
import { toCleanEnvironment } from "./session-options.js";
import { newToolCaller } from "./tool-calls.js";
import { Turns } from "./turns.js";
const IDLE_PROMPT_MS = 60_000;
const STDERR_SHOWN_CHARS = 2_000;
/**
 * Starts the servers and opens a session with them.
 * @throws SluiceError `unsupported` when one does not speak MCP; `bad_input` or `conflict` when the client would not start.
 */
export async function openSession(options) {
    const session = new ReferenceSession(options);
    try {
        await session.open();
    }
    catch (error) {
        await session.close();
        throw error;
    }
    return session;
}
export class ReferenceSession {
    /** How the first server is configured; the `source` of its events. */
    serverName;
    /** Everything that servers and monitors wrote to stderr. */
    stderr = "";
    #options;
    #notebook;
    #env;
    #cwd;
    #servers;
    #fire;
    #turns;
    #relay;
    #monitors = [];
    #backgroundTasks = [];
    #sessionId;
    #idleTimer;
    #closing = false;
    constructor(options) {
        this.#options = options;
        this.#notebook = newNotebook(options.keepNotes);
        this.#cwd = options.cwd ?? process.cwd();
        this.#sessionId = options.sessionId ?? randomUUID();
        const table = parseHooks(options.hooks ?? {});
        this.serverName =
            options.serverName ?? Object.values(table.hooks).flat()[0]?.server ?? "server";
        this.#env = {
            ...(options.env ?? toCleanEnvironment(process.env)),
            CLAUDECODE: "1",
            CLAUDE_CODE_SESSION_ID: this.#sessionId,
        };
        this.#servers = new Servers({
            session: options,
            serverName: this.serverName,
            cwd: this.#cwd,
            env: this.#env,
            notebook: this.#notebook,
            onNotification: (server, method, params) => this.#takeNotification(server, method, params),
            onRequest: (method) => this.#answerServer(method),
            onStderr: (text) => this.#takeStderr(text),
        });
        const notebook = this.#notebook;
        this.#fire = newHookCaller({
            notebook,
            table,
            findServer: (name) => this.#servers.find(name),
            commonFields: () => this.#toCommonFields(),
        });
        this.#relay = newRelay(notebook, () => this.#listHeard());
        this.#turns = new Turns({
            notebook,
            fire: this.#fire,
            callTool: newToolCaller({
                notebook,
                routeTool: (name) => this.#servers.routeTool(name),
                fire: this.#fire,
                dialog: newDialog({
                    fire: this.#fire,
                    notebook,
                    relay: this.#relay,
                    approve: options.approve ?? (() => true),
                }),
                autoDeny: options.autoDeny ?? (() => undefined),
                halt: () => this.interrupt(),
            }),
            model: options.model ?? (() => { }),
            sessionId: () => this.#sessionId,
            stopFields: () => ({ background_tasks: this.#backgroundTasks, session_crons: [] }),
        });
        this.#notebook.observe((note) => this.#watchIdle(note));
    }
    /** Shakes hands. `openSession` has done this already. */
    async open() {
        try {
            await this.#servers.open();
        }
        catch (thrown) {
            const said = this.stderr.trim().slice(-STDERR_SHOWN_CHARS);
            if (said === "" || !isSluiceError(thrown))
                throw thrown;
            const { code, message } = thrown;
            throw new SluiceError(code, `${message}; it wrote: ${said}`, { cause: thrown });
        }
    }
    /**
     * Starts a server anew, dead or alive, as a person does by hand in the client: it shakes hands and passes the gates again.
     * Without a name: the first. @throws SluiceError `not_found` for a name that no server has.
     */
    async reconnect(serverName) {
        await this.#findServer(serverName).reopen(this.#options.closeBy);
    }
    /** The id that hooks report; changes at `clear`. */
    get sessionId() {
        return this.#sessionId;
    }
    /** Of the first server. */
    get serverPid() {
        return this.#servers.find()?.wire.pid;
    }
    /** Of the first server. */
    get connection() {
        return this.#servers.find()?.connection;
    }
    /** The tools the model is told about; none of a server that is gone. */
    get tools() {
        return this.#servers.all.flatMap(({ tools }) => tools);
    }
    /** True when notifications of the first server reach the model. */
    get isChannel() {
        return this.#servers.find()?.isChannel === true;
    }
    /** What became of a server at the gates of channels. Without a name: of the first. */
    gate(serverName) {
        const { outcome } = this.#findServer(serverName);
        if (outcome === undefined)
            throw new SluiceError("conflict", "the server is not connected, so no gate was asked");
        return outcome;
    }
    get busy() {
        return this.#turns.busy;
    }
    /** Everything that happened, in order. */
    get notes() {
        return this.#notebook.notes;
    }
    get counters() {
        return this.#notebook.counters;
    }
    /** Every text that reached the model, as it read it, in order. */
    get reads() {
        return this.notes.filter((note) => note.kind === "read");
    }
    /** What of it still stands in the conversation: without what Esc took back, and from the last /clear on. */
    get conversation() {
        return toConversation(this.notes);
    }
    /** Calls `observer` for each note from now on; returns what ends that. */
    observe(observer) {
        return this.#notebook.observe(observer);
    }
    /** The first note, past or to come, that fits. @throws Error after `timeoutMs`. */
    until(fits, timeoutMs = 60_000) {
        return this.#notebook.until(fits, timeoutMs);
    }
    /** Resolves when no turn runs and nothing waits. */
    idle() {
        return this.#turns.idle();
    }
    /** A prompt that the user types. */
    type(text) {
        this.#turns.enqueue("typed", text);
    }
    /** Esc: ends the turn without a Stop. */
    interrupt() {
        this.#turns.interrupt();
    }
    /** /clear: the same server, monitors and environment, a new session id. */
    clear() {
        return this.#changeSession("clear", randomUUID());
    }
    /** /resume: the same server, monitors and environment, the id of an older session. */
    resume(sessionId) {
        return this.#changeSession("resume", sessionId);
    }
    /** Fires Notification hooks, as the client does after a minute without input (`idle_prompt`) or at a dialog. */
    async notify(type, message = "Claude is waiting for your input") {
        await this.#fire("Notification", type, {
            prompt_id: this.#turns.promptId,
            notification_type: type,
            message,
        });
    }
    /** Starts a monitor; its lines wake the session. Ends with the session, or by its own `close`. */
    startMonitor({ command, args, env, description = "monitor" }) {
        const taskId = randomUUID().slice(0, 9);
        const monitor = openMonitor({
            command: command.replaceAll("${CLAUDE_PLUGIN_ROOT}", this.#options.plugin?.root ?? ""),
            ...(args === undefined ? {} : { args }),
            env: { ...this.#env, ...env, CLAUDE_PID: String(process.pid) },
            cwd: this.#cwd,
            onBatch: (lines) => this.#turns.enqueue("bell", toTaskNotification({ taskId, description, lines })),
            onLost: (lines) => {
                this.counters.bellLinesLost += lines.length;
                this.#notebook.write({ kind: "bell-lost", at: Date.now(), lines });
            },
            onStderr: (text) => this.#takeStderr(text),
        });
        this.#monitors.push(monitor);
        this.#backgroundTasks.push({
            id: taskId,
            type: "monitor",
            status: "running",
            description,
            command,
        });
        return monitor;
    }
    /** Ends the turn, the server and the monitors. No SessionEnd: at an exit the server is gone before hooks could ask it. */
    async close() {
        this.#closing = true;
        clearTimeout(this.#idleTimer);
        await this.#turns.close();
        const monitors = this.#monitors.splice(0).map((monitor) => monitor.close());
        await Promise.all([this.#servers.close(), ...monitors]);
    }
    [Symbol.asyncDispose]() {
        return this.close();
    }
    async #changeSession(reason, sessionId) {
        this.interrupt();
        await this.#fire("SessionEnd", reason, { prompt_id: this.#turns.promptId, reason });
        this.#sessionId = sessionId;
        this.#notebook.write({ kind: "cleared", at: Date.now(), sessionId });
    }
    /** The client tells its hooks that it waits, a minute after a turn that ended by itself. After an Esc it does not. */
    #watchIdle(note) {
        if (note.kind !== "turn-start" && note.kind !== "turn-end")
            return;
        clearTimeout(this.#idleTimer);
        if (note.kind === "turn-start" || note.how !== "stop" || this.#closing)
            return;
        const idleMs = this.#options.idlePromptMs ?? IDLE_PROMPT_MS;
        this.#idleTimer = setTimeout(() => void this.notify("idle_prompt"), idleMs).unref();
    }
    #toCommonFields() {
        return {
            session_id: this.#sessionId,
            transcript_path: "",
            cwd: this.#cwd,
            permission_mode: "default",
        };
    }
    #takeStderr(text) {
        this.stderr += text;
        this.#options.onStderr?.(text);
    }
    #answerServer(method) {
        if (method === "ping")
            return {};
        if (method === "roots/list")
            return { roots: [{ uri: pathToFileURL(this.#cwd).href, name: basename(this.#cwd) }] };
        if (method === "elicitation/create")
            return { action: "decline" }; // Nobody sits here to be asked.
        return undefined;
    }
    #takeNotification(server, method, params) {
        if (method === "notifications/tools/list_changed")
            return server.readTools();
        if (method === RELAY_VERDICT)
            return this.#relay.take(params, server.isRelayed);
        if (method !== "notifications/claude/channel")
            return;
        const { name, outcome } = server;
        if (outcome === undefined)
            return this.#drop(name, "it came before the client listened to this server", params);
        if (outcome.kind === "closed")
            return this.#drop(name, outcome.reason, params);
        const message = parseChannelParams(params);
        if (message.kind === "drop")
            return this.#drop(name, message.reason, params);
        if (message.droppedKeys.length > 0) {
            this.counters.droppedKeys += message.droppedKeys.length;
            this.#notebook.write({ kind: "dropped-keys", at: Date.now(), keys: message.droppedKeys });
        }
        this.#turns.enqueue("channel", toChannelTag(name, message.content, message.meta), name);
    }
    /** The channels that relay permission prompts. */
    #listHeard() {
        return this.#servers.all.filter(({ isRelayed }) => isRelayed).map(({ wire }) => wire);
    }
    #findServer(name) {
        const server = this.#servers.find(name);
        if (server === undefined)
            throw new SluiceError("not_found", `the session has no server ${name ?? "yet"}`);
        return server;
    }
    #drop(server, reason, params) {
        this.counters.dropped++;
        this.#notebook.write({ kind: "dropped", at: Date.now(), server, reason, params });
    }
}
