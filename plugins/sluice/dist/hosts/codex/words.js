/**
 * What Codex says, read leniently: its fields, as far as they are used here.
 *
 * Owns: these shapes. Never: asks Codex.
 */
import { listAt, textAt, toObject } from "../../sdk/json.js";
const STATUSES = ["idle", "active", "notLoaded", "systemError"];
const TURN_STATUSES = ["inProgress", "completed", "interrupted", "failed"];
export function toThread(value) {
    const id = textAt(value, "id");
    const cwd = textAt(value, "cwd");
    if (id === undefined || cwd === undefined)
        return undefined;
    return {
        id,
        cwd,
        path: textAt(value, "path"),
        source: textAt(value, "source") ?? "",
        version: textAt(value, "cliVersion") ?? "",
        status: toStatus(toObject(value)["status"]),
        parent: textAt(value, "parentThreadId"),
        isEphemeral: toObject(value)["ephemeral"] === true,
    };
}
export function toStatus(value) {
    const type = textAt(value, "type");
    return STATUSES.find((known) => known === type) ?? "unknown";
}
export function toTurn(value) {
    const id = textAt(value, "id");
    const status = TURN_STATUSES.find((known) => known === textAt(value, "status"));
    return id === undefined || status === undefined ? undefined : { id, status };
}
/** The client ids of the messages among a turn's items. */
export function toClientIds(turn) {
    return listAt(turn, "items").flatMap((item) => toClientId(item) ?? []);
}
/** Of a message that a client has sent: the id that it gave. */
export function toClientId(item) {
    return textAt(item, "type") === "userMessage" ? textAt(item, "clientId") : undefined;
}
