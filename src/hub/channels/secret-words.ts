/**
 * What is told of a channel's secret when it is added: the URL that holds one, the token to paste, and where the proof is weaker than it
 * could be.
 *
 * Owns: these words, and which secrets are shown: what Sluice made, once. Never: the secret that the owner gave.
 */
import type { AddedChannel } from "../../api/wire/wire.ts";
import type { ChannelDefinition } from "../../sdk/channel.ts";
import type { Scheme } from "../../sdk/scheme.ts";
import type { Secret } from "../../sdk/secret.ts";
import { isWeakSecret, toVerifyToken } from "../../verify/key.ts";
import type { ChannelSecrets } from "./secrets.ts";

type Made = { secrets: ChannelSecrets; generated: Secret | undefined };

export function toShown(
  row: Scheme,
  { preflight }: Pick<ChannelDefinition, "preflight">,
  { secrets: { keys, listen }, generated }: Made,
  url: string,
): Pick<AddedChannel, "url" | "token" | "listenToken" | "warning"> {
  const secret = keys[0]?.secret;
  // A platform that asks by GET before it signs is given that token; its own secret signs.
  const token = preflight !== undefined && secret ? toVerifyToken(secret) : generated;
  const warning = secret && toWarning(row, secret);
  return {
    url: url + (secret === undefined ? "" : toUrlSecret(row, secret)),
    ...(token && { token: token.reveal() }),
    ...(listen && { listenToken: listen.reveal() }),
    ...(warning !== undefined && { warning }),
  };
}

/** What stands behind a channel's URL to prove a request; empty where something else does. */
function toUrlSecret({ proof }: Scheme, secret: Secret): string {
  if ("header" in proof) return "";
  const text = encodeURIComponent(secret.reveal());
  return "query" in proof ? `?${encodeURIComponent(proof.query)}=${text}` : `/${text}`;
}

/** For the owner, once, when the channel is added. */
function toWarning(row: Scheme, secret: Secret): string | undefined {
  if (!("header" in row.proof))
    return "the secret stands in the URL: whoever sees the URL, in the sender's settings or in a proxy's log, can send; choose a header or a signature where the sender has one";
  if (isWeakSecret(row, { keyId: "new", secret }))
    return "the secret is shorter than 16 bytes: from one captured request it can be guessed; choose a longer one in the sender's settings";
  return undefined;
}
