import { SluiceError } from "../../../sdk/errors.js";
import { toNameField, toUrlField } from "../../../sdk/field.js";
import { at, listAt, textAt } from "../../../sdk/json.js";
import { toDigest } from "../changes.js";
import { getPage, parseAddress, requireAnswer } from "../get.js";
import { openWatcher } from "../../../sdk/inward/watcher.js";
import { readEvery, requireSetting, toBase } from "../settings.js";
import { parseItems } from "./items.js";
const USUAL_EVERY_MS = 15 * 60_000;
const LEAST_EVERY_MS = 5_000;
const MAX_BYTES = 8 * 1024 ** 2;
const KNOWN_MAX = 1_000;
/** So many of one look are told each; of more the newest. */
const TOLD_MAX = 50;
const ACCEPT = "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.5";
export function openFeed(context) {
    return openWatcher(context, toFeedWatcher(context));
}
export function toFeedWatcher(context) {
    const { secret, signal } = context;
    const address = requireSetting(context, "url");
    const url = parseAddress(address);
    return {
        everyMs: readEvery(context, USUAL_EVERY_MS, LEAST_EVERY_MS),
        parse: parseState,
        async look(before) {
            const { etag, modified } = before ?? {};
            const options = { etag, modified, accept: ACCEPT, maxBytes: MAX_BYTES, signal, secret };
            const got = await getPage(address, options);
            if (got.kind === "same")
                return { state: before ?? { known: [] }, arrivals: [] };
            requireAnswer(url.host, got.status);
            if (got.status !== 200)
                throw toRefusal(url, got.status);
            const feed = parseItems(got.body.toString("utf8"));
            const known = new Set(before?.known);
            const fresh = [...new Map(feed.items.map((item) => [item.key, item])).values()].filter(({ key }) => !known.has(key));
            const keys = feed.items.map(({ key }) => key);
            const state = {
                etag: got.etag,
                modified: got.modified,
                known: [...new Set([...keys, ...known])].slice(0, Math.max(KNOWN_MAX, keys.length)),
            };
            const told = before === undefined ? [] : toOldestFirst(fresh).slice(-TOLD_MAX);
            if (before !== undefined && fresh.length > told.length)
                context.leftBehind?.(fresh.length - told.length);
            return { state, arrivals: told.map((item) => toArrival(context, url, feed, item)) };
        },
    };
}
function toRefusal(url, status) {
    return new SluiceError("send_failed", `${url.host} answered ${status}`, { retryable: true });
}
/** Feeds begin with the newest; where all have a time, that counts. */
function toOldestFirst(items) {
    const reversed = items.toReversed();
    return items.every((item) => item.at !== undefined)
        ? reversed.toSorted((a, b) => (a.at ?? 0) - (b.at ?? 0))
        : reversed;
}
function toArrival(context, url, feed, item) {
    const { title, link, author, summary, at: occurredAt } = item;
    const address = link === undefined || !URL.canParse(link, url.href) ? "" : new URL(link, url).href;
    const shown = toUrlField(address);
    const name = toNameField(feed.title, 80) || url.host;
    return {
        ...toBase(context, url.protocol === "https:" ? "https" : "http"),
        kind: "feed.item",
        text: `New in ${name}: ${toNameField(title, 150) || "an item without a title"}`,
        quotes: [
            ...(title.length > 150 ? [{ label: "title", text: title }] : []),
            ...(summary === "" ? [] : [{ label: "summary", text: summary }]),
        ],
        meta: {
            ...(author === undefined ? {} : { user: toNameField(author) }),
            ...(shown === undefined ? {} : { url: shown }),
        },
        // The address may hold a token.
        deliveryId: `${toDigest(url.href)} ${item.key}`,
        entity: name,
        ...(occurredAt === undefined ? {} : { occurredAt }),
    };
}
function parseState(state) {
    if (!Array.isArray(at(state, "known")))
        return undefined;
    return {
        etag: textAt(state, "etag"),
        modified: textAt(state, "modified"),
        known: listAt(state, "known").filter((one) => typeof one === "string"),
    };
}
