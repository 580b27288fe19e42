/**
 * The state of a channel in one word or two, for the command line and the page alike.
 */

type ChannelFacts = {
  state: string;
  /** Its connection stands. */
  isConnected?: boolean | undefined;
  /** Its sender was proved once. */
  connectedAt?: number | undefined;
  /** Where its sender posts to. */
  url?: string | undefined;
};

/**
 * A channel whose connection stands, or whose sender was proved once, is connected; before that nobody knows whether its sender was set up.
 */
export function toChannelState({ state, isConnected, connectedAt, url }: ChannelFacts): string {
  if (state !== "ok") return state;
  if (isConnected === true || connectedAt !== undefined) return "connected";
  return url === undefined ? state : "no event yet";
}
