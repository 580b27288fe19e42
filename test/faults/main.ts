/**
 * The long fault runs: `npm run test:faults [-- --rounds N --cuts N --kills N …]`. Prints tables; exits with 1 when something was lost.
 * `--only small-disk,corrupt,stopped,paused` (or kills, chaos, power) runs these alone.
 *
 * Owns: the numbers and the verdict. CI runs the same rigs shorter (faults.test.ts, disk.test.ts, stopped.test.ts).
 */
import { parseArgs } from "node:util";
import { runChaos } from "./chaos.ts";
import { corrupt } from "./corrupt.ts";
import { killHub } from "./kill-hub.ts";
import { pauseReaders } from "./paused-reader.ts";
import { cutPower, findObstacle } from "./power-cut.ts";
import { fillDisk, findMountObstacle, startReadOnly } from "./small-disk.ts";
import { stopEach } from "./stopped.ts";
import { takeEvents } from "./take-events.ts";

const RIGS = {
  kills: runKills,
  chaos: runSessions,
  power: runPower,
  "small-disk": runSmallDisk,
  corrupt: runCorrupt,
  stopped: runStopped,
  paused: runPaused,
  taken: runTaken,
};

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "200" },
    cuts: { type: "string", default: "60" },
    kills: { type: "string", default: "20" },
    senders: { type: "string", default: "16" },
    damages: { type: "string", default: "200" },
    "stopped-seconds": { type: "string", default: "60" },
    "taken-events": { type: "string", default: "100000" },
    "paused-events": { type: "string", default: "80000" },
    only: { type: "string", default: Object.keys(RIGS).join(",") },
  },
});
const only = values.only.split(",");
const verdicts: boolean[] = [];
for (const [name, run] of Object.entries(RIGS)) {
  if (!only.includes(name)) continue;
  const isWell = await run();
  console.log(`${name}: ${isWell ? "well" : "NOT WELL"}`);
  verdicts.push(isWell);
}
process.exitCode = verdicts.length > 0 && verdicts.every(Boolean) ? 0 : 1;

async function runKills(): Promise<boolean> {
  const killed = await killHub({
    rounds: Number(values.rounds),
    senders: Number(values.senders),
  });
  console.log("kill -9 of the hub under load");
  console.table([killed]);
  return killed.lost === 0 && killed.doubled === 0 && killed.integrity === "ok";
}

async function runSessions(): Promise<boolean> {
  const kills = Number(values.kills);
  const chaos = [
    await runChaos({ lane: "monitor", kills }),
    await runChaos({ lane: "channel", kills }),
  ];
  console.log("sessions whose hub dies again and again");
  console.table(chaos.map((result) => ({ ...result, repeated: result.repeated.length })));
  return chaos.every(({ unread, repeated }) => unread === 0 && repeated.length === 0);
}

async function runTaken(): Promise<boolean> {
  const taken = await takeEvents({
    events: Number(values["taken-events"]),
    kills: Number(values.kills),
    senders: Number(values.senders),
  });
  console.log("a client of MCP Events polls while the hub dies again and again");
  console.table([taken]);
  return taken.missing + taken.doubled + taken.disordered + taken.truncated === 0;
}

async function runPower(): Promise<boolean> {
  const obstacle = findObstacle();
  if (obstacle !== undefined) {
    console.log(`no power cuts: ${obstacle}`);
    return true;
  }
  const cuts = Number(values.cuts);
  const full = await cutPower({ cuts, synchronous: "FULL" });
  const failing = await cutPower({ cuts, synchronous: "FULL", failsToSync: true });
  const off = await cutPower({ cuts: 5, synchronous: "OFF" });
  console.log("power cuts on a simulated disk; OFF is the rig's own test: it must lose");
  console.table(
    [full, failing, off].map((result, index) => ({
      synchronous: ["FULL", "FULL, failing", "OFF"][index],
      ...result,
      unreadable: result.unreadable.length,
    })),
  );
  const faults = [...full.unreadable, ...failing.unreadable];
  for (const fault of faults) console.log(fault);
  return full.lost + failing.lost === 0 && faults.length === 0 && off.lost > 0;
}

async function runSmallDisk(): Promise<boolean> {
  const obstacle = findMountObstacle();
  if (obstacle !== undefined) {
    console.log(`no small disk: ${obstacle}`);
    return true;
  }
  const full = await fillDisk();
  const readOnly = await startReadOnly();
  console.log("a full disk; a disk that may only be read");
  console.log(full, readOnly);
  const isHonest = full.acceptedWhileFull === 0 && full.otherRefusals.length === 0;
  const isBack = full.acceptedAfterMs <= 5_000 && full.unread === 0 && full.integrity === "ok";
  return isHonest && isBack && readOnly.code === 78 && readOnly.lines.length === 1;
}

async function runCorrupt(): Promise<boolean> {
  const result = await corrupt({ rounds: Number(values.damages) });
  console.log("damage at random places of the inbox and of its log");
  console.log(result);
  return result.silent.length === 0 && result.wrong.length === 0;
}

async function runStopped(): Promise<boolean> {
  const results = await stopEach({ stoppedMs: Number(values["stopped-seconds"]) * 1_000 });
  console.log("SIGSTOP of shim, client, hub");
  console.table(results.map((result) => ({ ...result, repeated: result.repeated.length })));
  return results.every((one) => one.unread + one.open + one.repeated.length === 0);
}

async function runPaused(): Promise<boolean> {
  const result = await pauseReaders({ events: Number(values["paused-events"]) });
  console.log("readers that do not read, events of 4 kB");
  console.table([result]);
  return result.lost === 0 && result.refused === 0 && result.grownMiB <= 32;
}
