/**
 * Proof of the channel lane: it gives no sign when it is closed, so after a while without one it is left for good.
 *
 * Owns: that decision. Never: gives anything back. Pure.
 */
import { isChannelNamed, isSpare } from "../sdk/channel-flag.ts";
import { type Attachment, BUSY_LIFE_MS, isBusy } from "./attachment.ts";
import { PROOF_MS } from "./pace.ts";

/** `open` as far as is known, ask again at `until` (epoch ms; infinite: not while nothing changes); or the lane is `closed`. */
export type ChannelProof = { kind: "open"; until: number } | { kind: "closed"; reason: string };

/** `offeredAt` is when the oldest event left that is out on the lane and has not been seen. */
export function proveChannel(
  attachment: Attachment,
  offeredAt: number | undefined,
  now: number,
): ChannelProof {
  const { client, lane, health, turn } = attachment;
  if (lane !== "channel" || health === "proven" || offeredAt === undefined)
    return { kind: "open", until: Number.POSITIVE_INFINITY };
  const due = offeredAt + PROOF_MS;
  // A turn that runs may still show it.
  if (turn.kind === "busy" && isBusy(attachment, now))
    return { kind: "open", until: Math.max(due, turn.lastHookAt + BUSY_LIFE_MS) };
  if (now < due) return { kind: "open", until: due };
  const why = isChannelNamed(client.argv)
    ? "its command line asks for the channel, so its login, provider or policy closes it"
    : isSpare(client.argv)
      ? "it runs in the background, where the flag of its first command line does not come along"
      : "its command line does not ask for the channel";
  const reason = `no sign of the first event within 60 s: the client does not listen (${why})`;
  return { kind: "closed", reason };
}
