// The real client, driven by its keyboard and read from its screen: one
// interactive session in a terminal. Owns every process that it started and ends
// them by pid; never reads the client's own state.
import { setTimeout as sleep } from "node:timers/promises";

import type { ClientHome } from "./home.ts";
import { endAll, isAlive, listDescendants, signal } from "./processes.ts";
import type { ChildProcess } from "./processes.ts";
import { Terminal } from "./terminal.ts";

// The footer of the input box ("⏸ manual mode on"): no dialog hides the box.
const inputFooter = /[⏵⏸].* on\b/;
// Only while a turn runs does the client offer to interrupt it.
const busyFooter = /esc to interrupt/;

export class Client {
  readonly pid: number;
  readonly terminal: Terminal;
  #seen = new Set<number>();

  private constructor(terminal: Terminal) {
    this.terminal = terminal;
    this.pid = terminal.pid;
  }

  /** Starts an interactive session and waits for its first prompt. */
  static async open(options: {
    claude: string;
    home: ClientHome;
    args?: string[];
    /** False where the test wants to see what stands before the prompt. */
    waitForPrompt?: boolean;
  }): Promise<Client> {
    const env = Object.entries(options.home.env).map(([name, value]) => `${name}=${value}`);
    const terminal = await Terminal.open({
      // prettier-ignore
      command: ['env', '-i', ...env, options.claude, ...(options.args ?? [])],
      cwd: options.home.project,
    });
    const client = new Client(terminal);
    if (options.waitForPrompt !== false) {
      try {
        await client.waitForIdle({ timeoutMs: 30_000 });
      } catch (cause) {
        await client[Symbol.asyncDispose]();
        throw cause;
      }
    }
    return client;
  }

  screen(options: { history?: boolean } = {}): Promise<string> {
    return this.terminal.screen(options);
  }

  waitForScreen(
    fits: RegExp | string | ((screen: string) => boolean),
    options: { timeoutMs?: number; history?: boolean } = {},
  ): Promise<string> {
    return this.terminal.waitForScreen(fits, options);
  }

  /**
   * Waits for an input box with no turn running, on three looks in a row: a turn
   * that begins right now must not pass for idle.
   */
  async waitForIdle(options: { timeoutMs?: number } = {}): Promise<string> {
    let idleLooks = 0;
    return await this.waitForScreen((screen) => {
      idleLooks = inputFooter.test(screen) && !busyFooter.test(screen) ? idleLooks + 1 : 0;
      return idleLooks >= 3;
    }, options);
  }

  async type(text: string): Promise<void> {
    await this.terminal.type(text);
  }

  async press(...keys: string[]): Promise<void> {
    await this.terminal.press(...keys);
  }

  /** Types a prompt and sends it. */
  async submit(text: string): Promise<void> {
    await this.type(text);
    // Enter in the same read as the text would be part of a paste. The box wraps
    // lines, so blanks do not count.
    const tail = withoutBlanks(text).slice(-12);
    await this.waitForScreen((screen) => withoutBlanks(screen).includes(tail), {
      timeoutMs: 5_000,
    });
    await sleep(100);
    await this.press("Enter");
  }

  /** Empties the input box: Escape gives an unanswered prompt back to it. */
  async clearInput(): Promise<void> {
    await this.press("C-u");
  }

  async children(): Promise<ChildProcess[]> {
    const children = await listDescendants(this.pid);
    for (const child of children) this.#seen.add(child.pid);
    return children;
  }

  isAlive(): boolean {
    return isAlive(this.pid);
  }

  /** Sends a signal and waits until the client is gone. */
  async kill(name: NodeJS.Signals = "SIGKILL"): Promise<void> {
    await this.children();
    signal(this.pid, name);
    await this.#waitForDeath(`after ${name}`, 10_000);
  }

  /** Leaves as a user does: `/exit`. */
  async exit(options: { timeoutMs?: number } = {}): Promise<void> {
    await this.children();
    await this.submit("/exit");
    await this.#waitForDeath("after /exit", options.timeoutMs ?? 10_000);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.children();
    signal(this.pid, "SIGTERM");
    await endAll([this.pid], 3_000);
    await this.terminal[Symbol.asyncDispose]();
    // A shim or a monitor that outlived its client would be a fault of ours: the
    // test had its chance to see it, the machine is left clean.
    await endAll([...this.#seen], 2_000);
  }

  async #waitForDeath(occasion: string, timeoutMs: number): Promise<void> {
    const deadlineAt = Date.now() + timeoutMs;
    while (this.isAlive()) {
      if (Date.now() > deadlineAt)
        throw new Error(`the client still ran ${timeoutMs} ms ${occasion}`);
      await sleep(50);
    }
  }
}

function withoutBlanks(text: string): string {
  return text.replaceAll(/\s+/g, "");
}
