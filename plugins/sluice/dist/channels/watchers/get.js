/**
 * Reads a page again: whole, or not at all where it has not changed.
 *
 * Owns: the questions whether it has changed, redirects, and the limits. Never: what the page says.
 *
 * GET-1 The owner chose the address, which may be one of their own network. A redirect is the page's choice: it leads on to the same
 *    origin, or to a public address, and never with the credential. The address is checked as it is connected to.
 * GET-2 A page of more than `maxBytes` is no page that could be read: the owner is told.
 */
import { isIP } from "node:net";
import { isSluiceError, SluiceError } from "../../sdk/errors.js";
import { isPrivateAddress, toPublicLookup } from "../../sdk/net/fetch-file.js";
import { request } from "../../sdk/net/request.js";
const MAX_REDIRECTS = 5;
const TIMEOUT_MS = 30_000;
/** A longer one is not kept: it would be sent back with each question. */
const MAX_VALIDATOR_CHARS = 512;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/**
 * A 4xx and a 5xx are answers as well: that a page is gone may be the news.
 * @throws SluiceError `send_failed` (retryable), `too_large`, `bad_config` for an address that is none.
 */
export async function getPage(address, options) {
    const origin = parseAddress(address);
    let url = origin;
    for (let step = 0; step <= MAX_REDIRECTS; step++) {
        const answer = await ask(url, origin, options);
        const { location } = answer.headers;
        if (!REDIRECTS.has(answer.status) || location === undefined)
            return toGot(answer, options);
        url = toNext(url, location);
    }
    throw new SluiceError("send_failed", `${origin.host} redirects more than ${MAX_REDIRECTS} times`, { retryable: true });
}
/** @throws SluiceError `bad_config`. */
export function parseAddress(text) {
    const refuse = (why) => {
        throw new SluiceError("bad_config", `the address ${why}; write it as https://example.com/page`);
    };
    if (!URL.canParse(text))
        return refuse("is no URL");
    const url = new URL(text);
    if (url.protocol !== "http:" && url.protocol !== "https:")
        return refuse("is no web address");
    if (url.username !== "" || url.password !== "")
        return refuse("holds a password, which would stand in config.json; give it with --secret-env");
    return url;
}
async function ask(url, origin, options) {
    const { accept, etag, modified, maxBytes, signal, secret } = options;
    const isOwn = url.origin === origin.origin;
    if (!isOwn)
        requirePublic(url);
    const credential = isOwn ? (secret?.reveal() ?? "") : "";
    try {
        return await request(url, {
            headers: {
                accept,
                "user-agent": "sluice",
                ...(etag === undefined ? {} : { "if-none-match": etag }),
                ...(modified === undefined ? {} : { "if-modified-since": modified }),
                ...(credential === "" ? {} : { authorization: credential }),
            },
            maxBytes,
            timeoutMs: TIMEOUT_MS,
            signal,
            takesRedirect: true,
            ...(isOwn ? {} : { lookup: toPublicLookup("a redirect") }),
        });
    }
    catch (thrown) {
        if (!isSluiceError(thrown, "too_large"))
            throw thrown;
        throw new SluiceError("too_large", `${origin.host} gives more than ${maxBytes} bytes`, {
            retryable: true,
        });
    }
}
/** GET-1: what a name leads to is looked at while it is connected to; a literal address is never looked up. */
function requirePublic(url) {
    const host = url.hostname.replace(/^\[|\]$/g, "");
    if (isIP(host) !== 0 && isPrivateAddress(host))
        throw toRefused();
}
function toNext(from, location) {
    const next = URL.canParse(location, from.href) ? new URL(location, from) : undefined;
    const isWeb = next?.protocol === "http:" || next?.protocol === "https:";
    if (next === undefined || !isWeb || next.username !== "" || next.password !== "")
        throw toRefused();
    // What was read over TLS is not read on without it.
    if (from.protocol === "https:" && next.protocol === "http:")
        throw toRefused();
    return next;
}
function toRefused() {
    return new SluiceError("send_failed", "a redirect leads where it may not lead: to a private address, to no web address, or out of TLS", { retryable: true });
}
function toGot({ status, headers, body }, { etag, modified }) {
    if (status === 304 && (etag !== undefined || modified !== undefined))
        return { kind: "same" };
    const short = (text) => text !== undefined && text.length <= MAX_VALIDATOR_CHARS ? text : undefined;
    return {
        kind: "page",
        status,
        body,
        type: headers["content-type"] ?? "",
        etag: short(headers.etag),
        modified: short(headers["last-modified"]),
    };
}
/** Of a moment ago: too many questions, or it cannot answer now. @throws SluiceError `send_failed`, retryable. */
export function requireAnswer(host, status) {
    if (status !== 429 && status < 500)
        return;
    throw new SluiceError("send_failed", `${host} answered ${status}`, { retryable: true });
}
