/**
 * The connection of a channel that only brings events in: nothing leaves by it.
 *
 * Owns: the refusal of what would leave. Never: brings anything.
 */
import type { ChannelConnection } from "../channel.ts";
import { SluiceError } from "../errors.ts";

export function toInwardConnection(
  name: string,
  close: () => Promise<void> = async () => undefined,
): ChannelConnection {
  return {
    send: async () => {
      throw new SluiceError("bad_input", `${name} only brings events in; nobody reads an answer`);
    },
    close,
  };
}
