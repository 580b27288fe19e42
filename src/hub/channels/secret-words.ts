/**
 * What is told of a secret where it is weaker than it could be, and the URL that holds one.
 *
 * Owns: these words. Never: a secret in them.
 */
import type { Scheme } from "../../sdk/scheme.ts";
import type { Secret } from "../../sdk/secret.ts";
import { isWeakSecret } from "../../verify/key.ts";

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
