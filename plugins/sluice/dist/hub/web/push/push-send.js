import { isIP } from "node:net";
import { isSluiceError, SluiceError, toMessage } from "../../../sdk/errors.js";
import { toPublicLookup } from "../../../sdk/net/fetch-file.js";
import { openRequest } from "../../../sdk/net/request.js";
/** Exact, or `*.example.com` for every name below one. */
const SERVICES = [
    "fcm.googleapis.com", // Chrome, and most of its kin
    "*.push.services.mozilla.com", // Firefox
    "*.notify.windows.com", // Edge
    "*.push.apple.com", // Safari
];
const TIMEOUT_MS = 10_000;
const ENDPOINT_MAX_CHARS = 2_000;
/** RFC 8030 lets a service refuse more than 4,096 bytes; encryption and the header take 103 of them. */
const PAYLOAD_BYTES = 2_048;
const MAX_RETRY_MS = 3_600_000;
/** @throws SluiceError `bad_input` (PUSHSEND-1). */
export function checkEndpoint(text) {
    const refuse = (why) => {
        throw new SluiceError("bad_input", `the browser's push endpoint was refused: ${why}`);
    };
    if (text.length > ENDPOINT_MAX_CHARS)
        return refuse(`longer than ${ENDPOINT_MAX_CHARS} characters`);
    if (!URL.canParse(text))
        return refuse("it is no URL");
    const url = new URL(text);
    if (url.protocol !== "https:")
        return refuse(`${url.protocol} is not https`);
    if (url.username !== "" || url.password !== "")
        return refuse("it holds credentials");
    if (url.port !== "")
        return refuse(`port ${url.port} is no push service's`);
    if (isIP(url.hostname.replace(/^\[|\]$/g, "")) !== 0)
        return refuse("it names an address");
    const isKnown = SERVICES.some((host) => host.startsWith("*.") ? url.hostname.endsWith(host.slice(1)) : url.hostname === host);
    return isKnown ? url : refuse(`${url.hostname} is no push service that is known here`);
}
/** Says what became of it; throws only for an endpoint that may not be asked, or keys that are none. */
export async function sendPush(target, message, { keys, subject }, network = {}) {
    const url = checkEndpoint(target.endpoint);
    // Loaded with the first push: most hubs never send one.
    const { default: webPush } = await import("../../../vendor/web-push.js");
    const { endpoint, p256dh, auth } = target;
    const { headers, body } = webPush.generateRequestDetails({ endpoint, keys: { p256dh, auth } }, toPadded(message.payload), {
        vapidDetails: { subject, publicKey: keys.publicKey, privateKey: keys.privateKey.reveal() },
        TTL: Math.max(0, Math.round(message.ttlSeconds)),
        urgency: message.urgency,
        topic: message.topic,
        contentEncoding: "aes128gcm",
    });
    try {
        const answer = await openRequest(toAddress(url, network), {
            method: "POST",
            headers: { ...headers, host: url.host },
            body,
            connectMs: TIMEOUT_MS,
            timeoutMs: TIMEOUT_MS,
            ...network.limits,
            ...toWay(network),
        });
        // The status says it all.
        answer.destroy();
        return toOutcome(answer, url.hostname);
    }
    catch (thrown) {
        // Whether the service has it or not: it comes again under the same topic, in the place of the first.
        return isSluiceError(thrown, "send_failed")
            ? { kind: "later", why: `${url.hostname} cannot be reached: ${thrown.message}` }
            : { kind: "refused", why: toMessage(thrown) };
    }
}
function toAddress(url, { connect }) {
    const address = new URL(url);
    if (connect !== undefined)
        address.port = String(connect.port);
    return address;
}
/** PUSHSEND-1 */
function toWay({ connect, resolve }) {
    if (connect === undefined)
        return { lookup: toPublicLookup("the browser's push endpoint", resolve) };
    const { host: address, ca } = connect;
    return { lookup: (_name, _options, done) => done(null, [{ address, family: 4 }]), ca };
}
/** https://www.rfc-editor.org/rfc/rfc8030#section-5 and what the services say besides. */
function toOutcome({ statusCode = 0, headers }, host) {
    const why = `${host} answered ${statusCode}`;
    if (statusCode >= 200 && statusCode < 300)
        return { kind: "taken" };
    if (statusCode === 404 || statusCode === 410)
        return { kind: "gone" };
    if (statusCode !== 429 && statusCode < 500)
        return { kind: "refused", why };
    const retryAfterMs = toRetryMs(headers["retry-after"]);
    return { kind: "later", why, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}
/** Seconds or a date: https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3 */
function toRetryMs(value) {
    if (value === undefined)
        return undefined;
    const ms = /^\d{1,9}$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - Date.now();
    return Number.isNaN(ms) ? undefined : Math.min(MAX_RETRY_MS, Math.max(0, ms));
}
/** PUSHSEND-2. Spaces behind JSON mean nothing. */
function toPadded(payload) {
    const bytes = Buffer.from(payload);
    if (bytes.length > PAYLOAD_BYTES)
        throw new SluiceError("too_large", `a push of ${bytes.length} bytes was not sent; at most ${PAYLOAD_BYTES} fit`);
    return Buffer.concat([bytes, Buffer.alloc(PAYLOAD_BYTES - bytes.length, " ")]);
}
