/**
 * A plugin's hooks.json: which tool is called when, with what input, and what its answer means. Pure.
 *
 * Owns: parsing, matching, `${field}` substitution, reading a hook's output.
 * Never: calls anything (session.ts does).
 * https://code.claude.com/docs/en/hooks
 */
import { parseObject, toObject } from "../sdk/json.js";
import { SluiceError } from "../sdk/errors.js";
/** The moments at which the reference session asks hooks. */
const HOOK_MOMENTS = [
    "UserPromptSubmit",
    "PreToolUse",
    "PermissionRequest",
    "PermissionDenied",
    "PostToolUse",
    "PostToolUseFailure",
    "Stop",
    "StopFailure",
    "Notification",
    "SessionEnd",
];
const DEFAULT_TIMEOUT_S = 60;
/**
 * Reads a parsed hooks.json, with or without the outer `hooks` key.
 * @throws SluiceError `bad_config` when an mcp_tool hook names no server or tool, or a matcher is no regular expression.
 */
export function parseHooks(file) {
    const outer = toObject(file);
    const hooks = {};
    const skipped = [];
    for (const [moment, groups] of Object.entries(toObject(outer["hooks"] ?? outer))) {
        for (const group of toArray(groups).map(toObject)) {
            for (const entry of toArray(group["hooks"]).map(toObject)) {
                const known = HOOK_MOMENTS.find((name) => name === moment);
                if (known === undefined || entry["type"] !== "mcp_tool")
                    skipped.push(`${moment}: ${String(entry["type"])}`);
                else
                    (hooks[known] ??= []).push(toMcpToolHook(moment, String(group["matcher"] ?? ""), entry));
            }
        }
    }
    return { hooks, skipped };
}
/** The hooks of one moment that care about `subject`: a tool's name, a notification's type, the reason of an end. */
export function matchHooks(table, moment, subject) {
    return (table.hooks[moment] ?? []).filter(({ matcher }) => isMatch(matcher, subject));
}
/**
 * Replaces `${field}` and `${field.inner}` in every string of a hook's input, at any depth. Objects become JSON text, missing fields
 * an empty string; other values than strings, and what is no name between the braces, stay as they are.
 */
export function fillInput(input, fields) {
    return Object.fromEntries(Object.entries(input).map(([key, value]) => [key, fillValue(value, fields)]));
}
/** Reads the text that a hook's tool returned. Text that is no JSON joins the model's context where prompts do. */
export function readHookOutput(moment, text) {
    const output = parseObject(text);
    if (output === undefined) {
        // Empty text is no "no opinion" either: the client tells the model that the hook succeeded. Only `{}` is silent.
        if (moment !== "UserPromptSubmit")
            return {};
        return { additionalContext: text === "" ? "UserPromptSubmit hook success" : text };
    }
    const named = toObject(output["hookSpecificOutput"]);
    // A block under another moment's name is not ours to read.
    const specific = named["hookEventName"] === moment ? named : {};
    const read = {};
    const context = specific["additionalContext"];
    if (typeof context === "string" && context !== "")
        read.additionalContext = context;
    const decision = specific["permissionDecision"];
    if (decision === "allow" || decision === "deny" || decision === "ask") {
        read.permission = { decision, reason: String(specific["permissionDecisionReason"] ?? "") };
    }
    const answered = toObject(specific["decision"]);
    if (answered["behavior"] === "allow") {
        const updatedInput = answered["updatedInput"];
        read.decision = {
            behavior: "allow",
            ...(updatedInput === undefined ? {} : { updatedInput: toObject(updatedInput) }),
        };
    }
    if (answered["behavior"] === "deny")
        read.decision = { behavior: "deny", message: String(answered["message"] ?? "") };
    if (specific["retry"] === true)
        read.retry = true;
    if (output["continue"] === false)
        read.halt = String(output["stopReason"] ?? "");
    if (output["decision"] === "block")
        read.block = String(output["reason"] ?? "");
    return read;
}
function toMcpToolHook(moment, matcher, entry) {
    const { server, tool, input, timeout } = entry;
    if (typeof server !== "string" || typeof tool !== "string") {
        throw new SluiceError("bad_config", `hooks.json: a ${moment} hook of type mcp_tool needs "server" and "tool"`);
    }
    try {
        isMatch(matcher, "");
    }
    catch (cause) {
        throw new SluiceError("bad_config", `hooks.json: matcher "${matcher}" of ${moment} is not a regular expression`, { cause });
    }
    const timeoutMs = (typeof timeout === "number" ? timeout : DEFAULT_TIMEOUT_S) * 1_000;
    return { matcher, server, tool, input: toObject(input), timeoutMs };
}
function isMatch(matcher, subject) {
    if (matcher === "" || matcher === "*")
        return true;
    // Plain names are compared whole; anything else is an unanchored regular expression.
    if (/^[\w|]+$/.test(matcher))
        return matcher.split("|").includes(subject);
    return new RegExp(matcher).test(subject);
}
function fillValue(value, fields) {
    if (typeof value === "string")
        return value.replace(/\$\{([a-zA-Z_]\w*(?:\.\w+)*)\}/g, (_, path) => toFieldText(path, fields));
    if (Array.isArray(value))
        return value.map((inner) => fillValue(inner, fields));
    return typeof value === "object" && value !== null ? fillInput(toObject(value), fields) : value;
}
function toFieldText(path, fields) {
    let value = fields;
    for (const step of path.split("."))
        value = toObject(value)[step];
    if (value === undefined || value === null)
        return "";
    return typeof value === "string" ? value : JSON.stringify(value);
}
function toArray(value) {
    return Array.isArray(value) ? value : [];
}
