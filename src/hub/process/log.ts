/**
 * The hub's log: JSON lines in the home, and in the foreground one plain line each on stderr.
 *
 * Owns: the destinations of lines; a lost line stops nothing. Never: decides what is worth a line.
 *
 * LOG-1 No fault of a log's destination (disk full, folder gone, closed terminal) throws or ends the hub.
 * LOG-2 Lines are written at once, not collected: the last line before a crash is the most useful one.
 * LOG-3 Secrets print as `[secret]` by themselves; credentials in a request's headers are removed here, in case the headers are logged
 *    whole.
 */
import { readdirSync, chmodSync } from "node:fs";
import { join } from "node:path";
import pino from "pino";
import openRollingFile, { type RollingFile } from "pino-roll";
import type { Env, Home } from "../../local/home.ts";
import { toMessage } from "../../sdk/errors.ts";
import { toLogLine } from "./log-line.ts";

export type Log = pino.Logger;

export type OpenedLog = {
  log: Log;
  /** Writes what is left and closes the file. Lines logged later go to stderr only, or nowhere. */
  close(): Promise<void>;
};

export type LogOptions = {
  home: Home;
  env: Env;
  /** A person watches: lines go to stderr too. */
  foreground: boolean;
  /** Of one file. Default 10 MiB; five are kept. */
  maxFileBytes?: number;
};

const LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"];
const CREDENTIALS = [
  "authorization",
  "Authorization",
  "cookie",
  "Cookie",
  "set-cookie",
  "proxy-authorization",
  "x-sluice-token",
];
const FILES_KEPT = 5;
// While the disk is full this much waits in memory; newer lines are dropped.
const MAX_WAITING_BYTES = 1024 * 1024;

export async function openLog(options: LogOptions): Promise<OpenedLog> {
  const level = toLevel(options.env["SLUICE_LOG"]);
  const streams: pino.StreamEntry[] = [];
  if (options.foreground) streams.push({ level: "trace", stream: toStderr(options.env) });
  const file = await openFile(options);
  if (typeof file === "object")
    streams.push({ level: "trace", stream: { write: (line) => writeLine(file, line) } });
  const log = pino(
    {
      level,
      base: null,
      redact: { paths: toRedactPaths(), censor: "[secret]" },
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    pino.multistream(streams),
  );
  if (typeof file === "string") log.warn({ reason: file }, "no log file; going on without one");
  return { log, close: () => (typeof file === "string" ? Promise.resolve() : closeFile(file)) };
}

/** A level that pino knows; a wrong word must not keep the hub from starting. */
function toLevel(wanted: string | undefined): string {
  return wanted !== undefined && LEVELS.includes(wanted) ? wanted : "info";
}

async function openFile(options: LogOptions): Promise<RollingFile | string> {
  const { logDir } = options.home;
  try {
    const file = await openRollingFile({
      file: join(logDir, "hub.log"),
      size: `${options.maxFileBytes ?? 10 * 1024 * 1024}b`,
      // Without removeOtherLogFiles it counts only the files of this run, and every restart would add five more.
      limit: { count: FILES_KEPT, removeOtherLogFiles: true },
      mode: 0o600,
      // Synchronous (LOG-2). Never flushSync(): it retries a full disk for ever.
      sync: true,
      maxLength: MAX_WAITING_BYTES,
    });
    // LOG-1: a stream without a listener would throw. Nothing can be logged about a log that cannot be written; the next line tries again.
    file.on("error", () => {});
    closeToOthers(logDir);
    return file;
  } catch (thrown) {
    return toMessage(thrown);
  }
}

/** Files of an earlier run, perhaps restored from a backup with another mode. */
function closeToOthers(logDir: string): void {
  for (const name of readdirSync(logDir))
    if (/^hub\.\d+\.log$/.test(name)) chmodSync(join(logDir, name), 0o600);
}

function writeLine(file: RollingFile, line: string): void {
  if (!file.destroyed) file.write(line);
}

function closeFile(file: RollingFile): Promise<void> {
  return new Promise((resolve) => {
    if (file.destroyed) return resolve();
    file.once("close", () => resolve());
    // A full disk never closes: what waits is lost, the hub leaves all the same.
    file.once("error", () => resolve());
    file.end();
  });
}

function toStderr(env: Env): pino.DestinationStream {
  const color = process.stderr.isTTY && (env["NO_COLOR"] ?? "") === "";
  // EPIPE when the terminal or the pipe's reader is gone: the file still has every line.
  process.stderr.on("error", () => {});
  return { write: (line) => void process.stderr.write(toLogLine(line, color)) };
}

function toRedactPaths(): string[] {
  return CREDENTIALS.flatMap((name) =>
    ["", "headers", "*", "*.headers"].map((parent) => `${parent}["${name}"]`),
  );
}
