/**
 * An MCP server over streamable HTTP, in both generations of the protocol.
 *
 * Owns: requests, answers and streams of it. Never: follows a redirect, which would carry the token elsewhere.
 */
import { createParser } from "eventsource-parser";
import { SluiceError } from "../../sdk/errors.ts";
import { parseJson } from "../../sdk/json.ts";
import { openRequest, readBody } from "../../sdk/net/request.ts";
import type { Secret } from "../../sdk/secret.ts";
import {
  isFields,
  type JsonFields,
  LEGACY_REVISION,
  type McpConnection,
  MODERN_REVISION,
  requireEvents,
  ServerFault,
  takeResult,
  toInitialize,
  toModernParams,
} from "./server.ts";

const VERSION = "1";
const MAX_ANSWER_BYTES = 8 * 1024 ** 2;
const MAX_FRAME_CHARS = 8 * 1024 ** 2;
const ANSWER_MS = 30_000;

export type HttpServer = { url: URL; token: Secret; signal: AbortSignal };

/** @throws SluiceError `unsupported` where it offers no events; as `ask`. */
export async function connectHttp(server: HttpServer): Promise<McpConnection> {
  const modern = new HttpConnection(server, true);
  try {
    requireEvents(await modern.ask("server/discover", {}), server.url.host);
    return modern;
  } catch (thrown) {
    // It knows no such method, or no such revision: then there is a handshake.
    if (!(thrown instanceof ServerFault)) throw thrown;
  }
  const legacy = new HttpConnection(server, false);
  requireEvents(await legacy.ask("initialize", toInitialize(VERSION)), server.url.host);
  await legacy.notify("notifications/initialized");
  return legacy;
}

class HttpConnection implements McpConnection {
  readonly #server: HttpServer;
  readonly #isModern: boolean;
  #session: string | undefined;
  #nextId = 1;

  constructor(server: HttpServer, isModern: boolean) {
    this.#server = server;
    this.#isModern = isModern;
  }

  async ask(method: string, params: JsonFields): Promise<JsonFields> {
    let answer: JsonFields | undefined;
    const { signal } = this.#server;
    await this.#send(method, params, signal, async (message) => {
      if ("id" in message && !("method" in message)) answer = message;
    });
    if (answer === undefined) throw this.#toFault("it answered no result");
    return takeResult(answer);
  }

  async stream(
    method: string,
    params: JsonFields,
    hear: (message: JsonFields) => Promise<void>,
    signal: AbortSignal,
  ): Promise<void> {
    await this.#send(
      method,
      params,
      AbortSignal.any([signal, this.#server.signal]),
      async (message) => {
        if ("method" in message) await hear(message);
        else takeResult(message);
      },
    );
  }

  async notify(method: string): Promise<void> {
    await this.#post({ jsonrpc: "2.0", method }, method, this.#server.signal).then((answer) =>
      answer.destroy(),
    );
  }

  async close(): Promise<void> {
    // Nothing is open between two requests.
  }

  async #send(
    method: string,
    params: JsonFields,
    signal: AbortSignal,
    hear: (message: JsonFields) => Promise<void>,
  ): Promise<void> {
    const id = this.#nextId++;
    const given = this.#isModern ? toModernParams(params, VERSION) : params;
    const answer = await this.#post({ jsonrpc: "2.0", id, method, params: given }, method, signal);
    const { statusCode: status = 0, headers } = answer;
    try {
      if (status === 401 || status === 403)
        throw new SluiceError(
          "unauthorized",
          this.#server.token.reveal() === ""
            ? `${this.#server.url.host} lets nobody in without a token (${status})`
            : `${this.#server.url.host} refused the token (${status})`,
        );
      const session = headers["mcp-session-id"];
      if (typeof session === "string") this.#session = session;
      const isStream = headers["content-type"]?.startsWith("text/event-stream") === true;
      if (isStream && status < 300) return await readFrames(answer, hear);
      const body = await readBody(answer, MAX_ANSWER_BYTES, "an answer that is too large");
      const message = parse(body.toString("utf8"));
      if (message !== undefined) return await hear(message);
      // A server of before may say so by its status alone.
      if (status === 400 || status === 404 || status === 405)
        throw new ServerFault({ code: -32_601, message: `${status}` });
      throw this.#toFault(`it answered ${status} without a message`);
    } finally {
      answer.destroy();
    }
  }

  #post(message: JsonFields, method: string, signal: AbortSignal) {
    const token = this.#server.token.reveal();
    const body = JSON.stringify(message);
    return openRequest(this.#server.url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "content-length": Buffer.byteLength(body),
        accept: "application/json, text/event-stream",
        ...(token === "" ? {} : { authorization: `Bearer ${token}` }),
        ...(this.#session === undefined ? {} : { "mcp-session-id": this.#session }),
        ...(method === "initialize"
          ? {}
          : { "mcp-protocol-version": this.#isModern ? MODERN_REVISION : LEGACY_REVISION }),
        ...(this.#isModern ? { "mcp-method": method } : {}),
      },
      body,
      timeoutMs: ANSWER_MS,
      signal,
    });
  }

  #toFault(why: string): SluiceError {
    return new SluiceError("send_failed", `${this.#server.url.host}: ${why}`, { retryable: true });
  }
}

/** One message after the other: what comes is kept before more is read. */
async function readFrames(
  answer: AsyncIterable<Buffer>,
  hear: (message: JsonFields) => Promise<void>,
): Promise<void> {
  const messages: JsonFields[] = [];
  let pending = 0;
  const parser = createParser({
    onEvent: ({ data }) => {
      pending = 0;
      const message = parse(data);
      if (message !== undefined) messages.push(message);
    },
  });
  const decoder = new TextDecoder();
  for await (const chunk of answer) {
    pending += chunk.length;
    if (pending > MAX_FRAME_CHARS)
      throw new SluiceError("too_large", "a message of the stream is too large");
    parser.feed(decoder.decode(chunk, { stream: true }));
    for (let next = messages.shift(); next !== undefined; next = messages.shift()) await hear(next);
  }
}

/** Undefined for what is no message; what lies too deep in one is left out. */
function parse(text: string): JsonFields | undefined {
  const parsed = parseJson(text);
  return parsed.kind === "ok" && isFields(parsed.value) ? parsed.value : undefined;
}
