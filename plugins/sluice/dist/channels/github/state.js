/**
 * Keys of states: which later event supersedes an earlier one.
 *
 * Owns: how such a key is made. Never: which events are states (rows-*.ts, describe-checks.ts).
 *
 * STATE-1 A key is made of ids and exact names, never of a shown name: two names that look the same are two things.
 * STATE-2 What is still running, or was skipped, has no outcome. It has a key of its own, so that it never supersedes a failure: only
 *    another outcome does.
 */
import { createHash } from "node:crypto";
/** `octo/app#12/workflow_run/3f…`; undefined where a part is not known: then nothing supersedes it. */
export function toStateOf(context, thing, parts, { pull, isWithoutOutcome = false, } = {}) {
    if (parts.includes(undefined))
        return {};
    const hash = createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 24);
    const where = `${context.repository ?? context.place}${pull === undefined ? "" : `#${pull}`}`;
    return { stateOf: `${where}/${thing}/${hash}${isWithoutOutcome ? "/running" : ""}` };
}
