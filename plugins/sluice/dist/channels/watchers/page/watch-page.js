import { SluiceError } from "../../../sdk/errors.js";
import { toNameField, toUrlField } from "../../../sdk/field.js";
import { at, parseJson, textAt } from "../../../sdk/json.js";
import { toChanges, toKeptText } from "../changes.js";
import { getPage, parseAddress, requireAnswer } from "../get.js";
import { openWatcher } from "../../../sdk/inward/watcher.js";
import { readEvery, requireSetting, toBase } from "../settings.js";
import { isHtml, toPageText } from "../page-text.js";
const USUAL_EVERY_MS = 5 * 60_000;
const LEAST_EVERY_MS = 5_000;
const MAX_BYTES = 2 * 1024 ** 2;
const SHOWN_CHARS = 2_000;
export function openPage(context) {
    return openWatcher(context, toPageWatcher(context));
}
export function toPageWatcher(context) {
    const { settings, secret, signal } = context;
    const address = requireSetting(context, "url");
    const url = parseAddress(address);
    const path = settings["json"];
    const accept = path === undefined ? "text/html, text/*;q=0.9, */*;q=0.5" : "application/json";
    return {
        everyMs: readEvery(context, USUAL_EVERY_MS, LEAST_EVERY_MS),
        parse: parseState,
        async look(before) {
            const { etag, modified } = before ?? {};
            const got = await getPage(address, {
                etag,
                modified,
                accept,
                maxBytes: MAX_BYTES,
                signal,
                secret,
            });
            if (got.kind === "same" && before !== undefined)
                return { state: before, arrivals: [] };
            if (got.kind === "same")
                throw toOdd(url);
            requireAnswer(url.host, got.status);
            const text = toShown(got, path);
            const state = {
                etag: got.etag,
                modified: got.modified,
                status: got.status,
                shown: toKeptText(text),
            };
            if (before === undefined || isSame(before, state))
                return { state, arrivals: [] };
            return { state, arrivals: [toArrival(context, url, before, { ...state, text })] };
        },
    };
}
function isSame(before, now) {
    return before.status === now.status && before.shown.digest === now.shown.digest;
}
/** A page that is gone says nothing: the page of its fault may be another each time. */
function toShown({ status, body, type }, path) {
    if (status >= 400)
        return "";
    const text = body.toString("utf8").toWellFormed();
    if (path !== undefined)
        return toJsonText(text, path);
    return isHtml(type, text) ? toPageText(text) : text;
}
/** @throws SluiceError `send_failed`, retryable: an answer that is none today may be one tomorrow. */
function toJsonText(text, path) {
    const json = parseJson(text);
    if (json.kind === "bad")
        throw new SluiceError("send_failed", `the answer is no JSON (${json.reason})`, {
            retryable: true,
        });
    const value = path === "." ? json.value : at(json.value, path);
    if (value === undefined)
        return "(not there)";
    return typeof value === "string" ? value : JSON.stringify(value, undefined, 2);
}
function toOdd(url) {
    return new SluiceError("send_failed", `${url.host} answers "not changed" to a first question`, {
        retryable: true,
    });
}
function toArrival(context, url, before, now) {
    const path = context.settings["json"];
    // What stands behind the path may be a token.
    const link = toUrlField(`${url.origin}${url.pathname}`);
    const name = toNameField(`${url.host}${url.pathname}`, 150);
    const what = path === undefined ? name : `${toNameField(path, 60)} of ${name}`;
    const isGone = now.status >= 400;
    const verb = isGone
        ? `is gone: it answers ${now.status}`
        : before.status >= 400
            ? `is there again (it answered ${before.status})`
            : "has changed";
    return {
        ...toBase(context, url.protocol === "https:" ? "https" : "http"),
        kind: isGone ? "page.gone" : "page.changed",
        text: `${what} ${verb}`,
        quotes: isGone ? [] : toQuotes(path, before, now.text),
        meta: {
            http_status: String(now.status),
            ...(link === undefined ? {} : { url: link }),
        },
        entity: name,
        occurredAt: context.clock.now(),
    };
}
function toQuotes(path, before, text) {
    const isValue = path !== undefined && !text.includes("\n") && text.length <= SHOWN_CHARS;
    if (isValue)
        return [
            { label: "now", text },
            ...(before.shown.text === undefined ? [] : [{ label: "before", text: before.shown.text }]),
        ];
    const changes = toChanges(before.shown, text);
    return changes === undefined
        ? [{ label: "text", text: text.slice(0, SHOWN_CHARS).toWellFormed() }]
        : [{ label: "changed lines", text: changes }];
}
function parseState(state) {
    const [status, digest, text] = [
        at(state, "status"),
        textAt(state, "shown.digest"),
        at(state, "shown.text"),
    ];
    if (typeof status !== "number" || digest === undefined)
        return undefined;
    return {
        status,
        shown: { digest, text: typeof text === "string" ? text : undefined },
        etag: textAt(state, "etag"),
        modified: textAt(state, "modified"),
    };
}
