/**
 * What makes a delivery the same as one before: its sender's own id, or its bytes.
 *
 * Owns: both keys. Pure. Never: what is done with the second one (flow).
 */
import { hash } from "node:crypto";
import { readExact } from "./template.js";
/** `event` is the event's name. */
export function toIdentity(row, request, root, event) {
    const deliveryId = readDeliveryId(row, request, root);
    const bodyDigest = toBytesKey(row, request, root, event);
    return {
        ...(deliveryId !== undefined && { deliveryId }),
        ...(bodyDigest !== undefined && { bodyDigest }),
    };
}
/** A header's id, or one in the body; another form than ours is told by its digest. */
function readDeliveryId(row, { signedId }, root) {
    const own = [row.id ?? []].flat().map((paths) => readExact(root, paths));
    const id = signedId ?? (own.length === 0 || own.includes(undefined) ? undefined : own.join("\n"));
    if (id === undefined)
        return undefined;
    return /^[\x21-\x7e]{1,200}$/.test(id) ? id : `~${toDigest(id)}`;
}
/** SENDER-3 */
function toBytesKey(row, request, root, event) {
    const { repeats } = row;
    if (toReach(row, request) !== "body") {
        // What the fields of a GET say stands in its query.
        const bytes = request.body.length === 0 ? (request.query ?? "") : request.body;
        return isUnique(row, root) && bytes.length > 0 ? toDigest(bytes) : undefined;
    }
    if (repeats === true || request.signedId !== undefined)
        return undefined;
    const name = repeats === "event" ? `${event}\n` : "";
    return toDigest(Buffer.concat([Buffer.from(name), request.body]));
}
function isUnique({ isUnique: unique }, root) {
    return unique === true || (unique !== undefined && readExact(root, unique) !== undefined);
}
function toReach({ ownSchemes = {} }, { reach, verified }) {
    if (reach !== undefined)
        return reach;
    const own = Object.hasOwn(ownSchemes, verified) ? ownSchemes[verified] : undefined;
    return own === undefined || own.signed === "nothing" ? "request" : "body";
}
function toDigest(bytes) {
    return hash("sha256", bytes, "hex");
}
