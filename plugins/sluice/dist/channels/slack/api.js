/**
 * Calls of Slack's Web API, in which every outcome of a call is a value; and its faults in our words.
 *
 * Owns: which outcomes mean that nothing was done; here alone Slack's errors become ours. Never: what is sent, or when it is tried again.
 *
 * SLACKAPI-1 A token goes to the API's own address and to nobody else: a method is a name of ours, never a URL.
 * SLACKAPI-2 Every call goes through `request` (sdk): a fault after the request was written may have been carried out, a fault before it
 *    was not. `internal_error` and `fatal_error` may have been carried out as well: Slack says so.
 * Errors: https://docs.slack.dev/apis/web-api/#responses, https://docs.slack.dev/apis/web-api/rate-limits
 */
import { SluiceError, isSluiceError } from "../../sdk/errors.js";
import { isTrueAt, parseJson, textAt } from "../../sdk/json.js";
import { MaybeSent } from "../../sdk/message.js";
import { request } from "../../sdk/net/request.js";
export const API_ROOT = "https://slack.com/api";
/** Slack asks for so long where it names no time. */
const UNSAID_WAIT_MS = 30_000;
const MAX_WAIT_MS = 3_600_000;
/** The owner's to mend: no waiting makes such a token good. */
const CREDENTIAL = new Set([
    "account_inactive",
    "app_missing_action_url",
    "deprecated_endpoint",
    "ekm_access_denied",
    "enterprise_is_restricted",
    "invalid_auth",
    "not_allowed_token_type",
    "not_authed",
    "org_login_required",
    "team_access_not_granted",
    "team_disabled",
    "token_expired",
    "token_revoked",
    "two_factor_setup_required",
    "user_removed_from_team",
]);
const BUSY = new Set(["ratelimited", "rate_limited", "message_limit_exceeded"]);
const DOWN = new Set(["service_unavailable", "request_timeout", "team_added_to_org"]);
const MAYBE_DONE = new Set(["internal_error", "fatal_error"]);
export class SlackApi {
    root;
    #token;
    #timings;
    /** Hears of every outcome: a token that is refused ends the channel's life, whoever was answered so. */
    look = () => undefined;
    constructor(token, root = API_ROOT, timings = {}) {
        this.root = root.replace(/\/+$/, "");
        this.#token = token;
        this.#timings = timings;
    }
    /** Arguments go as a form, which every method takes; what is no text goes as JSON. */
    async call(method, args = {}, options = {}) {
        const outcome = await this.#ask(method, args, options);
        this.look(method, outcome);
        return outcome;
    }
    async #ask(method, args, options) {
        const form = new URLSearchParams();
        for (const [name, value] of Object.entries(args))
            if (value !== undefined)
                form.set(name, typeof value === "string" ? value : JSON.stringify(value));
        try {
            const answer = await request(`${this.root}/${method}`, {
                method: "POST",
                headers: {
                    authorization: `Bearer ${this.#token.reveal()}`,
                    "content-type": "application/x-www-form-urlencoded; charset=utf-8",
                },
                body: form.toString(),
                ...this.#timings,
                ...options,
            });
            return readAnswer(answer);
        }
        catch (thrown) {
            // Whatever else it is, nobody knows how far it got.
            if (!isSluiceError(thrown))
                return { kind: "lost", reason: "the call broke", maybeDone: true };
            return {
                kind: "lost",
                reason: thrown.message,
                maybeDone: thrown.cause instanceof MaybeSent,
            };
        }
    }
}
function readAnswer(answer) {
    const { status, headers } = answer;
    if (status === 429)
        return { kind: "refused", error: "ratelimited", retryAfterMs: readWait(headers) };
    const parsed = parseJson(answer.body);
    const body = parsed.kind === "ok" ? parsed.value : undefined;
    if (isTrueAt(body, "ok"))
        return { kind: "ok", body, scopes: readScopes(headers) };
    const error = textAt(body, "error");
    // A gateway's page, which is not quoted: whether it asked the server behind it, nobody knows.
    if (error === undefined)
        return {
            kind: "lost",
            reason: `an answer that is none of Slack's (${status})`,
            maybeDone: true,
        };
    if (MAYBE_DONE.has(error))
        return { kind: "lost", reason: error, maybeDone: true };
    if (DOWN.has(error))
        return { kind: "lost", reason: error, maybeDone: false };
    const needed = textAt(body, "needed");
    const details = toDetails(body);
    return {
        kind: "refused",
        error: error.slice(0, 80),
        ...(needed === undefined ? {} : { needed: needed.slice(0, 200) }),
        ...(details === undefined ? {} : { details }),
        ...(BUSY.has(error) ? { retryAfterMs: readWait(headers) } : {}),
    };
}
/** "[ERROR] no more than 50 items allowed [json-pointer:/blocks]": the first of them. */
function toDetails(body) {
    const first = textAt(body, "response_metadata.messages.0") ?? textAt(body, "errors.0");
    return first?.slice(0, 200);
}
/** https://docs.slack.dev/apis/web-api/rate-limits: seconds. */
function readWait(headers) {
    const text = headers["retry-after"];
    if (typeof text !== "string" || !/^\d{1,9}(?:\.\d{1,9})?$/.test(text.trim()))
        return UNSAID_WAIT_MS;
    return Math.min(MAX_WAIT_MS, Math.ceil(Number(text) * 1_000));
}
function readScopes(headers) {
    const text = headers["x-oauth-scopes"];
    if (typeof text !== "string")
        return undefined;
    return text
        .split(",")
        .map((scope) => scope.trim())
        .filter((scope) => scope !== "");
}
/** The token itself is refused. */
export function isCredentialRefused(outcome) {
    return outcome.kind === "refused" && CREDENTIAL.has(outcome.error);
}
export const REINSTALL = "api.slack.com/apps > your app > OAuth & Permissions, then Reinstall to Workspace";
/** What a person reads of a call that failed. */
export function toFaultLine(method, outcome) {
    if (outcome.kind === "lost")
        return `slack: ${method}: ${outcome.reason}`;
    const { error, needed, details, retryAfterMs } = outcome;
    if (error === "missing_scope")
        return `slack: ${method} needs the scope ${needed ?? "that Slack does not name"}, which the app has not: add it at ${REINSTALL}`;
    if (isCredentialRefused(outcome))
        return `slack: token rejected (${error}); run "sluice add slack" with the tokens of an app that is installed`;
    if (retryAfterMs !== undefined)
        return `slack: ${method}: Slack asks to wait ${Math.ceil(retryAfterMs / 1_000)} s`;
    if (error === "not_in_channel")
        return `slack: ${method}: the bot is not in that channel; type /invite and its name there`;
    return `slack: ${method}: ${error}${details === undefined ? "" : ` (${details})`}`;
}
/**
 * A call's failure as the fault that the hub knows.
 * @param isMaybe the message may be with Slack.
 */
export function toFault(method, outcome, isMaybe = false) {
    const message = toFaultLine(method, outcome);
    if (isMaybe)
        return new SluiceError("send_failed", message, { cause: new MaybeSent(message) });
    if (outcome.kind === "lost")
        return new SluiceError("send_failed", message, { retryable: true });
    if (isCredentialRefused(outcome))
        return new SluiceError("unauthorized", message);
    const { retryAfterMs } = outcome;
    return new SluiceError("send_failed", message, {
        retryable: retryAfterMs !== undefined,
        ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
}
