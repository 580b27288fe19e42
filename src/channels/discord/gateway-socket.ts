/**
 * One socket of the gateway, from the upgrade to its end.
 *
 * Owns: the first words, heartbeats, what ends it and how. Never: decides what follows (gateway.ts).
 */
import type { RawData, WebSocket } from "ws";
import type { Clock } from "../../sdk/clock.ts";
import { at, countAt, parseJson, textAt } from "../../sdk/json.ts";
import { openSocket } from "./socket.ts";

/** One thing that happened, by its number in the session. */
export type GatewayEvent = { seq: number; type: string; data: unknown };

export type SocketEnd = {
  reason: string;
  code?: number;
  /** How long it stood after the session was there. */
  stoodMs: number;
  /** Discord has said hello. */
  isHeard?: boolean;
  /** The session was there. */
  isBegun?: boolean;
  /** Discord does not take the session up again. */
  isRefused?: boolean;
  /** Discord asked for another socket. */
  isAsked?: boolean;
  /** No other try. */
  isFinal?: boolean;
  /** How long Discord wants us to wait. */
  waitMs?: number;
};

export type GatewaySocketOptions = {
  url: URL;
  /** What begins or resumes the session. */
  hello: object;
  seq: number;
  answerMs: number;
  clock: Clock;
  signal: AbortSignal;
  dispatch(event: GatewayEvent): void;
};

/** Any but 1000 and 1001: the session is to go on. */
const CLOSE = 4_200;
const GRACE_MS = 500;

export class GatewaySocket {
  readonly #options: GatewaySocketOptions;
  readonly #ended = Promise.withResolvers<SocketEnd>();
  #socket: WebSocket | undefined;
  #seq: number;
  #begunAt: number | undefined;
  #isHeard = false;
  #isAnswered = true;
  #cancelBeat: (() => void) | undefined;
  #cancelWatch: (() => void) | undefined;
  #why: Partial<SocketEnd> = {};

  constructor(options: GatewaySocketOptions) {
    this.#options = options;
    this.#seq = options.seq;
  }

  /** @throws SluiceError where no connection stands. */
  async run(): Promise<SocketEnd> {
    const { url, answerMs, signal } = this.#options;
    const socket = await openSocket(url, { connectMs: answerMs, signal });
    this.#socket = socket;
    socket.on("message", (data: RawData, isBinary: boolean) => this.#hear(data, isBinary));
    socket.on("error", (fault: Error) =>
      this.#end({ reason: `the connection broke (${toCode(fault)})` }),
    );
    socket.on("close", (code: number) => this.#end({ code, reason: toReason(code) }));
    const stop = (): void => this.#close({ reason: "closed" });
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) stop();
    this.#watch("Discord does not answer");
    try {
      return await this.#ended.promise;
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  #hear(data: RawData, isBinary: boolean): void {
    const read = isBinary ? undefined : parseJson(toBuffer(data));
    if (read?.kind !== "ok") return this.#close({ reason: "an answer that cannot be read" });
    const message = read.value;
    switch (at(message, "op")) {
      case 0:
        return this.#dispatch(message);
      case 1:
        return this.#beat();
      case 7:
        return this.#close({ reason: "Discord asked for another socket", isAsked: true });
      case 9: {
        const isRefused = at(message, "d") !== true;
        // One to five seconds, as Discord asks.
        const waitMs = Math.min(this.#options.answerMs / 4, 1_000 + Math.random() * 4_000);
        return this.#close({ reason: "the session is not taken up", isRefused, waitMs });
      }
      case 10: {
        const everyMs = countAt(message, "d.heartbeat_interval") ?? 0;
        if (everyMs < 1) return this.#close({ reason: "an answer that cannot be read" });
        this.#isHeard = true;
        this.#say(this.#options.hello);
        this.#watch("Discord begins no session");
        return this.#beatAfter(everyMs * Math.random(), everyMs);
      }
      case 11:
        this.#isAnswered = true;
        return;
      default:
        return;
    }
  }

  #dispatch(message: unknown): void {
    const [seq, type] = [countAt(message, "s"), textAt(message, "t")];
    if (seq === undefined || type === undefined) return;
    this.#seq = seq;
    if (type === "READY" || type === "RESUMED") {
      this.#begunAt = this.#options.clock.now();
      this.#cancelWatch?.();
      // What Discord sends again of an earlier session is an answer, too.
    } else if (this.#begunAt === undefined) this.#watch("Discord stopped in the middle");
    this.#options.dispatch({ seq, type, data: at(message, "d") });
  }

  #beatAfter(delayMs: number, everyMs: number): void {
    this.#cancelBeat?.();
    this.#cancelBeat = this.#options.clock.after(delayMs, () => {
      if (!this.#isAnswered) return this.#close({ reason: "Discord answers no heartbeat" }); // GATEWAY-4
      this.#isAnswered = false;
      this.#beat();
      this.#beatAfter(everyMs, everyMs);
    });
  }

  #beat(): void {
    this.#say({ op: 1, d: this.#seq === 0 ? null : this.#seq });
  }

  #say(message: object): void {
    // A socket that closes just now says so by itself.
    if (this.#socket?.readyState === 1) this.#socket.send(JSON.stringify(message), () => {});
  }

  /** Something has to come within a while. */
  #watch(reason: string): void {
    const { clock, answerMs } = this.#options;
    this.#cancelWatch?.();
    this.#cancelWatch = clock.after(answerMs, () => this.#close({ reason }));
  }

  #close(why: Partial<SocketEnd>): void {
    this.#why = { ...why, ...this.#why };
    const socket = this.#socket;
    if (socket === undefined) return;
    // Before the upgrade there is nobody to say it to.
    if (socket.readyState === 0) socket.terminate();
    else socket.close(CLOSE);
    const timer = setTimeout(() => socket.terminate(), GRACE_MS);
    timer.unref();
    socket.once("close", () => clearTimeout(timer));
  }

  #end(how: Partial<SocketEnd>): void {
    this.#cancelBeat?.();
    this.#cancelWatch?.();
    const { clock } = this.#options;
    const stoodMs = this.#begunAt === undefined ? 0 : clock.now() - this.#begunAt;
    // What we closed it for says more than how it closed.
    const isOurs = this.#why.reason !== undefined;
    const { code: _, ...plain } = how;
    this.#ended.resolve({
      reason: "",
      ...(isOurs ? plain : how),
      ...this.#why,
      stoodMs,
      isHeard: this.#isHeard,
      isBegun: this.#begunAt !== undefined,
    });
    this.#socket?.terminate();
  }
}

function toBuffer(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}

function toReason(code: number): string {
  return code === 1006 ? "the connection broke" : `Discord closed the connection (${code})`;
}

function toCode(fault: Error): string {
  return "code" in fault && typeof fault.code === "string" ? fault.code : "no upgrade";
}
