/**
 * The types that the files of ingress share: its options and its reports.
 *
 * Owns: nothing that runs.
 *
 * INGRESS-1 No 2xx before `accept` has resolved: the event is on disk.
 * INGRESS-2 Nothing is parsed before it is verified.
 * INGRESS-3 A wrong proof, a stale one and an unknown channel get the same answer after the same work.
 * INGRESS-4 Our own failure is 503, never a 4xx: senders drop a request that a 4xx refuses.
 * INGRESS-5 Ingress sends no CORS header and no redirect, and believes no forwarding header.
 * INGRESS-6 By a method other than POST a channel that takes it and refuses, one that does not take it and an unknown one get the same
 *    answer after the same work.
 * INGRESS-7 A secret in the URL goes no further than the proof: not into a request, a record, a count or a log.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type {
  ChannelOptions,
  HandshakeAnswer,
  IngressMethod,
  PlatformAnswer,
  Preflight,
  Received,
  VerifiedRequest,
} from "../sdk/channel.ts";
import type { Arrival } from "../sdk/event.ts";
import type { Secret } from "../sdk/secret.ts";
import type { DistinctHeaders, Verifier } from "../verify/contract.ts";

/** A channel's cap and what it makes of a request: at once, or, where an author's code is asked, later and with the outcome. */
export type IngressDefinition = {
  maxBodyBytes: number;
  /** Besides POST. */
  methods?: readonly IngressMethod[];
  /** In place of 202 and 200 with JSON. */
  answer?: PlatformAnswer;
  receive(
    request: VerifiedRequest,
    options: ChannelOptions,
  ): Received | Promise<Received | IngressOutcome>;
};

/** A channel as ingress needs to know it. */
export type IngressChannel = {
  name: string;
  definition: IngressDefinition;
  options: ChannelOptions;
  /** `unsigned` only by the user's explicit flag: then only programs on this machine get in. */
  verifier: Verifier | "unsigned";
  paused: boolean;
  /** 0 is no limit. */
  ratePerSecond: number;
  burst: number;
  /** What is answered without a proof to who shows one of the tokens. */
  preflight?: { rule: Preflight; tokens: readonly Secret[] };
  /** Opens `GET /out/<name>`; without one the channel has no stream. */
  listenToken?: Secret;
};

/** What became of an arrival. `dropped` is answered as if the proof had been wrong. */
export type IngressOutcome =
  /** `sameBody`: a duplicate by its bytes alone, under an id that was not known. */
  | { kind: "stored"; id: string; duplicate: boolean; sameBody?: boolean }
  | { kind: "dropped"; reason: string }
  /** A person's answer to a prompt, or a command: taken, and no event. */
  | { kind: "handled" };

/** One message of a channel's stream. Ids rise; a listener resumes after the last one it saw. */
export type StreamMessage = { id: number; data: object };

/** Nothing of it is proved. `body` is absent where the headers alone refused it. */
export type RefusedRequest = {
  reason: string;
  /** The header at fault, or where in the URL a secret should be. Never the URL itself (INGRESS-7). */
  header?: string;
  headers: DistinctHeaders;
  body: Buffer | undefined;
};

export type IngressOptions = {
  /** Looked up for each request, so a change counts at once. */
  channels: ReadonlyMap<string, IngressChannel>;
  /** Gate and inbox. Resolves after COMMIT; rejects when the event could not be kept. */
  accept: (arrival: Arrival, receivedAt: number) => Promise<IngressOutcome>;
  /** Called once for each request that was not stored, with a code and never content. Channel `-` for unknown names. */
  count: (channel: string, reason: string) => void;
  /** Fetches what confirms a subscription, before the platform is answered. Rejects where it could not be fetched. */
  confirm?: (channel: string, confirm: NonNullable<HandshakeAnswer["confirm"]>) => Promise<void>;
  /** Shows the channel's owner a token that its platform handed out. */
  tell?: (channel: string, tell: NonNullable<HandshakeAnswer["tell"]>) => void;
  /** A request to a channel that is there, whose proof failed; called once it is answered. For the owner. */
  refused?: (channel: IngressChannel, request: RefusedRequest) => void;
  /** The answer to a nonce with which this hub looks whether its public address leads here; undefined for every other one. */
  health?: (nonce: string) => string | undefined;
  /** Replies with an id above `afterId`, oldest first, then new ones as they come, until `signal` aborts. */
  replies: (channel: string, afterId: number, signal: AbortSignal) => AsyncIterable<StreamMessage>;
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
  /** Epoch ms. */
  clock: () => number;
};

/** The headers of one request. Without a prototype: names are a stranger's. */
export type RequestHeaders = {
  all: DistinctHeaders;
  /** Those that came once. One that came twice is left out: which of the two counts would be a guess. */
  single: Readonly<Record<string, string>>;
};

/** What the listener tells the app about a request and its connection. */
export type IngressBindings = {
  incoming: IncomingMessage;
  outgoing: ServerResponse;
  headers: RequestHeaders;
  /** A request on this connection was verified: it no longer gives way when connections run out. */
  proven: () => void;
  /** Aborts when the listener closes: streams end then. */
  closing: AbortSignal;
};

/** Answers one request on node's own response. Throws nothing. */
export type IngressApp = (env: IngressBindings) => void;

/** What a request asks for: a channel by its name, what follows the name in the path, and what follows the `?`, as sent. */
export type IngressTarget = { name: string; path: string; query: string };
