/**
 * Which MCP hosts may be sent events as channel notifications.
 *
 * Owns: that list. A host that is not on it gets no channel capability and pulls: a notification has no acknowledgement, so what is sent
 * to a host that does not know it is lost without a sign.
 *
 * A host gets onto the list once the whole chain was seen with it: a notification that starts a turn, one in a turn, several at once.
 */
import { isChannelNamed } from "./channel-flag.js";
export const CHANNEL_HOSTS = [
    // Needs its flag, and login, provider and policy may close the channel all the same.
    { name: "claude-code", asks: isChannelNamed },
    // src/host: the demo's session and the one that tests use.
    { name: "sluice-reference-session" },
];
/** Whether a client that was forced onto a lane is spoken to as a channel. */
const IS_CHANNEL = { channel: true, monitor: false, pull: false };
export function mayUseChannel({ name, argv, forcedLane }) {
    if (forcedLane !== undefined)
        return IS_CHANNEL[forcedLane];
    const host = CHANNEL_HOSTS.find((one) => one.name === name);
    return host !== undefined && (host.asks === undefined || host.asks(argv));
}
/** A host that shows whatever it is sent, however it was started. */
export function alwaysListens(name) {
    return CHANNEL_HOSTS.some((one) => one.name === name && one.asks === undefined);
}
