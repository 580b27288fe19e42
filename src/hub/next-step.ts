/**
 * What to do once a channel is there, in one line.
 *
 * Owns: the words for how its requests prove themselves, where the owner chose that. Never: a secret.
 */
import type { ChannelConfig } from "./config.ts";

const BODY = '-H "Content-Type: text/plain" -d "deploy failed"';

/** `usual`: the channel's own words, for its first scheme. */
export function toNextStep(
  { name, kind, scheme, header, allowUnsigned }: ChannelConfig,
  usual: string,
  url = "",
): string {
  if (kind !== "webhook") return usual.replaceAll("{url}", url).replaceAll("{name}", name);
  if (allowUnsigned === true)
    return `POST to the URL; anybody on this machine can, without any proof: curl ${BODY} ${url}`;
  if (scheme === "token-header")
    return `POST to the URL with the token: curl -H "${header ?? "X-Sluice-Token"}: $TOKEN" ${BODY} ${url}`;
  if (scheme !== "bearer")
    return `let the sender POST to the URL, each request signed by the scheme "${scheme}" with the key set here; "sluice tail" shows what arrives`;
  return usual.replaceAll("{url}", url).replaceAll("{name}", name);
}
