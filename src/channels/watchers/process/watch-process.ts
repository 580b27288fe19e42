/**
 * A process or a port that ends or begins.
 *
 * Owns: what changed between two looks. Never: asks the system (processes.ts).
 *
 * PROCESS-1 A number that the system gives to another process later is another process: the one that was meant has ended.
 */
import type { ChannelConnection, ChannelContext } from "../../../sdk/channel.ts";
import { SluiceError } from "../../../sdk/errors.ts";
import type { Arrival } from "../../../sdk/event.ts";
import { toNameField } from "../../../sdk/field.ts";
import { at, listAt } from "../../../sdk/json.ts";
import { type LookResult, openWatcher, type WatcherKind } from "../../../sdk/inward/watcher.ts";
import { readEvery, toBase } from "../settings.ts";
import { findProcess, isOpen, listNamed, parsePort, type Running } from "./processes.ts";

type ProcessState = { isUp: boolean; running: readonly Running[] };
type Change = "ended" | "began" | "restarted";

const USUAL_EVERY_MS = 2_000;
const LEAST_EVERY_MS = 500;

export function openProcess(context: ChannelContext): Promise<ChannelConnection> {
  return openWatcher(context, toProcessWatcher(context));
}

export function toProcessWatcher(context: ChannelContext): WatcherKind<ProcessState> {
  const { settings } = context;
  const subject = toSubject(settings);
  const isWanted = (change: Change): boolean => {
    const until = settings["until"] ?? (subject.kind === "pid" ? "ends" : "both");
    if (until === "both" || change === "restarted") return true;
    return change === (until === "ends" ? "ended" : "began");
  };
  return {
    everyMs: readEvery(context, USUAL_EVERY_MS, LEAST_EVERY_MS),
    parse: parseState,
    async look(before): Promise<LookResult<ProcessState>> {
      const state = await subject.read(context.signal, before);
      const isOver = subject.kind === "pid" && !state.isUp;
      const change = before === undefined ? toFirst(subject, state) : toChange(before, state);
      if (change === undefined || !isWanted(change)) return { state, arrivals: [], isOver };
      const arrival = toArrival(context, subject, change, state);
      return { state, arrivals: [arrival], isOver };
    },
  };
}

type Subject = {
  kind: "pid" | "name" | "port";
  words: string;
  read(signal: AbortSignal, before: ProcessState | undefined): Promise<ProcessState>;
};

/** @throws SluiceError `bad_config` where it names none or several. */
export function toSubject(settings: Readonly<Record<string, string>>): Subject {
  const { pid, name, port, started } = settings;
  if ([pid, name, port].filter((one) => one !== undefined).length !== 1)
    throw new SluiceError("bad_config", "process: give one of --pid 1234, --port 5432, or a name");
  if (pid !== undefined) {
    return {
      kind: "pid",
      words: `process ${pid}`,
      async read(_signal, before) {
        const found = findProcess(Number(pid));
        const meant = started ?? before?.running[0]?.startTime ?? found?.startTime;
        // PROCESS-1
        if (found === undefined || found.startTime !== meant) return DOWN;
        return { isUp: true, running: [{ pid: found.pid, startTime: found.startTime }] };
      },
    };
  }
  if (name !== undefined) {
    return {
      kind: "name",
      words: `process ${toNameField(name)}`,
      async read() {
        const running = await listNamed(name);
        return { isUp: running.length > 0, running: running.slice(0, 100) };
      },
    };
  }
  const parsed = parsePort(port ?? "");
  if (parsed === undefined)
    throw new SluiceError("bad_config", `process: "${port}" is no port such as 5432 or db:5432`);
  return {
    kind: "port",
    words: `port ${parsed.host}:${parsed.port}`,
    read: async (signal) => ({ isUp: await isOpen(parsed, signal), running: [] }),
  };
}

const DOWN: ProcessState = { isUp: false, running: [] };

/** A process that was to be watched, and had ended before the first look, has ended all the same. */
function toFirst(subject: Subject, state: ProcessState): Change | undefined {
  return subject.kind === "pid" && !state.isUp ? "ended" : undefined;
}

function toChange(before: ProcessState, now: ProcessState): Change | undefined {
  if (before.isUp !== now.isUp) return now.isUp ? "began" : "ended";
  if (!now.isUp || before.running.length === 0) return undefined;
  const known = new Set(before.running.map(({ pid, startTime }) => `${pid} ${startTime}`));
  const isSame = now.running.some(({ pid, startTime }) => known.has(`${pid} ${startTime}`));
  return isSame ? undefined : "restarted";
}

function toArrival(
  context: ChannelContext,
  { kind, words }: Subject,
  change: Change,
  { running }: ProcessState,
): Arrival {
  const isPort = kind === "port";
  const verb = {
    ended: isPort ? "is closed: nothing answers there" : "has ended",
    began: isPort ? "is open: something answers there" : "runs",
    restarted: "was started anew",
  }[change];
  const pids = running.slice(0, 5).map(({ pid }) => pid);
  return {
    ...toBase(context, "local"),
    kind: `${isPort ? "port" : "process"}.${change}`,
    text: `${words.charAt(0).toUpperCase()}${words.slice(1)} ${verb}${pids.length === 0 ? "" : ` (pid ${pids.join(", ")})`}`,
    quotes: [],
    meta: { status: change === "ended" ? "down" : "up" },
    entity: words,
    occurredAt: context.clock.now(),
  };
}

function parseState(state: unknown): ProcessState | undefined {
  const isUp = at(state, "isUp");
  if (typeof isUp !== "boolean") return undefined;
  const running = listAt(state, "running").flatMap((one) => {
    const [pid, startTime] = [at(one, "pid"), at(one, "startTime")];
    return typeof pid === "number" && typeof startTime === "string" ? [{ pid, startTime }] : [];
  });
  return { isUp, running };
}
