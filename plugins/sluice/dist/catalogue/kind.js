/**
 * A kind of channel from a sender's row.
 *
 * Owns: what of a row a channel's definition holds. Never: what the row says.
 */
import { defineKind, } from "../sdk/channel.js";
import { receiveBy } from "./receive.js";
const MAX_BODY_BYTES = 1024 * 1024;
export function toKind(row) {
    const { ownSchemes, secretPrompt, settings, methods, preflight, answer, gzip, maxBodyBytes = MAX_BODY_BYTES, } = row;
    const definition = {
        kind: row.kind,
        title: row.title,
        description: row.description,
        ack: "auto",
        schemes: row.schemes,
        ...(ownSchemes !== undefined && { ownSchemes }),
        ...(secretPrompt !== undefined && { secretPrompt }),
        ...(settings !== undefined && { settings }),
        ...(methods !== undefined && { methods }),
        ...(preflight !== undefined && { preflight }),
        ...(answer !== undefined && { answer }),
        ...(gzip !== undefined && { gzip }),
        maxBodyBytes,
        canReply: false,
        events: toOutlines(row.events, row.common),
        nextStep: row.setUp.map((step, index) => `${index + 1}. ${step}`).join("\n"),
    };
    return defineKind({ ...definition, receive: (request) => receiveBy(row, request) });
}
/** What rows say of their events, in the order of names. `*` is none: it is any other. */
export function toOutlines(rows, common = {}) {
    return Object.entries(rows)
        .filter(([name]) => name !== "*")
        .map(([name, row]) => ({ name, meta: listMeta({ ...common, ...row }) }))
        .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
function listMeta({ meta = {}, status, links }) {
    return [
        ...Object.keys(meta),
        "severity",
        ...(status === undefined ? [] : ["status"]),
        ...(links === undefined ? [] : ["url"]),
    ];
}
