/**
 * How long a client waits for a hook's answer, with the hub running and with the hub stopped by SIGSTOP; and what all of it
 * takes of memory.
 *
 * Owns: a shim, a bell and a session's calls. Never: the targets' processes.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { spawn } from "node:child_process";
import { connect } from "../src/host/connect.ts";
import { Wire } from "../src/host/wire.ts";
import { nowMs } from "./load.ts";
import { requireAnswered } from "./receiver.ts";
import type { Target } from "./targets.ts";

/** In MiB. `resident` counts pages that processes share in each of them, `share` (Pss) in equal parts. */
export type Memory = { resident: number; share: number };
export type HookTimes = {
  up: number[];
  stopped: number[];
  idle: Record<string, Memory>;
  memory: Record<string, Memory>;
};

const BELL = join(import.meta.dirname, "../dist/client/bell.js");

/** `count` calls each way, alternating between a prompt and the end of its turn. */
export async function measureHooks(
  target: Target,
  hubPid: number,
  count: number,
): Promise<HookTimes> {
  const { command, args, env, cwd = process.cwd() } = target.session;
  const wire = new Wire({
    command,
    args,
    env,
    cwd,
    onNotification: () => {},
    onRequest: () => ({}),
    onGarbage: () => {},
    onStderr: () => {},
    onExit: () => {},
  });
  const bell = spawn(process.execPath, [BELL], { env, stdio: ["ignore", "ignore", "inherit"] });
  try {
    await connect(wire, { name: "sluice-bench", version: "1.0.0" });
    const call = async (index: number): Promise<number> => {
      const input = {
        event: index % 2 === 0 ? "UserPromptSubmit" : "Stop",
        session: "bench",
        prompt_id: `prompt-${Math.floor(index / 2)}`,
        prompt: "go on",
      };
      const startedAt = nowMs();
      const answer = await wire.request(
        "tools/call",
        { name: "hook", arguments: input },
        { timeoutMs: 10_000 },
      );
      const tookMs = nowMs() - startedAt;
      requireAnswered(answer);
      return tookMs;
    };
    // The first call attaches.
    for (let index = 0; index < 20; index++) await call(index);
    // A hub that has nothing to do gives memory back some seconds after its start.
    await sleep(10_000);
    const look = () => ({
      hub: readMemory(hubPid),
      shim: readMemory(wire.pid ?? 0),
      bell: readMemory(bell.pid ?? 0),
    });
    const idle = look();
    const up: number[] = [];
    for (let index = 0; index < count; index++) up.push(await call(index));
    const memory = look();
    process.kill(hubPid, "SIGSTOP");
    const stopped: number[] = [];
    try {
      for (let index = 0; index < count / 4; index++) stopped.push(await call(index));
    } finally {
      process.kill(hubPid, "SIGCONT");
    }
    return { up, stopped, idle, memory };
  } finally {
    bell.kill();
    await wire.close();
  }
}

/** As the kernel counts it: https://docs.kernel.org/filesystems/proc.html, smaps_rollup. */
function readMemory(pid: number): Memory {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
  const read = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(text)?.[1]) / 1_024;
  return { resident: read("Rss"), share: read("Pss") };
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
