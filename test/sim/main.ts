/**
 * The long run: `npm run test:sim [-- --seeds N]`. 10,000 histories, then every seeded bug. Exits 1 when one is not as it should be.
 */
import { parseArgs } from "node:util";
import { BUGS } from "./bugs.ts";
import { isCaught, runSeeds } from "./seeds.ts";

const { values } = parseArgs({ options: { seeds: { type: "string", default: "10000" } } });
const SEEDS_FOR_A_BUG = 600;

const startedAt = performance.now();
const { ok, output } = await runSeeds(0, Number(values.seeds));
process.stdout.write(output);
process.stdout.write(
  `${values.seeds} seeds in ${Math.round((performance.now() - startedAt) / 1_000)} s\n`,
);
let missed = 0;
for (const bug of BUGS) {
  const caught = await isCaught(bug, SEEDS_FOR_A_BUG);
  if (!caught) missed++;
  process.stdout.write(`${caught ? "caught" : "MISSED"}  ${bug.name}\n`);
}
process.exitCode = ok && missed === 0 ? 0 : 1;
