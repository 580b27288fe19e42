/**
 * A server that speaks ntfy as far as the channel does, with its errors.
 *
 * Owns: topics that remember, streams, faults on demand. Never: used by a hub at work.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { listAt, parseJson, textAt } from "../../../src/sdk/json.ts";

export const FAKE_TOKEN = "tk_fakefakefakefakefakefakefake1";

type Kept = {
  id: string;
  time: number;
  line: string;
  topic: string;
  text: string;
  isOurs: boolean;
  /** Its buttons, as a reader's app sees them. */
  actions: { label: string; url: string; body: string }[];
};
/** `break`: kept, then the connection ends. `hang`: kept, never answered. */
type Fault = { status: number | "break" | "hang"; retryAfter?: number };

export class FakeNtfy {
  readonly #server: Server;
  readonly #streams = new Map<ServerResponse, string>();
  readonly kept: Kept[] = [];
  /** Files by the path they are fetched from. */
  readonly files = new Map<string, Buffer>();
  /** Empty: anybody may read and write, as on a server without accounts. */
  token = FAKE_TOKEN;
  requests = 0;
  /** Files need no token, as on ntfy.sh. */
  openFiles = false;
  #next = 1;
  #publishFaults: Fault[] = [];
  #anyFaults: number[] = [];

  private constructor() {
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch(() => response.destroy());
    });
  }

  static async open(): Promise<FakeNtfy> {
    const fake = new FakeNtfy();
    await new Promise<void>((done) => fake.#server.listen(0, "127.0.0.1", done));
    return fake;
  }

  get root(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get streams(): number {
    return this.#streams.size;
  }

  /** Somebody publishes, with any fields of a message. */
  say(topic: string, text: string, more: object = {}): string {
    return this.#keep(topic, text, false, more);
  }

  failPublish(fault: Fault): void {
    this.#publishFaults.push(fault);
  }

  /** Fails the next requests of any kind, and cuts the streams that are open. */
  fail(requests: number): void {
    this.#anyFaults.push(...Array.from({ length: requests }, () => 502));
    this.cut();
  }

  cut(): void {
    for (const stream of this.#streams.keys()) stream.destroy();
  }

  /** Sends a raw line to every reader. */
  write(line: string): void {
    for (const stream of this.#streams.keys()) stream.write(`${line}\n`);
  }

  async close(): Promise<void> {
    const closed = new Promise((done) => this.#server.close(done));
    this.#server.closeAllConnections();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.requests++;
    const fault = this.#anyFaults.shift();
    if (fault !== undefined) return answer(response, fault, { error: "bad gateway" });
    const url = new URL(request.url ?? "", "http://fake");
    const file = this.files.get(url.pathname);
    if (file !== undefined && this.openFiles) return void response.writeHead(200).end(file);
    if (this.token !== "" && request.headers.authorization !== `Bearer ${this.token}`)
      return answer(response, 401, { code: 40101, http: 401, error: "unauthorized" });
    const [, topic = "", kind] = url.pathname.split("/");
    if (request.method === "GET" && kind === "json")
      return this.#stream(topic, url.searchParams.get("since") ?? "", response);
    const body = await readAll(request);
    const publishFault = this.#publishFaults.shift();
    if (publishFault !== undefined && typeof publishFault.status === "number") {
      const { retryAfter } = publishFault;
      const headers = retryAfter === undefined ? {} : { "retry-after": String(retryAfter) };
      return answer(response, publishFault.status, { error: "no" }, headers);
    }
    const id =
      request.method === "PUT"
        ? this.#takeFile(topic, request, body)
        : topic === ""
          ? this.#take(body)
          : this.#keep(topic, body.toString(), false, {});
    if (publishFault?.status === "hang") return;
    if (publishFault !== undefined) return void response.destroy();
    answer(response, 200, { id, event: "message" });
  }

  #take(body: Buffer): string {
    const parsed = parseJson(body);
    const value = parsed.kind === "ok" ? parsed.value : {};
    const actions = listAt(value, "actions");
    return this.#keep(textAt(value, "topic") ?? "", textAt(value, "message") ?? "", true, {
      tags: ["sluice"],
      ...(actions.length === 0 ? {} : { actions }),
    });
  }

  #takeFile(topic: string, request: IncomingMessage, body: Buffer): string {
    const name = String(request.headers["filename"] ?? "");
    return this.#keep(topic, `file ${name}: ${body.toString()}`, true, { tags: ["sluice"] });
  }

  #keep(topic: string, text: string, isOurs: boolean, more: object): string {
    const id = `m${String(this.#next++).padStart(11, "0")}`;
    const time = Math.floor(Date.now() / 1_000);
    const line = JSON.stringify({ id, time, event: "message", topic, message: text, ...more });
    const actions = listAt(more, "actions").map((action) => ({
      label: textAt(action, "label") ?? "",
      url: textAt(action, "url") ?? "",
      body: textAt(action, "body") ?? "",
    }));
    this.kept.push({ id, time, line, topic, text, isOurs, actions });
    for (const [stream, of] of this.#streams) if (of === topic) stream.write(`${line}\n`);
    return id;
  }

  #stream(topic: string, since: string, response: ServerResponse): void {
    response.writeHead(200, { "content-type": "application/x-ndjson" });
    response.write(`${JSON.stringify({ id: "o", time: 0, event: "open", topic })}\n`);
    const after = this.kept.findIndex(({ id }) => id === since);
    // An id means what came after it, a time what came at or after it.
    const missed = this.kept.filter(({ time }, index) =>
      /^\d+$/.test(since) ? time >= Number(since) : index > after,
    );
    for (const { line, topic: of } of missed) if (of === topic) response.write(`${line}\n`);
    this.#streams.set(response, topic);
    response.once("close", () => this.#streams.delete(response));
  }
}

function answer(
  response: ServerResponse,
  status: number,
  body: object,
  headers: object = {},
): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
