/**
 * `sluice agent` with the real Agent SDK and a scripted model on loopback, in a home of its own.
 *
 * Owns: what it starts. Never: reaches into the store.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { type Script, ScriptedApi } from "../claude/scripted-api.ts";
import { Sluice } from "../claude/sluice.ts";
import { waitUntil } from "../claude/wait.ts";

const ENTRY = fileURLToPath(new URL("../../bin/sluice.js", import.meta.url));
export const SLOW_MS = 180_000;

/** Undefined where no SDK is installed for tests. */
export function findSdk(): string | undefined {
  const sdk = process.env["SLUICE_AGENT_SDK"] ?? "";
  return sdk !== "" && existsSync(join(sdk, "node_modules")) ? sdk : undefined;
}

export class AgentStage {
  readonly model: ScriptedApi;
  readonly sluice: Sluice;
  readonly project: string;
  readonly home: string;
  readonly #env: Record<string, string>;
  #child: ChildProcess | undefined;
  output = "";

  private constructor(
    model: ScriptedApi,
    sluice: Sluice,
    project: string,
    env: Record<string, string>,
  ) {
    this.model = model;
    this.sluice = sluice;
    this.project = project;
    this.home = env["HOME"] ?? "";
    this.#env = env;
  }

  static async open(sdk: string, script: Script): Promise<AgentStage> {
    const closers: (() => void | Promise<void>)[] = [];
    const defer = (close: () => void | Promise<void>): void => void closers.push(close);
    onTestFinished(async () => {
      for (const close of closers.toReversed()) await close();
    }, 60_000);
    const root = realpathSync(mkdtempSync(join(tmpdir(), "sluice-agent-")));
    defer(() => rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }));
    const model = await ScriptedApi.open();
    model.script = script;
    defer(() => model[Symbol.asyncDispose]());
    const [home, project] = [join(root, "home"), join(root, "project")];
    for (const folder of [home, project, join(home, ".sluice")]) mkdirSync(folder, { mode: 0o700 });
    symlinkSync(sdk, join(home, ".sluice", "agent-sdk"));
    const env = {
      HOME: home,
      PATH: process.env["PATH"] ?? "",
      LANG: "C.UTF-8",
      ANTHROPIC_BASE_URL: model.url,
      ANTHROPIC_API_KEY: "none",
      DISABLE_AUTOUPDATER: "1",
      SLUICE_INGRESS_PORT: "0",
      SLUICE_WEB_PORT: "0",
    };
    const place = { home, project, env, async [Symbol.asyncDispose]() {} };
    const sluice = new Sluice({ home: place, claude: "", defer });
    const stage = new AgentStage(model, sluice, project, env);
    defer(async () => void (await stage.end("SIGKILL")));
    return stage;
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  start(...args: string[]): void {
    const child = spawn(process.execPath, [ENTRY, "agent", "--cwd", this.project, ...args], {
      cwd: this.project,
      env: this.#env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => (this.output += text));
    this.#child = child;
  }

  /** Resolves with its exit code. */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#child;
    if (child === undefined) return null;
    if (child.exitCode === null && child.signalCode === null) {
      const closed = new Promise((resolve) => child.once("exit", resolve));
      child.kill(signal);
      await closed;
    }
    return child.exitCode;
  }

  untilReady() {
    return waitUntil(
      async () => {
        const { sessions } = await this.sluice.status();
        return sessions.some(({ lane, busy }) => lane === "agent" && !busy) || undefined;
      },
      { timeoutMs: SLOW_MS, what: `an agent's session; it says: ${this.output}` },
    );
  }

  /** How many turns of the model begin with a message that holds these words. */
  countTurns(words: string): number {
    return this.model.turns.filter((request) => {
      const last = JSON.stringify(request.body).split('"role":"user"').at(-1) ?? "";
      return last.includes(words) && !last.includes('"tool_result"');
    }).length;
  }
}
