/**
 * Calls of Meta's Graph API, in which every outcome is a value; and its faults in our words.
 *
 * Owns: which outcomes mean that nothing was done; here alone Meta's errors become ours. Never: what is sent.
 *
 * WAAPI-1 The token goes in a header, to the API's own address, and to the hosts from which Meta hands out files.
 * WAAPI-2 Where an answer does not say whether the message left, its fault says so (`MaybeSent`): it is not sent again by itself.
 * Errors: https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes
 */
import { isSluiceError, SluiceError } from "../../sdk/errors.js";
import { countAt, parseJson, textAt } from "../../sdk/json.js";
import { MaybeSent } from "../../sdk/message.js";
import { request } from "../../sdk/net/request.js";
export const API_ROOT = "https://graph.facebook.com/v25.0";
/** What a code means to us; others are faults that a second try does not mend. */
const TOKEN = new Set([0, 3, 10, 190]);
const WAIT = new Set([4, 80_007, 130_429, 131_048, 131_056, 133_016]);
const LATER = new Set([1, 2, 131_000, 131_016, 131_057, 133_004, 2_494_055]);
/** More than 24 hours since the person last wrote. */
export const OUTSIDE_WINDOW = 131_047;
/** A pair of accounts is to pause so long, and the API names no time. */
const PAIR_MS = 6_000;
const WAIT_MS = 60_000;
const MAX_WORDS = 200;
export class GraphApi {
    #token;
    #options;
    constructor(token, options) {
        this.#token = token;
        this.#options = options;
    }
    /**
     * One call; `body` is sent as JSON, or as the form that it is.
     * @throws SluiceError `unauthorized`, `rate_limited`, `send_failed`: with `MaybeSent` as its cause where it may have been carried out.
     */
    async call(method, path, body) {
        const { root, timings = {}, signal } = this.#options;
        const sent = await toBody(body);
        const answer = await request(`${root}/${path}`, {
            method,
            headers: { authorization: `Bearer ${this.#token.reveal()}`, ...sent.headers },
            ...(sent.body === undefined ? {} : { body: sent.body }),
            ...timings,
            ...(signal === undefined ? {} : { signal }),
        });
        const read = parseJson(answer.body);
        const value = read.kind === "ok" ? read.value : undefined;
        const code = countAt(value, "error.code");
        if (answer.status >= 200 && answer.status < 300 && read.kind === "ok" && code === undefined)
            return value;
        throw toFault(answer.status, code, value, Number(answer.headers["retry-after"]));
    }
    /** A file of theirs, by the address that the API has just named. */
    async download(url, maxBytes) {
        const { timings = {}, signal, root } = this.#options;
        if (!isMedia(url, root))
            throw new SluiceError("send_failed", "whatsapp: the file is on a host that is none of Meta's");
        const answer = await request(url, {
            headers: { authorization: `Bearer ${this.#token.reveal()}` },
            maxBytes,
            ...timings,
            ...(signal === undefined ? {} : { signal }),
        });
        if (answer.status === 200)
            return answer.body;
        throw toFault(answer.status, undefined, undefined, Number.NaN);
    }
}
/** WAAPI-1: an address comes from an answer, and the token would follow it anywhere. */
function isMedia(text, root) {
    if (!URL.canParse(text))
        return false;
    const url = new URL(text);
    if (url.origin === new URL(root).origin)
        return true;
    return (url.protocol === "https:" &&
        url.port === "" &&
        url.username === "" &&
        /(?:^|\.)(?:fbsbx\.com|facebook\.com|fbcdn\.net|whatsapp\.net)$/.test(url.hostname));
}
function toFault(status, code, value, retryAfterS) {
    // A gateway's page is no word of the API's: whether a message left, nobody knows. Nor is a 2xx that cannot be read.
    if (code === undefined && (status >= 500 || (status >= 200 && status < 300)))
        return toMaybe(`whatsapp: an answer that is none of the API's (${status})`);
    const words = [textAt(value, "error.message"), textAt(value, "error.error_data.details")];
    const said = words.filter(Boolean).join(": ").slice(0, MAX_WORDS) || "no reason given";
    const text = `whatsapp: ${code ?? status}: ${said}`;
    if (status === 401 || (code !== undefined && (TOKEN.has(code) || (code >= 200 && code < 300))))
        return new SluiceError("unauthorized", `${text}; make a permanent token (business settings > System users, whatsapp_business_messaging) and add the channel anew`);
    if (status === 429 || (code !== undefined && WAIT.has(code))) {
        const asked = Number.isFinite(retryAfterS) ? retryAfterS * 1_000 : undefined;
        const waitMs = asked ?? (code === 131_056 ? PAIR_MS : WAIT_MS);
        return new SluiceError("rate_limited", text, { retryable: true, retryAfterMs: waitMs });
    }
    return new SluiceError("send_failed", code === OUTSIDE_WINDOW ? toWindowText() : text, {
        retryable: code !== undefined && LATER.has(code),
    });
}
/** WAAPI-2 */
export function toMaybe(text) {
    return new SluiceError("send_failed", text, { cause: new MaybeSent(text) });
}
export function toWindowText() {
    return `whatsapp: the person wrote more than 24 hours ago, and WhatsApp takes only an approved template then: ask them to write, or set one with --set template=NAME:LANGUAGE`;
}
async function toBody(body) {
    if (body === undefined)
        return { headers: {} };
    if (!(body instanceof FormData))
        return { headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
    const whole = new Response(body);
    return {
        headers: { "content-type": whole.headers.get("content-type") ?? "" },
        body: new Uint8Array(await whole.arrayBuffer()),
    };
}
export function isOutsideWindow(thrown) {
    return isSluiceError(thrown) && thrown.message === toWindowText();
}
