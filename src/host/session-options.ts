/**
 * What a reference session is opened with.
 *
 * Owns: names, defaults, the environment a server gets. Never: opens anything (session.ts).
 */
import type { HostInfo } from "./connect.ts";
import type { Approve } from "./dialog.ts";
import type { AutoDeny } from "./tool-calls.ts";
import type { Model } from "./turns.ts";
import type { CloseHow } from "./wire.ts";

export type SessionOptions = {
  command: string;
  args?: readonly string[];
  /** The whole environment of server and monitors, to which the client's own variables are added. Default: this process's, without Claude Code's. */
  env?: Readonly<Record<string, string>>;
  cwd?: string;
  /** Default: reads and does nothing. */
  model?: Model;
  /** How the server is configured: `plugin:NAME:SERVER`, or a plain name. Default: the server that `hooks` name, else `server`. */
  serverName?: string;
  /** The parsed hooks.json of a plugin. Without it no hook fires: a bare MCP server. */
  hooks?: unknown;
  /** The folders of the plugin that the server comes from. */
  plugin?: { root: string; data: string };
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
