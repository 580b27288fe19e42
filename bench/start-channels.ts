/**
 * What channels cost a start: `node bench/start-channels.ts [--rounds 7]`, after `npm run build`.
 *
 * A hub with no channel, and one with every built-in kind that can be configured here, against local fakes of the chats. Both take turns, so
 * that whatever else the machine does hits them alike. Ready is the first answer on the hub's socket. Processor time is that of the hub
 * until then; memory is what it holds a while later, with its connections open.
 *
 * Exits 1 where being ready takes more than 1.5 times as long, by the median of the ratios of the rounds.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { FAKE_TOKEN as DISCORD_TOKEN, FakeDiscord } from "../test/fakes/discord/fake-discord.ts";
import { FAKE_TOKEN as NTFY_TOKEN, FakeNtfy } from "../test/fakes/ntfy/fake-ntfy.ts";
import { APP_TOKEN, BOT_TOKEN, FakeSlack } from "../test/fakes/slack/fake-slack.ts";
import {
  FAKE_TOKEN as TELEGRAM_TOKEN,
  FakeTelegram,
} from "../test/fakes/telegram/fake-telegram.ts";
import { FAKE_TOKEN as WHATSAPP_TOKEN, FakeGraph } from "../test/fakes/whatsapp/fake-graph.ts";
import { openClient, read } from "../src/api/client/client.ts";
import type { AddChannelRequest } from "../src/api/wire/wire.ts";
import { CHANNEL_KINDS } from "../src/hub/channels/catalogue.ts";
import { openHub } from "../src/hub/hub.ts";
import { locateSocket } from "../src/local/home.ts";
import { toMessage } from "../src/sdk/errors.ts";
import { readCpuMs } from "./cpu.ts";
import { toMedian } from "./summary.ts";

const BAR = 1.5;
const SETTLE_MS = 4_000;
const TIMEOUT_MS = 60_000;
const ROOT = join(import.meta.dirname, "..");
const CLI = join(ROOT, "bin/sluice.js");
/** Loaded only by the kinds that need them. */
const OPTIONAL = Object.keys(
  (
    JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
      optionalDependencies?: object;
    }
  ).optionalDependencies ?? {},
);

type Start = { readyMs: number; cpuMs: number; memoryMiB: number };

/** A request for each kind; those that no fake serves fail, and are named. */
async function fill(home: string): Promise<{ added: string[]; left: string[] }> {
  const [telegram, discord, slack, graph, ntfy] = await Promise.all([
    FakeTelegram.open(),
    FakeDiscord.open(),
    FakeSlack.open(),
    FakeGraph.open(),
    FakeNtfy.open(),
  ]);
  const known: Record<string, Omit<AddChannelRequest, "kind">> = {
    telegram: { secret: TELEGRAM_TOKEN, settings: { "api-root": telegram.root } },
    discord: { secret: DISCORD_TOKEN, settings: { "api-root": discord.root } },
    slack: {
      secret: BOT_TOKEN,
      secrets: { app_token: APP_TOKEN },
      settings: { "api-root": slack.root },
    },
    whatsapp: {
      secret: "0123456789abcdef0123456789abcdef",
      secrets: { token: WHATSAPP_TOKEN },
      settings: { "api-root": graph.root, number: "106540352242922" },
    },
    ntfy: { secret: NTFY_TOKEN, settings: { server: ntfy.root, topic: "ops" } },
    file: { settings: { path: home } },
    process: { settings: { pid: String(process.pid) } },
    command: { settings: { run: '["true"]', cwd: home } },
    page: { settings: { url: `${ntfy.root}/v1/health` } },
    feed: { settings: { url: `${ntfy.root}/v1/health` } },
    "discord-events": { secret: "0123456789abcdef".repeat(4) },
    sns: { secret: "arn:aws:sns:eu-west-1:123456789012:ops" },
    standard: { secret: `whsec_${Buffer.alloc(24, "bench").toString("base64")}` },
    svix: { secret: `whsec_${Buffer.alloc(24, "bench").toString("base64")}` },
    timer: { settings: { every: "1h", text: "tea" } },
  };
  const quiet = (): void => {};
  const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
  const hub = await openHub({ env: toEnv(home), log, stop: quiet });
  const outcome = { added: [] as string[], left: [] as string[] };
  for (const kind of CHANNEL_KINDS) {
    try {
      const secret = "sluice-bench-secret-of-some-length";
      await hub
        .addChannel({ kind, ...known[kind] })
        .catch((thrown: unknown) =>
          known[kind] === undefined ? hub.addChannel({ kind, secret }) : Promise.reject(thrown),
        );
      outcome.added.push(kind);
    } catch (thrown) {
      outcome.left.push(`${kind} (${toMessage(thrown).slice(0, 60)})`);
    }
  }
  await hub.close();
  return outcome;
}

function toEnv(home: string): Record<string, string> {
  const { PATH = "" } = process.env;
  const ports = { SLUICE_INGRESS_PORT: "0", SLUICE_WEB_PORT: "0" };
  return { PATH, HOME: home, SLUICE_HOME: join(home, "hub"), ...ports };
}

async function start(home: string): Promise<Start> {
  const env = toEnv(home);
  const startedAt = performance.now();
  const hub = spawn(process.execPath, [CLI, "up", "--foreground"], { env, stdio: "ignore" });
  const client = openClient(() => locateSocket(env));
  let pid: number | undefined;
  while (pid === undefined) {
    if (performance.now() - startedAt > TIMEOUT_MS) {
      hub.kill("SIGKILL");
      throw new Error(`the hub in ${home} is not ready (exit ${hub.exitCode})`);
    }
    await sleep(5);
    pid = await read(client.api.hub.$get()).then(
      (view) => view.pid,
      () => undefined,
    );
  }
  const readyMs = performance.now() - startedAt;
  const cpuMs = readCpuMs(pid);
  await sleep(SETTLE_MS);
  const memoryMiB = readMemoryMiB(pid);
  await client.close();
  hub.kill("SIGTERM");
  if (hub.exitCode === null) await once(hub, "exit");
  return { readyMs, cpuMs, memoryMiB };
}

function readMemoryMiB(pid: number): number {
  const [, kib] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Math.round(Number(kib) / 1024);
}

function readBytes(path: string): number {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory() !== true) return found?.size ?? 0;
  return readdirSync(path).reduce((sum, name) => sum + readBytes(join(path, name)), 0);
}

/** Of the packages that an installation brings, by the lock file; and those that only the optional ones need. */
function readInstalled(): { all: number; optional: number } {
  const lock = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8")) as {
    packages: Record<string, { dev?: boolean; optional?: boolean; devOptional?: boolean }>;
  };
  const sizes = { all: readBytes(join(ROOT, "dist")), optional: 0 };
  for (const [path, { dev, optional, devOptional }] of Object.entries(lock.packages)) {
    if (path === "" || dev === true || devOptional === true || path.includes("/node_modules/"))
      continue;
    const bytes = readBytes(join(ROOT, path));
    sizes.all += bytes;
    if (optional === true) sizes.optional += bytes;
  }
  return sizes;
}

const { values } = parseArgs({ options: { rounds: { type: "string", default: "7" } } });
const homes = { none: makeHome(), all: makeHome() };
try {
  const { added, left } = await fill(homes.all);
  const starts: Record<keyof typeof homes, Start[]> = { none: [], all: [] };
  for (let round = -1; round < Number(values.rounds); round++)
    for (const name of ["none", "all"] as const) {
      const one = await start(homes[name]);
      // The first one warms the disk cache.
      if (round >= 0) starts[name].push(one);
    }
  const ratio = (key: keyof Start): number =>
    toMedian(starts.all.map((one, index) => one[key] / (starts.none[index]?.[key] ?? Number.NaN)));
  const median = (name: keyof typeof homes, key: keyof Start): string =>
    toMedian(starts[name].map((one) => one[key])).toFixed(0);
  console.log("| | no channel | every kind | ratio |\n| --- | ---: | ---: | ---: |");
  for (const [key, what] of [
    ["readyMs", "ready, ms"],
    ["cpuMs", "processor until ready, ms"],
    ["memoryMiB", "resident memory, MiB"],
  ] as const)
    console.log(
      `| ${what} | ${median("none", key)} | ${median("all", key)} | ${ratio(key).toFixed(2)} |`,
    );
  const { all, optional } = readInstalled();
  const toMiB = (bytes: number): string => (bytes / 1024 ** 2).toFixed(1);
  console.log(
    `installed: ${toMiB(all)} MiB, without optional packages (${OPTIONAL.join(", ") || "there are none"}) ${toMiB(all - optional)} MiB`,
  );
  console.log(`${added.length} kinds; left out: ${left.join(", ") || "none"}`);
  if (ratio("readyMs") > BAR) {
    console.error(`ready after ${ratio("readyMs").toFixed(2)} times as long; at most ${BAR}`);
    process.exitCode = 1;
  }
} finally {
  for (const home of Object.values(homes)) rmSync(home, { recursive: true, force: true });
}
// The fakes keep the process alive.
process.exit();

function makeHome(): string {
  return mkdtempSync(join(tmpdir(), "sluice-channels-"));
}
