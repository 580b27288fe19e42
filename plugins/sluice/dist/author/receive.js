/**
 * Requests to an author's webhook: the author's own check, the body, the schema, `receive`.
 *
 * Owns: that order. Never: the port, or a proof by a scheme (verify/).
 */
import { createHash } from "node:crypto";
import { SluiceError } from "../sdk/errors.js";
import { checkResult } from "../sdk/author/new-event.js";
import { fit } from "../sdk/author/schema.js";
import { REACH_OF } from "../verify/schemes.js";
import { parseBody } from "./body.js";
import { toChecked } from "./core.js";
import { callAuthor, toAuthorFault } from "./limit.js";
import { toArrival } from "./to-arrival.js";
/** @throws SluiceError `channel_failed`: the sender is to try again. */
export async function receiveRequest(core, webhook, request) {
    const { name, proof, timeoutMs, source } = webhook;
    if (proof.kind === "own") {
        const raw = { ...toShared(request), secret: core.live.secret };
        const isRight = await callAuthor(`${name}.verify`, timeoutMs, () => proof.check(raw));
        if (typeof isRight !== "boolean")
            throw toAuthorFault(`${name}.verify`, new Error(`it must say true or false, not ${typeof isRight}`));
        if (!isRight)
            return { kind: "refuse", status: 401, reason: "the channel's own check says no" };
    }
    const body = parseBody(request.body, request.headers["content-type"]);
    if (body.kind === "refuse")
        return body;
    const schema = source.payload;
    const fitted = schema === undefined
        ? { kind: "fits", value: body.value }
        : await callAuthor(`${name}.payload`, timeoutMs, () => fit(schema, body.value));
    if (fitted.kind === "unfit")
        return { kind: "refuse", status: 400, reason: `the body does not fit: ${fitted.reason}` };
    const delivery = {
        payload: fitted.value,
        text: body.text,
        ...toShared(request),
        raw: Buffer.from(request.body),
        verified: proof.kind === "own" ? "own" : request.verified,
        receivedAt: request.receivedAt,
    };
    const result = await callAuthor(`${name}.receive`, timeoutMs, () => source.receive(delivery, core.live));
    const made = toChecked(`${name}.receive`, () => checkResult(result));
    if (made.kind === "drop")
        return { kind: "ignore", reason: made.reason };
    const facts = toFacts(core.port.name, webhook, request, delivery.verified);
    return {
        kind: "arrivals",
        arrivals: made.events.map((event, index) => toArrival(core.channel, event, facts, index)),
    };
}
/** Copies: what the author's code does to them concerns nobody else. */
function toShared({ headers, body, path }) {
    return { headers: { ...headers }, body: Buffer.from(body), path };
}
function toFacts(name, { name: source, proof }, request, verified) {
    const { headers, signedId, body } = request;
    const reach = proof.kind === "scheme" ? (REACH_OF.get(proof.scheme) ?? "body") : "request";
    // Under a signature of the body alone a header is only somebody's word; the same signed bytes are one delivery.
    const deliveryId = signedId ?? (reach === "request" ? headers["idempotency-key"] : undefined);
    const bodyDigest = reach === "body" ? createHash("sha256").update(body).digest("hex") : undefined;
    return { name, source, verified, deliveryId, bodyDigest };
}
export function findWebhook(core, name) {
    const found = core.channel.sources.find((source) => source.name === name);
    if (found?.type === "webhook")
        return found;
    throw new SluiceError("not_found", `channel ${core.port.name} has no webhook "${name}"`);
}
