/**
 * What a hook of a session says about prompts that it has open: a person may have answered at the terminal.
 *
 * Owns: that decision. Pure. Never: ends a prompt (../prompt.ts).
 *
 * Observed of Claude Code 2.1.332: No and Esc at the terminal withdraw the pending hook call at once. Yes does not; then the next thing
 * that is heard is the end of the tool (PostToolUse, PostToolUseFailure), or of the turn. While a dialog is open nobody can type and no
 * bell is handed over, so a later prompt in the same agent says that its dialogs are closed.
 * https://code.claude.com/docs/en/hooks
 */
import { SEND_FILES_TOOL } from "../../sdk/own-tool.js";
const HERE = "answered at the terminal";
export function toTerminalEnds(pending, sign) {
    const own = pending.filter(({ session }) => session === sign.session);
    const ofAgent = own.filter(
    // A question of ours has no dialog at the terminal.
    ({ agent = "", tool }) => agent === sign.agentId && tool !== SEND_FILES_TOOL);
    switch (sign.event) {
        case "PostToolUse":
        case "PostToolUseFailure": {
            const ended = ofAgent.find((prompt) => isEnd(prompt, sign, ofAgent));
            return ended === undefined ? [] : [{ prompt: ended, calls: "one", reason: HERE }];
        }
        case "UserPromptSubmit":
        case "Stop":
        case "StopFailure":
            return ofAgent.map((prompt) => ({ prompt, calls: "all", reason: HERE }));
        case "SessionEnd":
            return own.map((prompt) => ({ prompt, calls: "all", reason: "the conversation was closed" }));
        default:
            return [];
    }
}
/** Of several calls of one tool the arguments tell which one ended. The answer to a question, or to a plan, is among its arguments. */
function isEnd(prompt, { tool, digest }, others) {
    if (prompt.tool !== tool)
        return false;
    if (prompt.kind !== "tool" || prompt.digest === digest)
        return true;
    const isKnown = digest !== "" && !prompt.isCut;
    return !isKnown && others.filter((other) => other.tool === tool).length === 1;
}
