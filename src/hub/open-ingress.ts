/**
 * Puts together the app that answers on the ingress port.
 *
 * Owns: nothing. Never: opens the port (ingress-port.ts), or answers (ingress/).
 */
import { createIngressApp } from "../ingress/app.ts";
import type { Channels } from "./channels/channels.ts";
import type { Core } from "./core.ts";
import type { Inbound } from "./inbound.ts";
import type { IngressPort } from "./ingress-port.ts";
import type { Outbox } from "./outbox.ts";

export type IngressNeeds = {
  port: Pick<IngressPort, "serve">;
  channels: Pick<Channels, "findReceiving">;
  inbound: Pick<Inbound, "receive" | "count">;
  outbox: Pick<Outbox, "replies">;
};

export function serveIngress({ log, clock }: Core, needs: IngressNeeds): void {
  const { port, channels, inbound, outbox } = needs;
  const count = inbound.count.bind(inbound);
  const app = createIngressApp({
    channels: channels.findReceiving.bind(channels),
    accept: inbound.receive.bind(inbound),
    count,
    replies: outbox.replies.stream.bind(outbox.replies),
    log,
    clock: clock.now.bind(clock),
  });
  port.serve({ app, count });
}
