/**
 * The shim: the small stdio MCP server that a client spawns. It translates between MCP and the hub.
 *
 * Owns: the MCP side, and leaving in time. Never: decides anything; holds a secret, a port or a lock.
 *
 * SHIM-1 Nothing is started, registered or sent before `notifications/initialized` and 300 ms, or the first hook: a probe leaves no
 *    trace.
 * SHIM-2 The shim is gone within 2 s of the end of stdin, a broken pipe, a signal or its parent's death.
 * SHIM-3 A hook gets an answer even with the hub stopped or dead, and never an error: `{}` is no opinion.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { StdioServerTransport } from "@modelcontextprotocol/server/stdio";
import { type Env, locateHome, locateSocket } from "../local/home.ts";
import { ensureHub, type HubEntry } from "../api/client/start-hub.ts";
import { readProcess } from "../local/process.ts";
import { toMessage } from "../sdk/errors.ts";
import { parseForcedLane } from "../sdk/forced-lane.ts";
import { ShimServer } from "./announce.ts";
import { readClientFacts } from "./client-facts.ts";
import { Asks, toDecision, toDigestOf } from "./ask.ts";
import { Halt } from "./halt.ts";
import { Handed, toPermission, toToolInput } from "./own-answers.ts";
import { HOOK_LIMIT_MS, type ShimHookAnswer, type HookSignal, HubLink } from "./link.ts";
import { openStallWatch, type StallWatch, untilOrphaned } from "./liveness.ts";
import { relay, RELAY_PARAMS, RELAY_REQUEST, toRelayVerdict } from "./relay.ts";
import { isTypedPrompt } from "../sdk/typed-prompt.ts";
import { Scheduled } from "./scheduled.ts";
import { TOOLS } from "./words.ts";

export type ShimOptions = {
  env: Env;
  /** Spawned by the plugin, whose hooks and bell belong to it. */
  plugin: boolean;
  /** How to start a hub; absent: only a running one is used. */
  entry: HubEntry | undefined;
};

const SETTLE_MS = 300;
const START_TIMEOUT_MS = 10_000;
/** A hook brings a tool's whole input. The library's own limit is 10 MiB, and what is longer ends the connection. */
const MESSAGE_MAX_BYTES = 64 * 1024 * 1024;
const CLOSE_GRACE_MS = 500;
const BELL_LIMIT_MS = 400;
/** Hooks whose answer nobody waits for. */
const ANSWERED_AT_ONCE = new Set([
  "PostToolUse",
  "PostToolUseFailure",
  "StopFailure",
  "Notification",
  "SessionEnd",
]);
const NO_OPINION = { content: [{ type: "text" as const, text: "{}" }] };
const NOT_FOR_MODELS = {
  content: [{ type: "text" as const, text: "hook: not a tool for the model; nothing was done." }],
  isError: true,
};

/**
 * Runs until the client leaves. Resolves when the shim should exit.
 * @throws SluiceError `bad_config` when the environment names no home: no later try would find one.
 */
export async function runShim({ env, plugin, entry }: ShimOptions): Promise<void> {
  locateHome(env);
  // The parent of now: a client that dies leaves us to another one.
  const parent = process.ppid;
  const forced = parseForcedLane(env["SLUICE_LANE"]);
  const { argv = [] } = readProcess(parent) ?? {};
  const server = new ShimServer({ argv, forcedLane: forced.lane });
  const handed = new Handed();
  const halt = new Halt();
  const scheduled = new Scheduled();
  const refusals = new Refusals();
  const locate = (): string => locateSocket(env);
  const warn = (message: string): void => void process.stderr.write(`sluice: ${message}\n`);
  const link = new HubLink({
    locate,
    ensure: async () => {
      if (entry !== undefined) await ensureHub({ entry, env, timeoutMs: START_TIMEOUT_MS });
    },
    onChannel: (params) => {
      handed.note(`${params.meta["event_id"] ?? ""} ${params.content}`);
      // A broken pipe ends the process by itself (SHIM-2); there is nobody else to tell.
      server
        .notification({ method: "notifications/claude/channel", params })
        .catch(() => undefined);
    },
    // A broken pipe ends the process by itself (SHIM-2).
    onVerdict: (verdict) =>
      void server.notification(toRelayVerdict(verdict)).catch(() => undefined),
    onStop: (reason) => halt.begin(reason),
    warn,
  });
  if (forced.fault !== undefined) warn(forced.fault);
  const asks = new Asks({ link, locate, warn });
  const attach = (): void => {
    link.open(() => {
      const { name, version } = server.getClientVersion() ?? { name: "unknown", version: "0" };
      const protocol = server.getNegotiatedProtocolVersion();
      return readClientFacts(env, parent, plugin, { name, version, protocol });
    });
  };

  const stall = openStallWatch();
  server.oninitialized = () => void setTimeout(attach, SETTLE_MS).unref();
  server.setRequestHandler("tools/list", () => ({ tools: TOOLS }));
  server.setNotificationHandler(RELAY_REQUEST, RELAY_PARAMS, (params) => {
    if (!server.isChannel) return;
    attach();
    relay(link, params);
  });
  server.setRequestHandler("tools/call", async ({ params }, { mcpReq }) => {
    const { name, arguments: input = {}, _meta } = params;
    const toolUseId = _meta?.["claudecode/toolUseId"];
    attach();
    if (name === "hook") {
      // Only the plugin's hooks call it. Claude Code marks its model's calls; other clients mark none, and have no such hooks: there
      // a model could say that its user typed, or that a turn has ended.
      if (!plugin || toolUseId !== undefined) return NOT_FOR_MODELS;
      return answerHook(
        { link, asks, halt, handed, scheduled, stall, refusals },
        input,
        mcpReq.signal,
      );
    }
    return callTool(link, handed, name, input, toolUseId);
  });

  const ended = Promise.race([waitForEnd(server), untilOrphaned(parent)]);
  const { stdin, stdout } = process;
  await server.connect(
    new StdioServerTransport(stdin, stdout, { maxBufferSize: MESSAGE_MAX_BYTES }),
  );
  await ended;
  stall.close();
  await link.close(CLOSE_GRACE_MS);
  asks.close();
}

/** Each refusal is told once, at the user's next prompt: nobody reads what a shim writes. */
class Refusals {
  #told: string | undefined;

  next(refusal: string | undefined): string | undefined {
    if (refusal === undefined || refusal === this.#told) return undefined;
    this.#told = refusal;
    return `Sluice: ${refusal}`;
  }
}

async function callTool(
  link: HubLink,
  handed: Handed,
  name: string,
  input: Record<string, unknown>,
  toolUseId: unknown,
) {
  try {
    const id = typeof toolUseId === "string" ? toolUseId : undefined;
    const { text, isError } = await link.tool(name, input, id);
    if (name === "inbox") handed.note(text);
    return { content: [{ type: "text" as const, text }], isError };
  } catch (thrown) {
    const text = `${name}: ${toMessage(thrown)}`;
    return { content: [{ type: "text" as const, text }], isError: true };
  }
}

type HookParts = {
  refusals: Refusals;
  link: HubLink;
  asks: Asks;
  halt: Halt;
  handed: Handed;
  scheduled: Scheduled;
  stall: StallWatch;
};

async function answerHook(
  { link, asks, halt, handed, scheduled, stall, refusals }: HookParts,
  input: Record<string, unknown>,
  left: AbortSignal,
) {
  scheduled.note(input);
  const signal = toSignal(input, asks.isOpen, scheduled.prompts);
  if (signal.event === "PermissionRequest" || signal.event === "PermissionDenied")
    return toText(await answerPrompt({ asks, handed }, signal, input, left));
  const answered = link.signal(signal, toLimit(signal), stall.isStale());
  const halted = halt.answer(signal);
  if (halted !== undefined) {
    // The client ends the turn without a Stop: the hub would take it for busy.
    const ended = { ...signal, event: "Notification", notification: "idle_prompt" };
    if (signal.agentId === "") void link.signal(ended, HOOK_LIMIT_MS);
    return toText(halted);
  }
  if (ANSWERED_AT_ONCE.has(signal.event)) return NO_OPINION;
  const known = signal.event === "PreToolUse" ? toPermission(signal, handed) : undefined;
  const answer = known ?? (await answered);
  if (signal.event !== "UserPromptSubmit") return toText(answer);
  handed.note(JSON.stringify(answer));
  const told = refusals.next(link.refusal);
  return toText(told === undefined ? answer : { ...answer, systemMessage: told });
}

/** What a session asks people, and what its client denied without asking. */
async function answerPrompt(
  { asks, handed }: Pick<HookParts, "asks" | "handed">,
  signal: HookSignal,
  fields: Record<string, unknown>,
  left: AbortSignal,
): Promise<ShimHookAnswer> {
  // Our own tools: on a busy machine the answer to PreToolUse may have come too late.
  if (toPermission(signal, handed) !== undefined) return toDecision({ behavior: "allow" });
  const input = typeof fields["tool_input"] === "string" ? fields["tool_input"] : "";
  const cwd = typeof fields["cwd"] === "string" ? fields["cwd"].slice(0, 4_096) : "";
  const { session, tool, agentId } = signal;
  const call = { session, tool, agentId, cwd, input };
  if (signal.event === "PermissionRequest") return asks.ask(call, left);
  const reason = typeof fields["reason"] === "string" ? fields["reason"].slice(0, 4_000) : "";
  return Promise.race([asks.denied({ ...call, reason }), sleep(HOOK_LIMIT_MS, {})]);
}

function toText(answer: ShimHookAnswer) {
  return { content: [{ type: "text" as const, text: JSON.stringify(answer) }] };
}

/**
 * Nobody waits in a turn that our bell started, and an answer that comes too late costs a request to the model that says nothing:
 * there a busy machine gets more time.
 */
function toLimit({ event, prompt }: HookSignal): number {
  const isBell = event === "UserPromptSubmit" && prompt.includes('Monitor event: "Sluice bell"');
  return isBell ? BELL_LIMIT_MS : HOOK_LIMIT_MS;
}

/** Longest piece of a prompt that matters: a bell's frame is far shorter, and a typed prompt is only known to be one. */
const PROMPT_MAX_CHARS = 4_000;
const EVENTS_MAX = 100;
/** A longer one is read as none. */
const TOOL_INPUT_MAX_CHARS = 1_000_000;

/**
 * `hasAsks`: a call waits for people, and the end of a tool may be the answer to it. `scheduled`: what the session has arranged for later.
 */
function toSignal(
  input: Record<string, unknown>,
  hasAsks: boolean,
  scheduled: readonly string[],
): HookSignal {
  const text = (key: string, maxChars: number): string => {
    const value = input[key];
    return typeof value === "string" ? value.slice(0, maxChars) : "";
  };
  const event = text("event", 64);
  const isEnd = event === "PostToolUse" || event === "PostToolUseFailure";
  const prompt = text("prompt", PROMPT_MAX_CHARS);
  const events = toEventIds(input["prompt"]);
  const source = text("source", 32);
  return {
    event,
    session: text("session", 128),
    promptId: text("prompt_id", 128),
    prompt,
    events,
    tool: text("tool", 256),
    toolUseId: text("tool_use_id", 128),
    toolInput: isEnd ? "" : toToolInput(text("tool_input", TOOL_INPUT_MAX_CHARS)),
    agentId: text("agent_id", 128),
    stopHookActive: text("stop_hook_active", 8) === "true",
    notification: text("notification", 64),
    reason: text("reason", 64),
    ...(isEnd && hasAsks ? { digest: toDigestOf(input["tool_input"]) } : {}),
    ...(event === "UserPromptSubmit"
      ? { typed: isTypedPrompt({ prompt, events, source, scheduled }) }
      : {}),
  };
}

/** Ids of the events that a prompt carries: on the channel lane they are the receipt, and the prompt is too long to pass on. */
function toEventIds(prompt: unknown): string[] {
  if (typeof prompt !== "string") return [];
  const found = prompt.matchAll(/\bevent_id="(evt_[0-9a-z]{26})"/g);
  return [...new Set([...found].map(([, id]) => id ?? ""))].slice(0, EVENTS_MAX);
}

/** Resolves at the first sign that the client has left (SHIM-2). */
function waitForEnd(server: ShimServer): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => resolve();
    server.onclose = end;
    process.stdin.once("end", end).once("close", end).once("error", end);
    process.stdout.once("error", end);
    // Nobody reads what is said there: no reason to leave.
    process.stderr.on("error", () => {});
    // Claude Code ends a server with SIGINT; a terminal that closes sends SIGHUP.
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, end);
  });
}
