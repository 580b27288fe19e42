/**
 * The long fault runs: `npm run test:faults [-- --rounds N --cuts N --kills N]`. Prints tables; exits with 1 when something was lost.
 *
 * Owns: the numbers and the verdict. CI runs the same rigs shorter (faults.test.ts).
 */
import { parseArgs } from "node:util";
import { runChaos } from "./chaos.ts";
import { killHub } from "./kill-hub.ts";
import { cutPower, findObstacle } from "./power-cut.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "200" },
    cuts: { type: "string", default: "60" },
    kills: { type: "string", default: "20" },
    senders: { type: "string", default: "16" },
  },
});
const [rounds, cuts, kills, senders] = [
  values.rounds,
  values.cuts,
  values.kills,
  values.senders,
].map(Number);
const verdicts: boolean[] = [];

const killed = await killHub({ rounds: rounds ?? 200, senders: senders ?? 16 });
console.log("kill -9 of the hub under load");
console.table([killed]);
verdicts.push(killed.lost === 0, killed.doubled === 0, killed.integrity === "ok");

const chaos = [
  await runChaos({ lane: "monitor", kills: kills ?? 20 }),
  await runChaos({ lane: "channel", kills: kills ?? 20 }),
];
console.log("sessions whose hub dies again and again");
console.table(chaos.map((result) => ({ ...result, repeated: result.repeated.length })));
for (const { unread, repeated } of chaos) verdicts.push(unread === 0, repeated.length === 0);

const obstacle = findObstacle();
if (obstacle === undefined) {
  const full = await cutPower({ cuts: cuts ?? 60, synchronous: "FULL" });
  const off = await cutPower({ cuts: 5, synchronous: "OFF" });
  console.log("power cuts on a simulated disk; OFF is the rig's own test: it must lose");
  console.table(
    [full, off].map((result, index) => ({
      synchronous: index === 0 ? "FULL" : "OFF",
      ...result,
      unreadable: result.unreadable.length,
    })),
  );
  for (const fault of full.unreadable) console.log(fault);
  verdicts.push(full.lost === 0, full.unreadable.length === 0, off.lost > 0);
} else {
  console.log(`no power cuts: ${obstacle}`);
}
process.exitCode = verdicts.every(Boolean) ? 0 : 1;
