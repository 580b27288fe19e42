/**
 * The reference session: the session's half of the contract, without a model of its own.
 *
 * Owns: the queue, the turns, when hooks fire, what the model reads.
 * Never: decides anything for the server under it; prints; knows Sluice's own tools or meta.
 *
 * It behaves as Claude Code was observed to behave, also where that is unkind: notifications are never acknowledged, an interrupted turn
 * has no Stop, a late hook answer is lost.
 * H1 A text reaches the model at most once, and every text that does is noted as read.
 * H2 One turn at a time; what arrives meanwhile waits, in order.
 * H3 A hook's call carries no `claudecode/toolUseId`, a model's call always does.
 */
import { randomUUID } from "node:crypto";
import { basename } from "node:path";
import { pathToFileURL } from "node:url";
import { toMessage } from "../sdk/index.ts";
import {
  parseChannelParams,
  toChannelTag,
  toTaskNotification,
  wrapUntrusted,
} from "./channel-text.ts";
import { connect, readTools, withMeta } from "./connect.ts";
import type { ClientInfo, Connection, Tool } from "./connect.ts";
import { fillInput, matchHooks, parseHooks, readHookOutput } from "./hooks.ts";
import type { HookMoment, HookOutput, HookTable, McpToolHook } from "./hooks.ts";
import { openMonitor } from "./monitor.ts";
import type { Monitor } from "./monitor.ts";
import { newCounters } from "./note.ts";
import type { Counters, Note, Read, TurnKind } from "./note.ts";
import { toJson, Wire } from "./wire.ts";
import type { Json } from "./wire.ts";

/** What a model gets to see of one turn, and what it can do in it. */
export type Turn = {
  promptId: string;
  kind: TurnKind;
  /** All of it: the prompt, then what hooks added. */
  text: string;
  prompt: string;
  /** What hooks added; each stands as a message of role `system`. */
  context: readonly string[];
  /** Aborted by `interrupt`. */
  signal: AbortSignal;
  /** Calls a tool of the server, through hooks and permission, as the model would. Throws once the turn is interrupted. */
  callTool(name: string, input?: Json, options?: { agentId?: string }): Promise<ToolOutput>;
};

export type ToolOutput = { text: string; isError: boolean };

/** Stands in for the model: reads a turn, calls tools, returns when it has nothing more to do. A throw is an API error. */
export type Model = (turn: Turn) => Promise<void> | void;

export type SessionOptions = {
  command: string;
  args?: readonly string[];
  /** The server's whole environment, to which the client's own variables are added. Default: this process's, without Claude Code's. */
  env?: Readonly<Record<string, string>>;
  cwd?: string;
  model?: Model;
  /** How the server is configured: `plugin:NAME:SERVER`, or a plain name. Default: the plugin of `hooks`, else `server`. */
  serverName?: string;
  /** The parsed hooks.json of a plugin. Without it no hook fires: a bare MCP server. */
  hooks?: unknown;
  clientInfo?: Partial<ClientInfo>;
  sessionId?: string;
  /** Whether this session was started with the server as a channel. Default true. */
  loadChannel?: boolean;
  /** The person at a permission dialog. Default: allows. */
  approve?: (toolName: string, input: Json) => boolean | Promise<boolean>;
  onStderr?: (text: string) => void;
};

export type BellOptions = {
  command: string;
  args?: readonly string[];
  env?: Readonly<Record<string, string>>;
  description?: string;
};

type Item = { kind: TurnKind; text: string; late: boolean };

const CONTEXT_MAX_CHARS = 10_000;
const CONTEXT_PREVIEW_CHARS = 2_048;
const STOP_BLOCKS_MAX = 8;
const END_HOOK_MAX_MS = 1_500;

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
  readonly notes: Note[] = [];
  readonly counters: Counters = newCounters();
  /** Everything the server wrote to stderr. */
  stderr = "";
  readonly serverName: string;
  readonly #options: SessionOptions;
  readonly #hooks: HookTable;
  readonly #env: Readonly<Record<string, string>>;
  readonly #cwd: string;
  readonly #wire: Wire;
  readonly #observers = new Set<(note: Note) => void>();
  readonly #queue: Item[] = [];
  readonly #monitors: Monitor[] = [];
  #connection: Connection | undefined;
  #tools: Tool[] = [];
  #sessionId: string;
  #registered = false;
  #turn: AbortController | undefined;
  #draining: Promise<void> | undefined;
  #closing = false;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#hooks = parseHooks(options.hooks ?? {});
    this.#cwd = options.cwd ?? process.cwd();
    this.#sessionId = options.sessionId ?? randomUUID();
    this.serverName =
      options.serverName ?? Object.values(this.#hooks.hooks).flat()[0]?.server ?? "server";
    this.#env = {
      ...(options.env ?? toCleanEnvironment(process.env)),
      CLAUDECODE: "1",
      CLAUDE_CODE_SESSION_ID: this.#sessionId,
      CLAUDE_PROJECT_DIR: this.#cwd,
    };
    this.#wire = new Wire({
      command: options.command,
      args: options.args ?? [],
      env: this.#env,
      cwd: this.#cwd,
      onNotification: (method, params) => this.#takeNotification(method, params),
      onRequest: (method) => this.#answerServer(method),
      onGarbage: (line) => {
        this.counters.garbageLines++;
        this.#note({ kind: "garbage", at: Date.now(), line });
      },
      onStderr: (text) => this.#takeStderr(text),
      onExit: (reason) => {
        if (!this.#closing) this.#note({ kind: "server-gone", at: Date.now(), reason });
      },
    });
  }

  /** Shakes hands. `openSession` has done this already. */
  async open(): Promise<void> {
    const { name = "sluice-reference-session", version = "1.0.0" } = this.#options.clientInfo ?? {};
    this.#connection = await connect(this.#wire, { name, version });
    this.#tools = await readTools(this.#wire, this.#connection);
    // Only now: what a server sends before its client is ready is lost, as it is in the real one.
    this.#registered = this.#connection.isChannel && this.#options.loadChannel !== false;
  }

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
    return this.#turn !== undefined;
  }

  /** Every text that reached the model, in order. */
  get reads(): Read[] {
    return this.notes.filter((note) => note.kind === "read");
  }

  /** Calls `observer` for each note from now on; returns what ends that. */
  observe(observer: (note: Note) => void): () => void {
    this.#observers.add(observer);
    return () => this.#observers.delete(observer);
  }

  /** The first note, past or to come, that fits. @throws Error after `timeoutMs`. */
  until(fits: (note: Note) => boolean, timeoutMs = 10_000): Promise<Note> {
    const past = this.notes.find(fits);
    if (past !== undefined) return Promise.resolve(past);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        stop();
        reject(
          new Error(
            `no such note within ${timeoutMs} ms; seen: ${this.notes.map(({ kind }) => kind).join(" ") || "none"}`,
          ),
        );
      }, timeoutMs);
      const stop = this.observe((note) => {
        if (!fits(note)) return;
        clearTimeout(timer);
        stop();
        resolve(note);
      });
    });
  }

  /** Resolves when no turn runs and nothing waits. */
  async idle(): Promise<void> {
    while (this.#draining !== undefined) await this.#draining;
  }

  /** A prompt that the user types. */
  type(text: string): void {
    this.#enqueue("typed", text);
  }

  /** Esc: ends the turn without a Stop. */
  interrupt(): void {
    if (this.#turn === undefined || this.#turn.signal.aborted) return;
    this.counters.interrupts++;
    this.#turn.abort(new Error("interrupted"));
  }

  /** /clear: the same server and environment, a new session id. */
  async clear(): Promise<void> {
    this.interrupt();
    await this.#fire("SessionEnd", "clear", { reason: "clear" }, END_HOOK_MAX_MS);
    this.#sessionId = randomUUID();
    this.#note({ kind: "cleared", at: Date.now(), sessionId: this.#sessionId });
  }

  /** Fires Notification hooks, as the client does after a minute without input (`idle_prompt`) or at a dialog. */
  async notify(type: string, message = "Claude is waiting for your input"): Promise<void> {
    await this.#fire("Notification", type, { notification_type: type, message });
  }

  /** Starts a monitor; its lines wake the session. Ends with the session, or by its own `close`. */
  startMonitor({ command, args, env, description = "monitor" }: BellOptions): Monitor {
    const taskId = randomUUID().slice(0, 9);
    const monitor = openMonitor({
      command,
      ...(args === undefined ? {} : { args }),
      env: { ...this.#env, ...env, CLAUDE_PID: String(process.pid) },
      cwd: this.#cwd,
      onBatch: (lines) => this.#enqueue("bell", toTaskNotification({ taskId, description, lines })),
      onLost: (lines) => {
        this.counters.bellLinesLost += lines.length;
        this.#note({ kind: "bell-lost", at: Date.now(), lines });
      },
      onStderr: (text) => this.#takeStderr(text),
    });
    this.#monitors.push(monitor);
    return monitor;
  }

  /** Ends the turn, the monitors and the server, in that order. */
  async close(): Promise<void> {
    if (this.#closing) return this.#wire.close();
    this.#closing = true;
    this.#queue.length = 0;
    this.interrupt();
    await this.idle();
    if (this.#connection !== undefined)
      await this.#fire("SessionEnd", "other", { reason: "other" }, END_HOOK_MAX_MS);
    await Promise.all(this.#monitors.map((monitor) => monitor.close()));
    await this.#wire.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #note(note: Note): void {
    this.notes.push(note);
    for (const observer of this.#observers) observer(note);
  }

  #read(how: Read["how"], text: string, promptId: string): void {
    this.#note({ kind: "read", at: Date.now(), how, text, promptId });
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
    if (method === "notifications/tools/list_changed" && this.#connection !== undefined) {
      readTools(this.#wire, this.#connection).then(
        (tools) => (this.#tools = tools),
        (error: unknown) => this.#takeStderr(`tools/list failed: ${toMessage(error)}\n`),
      );
    }
    if (method !== "notifications/claude/channel") return;
    const message = parseChannelParams(params);
    if (!this.#registered)
      return this.#drop("the session has not loaded this server as a channel", params);
    if (message.kind === "drop") return this.#drop(message.reason, params);
    if (message.droppedKeys.length > 0) {
      this.counters.droppedKeys += message.droppedKeys.length;
      this.#note({ kind: "dropped-keys", at: Date.now(), keys: message.droppedKeys });
    }
    this.#enqueue("channel", toChannelTag(this.serverName, message.content, message.meta));
  }

  #drop(reason: string, params: Json): void {
    this.counters.dropped++;
    this.#note({ kind: "dropped", at: Date.now(), reason, params });
  }

  #enqueue(kind: TurnKind, text: string): void {
    if (this.#closing) return;
    const late = this.#draining !== undefined;
    this.#queue.push({ kind, text, late });
    if (late) this.#note({ kind: "queued", at: Date.now(), turn: kind, text });
    this.#draining ??= this.#drain().finally(() => (this.#draining = undefined));
  }

  /** H2: runs turns until nothing waits. */
  async #drain(): Promise<void> {
    for (let item = this.#queue.shift(); item !== undefined; item = this.#queue.shift()) {
      const tags = [item.text];
      // Events that arrived in one turn are read together in the next.
      if (item.kind === "channel" && item.late) {
        const rest = this.#queue.filter(({ kind }) => kind === "channel");
        tags.push(...rest.map(({ text }) => text));
        this.#queue.splice(0, Infinity, ...this.#queue.filter(({ kind }) => kind !== "channel"));
      }
      await this.#runTurn(item.kind, tags, item.late);
    }
  }

  async #runTurn(kind: TurnKind, texts: readonly string[], late: boolean): Promise<void> {
    const controller = new AbortController();
    this.#turn = controller;
    const promptId = randomUUID();
    const prompt =
      kind === "channel" && late ? wrapUntrusted(this.serverName, texts) : texts.join("\n");
    this.counters.turns++;
    this.#note({
      kind: "turn-start",
      at: Date.now(),
      turn: kind,
      promptId,
      sessionId: this.#sessionId,
    });
    let end: Pick<Note & { kind: "turn-end" }, "how" | "reason">;
    try {
      end = await orAbort(
        this.#live(kind, prompt, texts, promptId, controller.signal),
        controller.signal,
      );
    } catch (error) {
      end = controller.signal.aborted
        ? { how: "interrupt" }
        : { how: "failure", reason: toMessage(error) };
    }
    if (end.how === "failure")
      await this.#fire("StopFailure", "", { prompt_id: promptId, error: end.reason });
    this.#turn = undefined;
    this.#note({ kind: "turn-end", at: Date.now(), promptId, ...end });
  }

  /** A turn from its prompt to its Stop. */
  async #live(
    kind: TurnKind,
    prompt: string,
    texts: readonly string[],
    promptId: string,
    signal: AbortSignal,
  ): Promise<{ how: "stop" | "blocked" }> {
    const outputs = await this.#fire("UserPromptSubmit", "", { prompt_id: promptId, prompt });
    signal.throwIfAborted();
    if (outputs.some(({ block }) => block !== undefined)) return { how: "blocked" };
    let context = outputs.flatMap(({ additionalContext }) =>
      additionalContext === undefined ? [] : [toReadContext(additionalContext)],
    );
    for (const text of texts) this.#read(kind, text, promptId);
    let message = prompt;
    for (let blocks = 0; ; blocks++) {
      for (const text of context) this.#read("context", text, promptId);
      await this.#options.model?.(this.#toTurn(kind, message, context, promptId, signal));
      signal.throwIfAborted();
      const ends = await this.#fire("Stop", "", {
        prompt_id: promptId,
        stop_hook_active: blocks > 0,
      });
      context = ends.flatMap(({ additionalContext, block }) =>
        [additionalContext, block].filter((text) => text !== undefined),
      );
      if (context.length === 0 || blocks + 1 >= STOP_BLOCKS_MAX) return { how: "stop" };
      message = "";
    }
  }

  #toTurn(
    kind: TurnKind,
    prompt: string,
    context: readonly string[],
    promptId: string,
    signal: AbortSignal,
  ): Turn {
    const text = [prompt, ...context].filter((part) => part !== "").join("\n\n");
    const callTool: Turn["callTool"] = (name, input = {}, options = {}) =>
      this.#callTool(name, input, options.agentId, promptId, signal);
    return { promptId, kind, text, prompt, context, signal, callTool };
  }

  async #callTool(
    name: string,
    input: Json,
    agentId: string | undefined,
    promptId: string,
    signal: AbortSignal,
  ): Promise<ToolOutput> {
    signal.throwIfAborted();
    const toolUseId = `toolu_${randomUUID().replaceAll("-", "").slice(0, 24)}`;
    const toolName = `mcp__${this.serverName.replaceAll(/[^\w-]/g, "_")}__${name}`;
    const fields = {
      prompt_id: promptId,
      tool_name: toolName,
      tool_input: input,
      tool_use_id: toolUseId,
      ...(agentId === undefined ? {} : { agent_id: agentId }),
    };
    const refusal = await this.#askPermission(toolName, input, fields);
    signal.throwIfAborted();
    if (refusal !== undefined)
      return this.#endTool(name, input, { text: refusal, isError: true }, promptId);
    this.counters.toolCalls++;
    const meta = { ...this.#connection?.requestMeta, "claudecode/toolUseId": toolUseId }; // H3
    const answer = await this.#wire.request(
      "tools/call",
      { name, arguments: input, _meta: meta },
      { signal },
    );
    signal.throwIfAborted();
    switch (answer.kind) {
      case "result": {
        const { content, isError } = answer.result;
        await this.#fire("PostToolUse", toolName, { ...fields, tool_response: content });
        signal.throwIfAborted();
        return this.#endTool(
          name,
          input,
          { text: toContentText(content), isError: isError === true },
          promptId,
        );
      }
      case "error":
        return this.#endTool(
          name,
          input,
          { text: `MCP error ${answer.code}: ${answer.message}`, isError: true },
          promptId,
        );
      case "gone":
        return this.#endTool(
          name,
          input,
          { text: `MCP server not connected: ${answer.reason}`, isError: true },
          promptId,
        );
      case "timeout":
      case "aborted":
        return this.#endTool(
          name,
          input,
          { text: `MCP call ${answer.kind}`, isError: true },
          promptId,
        );
      default:
        return answer satisfies never;
    }
  }

  #endTool(name: string, input: Json, output: ToolOutput, promptId: string): ToolOutput {
    this.#note({
      kind: "tool",
      at: Date.now(),
      promptId,
      name,
      input,
      output: output.text,
      isError: output.isError,
    });
    this.#read("tool", output.text, promptId);
    return output;
  }

  /** Why a call may not be made; undefined when it may. */
  async #askPermission(toolName: string, input: Json, fields: Json): Promise<string | undefined> {
    const outputs = await this.#fire("PreToolUse", toolName, fields);
    const asked = outputs.flatMap(
      ({ permission, block }) =>
        permission ?? (block === undefined ? [] : { decision: "deny" as const, reason: block }),
    );
    const denied = asked.find(({ decision }) => decision === "deny");
    if (denied !== undefined) return denied.reason || "denied by a PreToolUse hook";
    if (asked.length > 0 && asked.every(({ decision }) => decision === "allow")) return undefined;
    const allowed = (await this.#options.approve?.(toolName, input)) ?? true;
    this.counters.dialogs++;
    this.#note({
      kind: "dialog",
      at: Date.now(),
      name: toolName,
      answer: allowed ? "allow" : "deny",
    });
    return allowed ? undefined : "the user does not want this tool to be used";
  }

  /** Asks every hook of one moment, all at once. A hook that fails has no opinion, and is counted. */
  async #fire(
    moment: HookMoment,
    subject: string,
    fields: Json,
    maxMs = Infinity,
  ): Promise<HookOutput[]> {
    const input = {
      session_id: this.#sessionId,
      transcript_path: "",
      cwd: this.#cwd,
      permission_mode: "default",
      hook_event_name: moment,
      ...fields,
    };
    const hooks = matchHooks(this.#hooks, moment, subject);
    return Promise.all(
      hooks.map((hook) =>
        this.#callHook(moment, hook, fillInput(hook.input, input), Math.min(hook.timeoutMs, maxMs)),
      ),
    );
  }

  async #callHook(
    moment: HookMoment,
    hook: McpToolHook,
    input: Json,
    timeoutMs: number,
  ): Promise<HookOutput> {
    this.counters.hookCalls++;
    const fail = (reason: string): HookOutput => {
      this.counters.hookFailures++;
      this.#note({ kind: "hook-failed", at: Date.now(), moment, tool: hook.tool, reason });
      return {};
    };
    if (hook.server !== this.serverName) return fail(`MCP server "${hook.server}" not connected`);
    const startedAt = performance.now();
    const params = {
      name: hook.tool,
      arguments: input,
      ...withMeta(this.#connection?.requestMeta ?? {}),
    }; // H3
    const answer = await this.#wire.request("tools/call", params, { timeoutMs });
    if (answer.kind === "error") return fail(`${answer.code}: ${answer.message}`);
    if (answer.kind !== "result")
      return fail(
        answer.kind === "gone"
          ? `MCP server not connected: ${answer.reason}`
          : `no answer in ${timeoutMs} ms`,
      );
    const output = toContentText(answer.result["content"]);
    if (answer.result["isError"] === true) return fail(output);
    this.#note({
      kind: "hook",
      at: Date.now(),
      moment,
      tool: hook.tool,
      input,
      output,
      tookMs: performance.now() - startedAt,
    });
    return readHookOutput(moment, output);
  }
}

/** A long addition does not reach the model whole: it reads the name of a file and a preview. */
function toReadContext(text: string): string {
  if (text.length <= CONTEXT_MAX_CHARS) return text;
  return `Output too large (${text.length} characters), saved to a file. Preview:\n${text.slice(0, CONTEXT_PREVIEW_CHARS)}`;
}

function toContentText(content: unknown): string {
  const parts = Array.isArray(content) ? content.map(toJson) : [];
  return parts
    .map(({ type, text }) => (typeof text === "string" ? text : `[${String(type)}]`))
    .join("\n");
}

/** Without the variables of a client that this process may itself run under: a server would take them for its own. */
function toCleanEnvironment(env: NodeJS.ProcessEnv): Record<string, string> {
  const kept = Object.entries(env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !entry[0].startsWith("CLAUDE"),
  );
  return Object.fromEntries(kept);
}

async function orAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  // The turn ends at once; what a model or a hook still does is its own affair, and its rejection is no news.
  work.catch(() => {});
  if (signal.aborted) return Promise.reject(signal.reason);
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
