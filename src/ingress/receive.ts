/**
 * `POST /in/<channel>`: answers a request, in a fixed order of steps.
 *
 * Owns: the path, and the steps after the proof: pause, rate, channel, accept. Never: the proof (prove.ts),
 * the meaning of a body (channels/), storage. Invariants INGRESS-1 to INGRESS-5 stand in contract.ts.
 *
 * RECEIVE-1 Only verified requests use up a channel's bucket: a sender without the secret cannot empty it.
 */
import type { RequestTarget } from "../verify/contract.ts";
import type { HandshakeAnswer, IngressMethod, Received, VerifiedRequest } from "../sdk/channel.ts";
import { isSluiceError, SluiceError, toMessage } from "../sdk/errors.ts";
import { NOT_FOUND, sendAnswer, toError, toOnly, UNAUTHORIZED } from "./answer.ts";
import type { IngressAnswer } from "./answer.ts";
import type { Arrival } from "../sdk/event.ts";
import type {
  IngressApp,
  IngressBindings,
  IngressChannel,
  IngressOptions,
  IngressOutcome,
  IngressTarget,
  RequestHeaders,
} from "./contract.ts";
import { toPreflight, toUnproved } from "./methods.ts";
import { type Bucket, type ProofOutcome, type Rate, refill, RequestProver } from "./prove.ts";
import { openStreamer, type StreamLimits } from "./stream.ts";

const METHODS: ReadonlySet<string> = new Set(["POST", "PUT", "GET", "HEAD", "OPTIONS"]);
const PAUSED_RETRY_MS = 60_000;
const FAULT_RETRY_MS = 30_000;
/** One line a minute for each kind of fault: a full disk under a flood of requests must not be filled by its own log. */
const WARN_EVERY_MS = 60_000;

type Proved = Extract<ProofOutcome, { kind: "proved" }>;

/** Answers on node's response itself, behind `listenIngress`. */
export function createIngressApp(options: IngressOptions, limits?: StreamLimits): IngressApp {
  const receiver = new Receiver(options);
  const stream = openStreamer(options, limits);
  return (env) => {
    const { incoming, outgoing } = env;
    const target = splitTarget(incoming.url ?? "");
    const { door } = target;
    // Any method: they answer 405 themselves, alike for every name.
    if (door !== "in" && door !== "out")
      return sendAnswer(incoming, outgoing, toElsewhere(target, options));
    const fail = (error: unknown): void => {
      options.log.warn({ error: toMessage(error) }, "ingress: a request failed inside Sluice");
      sendAnswer(incoming, outgoing, toError(503, "internal", { retryAfterMs: 60_000 })); // INGRESS-4
    };
    if (door === "in") receiver.receive(target, env, fail);
    else stream(target, env).catch(fail);
  };
}

/** There is nothing else here, but for a request of this hub's own that has come the whole way round. */
function toElsewhere(
  { door, name, path }: IngressTarget & { door: string },
  { health }: IngressOptions,
): IngressAnswer {
  const body = door === "health" && path === "" ? health?.(name) : undefined;
  return body === undefined ? NOT_FOUND : { status: 200, type: "text/plain", body };
}

/** Nothing is decoded, so nothing is decoded twice: a proxy in front that lets only `/in/` through sees what is meant. */
function splitTarget(url: string): IngressTarget & { door: string } {
  const query = url.indexOf("?");
  const end = query === -1 ? url.length : query;
  const toName = upTo(url, "/", 1, end);
  const toPath = upTo(url, "/", toName + 1, end);
  return {
    door: url.slice(1, toName),
    name: url.slice(toName + 1, toPath),
    path: url.slice(toPath + 1, end),
    query: url.slice(end + 1),
  };
}

/** Where `mark` stands first between two places; else the second of them. */
function upTo(text: string, mark: string, from: number, end: number): number {
  const found = text.indexOf(mark, from);
  return found === -1 || found > end ? end : found;
}

class Receiver {
  readonly #options: IngressOptions;
  readonly #prover: RequestProver;
  readonly #rates = new ChannelRates();
  readonly #warnedAt = new Map<string, number>();

  constructor(options: IngressOptions) {
    this.#options = options;
    this.#prover = new RequestProver(options, (...line) => this.#warn(...line));
  }

  /** `fail` answers where something here throws that must not. */
  receive(target: IngressTarget, env: IngressBindings, fail: (error: unknown) => void): void {
    const { incoming, outgoing } = env;
    const { name, path, query } = target;
    const { method = "" } = incoming;
    if (!isIngressMethod(method) || (name === "" && method !== "POST"))
      return sendAnswer(incoming, outgoing, toOnly("POST"));
    if (name === "") return sendAnswer(incoming, outgoing, NOT_FOUND);
    const known = this.#options.channels.get(name);
    if (method === "GET") {
      const preflight = toPreflight(known, query);
      if (preflight !== undefined) {
        this.#options.count(name, `handshake_${preflight.code}`);
        return sendAnswer(incoming, outgoing, preflight.answer);
      }
    }
    // Runs in a listener of the request, where nobody else would catch it.
    const guard = (act: () => void): void => {
      try {
        act();
      } catch (error) {
        fail(error);
      }
    };
    const answer = (make: () => IngressAnswer): void =>
      guard(() => sendAnswer(incoming, outgoing, make()));
    const told = (toOutcome: () => ProofOutcome): void =>
      guard(() => {
        const proof = toOutcome();
        if (proof.kind === "proved") this.#take(proof, env, asked, answer);
        else if (proof.kind === "refused")
          sendAnswer(
            incoming,
            outgoing,
            proof.answer === UNAUTHORIZED ? toUnproved(method, env.headers) : proof.answer,
          );
      });
    const asked: RequestTarget = { method, path, query };
    const channel = known !== undefined && takes(known, method, env.headers) ? known : undefined;
    guard(() => this.#prover.prove(channel, env, asked, told));
  }

  /** From here on the sender is proved, and may be told the truth. */
  #take(
    proof: Proved,
    { headers }: IngressBindings,
    target: RequestTarget,
    answer: (make: () => IngressAnswer) => void,
  ): void {
    const { accept, clock, count } = this.#options;
    const { channel } = proof;
    const { name } = channel;
    const receivedAt = clock();
    if (channel.paused) {
      count(name, "paused");
      return answer(() => toError(503, "paused", { retryAfterMs: PAUSED_RETRY_MS }));
    }
    const waitMs = this.#rates.take(name, channel, receivedAt);
    if (waitMs > 0) {
      count(name, "rate_limited");
      return answer(() => toError(429, "rate_limited", { retryAfterMs: waitMs }));
    }
    const refuseOurs = (error: unknown): void => answer(() => this.#toFault(name, error));
    try {
      const request = toVerifiedRequest(proof, headers, target, receivedAt);
      const made = channel.definition.receive(request, channel.options);
      const finish = (received: Received | IngressOutcome): void => {
        switch (received.kind) {
          case "arrival":
            (received.more === undefined
              ? accept(received.arrival, receivedAt)
              : acceptAll([received.arrival, ...received.more], receivedAt, accept)
            ).then(
              (accepted) => answer(() => this.#toAnswer(channel, accepted)), // INGRESS-1
              refuseOurs,
            );
            return;
          case "ignore":
          case "refuse":
            return answer(() => this.#toDeclined(channel, received));
          case "answer":
            void this.#confirm(name, received).then(
              () => answer(() => this.#toHandshake(name, received)),
              refuseOurs,
            );
            return;
          default:
            return answer(() => this.#toAnswer(channel, received));
        }
      };
      // An author's code is asked in another process; a channel of ours answers at once, and costs no promise.
      if (made instanceof Promise) made.then(finish).catch(refuseOurs);
      else finish(made);
    } catch (error) {
      refuseOurs(error);
    }
  }

  /** The channel wants none of it. */
  #toDeclined(
    { name, definition }: IngressChannel,
    received: Extract<Received, { kind: "ignore" | "refuse" }>,
  ): IngressAnswer {
    const { count } = this.#options;
    if (received.kind === "ignore") {
      count(name, "ignored");
      if (definition.answer !== undefined) return definition.answer;
      return { status: 202, body: JSON.stringify({ id: null, ignored: received.reason }) };
    }
    const { status, reason, code } = received;
    const error = status === 415 ? "unsupported" : "bad_input";
    count(name, code ?? error);
    if (code !== undefined)
      this.#warn(name, code, { reason }, "ingress: a proven request was refused");
    return toError(status, error, { reason });
  }

  async #confirm(name: string, { confirm }: HandshakeAnswer): Promise<void> {
    if (confirm === undefined) return;
    if (this.#options.confirm === undefined)
      throw new SluiceError("internal", "nothing here can confirm a subscription");
    await this.#options.confirm(name, confirm);
  }

  /** The platform's own question, answered in its words. */
  #toHandshake(
    name: string,
    { status, type, headers, body, code, tell }: HandshakeAnswer,
  ): IngressAnswer {
    this.#options.count(name, `handshake_${code}`);
    if (tell !== undefined) this.#options.tell?.(name, tell);
    return {
      status,
      ...(type !== undefined && { type }),
      ...(headers !== undefined && { headers }),
      ...(body !== undefined && { body }),
    };
  }

  #toAnswer({ name, definition }: IngressChannel, accepted: IngressOutcome): IngressAnswer {
    const { count } = this.#options;
    switch (accepted.kind) {
      case "dropped":
        count(name, accepted.reason);
        return UNAUTHORIZED;
      case "handled":
        return { status: 200, body: JSON.stringify({ id: null, heard: true }) };
      case "stored": {
        const { id, duplicate, sameBody = false } = accepted;
        if (sameBody) {
          const message = "ingress: the signed bytes of an event came again under another id";
          count(name, "same_body");
          this.#warn(name, "same_body", { id }, message);
        }
        if (definition.answer !== undefined) return definition.answer;
        // An event's id needs no escapes.
        return { status: duplicate ? 200 : 202, body: `{"id":"${id}","duplicate":${duplicate}}` };
      }
      default:
        return accepted satisfies never;
    }
  }

  /** INGRESS-4. */
  #toFault(name: string, error: unknown): IngressAnswer {
    const isOurs = isSluiceError(error);
    const code = isOurs ? error.code : "internal";
    // Said of a channel whose events nobody takes; its own rate is asked before.
    const isFull = code === "rate_limited";
    this.#options.count(name, isFull ? "quota_full" : code);
    const fields = isOurs ? { error: error.message } : { at: toFrames(error) };
    this.#warn(name, code, fields, "ingress: an event was not kept; its sender was told to retry");
    const retryAfterMs = isOurs ? (error.retryAfterMs ?? FAULT_RETRY_MS) : FAULT_RETRY_MS;
    return toError(isFull ? 429 : 503, code, { retryAfterMs });
  }

  #warn(channel: string, code: string, fields: object, message: string): void {
    const key = `${channel} ${code}`;
    const now = this.#options.clock();
    if (now - (this.#warnedAt.get(key) ?? Number.NEGATIVE_INFINITY) < WARN_EVERY_MS) return;
    this.#warnedAt.set(key, now);
    this.#options.log.warn({ channel, code, ...fields }, message);
  }
}

/** One bucket a channel, by name. */
export class ChannelRates {
  readonly #buckets = new Map<string, Bucket>();

  /** Takes one token and gives 0, or takes none and gives the ms until there will be one. */
  take(channel: string, rate: Rate, now: number): number {
    if (rate.ratePerSecond <= 0) return 0;
    const bucket = this.#buckets.get(channel) ?? { tokens: rate.burst, at: now };
    this.#buckets.set(channel, bucket);
    const waitMs = refill(bucket, rate, now);
    if (waitMs === 0) bucket.tokens--;
    return waitMs;
  }
}

function toVerifiedRequest(
  { channel, verified, body }: Proved,
  headers: RequestHeaders,
  { method, path, query }: RequestTarget,
  receivedAt: number,
): VerifiedRequest {
  const { scheme, keyId, idSigned, deliveryId, reach, rest } = verified;
  const mac =
    channel.verifier === "unsigned" ? undefined : channel.verifier.mac?.bind(undefined, keyId);
  return {
    channel: channel.name,
    path: rest?.path ?? path,
    query: rest?.query ?? query,
    method,
    headers: headers.single,
    body,
    verified: scheme,
    reach,
    // An id that no signature covers is the channel's business: it may read the header, knowing that.
    ...(idSigned && deliveryId !== undefined && { signedId: deliveryId }),
    ...(mac !== undefined && { mac }),
    receivedAt,
  };
}

function isIngressMethod(method: string): method is IngressMethod {
  return METHODS.has(method);
}

/** CloudEvents' question is no event, whatever the channel takes. */
function takes(
  { definition }: IngressChannel,
  method: IngressMethod,
  { single }: RequestHeaders,
): boolean {
  if (method === "OPTIONS" && single["webhook-request-origin"] !== undefined) return false;
  return method === "POST" || definition.methods?.includes(method) === true;
}

/** Where a foreign error was thrown, without its message: that may quote what a stranger sent. */
function toFrames(error: unknown): string {
  const stack = error instanceof Error ? `${error.name}\n${error.stack ?? ""}` : typeof error;
  const [name, ...lines] = stack.split("\n");
  return [name, ...lines.filter((line) => /^ {4}at /.test(line)).slice(0, 5)].join("\n");
}

/** What one request brought, in its order and in one transaction; answered by the first that is new. @throws what one of them failed with. */
async function acceptAll(
  arrivals: readonly Arrival[],
  receivedAt: number,
  accept: IngressOptions["accept"],
): Promise<IngressOutcome> {
  const outcomes = await Promise.all(arrivals.map((arrival) => accept(arrival, receivedAt)));
  const kept = outcomes.filter((one) => one.kind === "stored");
  const [first] = outcomes;
  if (first === undefined) throw new TypeError("a request that brought nothing is no arrival");
  return kept.find(({ duplicate }) => !duplicate) ?? kept[0] ?? first;
}
