/**
 * What a person can ask of an inspector, as a typed line or from the page.
 *
 * Owns: reading a line, and doing what it says. Never: prints: what happens is told by the inspector.
 */
import { toObject } from "../sdk/json.js";
import { SluiceError } from "../sdk/errors.js";
import { saveFixture } from "./fixture.js";
export const HELP = [
    ["why", "each thing that must be so for an event to be read"],
    ["tools", "list tools, each with an example of its input"],
    ['call reply {"text":"hi"}', "call a tool, by name or number"],
    ['prompt Bash "rm -rf x"', "open a permission prompt; allow or deny answers it"],
    ["busy, idle", "keep the session at work; let it go on"],
    ["events, show 3", "list events; show one whole"],
    ["save NAME, save NAME 3", "write the last event, or that one, as a fixture"],
    ["raw on, raw off", "show every JSON-RPC message"],
    ["restart", "end the server and start it anew"],
    ["count", "what was counted so far"],
    ["quit", "end the server and leave; Ctrl-C does the same"],
];
/** @throws SluiceError `bad_input` for a line that says nothing. */
export function readCommand(typed) {
    const line = typed.trim();
    const [word = ""] = line.split(/\s+/, 1);
    const rest = line.slice(word.length).trim();
    const bare = BARE.get(word);
    if (bare !== undefined) {
        if (rest !== "")
            throw new SluiceError("bad_input", `${word} takes nothing behind it`);
        return bare;
    }
    switch (word) {
        case "call": {
            const { first, left } = takeWord(rest, 'call <tool> {"text":"hi"}');
            return { do: "call", tool: first, input: readInput(left) };
        }
        case "prompt": {
            const { first, left } = takeWord(rest, 'prompt Bash "rm -rf x"');
            return { do: "prompt", tool: first, input: readPromptInput(first, left) };
        }
        case "save": {
            const [name = "", event] = rest.split(/\s+/);
            if (name === "")
                throw new SluiceError("bad_input", "save needs a name: save build-failed");
            return { do: "save", name, ...(event === undefined ? {} : { event: readNumber(event) }) };
        }
        case "show":
            return { do: "show", event: readNumber(rest) };
        case "raw":
            if (rest !== "on" && rest !== "off")
                throw new SluiceError("bad_input", "raw on, or raw off");
            return { do: "raw", on: rest === "on" };
        default:
            throw new SluiceError("bad_input", `unknown command ${JSON.stringify(word.slice(0, 40))}; help lists them`);
    }
}
const BARE = new Map([
    ["", { do: "nothing" }],
    ["allow", { do: "answer", allows: true }],
    ["yes", { do: "answer", allows: true }],
    ["deny", { do: "answer", allows: false }],
    ["no", { do: "answer", allows: false }],
    ["busy", { do: "busy", on: true }],
    ["idle", { do: "busy", on: false }],
    ["restart", { do: "restart" }],
    ["why", { do: "why" }],
    ["tools", { do: "tools" }],
    ["events", { do: "events" }],
    ["count", { do: "count" }],
    ["quit", { do: "quit" }],
    ["exit", { do: "quit" }],
    ["help", { do: "help" }],
    ["?", { do: "help" }],
]);
/** What the page asks for, which is checked here as what a stranger wrote. @throws SluiceError `bad_input`. */
export function readPageCommand(body) {
    const { do: what, tool, input, allows, on, name, event } = toObject(body);
    if ((what === "call" || what === "prompt") && typeof tool === "string" && isRecord(input))
        return { do: what, tool, input };
    if (what === "answer" && typeof allows === "boolean")
        return { do: what, allows };
    if (what === "busy" && typeof on === "boolean")
        return { do: what, on };
    if (what === "save" && typeof name === "string" && typeof event === "number")
        return { do: what, name, event };
    if (what === "restart" || what === "why")
        return { do: what };
    throw new SluiceError("bad_input", "no command of this page");
}
/** Does what concerns the server. False where the command is one of showing. @throws SluiceError. */
export async function doCommand(inspector, command, fixtures) {
    switch (command.do) {
        case "call":
            await inspector.call(findTool(inspector, command.tool), command.input);
            return true;
        case "prompt":
            inspector.prompt(command.tool, command.input);
            return true;
        case "answer":
            if (!inspector.answer(command.allows))
                throw new SluiceError("conflict", 'no prompt is open; prompt Bash "rm -rf x" opens one');
            return true;
        case "busy":
            inspector.setBusy(command.on);
            return true;
        case "save": {
            const seen = inspector.findEvent(command.event);
            if (seen === undefined)
                throw new SluiceError("not_found", command.event === undefined
                    ? "no event has come yet"
                    : `event ${command.event} is not kept`);
            const path = saveFixture(fixtures, command.name, inspector.options.name, seen);
            inspector.tell({ kind: "saved", event: seen.event, path });
            return true;
        }
        case "restart":
            await inspector.restart("asked for");
            return true;
        case "why":
            inspector.tell({ kind: "why", checks: inspector.why() });
            return true;
        default:
            return false;
    }
}
/** By its number in the list, where no tool has that name. */
function findTool({ tools }, given) {
    if (tools.some(({ name }) => name === given))
        return given;
    return (/^\d+$/.test(given) ? tools[Number(given) - 1]?.name : undefined) ?? given;
}
/** A word, or a JSON string: a tool's name may be none. */
function takeWord(text, usage) {
    const quoted = /^"(?:[^"\\]|\\.)*"/.exec(text)?.[0];
    const first = quoted === undefined ? (/^\S+/.exec(text)?.[0] ?? "") : parseText(quoted);
    if (first === "")
        throw new SluiceError("bad_input", `a name is missing: ${usage}`);
    return { first, left: text.slice((quoted ?? first).length).trim() };
}
function readInput(text) {
    if (text === "")
        return {};
    let value;
    try {
        value = JSON.parse(text);
    }
    catch (thrown) {
        throw new SluiceError("bad_input", `the input is no JSON: ${thrown instanceof Error ? thrown.message : ""}`);
    }
    if (!isRecord(value))
        throw new SluiceError("bad_input", 'the input is a JSON object: {"text":"hi"}');
    return value;
}
/** A JSON object as it is; other words are what that tool of the client's asks about first. */
function readPromptInput(tool, text) {
    if (text.startsWith("{"))
        return readInput(text);
    const words = /^"(?:[^"\\]|\\.)*"$/.test(text) ? parseText(text) : text;
    const field = {
        Bash: "command",
        Read: "file_path",
        Write: "file_path",
        Edit: "file_path",
        WebFetch: "url",
    }[tool];
    return words === "" ? {} : { [field ?? "input"]: words };
}
function parseText(quoted) {
    try {
        return String(JSON.parse(quoted));
    }
    catch {
        return quoted.slice(1, -1); // An escape that JSON has not: taken as it stands.
    }
}
function readNumber(text) {
    if (!/^[1-9]\d{0,8}$/.test(text))
        throw new SluiceError("bad_input", `${JSON.stringify(text.slice(0, 40))} is no number of an event`);
    return Number(text);
}
function isRecord(value) {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}
