/**
 * What is told of a secret where it is weaker than it could be, and the URL that holds one.
 *
 * Owns: these words, and the answer to who added a channel: the one place where a secret is shown. Never: a secret in a word.
 */
import type { AddedChannel } from "../../api/wire/wire.ts";
import type { ChannelDefinition, CheckedAccount } from "../../sdk/channel.ts";
import type { Scheme } from "../../sdk/scheme.ts";
import type { Secret } from "../../sdk/secret.ts";
import { isWeakSecret, toVerifyToken } from "../../verify/key.ts";
import type { ChannelConfig } from "../settings/config.ts";
import { toNextStep } from "./next-step.ts";
import type { ChannelSecrets } from "./secrets.ts";

/** What stands behind a channel's URL to prove a request; empty where something else does. */
export function toUrlSecret({ proof }: Scheme, secret: Secret | undefined): string {
  if ("header" in proof || secret === undefined) return "";
  const text = encodeURIComponent(secret.reveal());
  return "query" in proof ? `?${encodeURIComponent(proof.query)}=${text}` : `/${text}`;
}

/** For the owner, once, when the channel is added. */
export function toWarning(row: Scheme, secret: Secret): string | undefined {
  if (!("header" in row.proof))
    return "the secret stands in the URL: whoever sees the URL, in the sender's settings or in a proxy's log, can send; choose a header or a signature where the sender has one";
  if (isWeakSecret(row, { keyId: "new", secret }))
    return "the secret is shorter than 16 bytes: from one captured request it can be guessed; choose a longer one in the sender's settings";
  return undefined;
}

type Added = {
  config: ChannelConfig;
  definition: ChannelDefinition;
  row: Scheme | undefined;
  made: { secrets: ChannelSecrets; generated: Secret | undefined };
  checked: Partial<CheckedAccount>;
  base: string;
  publicBase?: string | undefined;
};

export function toAdded({
  config,
  definition,
  row,
  made,
  checked,
  base,
  publicBase,
}: Added): AddedChannel {
  const secret = made.secrets.keys[0]?.secret;
  const urlSecret = row === undefined ? undefined : toUrlSecret(row, secret);
  const url = urlSecret === undefined ? undefined : base + urlSecret;
  const publicUrl =
    urlSecret === undefined || publicBase === undefined ? undefined : publicBase + urlSecret;
  const token =
    definition.preflight === undefined || secret === undefined
      ? made.generated?.reveal()
      : toVerifyToken(secret).reveal();
  const warning = row && secret && toWarning(row, secret);
  const listenToken = made.secrets.listen?.reveal();
  const { account, nextStep } = checked;
  const steps =
    nextStep === undefined ? definition.nextStep : `${nextStep}\n${definition.nextStep}`;
  return {
    name: config.name,
    kind: config.kind,
    scheme: config.scheme,
    ...(account === undefined ? {} : { account }),
    ...(url === undefined ? {} : { url }),
    ...(publicUrl === undefined ? {} : { publicUrl }),
    ...(token === undefined ? {} : { token }),
    ...(listenToken === undefined ? {} : { listenToken }),
    ...(warning === undefined ? {} : { warning }),
    nextStep: toNextStep(config, steps, url, publicUrl),
  };
}
