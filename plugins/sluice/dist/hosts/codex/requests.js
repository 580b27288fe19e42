/**
 * What a thread of Codex asks people: permission for a command, for changes of files or for more rights, the call of a tool, a question.
 *
 * Owns: what people are shown of each, and the answer in Codex's words. Never: decides; sends an answer.
 *
 * REQUEST-1 What is not known here is not asked elsewhere: the dialog at the terminal stays, and decides.
 * REQUEST-2 An answer of ours allows this one call, and nothing that may follow.
 */
import { createHash } from "node:crypto";
import { at, listAt, textAt, toObject } from "../../sdk/json.js";
const toDecision = (_, { kind }) => kind === "answers" ? undefined : { decision: kind === "allow" ? "accept" : "decline" };
const ROWS = {
    "item/commandExecution/requestApproval": {
        toAsk(params) {
            const command = textAt(params, "command");
            // Of a network access, or of words typed into a running program, only a part is told.
            const kind = textAt(params, "kind") ?? "command";
            if (command === undefined || kind !== "command")
                return undefined;
            if (at(params, "networkApprovalContext") != null)
                return undefined;
            const more = at(params, "additionalPermissions");
            const input = { command: unwrap(command), ...(more == null ? {} : { permissions: more }) };
            return {
                tool: more == null ? "Bash" : "command with more permissions",
                ...toShown(params, input),
            };
        },
        toResult: toDecision,
    },
    "item/fileChange/requestApproval": {
        toAsk(params, item) {
            const changes = listAt(item, "changes");
            const root = textAt(params, "grantRoot");
            if (changes.length === 0)
                return undefined;
            const input = { changes, ...(root === undefined ? {} : { "writes below": root }) };
            return { tool: "apply_patch", ...toShown(params, input) };
        },
        toResult: toDecision,
    },
    "item/permissions/requestApproval": {
        toAsk: (params) => ({
            tool: "request_permissions",
            ...toShown(params, { permissions: params["permissions"] }),
        }),
        toResult: ({ permissions }, { kind }) => kind === "answers"
            ? undefined
            : { permissions: kind === "allow" ? permissions : {}, scope: "turn" },
    },
    "item/tool/requestUserInput": {
        toAsk(params) {
            const questions = listAt(params, "questions");
            // A secret goes into a terminal, and nowhere else.
            if (questions.some((one) => at(one, "isSecret") === true))
                return undefined;
            return { tool: "AskUserQuestion", ...toShown(params, { questions }) };
        },
        toResult(params, answer) {
            if (answer.kind !== "answers")
                return answer.kind === "deny" ? { answers: {} } : undefined;
            const ids = listAt(params, "questions").map((one) => textAt(one, "id") ?? "");
            const pairs = ids.map((id, index) => [id, { answers: [answer.answers[index] ?? ""] }]);
            return { answers: Object.fromEntries(pairs) };
        },
    },
    "mcpServer/elicitation/request": {
        toAsk(params) {
            const meta = toObject(params["_meta"]);
            if (meta["codex_approval_kind"] !== "mcp_tool_call")
                return undefined;
            const name = textAt(meta, "tool_name") ?? textAt(meta, "tool_title") ?? "tool";
            return {
                tool: `mcp__${textAt(params, "serverName") ?? "unknown"}__${name}`,
                description: textAt(params, "message") ?? "",
                preview: JSON.stringify(meta["tool_params"] ?? {}),
            };
        },
        toResult: (_, { kind }) => kind === "answers"
            ? undefined
            : {
                action: kind === "allow" ? "accept" : "decline",
                content: kind === "allow" ? {} : null,
            },
    },
};
/** Undefined: it is not for us (REQUEST-1). `item`: what it is about, as far as it is known. */
export function toAsk(method, params, item) {
    const row = Object.hasOwn(ROWS, method) ? ROWS[method] : undefined;
    const asked = row?.toAsk(params, item);
    return asked && { requestId: toKey(method, params), ...asked };
}
/** Undefined where Codex has no word for that answer. */
export function toResult(method, params, answer) {
    return Object.hasOwn(ROWS, method) ? ROWS[method]?.toResult(params, answer) : undefined;
}
/** The same for the same request, however often and under whatever number it is sent. */
function toKey(method, params) {
    const { turnId, itemId, approvalId } = params;
    // A tool's approval has no id of its own: two equal calls of one turn are told apart by the thread (THREAD-4).
    const about = itemId === undefined ? params : null;
    const text = JSON.stringify([method, turnId, itemId ?? null, approvalId ?? null, about]);
    return createHash("sha256").update(text).digest("hex").slice(0, 32);
}
function toShown(params, input) {
    const cwd = textAt(params, "cwd");
    return {
        description: textAt(params, "reason") ?? "",
        preview: JSON.stringify(input),
        ...(cwd === undefined ? {} : { cwd }),
    };
}
/** Codex runs a command in a login shell, and shows the whole line: people are asked about the command. */
function unwrap(command) {
    const [, quoted] = /^(?:\/(?:usr\/)?bin\/)?(?:ba|z|da)?sh -l?c ('.*'|".*")$/s.exec(command) ?? [];
    if (quoted === undefined)
        return command;
    const inner = quoted.slice(1, -1);
    // What was quoted in another way than whole stays as it is shown.
    if (quoted.startsWith("'"))
        return /'(?!"'"')/.test(inner.replaceAll(`'"'"'`, ""))
            ? command
            : inner.replaceAll(`'"'"'`, "'");
    return /["\\$`]/.test(inner) ? command : inner;
}
