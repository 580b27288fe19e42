import { hasMonitors } from "./monitor.js";
export const pull = {
    name: "pull",
    means: {
        agents: "every other MCP client: Gemini CLI, Qwen Code, editors",
        wakes: "no",
        text: "when the session calls the tool inbox",
        receipt: "the end of that call, where hooks tell of it; else the event is named in a later call",
        prompts: "no",
        questions: "no",
        stop: "no",
    },
    suits: () => true,
    refuses: () => undefined,
    relaysPrompts: false,
    sends: { kind: "nothing" },
    canWake: () => false,
    pace: () => ({ kind: "hold", reason: "this session calls the inbox tool itself" }),
    judge(delivery, signal) {
        if (signal.kind !== "tool-result" || delivery.receipt !== signal.toolUseId)
            return undefined;
        if (signal.isFailure)
            return { to: "back", reason: "the inbox call that carried it failed" };
        return signal.isSubagent
            ? { to: "back", reason: "read by a subagent" }
            : { to: "seen", reason: "the inbox call that carried it returned" };
    },
    isRevivedByHooks: false,
    beginsTurnsUnseen: false,
    explain: explainPull,
    describe: () => [],
    isStuck: () => false,
    probeStop: {
        detail: "pull: it waits until the session calls the inbox tool",
        fix: "sluice status says why the session only pulls",
    },
};
/** What goes out as a page of the inbox. */
export function toPageOffer(toolUseId) {
    return { lane: pull.name, receipt: toolUseId ?? null };
}
function explainPull({ client }) {
    const { name, plugin, version } = client;
    if (name === "claude-code" && !plugin)
        return 'no plugin in it: pull only, receipts by tool calls only (weaker); "sluice connect claude" installs the plugin';
    if (name === "claude-code" && !hasMonitors(version))
        return `client ${version} has no monitors: pull only; update it to 2.1.310 or newer`;
    return "pull only: receipts by tool calls only (weaker)";
}
