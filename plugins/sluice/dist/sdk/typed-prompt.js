/**
 * Whether a person typed a prompt that the client shows its hooks.
 *
 * Owns: that decision. Never: acts on it. Pure.
 *
 * Clients say who wrote a prompt in `source`; those that do not yet (Claude Code 2.1.332) give a prompt that the model arranged for
 * later exactly as it was arranged, and list at the end of each turn what is arranged. https://code.claude.com/docs/en/hooks
 */
/** A monitor's line, a helper's end, an event of any channel, also one that came while the session worked. */
const HANDED_OVER = /^<(?:task-notification|channel)\b|^A message arrived from [^\n]{1,200} while you were working:\n<channel\b/;
/** What the client makes of a loop without words of its own. */
const LOOP = /^# Autonomous loop (?:check|tick)\b/;
const CUT = /\s?…\s?\[\+\d+ chars\]$/;
export function isTypedPrompt({ prompt, events, source = "", scheduled = [], }) {
    if (source !== "")
        return source === "user" || source === "sdk";
    if (prompt === "" || events.length > 0 || HANDED_OVER.test(prompt) || LOOP.test(prompt))
        return false;
    const text = prompt.trim();
    return !scheduled.some((one) => {
        const start = one.replace(CUT, "").trim();
        if (start === "")
            return false;
        return start === one.trim() ? text === start : text.startsWith(start);
    });
}
