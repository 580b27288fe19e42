/**
 * A channel as one stdio MCP server without a hub.
 *
 * Owns: the MCP side, standard output, and leaving in time. Never: decides anything.
 *
 * SERVE-1 Nothing is opened, written or started before `notifications/initialized` and 300 ms: a probe leaves no trace.
 * SERVE-2 The process is gone within a few seconds of the end of stdin, a broken pipe, a signal or its parent's death; what waits is kept.
 * SERVE-3 Standard output belongs to the protocol: whatever else is printed goes to standard error.
 */
import type { Env } from "../../local/home.ts";
import { VERSION } from "../../local/version.ts";
import { isSluiceError, toMessage } from "../../sdk/errors.ts";
import { toObject } from "../../sdk/json.ts";
import type { Logger } from "../../sdk/log.ts";
import { type Fields, McpFault, McpServer } from "../../shim/mcp-server.ts";
import type { AuthorChannel } from "../../sdk/author/definition.ts";
import { describeChannel } from "../../sdk/author/describe.ts";
import type { AloneChannel } from "./alone.ts";
import { toInstructions } from "../instructions.ts";
import { findMayPush } from "./client.ts";
import { claimOutput } from "./output.ts";
import { toToolList } from "./tool-list.ts";

export type ServeOptions = {
  /** Default: this process's environment. */
  env?: Env;
  /** How the channel is called. Default: its kind. */
  name?: string;
  /** Of the listener. Default: SLUICE_PORT, then the definition's, then 8788. */
  port?: number;
};

const SETTLE_MS = 300;
const LOOK_EVERY_MS = 1_000;
const DEFAULT_PORT = 8788;
const TELL_EVERY_MS = 60_000;
const TOLD_MAX = 100;
const RELAY_REQUEST = "notifications/claude/channel/permission_request";
class AloneServer extends McpServer {
  readonly #hasRelay: boolean;

  constructor(info: { name: string; version: string }, instructions: string, hasRelay: boolean) {
    super(info, instructions);
    this.#hasRelay = hasRelay;
  }

  override getCapabilities(): Fields {
    const relay = this.#hasRelay ? { "claude/channel/permission": {} } : {};
    return { ...super.getCapabilities(), experimental: { "claude/channel": {}, ...relay } };
  }
}

/** Runs until the client leaves. */
export async function serveChannel(channel: AuthorChannel, options: ServeOptions): Promise<void> {
  const env = options.env ?? process.env;
  const name = options.name ?? channel.kind;
  const parent = process.ppid;
  const output = claimOutput();
  const say = (text: string): void => {
    for (const line of text.split("\n")) process.stderr.write(`${name}: ${line}\n`);
  };
  outliveAuthorFaults(say);
  const outline = describeChannel(channel);
  const server = new AloneServer(
    { name, version: VERSION },
    toInstructions([{ ...outline, kind: name }]),
    outline.permission,
  );
  const notify = (method: string, params: Record<string, unknown>): Promise<void> =>
    server.notification({ method, params });
  // Loaded once the client has shaken hands: it waits for the answer to that.
  let opening: Promise<AloneChannel> | undefined;
  const open = (): Promise<AloneChannel> =>
    (opening ??= import("./alone.ts").then(
      ({ AloneChannel }) =>
        new AloneChannel({
          channel,
          env,
          name,
          port: options.port ?? readPort(env) ?? channel.definition.port ?? DEFAULT_PORT,
          log: toLog(say, env),
          say,
          notify: (notification) => notify("notifications/claude/channel", notification),
          // A broken pipe ends the process by itself (SERVE-2).
          verdict: ({ id, behavior }) =>
            void notify("notifications/claude/channel/permission", {
              request_id: id,
              behavior,
            }).catch(() => undefined),
          mayPush: findMayPush(env, parent),
        }),
    ));
  server.oninitialized = () =>
    void setTimeout(() => void open().then((alone) => alone.start()), SETTLE_MS).unref();
  const tools = toToolList(outline);
  server.onRequest("tools/list", () => ({ tools }));
  server.onRequest("tools/call", async ({ name: tool, arguments: input }) => {
    if (typeof tool !== "string") throw new McpFault("badParams", "tools/call needs a name");
    const { text, isError } = await (await open()).callTool(tool, toObject(input));
    return { content: [{ type: "text" as const, text }], isError };
  });
  server.onNotification(
    RELAY_REQUEST,
    (params) => void open().then((alone) => alone.relay(params)),
  );
  const ended = waitForEnd(server, parent);
  server.connect(process.stdin, output);
  await ended;
  await (await opening)?.close();
}

/** A fault in the author's own callbacks concerns no call of ours, and a client starts no server a second time. */
function outliveAuthorFaults(say: (line: string) => void): void {
  const toldAt = new Map<string, number>();
  const tell = (thrown: unknown): void => {
    // A push that nobody waits for can fail a thousand times a second.
    const kind = toMessage(thrown).replaceAll(/\d+/g, "0").slice(0, 200);
    const now = Date.now();
    if (now - (toldAt.get(kind) ?? 0) < TELL_EVERY_MS) return;
    if (toldAt.size >= TOLD_MAX) toldAt.clear();
    toldAt.set(kind, now);
    const stack = thrown instanceof Error && !isSluiceError(thrown) ? thrown.stack : undefined;
    say(
      `the channel's own code failed outside of a call, and goes on: ${stack ?? toMessage(thrown)}`,
    );
  };
  process.on("uncaughtException", tell).on("unhandledRejection", tell);
}

function readPort(env: Env): number | undefined {
  const text = env["SLUICE_PORT"];
  return text !== undefined && /^\d{1,5}$/.test(text) ? Number(text) : undefined;
}

function toLog(say: (line: string) => void, env: Env): Logger {
  const isLoud = env["SLUICE_LOG"] === "debug";
  const write = (facts: object, message: string): void => say(`${message} ${toFacts(facts)}`);
  const quiet = (): void => undefined;
  return { debug: isLoud ? write : quiet, info: isLoud ? write : quiet, warn: write, error: write };
}

function toFacts(facts: object): string {
  try {
    return JSON.stringify(facts);
  } catch (thrown) {
    return toMessage(thrown);
  }
}

/** SERVE-2 */
function waitForEnd(server: McpServer, parent: number): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => resolve();
    server.onclose = end;
    process.stdin.once("end", end).once("close", end).once("error", end);
    process.stdout.once("error", end);
    process.stderr.on("error", () => {});
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, end);
    setInterval(() => void (process.ppid !== parent && end()), LOOK_EVERY_MS).unref();
  });
}
