/**
 * How long a person waits for a command that asks the hub: `node bench/commands.ts [--rounds 20] [--cli "node bin/sluice.js"] [--before "node OTHER/bin/sluice.js"]`.
 *
 * From the spawn to the end of the process, beside `node -e 0` and one round trip to the hub over its socket. All take turns. `--before` sets
 * another build beside it. Exits 1 where one of the four that people type most takes more than 1.5 times those two together.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { exchange } from "../src/api/client/exchange.ts";
import { toMedian } from "./summary.ts";
import { openSluice, waitForHttp } from "./targets.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "20" },
    cli: {
      type: "string",
      default: `${process.execPath} ${join(import.meta.dirname, "../bin/sluice.js")}`,
    },
    before: { type: "string" },
  },
});

const ROUNDS = Number(values.rounds);
const LIMIT = 1.5;
const NODE = "node -e 0";
const TRIP = "one round trip";

type Words = [string, ...string[]];
const cli = toWords(values.cli);

await using target = await openSluice({ cli });
await waitForHttp(target);
const { env } = target.session;
const { id } = JSON.parse(await run([...cli, "emit", "bench", "hello", "--json"])) as {
  id: string;
};
const { hub } = JSON.parse(await run([...cli, "status", "--json"])) as { hub: { socket: string } };

const LIMITED: Readonly<Record<string, readonly string[]>> = {
  status: ["status"],
  emit: ["emit", "bench", "hello"],
  inbox: ["inbox"],
  trace: ["trace", id],
};
const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  ...LIMITED,
  channels: ["channels"],
  "--help": ["--help"],
  "--version": ["--version"],
  "status --help": ["status", "--help"],
};

const took = new Map<string, number[]>();
const beforeCli = values.before === undefined ? undefined : toWords(values.before);
// The first round is not counted: it keeps the compiled code and warms the disk's cache.
for (let round = -1; round < ROUNDS; round++) {
  await measure(round, NODE, () => run([process.execPath, "-e", "0"]));
  await measure(round, TRIP, async () => {
    await exchange({ socket: hub.socket, method: "GET", path: "/v1/hub", onText: () => {} });
  });
  for (const [name, words] of Object.entries(COMMANDS)) {
    await measure(round, name, () => run([...cli, ...words]));
    if (beforeCli !== undefined)
      await measure(round, `${name}, before`, () => run([...beforeCli, ...words]));
  }
}

const base = readMs(NODE) + readMs(TRIP);
console.log(`| command, median of ${ROUNDS} | ms | of node and a round trip |`);
console.log("| --- | ---: | ---: |");
for (const name of took.keys())
  console.log(`| ${name} | ${readMs(name).toFixed(1)} | ${(readMs(name) / base).toFixed(2)} |`);
const over = Object.keys(LIMITED).filter((name) => readMs(name) > LIMIT * base);
if (over.length > 0) {
  console.error(`over ${LIMIT}: ${over.join(", ")}`);
  process.exitCode = 1;
}

function readMs(name: string): number {
  return toMedian(took.get(name) ?? []);
}

async function measure(round: number, name: string, act: () => Promise<unknown>): Promise<void> {
  const startedAt = performance.now();
  await act();
  const samples = took.get(name) ?? [];
  took.set(name, samples);
  if (round >= 0) samples.push(performance.now() - startedAt);
}

async function run([command, ...args]: Words): Promise<string> {
  const child = spawn(command, args, { env, stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (piece: string) => (text += piece));
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${code}`);
  return text;
}

function toWords(line: string): Words {
  const [first = "", ...rest] = line.split(" ").filter((word) => word !== "");
  return [first, ...rest];
}
