import { isSluiceError, SluiceError } from "../../../sdk/errors.js";
import { parseJson, textAt } from "../../../sdk/json.js";
import { request } from "../../../sdk/net/request.js";
export const GITHUB_API = "https://api.github.com";
/** A payload has at most 25 MiB, and what is around it is small. */
const MAX_BYTES = 32 * 1024 ** 2;
const MAX_REDIRECTS = 3;
const REDIRECTS = new Set([301, 302, 307, 308]);
const MAX_TAG_CHARS = 256;
/** Where a limit says no time. https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit */
const WAIT_MS = 60_000;
const MAX_WAIT_MS = 65 * 60_000;
const LEFT_SHARE = 0.1;
export class GithubApi {
    #options;
    #base;
    /** GHAPI-2 */
    #notBefore = 0;
    #limits = 0;
    /** @throws SluiceError `bad_config` for a base that is no web address. */
    constructor(options) {
        const { base = GITHUB_API } = options;
        if (!URL.canParse(base))
            throw new SluiceError("bad_config", "github: the setting api is no URL; write it as https://HOST/api/v3");
        this.#options = options;
        this.#base = new URL(base.endsWith("/") ? base : `${base}/`);
    }
    get hasToken() {
        return this.#options.token.reveal() !== "";
    }
    /**
     * `path` is `repos/o/r/events?per_page=100`, or the `next` of an answer.
     * @throws SluiceError `unauthorized` for a token that is not one, `rate_limited` and `send_failed`, both retryable, `too_large`.
     */
    async get(path, { etag } = {}) {
        this.#requireLeave();
        let url = new URL(path, this.#base);
        for (let step = 0; step <= MAX_REDIRECTS; step++) {
            const answer = await this.#ask(url, etag);
            const { location } = answer.headers;
            if (!REDIRECTS.has(answer.status) || location === undefined)
                return this.#read(answer);
            url = this.#toNext(url, location);
        }
        throw toFault("redirects in a circle");
    }
    #requireLeave() {
        const waitMs = this.#notBefore - this.#options.clock.now();
        if (waitMs > 0)
            throw this.#toLimited(waitMs);
    }
    #ask(url, etag) {
        const { token, signal, timings } = this.#options;
        // GHAPI-1
        if (url.origin !== this.#base.origin)
            throw toFault("leads to another host");
        return request(url, {
            headers: {
                accept: "application/vnd.github+json",
                "user-agent": "sluice",
                "x-github-api-version": "2022-11-28",
                ...(etag === undefined ? {} : { "if-none-match": etag }),
                ...(this.hasToken ? { authorization: `Bearer ${token.reveal()}` } : {}),
            },
            maxBytes: MAX_BYTES,
            takesRedirect: true,
            signal,
            ...timings,
        }).catch((thrown) => {
            if (!isSluiceError(thrown))
                throw thrown;
            const { code, retryable, message } = thrown;
            throw new SluiceError(code, `github: ${this.#base.host}: ${message}`, { retryable });
        });
    }
    #toNext(from, location) {
        if (!URL.canParse(location, from.href))
            throw toFault("redirects to no address");
        return new URL(location, from);
    }
    #read({ status, headers, body }) {
        this.#noteLimit(status, headers, body);
        const pollMs = toMs(headers["x-poll-interval"]);
        if (status === 304)
            return { kind: "same", pollMs };
        if (status === 401)
            throw new SluiceError("unauthorized", "github: the token was refused (401): it has expired or was revoked; make a new one");
        if (status === 404 || status === 410)
            return { kind: "missing", status };
        const json = isJson(headers);
        // What stands between, a proxy or a portal, answers so as well, and not in JSON.
        if (status === 403 && json)
            return { kind: "refused", why: toWhy(headers) };
        if (status !== 200 || !json)
            throw toFault(`answered ${status}${json ? "" : ", not in JSON"}`);
        const parsed = parseJson(body);
        if (parsed.kind === "bad")
            throw toFault(`answered what is no JSON (${parsed.reason})`);
        const { etag } = headers;
        const at = Date.parse(headers.date ?? "");
        return {
            kind: "ok",
            value: parsed.value,
            etag: etag !== undefined && etag.length <= MAX_TAG_CHARS ? etag : undefined,
            next: this.#findNext(headers.link),
            pollMs,
            at: Number.isFinite(at) ? at : undefined,
        };
    }
    /** GHAPI-2. @throws SluiceError `rate_limited`. */
    #noteLimit(status, headers, body) {
        const { clock } = this.#options;
        const left = toCount(headers["x-ratelimit-remaining"]);
        const all = toCount(headers["x-ratelimit-limit"]);
        const isLimit = (status === 403 || status === 429) &&
            (status === 429 ||
                headers["retry-after"] !== undefined ||
                left === 0 ||
                saysLimit(headers, body));
        if (isLimit) {
            // Without a time of its own the next one is waited for twice as long.
            const waitMs = toWait(headers, clock.now()) ?? WAIT_MS * 2 ** Math.min(this.#limits++, 4);
            this.#notBefore = clock.now() + Math.min(waitMs, MAX_WAIT_MS);
            throw this.#toLimited(Math.min(waitMs, MAX_WAIT_MS));
        }
        this.#limits = 0;
        if (left === undefined || all === undefined || left >= all * LEFT_SHARE)
            return;
        const waitMs = toReset(headers, clock.now());
        if (waitMs !== undefined)
            this.#notBefore = clock.now() + Math.min(waitMs, MAX_WAIT_MS);
    }
    #toLimited(waitMs) {
        const minutes = Math.ceil(waitMs / 60_000);
        const hint = this.hasToken ? "" : "; with a token it allows far more";
        return new SluiceError("rate_limited", `github: its limit of requests is reached; asked again in ${minutes} min${hint}`, { retryable: true, retryAfterMs: Math.max(1_000, waitMs) });
    }
    /** The list goes on where the header says, on our own base: a server behind a proxy may name itself otherwise. */
    #findNext(link) {
        const [, url] = /<([^<>]+)>\s*;[^,]*\brel="?next"?/.exec([link ?? []].flat().join(", ")) ?? [];
        if (url === undefined || !URL.canParse(url, this.#base.href))
            return undefined;
        const { pathname, search } = new URL(url, this.#base);
        return `${this.#base.origin}${pathname}${search}`;
    }
}
function toFault(what) {
    return new SluiceError("send_failed", `github: the API ${what}`, { retryable: true });
}
function isJson(headers) {
    return /^application\/(?:[\w.+-]+\+)?json\b/i.test(headers["content-type"] ?? "");
}
function saysLimit(headers, body) {
    const parsed = isJson(headers) && body.length < 65_536 ? parseJson(body) : undefined;
    return parsed?.kind === "ok" && /rate limit|abuse/i.test(textAt(parsed.value, "message") ?? "");
}
/** Which permission would do, where GitHub says so. */
function toWhy(headers) {
    const needed = headers["x-accepted-github-permissions"] ?? headers["x-accepted-oauth-scopes"];
    const named = typeof needed === "string" && /^[\w:=,; -]{1,200}$/.test(needed) ? needed : "";
    if (headers["x-github-sso"] !== undefined)
        return "the organisation wants the token authorized for its single sign-on (token's page > Configure SSO)";
    return named === "" ? "the token may not read it" : `the token lacks a permission: ${named}`;
}
/** In ms, from a header; none where it says no time. */
function toWait(headers, now) {
    return (toMs(headers["retry-after"]) ??
        (toCount(headers["x-ratelimit-remaining"]) === 0 ? toReset(headers, now) : undefined));
}
/** By GitHub's own clock: ours may be wrong by an hour. */
function toReset(headers, now) {
    const reset = toCount(headers["x-ratelimit-reset"]);
    const date = Date.parse(headers.date ?? "");
    if (reset === undefined)
        return undefined;
    return Math.max(1_000, reset * 1_000 - (Number.isFinite(date) ? date : now));
}
function toMs(header) {
    const seconds = toCount(header);
    return seconds === undefined || seconds > 86_400 ? undefined : seconds * 1_000;
}
function toCount(header) {
    return typeof header === "string" && /^\d{1,12}$/.test(header) ? Number(header) : undefined;
}
