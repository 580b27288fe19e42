import { fillInput, matchHooks, readHookOutput } from "./hooks.js";
import { toContentText } from "./tool-calls.js";
export function newHookCaller({ table, notebook, findServer, commonFields, }) {
    const call = async (moment, hook, input, timeoutMs, signal) => {
        notebook.counters.hookCalls++;
        const fail = (reason) => {
            notebook.counters.hookFailures++;
            notebook.write({ kind: "hook-failed", at: Date.now(), moment, tool: hook.tool, reason });
            return {};
        };
        const server = findServer(hook.server);
        if (server === undefined)
            return fail(`MCP server "${hook.server}" not connected`);
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
        if (answer.kind === "aborted")
            return {};
        if (answer.kind === "error")
            return fail(`${answer.code}: ${answer.message}`);
        if (answer.kind === "gone")
            return fail(`MCP server not connected: ${answer.reason}`);
        if (answer.kind !== "result")
            return fail(`no answer in ${timeoutMs} ms`);
        const output = toContentText(answer.result["content"]);
        if (answer.result["isError"] === true)
            return fail(output);
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
        return Promise.all(hooks.map((hook) => call(moment, hook, fillInput(hook.input, input), Math.min(hook.timeoutMs, maxMs), signal)));
    };
}
