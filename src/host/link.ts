/**
 * What lines travel by: the stdio of a child process, or the memory of this one.
 *
 * Owns: starting the other side, its lines, and its end. Never: reads a line.
 */
import { spawn } from "node:child_process";
import { StringDecoder } from "node:string_decoder";
import { toMessage } from "../sdk/errors.ts";

/** A transport as servers of the MCP SDKs take it. */
export type HostTransport = {
  start(): Promise<void>;
  send(message: unknown): Promise<void>;
  close(): Promise<void>;
  onmessage?: ((message: unknown) => void) | undefined;
  onclose?: (() => void) | undefined;
  onerror?: ((error: Error) => void) | undefined;
};

/** Makes a server and connects it: `(transport) => newServer().connect(transport)`. Called again where it is started again. */
export type ConnectServer = (transport: HostTransport) => Promise<void> | void;

/** How a server comes to life: as a child process, or in this one. */
export type ServerStart =
  | {
      command: string;
      args: readonly string[];
      env: Readonly<Record<string, string>>;
      cwd: string;
    }
  | { connect: ConnectServer };

export type CloseHow = "stdin" | "sigint";

export type LinkEvents = {
  onLine(line: string): void;
  onStderr(text: string): void;
  onEnd(reason: string): void;
};

export type Link = {
  readonly pid: number | undefined;
  write(line: string): void;
  /** Asks the other side to leave, and waits until it has. */
  close(how: CloseHow): Promise<void>;
};

const KILL_AFTER_MS = 3_000;

export function openProcessLink(
  start: Extract<ServerStart, { command: string }>,
  { onLine, onStderr, onEnd }: LinkEvents,
): Link {
  const { command, args, env, cwd } = start;
  const child = spawn(command, args, { cwd, env, stdio: ["pipe", "pipe", "pipe"] });
  const exited = new Promise<void>((resolve) => {
    const end = (reason: string) => {
      onEnd(reason);
      resolve();
    };
    child.once("error", (error) => end(`could not be run: ${error.message}`));
    // `close`, not `exit`: the last lines of stdout may still be in the pipe when the process is gone.
    child.once("close", (code, signal) =>
      end(signal === null ? `exited with ${code}` : `killed by ${signal}`),
    );
  });
  // A write to a dead server fails here; its `close` tells the whole story, so there is nothing to add.
  child.stdin.on("error", () => {});
  readLines(child.stdout, onLine);
  child.stderr.setEncoding("utf8").on("data", onStderr);
  return {
    pid: child.pid,
    write(line) {
      if (child.stdin.writable) child.stdin.write(`${line}\n`);
    },
    async close(how) {
      if (how === "sigint") child.kill("SIGINT");
      else child.stdin.end();
      const timer = setTimeout(() => child.kill("SIGKILL"), KILL_AFTER_MS);
      await exited;
      clearTimeout(timer);
    },
  };
}

/** Messages pass as the text that a pipe would carry, so what JSON does not know is lost here too. */
export function openMemoryLink(
  { connect }: Extract<ServerStart, { connect: ConnectServer }>,
  { onLine, onEnd }: LinkEvents,
): Link {
  let isOpen = true;
  let isStarted = false;
  const early: string[] = [];
  const end = (reason: string): void => {
    if (!isOpen) return;
    isOpen = false;
    transport.onclose?.();
    onEnd(reason);
  };
  const hand = (line: string): void =>
    void setImmediate(() => {
      if (!isOpen) return;
      try {
        transport.onmessage?.(JSON.parse(line));
      } catch (thrown) {
        // A process would have died of it; this one is the test's.
        end(`threw: ${toMessage(thrown)}`);
      }
    });
  const transport: HostTransport = {
    start() {
      isStarted = true;
      for (const line of early.splice(0)) hand(line);
      return Promise.resolve();
    },
    async send(message) {
      if (!isOpen) throw new Error("the session has closed this connection");
      const line: string | undefined = JSON.stringify(message);
      if (line === undefined) throw new TypeError("what was to be sent is no message");
      setImmediate(() => {
        if (isOpen) onLine(line);
      });
    },
    close() {
      end("closed by itself");
      return Promise.resolve();
    },
  };
  // A server that is made by a function of its author may throw in it.
  void (async () => connect(transport))().catch((thrown: unknown) =>
    end(`could not be run: ${toMessage(thrown)}`),
  );
  return {
    pid: undefined,
    write(line) {
      if (isStarted) hand(line);
      else early.push(line);
    },
    close() {
      end("closed");
      return Promise.resolve();
    },
  };
}

/** Calls `take` for each whole line of a stream. The last line counts with or without its end. */
export function readLines(
  stream: NodeJS.ReadableStream | null,
  take: (line: string) => void,
): void {
  const decoder = new StringDecoder("utf8");
  // Pieces of the unfinished line, joined once: a message of megabytes arrives in many chunks.
  let pieces: string[] = [];
  stream?.on("data", (chunk: Buffer) => {
    const lines = decoder.write(chunk).split("\n");
    const last = lines.pop() ?? "";
    for (const line of lines) {
      take(pieces.join("") + line);
      pieces = [];
    }
    if (last !== "") pieces.push(last);
  });
  stream?.on("end", () => {
    const rest = pieces.join("") + decoder.end();
    if (rest !== "") take(rest);
  });
}
