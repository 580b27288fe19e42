/**
 * The URL that a sender was given, for signatures that cover it.
 *
 * Owns: its form, and what of a request is added to it. Never: Host, X-Forwarded-*.
 */
import type { ChannelSetting } from "../sdk/channel.ts";
import { SluiceError } from "../sdk/errors.ts";
import type { RequestTarget } from "./contract.ts";

/** For kinds whose senders sign the URL. */
export const PUBLIC_URL_SETTING: ChannelSetting = {
  name: "url",
  description: "the URL that the sender calls, https://your-tunnel.example/in/<channel>",
  pattern: /https?:\/\/[^\s?#]{1,2048}/,
};

/** As the owner typed it, without a slash at its end. @throws SluiceError `bad_config`. */
export function parsePublicUrl(title: string, text: string | undefined): string {
  if (text === undefined || text === "")
    throw new SluiceError(
      "bad_config",
      `${title} signs the URL that it calls; give that URL: --set url=https://your-tunnel.example/in/<channel>`,
    );
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain = url !== undefined && /^https?:$/.test(url.protocol) && !/[?#\s]/.test(text);
  if (isPlain) return text.replace(/\/$/, "");
  throw new SluiceError(
    "bad_config",
    `${title}: "${text}" is not the URL of a channel; give it as the sender has it, https://your-tunnel.example/in/<channel>, without ? and #`,
  );
}

/** With what came behind the channel's name, as sent. */
export function toPublicUrl(base: string, target: RequestTarget | undefined): string {
  const { path = "", query = "" } = target ?? {};
  return `${base}${path === "" ? "" : `/${path}`}${query === "" ? "" : `?${query}`}`;
}
