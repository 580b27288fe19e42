import { Api, GrammyError, HttpError } from "../../vendor/grammy.js";
import { isSluiceError, SluiceError } from "../../sdk/errors.js";
import { MaybeSent } from "../../sdk/message.js";
import { request } from "../../sdk/net/request.js";
export const API_ROOT = "https://api.telegram.org";
export class TelegramApi {
    #root;
    #token;
    #timings;
    constructor(token, root = API_ROOT, timings = {}) {
        this.#root = root;
        this.#token = token;
        this.#timings = timings;
    }
    async call(method, payload, options = {}) {
        const fetch = (url, init) => this.#fetch(url, init, options);
        // grammY's type of `fetch` is that of node-fetch; this is what it uses of it.
        const api = new Api(this.#token.reveal(), { apiRoot: this.#root, fetch: fetch });
        try {
            const run = api.raw[method];
            return { kind: "ok", result: await (method === "getMe" ? run() : run(payload)) };
        }
        catch (thrown) {
            return toOutcome(thrown);
        }
    }
    /** The bytes of a file that `getFile` has named. `too-large` stops before more than `maxBytes` are kept. */
    async download(filePath, maxBytes, options) {
        const address = `${this.#root}/file/bot${this.#token.reveal()}/${filePath.split("/").map(encodeURIComponent).join("/")}`;
        try {
            const limits = { ...this.#timings, ...options, maxBytes };
            const { status, body } = await request(address, limits);
            return status === 200
                ? { kind: "ok", result: body }
                : { kind: "refused", status, description: "file" };
        }
        catch (thrown) {
            if (isSluiceError(thrown, "too_large"))
                return { kind: "too-large" };
            return toOutcome(thrown);
        }
    }
    async #fetch(url, { method, headers, body, signal }, { signal: given, ...limits }) {
        const ended = new AbortController();
        signal.addEventListener("abort", () => ended.abort());
        const type = headers["content-type"];
        const answer = await request(url, {
            method,
            headers: type === undefined ? {} : { "content-type": type },
            body,
            ...this.#timings,
            ...limits,
            signal: AbortSignal.any([ended.signal, ...(given === undefined ? [] : [given])]),
        });
        return {
            json() {
                try {
                    return JSON.parse(answer.body.toString());
                }
                catch {
                    // A gateway's page, which is not quoted (BOTAPI-1): whether it asked the server behind it, nobody knows.
                    const message = `an answer that is no JSON (${answer.status})`;
                    throw new SluiceError("send_failed", message, { cause: new MaybeSent(message) });
                }
            },
        };
    }
}
function toOutcome(thrown) {
    if (thrown instanceof GrammyError) {
        const { retry_after: retryAfter, migrate_to_chat_id: movedTo } = thrown.parameters;
        return {
            kind: "refused",
            status: thrown.error_code,
            description: thrown.description,
            ...(retryAfter === undefined ? {} : { retryAfterMs: retryAfter * 1_000 }),
            ...(movedTo === undefined ? {} : { movedTo: String(movedTo) }),
        };
    }
    const inner = thrown instanceof HttpError ? thrown.error : thrown;
    // Whatever else it is (a file that vanished on its way up), nobody knows how far it got (BOTAPI-1).
    if (!isSluiceError(inner))
        return { kind: "lost", reason: "the call broke", maybeDone: true };
    return { kind: "lost", reason: inner.message, maybeDone: inner.cause instanceof MaybeSent };
}
/** What a person reads of a call that failed. */
export function toFaultLine({ method, outcome, }) {
    if (outcome.kind === "lost")
        return `telegram: ${method}: ${outcome.reason}`;
    const { status, description } = outcome;
    if (isTokenRefused(outcome) && method !== "download") {
        return `telegram: token rejected (${status}); run "sluice add telegram" with a token from @BotFather`;
    }
    if (status === 409) {
        return /webhook/i.test(description)
            ? "telegram: the bot has a webhook set, so it cannot be polled (409); call deleteWebhook for it, or make a bot of its own for Sluice"
            : "telegram: another program polls this bot (409); stop it, or make a bot of its own for Sluice";
    }
    return `telegram: ${method}: ${description} (${status})`;
}
/**
 * A call's failure as the fault that the hub knows.
 * @param cause given where the message may be with the platform.
 */
export function toFault(method, outcome, cause) {
    const message = toFaultLine({ method, outcome });
    if (cause !== undefined)
        return new SluiceError("send_failed", message, { cause });
    if (outcome.kind === "lost")
        return new SluiceError("send_failed", message, { retryable: true });
    if (isTokenRefused(outcome) && method !== "download")
        return new SluiceError("unauthorized", message);
    const retryable = outcome.status === 429 || outcome.status >= 500;
    return new SluiceError("send_failed", message, {
        retryable,
        ...(outcome.retryAfterMs === undefined ? {} : { retryAfterMs: outcome.retryAfterMs }),
    });
}
function isTokenRefused(outcome) {
    // A token of the wrong shape is "Not Found": its URL leads nowhere.
    return outcome.kind === "refused" && (outcome.status === 401 || outcome.status === 404);
}
