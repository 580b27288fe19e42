/**
 * How bad an event is, for lists that people read.
 *
 * Owns: what of its ends and answers counts besides its own words. Never: a second reading of those (flow/text/merge.ts). Pure.
 */
import { toFailure } from "../../flow/text/merge.js";
/** `failed`: something outside failed, the event itself never got to a session, or its answer was not sent. */
export function toLevel(event) {
    const { state, answer } = event;
    if (state === "dead" || state === "expired" || answer === "failed")
        return "failed";
    const failure = toFailure(event);
    if (failure === 2)
        return "failed";
    return failure === 1 || answer === "maybe" ? "warning" : undefined;
}
export function toSigns({ kind, state, meta, stateOf }, answer) {
    return {
        kind,
        state,
        status: meta["status"] ?? meta["conclusion"] ?? meta["state"] ?? null,
        severity: meta["severity"] ?? null,
        stateOf: stateOf ?? null,
        answer,
    };
}
