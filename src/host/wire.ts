/**
 * JSON-RPC in lines over a child process's stdio: how a session talks to an MCP server.
 *
 * Owns: the child, its lines, which answer belongs to which question, and its end.
 * Never: what a message means (connect.ts, session.ts).
 *
 * Own code and not @modelcontextprotocol/client, for three reasons: its version probe starts a second, short-lived server while
 * the client we stand in for asks the one it keeps; it discards malformed notifications, which are what a host must show; and it brings
 * an OAuth stack that a program speaking over stdio has no use for.
 * Framing: https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#stdio
 */
import { parseObject, toObject } from "../sdk/json.ts";
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { StringDecoder } from "node:string_decoder";

/** A JSON object whose fields nobody has checked yet. */
export type Json = Record<string, unknown>;

/** What became of a request. A server that refuses or dies is an outcome that a host shows, not a fault of ours. */
export type HostAnswer =
  | { kind: "result"; result: Json }
  | { kind: "error"; code: number; message: string }
  | { kind: "timeout" }
  | { kind: "aborted" }
  | { kind: "gone"; reason: string };

export type WireOptions = {
  command: string;
  args: readonly string[];
  env: Readonly<Record<string, string>>;
  cwd: string;
  onNotification(method: string, params: Json): void;
  /** Answers a request of the server; `undefined` is answered with "method not found". */
  onRequest(method: string, params: Json): Json | undefined;
  /** A line that is no JSON-RPC message: a server that prints to stdout breaks its own protocol. */
  onGarbage(line: string): void;
  onStderr(text: string): void;
  onExit(reason: string): void;
};

export type CloseHow = "stdin" | "sigint";

export type HostRequestOptions = { timeoutMs?: number; signal?: AbortSignal };

const METHOD_NOT_FOUND = -32601;
const KILL_AFTER_MS = 3_000;

export class Wire implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #options: WireOptions;
  readonly #waiting = new Map<number, (answer: HostAnswer) => void>();
  readonly #exited: Promise<void>;
  #nextId = 0;
  #gone: string | undefined;

  constructor(options: WireOptions) {
    this.#options = options;
    this.#child = spawn(options.command, options.args, {
      cwd: options.cwd,
      env: options.env,
      stdio: ["pipe", "pipe", "pipe"],
    });
    this.#exited = new Promise((resolve) => {
      const end = (reason: string) => {
        this.#end(reason);
        resolve();
      };
      this.#child.once("error", (error) => end(`could not be run: ${error.message}`));
      // `close`, not `exit`: the last lines of stdout may still be in the pipe when the process is gone.
      this.#child.once("close", (code, signal) =>
        end(signal === null ? `exited with ${code}` : `killed by ${signal}`),
      );
    });
    // A write to a dead server fails here; its `close` tells the whole story, so there is nothing to add.
    this.#child.stdin?.on("error", () => {});
    readLines(this.#child.stdout, (line) => this.#take(line));
    this.#child.stderr?.setEncoding("utf8").on("data", (text: string) => options.onStderr(text));
  }

  /** Process id of the server; undefined when it could not be started. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Why the server is gone; undefined while it lives. */
  get gone(): string | undefined {
    return this.#gone;
  }

  request(
    method: string,
    params: Json,
    { timeoutMs, signal }: HostRequestOptions = {},
  ): Promise<HostAnswer> {
    if (this.#gone !== undefined) return Promise.resolve({ kind: "gone", reason: this.#gone });
    if (signal?.aborted === true) return Promise.resolve({ kind: "aborted" });
    const id = ++this.#nextId;
    return new Promise((resolve) => {
      let timer: NodeJS.Timeout | undefined;
      const settle = (answer: HostAnswer) => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", abort);
        this.#waiting.delete(id);
        resolve(answer);
      };
      const giveUp = (answer: HostAnswer, reason: string) => {
        settle(answer);
        this.notify("notifications/cancelled", { requestId: id, reason });
      };
      const abort = () => giveUp({ kind: "aborted" }, "interrupted");
      this.#waiting.set(id, settle);
      if (timeoutMs !== undefined)
        timer = setTimeout(() => giveUp({ kind: "timeout" }, "timed out"), timeoutMs);
      signal?.addEventListener("abort", abort, { once: true });
      this.#send({ jsonrpc: "2.0", id, method, params });
    });
  }

  notify(method: string, params?: Json): void {
    this.#send(
      params === undefined ? { jsonrpc: "2.0", method } : { jsonrpc: "2.0", method, params },
    );
  }

  /**
   * Asks the server to leave, by the end of its stdin or by the SIGINT that Claude Code sends, and waits.
   * One that does not leave within three seconds is killed.
   */
  async close(how: CloseHow = "stdin"): Promise<void> {
    if (how === "sigint") this.#child.kill("SIGINT");
    else this.#child.stdin?.end();
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), KILL_AFTER_MS);
    await this.#exited;
    clearTimeout(timer);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #send(message: Json): void {
    if (this.#gone === undefined && this.#child.stdin?.writable === true)
      this.#child.stdin.write(`${JSON.stringify(message)}\n`);
  }

  #take(line: string): void {
    if (line.trim() === "") return;
    const message = parseObject(line);
    if (message === undefined) return this.#options.onGarbage(line);
    const { id, method, error } = message;
    const params = toObject(message["params"]);
    if (typeof method === "string") {
      if (id === undefined) return this.#options.onNotification(method, params);
      return this.#answer(id, method, params);
    }
    const settle = typeof id === "number" ? this.#waiting.get(id) : undefined;
    if (settle === undefined) return; // The late answer to a request that was given up.
    if (error === undefined) return settle({ kind: "result", result: toObject(message["result"]) });
    const { code, message: text } = toObject(error);
    settle({ kind: "error", code: typeof code === "number" ? code : 0, message: String(text) });
  }

  #answer(id: unknown, method: string, params: Json): void {
    const result = this.#options.onRequest(method, params);
    if (result !== undefined) return this.#send({ jsonrpc: "2.0", id, result });
    this.#send({
      jsonrpc: "2.0",
      id,
      error: { code: METHOD_NOT_FOUND, message: `${method} is not supported` },
    });
  }

  #end(reason: string): void {
    if (this.#gone !== undefined) return;
    this.#gone = reason;
    for (const settle of this.#waiting.values()) settle({ kind: "gone", reason });
    this.#options.onExit(reason);
  }
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
