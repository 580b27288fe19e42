import { toCurl } from "./ports.js";
const BODY_MAX = 20_000;
const RAW_MAX = 2_000;
const NAME_MAX = 200;
/** Tools that `tools` lists. */
const TOOLS_MAX = 200;
/** Nothing where a person need not see it. `showRaw`: the messages, too. */
export function toLines(happening, showRaw) {
    switch (happening.kind) {
        case "start":
            return toStartLines(happening);
        case "connected":
            return toConnectedLines(happening);
        case "failed":
            return [line("failed", "bad", happening.reason)];
        case "gate":
            return happening.outcome.kind === "open"
                ? [line("channel", "good", happening.line)]
                : [line("no channel", "bad", happening.line), ...toFixLine(happening.fix)];
        case "waiting":
            return [
                line("silent", "warn", `no answer to ${happening.method} for ${Math.round(happening.forMs / 1_000)} s; still waiting${happening.method === "initialize" ? " (Claude Code gives up after 30 s)" : ""}`),
            ];
        case "stderr":
            return happening.text.split("\n").map((text) => line("stderr", "stderr", text));
        case "stray":
            return [
                line("no message", "warn", `on stdout, ${toCount(happening.length, "character")}: ${happening.why}`, cut(happening.text, RAW_MAX)),
            ];
        case "raw":
            return showRaw ? toRawLines(happening) : [];
        case "listens":
            return happening.listeners.map((one) => line("listens", "plain", `${one.address}:${one.port}${["0.0.0.0", "::"].includes(one.address)
                ? " (all addresses: your network can reach it)"
                : ""}   ${toCurl(one)}`));
        case "exit": {
            const { reason, livedMs, againMs } = happening;
            const again = againMs === undefined ? "" : `; starts again in ${toMs(againMs)}`;
            return [line("exit", "bad", `the server ${reason} after ${toMs(livedMs)}${again}`)];
        }
        case "tools":
            return [line("tools", "plain", toToolNames(happening.tools))];
        case "why":
            return happening.checks.flatMap(toCheckLines);
        default:
            return toEventLines(happening);
    }
}
function toEventLines(happening) {
    switch (happening.kind) {
        case "event":
            return [
                line(`event ${happening.event}`, "good", "the model reads", cut(happening.text, BODY_MAX)),
            ];
        case "queued":
            return [line(`event ${happening.event}`, "soft", "waits: the session is busy")];
        case "dropped":
            return [
                line(`dropped ${happening.event}`, "bad", happening.reason, cut(JSON.stringify(happening.params), RAW_MAX)),
                ...toFixLine(happening.fix),
            ];
        case "dropped-keys":
            return [
                line("meta", "bad", `left out of event ${happening.event}: ${cut(happening.keys.map((key) => JSON.stringify(key)).join(", "), RAW_MAX)}; a key is letters, digits and _, and begins with no digit`),
            ];
        case "hint":
            return [line("hint", "warn", happening.text)];
        case "prompt":
            return toPromptLines(happening);
        case "verdict": {
            const { id, behavior, counted, why } = happening;
            return [
                line("verdict", counted ? "good" : "bad", `${behavior} for ${id}: ${counted ? "counts" : `does not count: ${why}`}`),
            ];
        }
        case "answered":
            return [
                line("answered", "plain", `${happening.tool}: ${happening.answer}, by ${happening.by}, who came first`),
            ];
        case "called":
            return toCalledLines(happening);
        case "changed":
            return [line("changed", "soft", happening.path)];
        case "saved":
            return [line("saved", "good", `event ${happening.event} as ${happening.path}`)];
        case "busy":
            return [
                line("busy", "plain", happening.on
                    ? "the session is at work: events wait for its next turn; idle ends it"
                    : "the session is idle again"),
            ];
        case "page":
            return [line("page", "plain", happening.url)];
        case "notice":
            return [line("note", "plain", happening.text)];
        default:
            return happening;
    }
}
function toStartLines(happening) {
    const { run, why, pid, command } = happening;
    const process = pid === undefined ? "" : `, process ${pid}`;
    return [
        line(run === 1 ? "start" : "restart", "plain", `${command}${run === 1 ? "" : ` (${why})`}${process}`),
    ];
}
function toConnectedLines(happening) {
    const { server, era, tools, relays, tookMs } = happening;
    const relay = relays ? ", answers permission prompts" : "";
    return [
        line("connected", "good", `${cut(server, NAME_MAX) || "a server without a name"}, ${era} MCP, ${toCount(tools, "tool")}${relay}, ${toMs(tookMs)} after its start`),
    ];
}
function toRawLines(happening) {
    const { from, text, length, method, tookMs } = happening;
    const took = tookMs === undefined ? "" : `answer to ${method ?? "?"} after ${toMs(tookMs)} `;
    const rest = length > RAW_MAX ? ` … ${length} characters` : "";
    return [
        line(from === "client" ? "→ server" : "← server", "soft", `${took}${text.slice(0, RAW_MAX)}${rest}`),
    ];
}
function toPromptLines(happening) {
    const { id, tool, input } = happening;
    const asked = id === undefined ? "only you are asked" : `the server is asked as ${id}, and so are you`;
    return [
        line("prompt", "plain", `${tool} ${cut(JSON.stringify(input), RAW_MAX)}: ${asked}; type allow or deny`),
    ];
}
function toCalledLines(happening) {
    const { tool, output, isError, tookMs } = happening;
    return [
        line("result", isError ? "bad" : "good", `${toToolName(tool)}${isError ? " failed" : ""} after ${toMs(tookMs)}`, cut(output, BODY_MAX)),
    ];
}
function toCheckLines({ name, state, text, fix }) {
    const sign = { yes: "yes", no: "NO", unknown: "?" }[state];
    const tone = { yes: "good", no: "bad", unknown: "warn" }[state];
    return [line(name, tone, `${sign.padEnd(4)}${text}`), ...toFixLine(fix)];
}
export function toToolLines(tools) {
    if (tools.length === 0)
        return [line("tools", "plain", "none listed")];
    const rest = tools.length - TOOLS_MAX;
    return [
        ...tools
            .slice(0, TOOLS_MAX)
            .map(({ name, description, schema }, index) => line(`tool ${index + 1}`, "plain", `${toToolName(name)}  ${cut(toExample(schema), RAW_MAX)}`, description === "" ? undefined : cut(description, RAW_MAX))),
        ...(rest > 0 ? [line("", "soft", `and ${toCount(rest, "tool")} more`)] : []),
    ];
}
/** What `call` could be given, from the input schema: its required fields. */
export function toExample(schema) {
    const properties = (schema["properties"] ?? {});
    const required = Array.isArray(schema["required"]) ? schema["required"].map(String) : [];
    return JSON.stringify(Object.fromEntries(required.map((key) => [key, toSample(properties[key] ?? {})])));
}
function toSample(field) {
    if (Array.isArray(field.enum))
        return field.enum[0];
    switch (field.type) {
        case "number":
        case "integer":
            return 0;
        case "boolean":
            return false;
        case "array":
            return [];
        case "object":
            return {};
        default:
            return "";
    }
}
export function toTallyText(tally) {
    const { runs, events, read, dropped, stray, messages, calls, failedCalls, verdicts, strayVerdicts, } = tally;
    return [
        `${toCount(events, "event")}: ${read} read, ${dropped} dropped, ${events - read - dropped} waiting`,
        `${toCount(calls, "call")}${failedCalls > 0 ? ` (${failedCalls} failed)` : ""}`,
        `${toCount(verdicts, "verdict")}${strayVerdicts > 0 ? ` (${strayVerdicts} did not count)` : ""}`,
        `${toCount(messages, "message")}, ${stray} on stdout that ${stray === 1 ? "was" : "were"} none`,
        `${toCount(runs, "start")}`,
    ].join("; ");
}
/** A name that is none is shown as the text that it is. */
function toToolName(name) {
    return /^[\w.-]{1,128}$/.test(name) ? name : cut(JSON.stringify(name), NAME_MAX);
}
function toToolNames(tools) {
    const names = tools.slice(0, TOOLS_MAX).map(({ name }) => toToolName(name));
    const rest = tools.length - names.length;
    return `${names.join(", ")}${rest > 0 ? ` and ${toCount(rest, "tool")} more` : ""}`;
}
function toFixLine(fix) {
    return fix === undefined || fix === "" ? [] : [line("", "soft", `→ ${fix}`)];
}
function line(label, tone, given, body) {
    const text = cut(given, BODY_MAX);
    return body === undefined ? { label, tone, text } : { label, tone, text, body };
}
function cut(text, max) {
    return text.length <= max ? text : `${text.slice(0, max)}… ${text.length - max} more characters`;
}
function toCount(count, noun) {
    return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
export function toMs(ms) {
    return ms < 10_000 ? `${Math.round(ms)} ms` : `${Math.round(ms / 1_000)} s`;
}
