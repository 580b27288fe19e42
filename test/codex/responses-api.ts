/**
 * A model with a script that speaks the Responses API: an HTTP server on loopback, as much of it as Codex asks.
 *
 * Owns: the wire (server-sent events) and the log of requests. Never: reaches the network; looks into the client.
 * https://platform.openai.com/docs/api-reference/responses-streaming
 */
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

type Item = Record<string, unknown>;

/** One request for an answer: all items of the conversation, oldest first. `fresh`: those since the model spoke last. */
export type ModelRequest = { input: Item[]; text: string; fresh: string; tools: string[] };

/** Words, or calls of tools. `hold`: not before this. `status`: a failure instead. */
export type ModelAnswer = {
  text?: string;
  calls?: { name: string; namespace?: string; arguments: unknown }[];
  hold?: Promise<unknown>;
  status?: number;
};

export class ResponsesApi {
  readonly requests: ModelRequest[] = [];
  script: (request: ModelRequest) => ModelAnswer | undefined = () => undefined;
  readonly #server = createServer((request, response) => {
    this.#handle(request, response).catch(() => response.destroy());
  });
  #answered = 0;

  static async open(): Promise<ResponsesApi> {
    const api = new ResponsesApi();
    await new Promise<void>((resolve) => api.#server.listen(0, "127.0.0.1", resolve));
    return api;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`;
  }

  /** In how many requests a text first appeared: those of its conversation that follow contain it too. */
  countWith(text: string): number {
    return this.requests.filter((request) => request.text.includes(text)).length;
  }

  /** How often a text stands in the latest request that has it. */
  countIn(text: string): number {
    const last = this.requests.findLast((request) => request.text.includes(text));
    return (last?.text.split(text).length ?? 1) - 1;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (request.method !== "POST" || request.url?.endsWith("/responses") !== true) {
      response.writeHead(404).end("{}");
      return;
    }
    const body = JSON.parse(Buffer.concat(chunks).toString("utf8")) as {
      input: Item[];
      tools?: { name?: string }[];
    };
    const text = JSON.stringify(body.input);
    const tools = (body.tools ?? []).map(({ name = "" }) => name);
    const spoke = body.input.findLastIndex(
      ({ type, role }) => role === "assistant" || type === "function_call",
    );
    const fresh = JSON.stringify(body.input.slice(spoke + 1));
    const kept: ModelRequest = { input: body.input, text, fresh, tools };
    this.requests.push(kept);
    const answer = this.script(kept) ?? {};
    await answer.hold;
    if (answer.status !== undefined) {
      response.writeHead(answer.status, { "content-type": "application/json" });
      response.end('{"error":{"message":"scripted failure"}}');
      return;
    }
    sendStream(response, ++this.#answered, answer);
  }
}

function sendStream(response: ServerResponse, count: number, answer: ModelAnswer): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
  const send = (type: string, rest: object): void => {
    response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...rest })}\n\n`);
  };
  const id = `resp_${count}`;
  send("response.created", { response: { id } });
  for (const item of toItems(count, answer)) {
    send("response.output_item.added", { item });
    send("response.output_item.done", { item });
  }
  const usage = { input_tokens: 100, output_tokens: 10, total_tokens: 110 };
  send("response.completed", { response: { id, usage } });
  response.end();
}

function toItems(count: number, { text, calls = [] }: ModelAnswer): Item[] {
  const said = calls.length === 0 ? (text ?? "ok") : text;
  const message = {
    type: "message",
    role: "assistant",
    id: `msg_${count}`,
    content: [{ type: "output_text", text: said }],
  };
  return [
    ...(said === undefined ? [] : [message]),
    ...calls.map((call, index) => ({
      type: "function_call",
      id: `fc_${count}_${index}`,
      call_id: `call_${count}_${index}`,
      name: call.name,
      ...(call.namespace === undefined ? {} : { namespace: call.namespace }),
      arguments: JSON.stringify(call.arguments),
    })),
  ];
}
