/**
 * Events from the user's own scripts, over the API instead of ingress.
 *
 * Owns: making an arrival of them. The API's socket is the credential: only the user can open it.
 */
import type { z } from "zod";
import type { emitSchema } from "../../api/wire/wire.ts";
import { toAlertState } from "../../sdk/alert-state.ts";
import type { Arrival } from "../../sdk/event.ts";
import { SluiceError } from "../../sdk/errors.ts";
import type { Channels } from "./channels.ts";

/** Text up to this length is the script's own line; what goes beyond is most likely a program's output. */
const OWN_TEXT_MAX_CHARS = 300;

/** @throws SluiceError `not_found` for a channel that is not configured. */
export function toEmitted(request: z.output<typeof emitSchema>, channels: Channels): Arrival {
  const channel = channels.find(request.channel);
  if (channel === undefined) {
    throw new SluiceError(
      "not_found",
      `no channel "${request.channel}" to emit on; "sluice add webhook --name ${request.channel}" makes one`,
    );
  }
  const [first = "", ...rest] = request.text.trim().split("\n");
  const body = [...(first.length > OWN_TEXT_MAX_CHARS ? [first] : []), ...rest].join("\n").trim();
  const stateOf = request.stateOf ?? toAlertState(request.entity, request.meta["status"]);
  return {
    channel: request.channel,
    kind: "emit",
    sender: { id: "local", name: "local script" },
    text: first.slice(0, OWN_TEXT_MAX_CHARS),
    quotes: body === "" ? [] : [{ label: "output", text: body }],
    meta: request.meta,
    priority: request.priority,
    ack: "auto",
    verified: "local",
    ...(request.deliveryId === undefined ? {} : { deliveryId: request.deliveryId }),
    ...(request.session === undefined ? {} : { session: request.session }),
    ...(request.entity === undefined ? {} : { entity: request.entity }),
    ...(stateOf === undefined ? {} : { stateOf }),
  };
}
