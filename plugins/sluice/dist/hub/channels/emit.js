import { toAlertState } from "../../sdk/alert-state.js";
import { SluiceError } from "../../sdk/errors.js";
/** Text up to this length is the script's own line; what goes beyond is most likely a program's output. */
const OWN_TEXT_MAX_CHARS = 300;
/** @throws SluiceError `not_found` for a channel that is not configured. */
export function toEmitted(request, channels) {
    const channel = channels.find(request.channel);
    if (channel === undefined) {
        throw new SluiceError("not_found", `no channel "${request.channel}" to emit on; "sluice add webhook --name ${request.channel}" makes one`);
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
