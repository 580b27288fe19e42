/**
 * The shim: the small stdio MCP server that a client spawns. It translates between MCP and the hub.
 *
 * Owns: the MCP side, and leaving in time. Never: decides anything; holds a secret, a port or a lock.
 *
 * S1 Nothing is started, registered or sent before `notifications/initialized` and 300 ms, or the first hook: a probe leaves no trace.
 * S2 It is gone within 2 s of the end of stdin, a broken pipe or a signal.
 * S3 A hook gets an answer even with the hub stopped or dead, and never an error: `{}` is no opinion.
 */
import { Server } from "@modelcontextprotocol/server";
import { StdioServerTransport } from "@modelcontextprotocol/server/stdio";
import { type Env, locateSocket } from "../api/home.ts";
import { ensureHub, type HubEntry } from "../api/start-hub.ts";
import { VERSION } from "../api/version.ts";
import { toMessage } from "../sdk/errors.ts";
import { readClientFacts } from "./client-facts.ts";
import { HOOK_LIMIT_MS, type HookSignal, HubLink } from "./link.ts";
import { Handed, toPermission, toToolInput } from "./permission.ts";
import { openStallWatch, type StallWatch } from "./stall.ts";
import { INSTRUCTIONS, SERVER_NAME, TOOLS } from "./words.ts";

export type ShimOptions = {
  env: Env;
  /** Spawned by the plugin, whose hooks and bell belong to it. */
  plugin: boolean;
  /** How to start a hub; absent: only a running one is used. */
  entry: HubEntry | undefined;
};

const SETTLE_MS = 300;
const START_TIMEOUT_MS = 10_000;
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

/** Runs until the client leaves. Resolves when the shim should exit. */
export async function runShim({ env, plugin, entry }: ShimOptions): Promise<void> {
  const server = new Server(
    { name: SERVER_NAME, version: VERSION },
    {
      capabilities: { tools: {}, experimental: { "claude/channel": {} } },
      instructions: INSTRUCTIONS,
    },
  );
  const handed = new Handed();
  const link = new HubLink({
    locate: () => locateSocket(env),
    ensure: async () => {
      if (entry !== undefined) await ensureHub({ entry, env, timeoutMs: START_TIMEOUT_MS });
    },
    onChannel: (params) => {
      handed.note(params.meta["event_id"] ?? "");
      // A broken pipe ends the process by itself (S2); there is nobody else to tell.
      server
        .notification({ method: "notifications/claude/channel", params })
        .catch(() => undefined);
    },
    warn: (message) => process.stderr.write(`sluice: ${message}\n`),
  });
  // The parent of now: a client that dies leaves us to another one.
  const parent = process.ppid;
  const attach = (): void => {
    const info = server.getClientVersion() ?? { name: "unknown", version: "0" };
    link.open(readClientFacts(env, parent, plugin, { name: info.name, version: info.version }));
  };

  const stall = openStallWatch();
  server.oninitialized = () => void setTimeout(attach, SETTLE_MS).unref();
  server.setRequestHandler("tools/list", () => ({ tools: TOOLS }));
  server.setRequestHandler("tools/call", async ({ params }) => {
    const { name, arguments: input = {}, _meta } = params;
    const toolUseId = _meta?.["claudecode/toolUseId"];
    attach();
    if (name === "hook") return answerHook({ link, handed, stall }, input, toolUseId);
    try {
      const answer = await link.tool(
        name,
        input,
        typeof toolUseId === "string" ? toolUseId : undefined,
      );
      if (name === "inbox") handed.note(answer.text);
      return { content: [{ type: "text", text: answer.text }], isError: answer.isError };
    } catch (thrown) {
      return { content: [{ type: "text", text: `${name}: ${toMessage(thrown)}` }], isError: true };
    }
  });

  const ended = waitForEnd(server);
  await server.connect(new StdioServerTransport());
  await ended;
  stall.close();
  await link.close(CLOSE_GRACE_MS);
}

async function answerHook(
  { link, handed, stall }: { link: HubLink; handed: Handed; stall: StallWatch },
  input: Record<string, unknown>,
  toolUseId: unknown,
) {
  // The client marks the model's calls; a hook's have no mark. The model has no business here.
  if (toolUseId !== undefined) {
    return {
      content: [
        { type: "text" as const, text: "hook: not a tool for the model; nothing was done." },
      ],
      isError: true,
    };
  }
  const signal = toSignal(input);
  const answered = link.signal(signal, toLimit(signal), stall.isStale());
  if (ANSWERED_AT_ONCE.has(signal.event)) return NO_OPINION;
  const known = signal.event === "PreToolUse" ? toPermission(signal, handed) : undefined;
  const text = JSON.stringify(known ?? (await answered));
  if (signal.event === "UserPromptSubmit") handed.note(text);
  return { content: [{ type: "text" as const, text }] };
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

function toSignal(input: Record<string, unknown>): HookSignal {
  const text = (key: string, maxChars: number): string => {
    const value = input[key];
    return typeof value === "string" ? value.slice(0, maxChars) : "";
  };
  return {
    event: text("event", 64),
    session: text("session", 128),
    promptId: text("prompt_id", 128),
    prompt: text("prompt", PROMPT_MAX_CHARS),
    events: toEventIds(input["prompt"]),
    tool: text("tool", 256),
    toolUseId: text("tool_use_id", 128),
    toolInput: toToolInput(text("tool_input", TOOL_INPUT_MAX_CHARS)),
    agentId: text("agent_id", 128),
    stopHookActive: text("stop_hook_active", 8) === "true",
    notification: text("notification", 64),
    reason: text("reason", 64),
  };
}

/** Ids of the events that a prompt carries: on the channel lane they are the receipt, and the prompt is too long to pass on. */
function toEventIds(prompt: unknown): string[] {
  if (typeof prompt !== "string") return [];
  const found = prompt.matchAll(/\bevent_id="(evt_[0-9a-z]{26})"/g);
  return [...new Set([...found].map(([, id]) => id ?? ""))].slice(0, EVENTS_MAX);
}

/** Resolves at the first sign that the client has left (S2). */
function waitForEnd(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => resolve();
    server.onclose = end;
    process.stdin.once("end", end).once("close", end).once("error", end);
    process.stdout.once("error", end);
    // Claude Code ends a server with SIGINT; a terminal that closes sends SIGHUP.
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, end);
  });
}
