/**
 * A call that the client denied by itself (auto mode): nobody was asked, so people are told.
 *
 * Owns: the prompt that records it, already over, and the line for the owner. Never: changes the client's decision.
 *
 * `retry` is the one thing that the client's hook may answer: the model reads beside the denial that one more try is allowed, and should be
 * made where its user asked for what the call does (observed of Claude Code 2.1.332). The client checks that one anew, so it is said only
 * where a rule of the owner allows the call.
 * https://code.claude.com/docs/en/hooks
 */
import { newUlid } from "../../sdk/id.js";
import { addPrompt } from "../../store/prompts/prompts.js";
import { toLabel } from "../session/attachment.js";
import { findCallRule } from "./create-prompt.js";
import { toAuditLine } from "./audit.js";
import { toFacts } from "./call.js";
const REASON_MAX_CHARS = 400;
/** Runs inside `database.write`. */
export function keepDenied(options, attachment, ask, look) {
    const { db, clock, note } = options;
    const { session, tool, input, cwd, agentId, reason } = ask;
    const now = clock.now();
    const sessionName = toLabel(attachment);
    const facts = toFacts(tool, input, look.assessment);
    const prompt = {
        ...facts,
        id: `prm_${newUlid(now)}`,
        // Nobody can answer it any more, so it needs none.
        code: "",
        session,
        sessionName,
        cwd,
        ...(agentId === "" ? {} : { agent: agentId }),
        count: 1,
        createdAt: now,
        expiresAt: now,
        state: "retired",
        reason: `blocked by auto mode: ${reason.slice(0, REASON_MAX_CHARS)}`,
    };
    addPrompt(db, { prompt, attachment: attachment.id });
    note("hub", "auto-denied", toAuditLine(prompt));
    const found = findCallRule(options, attachment, ask, look, facts);
    return { prompt, retry: found?.rule.action === "allow" };
}
