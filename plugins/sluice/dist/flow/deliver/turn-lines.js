/**
 * What the person at a terminal sees at the end of a turn: what the session has sent, who has answered its prompts elsewhere, and what waits
 * for an approval that no dialog of this terminal shows.
 *
 * Owns: those lines. Never: reads a whole text, or what a call holds; the model does not read them.
 *
 * Observed of Claude Code 2.1.332: it draws the `systemMessage` of UserPromptSubmit and of Stop, a line below each other, and sends none of
 * it to the model; that of PermissionRequest it does not draw.
 */
import { SEND_FILES_TOOL } from "../../sdk/own-tool.js";
import { listSentSince } from "../../store/outbox/sent-glance.js";
import { listPrompts } from "../../store/prompts/prompts.js";
import { describeOutcome } from "../prompt/verdict.js";
import { toScreenLine } from "../text/shape.js";
const SENT_MAX_LINES = 3;
const ANSWERED_MAX_LINES = 3;
/** The latest of a session; a turn with more of them says so. */
const ANSWERED_MAX_READ = 20;
const WAITING_MAX_LINES = 3;
/** More that wait are not even counted. */
const WAITING_MAX_READ = 100;
export function toTurnLines(db, { session }, turnSince) {
    const sent = listSentSince(db, session, turnSince);
    const answered = listPrompts(db, { state: "answered", session, limit: ANSWERED_MAX_READ })
        .map(({ prompt }) => prompt)
        .filter(({ outcome }) => isElsewhere(outcome) && outcome.at >= turnSince)
        .toReversed();
    const waiting = listPrompts(db, { state: "pending", limit: WAITING_MAX_READ })
        .map(({ prompt }) => prompt)
        .filter((prompt) => prompt.session !== session || prompt.tool === SEND_FILES_TOOL);
    return [
        ...toFew(sent.map(toSentLine), SENT_MAX_LINES, "sent"),
        ...toFew(answered.map(toAnsweredLine), ANSWERED_MAX_LINES, "answered"),
        ...toFew(waiting.map((prompt) => toWaitingLine(prompt, session)), WAITING_MAX_LINES, "waiting for an approval"),
    ];
}
const WAYS = {
    sent: "sent to",
    queued: "still being sent to",
    sending: "still being sent to",
    failed: "could not be sent to",
    maybe: "may not have reached",
};
function toSentLine({ channel, to, state, reason, text }) {
    const whom = to === null ? channel : `${to} (${channel})`;
    const why = reason === null || state === "sent" ? "" : ` (${reason})`;
    return toScreenLine(`Sluice: ${WAYS[state]} ${whom}${why}: ${text}`);
}
/** By a person who was not at this terminal, or by the owner's word for when nobody answers; a rule answers too often to be told of. */
function isElsewhere(outcome) {
    return outcome !== undefined && outcome.via !== "rule" && outcome.via !== "terminal";
}
function toAnsweredLine({ tool, outcome }) {
    return toScreenLine(`Sluice: ${tool} ${outcome === undefined ? "" : describeOutcome(outcome)}`);
}
function toWaitingLine({ tool, sessionName, session }, own) {
    const what = tool === SEND_FILES_TOOL ? "sending files that look like secrets" : `${tool} in ${sessionName}`;
    const where = session === own ? "" : ", another session";
    return toScreenLine(`Sluice: waits for an approval: ${what}${where} (sluice open)`);
}
function toFew(lines, max, what) {
    const left = lines.length - max;
    return left <= 0 ? [...lines] : [...lines.slice(0, max), `Sluice: and ${left} more ${what}`];
}
