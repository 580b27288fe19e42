/**
 * The program of a client: finding it, and running its verbs.
 *
 * Owns: that child process. Never: knows which client it is, or what an answer means.
 */
import { spawn } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { Env } from "../../local/home.ts";
import { withUsualUmask } from "../../local/umask.ts";
import { SluiceError } from "../../sdk/errors.ts";

export type Program = { path: string; version: string };

export type RunResult = { code: number | null; stdout: string; stderr: string };

export type ProgramName = {
  /** As it stands on PATH. */
  command: string;
  /** The variable that names it instead. */
  variable: string;
  /** Where installers put it without its being on PATH. */
  folders?: readonly string[];
};

const RUN_TIMEOUT_MS = 60_000;
const VERSION_TIMEOUT_MS = 20_000;

/**
 * Where the program is: by its variable, else on PATH, else in its folders. Undefined when there is none.
 * @throws SluiceError `bad_config` when the variable names nothing that runs.
 */
export async function findProgram(
  { command, variable, folders = [] }: ProgramName,
  env: Env,
): Promise<Program | undefined> {
  const named = env[variable];
  if (named !== undefined && named !== "") {
    const version = await readVersion(named, env);
    if (version !== undefined) return { path: named, version };
    throw new SluiceError(
      "bad_config",
      `${variable} is "${named}", which does not answer --version; set it to the ${command} executable`,
    );
  }
  const onPath = (env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  for (const path of [...onPath, ...folders].map((folder) => join(folder, command))) {
    if (!isExecutable(path)) continue;
    const version = await readVersion(path, env);
    if (version !== undefined) return { path, version };
  }
  return undefined;
}

/** Runs one verb to its end. A non-zero exit is a value: some verbs answer so when there is nothing to do. */
export function runProgram(
  path: string,
  args: readonly string[],
  options: { env: Env; cwd?: string; timeoutMs?: number },
): Promise<RunResult> {
  return new Promise((resolve, reject) => {
    // Its settings, and a project's .mcp.json that colleagues read, get the modes that the user has always given them.
    const child = withUsualUmask(() =>
      spawn(path, args, {
        env: { ...options.env },
        stdio: ["ignore", "pipe", "pipe"],
        timeout: options.timeoutMs ?? RUN_TIMEOUT_MS,
        killSignal: "SIGKILL",
        cwd: options.cwd,
      }),
    );
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => (stdout += chunk));
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
    child.once("error", (cause) =>
      reject(new SluiceError("unsupported", `${path} cannot be run (${cause.message})`, { cause })),
    );
    child.once("close", (code) => resolve({ code, stdout, stderr }));
  });
}

/** @throws SluiceError `send_failed` with the client's own first line when the verb fails. */
export async function runProgramVerb(
  command: string,
  path: string,
  args: readonly string[],
  options: { env: Env; cwd?: string },
): Promise<string> {
  const { code, stdout, stderr } = await runProgram(path, args, options);
  if (code === 0) return stdout;
  const said = `${stderr}\n${stdout}`.split("\n").find((line) => line.trim() !== "");
  throw new SluiceError(
    "send_failed",
    `"${command} ${args.join(" ")}" failed: ${said?.trim() ?? (code === null ? "it took too long" : `exit code ${code}`)}`,
  );
}

async function readVersion(path: string, env: Env): Promise<string | undefined> {
  try {
    const options = { env, timeoutMs: VERSION_TIMEOUT_MS };
    const { stdout } = await runProgram(path, ["--version"], options);
    return /\d+\.\d+\.\d+/.exec(stdout)?.[0];
  } catch {
    // A folder, another platform's binary, a dangling link: no client here, look further.
    return undefined;
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    // Not there or not ours to run: both mean "look further".
    return false;
  }
}
