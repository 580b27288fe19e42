/**
 * A channel server below a reference session, with everything that passes told as it happens.
 *
 * Owns: the session and the server's process together: start, restart, what a person asks of them, and the numbers of events. Never: prints;
 * decides what the client does (src/host).
 *
 * INSPECT-1 What a server sends passes the reference session unchanged: what is shown as read is what a session would read.
 */
import { randomUUID } from "node:crypto";
import { isDeclared } from "../host/gates.js";
import { RELAY_CAPABILITY } from "../host/relay.js";
import { toCleanEnvironment } from "../host/session-options.js";
import { ReferenceSession } from "../host/session.js";
import { toContentText } from "../host/tool-calls.js";
import { SluiceError } from "../sdk/errors.js";
import { EventLog, MAX_WAITING } from "./event-log.js";
import { findNotificationHint } from "./hints.js";
import { Journal } from "./journal.js";
import { MadeUpPrompts } from "./prompts.js";
import { ServerBelow } from "./server-below.js";
import { listChecks, toFix } from "./why.js";
/** Notes of the session; what is told is kept by the journal. */
const KEEP_NOTES = 500;
const LISTENERS_EVERY_MS = 1_000;
export class Inspector {
    options;
    /** Asked at each end that nobody wanted: after how long the server is started again. */
    planRestart = () => undefined;
    #journal = new Journal();
    #session;
    #server;
    #log;
    #prompts;
    #failure;
    #freeBusy;
    #timers = [];
    #attempt = 0;
    #closing = false;
    constructor(options) {
        this.options = options;
        const sessionId = randomUUID();
        const env = {
            ...(options.env ?? toCleanEnvironment(process.env)),
            // As the client gives it to a server.
            CLAUDECODE: "1",
            CLAUDE_CODE_ENTRYPOINT: "cli",
            CLAUDE_CODE_SESSION_ID: sessionId,
            CLAUDE_PROJECT_DIR: options.cwd,
        };
        const { command, args, cwd } = options;
        this.#server = new ServerBelow({
            start: { command, args, cwd, env },
            mark: `CLAUDE_CODE_SESSION_ID=${sessionId}`,
            journal: this.#journal,
            onNotification: (method, params) => this.#takeNotification(method, params),
            planRestart: (livedMs) => this.planRestart(livedMs),
        });
        this.#log = new EventLog(this.tally, (on) => this.#hold(on));
        this.#session = new ReferenceSession({
            serverName: options.name,
            ...(options.marketplace === undefined ? {} : { marketplace: options.marketplace }),
            connect: (transport) => this.#server.connect(transport),
            client: options.client,
            cwd: options.cwd,
            sessionId,
            model: (turn) => this.#live(turn),
            approve: (_tool, _input, signal) => this.#prompts.ask(signal),
            answerTimeoutMs: Infinity,
            keepNotes: KEEP_NOTES,
        });
        this.#prompts = new MadeUpPrompts(this.#session, (what) => this.#journal.tell(what));
        this.#session.observe((note) => this.#takeNote(note));
    }
    get tally() {
        return this.#journal.tally;
    }
    /** What is kept of what happened, oldest first. */
    get past() {
        return this.#journal.past;
    }
    get events() {
        return this.#log.events;
    }
    get tools() {
        return this.#server.tools;
    }
    get isRunning() {
        return this.#server.gone === undefined;
    }
    observe(observer) {
        return this.#journal.observe(observer);
    }
    /** Starts the server and opens the session; resolves once it is connected, or will not be. @throws SluiceError for flags that no client takes. */
    async start() {
        this.#timers.push(setInterval(() => this.#server.lookForSilence(), 500).unref(), setInterval(() => this.#server.lookForListeners(), LISTENERS_EVERY_MS).unref());
        return this.#settle(() => this.#session.open());
    }
    /** Ends the server, where it runs, and starts it anew; it passes the gates again. */
    async restart(why) {
        this.#server.replace(why);
        await this.#settle(() => this.#session.reconnect());
    }
    /** Calls a tool as the model's call would arrive. Nobody is asked for permission. */
    async call(tool, input) {
        if (this.#server.gone !== undefined)
            throw new SluiceError("conflict", `the server ${this.#server.gone}; restart starts it anew`);
        const meta = {
            ...this.#session.connection?.requestMeta,
            "claudecode/toolUseId": `toolu_${randomUUID().replaceAll("-", "").slice(0, 24)}`,
        };
        const got = await this.#server.ask("tools/call", { name: tool, arguments: input, _meta: meta });
        const output = got.kind === "result"
            ? toContentText(got.result["content"])
            : got.kind === "error"
                ? `MCP error ${got.code}: ${got.message}`
                : `no answer: the server ${got.kind === "gone" ? got.reason : got.kind}`;
        const isError = got.kind !== "result" || got.result["isError"] === true;
        this.tally.calls += 1;
        if (isError)
            this.tally.failedCalls += 1;
        this.#journal.tell({ kind: "called", tool, input, output, isError, tookMs: got.tookMs });
    }
    /** Opens a permission dialog, as a tool of the client's does. Answered by `answer`, or by the server. */
    prompt(tool, input) {
        const isAsked = this.isRelayed;
        if (!isAsked)
            this.#journal.tell({
                kind: "hint",
                text: this.#session.isChannel
                    ? "the server does not declare claude/channel/permission: only you are asked"
                    : "the server is no channel of this session: only you are asked",
            });
        this.#prompts.open(tool, input);
    }
    answer(allows) {
        return this.#prompts.answer(allows);
    }
    get isRelayed() {
        const { capabilities = {} } = this.#session.connection ?? {};
        return this.#session.isChannel && isDeclared(capabilities, RELAY_CAPABILITY);
    }
    /** Holds a turn open, as a model at work does, or lets it end: what arrives meanwhile comes with the next one. */
    setBusy(on) {
        if (on && this.#freeBusy === undefined) {
            const { promise, resolve } = Promise.withResolvers();
            this.#freeBusy = resolve;
            this.#prompts.run("you keep the session busy", () => promise);
        }
        if (!on) {
            this.#freeBusy?.();
            this.#freeBusy = undefined;
        }
        this.#journal.tell({ kind: "busy", on });
    }
    why() {
        this.#server.lookForListeners();
        const { name, marketplace, client } = this.options;
        return listChecks({
            name,
            marketplace,
            client,
            connection: this.#session.connection,
            failure: this.#failure,
            gone: this.#server.gone,
            pid: this.#server.pid,
            listeners: this.#server.listeners,
            tally: this.tally,
            waiting: this.#log.waiting,
            lastDrop: this.#log.lastDrop,
        });
    }
    /** By its number; without one: the last. */
    findEvent(event) {
        return this.#log.find(event);
    }
    /** For what happens around the inspector: a page, a changed file. */
    tell(what) {
        this.#journal.tell(what);
    }
    async close() {
        this.#closing = true;
        this.#server.leave();
        for (const timer of this.#timers)
            clearInterval(timer);
        this.#freeBusy?.();
        await this.#session.close();
        await this.#server.close();
    }
    /** What the server started and did not end with it. */
    listLeft() {
        return this.#server.listLeft();
    }
    /** At once: this process ends now. */
    kill() {
        this.#server.kill();
    }
    /** False where it was ended, or started anew, before it was known what becomes of it. */
    async #settle(open) {
        const attempt = ++this.#attempt;
        this.#failure = undefined;
        try {
            await open();
            return true;
        }
        catch (thrown) {
            if (this.#closing)
                return false;
            if (!(thrown instanceof SluiceError) || thrown.code !== "unsupported")
                throw thrown;
            // Another start is under way, and this is the end of the one before.
            if (this.#attempt !== attempt)
                return false;
            this.#failure =
                this.#server.gone === undefined
                    ? thrown.message.replace(/; (?:is it|run its command).*$/, "")
                    : `the server ${this.#server.gone} before it was connected`;
            this.#journal.tell({ kind: "failed", reason: this.#failure });
            return true;
        }
    }
    #takeNotification(method, params) {
        const hint = findNotificationHint(method, params);
        if (hint !== undefined)
            this.#journal.hint(hint);
        if (method !== "notifications/claude/channel")
            return;
        this.#log.add(params);
    }
    #takeNote(note) {
        switch (note.kind) {
            case "channel":
                return this.#takeGate(note);
            case "dropped": {
                const seen = this.#log.settle("dropped", note.reason, note.params);
                if (seen === undefined)
                    return;
                const outcome = this.#readGate();
                const fix = outcome === undefined ? EARLY : toFix(outcome, this.#toNamed());
                this.#journal.tell({
                    kind: "dropped",
                    event: seen.event,
                    reason: note.reason,
                    params: seen.params,
                    ...(fix === undefined ? {} : { fix }),
                });
                return;
            }
            case "dropped-keys": {
                this.tally.droppedKeys += note.keys.length;
                const event = this.#log.next;
                return this.#journal.tell({ kind: "dropped-keys", event, keys: note.keys });
            }
            case "queued":
                if (note.turn === "channel" && this.#freeBusy !== undefined)
                    this.#journal.tell({ kind: "queued", event: this.tally.events });
                return;
            case "read": {
                if (note.how !== "channel")
                    return;
                const seen = this.#log.settle("read", note.text);
                return this.#journal.tell({
                    kind: "event",
                    event: seen?.event ?? 0,
                    text: note.text,
                    how: "woke",
                });
            }
            case "notice":
                return this.#journal.tell({ kind: "notice", text: note.text });
            case "relayed":
            case "verdict":
            case "dialog":
                return this.#prompts.takeNote(note, this.isRelayed, this.tally);
            default:
        }
    }
    #takeGate({ outcome, line }) {
        const { connection } = this.#session;
        if (connection !== undefined) {
            const { name = "", version = "" } = connection.serverInfo;
            this.#journal.tell({
                kind: "connected",
                era: connection.era,
                server: `${String(name)} ${String(version)}`.trim(),
                tools: this.#server.tools.length,
                relays: this.isRelayed,
                tookMs: this.#server.livedMs,
            });
        }
        const fix = toFix(outcome, this.#toNamed());
        this.#journal.tell({ kind: "gate", outcome, line, ...(fix === undefined ? {} : { fix }) });
        if (this.#server.tools.length > 0)
            this.#journal.tell({ kind: "tools", tools: this.#server.tools });
    }
    #toNamed() {
        return { name: this.options.name, connection: this.#session.connection };
    }
    #readGate() {
        try {
            return this.#session.gate();
        }
        catch {
            return undefined; // Not connected yet: it came too early, and the reason says so.
        }
    }
    /** EVENTLOG-1 */
    #hold(on) {
        this.#server.setReading(!on);
        if (on)
            this.#journal.tell({
                kind: "notice",
                text: `${MAX_WAITING} events wait for the session: the server's output is not read until they are fewer`,
            });
    }
    async #live(turn) {
        if (turn.kind === "typed")
            return this.#prompts.live(turn);
        const isWrapped = turn.prompt.startsWith("A message arrived from ");
        if (isWrapped)
            this.#journal.tell({ kind: "notice", text: WRAPPED });
    }
}
const EARLY = "a client listens once it has sent notifications/initialized and listed the tools: keep what comes earlier, and send it then";
const WRAPPED = "they arrived while the session was busy: the model reads them with the next turn, under the client's warning that they are not from its user";
