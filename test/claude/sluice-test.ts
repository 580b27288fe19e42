// Registers a test of Sluice in the real client: plugin installed by the command line,
// a session open and connected. Owns the set-up, and what must hold after every one:
// no dialog, no failed hook, no process left behind.
import { expect } from "vitest";

import { stageTest } from "./claude-test.ts";
import type { Client } from "./client.ts";
import { isAlive } from "./processes.ts";
import type { Script } from "./scripted-api.ts";
import { listOurs, Sluice } from "./sluice.ts";
import { waitUntil } from "./wait.ts";
import type { Stage } from "./with-client.ts";

export type PermissionMode = "auto" | "manual";

export type SluiceOptions = {
  mode?: PermissionMode;
  args?: string[];
  script?: Script;
};

export type SluiceStage = Stage & { sluice: Sluice };

/** A test that opens its sessions itself. */
export function sluiceTest(
  claim: string,
  options: Pick<SluiceOptions, "script">,
  body: (stage: SluiceStage) => Promise<void>,
): void {
  // Port 0: the hub of a test takes any free port, and keeps it over a restart.
  const env = { SLUICE_INGRESS_PORT: "0", SLUICE_WEB_PORT: "0" };
  stageTest(claim, { script: options.script, env }, async (stage) => {
    const sluice = new Sluice(stage);
    await sluice.install();
    await body({ ...stage, sluice });
  });
}

/** A test with one session, idle at its first prompt, shim and bell connected. */
export function sessionTest(
  claim: string,
  options: SluiceOptions,
  body: (stage: SluiceStage & { client: Client }) => Promise<void>,
): void {
  sluiceTest(claim, options, async (stage) => {
    const client = await stage.open(toArgs(options));
    await stage.sluice.waitForSessions();
    await body({ ...stage, client });
    await expectClean(stage, client);
  });
}

export function toArgs({ mode = "auto", args = [] }: Omit<SluiceOptions, "script">): string[] {
  return ["--permission-mode", mode, ...args];
}

/** What no user of Sluice may ever see on the screen. */
export async function expectQuietScreen(client: Client): Promise<void> {
  const screen = await client.screen({ history: true });
  expect(screen).not.toMatch(/hook.{0,40}(failed|error|timed out|problem)/i);
  expect(screen).not.toMatch(/do you want to proceed|charge for classifier/i);
}

/** A session ends, and with it every process that it had of ours. */
async function expectClean({ api }: SluiceStage, client: Client): Promise<void> {
  if (!client.isAlive()) return;
  await expectQuietScreen(client);
  expect(api.requests.filter(({ kind }) => kind === "classifier")).toEqual([]);
  const { shims, bells } = await listOurs(client.pid);
  await client.kill("SIGTERM");
  await expectGone([...shims, ...bells]);
}

/** Processes that must leave by themselves, soon. */
export async function expectGone(pids: number[], timeoutMs = 4_000): Promise<void> {
  await waitUntil(() => (pids.some(isAlive) ? undefined : true), {
    timeoutMs,
    what: `the end of processes ${pids.join(" ")}`,
  });
}
