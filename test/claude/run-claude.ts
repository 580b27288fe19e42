// One run of the real client without a terminal: `-p hello`, `mcp list`,
// `plugin install`. Owns that child; a non-zero exit is a value, not a fault.
import { spawn } from "node:child_process";

import type { ClientHome } from "./home.ts";

export type RunResult = { code: number | null; stdout: string; stderr: string; durationMs: number };

/** Runs the client once without a terminal: `['-p', 'hello']`, `['mcp', 'list']`. */
export function runClaude(options: {
  claude: string;
  home: ClientHome;
  args: string[];
  stdin?: string;
  timeoutMs?: number;
}): Promise<RunResult> {
  return new Promise((resolve, reject) => {
    const startedAt = Date.now();
    const child = spawn(options.claude, options.args, {
      cwd: options.home.project,
      env: options.home.env,
      stdio: ["pipe", "pipe", "pipe"],
      timeout: options.timeoutMs ?? 60_000,
      killSignal: "SIGKILL",
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => (stdout += chunk));
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
    child.once("error", reject);
    child.once("close", (code) =>
      resolve({ code, stdout, stderr, durationMs: Date.now() - startedAt }),
    );
    child.stdin.end(options.stdin ?? "");
  });
}
