/**
 * What is measured: how each candidate is started, where it is posted to, and what a session spawns.
 *
 * Owns: processes and folders of one run. Never: measures.
 */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { ReceiveHow } from "./receiver.ts";

/** A command that a session spawns. `env` is the whole environment. */
export type Program = {
  command: string;
  args: readonly string[];
  env: Readonly<Record<string, string>>;
  cwd?: string;
};

export type Target = AsyncDisposable & {
  name: string;
  url: string;
  headers: Readonly<Record<string, string>>;
  session: Program;
  receive: ReceiveHow;
};

/** Only what can be posted to. */
export type BareTarget = Pick<Target, "name" | "url" | "headers"> &
  AsyncDisposable & { pid: number };

const HERE = import.meta.dirname;
const CONTENT = { "content-type": "text/plain" };

/** The reference receiver. Server and listener are one process, which the session spawns. */
export async function openReference(runtime: "node" | "bun"): Promise<Target> {
  const port = await findFreePort();
  return {
    name: `reference (${runtime})`,
    url: `http://127.0.0.1:${port}/`,
    headers: CONTENT,
    session: {
      command: runtime === "bun" ? join(HERE, "node_modules/bun/bin/bun.exe") : process.execPath,
      args: [join(HERE, "reference.mjs")],
      env: { ...toBaseEnvironment(), PORT: String(port) },
    },
    receive: "notifications",
    async [Symbol.asyncDispose]() {},
  };
}

/** What keeping alone costs (bare.mjs), in a process that runs until it is disposed of. Nothing is delivered, so no session is spawned. */
export async function openBare(
  mode: "group" | "plain",
  parent: string = tmpdir(),
): Promise<BareTarget> {
  const home = mkdtempSync(join(parent, "sluice-bare-"));
  const port = await findFreePort();
  const child = spawn(process.execPath, [join(HERE, "bare.mjs")], {
    env: {
      ...toBaseEnvironment(),
      MODE: mode,
      PORT: String(port),
      FILE: join(home, "inbox.db"),
    },
    stdio: ["ignore", "ignore", "inherit"],
  });
  return {
    name: mode === "group" ? "bare, group commit" : "bare, a commit each",
    url: `http://127.0.0.1:${port}/`,
    headers: CONTENT,
    pid: child.pid ?? 0,
    async [Symbol.asyncDispose]() {
      const ended = once(child, "exit");
      child.kill();
      await ended;
      rmSync(home, { recursive: true, force: true });
    },
  };
}

export type SluiceOptions = {
  /** The CLI, as words: `['node', 'bin/sluice.js']`. */
  cli: readonly [string, ...string[]];
  /** What a client spawns. Default: the CLI's `mcp`. */
  shim?: readonly [string, ...string[]];
  lane?: "channel" | "pull";
  /** Where SLUICE_HOME is made: the disk that is measured. */
  parent?: string;
  /** Starts the hub in another way, and gives its process; the CLI finds it. */
  start?: (env: Readonly<Record<string, string>>) => Promise<number>;
};

/** Sluice: a hub with one webhook channel and no rate limit, in a home of its own. */
export async function openSluice({
  cli,
  shim = [...cli, "mcp"],
  lane = "channel",
  parent = tmpdir(),
  start,
}: SluiceOptions): Promise<Target & { pid: number }> {
  const home = mkdtempSync(join(parent, "sluice-bench-"));
  const [ingress, web] = [await findFreePort(), await findFreePort()];
  const env = {
    ...toBaseEnvironment(),
    SLUICE_HOME: home,
    SLUICE_INGRESS_PORT: String(ingress),
    SLUICE_WEB_PORT: String(web),
    SLUICE_LANE: lane,
  };
  const run = async (...words: string[]): Promise<Record<string, unknown>> => {
    const [command, ...args] = [...cli, ...words] as const;
    const { stdout } = await promisify(execFile)(command, args, { env });
    return JSON.parse(stdout);
  };
  const close = async () => {
    await run("down", "--json");
    rmSync(home, { recursive: true, force: true });
  };
  try {
    const started = await start?.(env);
    // Else the command line would start one of its own, and the one that was started so far would leave.
    if (started !== undefined) await waitForFile(join(home, "hub.pid"));
    const hub = await run("up", "--json");
    const added = await run(
      "add",
      "webhook",
      "--name",
      "bench",
      "--rate",
      "0",
      "--quota",
      "5000000",
      "--json",
    );
    const [command, ...args] = shim;
    return {
      name: "sluice",
      pid: started ?? Number(hub["pid"]),
      url: String(added["url"]),
      headers: {
        ...CONTENT,
        "x-sluice-priority": "urgent",
        authorization: `Bearer ${String(added["token"])}`,
      },
      // The plugin's .mcp.json sets nothing else.
      session: { command, args, env },
      receive: "confirming",
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** @throws Error after `timeoutMs`. */
async function waitForFile(path: string, timeoutMs = 60_000): Promise<void> {
  for (const startedAt = performance.now(); !existsSync(path);) {
    if (performance.now() - startedAt > timeoutMs)
      throw new Error(`${path} is not there after ${timeoutMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Waits until something accepts a POST. @throws Error after `timeoutMs`. */
export async function waitForHttp(
  { url, headers }: Pick<Target, "url" | "headers">,
  timeoutMs = 10_000,
): Promise<void> {
  for (const startedAt = performance.now(); performance.now() - startedAt < timeoutMs;) {
    // Refused until it listens: that is what is being waited for.
    const answer = await fetch(url, { method: "POST", headers, body: "are you there" }).catch(
      () => undefined,
    );
    await answer?.arrayBuffer();
    if (answer?.ok === true) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`${url} did not accept a POST within ${timeoutMs} ms`);
}

export async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string")
    throw new Error("no port to be had on loopback");
  return address.port;
}

export function toBaseEnvironment(): Record<string, string> {
  return {
    PATH: process.env["PATH"] ?? "",
    HOME: process.env["HOME"] ?? tmpdir(),
    LANG: "C.UTF-8",
  };
}
