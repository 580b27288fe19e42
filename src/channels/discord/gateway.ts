/**
 * Discord's gateway: one session over as many sockets as it takes.
 *
 * Owns: when to resume and when to begin anew, heartbeats, pauses. Never: reads an event, or knows what is kept of it.
 *
 * GATEWAY-1 A resume that Discord ends, or does not answer, is tried three times; then the session is given up, and a new one begun. A
 *    connection that does not stand says nothing of the session.
 * GATEWAY-2 No two sockets follow each other without a pause, but for one that had stood for a while; new sessions are five seconds apart,
 *    and none is begun while Discord says that none is left: above a thousand in a day it resets the token.
 * GATEWAY-3 The token goes to Discord's own hosts alone, whatever address an answer names.
 * GATEWAY-4 A socket on which a heartbeat stays without its answer is dead, whatever else comes over it.
 * GATEWAY-5 What no retry mends (a token, an intent) waits for the owner.
 * https://docs.discord.com/developers/events/gateway https://docs.discord.com/developers/topics/opcodes-and-status-codes
 */
import type { ConnectionState } from "../../sdk/channel.ts";
import { type Clock, sleep } from "../../sdk/clock.ts";
import { isSluiceError, toMessage } from "../../sdk/errors.ts";
import { countAt, textAt } from "../../sdk/json.ts";
import type { Logger } from "../../sdk/log.ts";
import type { Secret } from "../../sdk/secret.ts";
import { type SocketEnd, type GatewayEvent, GatewaySocket } from "./gateway-socket.ts";
import { VERSION } from "./wire.ts";

export type GatewayTimings = {
  /** How long a connection, its first word, and the answer to ours may take. */
  answerMs: number;
  /** First and last pause after a fault. */
  faultMs: readonly [first: number, last: number];
  /** Between two new sessions. */
  identifyMs: number;
  /** How long a socket must have stood for the next one to follow at once. */
  stableMs: number;
};

export const TIMINGS: GatewayTimings = {
  answerMs: 20_000,
  faultMs: [1_000, 60_000],
  identifyMs: 5_000,
  stableMs: 30_000,
};

/** `url` is where Discord wants it resumed. */
export type GatewaySession = { id: string; url: string };

export type GatewayOptions = {
  token: Secret;
  intents: number;
  /** A session of an earlier life, with the last event of it that was kept. */
  session: GatewaySession | undefined;
  seq: number;
  /** Where new sessions begin, and how many may. @throws SluiceError. */
  find(): Promise<{ url: string; remaining: number; resetMs: number }>;
  /** Whether an address is Discord's (GATEWAY-3). */
  isTrusted(url: URL): boolean;
  /** An event, in order. */
  dispatch(event: GatewayEvent): void;
  /** A session begins; `isResumed`: it is the one there was. */
  begun(session: GatewaySession, isResumed: boolean): void;
  report(state: ConnectionState): void;
  timings: GatewayTimings;
  clock: Clock;
  log: Logger;
  signal: AbortSignal;
};

const RESUME_TRIES = 3;
/** Both keep a session; what they are about is over. */
const NEW_SESSION: ReadonlySet<number> = new Set([4003, 4007, 4009]);

const OWNERS: Readonly<Record<number, string>> = {
  4004: 'the bot token is refused; discord.com/developers/applications > your application > Bot > Reset Token, then run "sluice add discord" with the new one',
  4010: "Discord refuses the shard (4010)",
  4011: "the bot is in more servers than one connection may serve (4011); make a bot of its own for Sluice",
  4012: "Discord no longer speaks this version of its gateway (4012); update Sluice",
  4013: "Discord does not know the intents that were asked for (4013); update Sluice",
  4014: 'the Message Content Intent is off; discord.com/developers/applications > your application > Bot > Privileged Gateway Intents > Message Content Intent > Save Changes, then "sluice pause" and "sluice resume" the channel',
};

export class Gateway {
  readonly #options: GatewayOptions;
  #session: GatewaySession | undefined;
  #seq: number;
  #failures = 0;
  #resumeFailures = 0;
  #identifiedAt = Number.NEGATIVE_INFINITY;

  constructor(options: GatewayOptions) {
    this.#options = options;
    this.#session = options.session;
    this.#seq = options.seq;
  }

  /** Runs until the signal aborts, or the owner is needed. Rejects never. */
  async run(): Promise<void> {
    const { signal, report, log } = this.#options;
    while (!signal.aborted) {
      let ended: SocketEnd;
      try {
        ended = await this.#live();
      } catch (thrown) {
        const isOwners = isSluiceError(thrown) && !thrown.retryable;
        ended = { reason: toMessage(thrown), stoodMs: 0, ...(isOwners ? { isFinal: true } : {}) };
      }
      if (signal.aborted) return;
      const owners = ended.code === undefined ? undefined : OWNERS[ended.code];
      if (owners !== undefined || ended.isFinal === true) {
        // GATEWAY-5
        report({
          kind: "paused",
          reason: owners === undefined ? ended.reason : `discord: ${owners}`,
        });
        log.error({ code: ended.code ?? 0 }, "the gateway is closed until its owner acts");
        return;
      }
      await this.#pause(ended);
    }
  }

  /** From one socket's beginning to its end. */
  async #live(): Promise<SocketEnd> {
    const { token, intents, timings, clock, log, signal, dispatch } = this.#options;
    if (this.#resumeFailures >= RESUME_TRIES) this.#session = undefined; // GATEWAY-1
    const session = this.#session;
    const url = session === undefined ? await this.#findUrl() : new URL(session.url);
    if (url === undefined) return { reason: "closed", stoodMs: 0 };
    url.search = `?v=${VERSION}&encoding=json`;
    const socket = new GatewaySocket({
      url,
      hello:
        session === undefined
          ? toIdentify(token, intents)
          : { op: 6, d: { token: token.reveal(), session_id: session.id, seq: this.#seq } },
      seq: this.#seq,
      answerMs: timings.answerMs,
      clock,
      signal,
      dispatch: (event) => {
        this.#seq = event.seq;
        this.#noteBegin(event);
        dispatch(event);
      },
    });
    const ended = await socket.run();
    log.debug({ code: ended.code ?? 0, reason: ended.reason }, "a socket of the gateway is closed");
    if (ended.isRefused === true || NEW_SESSION.has(ended.code ?? 0)) this.#session = undefined;
    else if (session !== undefined && ended.isHeard === true && ended.isBegun !== true)
      this.#resumeFailures += 1;
    return ended;
  }

  #noteBegin({ type, data, seq }: GatewayEvent): void {
    const { begun, report, log } = this.#options;
    if (type !== "READY" && type !== "RESUMED") return;
    this.#resumeFailures = 0;
    if (type === "READY") {
      const id = textAt(data, "session_id") ?? "";
      const url = this.#toTrusted(textAt(data, "resume_gateway_url"));
      this.#session = id === "" || url === undefined ? undefined : { id, url };
      this.#seq = seq;
      begun(this.#session ?? { id, url: "" }, false);
    } else if (this.#session !== undefined) begun(this.#session, true);
    log.info({ resumed: type === "RESUMED" }, "listens to Discord");
    report({ kind: "connected" });
  }

  /** Undefined once the signal has aborted. @throws SluiceError. */
  async #findUrl(): Promise<URL | undefined> {
    const { find, clock, signal, report, timings } = this.#options;
    const { url, remaining, resetMs } = await find();
    if (remaining <= 0) {
      const minutes = Math.ceil(resetMs / 60_000);
      const reason = `discord: no new session is left for today; the next in ${minutes} min`;
      report({ kind: "retrying", reason, alarm: true });
      await sleep(resetMs, clock, signal);
    }
    const sinceMs = clock.now() - this.#identifiedAt;
    if (sinceMs < timings.identifyMs) await sleep(timings.identifyMs - sinceMs, clock, signal);
    if (signal.aborted) return undefined;
    this.#identifiedAt = clock.now();
    this.#seq = 0;
    const trusted = this.#toTrusted(url);
    if (trusted === undefined) throw new Error("discord: the gateway's address is not Discord's");
    return new URL(trusted);
  }

  /** GATEWAY-3 */
  #toTrusted(url: string | undefined): string | undefined {
    const { isTrusted, log } = this.#options;
    if (url === undefined || !URL.canParse(url)) return undefined;
    if (isTrusted(new URL(url))) return url;
    log.error({ host: new URL(url).host }, "an address that is not Discord's was named; not used");
    return undefined;
  }

  /** GATEWAY-2 */
  async #pause({ reason, stoodMs, waitMs = 0, isAsked = false }: SocketEnd): Promise<void> {
    const { timings, clock, signal, report } = this.#options;
    const [first, last] = timings.faultMs;
    if (stoodMs >= timings.stableMs) this.#failures = 0;
    const isQuick = this.#failures === 0 && (isAsked || stoodMs >= timings.stableMs);
    const delayMs = Math.min(last, first * 2 ** Math.min(this.#failures, 16));
    this.#failures += 1;
    // A socket that Discord changes for another is no fault.
    if (!isQuick) report({ kind: "retrying", reason: `discord: ${reason}` });
    const jitter = 1 + Math.random() / 4;
    await sleep(Math.max(waitMs, isQuick ? 0 : delayMs * jitter), clock, signal);
  }
}

function toIdentify(token: Secret, intents: number): object {
  return {
    op: 2,
    d: {
      token: token.reveal(),
      intents,
      shard: [0, 1],
      properties: { os: process.platform, browser: "sluice", device: "sluice" },
      presence: { status: "online", since: null, afk: false, activities: [] },
    },
  };
}

/** What `/gateway/bot` says. */
export function readGateway(found: unknown): { url: string; remaining: number; resetMs: number } {
  return {
    url: textAt(found, "url") ?? "",
    remaining: countAt(found, "session_start_limit.remaining") ?? 1,
    resetMs: countAt(found, "session_start_limit.reset_after") ?? 0,
  };
}
