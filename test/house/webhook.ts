/**
 * One webhook on its way through the product: the files of src that it enters, measured.
 *
 * Owns: a hub, a shim and a bell that run from src with V8's coverage, the requests, and idle windows to compare with. Never: judges.
 * They are warm: each of a few requests is measured by itself, and a file counts only if every one of them entered it. What a clock makes
 * run in the same seconds is not the webhook's: a function counts only if it was called more often than in any idle window of the same
 * processes, each at least as long. Its text is plain and no person's: what only others need is not counted.
 */
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type * as Session from "../../src/host/session.ts";
import type * as Rig from "../e2e/rig.ts";
import type * as Senders from "../e2e/senders.ts";
import type * as Sessions from "../e2e/sessions.ts";
import type { Calls, Entered } from "./coverage.ts";

/** Files of src. `withClock`: those on the way to the model, and those that a clock entered in the same seconds. */
export type Way = { toCommit: string[]; toModel: string[]; withClock: string[] };

/** What each of the processes called in one window. */
type Window = readonly Entered[];

const PRELOAD = join(import.meta.dirname, "coverage.ts");
const WARM = 2;
const MEASURED = 3;
/** Longer than a burst, and than the rest of a turn before: each event travels alone. */
const APART_MS = 4_000;
/** Idle windows in all: longer than it takes all requests that are measured, so each timer that can be seen with all of them fires. */
const IDLE_MS = 40_000;
/** How much longer one idle window is than the longest way. */
const IDLE_MORE_MS = 500;

/** @throws Error where the product below `root` does not run, or a webhook does not reach the model. */
export async function measureWebhook(root: string): Promise<Way> {
  // Of the commit that is measured: it knows how its own hub and sessions are started.
  const load = <T>(path: string): Promise<T> => import(join(root, path)) as Promise<T>;
  const { openRig, until } = await load<typeof Rig>("test/e2e/rig.ts");
  const sessions = await load<typeof Sessions>("test/e2e/sessions.ts");
  const { post } = await load<typeof Senders>("test/e2e/senders.ts");
  const { openSession } = await load<typeof Session>("src/host/session.ts");

  await using rig = openRig();
  const reports = join(rig.folder, "reports");
  mkdirSync(reports);
  const env = { ...rig.env, SLUICE_HOUSE: reports };
  const run = (file: string): string[] => ["--import", PRELOAD, join(root, "src", file)];

  const hub = rig.spawn([...run("cli/main.ts"), "up", "--foreground", "--detached"], env);
  hub.stdout?.resume();
  hub.stderr?.resume();
  await until("the hub answers", () => rig.status().then(Boolean, () => false));
  const channel = await rig.addChannel({ kind: "webhook", name: "deploys" });

  const pids: number[] = [];
  const taken = new Map<number, number>();
  const takeAll = (): Promise<Entered[]> =>
    Promise.all(
      pids.map(async (pid) => {
        const number = (taken.get(pid) ?? 0) + 1;
        taken.set(pid, number);
        process.kill(pid, "SIGUSR2");
        const file = join(reports, `${pid}-${number}.json`);
        await until(`${pid} reports`, () => existsSync(file));
        return JSON.parse(readFileSync(file, "utf8")) as Entered;
      }),
    );

  const read: { text: string; at: number; window: Window }[] = [];
  const session = await openSession({
    ...sessions.toSessionOptions(rig, "monitor"),
    env,
    args: [...run("shim/main.ts"), "--plugin"],
    // The turn waits: what its end makes run is not on the way to the model.
    model: async ({ text }) => {
      if (text.includes('event_id="'))
        read.push({ text, window: await takeAll(), at: performance.now() });
    },
  });
  rig.add(() => session.close());
  const bell = session.startMonitor({
    command: process.execPath,
    args: run("shim/bell-main.ts"),
    description: "Sluice bell",
  });
  await sessions.untilAttached(rig, "monitor");
  pids.push(await rig.hubPid(), session.serverPid ?? 0, bell.pid ?? 0);

  const windows: Window[] = [];
  let longestMs = 0;
  for (let i = 0; i < WARM + MEASURED; i++) {
    await sleep(APART_MS);
    const from = performance.now();
    await takeAll();
    const { id } = await post(channel.url, JSON.stringify({ title: `deploy ${i} failed` }), {
      authorization: `Bearer ${channel.secret}`,
      "content-type": "application/json",
    });
    const find = () => read.find(({ text }) => text.includes(`event_id="${id}"`));
    await until(`${id} is read`, () => find() !== undefined, 60_000);
    const { window = [], at = 0 } = find() ?? {};
    if (Object.keys(window[0]?.toCommit ?? {}).length === 0)
      throw new Error(`no exec("COMMIT") was seen for ${id}`);
    if (i < WARM) continue;
    windows.push(window);
    longestMs = Math.max(longestMs, at - from);
  }

  const idle: Window[] = [];
  await sleep(APART_MS);
  await takeAll();
  const idleMs = longestMs + IDLE_MORE_MS;
  for (let restMs = IDLE_MS; restMs > 0; restMs -= idleMs) {
    await sleep(idleMs);
    idle.push(await takeAll());
  }
  return {
    toCommit: keepShared(windows.map(([hub]) => toFiles(hub?.toCommit ?? {}))),
    toModel: keepShared(
      windows.map((window) =>
        window.flatMap((one, i) =>
          toFiles(
            one.all,
            idle.map((other) => other[i]?.all ?? {}),
          ),
        ),
      ),
    ),
    withClock: keepShared(windows.map((window) => window.flatMap(({ all }) => toFiles(all)))),
  };
}

/** Files with a function that was called more often than in any of `idle`. */
function toFiles(calls: Calls, idle: readonly Calls[] = []): string[] {
  const own = Object.entries(calls).filter(([name, count]) =>
    idle.every((other) => count > (other[name] ?? 0)),
  );
  return [...new Set(own.map(([name]) => name.slice(0, name.indexOf("#"))))];
}

function keepShared([first = [], ...others]: string[][]): string[] {
  return [...new Set(first)]
    .filter((path) => others.every((list) => list.includes(path)))
    .toSorted();
}
