/**
 * Set by Claude Code for the commands it runs. Not every CLAUDE_CODE_ variable: people set some of them themselves, in their shell's
 * profile, to configure the client, and an editor sets one in every terminal it opens.
 */
const MARKS = [
    "CLAUDECODE",
    "CLAUDE_CODE_SESSION_ID",
    "CLAUDE_CODE_ENTRYPOINT",
    "CLAUDE_CODE_CHILD_SESSION",
];
export function marksSession(env) {
    return MARKS.some((name) => (env[name] ?? "") !== "");
}
