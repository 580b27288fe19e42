/**
 * Keys of states: which later event supersedes an earlier one.
 *
 * Owns: how such a key is made. Never: which events are states (rows).
 *
 * STATE-1 A key is made of ids and exact names, never of a shown name: two names that look the same are two things.
 * STATE-2 What is still running, or was skipped, has no outcome. It has a key of its own, so that it never supersedes a failure: only
 *    another outcome does.
 */
import { hash } from "node:crypto";
/** `octo/app#12/workflow_run/3f…`; undefined where a part is not known: then nothing supersedes it. */
export function toStateKey(thing, parts, isWithoutOutcome) {
    if (parts.includes(undefined))
        return undefined;
    const digest = hash("sha256", JSON.stringify(parts), "hex").slice(0, 24);
    return `${thing}/${digest}${isWithoutOutcome ? "/running" : ""}`;
}
