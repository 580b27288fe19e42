/**
 * The rule for names of channels.
 *
 * Owns: the one rule. Never: whether the name is taken.
 * The name becomes a file name, a URL segment and a meta value: no dots, slashes or capitals (macOS folds them).
 */
export const CHANNEL_NAME = /^[a-z0-9][a-z0-9-]{0,31}$/;
/** Of `sluice doctor --probe`, which removes what it leaves on it: no owner's channel is called so. */
export const PROBE_CHANNEL = "sluice-probe";
/** Of the page in the browser: one page, one channel, the same name for ever. */
export const CHAT_CHANNEL = "chat";
export function isChannelName(text) {
    return CHANNEL_NAME.test(text);
}
