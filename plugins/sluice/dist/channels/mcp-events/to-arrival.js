/**
 * An event of an MCP server, as an arrival.
 *
 * Owns: what of it is told, and the words of what happened to the subscription itself. Never: what a server says of itself is believed:
 * all of it is other people's text.
 *
 * MCPARRIVAL-1 The server's own id of an event is the key against duplicates: what comes twice is one event.
 */
import { createHash } from "node:crypto";
import { rank } from "../../catalogue/ranked.js";
import { writePayload } from "../../catalogue/redact.js";
import { toNameField } from "../../sdk/field.js";
import { isFields } from "./server.js";
const MAX_ID_CHARS = 512;
/** Undefined for what is no event: an id is missing. */
export function toEventArrival(place, occurrence) {
    const { eventId, name, timestamp, data } = occurrence;
    if (typeof eventId !== "string" || eventId === "" || eventId.length > MAX_ID_CHARS)
        return undefined;
    const kind = toKindName(typeof name === "string" && name !== "" ? name : place.event);
    const values = isFields(data) ? data : {};
    const { text, link, isWhole } = rank(values);
    const at = typeof timestamp === "string" ? Date.parse(timestamp) : Number.NaN;
    return {
        ...toOwn(place, kind),
        // The link stands in no quote, and a note shows none of meta that the text can say.
        text: [`Event ${kind} of ${toNameField(place.server)}`, link].filter(Boolean).join("\n"),
        quotes: text === "" ? [] : [{ label: "data", text }],
        meta: {
            server: toNameField(place.server),
            ...(link === undefined ? {} : { url: link }),
        },
        deliveryId: toPlainId(eventId),
        ...(Number.isNaN(at) ? {} : { occurredAt: at }),
        ...(isWhole ? {} : { payload: writePayload(values) }),
    };
}
export function toDigest(text) {
    return createHash("sha256").update(text).digest("base64url").slice(0, 22);
}
/** An id may be any text: one that is not plain is known by its digest. */
function toPlainId(id) {
    return /^[\x21-\x7e]{1,255}$/.test(id) ? id : `~${toDigest(id)}`;
}
/** Rules and subscriptions name it: what they could not is `_`. */
function toKindName(name) {
    return name.slice(0, 200).replaceAll(/[^\w.:/-]/g, "_");
}
/** What happened to the subscription, told as an event of it. `id` names that moment. */
export function toNotice(place, notice, id, why = "") {
    const event = toNameField(place.event);
    const server = toNameField(place.server);
    const reason = why === "" ? "" : `: ${toNameField(why)}`;
    const words = {
        gap: `Events ${event} of ${server} may be missing before this one: the server no longer has them`,
        changed: `Event ${event} of ${server} has another form now; what follows may hold other values`,
        ended: `${server} ended the subscription to ${event}${reason}`,
    };
    return {
        ...toOwn(place, `mcp-events.${notice}`),
        text: words[notice],
        quotes: [],
        meta: { server },
        priority: notice === "ended" ? "normal" : "low",
        deliveryId: `sluice.${notice}.${id}`,
    };
}
function toOwn({ channel, server }, kind) {
    return {
        channel,
        kind,
        sender: { id: server, name: toNameField(server) },
        priority: "normal",
        ack: "auto",
        // The connection shows which server it is; who wrote what it tells, it does not.
        verified: "mcp",
    };
}
