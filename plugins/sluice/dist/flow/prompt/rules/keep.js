/**
 * "Exactly this again": a rule that a person makes while allowing a call with its code.
 *
 * Owns: which calls may be kept, and the rule that is made. Never: who may (decide.ts), or how a rule fits (rules.ts).
 *
 * KEEP-1 A kept rule covers what the person read and nothing else: the digest of the call in its folder, or ordinary edits there in
 *    this session.
 */
import { KEEPS } from "../../../sdk/prompt.js";
const DAY_MS = 24 * 60 * 60_000;
/** A session that is gone asks nothing; nobody has to tidy up after it. */
const SESSION_MAX_MS = 7 * DAY_MS;
const SHOWN_MAX_CHARS = 2_000;
/** Why a call cannot be kept, or undefined. Pure. */
export function findNoKeep(prompt, keep) {
    if (prompt.kind !== "tool")
        return `a ${prompt.kind} is answered each time`;
    if (prompt.exact === "" || prompt.cwd === "")
        return "the client shows only a part of this call, so it cannot be kept as a rule";
    return keep === "edits" && !prompt.isOrdinaryEdit
        ? "this is no ordinary edit of a file in the session's folder"
        : undefined;
}
/** What can be kept of a call, for those who may. Pure. */
export function listKeeps(prompt) {
    return KEEPS.filter((keep) => findNoKeep(prompt, keep) === undefined);
}
/** Pure. `folder` is the session's own. */
export function toKeptRule(prompt, keep, { by, at, folder }) {
    const isSession = keep === "session" || keep === "edits";
    return {
        action: "allow",
        tool: prompt.tool,
        ...(keep === "edits"
            ? { scope: "edits", tool: "*", folder }
            : {
                scope: "exact",
                exact: prompt.exact,
                folder: prompt.cwd,
                shown: prompt.arguments.slice(0, SHOWN_MAX_CHARS).toWellFormed(),
            }),
        ...(isSession ? { session: prompt.session } : {}),
        ...(keep === "always" ? {} : { expiresAt: at + (isSession ? SESSION_MAX_MS : DAY_MS) }),
        createdAt: at,
        by,
    };
}
