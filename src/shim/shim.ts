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
import { type Env, locateHome, locateSocket } from "../local/home.ts";
import { ensureHub, type HubEntry } from "../api/client/start-hub.ts";
import { readProcess } from "../local/process.ts";
import { VERSION } from "../local/version.ts";
import { type HostFacts, mayUseChannel } from "../sdk/channel-hosts.ts";
import { toMessage } from "../sdk/errors.ts";
import { parseForcedLane } from "../sdk/forced-lane.ts";
import { readClientFacts } from "./client-facts.ts";
import { Asks } from "./ask.ts";
import { Contributed } from "./contributed.ts";
import { answerHook, Halt, Handed, openStallWatch, HubRefusals } from "./hook.ts";
import { HubLink } from "./link.ts";
import { type Fields, isObject, McpFault, McpServer } from "./mcp-server.ts";
import { openOlderHubWatch } from "./older-hub.ts";
import { relay, RELAY_REQUEST, toRelayVerdict } from "./relay.ts";
import { Scheduled } from "./scheduled.ts";
import { readInstructions, SERVER_NAME } from "./words.ts";

export type ShimOptions = {
  env: Env;
  /** Spawned by the plugin, whose hooks and bell belong to it. */
  plugin: boolean;
  /** A hub of an older version gives way to one of ours: the client updated us, and nobody is there to type `sluice up`. */
  replaceOlder?: boolean;
  /** How to start a hub; absent: only a running one is used. */
  entry: HubEntry | undefined;
};

const SETTLE_MS = 300;
const START_TIMEOUT_MS = 10_000;
const CLOSE_GRACE_MS = 500;
const PARENT_LOOK_EVERY_MS = 1_000;
const NOT_FOR_MODELS = {
  content: [{ type: "text" as const, text: "hook: not a tool for the model; nothing was done." }],
  isError: true,
};

const CHANNEL = { "claude/channel": {}, "claude/channel/permission": {} };

/**
 * The MCP server, which announces the channel to hosts that may use it, and to no other (sdk/channel-hosts.ts).
 *
 * The handshake names the host, so the answer to that same handshake depends on it. A host that is offered a channel and
 * drops its notifications loses events without a sign: the real Codex CLI did.
 */
class ShimServer extends McpServer {
  readonly #host: Omit<HostFacts, "name">;

  constructor(host: Omit<HostFacts, "name">, instructions: string) {
    super({ name: SERVER_NAME, version: VERSION }, instructions);
    this.#host = host;
  }

  /** The client's name is known by then. */
  override getCapabilities(): Fields {
    const capabilities = { ...super.getCapabilities(), tools: { listChanged: true } };
    return this.isChannel ? { ...capabilities, experimental: CHANNEL } : capabilities;
  }

  /** The client may be sent events, and may relay its permission requests. */
  get isChannel(): boolean {
    const client = this.getClientVersion();
    return client !== undefined && mayUseChannel({ ...this.#host, name: client.name });
  }
}

/**
 * Runs until the client leaves. Resolves when the shim should exit.
 * @throws SluiceError `bad_config` when the environment names no home: no later try would find one.
 */
export async function runShim({ env, plugin, entry, replaceOlder }: ShimOptions): Promise<void> {
  const home = locateHome(env);
  // The parent of now: a client that dies leaves us to another one.
  const parent = process.ppid;
  const forced = parseForcedLane(env["SLUICE_LANE"]);
  const { argv = [] } = readProcess(parent) ?? {};
  const server = new ShimServer(
    { argv, forcedLane: forced.lane },
    readInstructions(home.instructions),
  );
  const handed = new Handed();
  const halt = new Halt();
  const scheduled = new Scheduled();
  const refusals = new HubRefusals();
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
    onHub: openOlderHubWatch(replaceOlder === true ? entry : undefined, env),
    onTools: () => void contributed.refresh(),
    warn,
  });
  const contributed = new Contributed(link, server);
  if (forced.fault !== undefined) warn(forced.fault);
  const asks = new Asks({ link, locate, warn });
  const attach = (): void => {
    link.open(() => {
      stayLight();
      const { name, version } = server.getClientVersion() ?? { name: "unknown", version: "0" };
      const protocol = server.getNegotiatedProtocolVersion();
      return readClientFacts(env, parent, plugin, { name, version, protocol });
    });
  };

  const stall = openStallWatch();
  server.oninitialized = () => void setTimeout(attach, SETTLE_MS).unref();
  server.onRequest("tools/list", () => contributed.list());
  server.onNotification(RELAY_REQUEST, (params) => {
    if (!server.isChannel) return;
    attach();
    relay(link, params);
  });
  server.onRequest("tools/call", async (params, left) => {
    const { name, arguments: input = {}, _meta } = params;
    if (typeof name !== "string" || !isObject(input))
      throw new McpFault("badParams", "tools/call needs a name, and arguments as an object");
    const told = isObject(_meta) ? _meta : {};
    const toolUseId = told["claudecode/toolUseId"];
    attach();
    if (name === "hook") {
      // Only the plugin's hooks call it. Claude Code marks its model's calls; other clients mark none, and have no such hooks: there
      // a model could say that its user typed, or that a turn has ended.
      if (!plugin || toolUseId !== undefined) return NOT_FOR_MODELS;
      return answerHook({ link, asks, halt, handed, scheduled, stall, refusals }, input, left);
    }
    // Codex names the thread that calls: one of its servers is spawned by a process of many threads.
    return callTool(link, handed, name, input, { toolUseId, session: told["threadId"] });
  });

  const ended = Promise.race([waitForEnd(server), untilOrphaned(parent)]);
  server.connect(process.stdin, process.stdout);
  await ended;
  stall.close();
  await link.close(CLOSE_GRACE_MS);
  asks.close();
}

/**
 * A shim does little for hours: optimised code would only be kept. The plugin starts it with these flags; other clients' configurations do
 * not, so it is set here as well, once the client no longer waits for the start.
 */
function stayLight(): void {
  const { setFlagsFromString } = process.getBuiltinModule("node:v8");
  for (const flag of ["--no-opt", "--no-maglev"]) setFlagsFromString(flag);
}

async function callTool(
  link: HubLink,
  handed: Handed,
  name: string,
  input: Record<string, unknown>,
  from: { toolUseId: unknown; session: unknown },
) {
  const toText = (value: unknown): string | undefined =>
    typeof value === "string" ? value : undefined;
  try {
    const { text, isError } = await link.tool(name, input, {
      toolUseId: toText(from.toolUseId),
      session: toText(from.session),
    });
    if (name === "inbox") handed.note(text);
    return { content: [{ type: "text" as const, text }], isError };
  } catch (thrown) {
    const text = `${name}: ${toMessage(thrown)}`;
    return { content: [{ type: "text" as const, text }], isError: true };
  }
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

/** Resolves when this process has another parent than `parent`. Keeps no process alive. */
function untilOrphaned(parent: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      if (process.ppid === parent) return;
      clearInterval(timer);
      resolve();
    }, PARENT_LOOK_EVERY_MS);
    timer.unref();
  });
}
