import { SluiceError } from "../../sdk/errors.js";
import { fetchFile } from "../../sdk/net/fetch-file.js";
const MAX_BYTES = 64 * 1024;
/** @throws SluiceError `bad_config` for another host, `send_failed` where it cannot be reached. */
export async function confirmSubscription({ log, fetch = fetchFile }, channel, { url, host }) {
    const hostname = URL.canParse(url) ? new URL(url).hostname : "";
    if (hostname === "" || host.exec(hostname)?.[0] !== hostname)
        throw new SluiceError("bad_config", "a subscription is to be confirmed at a host that is not the platform's; nothing was fetched");
    await fetch(url, { hosts: [hostname], maxBytes: MAX_BYTES });
    log.info({ channel, host: hostname }, "a subscription was confirmed");
}
