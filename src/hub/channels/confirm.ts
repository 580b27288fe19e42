/**
 * Confirms a subscription at the platform that asks for it, after its request was proved.
 *
 * Owns: that one GET, bounded. Never: decides which hosts are the platform's; the channel's kind says that.
 *
 * CONFIRM-1 Only https, only a host that the kind names, no redirect, 10 s, 64 KiB; never a private address (sdk/net/fetch-file.ts). Its
 *    URL holds a token for once: neither log nor fault names more of it than the host.
 */
import type { HandshakeAnswer } from "../../sdk/channel.ts";
import { SluiceError } from "../../sdk/errors.ts";
import type { Logger } from "../../sdk/log.ts";
import { fetchFile } from "../../sdk/net/fetch-file.ts";

const MAX_BYTES = 64 * 1024;

export type ConfirmNeeds = { log: Pick<Logger, "info">; fetch?: typeof fetchFile };

/** @throws SluiceError `bad_config` for another host, `send_failed` where it cannot be reached. */
export async function confirmSubscription(
  { log, fetch = fetchFile }: ConfirmNeeds,
  channel: string,
  { url, host }: NonNullable<HandshakeAnswer["confirm"]>,
): Promise<void> {
  const hostname = URL.canParse(url) ? new URL(url).hostname : "";
  if (hostname === "" || host.exec(hostname)?.[0] !== hostname)
    throw new SluiceError(
      "bad_config",
      "a subscription is to be confirmed at a host that is not the platform's; nothing was fetched",
    );
  await fetch(url, { hosts: [hostname], maxBytes: MAX_BYTES });
  log.info({ channel, host: hostname }, "a subscription was confirmed");
}
