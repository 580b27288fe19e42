/**
 * What the hub is told of a command: that it runs, and how it ended.
 *
 * Owns: the record on disk, and the call to a hub that runs. Never: starts a hub, changes how the command ends, or keeps it waiting.
 *
 * REPORT-1 Whatever goes wrong here is one line on standard error behind the command's own output, and nothing else.
 */
import { askIfUp } from "../hub.ts";
import { toLine } from "../output/print.ts";
import { type Home, locateHome } from "../../local/home.ts";
import { type JobRecord, writeJob } from "../../local/job-record.ts";
import { readProcess } from "../../local/process.ts";
import { within } from "../../sdk/clock.ts";
import { toMessage } from "../../sdk/errors.ts";
import { newUlid } from "../../sdk/id.ts";
import type { ChildEnd } from "./child.ts";

/** A hub that is there answers in some ms; one that hangs is told by the next look of its own. */
const TELL_MS = 3_000;

export type JobRequest = {
  command: readonly string[];
  session: string | undefined;
  /** The session is that of the shell, and nobody named it. */
  isOwn: boolean;
  channel: string | undefined;
};

/** A record is small, whatever a shell has spelled out. */
const COMMAND_MAX_CHARS = 8_000;

export type Report = {
  /** Resolves with a line for the person, where the hub has not taken the end as it was asked to. */
  end(end: ChildEnd, lines: string | undefined): Promise<string | undefined>;
};

export function openReport(request: JobRequest): Report {
  const now = Date.now();
  const record: JobRecord = {
    ...request,
    command: toShort(request.command),
    id: `job_${newUlid(now)}`,
    cwd: readFolder(),
    startedAt: now,
    pid: process.pid,
    startTime: readProcess(process.pid)?.startTime ?? "unknown",
  };
  let home: Home;
  try {
    home = locateHome(process.env);
    if (!writeJob(home, record))
      return toUnkept("too many ends wait for a hub already; sluice up takes them");
  } catch (thrown) {
    return toUnkept(toMessage(thrown));
  }
  return {
    async end(end, lines) {
      if (end.kind === "failed") lines = end.reason;
      const how = end.kind === "signal" ? { signal: end.signal } : { code: end.code };
      try {
        writeJob(home, { ...record, end: { at: Date.now(), ...how, lines } });
        return await tell(record.id);
      } catch (thrown) {
        return toUntold(toMessage(thrown));
      }
    },
  };
}

function readFolder(): string {
  try {
    return process.cwd();
  } catch {
    // It was removed while we were in it: the command may run there all the same.
    return "a folder that is gone";
  }
}

function toShort(command: readonly string[]): string[] {
  let left = COMMAND_MAX_CHARS;
  const words: string[] = [];
  for (const word of command) {
    if (left <= 0) return [...words, "…"];
    words.push(word.slice(0, left));
    left -= word.length + 1;
  }
  return words;
}

async function tell(id: string): Promise<string | undefined> {
  const answer = await within(
    TELL_MS,
    askIfUp((api) => api.jobs.$post({ json: { id } })),
    "late" as const,
  );
  if (answer === undefined)
    return "no hub runs; the end of this command is kept, and told once one does (sluice up)";
  if (answer === "late")
    return "the hub is slow; the end of this command is kept, and told when it looks again";
  return answer.note === undefined ? undefined : toLine(answer.note);
}

function toUnkept(why: string): Report {
  return { end: async () => toUntold(why) };
}

function toUntold(why: string): string {
  return `the end of this command is told to nobody: ${toLine(why)}`;
}
