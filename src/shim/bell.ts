/**
 * The bell: the plugin's monitor. It prints the lines that the hub sends; each wakes the session.
 *
 * Owns: staying connected, the time between lines, ending with the client. Never: decides when to ring; prints anything of its own.
 * Lines are at least 2.5 s apart, also across a restart of the hub: the client drops faster ones.
 *
 * BELL-1 The bell ends when the client does: a killed client tells its monitors nothing.
 */
import { readErrorCode } from "../sdk/errors.ts";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { type Env, locateHome, locateSocket } from "../local/home.ts";
import { readProcess } from "../local/process.ts";

const LINE_GAP_MS = 2_500;
const WATCH_MS = 1_000;
const BACKOFF_MS = [100, 250, 500, 1_000, 2_000];

/** Runs until the client leaves or stdout breaks. @throws SluiceError `bad_config` when the environment names no home. */
export async function runBell(env: Env): Promise<void> {
  locateHome(env);
  const parent = process.ppid;
  const pid = Number(env["CLAUDE_PID"] ?? parent);
  const startTime = readProcess(pid)?.startTime;
  if (startTime === undefined) return;
  const stop = new AbortController();
  const end = (): void => stop.abort();
  process.stdout.once("error", end);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, end);
  const watch = setInterval(() => {
    if (process.ppid !== parent || !isRunning(pid)) end();
  }, WATCH_MS);

  const print = openPrinter();
  for (let failures = 0; !stop.signal.aborted; failures++) {
    try {
      await readBellLines({
        socket: locateSocket(env),
        client: { pid, startTime },
        signal: stop.signal,
        onLine: (line) => {
          failures = 0;
          print(line);
        },
      });
      failures = 0;
    } catch {
      // No hub: the shim of this client starts one, or says why it cannot. A bell only waits.
    }
    await sleep(BACKOFF_MS[Math.min(failures, BACKOFF_MS.length - 1)], undefined, {
      signal: stop.signal,
    }).catch(() => undefined);
  }
  clearInterval(watch);
}

/** Prints a line at once, or when the gap is over. Of several lines that wait it prints the last: that one has the latest state. */
function openPrinter(): (line: string) => void {
  let nextAt = 0;
  let waiting: string | undefined;
  const flush = (): void => {
    if (waiting === undefined) return;
    process.stdout.write(`${waiting.replaceAll(/[\r\n]+/g, " ")}\n`);
    waiting = undefined;
    nextAt = Date.now() + LINE_GAP_MS;
  };
  return (line) => {
    const isScheduled = waiting !== undefined;
    waiting = line;
    const delay = nextAt - Date.now();
    if (delay <= 0) flush();
    else if (!isScheduled) setTimeout(flush, delay);
  };
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    // EPERM: it runs, but is not ours to signal.
    return readErrorCode(thrown) === "EPERM";
  }
}

type BellLines = {
  socket: string;
  /** Whose bell it is. */
  client: { pid: number; startTime: string };
  onLine: (line: string) => void;
  signal: AbortSignal;
};

/** More than any head or line of a hub's: what says so much is none. */
const MAX_CHARS = 64 * 1024;

/**
 * The hub's lines for one bell, over its Unix socket. Resolves when the hub ends the stream, or `signal` aborts; rejects where no hub
 * answers, or one refuses.
 *
 * It is spoken without node:http, which would be a tenth of a bell's memory. As HTTP/1.0: there an answer has no chunks, and ends with
 * its connection (RFC 9112, 6.3).
 */
function readBellLines({ socket, client, onLine, signal }: BellLines): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return resolve();
    const body = JSON.stringify(client);
    const connection = connect(socket);
    const stop = (): void => void connection.destroy();
    signal.addEventListener("abort", stop, { once: true });
    const read = openReader(onLine);
    connection.setEncoding("utf8");
    connection.on("data", (text: string) => {
      try {
        read(text);
      } catch (thrown) {
        connection.destroy(thrown instanceof Error ? thrown : undefined);
      }
    });
    connection.once("error", reject);
    connection.once("close", () => {
      signal.removeEventListener("abort", stop);
      resolve();
    });
    connection.write(
      `POST /v1/bells HTTP/1.0\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
  });
}

/** Takes the answer as it comes, in whatever pieces: its head, then server-sent events. */
function openReader(onLine: (line: string) => void): (text: string) => void {
  let rest = "";
  let isOpen = false;
  return (text) => {
    rest += text;
    if (!isOpen) {
      const end = rest.indexOf("\r\n\r\n");
      if (end === -1) return checkLength(rest);
      if (!/^HTTP\/1\.[01] 200 /.test(rest)) throw new Error("the hub refused the bell");
      isOpen = true;
      rest = rest.slice(end + 4);
    }
    for (let end = rest.indexOf("\n\n"); end !== -1; end = rest.indexOf("\n\n")) {
      const event = rest.slice(0, end);
      rest = rest.slice(end + 2);
      const data = event
        .split("\n")
        .flatMap((one) => (one.startsWith("data:") ? [one.slice(5)] : []));
      // Written by the hub's /v1/bells.
      if (data.length > 0) onLine((JSON.parse(data.join("\n")) as { line: string }).line);
    }
    checkLength(rest);
  };
}

function checkLength(text: string): void {
  if (text.length > MAX_CHARS) throw new Error("the hub's answer has no end");
}
