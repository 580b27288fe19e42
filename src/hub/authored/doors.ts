/**
 * The addresses of an author's channel at ingress: one for each webhook, and one for its stream.
 *
 * Owns: how a request to each is proved. Never: the proof itself (verify/), or what becomes of a request.
 *
 * DOOR-1 A channel's process gets a request once it is proved; only where its author checks requests by code of their own does it get
 *    them before.
 */
import type { IngressChannel, IngressDefinition, IngressOutcome } from "../../ingress/contract.ts";
import { OWN_CHECK } from "../../ingress/local-program.ts";
import type { ChannelOutline, SourceOutline } from "../../sdk/author/describe.ts";
import type { PushResult } from "../../sdk/author/new-event.ts";
import { SluiceError } from "../../sdk/errors.ts";
import { Secret } from "../../sdk/secret.ts";
import type { Verifier } from "../../verify/contract.ts";
import { openVerifier } from "../../verify/verifier.ts";
import type { ChannelConfig } from "../settings/config.ts";
import type { ChannelSecrets } from "../channels/secrets.ts";
import type { AuthoredChannel } from "./authored-channel.ts";
import { HANDLED } from "./handled.ts";
import type { AuthorArrival } from "../../author/port.ts";

const BURST_SECONDS = 10;

type Webhook = Extract<SourceOutline, { type: "webhook" }>;

export type DoorsNeeds = {
  config: ChannelConfig;
  outline: ChannelOutline;
  secrets: ChannelSecrets;
  channel: Pick<AuthoredChannel, "receive">;
  take(arrivals: readonly AuthorArrival[]): Promise<readonly PushResult[]>;
};

/** By address. @throws SluiceError `bad_secret`, `bad_config`. */
export function openDoors(needs: DoorsNeeds): ReadonlyMap<string, IngressChannel> {
  const { config, outline, secrets } = needs;
  const doors = new Map<string, IngressChannel>();
  for (const source of listWebhooks(outline))
    doors.set(
      config.name + source.suffix,
      toDoor(needs, toDefinition(needs, source), toVerifier(needs, source)),
    );
  if (secrets.listen === undefined || doors.has(config.name)) return doors;
  // The stream alone: what is posted there is refused.
  const closed: IngressDefinition = {
    maxBodyBytes: 1,
    receive: () => ({ kind: "refuse", status: 400, reason: "nothing is received here" }),
  };
  const verifier = openVerifier({
    scheme: "bearer",
    credentials: [{ keyId: "listen", secret: secrets.listen }],
  });
  return doors.set(config.name, toDoor(needs, closed, verifier));
}

export function listWebhooks({ sources }: ChannelOutline): Webhook[] {
  return sources.filter((source): source is Webhook => source.type === "webhook");
}

function toDoor(
  { config, secrets }: DoorsNeeds,
  definition: IngressDefinition,
  verifier: Verifier | "unsigned",
): IngressChannel {
  return {
    name: config.name,
    definition,
    options: { name: config.name, twoWay: config.twoWay },
    verifier,
    paused: config.paused,
    ratePerSecond: config.rate,
    burst: Math.max(1, config.rate * BURST_SECONDS),
    ...(secrets.listen === undefined ? {} : { listenToken: secrets.listen }),
  };
}

/** DOOR-1 */
function toVerifier(
  { config, secrets }: DoorsNeeds,
  { proof, name }: Webhook,
): Verifier | "unsigned" {
  switch (proof.kind) {
    case "local":
      return "unsigned";
    case "own":
      return OWN_CHECK;
    case "made":
      return openVerifier({
        scheme: "bearer",
        credentials: secrets.keys.map(({ id, secret }) => ({ keyId: id, secret })),
      });
    case "scheme": {
      const credentials = proof.secrets.flatMap((key) => {
        const value = secrets.named?.[key];
        return value === undefined ? [] : [{ keyId: key, secret: new Secret(value) }];
      });
      if (credentials.length === 0)
        throw new SluiceError(
          "bad_secret",
          `channel ${config.name}: no secret of its webhook ${name} is set (${proof.secrets.join(", ")}); remove the channel and add it again with it`,
        );
      const header = proof.header === undefined ? {} : { header: proof.header };
      return openVerifier({ scheme: proof.scheme, credentials, ...header });
    }
    default:
      return proof satisfies never;
  }
}

function toDefinition({ channel, take }: DoorsNeeds, source: Webhook): IngressDefinition {
  return {
    maxBodyBytes: source.maxBodyBytes,
    async receive(request) {
      const received = await channel.receive(source.name, request, source.timeoutMs);
      switch (received.kind) {
        case "ignore":
          return received;
        case "refuse":
          return received.status === 401
            ? { kind: "dropped", reason: "own_check" }
            : { kind: "refuse", status: received.status, reason: received.reason };
        case "arrivals":
          if (received.arrivals.length === 0)
            return { kind: "ignore", reason: "nothing came of it" };
          return toOutcome(await take(received.arrivals));
        default:
          return received satisfies never;
      }
    },
  };
}

/** Of several events of one request the first stands for all. */
function toOutcome(results: readonly PushResult[]): IngressOutcome {
  const kept = results.filter((result) => result.kind !== "dropped");
  const first = kept.find(({ kind }) => kind === "stored") ?? kept[0];
  if (first !== undefined)
    return { kind: "stored", id: first.id, duplicate: first.kind === "duplicate" };
  const [dropped] = results;
  const reason = dropped?.kind === "dropped" ? dropped.reason : "ignored";
  return reason === HANDLED ? { kind: "handled" } : { kind: "dropped", reason };
}
