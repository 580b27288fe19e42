/**
 * How a kind of sender proves itself, in words for its owner.
 *
 * Owns: those words. Pure. Never: a secret.
 */
import type { ChannelDefinition } from "../../sdk/channel.ts";
import type { ChannelConfig } from "../settings/config.ts";

/** What people know of a sender's proof. */
export type SenderWords = {
  title: string;
  /** As people write it: `X-PagerDuty-Signature`. */
  place: string;
  /** What the secret is called at the sender, and where it stands; absent where Sluice has made it. */
  secret: string | undefined;
};

/** Of a kind with a scheme of its own, which the table of common ones does not explain. */
export function toSenderWords(
  { scheme, header }: Pick<ChannelConfig, "scheme" | "header">,
  {
    title,
    ownSchemes,
    secretPrompt,
  }: Pick<ChannelDefinition, "title" | "ownSchemes" | "secretPrompt">,
): SenderWords | undefined {
  const row = ownSchemes?.[scheme];
  if (row === undefined) return undefined;
  const { proof } = row;
  const place = "header" in proof ? toHeaderTitle(header ?? proof.header) : "the secret in the URL";
  // What it is called and where it stands; what else is to be done belongs to `add`.
  const secret = secretPrompt === undefined ? undefined : secretPrompt.split(/;|: | \(its /)[0];
  return { title, place, secret: secret?.replace(/\(([^)]*)$/, "($1)") };
}

export function toHeaderTitle(header: string): string {
  return header
    .replace(/(?:^|-)[a-z]/g, (letter) => letter.toUpperCase())
    .replace("Github", "GitHub");
}
