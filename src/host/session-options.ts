/**
 * What a reference session is opened with.
 *
 * Owns: names, defaults, the environment a server gets. Never: opens anything (session.ts).
 */
import type { HostInfo } from "./connect.ts";
import type { Approve } from "./dialog.ts";
import type { LaunchFacts } from "./gates.ts";
import type { CloseHow, ConnectServer } from "./link.ts";
import type { AutoDeny } from "./tool-calls.ts";
import type { Model } from "./turns.ts";

/** A server of a session: a child process (`command`, `args`), or one in this process (`connect`). */
export type SessionServer = {
  command?: string;
  args?: readonly string[];
  connect?: ConnectServer;
  /** How it is configured: a plain name, or `plugin:NAME:SERVER`. */
  serverName?: string;
  /** The marketplace that its plugin was installed from; `inline` for a plugin that a flag loaded from a folder. */
  marketplace?: string;
  /** The folders of the plugin that the server comes from. */
  plugin?: { root: string; data: string };
};

export type SessionOptions = SessionServer & {
  /** By default named after the server that `hooks` name, else `server`. */
  serverName?: string;
  /** Further servers of the session, each with a `serverName` of its own. */
  servers?: readonly (SessionServer & { serverName: string })[];
  /** The client as its user starts it: the gates are asked by this. Absent: all servers that declare it are channels. */
  client?: LaunchFacts;
  /** The person at the question that development entries bring up. Default: says yes. */
  confirm?: (question: string) => boolean | Promise<boolean>;
  /** The whole environment of server and monitors, to which the client's own variables are added. Default: this process's, without Claude Code's. */
  env?: Readonly<Record<string, string>>;
  cwd?: string;
  /** Default: reads and does nothing. */
  model?: Model;
  /** The parsed hooks.json of a plugin. Without it no hook fires: a bare MCP server. */
  hooks?: unknown;
  /** How the client calls itself in the handshake. Default: `claude-code` where `client` is given, else `sluice-reference-session`. */
  clientInfo?: Partial<HostInfo>;
  sessionId?: string;
  /** Whether this session was started with the server as a channel. Default true. */
  loadChannel?: boolean;
  /** Default: allows. */
  approve?: Approve;
  /** What this client denies without asking anybody. Default: nothing. */
  autoDeny?: AutoDeny;
  /** How the server is told to leave: by the protocol's own way, or by Claude Code's. Default `stdin`. */
  closeBy?: CloseHow;
  /** Milliseconds from a Stop to Notification(idle_prompt). Default 60,000. */
  idlePromptMs?: number;
  /** Milliseconds that a server has for `initialize` and for each page of its tools, or Infinity. Default 30,000. */
  answerTimeoutMs?: number;
  /** How many notes are kept, about: for a session that runs for days. Default: all. */
  keepNotes?: number;
  onStderr?: (text: string) => void;
};

export type BellOptions = {
  /** With `args`: an executable. Without: a shell command line, as monitors.json has it. */
  command: string;
  args?: readonly string[];
  /** On top of the session's own. */
  env?: Readonly<Record<string, string>>;
  description?: string;
};

/** Without the variables of a client that this process may itself run under: a server would take them for its own. */
export function toCleanEnvironment(env: NodeJS.ProcessEnv): Record<string, string> {
  const kept = Object.entries(env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !entry[0].startsWith("CLAUDE"),
  );
  return Object.fromEntries(kept);
}
