/**
 * Doctor's check of the public address.
 *
 * Owns: what counts as in order there. Never: looks by itself; the hub has.
 */
import type { TunnelView } from "../../api/wire/tunnel-wire.ts";
import { splitReason } from "../output/hub-lines.ts";
import { type Check, fail, pass } from "./check.ts";

/** Nothing where no tunnel was asked for: senders of this machine need none. */
export function checkTunnel(tunnel: TunnelView | undefined): Check[] {
  if (tunnel === undefined) return [];
  const { by, state, url = "no address", reason = "unknown" } = tunnel;
  const [what, fix] = splitReason(reason);
  switch (state) {
    case "up":
      return [pass("tunnel", `${url} (${by}), reached from outside`)];
    case "starting":
      return [pass("tunnel", `${by} is starting; look again in a moment`)];
    case "unproven":
      return [
        fail(
          "tunnel",
          `${url} (${by}): ${reason}`,
          "wait a minute where it is new; else look at this machine's network, and at what the address leads to",
        ),
      ];
    case "down":
      return [fail("tunnel", `${by} is down: ${what}`, fix ?? "it is started again by itself")];
    default:
      return state satisfies never;
  }
}
