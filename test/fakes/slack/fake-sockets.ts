/**
 * The server's half of Socket Mode: sockets with tickets, envelopes that are sent again until they are acknowledged.
 *
 * Owns: which socket gets an envelope, and its retries. Never: what an envelope holds.
 * https://docs.slack.dev/apis/events-api/using-socket-mode
 */
import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { at, parseJson, textAt } from "../../../src/sdk/json.ts";

export type Sent = {
  id: string;
  type: string;
  payload: object;
  tries: number;
  /** When it may be sent again; by real time. */
  timer?: NodeJS.Timeout;
};

type Line = { socket: WebSocket; isLeaving: boolean };

export class FakeSockets {
  readonly #server = new WebSocketServer({ noServer: true });
  readonly #lines = new Set<Line>();
  readonly #tickets = new Set<string>();
  readonly #open = new Map<string, Sent>();
  readonly acks: { id: string; payload: unknown }[] = [];
  /** How long Slack waits for an acknowledgement before it sends the event again. */
  retryMs = 400;
  maxTries = 200;
  /** Sockets of other programs, as the hello counts them. */
  others = 0;
  /** A socket is taken, and never says hello. */
  isMute = false;

  get count(): number {
    return this.#lines.size;
  }

  get waiting(): number {
    return this.#open.size;
  }

  newTicket(): string {
    const ticket = randomUUID();
    this.#tickets.add(ticket);
    return ticket;
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const ticket = new URL(`http://fake${request.url}`).searchParams.get("ticket") ?? "";
    if (!this.#tickets.delete(ticket)) return void socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
    this.#server.handleUpgrade(request, socket, head, (opened) => {
      // The hello and what waits leave as one chunk: Slack's own do so now and then, and then are read in one turn.
      socket.cork();
      this.#hello(opened);
      socket.uncork();
    });
  }

  /** Sends it to one socket, and again until somebody acknowledges it. */
  send(type: string, payload: object, id: string = randomUUID()): string {
    const sent: Sent = { id, type, payload, tries: 0 };
    this.#open.set(id, sent);
    this.#try(sent);
    return id;
  }

  /** The same envelope once more, as Slack does now and then. */
  again(type: string, payload: object, id: string): void {
    this.#try({ id, type, payload, tries: 0 });
  }

  /** Tells each socket that it will end. New ones may come meanwhile; `end` then closes those that were told. */
  tell(reason: string): { end(): void } {
    const told = [...this.#lines];
    for (const line of told) {
      // With a warning, events still come by it until it ends.
      if (reason !== "warning") line.isLeaving = true;
      line.socket.send(
        JSON.stringify({ type: "disconnect", reason, debug_info: { host: "fake" } }),
      );
    }
    return { end: () => told.forEach(({ socket }) => socket.close(1_000)) };
  }

  /** Without a word. */
  cut(): void {
    for (const { socket } of this.#lines) socket.terminate();
  }

  /** Any frame, to all. */
  frame(frame: unknown): void {
    for (const { socket } of this.#lines) socket.send(JSON.stringify(frame));
  }

  close(): void {
    for (const { timer } of this.#open.values()) clearTimeout(timer);
    this.#open.clear();
    this.cut();
    this.#server.close();
  }

  #hello(socket: WebSocket): void {
    const line = { socket, isLeaving: false };
    this.#lines.add(line);
    socket.on("error", () => socket.terminate());
    socket.on("close", () => this.#lines.delete(line));
    socket.on("message", (data) => this.#ack(String(data)));
    if (this.isMute) return;
    socket.send(
      JSON.stringify({
        type: "hello",
        num_connections: this.#lines.size + this.others,
        debug_info: { host: "fake", build_number: 1, approximate_connection_time: 18_060 },
        connection_info: { app_id: "A0FAKE" },
      }),
    );
    // What nobody was there for is raised again soon.
    for (const sent of this.#open.values()) if (sent.tries === 0) this.#try(sent);
  }

  #ack(text: string): void {
    const parsed = parseJson(text);
    const frame = parsed.kind === "ok" ? parsed.value : undefined;
    const id = textAt(frame, "envelope_id") ?? "";
    this.acks.push({ id, payload: at(frame, "payload") });
    clearTimeout(this.#open.get(id)?.timer);
    this.#open.delete(id);
  }

  #try(sent: Sent): void {
    clearTimeout(sent.timer);
    const line = [...this.#lines].findLast(({ isLeaving }) => !isLeaving);
    const { id, type, payload } = sent;
    if (line !== undefined) {
      const retry = sent.tries === 0 ? {} : { retry_attempt: sent.tries, retry_reason: "timeout" };
      line.socket.send(
        JSON.stringify({
          envelope_id: id,
          type,
          payload,
          accepts_response_payload: type !== "events_api",
          ...retry,
        }),
      );
      sent.tries++;
    }
    if (!this.#open.has(id) || type !== "events_api") return;
    if (sent.tries > this.maxTries) return void this.#open.delete(id);
    sent.timer = setTimeout(() => this.#try(sent), this.retryMs);
  }
}
