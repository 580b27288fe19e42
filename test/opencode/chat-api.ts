/**
 * A model with a script that speaks Chat Completions: an HTTP server on loopback, as much of it as opencode asks.
 *
 * Owns: the wire and the log of requests. Never: reaches the network; looks into the client.
 */
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Words, or one command. `hold`: not before this. */
export type ChatAnswer = { command?: string; hold?: Promise<unknown> };

export class ChatApi {
  /** The messages of each request, as text. */
  readonly requests: string[] = [];
  script: (last: string) => ChatAnswer = () => ({});
  readonly #server = createServer((request, response) => {
    let text = "";
    request.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
    request.on("end", () => void this.#answer(text, response));
  });

  static async open(): Promise<ChatApi> {
    const api = new ChatApi();
    await new Promise<void>((resolve) => api.#server.listen(0, "127.0.0.1", resolve));
    return api;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`;
  }

  /** How often a text stands in the latest request that has it. */
  countIn(text: string): number {
    const last = this.requests.findLast((request) => request.includes(text));
    return (last?.split(text).length ?? 1) - 1;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #answer(text: string, response: ServerResponse): Promise<void> {
    const { messages, tools } = JSON.parse(text) as {
      messages: { role: string }[];
      tools?: unknown;
    };
    // Titles are asked for without tools.
    if (tools !== undefined) this.requests.push(JSON.stringify(messages));
    const last = JSON.stringify(messages.at(-1));
    const { command, hold } = tools === undefined ? {} : this.script(last);
    await hold;
    response.writeHead(200, { "content-type": "text/event-stream" });
    const send = (delta: object, finish: string | null): void => {
      const choices = [{ index: 0, delta, finish_reason: finish }];
      const base = { id: "c", object: "chat.completion.chunk", created: 1, model: "scripted" };
      response.write(`data: ${JSON.stringify({ ...base, choices })}\n\n`);
    };
    if (command === undefined) {
      send({ role: "assistant", content: "fine" }, null);
      send({}, "stop");
    } else {
      const args = JSON.stringify({ command, description: "make it" });
      const call = { index: 0, id: `call_${this.requests.length}`, type: "function" };
      send(
        {
          role: "assistant",
          tool_calls: [{ ...call, function: { name: "bash", arguments: args } }],
        },
        null,
      );
      send({}, "tool_calls");
    }
    response.end("data: [DONE]\n\n");
  }
}
