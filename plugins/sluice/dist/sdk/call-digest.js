/**
 * The digest of a tool call's arguments: two calls with the same digest are the same request.
 *
 * Owns: which arguments count as equal. Never: keeps the arguments.
 */
import { createHash } from "node:crypto";
/** 128 bits: whoever can make calls must not find two of them with one digest. */
const DIGITS = 32;
/** A tool's input may hold a whole file; more than this, as JSON, no person reads. */
export const INPUT_MAX_CHARS = 4_000_000;
/** 32 hex digits of the SHA-256 of the arguments; the order of their fields does not matter. */
export function toCallDigest(input) {
    return createHash("sha256").update(toCanonical(input)).digest("hex").slice(0, DIGITS);
}
/** Words of the model about a call: they change from one time to the next, and change nothing. */
const ABOUT = { Bash: ["description"] };
/** The digest of what a call does: two calls of a tool with the same one do the same in the same folder. */
export function toExactDigest(tool, input) {
    const about = Object.hasOwn(ABOUT, tool) ? (ABOUT[tool] ?? []) : [];
    const entries = Object.entries(input).filter(([key]) => !about.includes(key));
    return toCallDigest({ tool, input: Object.fromEntries(entries) });
}
function toCanonical(value) {
    return JSON.stringify(value, (_, inner) => typeof inner === "object" && inner !== null && !Array.isArray(inner)
        ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
        : inner);
}
