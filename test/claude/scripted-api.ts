// A model with a script: an HTTP server on loopback that speaks enough of the
// Messages API for a real client, and keeps every request in order.
// Owns the wire (JSON and server-sent events) and the log of requests.
// Never reaches the network and never looks into the client.
import { appendFileSync } from "node:fs";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import { toApiRequest } from "./api-request.ts";
import type { ApiRequest } from "./api-request.ts";

/** One content block of a scripted answer. */
export type Block = { text: string } | { tool: string; input: unknown; id?: string };

/** What the scripted model does with one request. */
export type Answer =
  | { blocks: Block[]; delayMs?: number; hold?: Promise<unknown> }
  | { status: number; errorType: string; message?: string; delayMs?: number };

/** Decides on an answer; `undefined` means the default text "ok". */
export type Script = ((
  request: ApiRequest,
) => Answer | string | undefined | Promise<Answer | string | undefined>) & {
  /** The same, with nothing said yet: a second try of a test begins anew. */
  fresh?: () => Script;
};

export class ScriptedApi {
  readonly requests: ApiRequest[] = [];
  script: Script = () => undefined;
  #server = createServer((request, response) => {
    this.#handle(request, response).catch((cause: unknown) => {
      // The client hung up, or the script threw: the test sees it in the log.
      this.faults.push(String(cause));
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  readonly faults: string[] = [];
  #logFile: string | undefined;
  #waiters = new Set<() => void>();
  #answered = 0;

  private constructor(logFile: string | undefined) {
    this.#logFile = logFile;
  }

  static async open(options: { logFile?: string; port?: number } = {}): Promise<ScriptedApi> {
    const api = new ScriptedApi(options.logFile);
    await new Promise<void>((resolve, reject) => {
      api.#server.once("error", reject);
      api.#server.listen(options.port ?? 0, "127.0.0.1", resolve);
    });
    return api;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The requests of the conversation itself, without titles, probes and classifiers. */
  get turns(): ApiRequest[] {
    return this.requests.filter((request) => request.kind === "main");
  }

  /** Resolves with the first request, past or future, that fits. */
  async waitFor(
    fits: (request: ApiRequest) => boolean,
    options: { timeoutMs?: number; what?: string } = {},
  ): Promise<ApiRequest> {
    const timeoutMs = options.timeoutMs ?? 15_000;
    const deadlineAt = Date.now() + timeoutMs;
    for (;;) {
      const found = this.requests.find(fits);
      if (found) return found;
      const leftMs = deadlineAt - Date.now();
      if (leftMs <= 0)
        throw new Error(`no request ${options.what ?? "that fits"} came in ${timeoutMs} ms`);
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          clearTimeout(timer);
          this.#waiters.delete(wake);
          resolve();
        };
        const timer = setTimeout(wake, leftMs);
        this.#waiters.add(wake);
      });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const kept = toApiRequest(request, Buffer.concat(chunks).toString("utf8"));
    this.requests.push(kept);
    if (this.#logFile) appendFileSync(this.#logFile, `${JSON.stringify(kept)}\n`);
    for (const wake of this.#waiters) wake();

    if (kept.path.endsWith("/count_tokens")) return sendJson(response, { input_tokens: 100 });
    if (!kept.path.endsWith("/v1/messages")) {
      // Telemetry, feature flags, model lists: "nothing here" is a plausible answer to all.
      if (kept.method === "HEAD" || kept.method === "GET") return sendJson(response, {}, 404);
      return sendJson(response, {});
    }
    const scripted = (await this.script(kept)) ?? toDefault(kept);
    const answer: Answer =
      typeof scripted === "string" ? { blocks: [{ text: scripted }] } : scripted;
    if (answer.delayMs) await new Promise((resolve) => setTimeout(resolve, answer.delayMs));
    if ("status" in answer) {
      const error = { type: answer.errorType, message: answer.message ?? answer.errorType };
      return sendJson(response, { type: "error", error }, answer.status);
    }
    if (answer.hold) await answer.hold;
    this.#answered += 1;
    const message = toMessage(kept, answer.blocks, this.#answered);
    if (kept.stream) sendStream(response, message);
    else sendJson(response, message);
  }
}

function toDefault(request: ApiRequest): string {
  // The auto-mode check reads a verdict; anything else makes it ask ten times and deny.
  return request.kind === "classifier" ? "<block>no</block>" : "ok";
}

type Message = ReturnType<typeof toMessage>;

function toMessage(request: ApiRequest, blocks: Block[], count: number) {
  const content = blocks.map((block, index) =>
    "text" in block
      ? { type: "text" as const, text: block.text }
      : {
          type: "tool_use" as const,
          id: block.id ?? `toolu_${String(count).padStart(4, "0")}_${index}`,
          name: block.tool,
          input: block.input,
        },
  );
  return {
    id: `msg_${String(count).padStart(6, "0")}`,
    type: "message" as const,
    role: "assistant" as const,
    model: request.model,
    content,
    stop_reason: content.some((block) => block.type === "tool_use") ? "tool_use" : "end_turn",
    stop_sequence: null,
    usage: { input_tokens: 100, output_tokens: 10 },
  };
}

function sendJson(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

function sendStream(response: ServerResponse, message: Message): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
  const send = (type: string, rest: object): void => {
    response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...rest })}\n\n`);
  };
  send("message_start", { message: { ...message, content: [], stop_reason: null } });
  for (const [index, block] of message.content.entries()) {
    const isText = block.type === "text";
    const opened = isText ? { ...block, text: "" } : { ...block, input: {} };
    send("content_block_start", { index, content_block: opened });
    const delta = isText
      ? { type: "text_delta", text: block.text }
      : { type: "input_json_delta", partial_json: JSON.stringify(block.input) };
    send("content_block_delta", { index, delta });
    send("content_block_stop", { index });
  }
  send("message_delta", {
    delta: { stop_reason: message.stop_reason, stop_sequence: null },
    usage: { output_tokens: 10 },
  });
  send("message_stop", {});
  response.end();
}
