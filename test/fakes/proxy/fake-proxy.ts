/**
 * An HTTP proxy: tunnels by CONNECT, passes plain requests on, wants a sign-in, refuses or hangs.
 *
 * Owns: its own wire, plain or over TLS, and a table of the names that it knows. Never: used by a hub at work.
 * https://www.rfc-editor.org/rfc/rfc9110#section-9.3.6 https://www.rfc-editor.org/rfc/rfc9110#section-11.7
 */
import {
  createServer,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, connect, type Socket } from "node:net";

export type ProxyMode =
  | "pass"
  /** Takes the connection and says nothing. */
  | "hang"
  /** Says this, whoever asks. */
  | { status: number; headers?: Record<string, string> };

export class FakeProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #isTls: boolean;
  /** Names that it knows, with their port on this machine. */
  readonly names = new Map<string, number>();
  /** `CONNECT api.test:443`, `GET http://ntfy.test/x`: each as it was asked, whatever the answer. */
  readonly asked: string[] = [];
  mode: ProxyMode = "pass";
  /** `NAME:PASSWORD`; undefined: for everybody. */
  demands: string | undefined;
  challenge = 'Basic realm="proxy"';

  private constructor(tls?: { key: string; cert: string }) {
    this.#isTls = tls !== undefined;
    this.#server = tls === undefined ? createServer() : createTlsServer(tls);
    this.#server.on("connection", (socket: Socket) => this.#keep(socket));
    this.#server.on("connect", (asked, socket, head) =>
      this.#tunnel(asked, socket as Socket, head),
    );
    this.#server.on("request", (asked, answer) => this.#pass(asked, answer));
  }

  static async open(tls?: { key: string; cert: string }): Promise<FakeProxy> {
    const proxy = new FakeProxy(tls);
    await new Promise<void>((done) => proxy.#server.listen(0, "127.0.0.1", done));
    return proxy;
  }

  /** As it is shown to people. */
  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  toUrl(credentials?: string): string {
    const before = credentials === undefined ? "" : `${credentials}@`;
    return `${this.#isTls ? "https" : "http"}://${before}${this.host}`;
  }

  /** How many connections are open at either of its ends. */
  get openCount(): number {
    return this.#sockets.size;
  }

  /** Cuts what is open: whoever had a tunnel asks anew. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((done) => this.#server.close(done));
  }

  #keep(socket: Socket): Socket {
    this.#sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.once("close", () => this.#sockets.delete(socket));
    return socket;
  }

  /** What it says in the place of the server; undefined: it lets the request through. */
  #toRefusal(
    asked: IncomingMessage,
  ): { status: number; headers?: Record<string, string> } | "hang" | undefined {
    this.asked.push(`${asked.method} ${asked.url}`);
    if (this.mode !== "pass") return this.mode;
    const given = `Basic ${Buffer.from(this.demands ?? "").toString("base64")}`;
    return this.demands === undefined || asked.headers["proxy-authorization"] === given
      ? undefined
      : { status: 407, headers: { "Proxy-Authenticate": this.challenge } };
  }

  #tunnel(asked: IncomingMessage, socket: Socket, head: Buffer): void {
    const refusal = this.#toRefusal(asked);
    // Node leaves a socket that it has handed over half open.
    socket.once("end", () => socket.destroy());
    if (refusal === "hang") return void socket.resume();
    const [, name = ""] = /^(.+):\d+$/.exec(asked.url ?? "") ?? [];
    const port = this.names.get(name);
    const { status, headers = {} } = refusal ?? { status: port === undefined ? 502 : 200 };
    const lines = Object.entries(headers).map(([key, value]) => `${key}: ${value}\r\n`);
    const line = `HTTP/1.1 ${status} Said by the proxy\r\n${lines.join("")}\r\n`;
    if (status !== 200 || port === undefined) return void socket.end(line);
    const reached = this.#keep(connect(port, "127.0.0.1"));
    socket.write(line);
    if (head.length > 0) reached.write(head);
    socket.on("error", () => reached.destroy());
    socket.pipe(reached).pipe(socket);
    socket.once("close", () => reached.destroy());
    reached.once("close", () => socket.destroy());
  }

  #pass(asked: IncomingMessage, answer: ServerResponse): void {
    const refusal = this.#toRefusal(asked);
    if (refusal === "hang") return void asked.resume();
    const target = URL.canParse(asked.url ?? "") ? new URL(asked.url ?? "") : undefined;
    const port = this.names.get(target?.hostname ?? "");
    if (refusal !== undefined || target === undefined || port === undefined)
      return void answer.writeHead(refusal?.status ?? 502, refusal?.headers).end("of the proxy");
    const { "proxy-authorization": _secret, ...headers } = asked.headers;
    const passed = request(
      {
        host: "127.0.0.1",
        port,
        method: asked.method ?? "GET",
        path: `${target.pathname}${target.search}`,
        headers,
      },
      (heard) => {
        answer.writeHead(heard.statusCode ?? 502, heard.headers);
        heard.pipe(answer);
      },
    );
    passed.on("error", () => answer.destroy());
    asked.pipe(passed);
  }
}
