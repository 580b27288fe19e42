/**
 * The items of a feed: RSS, Atom, RDF or JSON Feed.
 *
 * Owns: what an item is known by, and the few of its fields that are told. Never: fetches. Pure.
 */
import { parseFeed } from "../../../vendor/feedsmith.js";
import { SluiceError } from "../../../sdk/errors.js";
import { listAt, textAt, timeAt } from "../../../sdk/json.js";
import { toDigest } from "../changes.js";
import { toPageText } from "../page-text.js";
const MAX_ITEMS = 2_000;
const SUMMARY_CHARS = 4_000;
/** In the order of the feed. @throws SluiceError `send_failed`, retryable: what is no feed today may be one tomorrow. */
export function parseItems(text) {
    let parsed;
    try {
        parsed = parseFeed(text);
    }
    catch {
        // The parser's message may quote the page.
        throw new SluiceError("send_failed", "the answer is no RSS, Atom or JSON feed", {
            retryable: true,
        });
    }
    const { feed, format } = parsed;
    const list = listAt(feed, format === "atom" ? "entries" : "items").slice(0, MAX_ITEMS);
    return { title: toText(feed, "title"), items: list.map(toItem) };
}
/** Field names of the four formats do not contradict each other. */
function toItem(item) {
    const title = toText(item, "title");
    const link = textAt(item, "link") ??
        textAt(item, "url") ??
        textAt(findAlternate(listAt(item, "links")), "href");
    const id = textAt(item, "guid.value") ?? textAt(item, "id") ?? textAt(item, "rdf.about") ?? link;
    const published = ["pubDate", "published", "date_published", "updated", "dc.date"].flatMap((path) => textAt(item, path) ?? [])[0];
    const html = toText(item, "summary") ||
        toText(item, "description") ||
        toText(item, "content") ||
        toText(item, "content_text") ||
        toText(item, "content_html");
    const author = textAt(item, "authors.0.name") ?? textAt(item, "authors.0.email") ?? textAt(item, "dc.creator");
    return {
        key: toDigest(id ?? `${title}\n${published ?? ""}\n${html}`),
        title: toPageText(title).replaceAll("\n", " "),
        link,
        author,
        summary: toPageText(html.slice(0, SUMMARY_CHARS * 4))
            .slice(0, SUMMARY_CHARS)
            .toWellFormed(),
        at: toTime(published),
    };
}
/** A text, or the value of one that says what kind it is. */
function toText(value, path) {
    return textAt(value, path) ?? textAt(value, `${path}.value`) ?? "";
}
function findAlternate(links) {
    return links.find((link) => (textAt(link, "rel") ?? "alternate") === "alternate") ?? links[0];
}
function toTime(text) {
    const time = text === undefined ? undefined : (timeAt({ text }, "text") ?? Date.parse(text));
    return time === undefined || !Number.isFinite(time) ? undefined : time;
}
