/**
 * Runs the command line as a child process, with a home of its own.
 *
 * Owns: the child's environment and ending what it started. Never: calls a command's code directly.
 */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { killHomeProcesses } from "../local/home-processes.fixture.ts";

/** What a user starts: from dist, which stands before the first test. To read all of src would take each command twice as long. */
export const SLUICE = fileURLToPath(new URL("../../bin/sluice.js", import.meta.url));

/** Every home of a test is new: without this each of its processes would compile all its code, which users meet once. */
export const CODE_CACHE = fileURLToPath(
  new URL("../../node_modules/.cache/sluice", import.meta.url),
);

export type Ended = { code: number | null; stdout: string; stderr: string };
export type RunOptions = { input?: string; env?: Record<string, string> };

export class CliStage {
  readonly folder: string = mkdtempSync(join(tmpdir(), "sluice-cli-"));
  readonly home: string = join(this.folder, "home");

  /** Starts a command and leaves it running. */
  start(args: readonly string[], env: Record<string, string> = {}): ChildProcessWithoutNullStreams {
    return spawn(process.execPath, [SLUICE, ...args], {
      cwd: this.folder,
      // Nothing of the test runner's: it sets FORCE_COLOR and CI for itself.
      env: {
        PATH: process.env["PATH"],
        HOME: this.folder,
        SLUICE_HOME: this.home,
        NODE_COMPILE_CACHE: CODE_CACHE,
        SLUICE_INGRESS_PORT: "0",
        ...env,
      },
    });
  }

  /** Runs a command to its end. */
  async run(args: readonly string[], { input = "", env = {} }: RunOptions = {}): Promise<Ended> {
    const child = this.start(args, env);
    const output = { stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (text: string) => (output.stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (output.stderr += text));
    // A command that does not read its input may be gone before it is written.
    child.stdin.on("error", () => undefined).end(input);
    const [code] = (await once(child, "close")) as [number | null];
    return { code, ...output };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // At once, not by "sluice down": what was to be seen was seen. Where there is no home there is no hub.
    if (existsSync(this.home)) {
      if (process.platform === "linux") await killHomeProcesses(this.home);
      else await this.run(["down"]);
    }
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
