/**
 * Calls to an ntfy server.
 *
 * Owns: requests, and what their faults mean. Never: the stream's pace.
 * https://docs.ntfy.sh/publish/ https://docs.ntfy.sh/subscribe/api/
 */
import { access, constants, readFile } from "node:fs/promises";
import { isSluiceError, SluiceError, toMessage } from "../../sdk/errors.js";
import { parseJson, textAt } from "../../sdk/json.js";
import { MaybeSent } from "../../sdk/message.js";
import { openRequest, request, } from "../../sdk/net/request.js";
import { OUR_TAG } from "./wire.js";
const WAIT_MS = 60_000;
/** https://docs.ntfy.sh/publish/#action-buttons */
const MAX_ACTIONS = 3;
/**
 * Answers of a gateway whose server behind it gave none that is of use: it may have done what was asked.
 * https://www.rfc-editor.org/rfc/rfc9110#section-15.6.3
 */
const UNHEARD = new Set([502, 504]);
/** Before anything is sent. @throws SluiceError `not_found`. */
export async function checkFile(file) {
    try {
        await access(file.path, constants.R_OK);
    }
    catch (thrown) {
        throw toUnreadable(file, thrown);
    }
}
function toUnreadable({ name }, thrown) {
    return new SluiceError("not_found", `ntfy: ${name} cannot be read; it was not sent`, {
        cause: new Error(toMessage(thrown)),
    });
}
export class NtfyApi {
    server;
    topic;
    #secret;
    #timings;
    constructor(server, topic, secret, timings = {}) {
        this.server = new URL(server);
        this.topic = topic;
        this.#secret = secret;
        this.#timings = timings;
    }
    /** Publishes a text. Returns its id. @throws SluiceError as `ChannelConnection.send` says. */
    publish(text, signal, buttons = []) {
        const actions = this.#toActions(buttons);
        const message = { topic: this.topic, message: text, tags: [OUR_TAG] };
        const body = actions.length === 0 ? message : { ...message, actions };
        return this.#put(JSON.stringify(body), "", {}, signal);
    }
    /**
     * A button that writes to the topic, as its reader could by hand. None where that takes a token: it would have to travel with the
     * message, to everybody who reads the topic. https://docs.ntfy.sh/publish/#send-http-request
     */
    #toActions(buttons) {
        if (this.#secret.reveal() !== "")
            return [];
        const url = new URL(this.topic, this.server).href;
        return buttons
            .flat()
            .flatMap(({ label, says }) => (says === undefined ? [] : { label, body: says }))
            .slice(0, MAX_ACTIONS)
            .map((button) => ({ action: "http", method: "POST", url, clear: true, ...button }));
    }
    /** Publishes a file. */
    async publishFile(file, signal) {
        const headers = { filename: toHeader(file.name), tags: OUR_TAG };
        const bytes = await readFile(file.path).catch((thrown) => {
            throw toUnreadable(file, thrown);
        });
        return this.#put(bytes, this.topic, headers, signal);
    }
    /** Opens the stream of what comes after `since`. @throws SluiceError. */
    async subscribe(since, signal) {
        const path = `${this.topic}/json?since=${encodeURIComponent(since)}`;
        const answer = await named("subscribe", openRequest(...this.#to(path, { signal })));
        if (answer.statusCode === 200)
            return answer;
        answer.destroy();
        throw toRefusal("subscribe", answer.statusCode ?? 0, answer.headers);
    }
    async #put(body, path, headers, signal) {
        const method = path === "" ? "POST" : "PUT";
        const to = this.#to(path, { method, body, headers, signal });
        const answer = await named("publish", request(...to));
        const { status } = answer;
        if (status < 200 || status >= 300) {
            const refusal = toRefusal("publish", status, answer.headers);
            throw UNHEARD.has(status)
                ? new SluiceError("send_failed", refusal.message, { cause: new MaybeSent(refusal.message) })
                : refusal;
        }
        const parsed = parseJson(answer.body);
        const id = parsed.kind === "ok" ? textAt(parsed.value, "id") : undefined;
        if (id !== undefined)
            return id;
        throw new SluiceError("send_failed", "ntfy: publish was answered without an id", {
            cause: new MaybeSent("an answer without an id"),
        });
    }
    #to(path, options) {
        const token = this.#secret.reveal();
        const headers = { ...options.headers, ...(token && { authorization: `Bearer ${token}` }) };
        return [new URL(path, this.server), { ...options, ...this.#timings, headers }];
    }
}
/** A request's fault under our name. Whether it may have arrived stays its cause. */
async function named(what, asked) {
    try {
        return await asked;
    }
    catch (thrown) {
        if (!isSluiceError(thrown))
            throw thrown;
        const { code, retryable, cause } = thrown;
        throw new SluiceError(code, `ntfy: ${what}: ${thrown.message}`, { retryable, cause });
    }
}
/** What a status means; the body's words are the server's and name no secret of ours. */
function toRefusal(what, status, headers) {
    if (status === 401 || status === 403) {
        return new SluiceError("unauthorized", `ntfy: the server refused ${what} (${status}); run "sluice add ntfy" again with a token that may read and write the topic`);
    }
    if (status === 429) {
        const seconds = Number(headers["retry-after"] ?? "");
        const retryAfterMs = Number.isFinite(seconds) && seconds > 0 ? seconds * 1_000 : WAIT_MS;
        return new SluiceError("rate_limited", `ntfy: too many requests (429)`, {
            retryable: true,
            retryAfterMs,
        });
    }
    if (status === 413)
        return new SluiceError("too_large", "ntfy: the server takes no file that large");
    return new SluiceError("send_failed", `ntfy: ${what} was answered ${status}`, {
        retryable: status >= 500,
    });
}
/** Headers hold Latin letters only; ntfy reads the standard's encoded words. https://www.rfc-editor.org/rfc/rfc2047 */
function toHeader(text) {
    return /^[\x20-\x7e]*$/.test(text) ? text : `=?UTF-8?B?${Buffer.from(text).toString("base64")}?=`;
}
