/**
 * The client behind an attachment: the process that runs a session, as its shim or its host tells.
 *
 * Owns: the fields of those facts, and the id made from them. Never: decides by them.
 */
import { createHash } from "node:crypto";
/** Of a shim's client its process; of a host's its session: one process may run many. */
export function toAttachmentId(client) {
    const { host, pid, startTime, session = "" } = client;
    return host === undefined ? `att_${pid}_${digest(startTime)}` : `att_${host}_${digest(session)}`;
}
function digest(text) {
    return createHash("sha256").update(text).digest("hex").slice(0, 10);
}
