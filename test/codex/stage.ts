/**
 * Everything that one test with the real Codex needs: a scripted model, an empty home, a hub, terminals.
 *
 * Owns: their life. Never: a scenario.
 */
import { execFileSync } from "node:child_process";
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { test } from "vitest";
import { endAll } from "../claude/processes.ts";
import { Sluice } from "../claude/sluice.ts";
import { Terminal } from "../claude/terminal.ts";
import { waitUntil } from "../claude/wait.ts";
import { ResponsesApi } from "./responses-api.ts";

export type CodexStage = {
  codex: string;
  model: ResponsesApi;
  sluice: Sluice;
  project: string;
  env: Record<string, string>;
  /** Codex in a terminal of its own. */
  open(...args: string[]): Promise<Terminal>;
  /** The app-server that the terminals have started. */
  readDaemon(): number;
  /** Waits until the hub has found so many threads. */
  waitForThreads(count: number): Promise<string[]>;
};

const TIMEOUT_MS = 150_000;

/** A test with the real Codex, or none with a reason. */
export function codexTest(claim: string, body: (stage: CodexStage) => Promise<void>): void {
  test(claim, { timeout: TIMEOUT_MS }, async ({ skip, onTestFinished }) => {
    const codex = process.env["SLUICE_CODEX"] ?? "";
    if (!isExecutable(codex)) return skip("SLUICE_CODEX names no codex; .ci/agents installs one");
    const closers: (() => void | Promise<void>)[] = [];
    onTestFinished(async () => {
      for (const close of closers.toReversed()) await close();
    }, 60_000);
    await body(await openStage(codex, (close) => void closers.push(close)));
  });
}

async function openStage(
  codex: string,
  defer: (close: () => void | Promise<void>) => void,
): Promise<CodexStage> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "sluice-codex-")));
  defer(() => rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }));
  const folder = (name: string): string => {
    mkdirSync(join(root, name), { mode: 0o700 });
    return join(root, name);
  };
  const [home, project, codexHome] = [folder("home"), folder("project"), folder("cx")];
  const model = await ResponsesApi.open();
  defer(() => model[Symbol.asyncDispose]());
  writeFileSync(join(codexHome, "config.toml"), toConfig(model.url, project));
  const env = {
    HOME: home,
    PATH: process.env["PATH"] ?? "",
    TERM: "xterm-256color",
    LANG: "C.UTF-8",
    CODEX_HOME: codexHome,
    SCRIPTED_KEY: "none",
    SLUICE_CODEX: codex,
    SLUICE_INGRESS_PORT: "0",
    SLUICE_WEB_PORT: "0",
  };
  const readPid = (name: string): number => {
    const file = join(codexHome, "app-server-daemon", name);
    if (!existsSync(file)) return 0;
    return (JSON.parse(readFileSync(file, "utf8")) as { pid: number }).pid;
  };
  const sluice = new Sluice({
    home: { home, project, env, async [Symbol.asyncDispose]() {} },
    claude: "",
    defer,
  });
  // Before the hub: a shim in it would start another one.
  defer(() =>
    endAll(
      [readPid("daemon-updater.pid"), readPid("daemon.pid")].filter((pid) => pid > 0),
      2_000,
    ),
  );
  const open = async (...args: string[]): Promise<Terminal> => {
    const set = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    const terminal = await Terminal.open({
      command: ["env", "-i", ...set, codex, ...args],
      cwd: project,
    });
    defer(() => terminal[Symbol.asyncDispose]());
    await terminal.waitForScreen(/for shortcuts/, { timeoutMs: 60_000 });
    return terminal;
  };
  const waitForThreads = (count: number): Promise<string[]> =>
    waitUntil(
      async () => {
        const { sessions } = await sluice.status();
        const own = sessions.filter(({ lane }) => lane === "codex");
        return own.length === count ? own.map(({ id }) => id) : undefined;
      },
      { timeoutMs: 60_000, what: `${count} threads of Codex` },
    );
  return {
    codex,
    model,
    sluice,
    project,
    env,
    open,
    readDaemon: () => readPid("daemon.pid"),
    waitForThreads,
  };
}

function toConfig(url: string, project: string): string {
  return `model = "scripted"
model_provider = "scripted"
approval_policy = "on-request"
sandbox_mode = "read-only"
check_for_update_on_startup = false
[features]
default_mode_request_user_input = true
[model_providers.scripted]
name = "scripted"
base_url = "${url}"
wire_api = "responses"
env_key = "SCRIPTED_KEY"
requires_openai_auth = false
request_max_retries = 0
stream_max_retries = 0
[projects."${project}"]
trust_level = "trusted"
`;
}

/** Types a prompt and sends it: Codex takes an Enter that comes with the text for a part of it. */
export async function prompt(terminal: Terminal, text: string): Promise<void> {
  await terminal.type(text);
  await terminal.waitForScreen(text);
  await sleep(500);
  await terminal.press("Enter");
}

/** One verb of Codex, run to its end. */
export function runCodex({ codex, env, project }: CodexStage, ...args: string[]): string {
  return execFileSync(codex, args, { env, cwd: project, encoding: "utf8", timeout: 60_000 });
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    // Not there, or not ours to run: both mean that there is none.
    return false;
  }
}
