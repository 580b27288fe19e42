/**
 * Certificates that a request names by URL, and their public keys.
 *
 * Owns: fetching one safely, and keeping it for a while. Never: decides which hosts are a vendor's; a row says that.
 *
 * CERT-1 Only https, only a host that the row names, no port, no credentials, no redirect, 16 KiB, 5 s; never a private address
 *    (sdk/net/fetch-file.ts).
 * CERT-2 However many requests name URLs, at most 8 are fetched in a minute, and one URL once at a time; what could not be had, or is no
 *    certificate, is asked for again after 10 s. It pushes none out that was found good.
 */
import { X509Certificate } from "node:crypto";
import { SluiceError } from "../sdk/errors.js";
import { fetchFile } from "../sdk/net/fetch-file.js";
const MAX_BYTES = 16 * 1024;
const TIMEOUT_MS = 5_000;
const AGAIN_MS = 10_000;
const MAX_KEPT = 16;
const MAX_FETCHES = 8;
const FETCHES_MS = 60_000;
const PATH = /^\/[A-Za-z0-9._-]{1,128}\.pem$/;
export class Certificates {
    #fetch;
    #good = new Map();
    /** Being fetched, or fetched in vain. */
    #tried = new Map();
    #fetchedAt = [];
    constructor(fetch = fetchCertificate) {
        this.#fetch = fetch;
    }
    /**
     * The public key; undefined for a URL or a certificate that is no good.
     * @throws SluiceError `send_failed`, retryable, where it cannot be had now.
     */
    async find(url, host, now) {
        const target = URL.canParse(url) ? new URL(url) : undefined;
        if (target === undefined || !isAllowed(target, host))
            return undefined;
        const found = this.#good.get(target.href) ?? (await this.#try(target, now));
        return found !== undefined && found.from <= now && now <= found.until ? found.key : undefined;
    }
    #try(target, now) {
        const { href, hostname } = target;
        const tried = this.#tried.get(href);
        if (tried !== undefined && now < tried.until)
            return tried.good;
        this.#fetchedAt = this.#fetchedAt.filter((at) => Math.abs(now - at) < FETCHES_MS);
        if (this.#fetchedAt.length >= MAX_FETCHES)
            return Promise.reject(tooMany());
        this.#fetchedAt.push(now);
        const good = this.#fetch(href, hostname).then((pem) => {
            const made = toGood(pem);
            if (made !== undefined)
                setBounded(this.#good, href, made);
            return made;
        });
        setBounded(this.#tried, href, { until: now + AGAIN_MS, good });
        return good;
    }
}
function tooMany() {
    const message = "too many certificates were asked for in a minute";
    return new SluiceError("send_failed", message, { retryable: true });
}
function setBounded(map, key, value) {
    map.delete(key);
    map.set(key, value);
    const [oldest] = map.keys();
    if (map.size > MAX_KEPT && oldest !== undefined)
        map.delete(oldest);
}
function isAllowed(url, host) {
    const isHost = host.exec(url.hostname)?.[0] === url.hostname;
    const isBare = url.username === "" && url.password === "" && url.port === "";
    return (url.protocol === "https:" && isHost && isBare && url.search === "" && PATH.test(url.pathname));
}
function toGood(pem) {
    try {
        const { publicKey: key, validFrom, validTo } = new X509Certificate(pem);
        const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
        if (key.asymmetricKeyType !== "rsa" || bits < 2048)
            return undefined;
        return { key, from: Date.parse(validFrom), until: Date.parse(validTo) };
    }
    catch {
        return undefined; // What is no certificate proves nothing; node throws for nothing else here.
    }
}
function fetchCertificate(url, host) {
    return fetchFile(url, { hosts: [host], maxBytes: MAX_BYTES, timeoutMs: TIMEOUT_MS });
}
