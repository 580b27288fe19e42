/**
 * What is sent here by other methods than POST.
 *
 * Owns: the answers that every name gets alike (INGRESS-6), and the answer to a verify token. Never: stores, or proves by signature.
 */
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { Secret } from "../sdk/secret.js";
import { decode } from "../verify/places.js";
import { toOnly, UNAUTHORIZED } from "./answer.js";
/** An answer that says yes, or nothing: Trello asks by HEAD whether somebody is there. */
const HERE = Object.freeze({ status: 200 });
/** A challenge is echoed as it is: no more than what the platforms' own look like. */
const ECHO = /^[A-Za-z0-9_-]{1,128}$/;
/** A name of a host, as senders give it. */
const ORIGIN = /^[A-Za-z0-9.:*_-]{1,253}$/;
/** By digests under a key of this process: of one length, whatever was sent. */
const COMPARE_KEY = randomBytes(32);
/** Nobody's: what is shown is compared all the same where a name has none. */
const NOBODYS = [new Secret(randomBytes(32).toString("hex"))];
/** Instead of 401: whoever opens the URL in a browser is told what is expected, and a question without a proof is answered for any name. */
export function toUnproved(method, { single }) {
    if (method === "POST")
        return UNAUTHORIZED;
    if (method === "HEAD")
        return HERE;
    const origin = method === "OPTIONS" ? single["webhook-request-origin"] : undefined;
    if (origin === undefined || !ORIGIN.test(origin))
        return toOnly("POST");
    // https://github.com/cloudevents/spec/blob/main/cloudevents/http-webhook.md#4-abuse-protection This permits to send, and proves nothing.
    return {
        status: 200,
        allow: "POST",
        headers: { "WebHook-Allowed-Origin": origin, "WebHook-Allowed-Rate": "*" },
    };
}
/** The answer to a platform that shows the channel's verify token (Meta, WebSub); else undefined, after the same work for every name. */
export function toPreflight(channel, query) {
    const { rule, tokens = NOBODYS } = channel?.preflight ?? {};
    const fields = readOnce(query);
    const shown = toDigest(fields.get(rule?.token ?? "") ?? "");
    let isRight = false;
    for (const token of tokens)
        if (timingSafeEqual(shown, toDigest(token.reveal())))
            isRight = true;
    if (rule === undefined || !isRight)
        return undefined;
    const isAsked = Object.entries(rule.when).every(([name, value]) => fields.get(name) === value);
    const echo = fields.get(rule.echo) ?? "";
    if (!isAsked || !ECHO.test(echo))
        return undefined;
    return { code: rule.code, answer: { status: 200, type: "text/plain", body: echo } };
}
/** The fields that are there once. Which of two would count is a guess. */
function readOnce(query) {
    const fields = new Map();
    const twice = new Set();
    for (const pair of query.split("&")) {
        const equals = pair.indexOf("=");
        if (equals === -1)
            continue;
        const [name, value] = [decode(pair.slice(0, equals)), decode(pair.slice(equals + 1))];
        if (name === undefined || value === undefined)
            continue;
        if (fields.has(name))
            twice.add(name);
        fields.set(name, value);
    }
    for (const name of twice)
        fields.delete(name);
    return fields;
}
function toDigest(text) {
    return createHmac("sha256", COMPARE_KEY).update(text).digest();
}
