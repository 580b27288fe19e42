/**
 * A channel alone beside the SDK's server: `node bench/run.ts --only serve`.
 *
 * Owns: its four figures. Start: processor time from spawn to the answer of `initialize`. Memory: resident, once it listens. An event: processor
 * time of the server's process for each event that its own code pushed. A slow reader: how much memory grows while nobody reads stdout.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readCpuMs } from "./cpu.ts";
import type { Program } from "./targets.ts";
import { findFreePort, toBaseEnvironment, waitForHttp } from "./targets.ts";

export type ServeFigures = {
  startMs: number;
  idleMiB: number;
  eventUs: number;
  slowMiB: number;
};

export type ServeCandidate = AsyncDisposable & {
  name: string;
  url: string;
  /** As for the first time: nothing is kept of an earlier process. */
  program(): Program;
};

export type ServeSize = { events: number; slowEvents: number };

const EVENT_CHARS = 250;
const SLOW_CHARS = 7_000;

/** `sluice serve` of a file that takes any POST of this machine. */
export async function openServe(parent = tmpdir()): Promise<ServeCandidate> {
  const homes = mkdtempSync(join(parent, "sluice-serve-"));
  const port = await findFreePort();
  const file = join(import.meta.dirname, "serve-channel.mjs");
  const cli = join(import.meta.dirname, "../bin/sluice.js");
  return {
    name: "sluice",
    url: `http://127.0.0.1:${port}/in/bench`,
    program: () => ({
      command: process.execPath,
      args: [cli, "serve", file],
      env: {
        ...toBaseEnvironment(),
        SLUICE_HOME: mkdtempSync(join(homes, "home-")),
        SLUICE_PORT: String(port),
      },
    }),
    async [Symbol.asyncDispose]() {
      rmSync(homes, { recursive: true, force: true });
    },
  };
}

/** The receiver of the channel documents, on the SDK v1: it keeps nothing. */
export async function openServeReference(): Promise<ServeCandidate> {
  const port = await findFreePort();
  return {
    name: "reference (node)",
    url: `http://127.0.0.1:${port}/`,
    program: () => ({
      command: process.execPath,
      args: [join(import.meta.dirname, "serve-reference.mjs")],
      env: { ...toBaseEnvironment(), PORT: String(port) },
    }),
    async [Symbol.asyncDispose]() {},
  };
}

/** One round of one candidate: a process for the events, and one whose output nobody reads. */
export async function measureServe(
  { url, program }: ServeCandidate,
  { events, slowEvents }: ServeSize,
): Promise<ServeFigures> {
  const server = await start(program());
  const { startMs, pid } = server;
  await waitForHttp({ url, headers: {} });
  await rest(pid);
  const idleMiB = readRssMiB(pid);
  const warmUp = Math.ceil(events / 4);
  await post(url, `push ${warmUp} ${EVENT_CHARS}`);
  await server.read(warmUp);
  const before = readCpuMs(pid);
  await post(url, `push ${events} ${EVENT_CHARS}`);
  await server.read(warmUp + events);
  const eventUs = ((readCpuMs(pid) - before) * 1_000) / events;
  await server.end();
  const deaf = await start(program());
  await waitForHttp({ url, headers: {} });
  await post(url, `push 50 ${SLOW_CHARS}`);
  await deaf.read(50);
  await rest(deaf.pid);
  const rested = readRssMiB(deaf.pid);
  deaf.stopReading();
  await post(url, `push ${slowEvents} ${SLOW_CHARS}`);
  await rest(deaf.pid);
  const slowMiB = Math.max(0, readRssMiB(deaf.pid) - rested);
  await deaf.end();
  return { startMs, idleMiB, eventUs, slowMiB };
}

/** Until the process does nothing any more. */
async function rest(pid: number): Promise<void> {
  for (let last = -1, now = readCpuMs(pid); now - last > 2; now = readCpuMs(pid)) {
    last = now;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

async function post(url: string, body: string): Promise<void> {
  const answer = await fetch(url, { method: "POST", body });
  await answer.arrayBuffer();
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
}

type Server = {
  pid: number;
  startMs: number;
  /** Waits until so many notifications were read. */
  read(count: number): Promise<void>;
  stopReading(): void;
  end(): Promise<void>;
};

async function start({ command, args, env }: Program): Promise<Server> {
  const child = spawn(command, args, { env, stdio: ["pipe", "pipe", "ignore"] });
  const { pid, stdin, stdout } = child;
  if (pid === undefined) throw new Error(`${command} could not be started`);
  let isShaken = false;
  let pushed = 0;
  let tail = "";
  stdout.setEncoding("utf8").on("data", (text: string) => {
    const lines = (tail + text).split("\n");
    tail = lines.pop() ?? "";
    for (const line of lines)
      if (line.includes('"notifications/claude/channel"')) pushed++;
      else if (line.includes('"protocolVersion"')) isShaken = true;
  });
  const say = (message: object): void =>
    void stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  const clientInfo = { name: "sluice-bench", version: "1.0.0" };
  const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo };
  say({ id: 1, method: "initialize", params });
  await until(() => isShaken, child);
  const startMs = readCpuMs(pid);
  say({ method: "notifications/initialized" });
  return {
    pid,
    startMs,
    read: (count) => until(() => pushed >= count, child),
    stopReading: () => void stdout.pause(),
    async end() {
      const ended = once(child, "exit");
      stdout.resume();
      stdin.end();
      await ended;
    },
  };
}

async function until(fits: () => boolean, child: ChildProcess): Promise<void> {
  for (const startedAt = performance.now(); !fits();) {
    if (child.exitCode !== null) throw new Error(`the server has ended with ${child.exitCode}`);
    if (performance.now() - startedAt > 120_000) throw new Error("the server did not answer");
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

function readRssMiB(pid: number): number {
  const [, kib] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kib) / 1024;
}
