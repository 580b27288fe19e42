const NO = {
    behavior: "deny",
    message: "the user does not want this tool to be used",
};
/** @returns what opens a dialog; that throws when the turn is interrupted, and only then. */
export function newDialog({ fire, approve, relay, notebook }) {
    return async (toolName, input, fields, signal) => {
        const closed = new AbortController();
        const withdrawn = new AbortController();
        const withdraw = () => withdrawn.abort(new Error("interrupted"));
        signal.addEventListener("abort", withdraw, { once: true });
        const byHook = async () => {
            const outputs = await fire("PermissionRequest", toolName, fields, Infinity, withdrawn.signal);
            const decision = outputs.find((output) => output.decision !== undefined)?.decision;
            return decision === undefined ? never() : { by: "hook", decision };
        };
        const byPerson = async () => ({
            by: "local",
            decision: (await approve(toolName, input, closed.signal)) ? { behavior: "allow" } : NO,
        });
        const byRelay = async () => {
            const behavior = await relay.ask(toolName, input, closed.signal);
            if (behavior === undefined)
                return never();
            return { by: "relay", decision: behavior === "allow" ? { behavior } : NO };
        };
        try {
            // The hooks are asked before the dialog is drawn: who approves at once still comes after them.
            const hooked = byHook();
            const { by, decision } = await orInterrupt(Promise.race([hooked, byRelay(), byPerson()]), signal);
            if (by === "local" && decision.behavior === "deny")
                withdraw();
            notebook.counters.dialogs++;
            notebook.write({
                kind: "dialog",
                at: Date.now(),
                name: toolName,
                answer: decision.behavior,
                by,
            });
            return decision;
        }
        finally {
            closed.abort();
            signal.removeEventListener("abort", withdraw);
        }
    };
}
function never() {
    return new Promise(() => { });
}
async function orInterrupt(work, signal) {
    const interrupted = new Promise((_, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
    // Nobody may wait for it any more when it comes.
    interrupted.catch(() => { });
    return Promise.race([work, interrupted]);
}
