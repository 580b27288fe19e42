/**
 * A model's tool call: hooks before, permission, the call, hooks after.
 *
 * Owns: that order, and the mark that a model's call carries. Never: which tool is called (the model does).
 */
import { toObject } from "../sdk/json.js";
import { randomUUID } from "node:crypto";
import { toMessage } from "../sdk/errors.js";
/** @returns what calls a tool; that throws when the turn is interrupted, and only then. */
export function newToolCaller(options) {
    const { notebook, fire, halt } = options;
    return async ({ name: given, input, promptId, signal, agentId, run }) => {
        signal.throwIfAborted();
        const { server, tool: name } = run === undefined ? options.routeTool(given) : { server: undefined, tool: given };
        const toolUseId = `toolu_${randomUUID().replaceAll("-", "").slice(0, 24)}`;
        const toolName = server === undefined ? name : toHookToolName(server.name, name);
        const needsPerson = server?.tools.some((tool) => tool.name === name && tool.needsPerson);
        const fields = {
            prompt_id: promptId,
            tool_name: toolName,
            tool_input: input,
            tool_use_id: toolUseId,
        };
        if (agentId !== undefined)
            fields["agent_id"] = agentId;
        const finish = (output) => {
            notebook.write({
                kind: "tool",
                at: Date.now(),
                promptId,
                name,
                input,
                output: output.text,
                isError: output.isError,
            });
            notebook.write({ kind: "read", at: Date.now(), how: "tool", text: output.text, promptId });
            return output;
        };
        const decision = await askPermission(options, toolName, fields, signal, needsPerson);
        signal.throwIfAborted();
        if (decision.behavior === "deny")
            return finish({ text: decision.message, isError: true });
        const allowed = decision.updatedInput ?? input;
        notebook.counters.toolCalls++;
        const { output, content } = server === undefined
            ? await runHere(run, allowed)
            : await callServer(server, name, allowed, toolUseId, signal);
        signal.throwIfAborted();
        // A failed call has a moment of its own, and PostToolUse is silent then.
        const ended = { ...fields, tool_input: allowed };
        const told = output.isError
            ? await fire("PostToolUseFailure", toolName, {
                ...ended,
                error: output.text,
                is_interrupt: false,
            })
            : await fire("PostToolUse", toolName, { ...ended, tool_response: content });
        signal.throwIfAborted();
        const halted = told.find((one) => one.halt !== undefined)?.halt;
        finish(output);
        if (halted !== undefined) {
            notebook.write({ kind: "halted", at: Date.now(), promptId, reason: halted });
            halt(halted);
            signal.throwIfAborted();
        }
        return output;
    };
}
/** Asks the hooks of PreToolUse, then the client's own judgement, then the dialog. */
async function askPermission({ fire, autoDeny, dialog }, toolName, fields, signal, needsPerson = false) {
    const input = toObject(fields["tool_input"]);
    const outputs = await fire("PreToolUse", toolName, fields);
    const blocked = outputs.find(({ block }) => block !== undefined)?.block;
    const asked = outputs.flatMap(({ permission }) => permission ?? []);
    const denied = asked.find(({ decision }) => decision === "deny")?.reason ?? blocked;
    if (denied !== undefined)
        return { behavior: "deny", message: denied || "denied by a PreToolUse hook" };
    if (!needsPerson && asked.length > 0 && asked.every(({ decision }) => decision === "allow"))
        return { behavior: "allow" };
    const reason = autoDeny(toolName, input);
    if (reason === undefined) {
        // The dialog's hooks are not told of the call's id.
        const { tool_use_id: _, ...shown } = fields;
        return dialog(toolName, input, { ...shown, permission_suggestions: [] }, signal);
    }
    const told = await fire("PermissionDenied", toolName, { ...fields, reason });
    const mayRetry = told.some(({ retry }) => retry === true);
    return { behavior: "deny", message: mayRetry ? `${reason} You may try again.` : reason };
}
async function callServer({ wire, requestMeta }, name, input, toolUseId, signal) {
    const meta = { ...requestMeta, "claudecode/toolUseId": toolUseId }; // SESSION-1
    const params = { name, arguments: input, _meta: meta };
    const answer = await wire.request("tools/call", params, { signal });
    const content = answer.kind === "result" ? answer.result["content"] : [];
    return { output: toOutput(answer), content };
}
async function runHere(run, input) {
    try {
        const text = (await run?.(input)) ?? "";
        return { output: { text, isError: false }, content: { stdout: text } };
    }
    catch (error) {
        return { output: { text: toMessage(error), isError: true }, content: {} };
    }
}
/** The name a tool has for hooks and matchers: `mcp__plugin_NAME_SERVER__TOOL`. */
export function toHookToolName(serverName, name) {
    return `mcp__${serverName.replaceAll(/[^\w-]/g, "_")}__${name}`;
}
/** The text of a tool result; parts that are no text by their type. */
export function toContentText(content) {
    const parts = Array.isArray(content) ? content.map(toObject) : [];
    return parts
        .map(({ type, text }) => (typeof text === "string" ? text : `[${String(type)}]`))
        .join("\n");
}
function toOutput(answer) {
    switch (answer.kind) {
        case "result":
            return {
                text: toContentText(answer.result["content"]),
                isError: answer.result["isError"] === true,
            };
        case "error":
            return { text: `MCP error ${answer.code}: ${answer.message}`, isError: true };
        case "gone":
            return { text: `MCP server not connected: ${answer.reason}`, isError: true };
        case "timeout":
        case "aborted":
            return { text: `MCP call ${answer.kind}`, isError: true };
        default:
            return answer;
    }
}
