/**
 * A platform's half of the wire, on loopback: what a test's channel talks to in place of the real one.
 *
 * Owns: the port, the requests that came, and how the way breaks. Never: knows a platform; its answers are the test's.
 */
import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";

export type FakeRequest = {
  method: string;
  path: string;
  query: URLSearchParams;
  /** Lower-case names. */
  headers: Readonly<Record<string, string | undefined>>;
  body: Buffer;
  /** The body as JSON. @throws SyntaxError. */
  json(): unknown;
};

/** `json` or `text`; neither is an empty body. */
export type FakeAnswer = {
  status?: number;
  headers?: Readonly<Record<string, string>>;
  json?: unknown;
  text?: string;
};

/**
 * What becomes of a request instead. `status`: it is refused and the platform has done nothing. `break` and `hang`: the platform has done
 * it, and then ends the connection or says nothing. `reset`: the connection ends before the platform looks at it.
 */
export type FakeFault =
  | { kind: "status"; status: number; retryAfterSeconds?: number }
  | { kind: "break" }
  | { kind: "hang" }
  | { kind: "reset" };

/** Which requests a fault is for. By what stands at the head of one: a `reset` comes before its body. */
export type FitsFault = (request: Pick<FakeRequest, "method" | "path">) => boolean;

type Armed = { fault: FakeFault; fits: FitsFault };

export type AnswerFake = (request: FakeRequest) => FakeAnswer | Promise<FakeAnswer>;

export class FakePlatform implements AsyncDisposable {
  /** `http://127.0.0.1:<port>`: what the channel takes for the platform. */
  readonly root: string;
  /** All that came, refused ones too, oldest first. */
  readonly requests: FakeRequest[] = [];
  readonly #server: Server;
  readonly #answer: AnswerFake;
  readonly #sockets: ReadonlySet<Socket>;
  #armed: Armed[] = [];
  #mistake: unknown;

  private constructor(server: Server, answer: AnswerFake, sockets: ReadonlySet<Socket>) {
    this.#server = server;
    this.#answer = answer;
    this.#sockets = sockets;
    this.root = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on("request", (request, response) => {
      this.#serve(request, response).catch((thrown: unknown) => {
        // A mistake in the test's own answers, which no channel must take for a fault of the platform.
        this.#mistake ??= thrown;
        response.destroy();
      });
    });
  }

  static async open(answer: AnswerFake): Promise<FakePlatform> {
    const server = createServer();
    const sockets = new Set<Socket>();
    server.on("connection", (socket: Socket) => {
      sockets.add(socket);
      socket.once("close", () => sockets.delete(socket));
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    return new FakePlatform(server, answer, sockets);
  }

  /** How many connections are open. */
  get openCount(): number {
    return this.#sockets.size;
  }

  /** The next requests that fit fare so, in the order of these calls. */
  fail(fault: FakeFault, requests = 1, fits: FitsFault = () => true): void {
    for (let i = 0; i < requests; i++) this.#armed.push({ fault, fits });
  }

  /** Breaks what is open, and goes on listening. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Goes away: nobody listens at its address any more. @throws what an answer of the test's threw. */
  async close(): Promise<void> {
    if (this.#server.listening) {
      const closed = new Promise((done) => this.#server.close(done));
      this.cut();
      await closed;
    }
    const mistake = this.#mistake;
    this.#mistake = undefined;
    if (mistake !== undefined) throw mistake;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #takeFault({ method = "", url = "/" }: IncomingMessage): FakeFault | undefined {
    const [path = ""] = url.split("?");
    const armed = this.#armed.find(({ fits }) => fits({ method, path }));
    this.#armed = this.#armed.filter((one) => one !== armed);
    return armed?.fault;
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const fault = this.#takeFault(incoming);
    if (fault?.kind === "reset") return void response.destroy();
    const request = await readRequest(incoming);
    if (request === undefined) return;
    this.requests.push(request);
    if (fault?.kind === "status") {
      const { status, retryAfterSeconds: seconds } = fault;
      response.writeHead(status, seconds === undefined ? {} : { "retry-after": String(seconds) });
      return void response.end();
    }
    const { status = 200, headers = {}, json, text } = await this.#answer(request);
    assert.ok(json === undefined || text === undefined, "an answer has json or text, not both");
    if (fault?.kind === "break") return void response.destroy();
    if (fault?.kind === "hang") return;
    const type = json === undefined ? {} : { "content-type": "application/json" };
    response.writeHead(status, { ...type, ...headers });
    response.end(json === undefined ? text : JSON.stringify(json));
  }
}

/** Undefined where the sender left in the middle of it. */
async function readRequest(incoming: IncomingMessage): Promise<FakeRequest | undefined> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
  } catch {
    return undefined;
  }
  const { pathname, searchParams } = new URL(`http://fake${incoming.url}`);
  const body = Buffer.concat(chunks);
  return {
    method: incoming.method ?? "",
    path: pathname,
    query: searchParams,
    headers: Object.fromEntries(
      Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
    ),
    body,
    json: () => JSON.parse(body.toString("utf8")) as unknown,
  };
}
