/**
 * A session that was opened with the version before, as it stands when Sluice is updated under it.
 *
 * Owns: its shim, bell and hooks, and the change of hubs. Never: what is expected of it.
 */
import { join } from "node:path";
import type { ReferenceSession } from "../../src/host/session.ts";
import type { SessionOptions } from "../../src/host/session-options.ts";
import { openSession } from "../../src/host/session.ts";
import { openRig, type Rig, until } from "../e2e/rig.ts";
import { type LaneName, toSessionOptions, untilAttached } from "../e2e/sessions.ts";
import { type Program, unpackProgram } from "./program.ts";

export type Before = { rig: Rig; before: Program };
export type Stage = Before & AsyncDisposable;

/** A home with a hub of the version before. Its environment names the new command line, as an update in place leaves it. */
export async function openRigBefore(env: Record<string, string> = {}): Promise<Stage> {
  const rig = openRig({ env });
  const before = unpackProgram(join(rig.folder, "before"));
  const end = () => rig[Symbol.asyncDispose]();
  try {
    await rig.startHub(before.cli);
  } catch (thrown) {
    await end();
    throw thrown;
  }
  return { rig, before, [Symbol.asyncDispose]: end };
}

export async function openSessionBefore(
  { rig, before }: Before,
  lane: LaneName,
  options: Partial<SessionOptions> = {},
): Promise<ReferenceSession> {
  const session = await openSession({
    ...toSessionOptions(rig, lane),
    args: lane === "pull" ? [before.shim] : [before.shim, "--plugin"],
    ...(lane === "pull" ? {} : { hooks: before.hooks }),
    ...options,
  });
  rig.add(() => session.close());
  if (lane === "monitor")
    session.startMonitor({
      command: process.execPath,
      args: [before.bell],
      description: "Sluice bell",
    });
  await untilAttached(rig, lane);
  return session;
}

/** The hub of the version before ends, ours starts, and the session has found it. */
export async function update({ rig }: Before, lane: LaneName): Promise<void> {
  const { pid } = await stopHub(rig);
  await rig.startHub();
  await until("another hub answers", async () => (await rig.hubPid().catch(() => pid)) !== pid);
  await untilAttached(rig, lane);
}

/** As `sluice down`; resolves when it is gone. */
async function stopHub(rig: Rig): Promise<{ pid: number }> {
  const pid = await rig.hubPid();
  const { code, stderr } = await rig.run("down");
  if (code !== 0) throw new Error(`sluice down: ${stderr}`);
  return { pid };
}
