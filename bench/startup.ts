/**
 * Start-up: from spawn to the answer of `initialize`, as a client waits for it.
 *
 * Candidates take turns (A B C A B C), so that whatever else the machine does hits all of them alike.
 */
import { connect } from "../src/host/connect.ts";
import { Wire } from "../src/host/wire.ts";
import type { Program } from "./targets.ts";

/** @returns milliseconds, a sample a round, by candidate; one unmeasured round goes first to warm the disk cache. */
export async function measureStartup(
  programs: Readonly<Record<string, Program>>,
  rounds = 20,
): Promise<Record<string, number[]>> {
  const samples: Record<string, number[]> = Object.fromEntries(
    Object.keys(programs).map((name) => [name, []]),
  );
  for (let round = -1; round < rounds; round++) {
    for (const [name, program] of Object.entries(programs)) {
      const tookMs = await startOnce(program);
      if (round >= 0) samples[name]?.push(tookMs);
    }
  }
  return samples;
}

async function startOnce({ command, args, env, cwd }: Program): Promise<number> {
  const ignore = () => {};
  const startedAt = performance.now();
  await using wire = new Wire({
    command,
    args,
    env,
    cwd: cwd ?? process.cwd(),
    onNotification: ignore,
    onRequest: () => ({}),
    onGarbage: ignore,
    onStderr: ignore,
    onExit: ignore,
  });
  await connect(wire, { name: "sluice-bench", version: "1.0.0" });
  return performance.now() - startedAt;
}
