/**
 * A model's tool call: hooks before, permission, the call, hooks after.
 *
 * Owns: that order, and the mark that a model's call carries. Never: which tool is called (the model does).
 */
import { randomUUID } from "node:crypto";
import type { FireHooks } from "./hook-calls.ts";
import type { Notebook } from "./note.ts";
import { toJson } from "./wire.ts";
import type { Answer, Json, Wire } from "./wire.ts";

export type ToolOutput = { text: string; isError: boolean };

type ToolCall = {
  name: string;
  input: Json;
  promptId: string;
  signal: AbortSignal;
  agentId?: string;
};

export type CallTool = (call: ToolCall) => Promise<ToolOutput>;

/** The person at a permission dialog. */
export type Approve = (toolName: string, input: Json) => boolean | Promise<boolean>;

export type ToolCallerOptions = {
  wire: Wire;
  serverName: string;
  notebook: Notebook;
  fire: FireHooks;
  approve: Approve;
  requestMeta(): Json;
};

/** @returns what calls a tool; that throws when the turn is interrupted, and only then. */
export function newToolCaller({
  wire,
  serverName,
  notebook,
  fire,
  approve,
  requestMeta,
}: ToolCallerOptions): CallTool {
  /** Why a call may not be made; undefined when it may. */
  const askPermission = async (
    toolName: string,
    input: Json,
    fields: Json,
  ): Promise<string | undefined> => {
    const outputs = await fire("PreToolUse", toolName, fields);
    const blocked = outputs.find(({ block }) => block !== undefined)?.block;
    const asked = outputs.flatMap(({ permission }) => permission ?? []);
    const denied = asked.find(({ decision }) => decision === "deny")?.reason ?? blocked;
    if (denied !== undefined) return denied || "denied by a PreToolUse hook";
    if (asked.length > 0 && asked.every(({ decision }) => decision === "allow")) return undefined;
    const allowed = await approve(toolName, input);
    notebook.counters.dialogs++;
    notebook.write({
      kind: "dialog",
      at: Date.now(),
      name: toolName,
      answer: allowed ? "allow" : "deny",
    });
    return allowed ? undefined : "the user does not want this tool to be used";
  };

  return async ({ name, input, promptId, signal, agentId }) => {
    signal.throwIfAborted();
    const toolUseId = `toolu_${randomUUID().replaceAll("-", "").slice(0, 24)}`;
    const toolName = toHookToolName(serverName, name);
    const fields: Json = {
      prompt_id: promptId,
      tool_name: toolName,
      tool_input: input,
      tool_use_id: toolUseId,
    };
    if (agentId !== undefined) fields["agent_id"] = agentId;
    const finish = (output: ToolOutput): ToolOutput => {
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
    const refusal = await askPermission(toolName, input, fields);
    signal.throwIfAborted();
    if (refusal !== undefined) return finish({ text: refusal, isError: true });
    notebook.counters.toolCalls++;
    const meta = { ...requestMeta(), "claudecode/toolUseId": toolUseId }; // H3
    const answer = await wire.request(
      "tools/call",
      { name, arguments: input, _meta: meta },
      { signal },
    );
    signal.throwIfAborted();
    const output = toOutput(answer);
    // A failed call has a moment of its own, and PostToolUse is silent then.
    if (output.isError) {
      const failure = { ...fields, error: output.text, is_interrupt: false };
      await fire("PostToolUseFailure", toolName, failure);
    } else {
      const content = answer.kind === "result" ? answer.result["content"] : [];
      await fire("PostToolUse", toolName, { ...fields, tool_response: content });
    }
    signal.throwIfAborted();
    return finish(output);
  };
}

/** The name a tool has for hooks and matchers: `mcp__plugin_NAME_SERVER__TOOL`. */
function toHookToolName(serverName: string, name: string): string {
  return `mcp__${serverName.replaceAll(/[^\w-]/g, "_")}__${name}`;
}

/** The text of a tool result; parts that are no text by their type. */
export function toContentText(content: unknown): string {
  const parts = Array.isArray(content) ? content.map(toJson) : [];
  return parts
    .map(({ type, text }) => (typeof text === "string" ? text : `[${String(type)}]`))
    .join("\n");
}

function toOutput(answer: Answer): ToolOutput {
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
      return answer satisfies never;
  }
}
