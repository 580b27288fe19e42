/**
 * A home, a hub and its channels, all real, for one test.
 *
 * Owns: a temporary home, the hub's process, asking it, and ending everything by pid. Never: a session (sessions.ts) or a sender (senders.ts).
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { type HubClient, openClient, read } from "../../src/api/client/client.ts";
import {
  isRunning,
  killHomeProcesses,
  listHomeProcesses,
} from "../../src/local/home-processes.fixture.ts";
import { locateSocket } from "../../src/local/home.ts";
import { readRecent } from "../../src/api/client/read-recent.ts";
import { HUB_NODE_ARGS, isHubAnswering } from "../../src/api/client/start-hub.ts";
import { readCallerFacts } from "../../src/cli/access-terminal.ts";
import { CODE_CACHE } from "../../src/cli/run-cli.fixture.ts";
import type { TraceView } from "../../src/api/wire/trace-wire.ts";
import type { AddChannelRequest, EventView } from "../../src/api/wire/wire.ts";
import { type Endpoint, toEndpoint } from "./senders.ts";

export { isRunning };

export const ROOT = join(import.meta.dirname, "../..");
export const CLI = join(ROOT, "bin/sluice.js");
export const SHIM = join(ROOT, "dist/client/shim.js");
export const BELL = join(ROOT, "dist/client/bell.js");

/** As long as the slowest machine may take; what never comes fails by it. */
const PATIENCE_MS = 60_000;

export type Ran = { code: number | null; stdout: string; stderr: string };

export type RigOptions = { env?: Record<string, string> };

/** A home without a hub. `startHub` gives it one; so does a shim. */
export function openRig(options: RigOptions = {}): Rig {
  return new Rig(options);
}

/** A home with a hub. */
export async function openRigWithHub(options: RigOptions = {}): Promise<Rig> {
  const rig = new Rig(options);
  try {
    await rig.startHub();
    return rig;
  } catch (thrown) {
    await rig[Symbol.asyncDispose]();
    throw thrown;
  }
}

export class Rig implements AsyncDisposable {
  /** Holds the home, and what else a test puts there. */
  readonly folder = mkdtempSync(join(tmpdir(), "sluice-e2e-"));
  readonly home = join(this.folder, "home");
  /** What every process of the test gets; nothing of this process's own but PATH. */
  readonly env: Readonly<Record<string, string>>;
  readonly #client: HubClient;
  readonly #closers: (() => unknown)[] = [];

  constructor({ env = {} }: RigOptions) {
    this.env = {
      PATH: process.env["PATH"] ?? "",
      HOME: this.folder,
      SLUICE_HOME: this.home,
      NODE_COMPILE_CACHE: CODE_CACHE,
      SLUICE_NODE: process.execPath,
      SLUICE_CLI: CLI,
      SLUICE_INGRESS_PORT: String(toPort()),
      SLUICE_WEB_PORT: "0",
      ...env,
    };
    this.#client = openClient(() => locateSocket(this.env));
  }

  get api(): HubClient["api"] {
    return this.#client.api;
  }

  /** Has `close` run when the test ends, before the hub is ended. */
  add(close: () => unknown): void {
    this.#closers.push(close);
  }

  /** A process of this home; ended with the test. */
  spawn(args: readonly string[], env: Record<string, string> = {}): ChildProcess {
    const child = spawn(process.execPath, args, {
      cwd: this.folder,
      env: { ...this.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    return child;
  }

  /**
   * Runs the command line to its end, from a shell beside this process, not below it: sessions that tests open have this one for their
   * client, and what runs below a client is a session's shell.
   */
  run(...args: string[]): Promise<Ran> {
    return this.runBy(CLI, ...args);
  }

  /** The same by another version's command line. */
  runBy(cli: string, ...args: string[]): Promise<Ran> {
    return this.#run(process.execPath, cli, args);
  }

  /** The same with another Node, as its user has it. */
  runWith(node: string, ...args: string[]): Promise<Ran> {
    return this.#run(node, CLI, args);
  }

  async #run(node: string, cli: string, args: readonly string[]): Promise<Ran> {
    const script = '{ "$@" 3>&-; echo $? >&3; } &';
    const child = spawn("sh", ["-c", script, "sh", node, cli, ...args], {
      cwd: this.folder,
      env: this.env,
      stdio: ["ignore", "pipe", "pipe", "pipe"],
    });
    const said = { stdout: "", stderr: "", code: "" };
    child.stdout?.setEncoding("utf8").on("data", (text: string) => (said.stdout += text));
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (said.stderr += text));
    const [, , , exit] = child.stdio;
    if (exit !== null && exit !== undefined)
      (exit as Readable).setEncoding("utf8").on("data", (text: string) => (said.code += text));
    // Once nobody holds its outputs any more.
    await new Promise((resolve) => child.once("close", resolve));
    return { ...said, code: said.code === "" ? null : Number(said.code) };
  }

  /** Starts a hub and waits until it answers. */
  async startHub(cli = CLI): Promise<number> {
    const child = this.spawn([...HUB_NODE_ARGS, cli, "up", "--foreground", "--detached"]);
    let said = "";
    child.stdout?.resume();
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (said += text));
    const socket = locateSocket(this.env);
    await until("the hub answers", async () => {
      // 0: a shim was faster, and its hub is the one that answers.
      if (child.exitCode !== null && child.exitCode !== 0)
        throw new Error(`the hub ended with ${child.exitCode}: ${said}`);
      return isHubAnswering(socket);
    });
    return child.pid ?? 0;
  }

  /** The pid of the hub that answers now, whoever started it. */
  async hubPid(): Promise<number> {
    return (await read(this.api.hub.$get())).pid;
  }

  /** kill -9; resolves when the process is gone. */
  async killHub(): Promise<void> {
    await endProcess(await this.hubPid(), "SIGKILL");
  }

  async addChannel(request: AddChannelRequest): Promise<Endpoint> {
    const { twoWay = false, allowUnsigned = false } = request;
    const json = { caller: readCallerFacts(), ...request, twoWay, allowUnsigned };
    const added = await read(this.api.channels.$post({ json }));
    return toEndpoint(added, request);
  }

  events(): Promise<EventView[]> {
    return readRecent(this.api, { query: {}, limit: 10_000 });
  }

  async event(id: string): Promise<EventView> {
    return (await this.trace(id)).event;
  }

  trace(id: string): Promise<TraceView> {
    return read(this.api.events[":id"].trace.$get({ param: { id } }));
  }

  /** The stages of an event's trace, in order. */
  async stages(id: string): Promise<string[]> {
    return (await this.trace(id)).steps.map(({ stage }) => stage);
  }

  status() {
    return read(this.api.status.$get());
  }

  /** Waits until an event has come to `state`; returns it. A hub that is starting again is waited for. */
  async untilState(id: string, state: string, timeoutMs = PATIENCE_MS): Promise<EventView> {
    let last: EventView | undefined;
    await until(
      `${id} is ${state}`,
      async () => {
        last = await this.event(id).catch(() => undefined);
        return last?.state === state;
      },
      timeoutMs,
      async () => JSON.stringify((await this.trace(id)).steps),
    );
    if (last === undefined) throw new Error(`no event ${id}`);
    return last;
  }

  /** Every process that runs as a hub of this home. */
  listHubs(): number[] {
    return listHomeProcesses(this.home)
      .filter(({ argv }) => argv.includes("--foreground"))
      .map(({ pid }) => pid);
  }

  /** Every process with this home in its environment, but this one. */
  listProcesses(): number[] {
    return listHomeProcesses(this.home).map(({ pid }) => pid);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (let close = this.#closers.pop(); close !== undefined; close = this.#closers.pop()) {
      await close();
    }
    this.#client.close();
    await killHomeProcesses(this.home);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Polls. @throws Error naming `what` after `timeoutMs`. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  timeoutMs = PATIENCE_MS,
  explain: () => string | Promise<string> = () => "",
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  // Many tests wait side by side, and each look is work for their hubs as well: who has waited for long looks less often.
  for (let pauseMs = 25; !(await holds()); pauseMs = Math.min(pauseMs * 1.2, 150)) {
    if (Date.now() > deadline) {
      const why = await Promise.resolve(explain()).catch(String);
      throw new Error(`not within ${timeoutMs} ms: ${what} ${why}`);
    }
    await sleep(pauseMs);
  }
}

/** Signals a process and waits until it is gone. */
export async function endProcess(pid: number, signal: NodeJS.Signals): Promise<void> {
  try {
    process.kill(pid, signal);
  } catch {
    return; // Gone before: what was wanted.
  }
  await until(`${pid} is gone`, () => !isRunning(pid));
}

/** Below the range from which the system takes ports for outgoing connections: a hub that restarts finds its own again. */
function toPort(): number {
  return 10_000 + Math.floor(Math.random() * 20_000);
}
