import { isByOwn, readContext } from "./context.js";
import { isAscii } from "node:buffer";
import { hash } from "node:crypto";
import { cut, MAX_META_CHARS } from "../../sdk/field.js";
import { idAt, parseJson, textAt } from "../../sdk/json.js";
import { describe, isDescribed } from "./describe.js";
import { findMisfit } from "./fit.js";
import { isIgnored } from "./ignore.js";
import { toKeptPayload } from "./payload.js";
/** What GitHub itself never sends. */
const MISMATCH = "header_mismatch";
/** One field, as encoders write it: a `&`, `=` or byte of JSON in it was not written by one (GITHUB-3). */
const FORM = /^payload=[\w.~!*'()+%-]+$/;
export function receive(request, { ignoreSenders = [] }) {
    const event = request.headers["x-github-event"] ?? "";
    const deliveryId = request.headers["x-github-delivery"];
    if (!/^[a-z][a-z0-9_]{0,63}$/.test(event))
        return refuse(400, "header x-github-event is missing or malformed");
    if (deliveryId !== undefined && !/^[\w-]{1,128}$/.test(deliveryId)) {
        return refuse(400, "header x-github-delivery is malformed");
    }
    const read = readPayload(request);
    if (read.kind !== "json")
        return read;
    const { json } = read;
    const isPlain = typeof json !== "string" && isAscii(json);
    const parsed = parseJson(isPlain ? json.toString("latin1") : json);
    if (parsed.kind === "bad")
        return refuse(400, parsed.reason);
    const payload = parsed.value;
    if (typeof payload !== "object" || payload === null || Array.isArray(payload)) {
        return refuse(400, "the payload is not a JSON object");
    }
    const misfit = findMisfit(event, payload);
    if (misfit !== undefined)
        return refuse(400, `X-GitHub-Event says ${event}, but ${misfit}`, MISMATCH);
    const context = readContext(event, payload);
    if (isIgnored(context, ignoreSenders, textAt(payload, "sender.login")))
        return { kind: "ignore", reason: "sender" };
    const { channel, verified } = request;
    const bodyDigest = hash("sha256", json, "hex");
    const arrival = toArrival({ channel, verified, deliveryId, bodyDigest }, payload, context);
    return { kind: "arrival", arrival };
}
export function toArrival({ channel, verified, deliveryId, bodyDigest }, payload, context) {
    const { event } = context;
    const description = describe(payload, context);
    return {
        channel,
        kind: context.action === undefined ? event : `${event}.${context.action}`,
        sender: {
            id: idAt(payload, "sender.id") ?? "unknown",
            ...(textAt(payload, "sender.login") !== undefined && { name: context.login }),
        },
        text: [description.summary, ...(description.facts ?? []), description.url]
            .filter(Boolean)
            .join("\n"),
        quotes: description.quotes ?? [],
        meta: toMeta(description, {
            repository: context.repository,
            action: context.action,
            user: context.login,
            user_id: idAt(payload, "sender.id"),
            severity: description.severity ?? "info",
            url: description.url,
        }),
        priority: description.priority ?? "normal",
        ack: "auto",
        verified,
        ...(deliveryId !== undefined && { deliveryId }),
        ...(bodyDigest !== undefined && { bodyDigest }),
        ...(description.entity !== undefined && { entity: description.entity }),
        ...(description.stateOf !== undefined && { stateOf: description.stateOf }),
        ...(!isDescribed(event) && { payload: toKeptPayload(payload) }),
        ...(context.repository !== undefined && { repository: context.repository }),
        ...(description.occurredAt !== undefined && { occurredAt: description.occurredAt }),
        isKnown: isByOwn(payload, context),
    };
}
/** The content type decides, never a look at the bytes. A form's payload comes out as the JSON that it holds. */
function readPayload({ headers, body, }) {
    const type = headers["content-type"]?.split(";")[0]?.trim().toLowerCase();
    if (type === "application/json")
        return { kind: "json", json: body };
    if (type !== "application/x-www-form-urlencoded") {
        const types = "application/json or application/x-www-form-urlencoded";
        return refuse(415, `the content type must be ${types}`);
    }
    const form = body.toString("latin1");
    if (!FORM.test(form))
        return refuse(400, 'the form must be one field "payload" and nothing else', MISMATCH);
    try {
        const json = decodeURIComponent(form.slice("payload=".length).replaceAll("+", " "));
        return { kind: "json", json };
    }
    catch {
        // The only thing it throws for is the escapes.
        return refuse(400, "the form is not percent-encoded UTF-8");
    }
}
/** Facts that are present, as strings; flags only when true. A kind's own key never replaces one that every kind has. */
function toMeta(description, shared) {
    const meta = {};
    for (const [key, value] of Object.entries({ ...description.meta, ...shared })) {
        if (value !== undefined && value !== "" && value !== false)
            meta[key] = cut(String(value), MAX_META_CHARS);
    }
    return meta;
}
function refuse(status, reason, code) {
    return { kind: "refuse", status, reason, ...(code !== undefined && { code }) };
}
