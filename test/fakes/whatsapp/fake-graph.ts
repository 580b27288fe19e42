/**
 * Meta's Graph API for one number: messages, media and their files, with its errors.
 *
 * Owns: the wire as Meta documents it, and what it was asked. Never: WhatsApp itself.
 */
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export const NUMBER = "106540352242922";
export const FAKE_TOKEN = "EAAG-fake-token-of-a-system-user-0123456789";

export type Call = { method: string; path: string; body: Record<string, unknown>; raw: string };
type Plan =
  | { kind: "error"; status: number; code: number; message?: string; retryAfter?: number }
  | { kind: "page"; status: number }
  /** Carried out, and answered so. */
  | { kind: "says"; body: string }
  | { kind: "break" };

export class FakeGraph {
  readonly calls: Call[] = [];
  readonly files = new Map<string, Buffer>();
  /** Where files are handed out; the API's own address without it. */
  mediaRoot: string | undefined;
  token = FAKE_TOKEN;
  /** Every request breaks. */
  isDown = false;
  readonly #plans: Plan[] = [];
  readonly #server: Server;
  #count = 0;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async open(): Promise<FakeGraph> {
    const server = createServer((request, response) => void fake.#answer(request, response));
    const fake = new FakeGraph(server);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return fake;
  }

  get root(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v25.0`;
  }

  /** What the next POSTs come to. */
  plan(plan: Plan, times = 1): void {
    for (let index = 0; index < times; index++) this.#plans.push(plan);
  }

  /** Messages that it has accepted. */
  get sent(): Call["body"][] {
    return this.calls
      .filter(({ path, body }) => path.endsWith("/messages") && body["status"] === undefined)
      .map(({ body }) => body);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    if (this.#server.listening) {
      this.#server.close();
      await once(this.#server, "close");
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const raw = Buffer.concat(chunks).toString("utf8");
    const path = (request.url ?? "").replace("/v25.0", "");
    const send = (status: number, body: object, headers: Record<string, string> = {}): void =>
      void response
        .writeHead(status, { "content-type": "application/json", ...headers })
        .end(JSON.stringify(body));
    const refuse = (status: number, code: number, message: string, headers = {}): void =>
      send(status, { error: { message, type: "OAuthException", code, fbtrace_id: "A1" } }, headers);
    if (this.isDown) return void request.socket.destroy();
    if (request.headers.authorization !== `Bearer ${this.token}`)
      return refuse(401, 190, "Error validating access token: Session has expired");
    if (request.method === "GET") return this.#get(path, response, send, refuse);
    const plan = this.#plans.shift();
    if (plan?.kind === "error")
      return refuse(
        plan.status,
        plan.code,
        plan.message ?? "(#x) refused",
        plan.retryAfter === undefined ? {} : { "retry-after": String(plan.retryAfter) },
      );
    if (plan?.kind === "page") return void response.writeHead(plan.status).end("<html>");
    const isJson = request.headers["content-type"] === "application/json";
    this.calls.push({
      method: "POST",
      path,
      body: isJson ? (JSON.parse(raw) as Call["body"]) : {},
      raw,
    });
    if (plan?.kind === "break") return void request.socket.destroy();
    if (plan?.kind === "says") return void response.end(plan.body);
    if (path.endsWith("/media")) return send(200, { id: `media-${++this.#count}` });
    if (this.calls.at(-1)?.body["status"] === "read") return send(200, { success: true });
    const id = `wamid.${++this.#count}`;
    Object.assign(this.calls.at(-1)?.body ?? {}, { id });
    send(200, { messaging_product: "whatsapp", messages: [{ id }] });
  }

  #get(
    path: string,
    response: ServerResponse,
    send: (status: number, body: object) => void,
    refuse: (status: number, code: number, message: string) => void,
  ): void {
    const [, id = ""] = path.split(/[/?]/);
    if (id === NUMBER)
      return send(200, { display_phone_number: "+1 555-0100", verified_name: "Octo", id });
    if (id === "file") return void response.end(this.files.get(path.split("/")[2] ?? ""));
    const file = this.files.get(id);
    if (file === undefined) return refuse(400, 100, "Unsupported get request");
    send(200, { url: `${this.mediaRoot ?? this.root}/file/${id}`, file_size: file.length, id });
  }
}

/** A request's body as Meta sends it. */
export function toBody(value: object, field = "messages"): Buffer {
  const metadata = { display_phone_number: "15550100", phone_number_id: NUMBER };
  return Buffer.from(
    JSON.stringify({
      object: "whatsapp_business_account",
      entry: [
        {
          id: "102290129340398",
          changes: [{ field, value: { messaging_product: "whatsapp", metadata, ...value } }],
        },
      ],
    }),
  );
}
