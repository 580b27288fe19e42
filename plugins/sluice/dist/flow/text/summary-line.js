import { cut, toMetaValue } from "./shape.js";
export const SUMMARY_MAX_CHARS = 120;
const LISTED_MAX_KINDS = 3;
export const KIND_MAX_CHARS = 40;
/** What the channel said, then ` | ` and what a third party wrote: the mark stands where it does in a quote. */
export function toSummaryLine({ text, label, quote }) {
    const [first = ""] = text.trimStart().split("\n", 1);
    const composed = cut(toMetaValue(first), SUMMARY_MAX_CHARS);
    const room = SUMMARY_MAX_CHARS - composed.length - 3;
    const words = quote === null ? "" : toMetaValue(quote);
    if (words === "" || room < 20)
        return composed;
    return `${composed} | ${cut(`${toMetaValue(label ?? "text")}: ${words}`, room)}`;
}
/** What an event that supersedes others is followed by: that there was more, and where it is. */
export function toEarlier(earlier, isOver) {
    return `(${isOver ? "this ends" : "after"} ${earlier.length} earlier: ${toKinds(earlier)}; details lists them)`;
}
/** Kinds of events, the most frequent first. */
export function toKinds(events) {
    const counts = new Map();
    for (const { kind } of events)
        counts.set(kind, (counts.get(kind) ?? 0) + 1);
    const kinds = [...counts]
        .toSorted(([, a], [, b]) => b - a)
        .slice(0, LISTED_MAX_KINDS)
        .map(([kind, count]) => cut(toMetaValue(kind), KIND_MAX_CHARS) + (count > 1 ? ` x${count}` : ""));
    return `${kinds.join(", ")}${counts.size > kinds.length ? ", …" : ""}`;
}
/** The list of what was merged into an event, one line each. */
export function toMergedList(merged) {
    return merged.map((one) => `- ${one.id} ${new Date(one.receivedAt).toISOString()} ${cut(toMetaValue(one.kind), KIND_MAX_CHARS)}: ${toSummaryLine(one)}`);
}
