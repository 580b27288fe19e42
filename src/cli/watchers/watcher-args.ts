/**
 * What `sluice add` takes for a watcher: short words for its settings.
 *
 * Owns: turning flags and words into settings, which `--set` can give as well, and the question before a command. Never: decides whether
 * they are good (each kind does), or who may add one (the hub does).
 */
import { resolve } from "node:path";
import { askYes } from "../access-terminal.ts";
import { requireTerminal } from "../authored/add-code.ts";
import { option, flag } from "../command.ts";
import { parseDuration } from "../duration.ts";
import { toUsageFault } from "../exit.ts";
import { loadDefinition } from "../../hub/channels/catalogue.ts";
import { ask } from "../hub.ts";
import { printNote, toLine } from "../output/print.ts";
import { readProcess } from "../../local/process.ts";
import { toShellCommand } from "../../sdk/shell-word.ts";

export const WATCHER_ARGS = {
  in: option("time", "For timer: so long from now, such as 20m"),
  at: option("moment", "For timer: 18:30 (the next time), or 2026-01-31T09:00"),
  every: option("time", "For watchers: how often, such as 30s, 5m or 1d"),
  cron: option("expression", 'For timer: minute hour day month weekday, such as "0 9 * * 1-5"'),
  tail: flag("For file: tell the lines that are added"),
  match: option("pattern", "For file with --tail: only lines with this, such as ERROR|FATAL"),
  ignore: option("glob", "For file: leave these out"),
  value: option("path", "For page: one value of a JSON answer, such as status.indicator"),
  server: option(
    "server",
    "For mcp-events: an MCP server's address, or the command that starts it",
  ),
  event: option("name", "For mcp-events: which of its events"),
  args: option("json", "For mcp-events: the event's arguments"),
  until: option("what", "For process: ends, begins or both"),
} as const;

type WatcherFlags = { [K in keyof typeof WATCHER_ARGS]?: string | boolean | undefined };

/** Which of the flags each kind takes, and what its words are. */
const KINDS: Readonly<Record<string, { flags: readonly string[]; words: string }>> = {
  timer: { flags: ["in", "at", "every", "cron"], words: "text" },
  file: { flags: ["tail", "match", "ignore"], words: "paths" },
  process: { flags: ["every", "until"], words: "a pid, a port such as :5432, or a name" },
  page: { flags: ["every", "value"], words: "address" },
  feed: { flags: ["every"], words: "address" },
  command: { flags: ["every"], words: "-- command" },
  "mcp-events": { flags: ["server", "event", "args"], words: "--server and --event" },
};

export type WatcherSettings = { name: string | undefined; settings: Record<string, string> };

type WatcherRequest = {
  kind: string;
  name: string | undefined;
  flags: WatcherFlags;
  /** What was typed behind the kind. */
  words: readonly string[];
  ignore: readonly string[];
  settings: Readonly<Record<string, string>> | undefined;
};

/** Undefined for a kind that is no watcher. @throws SluiceError `bad_input`. */
export async function readWatcher(request: WatcherRequest): Promise<WatcherSettings | undefined> {
  const { kind, flags, words, settings: set = {} } = request;
  const known = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
  const stray = Object.keys(WATCHER_ARGS).find(
    (name) =>
      flags[name as keyof WatcherFlags] !== undefined && known?.flags.includes(name) !== true,
  );
  if (stray !== undefined) throw toUsageFault(`--${stray} is not for ${kind}`);
  if (known === undefined) {
    if (words[0] === undefined) return undefined;
    throw toUsageFault(`unexpected argument "${words[0]}"; "sluice add --help" explains it`);
  }
  const settings = { ...toSettings(request), ...set };
  const missing = Object.keys(settings).length === 0;
  if (missing) throw toUsageFault(`${kind}: what? sluice add ${kind} ... <${known.words}>`);
  if ((await loadDefinition(kind)).runsPrograms?.(settings) === true) await confirm(settings);
  return { name: request.name ?? (await findFreeName(kind)), settings };
}

function toSettings({ kind, flags, words, ignore }: WatcherRequest): Record<string, string> {
  const every = typeof flags.every === "string" ? { every: flags.every } : {};
  switch (kind) {
    case "timer":
      return { ...every, ...toTimer(flags), ...toText("text", words.join(" ")) };
    case "file":
      return {
        ...toText("path", words.map((word) => resolve(word)).join("\n")),
        ...(flags.tail === true || flags.match !== undefined ? { tail: "on" } : {}),
        ...toText("match", flags.match),
        ...toText("ignore", ignore.join("\n")),
      };
    case "process":
      return { ...every, ...toText("until", flags.until), ...toProcess(words) };
    case "mcp-events":
      if (words[0] !== undefined) throw toUsageFault(`unexpected argument "${words[0]}"`);
      return {
        ...toText("server", flags.server),
        ...toText("event", flags.event),
        ...toText("args", flags.args),
      };
    case "command":
      return words.length === 0
        ? every
        : { ...every, run: JSON.stringify(words), cwd: process.cwd() };
    default:
      return { ...every, ...toText("json", flags.value), ...toText("url", toOne(kind, words)) };
  }
}

function toText(name: string, value: string | boolean | undefined): Record<string, string> {
  return typeof value === "string" && value !== "" ? { [name]: value } : {};
}

function toOne(kind: string, words: readonly string[]): string | undefined {
  if (words.length > 1) throw toUsageFault(`${kind} takes one ${KINDS[kind]?.words}`);
  return words[0];
}

function toTimer(flags: WatcherFlags): Record<string, string> {
  const { in: length, at, cron } = flags;
  const now = Date.now();
  if (typeof length === "string")
    return { at: new Date(now + parseDuration("--in", length)).toISOString() };
  if (typeof at === "string") return { at: new Date(parseMoment(at, now)).toISOString() };
  return toText("cron", cron);
}

/** A time of this day or the next, or a date with its time; both by this machine's clock. */
export function parseMoment(text: string, now: number): number {
  const [, hour, minute] = /^(\d{1,2}):(\d{2})$/.exec(text) ?? [];
  if (hour !== undefined && Number(hour) < 24 && Number(minute) < 60) {
    const next = new Date(now);
    next.setHours(Number(hour), Number(minute), 0, 0);
    if (next.getTime() <= now) next.setDate(next.getDate() + 1);
    return next.getTime();
  }
  const moment = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isFinite(moment))
    throw toUsageFault(`--at ${text} is no moment; write it like 18:30 or 2026-01-31T09:00`);
  if (moment <= now) throw toUsageFault(`--at ${text} has passed already`);
  return moment;
}

function toProcess(words: readonly string[]): Record<string, string> {
  const word = toOne("process", words);
  if (word === undefined) return {};
  if (/^\d+$/.test(word)) {
    const facts = readProcess(Number(word));
    if (facts === undefined)
      throw toUsageFault(`no process has the number ${word} now; a port is written :${word}`);
    // The number alone may be another process's later.
    return { pid: word, started: facts.startTime };
  }
  return /^(?:\[[^\]]*\]|[^:]*):\d+$/.test(word) ? { port: word } : { name: word };
}

async function findFreeName(kind: string): Promise<string | undefined> {
  const taken = new Set((await ask((api) => api.channels.$get())).map(({ name }) => name));
  for (let number = 1; number < 1_000; number++) {
    const name = number === 1 ? kind : `${kind}-${number}`;
    if (!taken.has(name)) return name;
  }
  return undefined;
}

/** It will run whenever Sluice does: a person reads first what. */
async function confirm(settings: Readonly<Record<string, string>>): Promise<void> {
  requireTerminal("a command that runs by itself is added");
  const { run, server, cwd = "/", every = "5m" } = settings;
  printNote(`  command  ${toLine(server ?? toShown(run ?? ""))}`);
  if (server === undefined) {
    printNote(`  in       ${toLine(cwd)}`);
    printNote(`  every    ${toLine(every)}`);
  }
  await askYes("Runs this by itself, as you, as long as Sluice runs, with the hub's environment.");
}

function toShown(run: string): string {
  try {
    const argv: unknown = JSON.parse(run);
    return Array.isArray(argv) ? toShellCommand(argv.map(String)) : run;
  } catch {
    // The hub says what is wrong with it.
    return run;
  }
}
