/**
 * What a command prints, seen on its way, for the last lines of its end.
 *
 * Owns: which of its streams are led past us, and what is kept of them. Never: a byte more, less or later in what the command prints.
 *
 * OUTPUT-1 A terminal stays a terminal: it is handed on as it is, and is not read, but where `--tail` asks for it.
 * OUTPUT-2 A file stays that file: the command writes into it itself, and its end is read afterwards.
 * OUTPUT-3 In the place of a pipe stands another pipe (not a socket, which `/dev/stdout` cannot open); one for both streams where they were
 *    one, so that their order stays. Who reads no more is told to the command, as a pipe does.
 * OUTPUT-4 What a command leaves running goes on writing after its end: then `cat` carries it, and we end.
 */
import { execFileSync, spawn } from "node:child_process";
import {
  closeSync,
  constants,
  fstatSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  type Stats,
  write,
} from "node:fs";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isatty } from "node:tty";
import { promisify, stripVTControlCharacters } from "node:util";
import { readErrorCode } from "../../sdk/errors.ts";

/** `auto`: what can be seen without a change for the command. */
export type TailMode = "auto" | "always" | "never";

const STREAMS = [1, 2] as const;
const KEPT_BYTES = 64 * 1024;
const KEPT_LINES = 20;
const KEPT_CHARS = 4_000;
const LINE_CHARS = 400;
/** So long nothing more comes of a command that has ended. */
const QUIET_MS = 100;

type Seat = "inherit" | number;

/** Where the command's output goes, and what is known of it at the end. */
export type CommandOutput = {
  /** For `spawn`: of standard output and standard error. */
  stdio: [Seat, Seat];
  /** The command has been started: our ends of its pipes are closed. */
  started(): void;
  /** Everything that it printed has gone on. Resolves with its last lines; undefined where they were not seen. */
  ended(): Promise<string | undefined>;
};

export function openOutput(mode: TailMode): CommandOutput {
  const facts = STREAMS.map(readStream);
  const pipes = new Map<string, Pipe>();
  const seats = facts.map((fact): Seat => {
    if (fact === undefined || !isLed(fact, mode)) return "inherit";
    const known = pipes.get(fact.id);
    const pipe = known ?? openPipe(fact.fd);
    if (pipe === undefined) return "inherit";
    pipes.set(fact.id, pipe);
    return pipe.writeEnd;
  });
  return {
    stdio: [seats[0] ?? "inherit", seats[1] ?? "inherit"],
    started() {
      for (const pipe of pipes.values()) pipe.begin();
    },
    async ended() {
      const ids = new Set(facts.flatMap((fact) => fact?.id ?? []));
      // Of standard output first: what stands on standard error tells more.
      const read = await Promise.all(
        [...ids].map((id) => {
          const fact = facts.find((one) => one?.id === id);
          return pipes.get(id)?.end() ?? (mode === "never" ? undefined : readFileEnd(fact));
        }),
      );
      const seen = read.filter((one) => one !== undefined);
      return seen.length === 0 ? undefined : toLastLines(seen.map(toText));
    },
  };
}

type StreamFacts = { fd: 1 | 2; stats: Stats; id: string; isTerminal: boolean };

function readStream(fd: 1 | 2): StreamFacts | undefined {
  try {
    const stats = fstatSync(fd);
    return { fd, stats, id: `${stats.dev}:${stats.ino}`, isTerminal: isatty(fd) };
  } catch {
    // Closed (`>&-`): the command finds it closed too.
    return undefined;
  }
}

function isLed({ stats, isTerminal }: StreamFacts, mode: TailMode): boolean {
  if (mode === "never" || stats.isFile()) return false; // OUTPUT-2
  if (mode === "always") return true;
  return !isTerminal && (stats.isFIFO() || stats.isSocket()); // OUTPUT-1
}

/** OUTPUT-2: what has come to the file since the start. */
function readFileEnd(fact: StreamFacts | undefined): Buffer | undefined {
  if (fact?.stats.isFile() !== true) return undefined;
  try {
    // It is open for writing alone.
    const fd = openSync(`/dev/fd/${fact.fd}`, constants.O_RDONLY);
    try {
      const { size } = fstatSync(fd);
      const from = Math.max(Math.min(fact.stats.size, size), size - KEPT_BYTES);
      const bytes = Buffer.alloc(size - from);
      return bytes.subarray(0, readSync(fd, bytes, 0, bytes.length, from));
    } finally {
      closeSync(fd);
    }
  } catch {
    // Not ours to read, or no /dev/fd: nothing is known of what it printed.
    return undefined;
  }
}

type Pipe = { writeEnd: number; begin(): void; end(): Promise<Buffer> };

const writeBytes = promisify(write);

/** OUTPUT-3. Undefined where there can be none: then the stream is handed on as it is. */
function openPipe(to: 1 | 2): Pipe | undefined {
  let folder: string | undefined;
  let readEnd: number;
  let writeEnd: number;
  try {
    folder = mkdtempSync(join(tmpdir(), "sluice-run-"));
    const path = join(folder, "out");
    execFileSync("mkfifo", ["-m", "600", path], { stdio: "ignore" });
    readEnd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    writeEnd = openSync(path, constants.O_WRONLY);
  } catch {
    // No mkfifo, or no folder that takes one.
    return undefined;
  } finally {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  }
  let carried: Promise<void> = Promise.resolve();
  let kept: Buffer = Buffer.alloc(0);
  let source: Socket | undefined;
  let isOver = false;
  let isWriting = false;
  let lastAt = Date.now();
  const isIdle = (): boolean =>
    !isWriting && (source?.readableLength ?? 0) === 0 && Date.now() - lastAt >= QUIET_MS;
  return {
    writeEnd,
    begin() {
      closeSync(writeEnd);
      source = new Socket({ fd: readEnd, readable: true, writable: false });
      carried = carry(source, async (chunk) => {
        kept = keepLast(kept, chunk);
        isWriting = true;
        await writeAll(to, chunk);
        isWriting = false;
        lastAt = Date.now();
      }).finally(() => {
        isOver = true;
      });
    },
    async end() {
      lastAt = Date.now();
      while (!isOver && !isIdle())
        await Promise.race([carried, new Promise((done) => setTimeout(done, QUIET_MS / 4))]);
      if (!isOver && source !== undefined) handOver(source, readEnd, to);
      return kept;
    },
  };
}

/** Until the command, and what it left running, has closed its end. */
async function carry(source: Socket, take: (chunk: Buffer) => Promise<void>): Promise<void> {
  try {
    for await (const chunk of source as AsyncIterable<Buffer>) await take(chunk);
  } catch {
    // Nobody reads our output any more: the closed pipe tells the command so at its next write. Or `cat` has taken over (OUTPUT-4).
    source.destroy();
  }
}

async function writeAll(fd: number, chunk: Buffer): Promise<void> {
  for (let offset = 0; offset < chunk.length;) {
    try {
      offset += (await writeBytes(fd, chunk, offset, chunk.length - offset, null)).bytesWritten;
    } catch (thrown) {
      // Somebody has made the pipe of our caller one that does not wait.
      if (readErrorCode(thrown) !== "EAGAIN") throw thrown;
      await new Promise((done) => setTimeout(done, 5));
    }
  }
}

/** OUTPUT-4. */
function handOver(source: Socket, readEnd: number, to: 1 | 2): void {
  source.pause();
  const child = spawn("cat", { stdio: [readEnd, to, 2] });
  child.on("error", () => undefined); // Without `cat` it meets a closed pipe.
  child.unref();
  source.destroy();
}

function keepLast(kept: Buffer, chunk: Buffer): Buffer {
  const all = Buffer.concat([kept, chunk]);
  return all.length <= 2 * KEPT_BYTES ? all : all.subarray(all.length - KEPT_BYTES);
}

function toText(bytes: Buffer): string {
  return bytes.subarray(Math.max(0, bytes.length - KEPT_BYTES)).toString("utf8");
}

/** As a terminal would show them in the end: without colours, and of a line that was written over the last state. */
export function toLastLines(texts: readonly string[]): string {
  const lines = texts.flatMap((text) =>
    stripVTControlCharacters(text)
      .split(/\r?\n/)
      .map((line) => (line.replace(/\r+$/, "").split("\r").at(-1) ?? "").trimEnd())
      .filter((line) => line !== ""),
  );
  const last = lines
    .slice(-KEPT_LINES)
    .map((line) => (line.length <= LINE_CHARS ? line : `${line.slice(0, LINE_CHARS - 1)}…`));
  while (last.length > 1 && last.join("\n").length > KEPT_CHARS) last.shift();
  return last.join("\n").toWellFormed();
}
