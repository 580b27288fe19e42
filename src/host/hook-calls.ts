/**
 * Calls a plugin's hooks and reads what they answer.
 *
 * Owns: the call, its timeout, what counts as a failure. Never: when a hook fires (turns.ts, tool-calls.ts).
 */
import type { FireHooks, HostServer } from "./contract.ts";
import { fillInput, matchHooks, readHookOutput } from "./hooks.ts";
import type { HookMoment, HookOutput, HookTable, McpToolHook } from "./hooks.ts";
import type { Notebook } from "./note.ts";
import { toContentText } from "./tool-calls.ts";
import type { Json } from "./wire.ts";

export type HookCallerOptions = {
  table: HookTable;
  notebook: Notebook;
  /** The server of that name, as it is configured. */
  findServer(name: string): HostServer | undefined;
  /** What every hook input holds: the session, the folder. */
  commonFields(): Json;
};

export function newHookCaller({
  table,
  notebook,
  findServer,
  commonFields,
}: HookCallerOptions): FireHooks {
  const call = async (
    moment: HookMoment,
    hook: McpToolHook,
    input: Json,
    timeoutMs: number,
    signal: AbortSignal | undefined,
  ): Promise<HookOutput> => {
    notebook.counters.hookCalls++;
    const fail = (reason: string): HookOutput => {
      notebook.counters.hookFailures++;
      notebook.write({ kind: "hook-failed", at: Date.now(), moment, tool: hook.tool, reason });
      return {};
    };
    const server = findServer(hook.server);
    if (server === undefined) return fail(`MCP server "${hook.server}" not connected`);
    const startedAt = performance.now();
    // SESSION-1: no mark of a model's call.
    const meta = server.requestMeta;
    const params = {
      name: hook.tool,
      arguments: input,
      ...(Object.keys(meta).length === 0 ? {} : { _meta: meta }),
    };
    const answer = await server.wire.request("tools/call", params, {
      timeoutMs,
      ...(signal === undefined ? {} : { signal }),
    });
    // Withdrawn: nobody wants its opinion any more.
    if (answer.kind === "aborted") return {};
    if (answer.kind === "error") return fail(`${answer.code}: ${answer.message}`);
    if (answer.kind === "gone") return fail(`MCP server not connected: ${answer.reason}`);
    if (answer.kind !== "result") return fail(`no answer in ${timeoutMs} ms`);
    const output = toContentText(answer.result["content"]);
    if (answer.result["isError"] === true) return fail(output);
    notebook.write({
      kind: "hook",
      at: Date.now(),
      moment,
      tool: hook.tool,
      input,
      output,
      tookMs: performance.now() - startedAt,
    });
    return readHookOutput(moment, output);
  };
  return (moment, subject, fields, maxMs = Infinity, signal = undefined) => {
    const input = { ...commonFields(), hook_event_name: moment, ...fields };
    const hooks = matchHooks(table, moment, subject);
    return Promise.all(
      hooks.map((hook) =>
        call(moment, hook, fillInput(hook.input, input), Math.min(hook.timeoutMs, maxMs), signal),
      ),
    );
  };
}
