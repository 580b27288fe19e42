/**
 * What an event of a known sender costs beside a plain webhook's: `node bench/catalogue.ts [--rounds 8] [--quick] [--cli "node bin/sluice.js"]
 * [--dir FOLDER]`.
 *
 * Exits 1 where a sender's event costs more than 1.3 times as much as the same bytes on the webhook. The measure: senders.ts.
 */
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { measureSenders, SENDER_LIMIT } from "./senders.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string" },
    quick: { type: "boolean", default: false },
    cli: {
      type: "string",
      default: `${process.execPath} ${join(import.meta.dirname, "../bin/sluice.js")}`,
    },
    dir: { type: "string", default: tmpdir() },
  },
});

const [command = "", ...words] = values.cli.split(" ").filter((word) => word !== "");
const costs = await measureSenders({
  cli: [command, ...words],
  parent: values.dir,
  rounds: Number(values.rounds ?? (values.quick ? 2 : 8)),
  roundMs: values.quick ? 500 : 1_000,
});
for (const { name, cpuUs, ofWebhook, ofText } of costs)
  console.log(
    `${name.padEnd(34)}${cpuUs.toFixed(0).padStart(6)} µs an event, ${ofWebhook.toFixed(2)} of the same on a webhook, ${ofText.toFixed(2)} of a text's`,
  );
process.exitCode = costs.every(({ ofWebhook }) => ofWebhook <= SENDER_LIMIT) ? 0 : 1;
