/**
 * Runs the load generator (load.mjs) as a child process and reads its result.
 *
 * Owns: the shapes that go in and come out. Never: opens a connection itself.
 */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

export type Request = {
  url: string;
  headers: Readonly<Record<string, string>>;
  /** In an open loop, `BENCH_ID` in it becomes the request's id; in a closed one `[<id>]` is another word each time. */
  body: string;
};

export type ClosedLoopOptions = Request & { connections: number; forMs: number };

export type ClosedLoopResult = {
  /** Answers with a 2xx, per second. */
  perSecond: number;
  ok: number;
  notOk: number;
  errors: number;
  statuses: Record<string, number>;
  p50Ms: number;
  p99Ms: number;
};

export type OpenLoopOptions = Request & {
  ratePerSecond: number;
  forMs: number;
  /** What every id of this run begins with. */
  tag: string;
};

/** One request of an open loop. Times on the clock of `nowMs`; `dueAt` is when it should have left. */
export type Sent = { id: string; dueAt: number; answeredAt: number | null; status: number };

const LOAD = join(import.meta.dirname, "load.mjs");
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

/** Milliseconds on the clock that all processes of this machine share. */
export function nowMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

export async function runClosedLoop(options: ClosedLoopOptions): Promise<ClosedLoopResult> {
  // The shape is load.mjs's own.
  return (await runLoad({ kind: "closed", ...options })) as ClosedLoopResult;
}

export async function runOpenLoop(options: OpenLoopOptions): Promise<Sent[]> {
  return (await runLoad({ kind: "open", ...options })) as Sent[];
}

async function runLoad(options: object): Promise<unknown> {
  const { stdout } = await promisify(execFile)(process.execPath, [LOAD, JSON.stringify(options)], {
    maxBuffer: MAX_OUTPUT_BYTES,
  });
  return JSON.parse(stdout);
}
