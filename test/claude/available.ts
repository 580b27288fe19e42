// Finds the real client on this machine: SLUICE_CLAUDE, else `claude` on PATH.
// Never installs it; says in one sentence why the real-client tests are skipped.
import { execFileSync } from "node:child_process";
import { accessSync, constants, realpathSync } from "node:fs";
import { delimiter, join } from "node:path";

export type Availability =
  | { kind: "available"; claude: string; version: string }
  | { kind: "missing"; reason: string };

export function findClaude(env: NodeJS.ProcessEnv = process.env): Availability {
  const claude = env["SLUICE_CLAUDE"] || findOnPath("claude", env);
  if (!claude)
    return {
      kind: "missing",
      reason: "no claude on PATH; set SLUICE_CLAUDE to the client to run these",
    };
  if (!isExecutable(claude))
    return { kind: "missing", reason: `SLUICE_CLAUDE names ${claude}, which cannot be run` };
  if (!findOnPath("tmux", env))
    return { kind: "missing", reason: "no tmux on PATH; an interactive client needs a terminal" };
  const version = readVersion(claude);
  if (!version) return { kind: "missing", reason: `${claude} --version gave no version` };
  return { kind: "available", claude: realpathSync(claude), version };
}

function readVersion(claude: string): string | undefined {
  try {
    const printed = execFileSync(claude, ["--version"], { timeout: 20_000, encoding: "utf8" });
    return /\d+\.\d+\.\d+/.exec(printed)?.[0];
  } catch {
    // A binary of another platform, or one that hangs: the caller reports it as missing.
    return undefined;
  }
}

function findOnPath(name: string, env: NodeJS.ProcessEnv): string | undefined {
  return (env["PATH"] ?? "")
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    // Not there or not ours to run: both mean "look further".
    return false;
  }
}
