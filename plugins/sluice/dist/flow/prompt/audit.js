import { describeOutcome } from "./verdict.js";
export function toAuditLine({ id, tool, digest, session, sessionName }) {
    return `${tool} ${digest} in ${sessionName} (${session}), ${id}`;
}
export function toVerdictLine(prompt, { verdict, ...outcome }) {
    const bare = verdict.kind === "deny" ? { kind: "deny" } : verdict;
    return `${describeOutcome({ ...outcome, verdict: bare })}: ${toAuditLine(prompt)}`;
}
