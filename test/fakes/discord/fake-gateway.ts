/**
 * Discord's gateway over a real WebSocket, as far as the channel speaks it, with what goes wrong there.
 *
 * Owns: sessions with their numbered events, resume, heartbeats, close codes on demand. Never: used by a hub at work.
 * https://docs.discord.com/developers/events/gateway
 */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { at, parseJson } from "../../../src/sdk/json.ts";

type Dispatched = { op: 0; s: number; t: string; d: unknown };
type Session = { id: string; events: Dispatched[]; seq: number };

export type GatewayFault =
  /** The socket is closed with this code in place of the answer to IDENTIFY or RESUME. */
  | { kind: "close"; code: number }
  /** Op 9, with its word whether a resume makes sense. */
  | { kind: "invalid"; mayResume: boolean }
  /** Nothing at all is answered. */
  | { kind: "silence" }
  /** The upgrade is refused. */
  | { kind: "upgrade"; status: number };

export type FakeGatewayOptions = {
  token: () => string;
  /** Called with each IDENTIFY; what is closed instead of READY. */
  refuse: (intents: number) => number | undefined;
  me: { id: string; username: string };
  /** What a new session is told of first. */
  guilds: () => readonly unknown[];
};

export class FakeGateway {
  readonly #server = new WebSocketServer({ noServer: true });
  readonly #options: FakeGatewayOptions;
  readonly #sessions = new Map<string, Session>();
  /** By socket: the session that it carries. */
  readonly #live = new Map<WebSocket, Session>();
  readonly identifies: unknown[] = [];
  readonly resumes: unknown[] = [];
  /** Every upgrade that was asked for. */
  connects = 0;
  heartbeats = 0;
  heartbeatMs = 40_000;
  answersHeartbeats = true;
  /** What a session says where it is to be resumed; undefined: here. */
  resumeUrl: string | undefined;
  #faults: GatewayFault[] = [];
  #next = 1;
  #backlog: { t: string; d: unknown }[] = [];
  #current: Session | undefined;
  /** Sessions do not outlive their socket. */
  forgetsSessions = false;

  constructor(options: FakeGatewayOptions) {
    this.#options = options;
  }

  get url(): string {
    return this.resumeUrl ?? "";
  }

  /** How many sockets are open. */
  get openCount(): number {
    return this.#server.clients.size;
  }

  fail(fault: GatewayFault, times = 1): void {
    for (let turn = 0; turn < times; turn++) this.#faults.push(fault);
  }

  heal(): void {
    this.#faults = [];
  }

  /** An event, to the session that there is; before the first one it waits for none. */
  push(t: string, d: unknown): void {
    const session = this.#current;
    if (session === undefined) {
      this.#backlog.push({ t, d });
      return;
    }
    this.#dispatch(session, t, d);
  }

  /** Ends every socket with this code, or cuts it without a word. */
  drop(code?: number): void {
    for (const socket of this.#server.clients)
      if (code === undefined) socket.terminate();
      else socket.close(code);
  }

  /** Asks for another socket. */
  askReconnect(): void {
    for (const socket of this.#live.keys()) say(socket, { op: 7, d: null });
  }

  /** Sessions of before cannot be resumed any more. What is said until the next one is lost to it. */
  forget(): void {
    this.#sessions.clear();
    this.#current = undefined;
    this.#backlog = [];
    this.#isForgetful = true;
  }

  #isForgetful = false;

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.connects += 1;
    const [fault] = this.#faults;
    if (fault?.kind === "upgrade") {
      this.#faults.shift();
      socket.end(`HTTP/1.1 ${fault.status} No\r\nconnection: close\r\n\r\n`);
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (client) => this.#meet(client));
  }

  close(): void {
    for (const socket of this.#server.clients) socket.terminate();
    this.#server.close();
  }

  #meet(socket: WebSocket): void {
    say(socket, { op: 10, d: { heartbeat_interval: this.heartbeatMs } });
    socket.on("error", () => socket.terminate());
    socket.on("close", () => this.#live.delete(socket));
    socket.on("message", (data: Buffer) => {
      const read = parseJson(data);
      if (read.kind !== "ok") return socket.close(4002);
      const op = at(read.value, "op");
      if (op === 1) return this.#beat(socket);
      if (op !== 2 && op !== 6) return socket.close(4001);
      const fault = this.#faults.shift();
      if (fault?.kind === "close") return socket.close(fault.code);
      if (fault?.kind === "invalid") return say(socket, { op: 9, d: fault.mayResume });
      if (fault?.kind === "silence") return undefined;
      return op === 2
        ? this.#identify(socket, at(read.value, "d"))
        : this.#resume(socket, at(read.value, "d"));
    });
  }

  #beat(socket: WebSocket): void {
    this.heartbeats += 1;
    if (this.answersHeartbeats) say(socket, { op: 11 });
  }

  #identify(socket: WebSocket, d: unknown): void {
    this.identifies.push(d);
    const { token, refuse, me, guilds } = this.#options;
    if (at(d, "token") !== token()) return socket.close(4004);
    const refused = refuse(Number(at(d, "intents")));
    if (refused !== undefined) return socket.close(refused);
    const session: Session = { id: `session-${this.#next++}`, events: [], seq: 0 };
    this.#sessions.set(session.id, session);
    this.#current = session;
    this.#live.set(socket, session);
    const url = this.resumeUrl;
    this.#dispatch(session, "READY", {
      v: 10,
      user: { ...me, bot: true },
      session_id: session.id,
      ...(url === undefined ? {} : { resume_gateway_url: url }),
      application: { id: me.id, flags: 0 },
      guilds: guilds().map((guild) => ({ id: at(guild, "id"), unavailable: true })),
    });
    for (const guild of guilds()) this.#dispatch(session, "GUILD_CREATE", guild);
    if (!this.#isForgetful)
      for (const { t, d: data } of this.#backlog) this.#dispatch(session, t, data);
    this.#backlog = [];
  }

  #resume(socket: WebSocket, d: unknown): void {
    this.resumes.push(d);
    if (at(d, "token") !== this.#options.token()) return socket.close(4004);
    const session = this.#sessions.get(String(at(d, "session_id")));
    const seq = Number(at(d, "seq"));
    if (session === undefined || this.forgetsSessions) return say(socket, { op: 9, d: false });
    if (seq > session.seq) return socket.close(4007);
    this.#live.set(socket, session);
    for (const event of session.events) if (event.s > seq) say(socket, event);
    this.#dispatch(session, "RESUMED", {});
  }

  #dispatch(session: Session, t: string, d: unknown): void {
    session.seq += 1;
    const event: Dispatched = { op: 0, s: session.seq, t, d };
    if (t !== "RESUMED") session.events.push(event);
    for (const [socket, carried] of this.#live) if (carried === session) say(socket, event);
  }
}

function say(socket: WebSocket, message: unknown): void {
  if (socket.readyState === 1) socket.send(JSON.stringify(message));
}
