/**
 * A POST to the callback of a client.
 *
 * Owns: which addresses may be one, the signature, and what a failure is called. Never: when, or what follows.
 *
 * CALLBACK-1 Only https, and only addresses of the public internet, looked at as they are connected to, at each delivery; no redirect is
 *    followed. A literal loopback address only where the owner allowed this client to have one.
 * CALLBACK-2 Every body is signed with the subscription's secret, and for a while with the one before it as well.
 * CALLBACK-3 A client learns no more of a failure than its class: what an address answers is not read out to it.
 */
import { randomBytes } from "node:crypto";
import { isIP } from "node:net";
import { isSluiceError, toMessage } from "../sdk/errors.js";
import { isPrivateAddress, toPublicLookup } from "../sdk/net/fetch-file.js";
import { openRequest, readBody } from "../sdk/net/request.js";
import { Secret } from "../sdk/secret.js";
import { sign } from "../verify/sign.js";
import { EventFault } from "./protocol.js";
const CONNECT_MS = 5_000;
const ANSWER_MS = 10_000;
const MAX_ANSWER_BYTES = 64 * 1024;
/** @throws EventFault `invalidParams` for an address that can be none (CALLBACK-1). */
export function checkUrl(text, loopback) {
    const refuse = (why) => {
        throw new EventFault("invalidParams", `delivery.url: ${why}`);
    };
    if (!URL.canParse(text))
        return refuse("it is no URL");
    const url = new URL(text);
    if (url.username !== "" || url.password !== "")
        return refuse("it holds credentials");
    if (url.hash !== "")
        return refuse("it holds a fragment");
    if (isLoopback(url)) {
        if (loopback && /^https?:$/.test(url.protocol))
            return;
        return refuse("this machine is posted to only where the owner allowed it (sluice access client add --loopback)");
    }
    if (url.protocol !== "https:")
        return refuse("it must be https");
    const host = toHost(url);
    if (isIP(host) !== 0 && isPrivateAddress(host))
        return refuse("its address is not one of the public internet");
}
/** @throws EventFault `invalidParams` for a secret of another form. */
export function checkSecret(secret) {
    const [, text = ""] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret) ?? [];
    const { length } = Buffer.from(text, "base64");
    const isWhole = Buffer.from(text, "base64").toString("base64").replace(/=+$/, "") === text.replace(/=+$/, "");
    if (!isWhole || length < 24 || length > 64)
        throw new EventFault("invalidParams", "delivery.secret: it must be whsec_ and the base64 of 24 to 64 bytes");
}
/** Of a message to a callback that is no event. */
export function toControlId(type) {
    return `msg_${type}_${randomBytes(12).toString("hex")}`;
}
/** Never rejects. */
export async function post(message, options) {
    const url = new URL(message.url);
    try {
        const answer = await openRequest(url, {
            method: "POST",
            headers: toHeaders(message),
            body: message.body,
            connectMs: CONNECT_MS,
            timeoutMs: ANSWER_MS,
            takesRedirect: true,
            signal: AbortSignal.any([options.signal, AbortSignal.timeout(CONNECT_MS + ANSWER_MS)]),
            ...(isLoopback(url) ? {} : { lookup: toPublicLookup("a callback", options.resolve) }),
        });
        const { statusCode: status = 0 } = answer;
        const body = await readBody(answer, MAX_ANSWER_BYTES, "").catch(() => Buffer.alloc(0));
        answer.destroy();
        return { status, body: body.toString("utf8") };
    }
    catch (thrown) {
        return { error: toError(thrown) };
    }
}
/** CALLBACK-2 */
function toHeaders({ subscription, secrets, id, sentAt, body, }) {
    const bytes = Buffer.from(body);
    const signed = secrets.map((secret) => sign("standard", { keyId: "callback", secret: new Secret(secret) }, { id, sentAt, body: bytes }));
    const [first = {}] = signed;
    const signatures = signed.map((headers) => headers["webhook-signature"] ?? "");
    return {
        ...first,
        "webhook-signature": signatures.join(" "),
        "content-type": "application/json",
        "content-length": String(bytes.length),
        "x-mcp-subscription-id": subscription,
        "user-agent": "sluice",
    };
}
/** CALLBACK-3 */
function toError(thrown) {
    const message = toMessage(thrown);
    if (isSluiceError(thrown, "bad_input"))
        return "connection_refused";
    if (/ in \d+ s\b|\(stopped\)|ETIMEDOUT/.test(message))
        return "timeout";
    if (/certificate|TLS|SSL|CERT_|EPROTO/i.test(message))
        return "tls_error";
    return "connection_refused";
}
function isLoopback(url) {
    return ["127.0.0.1", "::1"].includes(toHost(url));
}
function toHost(url) {
    return url.hostname.replace(/^\[|\]$/g, "");
}
