/**
 * Our own tools as a client's hooks name them, and which of them need neither a person nor a classifier.
 *
 * Owns: that list, for the shim and the hub alike. Never: whether a call then does what it asks: the hub checks each one.
 */
/** What the hub asks people in its own name: whether files that look like secrets may leave. No client has a tool of this name. */
export const SEND_FILES_TOOL = "sluice: send files";
/** Without `send`: to begin a conversation is the user's own word, or their rule. */
const HARMLESS = /^mcp__plugin_sluice_sluice__(inbox|ack|details|reply|react|edit_message|download_attachment)$/;
/** Those that reach outside by an event; `edit_message` changes only what this session sent. */
const BY_EVENT = new Set(["reply", "react", "download_attachment"]);
/** Whether a call may go without being asked about: at once, only for an event that the session holds, or not by us. */
export function toPermit(tool) {
    const [, name] = HARMLESS.exec(tool) ?? [];
    if (name === undefined)
        return undefined;
    return BY_EVENT.has(name) ? "by-event" : "at-once";
}
/** The answer of a PreToolUse hook that allows such a call. */
export const PERMIT = {
    hookSpecificOutput: {
        hookEventName: "PreToolUse",
        permissionDecision: "allow",
        permissionDecisionReason: "a Sluice tool that touches only its own inbox",
    },
};
