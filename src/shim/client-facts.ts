/**
 * The facts that a shim can learn about its client: from its parent process, and from the environment that the client gave.
 *
 * Owns: reading them. Never: decides by them (flow/lanes/choose-lane.ts).
 */
import { readProcess } from "../local/process.ts";
import type { Env } from "../local/home.ts";
import type { AttachRequest } from "../api/wire/client-wire.ts";
import { parseForcedLane } from "../sdk/forced-lane.ts";

export type ClientInfo = { name: string; version: string; protocol?: string | undefined };

const ARGUMENT_MAX_CHARS = 1_000;
const ARGUMENTS_MAX = 200;

/** Facts for the hub. `info` is what the client said in the handshake. */
export function readClientFacts(
  env: Env,
  ppid: number,
  plugin: boolean,
  info: ClientInfo,
): AttachRequest["client"] {
  const parent = readProcess(ppid);
  const argv = (parent?.argv ?? [])
    .slice(0, ARGUMENTS_MAX)
    .map((argument) => argument.slice(0, ARGUMENT_MAX_CHARS));
  const { lane: forcedLane } = parseForcedLane(env["SLUICE_LANE"]);
  return {
    pid: ppid,
    startTime: parent?.startTime ?? "unknown",
    argv,
    name: info.name.slice(0, 128),
    version: info.version.slice(0, 64),
    ...(info.protocol === undefined ? {} : { protocol: info.protocol.slice(0, 32) }),
    plugin,
    interactive: isInteractive(env, argv),
    // Set in each background session, and in no other: https://code.claude.com/docs/en/agent-view#where-state-is-stored
    ...((env["CLAUDE_JOB_DIR"] ?? "") === "" ? {} : { background: true }),
    session: env["CLAUDE_CODE_SESSION_ID"] ?? `process-${ppid}`,
    cwd: env["CLAUDE_PROJECT_DIR"] ?? process.cwd(),
    forcedLane,
  };
}

/** Claude Code says how it was started; other clients are taken to have a person at them. */
function isInteractive(env: Env, argv: readonly string[]): boolean {
  const entrypoint = env["CLAUDE_CODE_ENTRYPOINT"];
  if (entrypoint !== undefined && entrypoint !== "cli") return false;
  return !argv.some((argument) => argument === "-p" || argument === "--print");
}
