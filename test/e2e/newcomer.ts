/**
 * Somebody who has just installed Sluice: a HOME with nothing in it, a umask, and an account that is not root's.
 *
 * Owns: the account, the folders, the processes, and ending the hub that they leave. Never: sets what a user would not have set.
 */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { toHome } from "../../src/local/home.ts";
import { isPrivateGroup } from "../../src/local/private-group.ts";
import { readProcess } from "../../src/local/process.ts";
import { readHolder } from "../../src/hub/process/lock.ts";
import { CLI } from "./rig.ts";

export type Ended = { code: number | null; stdout: string; stderr: string };
export type RunOptions = {
  env?: Record<string, string | undefined>;
  /** What is typed; the input then ends. */
  input?: string;
  /** For what does not end by itself: once a hub has its socket, its input ends (after an answer to that), or it gets a SIGTERM. */
  endBy?: "input" | "signal";
};

type Account = { uid: number; gid: number };

const WAIT_MS = 60_000;

/** Who runs the commands: root sees no mode, so an account with a group of its own where the tests run as root. */
export const ACCOUNT: Account | undefined = process.getuid?.() === 0 ? findAccount() : undefined;

function findAccount(): Account | undefined {
  return readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"))
    .map(([, , uid, gid]) => ({ uid: Number(uid), gid: Number(gid) }))
    .filter(({ uid, gid }) => uid > 0 && isPrivateGroup(gid, uid))
    .find((account) => spawnSync(process.execPath, [CLI, "--version"], account).status === 0);
}

export class Newcomer implements AsyncDisposable {
  readonly #folder = mkdtempSync(join(tmpdir(), "sluice-new-"));
  readonly user = join(this.#folder, "ada");
  readonly project = join(this.#folder, "ada", "project");
  readonly home = join(this.user, ".sluice");
  readonly #umask: string;

  constructor(umask: string) {
    this.#umask = umask;
    this.make(this.#folder, 0o755);
    this.make(this.user, 0o755);
    this.make(this.project, 0o755);
  }

  /** A folder of the newcomer's. */
  make(path: string, mode: number): void {
    mkdirSync(path, { recursive: true });
    chmodSync(path, mode);
    if (ACCOUNT !== undefined) chownSync(path, ACCOUNT.uid, ACCOUNT.gid);
  }

  sluice(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
    return this.run([process.execPath, CLI, ...args], options);
  }

  async run(command: readonly string[], options: RunOptions = {}): Promise<Ended> {
    const { env = {}, input = "", endBy } = options;
    const child = spawn("sh", ["-c", `umask ${this.#umask}; exec "$@"`, "sh", ...command], {
      ...ACCOUNT,
      cwd: this.project,
      // No NODE_COMPILE_CACHE, which other tests share: what Node makes in the home is looked at here.
      env: {
        PATH: process.env["PATH"],
        HOME: this.user,
        SLUICE_INGRESS_PORT: "0",
        SLUICE_WEB_PORT: "0",
        ...env,
      },
    });
    const said = { stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (text: string) => (said.stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (said.stderr += text));
    const closed = once(child, "close") as Promise<[number | null]>;
    // A command that does not read its input may be gone before it is written.
    child.stdin.on("error", () => undefined).write(input);
    const hasBegun = (): boolean =>
      existsSync(join(this.home, "hub.sock")) && (endBy === "signal" || said.stdout !== "");
    const deadline = Date.now() + WAIT_MS;
    while (endBy !== undefined && child.exitCode === null && !hasBegun() && Date.now() < deadline)
      await sleep(20);
    child.stdin.end();
    if (endBy === "signal") child.kill("SIGTERM");
    const [code] = await closed;
    return { code, ...said };
  }

  /** Ends the hub, if one runs: only then has Node written the code that it keeps. */
  async end(): Promise<void> {
    const holder = readHolder(toHome(this.home));
    if (holder === undefined || readProcess(holder.pid) === undefined) return;
    process.kill(holder.pid, "SIGTERM");
    const deadline = Date.now() + WAIT_MS;
    while (readProcess(holder.pid) !== undefined) {
      if (Date.now() > deadline) process.kill(holder.pid, "SIGKILL");
      await sleep(20);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end();
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** What lies in a folder, the folder too, and is not 0700 or 0600: `mode path`. */
export function listOpen(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return ["", ...paths].flatMap((path) => {
    const stats = lstatSync(join(folder, path), { throwIfNoEntry: false });
    // SQLite and the hub remove passing files of theirs.
    if (stats === undefined) return [];
    const mode = stats.mode & 0o7777;
    return mode === (stats.isDirectory() ? 0o700 : 0o600) ? [] : [`${mode.toString(8)} ${path}`];
  });
}
