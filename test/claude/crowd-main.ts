// The long crowd: `node test/claude/crowd-main.ts [--events N --sessions N --rounds N --kills N]`.
// Prints its table; exits with 1 when an event was lost, or told twice without saying so.
import { parseArgs } from "node:util";

import { runCrowd } from "./crowd.ts";
import { Sluice } from "./sluice.ts";
import { withStage } from "./with-client.ts";

const { values } = parseArgs({
  options: {
    events: { type: "string", default: "3000" },
    sessions: { type: "string", default: "10" },
    rounds: { type: "string", default: "20" },
    kills: { type: "string", default: "20" },
  },
});
const [events, sessions, rounds, kills] = [
  Number(values.events),
  Number(values.sessions),
  Number(values.rounds),
  Number(values.kills),
];

await withStage({ name: "crowd", env: { SLUICE_INGRESS_PORT: "0" } }, async (stage) => {
  const sluice = new Sluice(stage);
  await sluice.install();
  const result = await runCrowd({ ...stage, sluice }, { events, sessions, rounds, kills });
  const { untold, repeated, copied, states } = result;
  console.table([result.sent, result.done, states]);
  console.log(result);
  const { seen = 0, done = 0, expired = 0 } = states;
  const faults = untold.length + repeated.length + copied.length;
  process.exitCode = faults === 0 && seen + done + expired === events ? 0 : 1;
});
