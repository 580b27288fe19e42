// A program in a terminal of its own: one tmux server per terminal, under a
// socket name nobody else uses. Owns that server and ends it on close.
// Never touches the user's tmux: no configuration is read, no socket shared.
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

import { signal } from "./processes.ts";

const run = promisify(execFile);

export class Terminal {
  readonly pid: number;
  #socket: string;
  #folder: string;

  // A test run that is cut short never gets to close: the tmux server ends with this
  // process, and a program that loses its terminal gets SIGHUP.
  #endServer = (): void => void signal(this.#serverPid, "SIGTERM");
  #serverPid: number;

  private constructor(pid: number, serverPid: number, socket: string, folder: string) {
    this.pid = pid;
    this.#serverPid = serverPid;
    process.once("exit", this.#endServer);
    this.#socket = socket;
    this.#folder = folder;
  }

  /** Runs `command` directly, without a shell, so that `pid` is the program itself. */
  static async open(options: {
    command: string[];
    cwd: string;
    columns?: number;
    rows?: number;
  }): Promise<Terminal> {
    const folder = await mkdtemp(join(tmpdir(), "sluice-tmux-"));
    const socket = join(folder, `s-${randomBytes(4).toString("hex")}`);
    const config = join(folder, "tmux.conf");
    // The last screen of a program that died is what a failing test wants to show.
    await writeFile(
      config,
      "set -g remain-on-exit on\nset -g history-limit 20000\nset -g status off\n",
    );
    const size = ["-x", String(options.columns ?? 160), "-y", String(options.rows ?? 50)];
    const { stdout } = await run(
      "tmux",
      // prettier-ignore
      ['-u', '-S', socket, '-f', config, 'new-session', '-d', '-P', '-F', '#{pane_pid} #{pid}', ...size, '-c', options.cwd, '--', ...options.command],
      {
        timeout: 10_000,
        env: { PATH: process.env["PATH"], LANG: "C.UTF-8", TERM: "xterm-256color" },
      },
    );
    const [pid = 0, serverPid = 0] = stdout.trim().split(" ").map(Number);
    return new Terminal(pid, serverPid, socket, folder);
  }

  /** What stands on the screen now; with `history`, all that scrolled off too. */
  async screen(options: { history?: boolean } = {}): Promise<string> {
    const from = options.history ? ["-S", "-"] : [];
    return (await this.#tmux("capture-pane", "-p", "-J", ...from)).trimEnd();
  }

  /** Types text literally: no key names, no Enter. */
  async type(text: string): Promise<void> {
    await this.#tmux("send-keys", "-l", "--", text);
  }

  /** Presses keys by tmux name: `Enter`, `Escape`, `C-c`, `Down`. */
  async press(...keys: string[]): Promise<void> {
    for (const key of keys) {
      await this.#tmux("send-keys", key);
      // Two keys in one read are taken for a paste, and Escape for a meta prefix.
      await sleep(80);
    }
  }

  /** Polls the screen until it fits; throws with the last screen after `timeoutMs`. */
  async waitForScreen(
    fits: RegExp | string | ((screen: string) => boolean),
    options: { timeoutMs?: number; history?: boolean } = {},
  ): Promise<string> {
    const timeoutMs = options.timeoutMs ?? 15_000;
    const deadlineAt = Date.now() + timeoutMs;
    for (;;) {
      const screen = await this.screen(options);
      if (isFit(screen, fits)) return screen;
      if (Date.now() > deadlineAt)
        throw new Error(`the screen never showed ${String(fits)} in ${timeoutMs} ms:\n${screen}`);
      await sleep(60);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // The server may have gone with its last session; then there is nothing to end.
    await this.#tmux("kill-server").catch(() => "");
    process.off("exit", this.#endServer);
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #tmux(...args: string[]): Promise<string> {
    return (await run("tmux", ["-S", this.#socket, ...args], { timeout: 10_000 })).stdout;
  }
}

function isFit(screen: string, fits: RegExp | string | ((screen: string) => boolean)): boolean {
  if (typeof fits === "function") return fits(screen);
  return typeof fits === "string" ? screen.includes(fits) : fits.test(screen);
}
