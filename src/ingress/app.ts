/**
 * The public door: a Hono app with `POST /in/<channel>` and `GET /out/<channel>`, and nothing else.
 *
 * Owns: the routes. Never: a port (listener.ts), the gate, the store, or anything of the hub's own API, which is another app on another
 * listener. Invariants INGRESS-1 to INGRESS-5 stand in contract.ts.
 */
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { Hono } from "hono";
import { toMessage } from "../sdk/errors.ts";
import { NOT_FOUND, sendAnswer, toError } from "./answer.ts";
import type { IngressApp, IngressOptions, IngressTarget } from "./contract.ts";
import { Receiver } from "./receive.ts";
import { openStreamer } from "./stream.ts";
import type { StreamLimits } from "./stream.ts";

/** The app. It answers on node's response itself, so it runs behind `listenIngress` only, not under `app.request()`. */
export function createIngressApp(options: IngressOptions, limits?: StreamLimits): IngressApp {
  const receiver = new Receiver(options);
  const stream = openStreamer(options, limits);
  const app: IngressApp = new Hono();
  // Any method: the handlers answer 405 themselves, alike for every name.
  app.all("/in/*", ({ env }) =>
    receiver
      .receive(splitTarget("in", env.incoming.url ?? ""), env)
      .then(() => RESPONSE_ALREADY_SENT),
  );
  app.all("/out/*", ({ env }) =>
    stream(splitTarget("out", env.incoming.url ?? ""), env).then(() => RESPONSE_ALREADY_SENT),
  );
  app.notFound((c) => {
    sendAnswer(c.env.incoming, c.env.outgoing, NOT_FOUND);
    return RESPONSE_ALREADY_SENT;
  });
  app.onError((error, c) => {
    options.log.warn({ error: toMessage(error) }, "ingress: a request failed inside Sluice");
    sendAnswer(c.env.incoming, c.env.outgoing, toError(503, "internal", { retryAfterMs: 60_000 })); // INGRESS-4
    return RESPONSE_ALREADY_SENT;
  });
  return app;
}

/**
 * Nothing is decoded, so nothing is decoded twice. No name behind another door: the router takes `/%69n/x` for `/in/x`, and a proxy in
 * front that lets only `/in/` through would not.
 */
function splitTarget(door: "in" | "out", url: string): IngressTarget {
  const end = url.indexOf("?");
  const [, first, name = "", ...rest] = (end === -1 ? url : url.slice(0, end)).split("/");
  return { name: first === door ? name : "", path: rest.join("/") };
}
