export const KEEP_WORDS = {
    session: "exactly this again in this session",
    day: "exactly this again for a day",
    always: "exactly this again from now on",
    edits: "all ordinary edits in the session's folder, in this session",
};
const SHELL_TOOLS = /^(?:Bash|Monitor|PowerShell)$/;
/** What a rule for exactly one call of this tool does not promise; undefined where nothing is to be said. Pure. */
export function findKeepLimit(tool) {
    return SHELL_TOOLS.test(tool)
        ? "The rule holds for this text; what the command runs may change."
        : undefined;
}
