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
import { toObject } from "../sdk/json.ts";
import { randomUUID } from "node:crypto";
import { basename } from "node:path";
import { pathToFileURL } from "node:url";
import { toMessage } from "../sdk/errors.ts";
import { parseChannelParams, toChannelTag, toTaskNotification } from "./channel-text.ts";
import { connect, readTools } from "./connect.ts";
import type { Connection, Tool } from "./connect.ts";
import { newDialog } from "./dialog.ts";
import { newHookCaller } from "./hook-calls.ts";
import type { FireHooks } from "./contract.ts";
import { parseHooks } from "./hooks.ts";
import { openMonitor } from "./monitor.ts";
import type { Monitor } from "./monitor.ts";
import { newNotebook, toConversation } from "./note.ts";
import type { Counters, HostNote, Read } from "./note.ts";
import { newRelay, RELAY_CAPABILITY, RELAY_VERDICT } from "./relay.ts";
import type { Relay } from "./relay.ts";
import { toCleanEnvironment } from "./session-options.ts";
import type { BellOptions, SessionOptions } from "./session-options.ts";
import { newToolCaller } from "./tool-calls.ts";
import { Turns } from "./turns.ts";
import { Wire } from "./wire.ts";
import type { Json } from "./wire.ts";

const IDLE_PROMPT_MS = 60_000;

/** Starts a server and opens a session with it. @throws SluiceError `unsupported` when it does not speak MCP. */
export async function openSession(options: SessionOptions): Promise<ReferenceSession> {
  const session = new ReferenceSession(options);
  try {
    await session.open();
  } catch (error) {
    await session.close();
    throw error;
  }
  return session;
}

export class ReferenceSession implements AsyncDisposable {
  /** How the server is configured; the `source` of its events. */
  readonly serverName: string;
  /** Everything that server and monitors wrote to stderr. */
  stderr = "";
  readonly #options: SessionOptions;
  readonly #notebook = newNotebook();
  readonly #env: Readonly<Record<string, string>>;
  readonly #cwd: string;
  readonly #wire: Wire;
  readonly #fire: FireHooks;
  readonly #turns: Turns;
  readonly #relay: Relay;
  readonly #monitors: Monitor[] = [];
  readonly #backgroundTasks: Json[] = [];
  #connection: Connection | undefined;
  #tools: Tool[] = [];
  #sessionId: string;
  #registered = false;
  #idleTimer: NodeJS.Timeout | undefined;
  #closing = false;

  constructor(options: SessionOptions) {
    const { plugin } = options;
    this.#options = options;
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
    this.#wire = new Wire({
      command: options.command,
      args: options.args ?? [],
      cwd: this.#cwd,
      env: {
        ...this.#env,
        CLAUDE_PROJECT_DIR: this.#cwd,
        CLAUDE_CODE_ENTRYPOINT: "cli",
        ...(plugin === undefined
          ? {}
          : { CLAUDE_PLUGIN_ROOT: plugin.root, CLAUDE_PLUGIN_DATA: plugin.data }),
      },
      onNotification: (method, params) => this.#takeNotification(method, params),
      onRequest: (method) => this.#answerServer(method),
      onGarbage: (line) => {
        this.counters.garbageLines++;
        this.#notebook.write({ kind: "garbage", at: Date.now(), line });
      },
      onStderr: (text) => this.#takeStderr(text),
      onExit: (reason) => {
        if (!this.#closing) this.#notebook.write({ kind: "server-gone", at: Date.now(), reason });
      },
    });
    const shared = {
      wire: this.#wire,
      serverName: this.serverName,
      notebook: this.#notebook,
      requestMeta: () => this.#connection?.requestMeta ?? {},
    };
    this.#fire = newHookCaller({ ...shared, table, commonFields: () => this.#toCommonFields() });
    this.#relay = newRelay(this.#wire, this.#notebook, () => this.#isRelayed());
    this.#turns = new Turns({
      ...shared,
      fire: this.#fire,
      callTool: newToolCaller({
        ...shared,
        fire: this.#fire,
        dialog: newDialog({
          fire: this.#fire,
          notebook: this.#notebook,
          relay: this.#relay,
          approve: options.approve ?? (() => true),
        }),
        autoDeny: options.autoDeny ?? (() => undefined),
        halt: () => this.interrupt(),
      }),
      model: options.model ?? (() => {}),
      sessionId: () => this.#sessionId,
      stopFields: () => ({ background_tasks: this.#backgroundTasks, session_crons: [] }),
    });
    this.#notebook.observe((note) => this.#watchIdle(note));
  }

  /** Shakes hands. `openSession` has done this already. */
  async open(): Promise<void> {
    const { name = "sluice-reference-session", version = "1.0.0" } = this.#options.clientInfo ?? {};
    this.#connection = await connect(this.#wire, { name, version });
    this.#tools = await readTools(this.#wire, this.#connection);
    // Only now: what a server sends before its client is ready is lost.
    this.#registered = this.#connection.isChannel && this.#options.loadChannel !== false;
  }

  /** The id that hooks report; changes at `clear`. */
  get sessionId(): string {
    return this.#sessionId;
  }

  get serverPid(): number | undefined {
    return this.#wire.pid;
  }

  get connection(): Connection | undefined {
    return this.#connection;
  }

  /** The tools the model is told about; none once the server is gone. */
  get tools(): readonly Tool[] {
    return this.#wire.gone === undefined ? this.#tools : [];
  }

  /** True when notifications of this server reach the model. */
  get isChannel(): boolean {
    return this.#registered;
  }

  get busy(): boolean {
    return this.#turns.busy;
  }

  /** Everything that happened, in order. */
  get notes(): readonly HostNote[] {
    return this.#notebook.notes;
  }

  get counters(): Counters {
    return this.#notebook.counters;
  }

  /** Every text that reached the model, as it read it, in order. */
  get reads(): Read[] {
    return this.notes.filter((note) => note.kind === "read");
  }

  /** What of it still stands in the conversation: without what Esc took back, and from the last /clear on. */
  get conversation(): Read[] {
    return toConversation(this.notes);
  }

  /** Calls `observer` for each note from now on; returns what ends that. */
  observe(observer: (note: HostNote) => void): () => void {
    return this.#notebook.observe(observer);
  }

  /** The first note, past or to come, that fits. @throws Error after `timeoutMs`. */
  until(fits: (note: HostNote) => boolean, timeoutMs = 60_000): Promise<HostNote> {
    return this.#notebook.until(fits, timeoutMs);
  }

  /** Resolves when no turn runs and nothing waits. */
  idle(): Promise<void> {
    return this.#turns.idle();
  }

  /** A prompt that the user types. */
  type(text: string): void {
    this.#turns.enqueue("typed", text);
  }

  /** Esc: ends the turn without a Stop. */
  interrupt(): void {
    this.#turns.interrupt();
  }

  /** /clear: the same server, monitors and environment, a new session id. */
  clear(): Promise<void> {
    return this.#changeSession("clear", randomUUID());
  }

  /** /resume: the same server, monitors and environment, the id of an older session. */
  resume(sessionId: string): Promise<void> {
    return this.#changeSession("resume", sessionId);
  }

  /** Fires Notification hooks, as the client does after a minute without input (`idle_prompt`) or at a dialog. */
  async notify(type: string, message = "Claude is waiting for your input"): Promise<void> {
    await this.#fire("Notification", type, {
      prompt_id: this.#turns.promptId,
      notification_type: type,
      message,
    });
  }

  /** Starts a monitor; its lines wake the session. Ends with the session, or by its own `close`. */
  startMonitor({ command, args, env, description = "monitor" }: BellOptions): Monitor {
    const taskId = randomUUID().slice(0, 9);
    const monitor = openMonitor({
      command: command.replaceAll("${CLAUDE_PLUGIN_ROOT}", this.#options.plugin?.root ?? ""),
      ...(args === undefined ? {} : { args }),
      env: { ...this.#env, ...env, CLAUDE_PID: String(process.pid) },
      cwd: this.#cwd,
      onBatch: (lines) =>
        this.#turns.enqueue("bell", toTaskNotification({ taskId, description, lines })),
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
  async close(): Promise<void> {
    this.#closing = true;
    clearTimeout(this.#idleTimer);
    await this.#turns.close();
    const monitors = this.#monitors.splice(0).map((monitor) => monitor.close());
    await Promise.all([this.#wire.close(this.#options.closeBy), ...monitors]);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #changeSession(reason: "clear" | "resume", sessionId: string): Promise<void> {
    this.interrupt();
    await this.#fire("SessionEnd", reason, { prompt_id: this.#turns.promptId, reason });
    this.#sessionId = sessionId;
    this.#notebook.write({ kind: "cleared", at: Date.now(), sessionId });
  }

  /** The client tells its hooks that it waits, a minute after a turn that ended by itself. After an Esc it does not. */
  #watchIdle(note: HostNote): void {
    if (note.kind !== "turn-start" && note.kind !== "turn-end") return;
    clearTimeout(this.#idleTimer);
    if (note.kind === "turn-start" || note.how !== "stop" || this.#closing) return;
    const idleMs = this.#options.idlePromptMs ?? IDLE_PROMPT_MS;
    this.#idleTimer = setTimeout(() => void this.notify("idle_prompt"), idleMs).unref();
  }

  #toCommonFields(): Json {
    return {
      session_id: this.#sessionId,
      transcript_path: "",
      cwd: this.#cwd,
      permission_mode: "default",
    };
  }

  #takeStderr(text: string): void {
    this.stderr += text;
    this.#options.onStderr?.(text);
  }

  #answerServer(method: string): Json | undefined {
    if (method === "ping") return {};
    if (method === "roots/list")
      return { roots: [{ uri: pathToFileURL(this.#cwd).href, name: basename(this.#cwd) }] };
    if (method === "elicitation/create") return { action: "decline" }; // Nobody sits here to be asked.
    return undefined;
  }

  #takeNotification(method: string, params: Json): void {
    if (method === "notifications/tools/list_changed") return this.#readTools();
    if (method === RELAY_VERDICT) return this.#relay.take(params);
    if (method !== "notifications/claude/channel") return;
    if (!this.#registered)
      return this.#drop("the session has not loaded this server as a channel", params);
    const message = parseChannelParams(params);
    if (message.kind === "drop") return this.#drop(message.reason, params);
    if (message.droppedKeys.length > 0) {
      this.counters.droppedKeys += message.droppedKeys.length;
      this.#notebook.write({ kind: "dropped-keys", at: Date.now(), keys: message.droppedKeys });
    }
    this.#turns.enqueue("channel", toChannelTag(this.serverName, message.content, message.meta));
  }

  /** Only a channel of this session that announced it; `false` is no announcement. */
  #isRelayed(): boolean {
    const declared = toObject(this.#connection?.capabilities["experimental"])[RELAY_CAPABILITY];
    return this.#registered && declared !== undefined && declared !== false && declared !== null;
  }

  #readTools(): void {
    if (this.#connection === undefined) return;
    readTools(this.#wire, this.#connection).then(
      (tools) => (this.#tools = tools),
      (error: unknown) => this.#takeStderr(`tools/list failed: ${toMessage(error)}\n`),
    );
  }

  #drop(reason: string, params: Json): void {
    this.counters.dropped++;
    this.#notebook.write({ kind: "dropped", at: Date.now(), reason, params });
  }
}
