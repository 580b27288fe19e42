/**
 * One run of a program that opens a tunnel, from its start to its end.
 *
 * Owns: its process group, and reading what it prints. Never: starts it again (tunnel.ts).
 */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Env } from "../../local/home.ts";
import { readErrorCode, toMessage } from "../../sdk/errors.ts";
import type { RunTunnelTool, ToolWord, TunnelTool, TunnelWish } from "./tool.ts";

const TAIL_LINES = 12;
const MAX_LINE = 1_000;
const STOP_MS = 3_000;
const RUN_MS = 10_000;

export type Ending = {
  reason: string;
  /** What is wrong is known, and it will hardly mend by itself. */
  isKnown: boolean;
};

type ToolStart = {
  tool: TunnelTool;
  wish: TunnelWish;
  program: string;
  args: readonly string[];
  env: Env;
  onWord: (word: ToolWord) => void;
};

export class ToolProcess {
  readonly pid: number | undefined;
  readonly ended: Promise<Ending>;
  readonly #child: ChildProcess;
  readonly #start: ToolStart;
  #tail: string[] = [];

  constructor(start: ToolStart) {
    this.#start = start;
    const { program, args, env, tool, wish } = start;
    this.#child = spawn(program, args, {
      cwd: "/",
      env: toToolEnvironment(env, tool, wish),
      stdio: ["ignore", "pipe", "pipe"],
      // A group of its own: Ctrl-C at a hub in the foreground is for the hub, and a wrapper goes with what it has started.
      detached: true,
      windowsHide: true,
    });
    this.pid = this.#child.pid;
    const { stdout, stderr } = this.#child;
    for (const input of [stdout, stderr])
      if (input !== null) createInterface({ input }).on("line", (line) => this.#read(line));
    this.ended = new Promise((resolve) => {
      this.#child.once("error", (fault) =>
        resolve({
          reason: `${tool.name} does not start (${toMessage(fault)}); look at ${program}`,
          isKnown: true,
        }),
      );
      // "close" and not "exit": its last lines say why, and may come later.
      this.#child.once("close", (code, signal) => resolve(this.#toEnding(code, signal)));
    });
  }

  /** Resolves once it is gone. */
  async stop(): Promise<void> {
    this.#signal("SIGTERM");
    const cut = setTimeout(() => this.#signal("SIGKILL"), STOP_MS);
    await this.ended;
    clearTimeout(cut);
  }

  #read(line: string): void {
    const { tool, wish, onWord } = this.#start;
    const text = line.slice(0, MAX_LINE);
    this.#tail = [...this.#tail, text].slice(-TAIL_LINES);
    const word = tool.read(text, wish);
    if (word !== undefined) onWord(word);
  }

  #toEnding(code: number | null, signal: NodeJS.Signals | null): Ending {
    const { tool } = this.#start;
    const known = tool.explain(this.#tail.join("\n"));
    if (known !== undefined) return { reason: known, isKnown: true };
    const how = signal === null ? `with exit code ${code}` : `by ${signal}`;
    const last = this.#tail.findLast((line) => line.trim() !== "");
    const words = last === undefined ? "" : `; its last line: ${toPlainLine(last)}`;
    return { reason: `${tool.name} ended ${how}${words}`, isKnown: false };
  }

  #signal(signal: NodeJS.Signals): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    signalGroup(pid, signal);
  }
}

/** The process and what it has started. */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (thrown) {
    // Gone already; of one that nobody has waited for yet macOS says EPERM.
    const code = readErrorCode(thrown);
    if (code !== "ESRCH" && code !== "EPERM") throw thrown;
  }
}

export function toRunTool(program: string, env: Env): RunTunnelTool {
  return (args) =>
    new Promise((resolve, reject) => {
      const options = { cwd: "/", env: { ...env }, timeout: RUN_MS, windowsHide: true };
      execFile(program, [...args], options, (fault, stdout) =>
        fault === null ? resolve(stdout) : reject(fault),
      );
    });
}

function toToolEnvironment(
  env: Env,
  { dropsVariable }: TunnelTool,
  wish: TunnelWish,
): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => dropsVariable?.(name, wish) !== true);
  return Object.fromEntries(kept);
}

/** Without the time and the level that a log puts in front, and on one line. */
function toPlainLine(line: string): string {
  return line
    .replace(/^\d{4}-\d\d-\d\dT\S+ (?:[A-Z]{3} )?/, "")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, 300);
}
