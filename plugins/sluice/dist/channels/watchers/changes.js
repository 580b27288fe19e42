/**
 * What changed between two texts, in lines.
 *
 * Owns: finding them in bounded time. Never: a minimal or ordered difference; a person asks what is new, and what is gone. Pure.
 */
import { createHash } from "node:crypto";
const SHOWN_LINES = 40;
const SHOWN_CHARS = 6_000;
const LINE_CHARS = 300;
/** Lines that only one of them has, each as often as it has it more; the new ones first. */
export function toChangedLines(before, now) {
    const counts = new Map();
    const lines = { before: toLines(before), now: toLines(now) };
    for (const line of lines.before)
        counts.set(line, (counts.get(line) ?? 0) - 1);
    for (const line of lines.now)
        counts.set(line, (counts.get(line) ?? 0) + 1);
    const pick = (from, sign, mark) => {
        const left = new Map(counts);
        return from.flatMap((line) => {
            const count = left.get(line) ?? 0;
            if (count * sign <= 0)
                return [];
            left.set(line, count - sign);
            return [`${mark} ${line.length <= LINE_CHARS ? line : `${line.slice(0, LINE_CHARS - 1)}…`}`];
        });
    };
    const all = [...pick(lines.now, 1, "+"), ...pick(lines.before, -1, "-")];
    const shown = [];
    let chars = 0;
    for (const line of all) {
        if (shown.length >= SHOWN_LINES || chars + line.length > SHOWN_CHARS)
            break;
        shown.push(line);
        chars += line.length + 1;
    }
    if (shown.length < all.length)
        shown.push(`(${all.length - shown.length} more changed lines)`);
    return shown.join("\n").toWellFormed();
}
function toLines(text) {
    return text
        .split("\n")
        .map((line) => line.trimEnd())
        .filter((line) => line !== "");
}
export function toDigest(text) {
    return createHash("sha256").update(text).digest("base64url").slice(0, 22);
}
const KEPT_CHARS = 32_768;
export function toKeptText(text) {
    const digest = toDigest(text);
    return text.length <= KEPT_CHARS ? { digest, text } : { digest };
}
/** What changed since, in lines; undefined where only that it changed is known. */
export function toChanges(before, now) {
    if (before.text === undefined)
        return undefined;
    const changed = toChangedLines(before.text, now);
    return changed === "" ? undefined : changed;
}
