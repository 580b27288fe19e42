/**
 * The public door: a Hono app with `POST /in/<channel>` and `GET /out/<channel>`, and nothing else.
 *
 * Owns: the routes, and the seams through which effects come in. Never: a port (listener.ts), the gate, the store,
 * or anything of the hub's own API, which is another app on another listener.
 *
 * I1 No 2xx before `accept` has resolved: the event is on disk.
 * I2 Nothing is parsed before it is verified.
 * I3 A wrong proof, a stale one and an unknown channel get the same answer after the same work.
 * I4 Our own failure is 503, never a 4xx: senders drop what a 4xx refuses.
 * I5 No CORS header, no redirect, no word of a forwarding header is believed.
 */
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { Hono } from "hono";
import type { IncomingMessage, ServerResponse } from "node:http";
import { toMessage } from "../sdk/errors.ts";
import type { ChannelOptions, ReceivingChannel } from "../sdk/channel.ts";
import type { Arrival } from "../sdk/event.ts";
import type { Secret } from "../sdk/secret.ts";
import type { Verifier } from "../verify/verifier.ts";
import { NOT_FOUND, sendAnswer, toError } from "./answer.ts";
import { openReceiver } from "./receive.ts";
import { openStreamer } from "./stream.ts";
import type { StreamLimits } from "./stream.ts";

/** A channel as ingress needs to know it. */
export type IngressChannel = {
  name: string;
  definition: ReceivingChannel;
  options: ChannelOptions;
  /** `unsigned` only by the user's explicit flag: then only programs on this machine get in. */
  verifier: Verifier | "unsigned";
  paused: boolean;
  /** 0 is no limit. */
  ratePerSecond: number;
  burst: number;
  /** Opens `GET /out/<name>`; without one the channel has no stream. */
  listenToken?: Secret;
};

/** What became of an arrival. `dropped` is answered as if the proof had been wrong. */
export type Accepted =
  /** `sameBody`: a duplicate by its bytes alone, under an id that was not known. */
  | { kind: "stored"; id: string; duplicate: boolean; sameBody?: boolean }
  | { kind: "dropped"; reason: string }
  /** A person's answer to a prompt, or a command: taken, and no event. */
  | { kind: "heard" };

/** One message of a channel's stream. Ids rise; a listener resumes after the last one it saw. */
export type Reply = { id: number; data: object };

export type IngressOptions = {
  /** Looked up for each request, so a change counts at once. Must find own names only. */
  channels: (name: string) => IngressChannel | undefined;
  /** Gate and inbox. Resolves after COMMIT; rejects when the event could not be kept. */
  accept: (arrival: Arrival, receivedAt: number) => Promise<Accepted>;
  /** Called once for each request that was not stored, with a code and never content. Channel `-` for unknown names. */
  count: (channel: string, reason: string) => void;
  /** Replies with an id above `afterId`, oldest first, then new ones as they come, until `signal` aborts. */
  replies: (channel: string, afterId: number, signal: AbortSignal) => AsyncIterable<Reply>;
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
  /** Epoch ms. */
  clock: () => number;
};

/** What the listener tells the app about the connection. */
export type IngressBindings = {
  incoming: IncomingMessage;
  outgoing: ServerResponse;
  /** A request on this connection was verified: it no longer gives way when connections run out. */
  proven: () => void;
  /** Aborts when the listener closes: streams end then. */
  closing: AbortSignal;
};

export type IngressApp = Hono<{ Bindings: IngressBindings }>;

/** The app. It answers on node's response itself, so it runs behind `listenIngress` only, not under `app.request()`. */
export function createIngressApp(options: IngressOptions, limits?: StreamLimits): IngressApp {
  const receive = openReceiver(options);
  const stream = openStreamer(options, limits);
  const app: IngressApp = new Hono();
  // Any method: the handlers answer 405 themselves, alike for every name.
  app.all("/in/*", (c) => receive(c.env).then(() => RESPONSE_ALREADY_SENT));
  app.all("/out/*", (c) => stream(c.env).then(() => RESPONSE_ALREADY_SENT));
  app.notFound((c) => {
    sendAnswer(c.env.incoming, c.env.outgoing, NOT_FOUND);
    return RESPONSE_ALREADY_SENT;
  });
  app.onError((error, c) => {
    options.log.warn({ error: toMessage(error) }, "ingress: a request failed inside Sluice");
    sendAnswer(c.env.incoming, c.env.outgoing, toError(503, "internal", { retryAfterMs: 60_000 })); // I4
    return RESPONSE_ALREADY_SENT;
  });
  return app;
}
