/** A hub whose clock is wrong, is set right, or stood still while the machine slept: nothing is lost or forgotten by that. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { makeFolder } from "../../src/store/sample.fixture.ts";
import { endProcess, openRig, type Rig } from "./rig.ts";
import { GITHUB_SECRET, post, toWorkflowRun } from "./senders.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const PRELOAD = join(import.meta.dirname, "set-clock.fixture.mjs");

/** `set`: the clock alone moves. `pass`: the machine counts that time, too, as it does asleep. */
class Clock {
  readonly #file: string;
  #setMs = 0;
  #passedMs = 0;

  constructor(file: string) {
    this.#file = file;
    this.#write();
  }

  set(ms: number): void {
    this.#setMs += ms;
    this.#write();
  }

  pass(ms: number): void {
    this.#passedMs += ms;
    this.#write();
  }

  #write(): void {
    writeFileSync(this.#file, JSON.stringify({ setMs: this.#setMs, passedMs: this.#passedMs }));
  }
}

type Scene = {
  rig: Rig;
  clock: Clock;
  /** Waits for some rounds of upkeep. */
  rounds: () => Promise<void>;
  readCounts: () => Promise<{ stored: number; expired: number }>;
  /** One delivery, ever again. */
  send: () => Promise<number>;
  sendAnother: () => Promise<number>;
};

async function openScene(): Promise<Scene> {
  const file = join(makeFolder(), "clock.json");
  const clock = new Clock(file);
  const rig = openRig({ env: { NODE_OPTIONS: `--import=${PRELOAD}`, SLUICE_SET_CLOCK: file } });
  onTestFinished(() => rig[Symbol.asyncDispose]());
  await rig.startHub();
  const github = await rig.addChannel({ kind: "github", secret: GITHUB_SECRET });
  const known = toWorkflowRun();
  return {
    rig,
    clock,
    rounds: () => sleep(1_500),
    readCounts: async () => {
      const { stored = 0, expired = 0 } = (await rig.status()).events;
      return { stored, expired };
    },
    send: async () => (await post(github.url, known.body, known.headers)).status,
    sendAnother: async () => {
      const { body, headers } = toWorkflowRun();
      return (await post(github.url, body, headers)).status;
    },
  };
}

/** The ten minutes in which a clock that moved is not believed. */
async function wait(scene: Scene): Promise<void> {
  await scene.rounds();
  for (let i = 0; i < 3; i++) {
    scene.clock.pass(4 * 60_000);
    await scene.rounds();
  }
}

test.each<[string, (scene: Scene) => Promise<void>]>([
  [
    "at its start",
    async ({ rig, clock }) => {
      expect((await rig.run("down")).code).toBe(0);
      clock.set(40 * DAY);
      await rig.startHub();
    },
  ],
  [
    "at its start after a kill",
    async ({ rig, clock }) => {
      const pid = await rig.hubPid();
      process.kill(pid, "SIGSTOP");
      clock.set(40 * DAY);
      await endProcess(pid, "SIGKILL");
      await rig.startHub();
    },
  ],
  [
    "while it runs",
    ({ clock }) => {
      clock.set(40 * DAY);
      return Promise.resolve();
    },
  ],
])(
  "CLOCK-1: a clock that is 40 days ahead %s expires nothing and forgets nothing, however long it stays wrong; set right again, all ages as ever",
  async (_, goWrong) => {
    const scene = await openScene();
    const { rig, clock, readCounts, send, sendAnother } = scene;
    expect(await send()).toBe(202);
    for (let i = 0; i < 4; i++) expect(await sendAnother()).toBe(202);
    await goWrong(scene);
    await wait(scene);
    expect(await readCounts()).toEqual({ stored: 5, expired: 0 });
    expect(await send()).toBe(200);
    expect((await rig.run("status")).stdout).toContain("nobody saw that time pass");
    expect((await rig.run("doctor")).stdout).toMatch(/ok {2}clock .*nobody saw that time pass/);
    expect(await sendAnother()).toBe(202);
    // NTP has come at last.
    clock.set(-40 * DAY);
    await wait(scene);
    expect(await readCounts()).toEqual({ stored: 6, expired: 0 });
    expect((await rig.run("status")).stdout).not.toContain("nobody saw that time pass");
    const events = await rig.events();
    const { now = 0 } = (await rig.status()).clock ?? {};
    expect(events.filter(({ receivedAt }) => receivedAt > now)).toEqual([]);
    clock.pass(DAY);
    await wait(scene);
    expect(await readCounts()).toEqual({ stored: 0, expired: 6 });
    expect(await send()).toBe(200);
  },
);

test("a clock that is 40 days behind at the start, and set right later, expires nothing early", async () => {
  const scene = await openScene();
  const { rig, clock, readCounts, sendAnother } = scene;
  expect(await sendAnother()).toBe(202);
  expect((await rig.run("down")).code).toBe(0);
  clock.set(-40 * DAY);
  await rig.startHub();
  expect(await sendAnother()).toBe(202);
  await wait(scene);
  clock.set(40 * DAY);
  await wait(scene);
  expect(await readCounts()).toEqual({ stored: 2, expired: 0 });
  clock.pass(2 * DAY);
  await wait(scene);
  expect(await readCounts()).toEqual({ stored: 0, expired: 2 });
});

test("three weeks of sleep are time that passed: after ten minutes, in which all that waits may be delivered, it is too old", async () => {
  const scene = await openScene();
  const { rig, clock, readCounts, sendAnother } = scene;
  expect(await sendAnother()).toBe(202);
  clock.pass(21 * DAY);
  await scene.rounds();
  expect(await readCounts()).toEqual({ stored: 1, expired: 0 });
  expect((await rig.run("status")).stdout).not.toContain("nobody saw that time pass");
  await wait(scene);
  expect(await readCounts()).toEqual({ stored: 0, expired: 1 });
});

test("a hub that was not running for two days, on a machine that was, ends what is too old, ten minutes after its start", async () => {
  const scene = await openScene();
  const { rig, clock, readCounts, sendAnother } = scene;
  expect(await sendAnother()).toBe(202);
  expect((await rig.run("down")).code).toBe(0);
  clock.pass(2 * DAY);
  await rig.startHub();
  await scene.rounds();
  expect(await readCounts()).toEqual({ stored: 1, expired: 0 });
  await wait(scene);
  expect(await readCounts()).toEqual({ stored: 0, expired: 1 });
});
