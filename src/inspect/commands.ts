/**
 * What a person can ask of an inspector, as a typed line or from the page.
 *
 * Owns: reading a line, and doing what it says. Never: prints: what happens is told by the inspector.
 */
import { toObject } from "../sdk/json.ts";
import { SluiceError } from "../sdk/errors.ts";
import type { Json } from "../host/wire.ts";
import { saveFixture } from "./fixture.ts";
import type { Inspector } from "./inspector.ts";

export const HELP: readonly (readonly [string, string])[] = [
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

/** What was asked. The first group is done by `doCommand`, the second by who shows things. */
export type AskedFor =
  | { do: "call"; tool: string; input: Json }
  | { do: "prompt"; tool: string; input: Json }
  | { do: "answer"; allows: boolean }
  | { do: "busy"; on: boolean }
  | { do: "save"; name: string; event?: number }
  | { do: "restart" }
  | { do: "why" }
  | { do: "tools" | "events" | "count" | "quit" | "help" | "nothing" }
  | { do: "show"; event: number }
  | { do: "raw"; on: boolean };

/** @throws SluiceError `bad_input` for a line that says nothing. */
export function readCommand(typed: string): AskedFor {
  const line = typed.trim();
  const [word = ""] = line.split(/\s+/, 1);
  const rest = line.slice(word.length).trim();
  const bare = BARE.get(word);
  if (bare !== undefined) {
    if (rest !== "") throw new SluiceError("bad_input", `${word} takes nothing behind it`);
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
      if (name === "") throw new SluiceError("bad_input", "save needs a name: save build-failed");
      return { do: "save", name, ...(event === undefined ? {} : { event: readNumber(event) }) };
    }
    case "show":
      return { do: "show", event: readNumber(rest) };
    case "raw":
      if (rest !== "on" && rest !== "off") throw new SluiceError("bad_input", "raw on, or raw off");
      return { do: "raw", on: rest === "on" };
    default:
      throw new SluiceError(
        "bad_input",
        `unknown command ${JSON.stringify(word.slice(0, 40))}; help lists them`,
      );
  }
}

const BARE = new Map<string, AskedFor>([
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
export function readPageCommand(body: unknown): AskedFor {
  const { do: what, tool, input, allows, on, name, event } = toObject(body);
  if ((what === "call" || what === "prompt") && typeof tool === "string" && isRecord(input))
    return { do: what, tool, input };
  if (what === "answer" && typeof allows === "boolean") return { do: what, allows };
  if (what === "busy" && typeof on === "boolean") return { do: what, on };
  if (what === "save" && typeof name === "string" && typeof event === "number")
    return { do: what, name, event };
  if (what === "restart" || what === "why") return { do: what };
  throw new SluiceError("bad_input", "no command of this page");
}

/** Does what concerns the server. False where the command is one of showing. @throws SluiceError. */
export async function doCommand(
  inspector: Inspector,
  command: AskedFor,
  fixtures: string,
): Promise<boolean> {
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
        throw new SluiceError(
          "not_found",
          command.event === undefined
            ? "no event has come yet"
            : `event ${command.event} is not kept`,
        );
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
function findTool({ tools }: Inspector, given: string): string {
  if (tools.some(({ name }) => name === given)) return given;
  return (/^\d+$/.test(given) ? tools[Number(given) - 1]?.name : undefined) ?? given;
}

/** A word, or a JSON string: a tool's name may be none. */
function takeWord(text: string, usage: string): { first: string; left: string } {
  const quoted = /^"(?:[^"\\]|\\.)*"/.exec(text)?.[0];
  const first = quoted === undefined ? (/^\S+/.exec(text)?.[0] ?? "") : parseText(quoted);
  if (first === "") throw new SluiceError("bad_input", `a name is missing: ${usage}`);
  return { first, left: text.slice((quoted ?? first).length).trim() };
}

function readInput(text: string): Json {
  if (text === "") return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (thrown) {
    throw new SluiceError(
      "bad_input",
      `the input is no JSON: ${thrown instanceof Error ? thrown.message : ""}`,
    );
  }
  if (!isRecord(value))
    throw new SluiceError("bad_input", 'the input is a JSON object: {"text":"hi"}');
  return value;
}

/** A JSON object as it is; other words are what that tool of the client's asks about first. */
function readPromptInput(tool: string, text: string): Json {
  if (text.startsWith("{")) return readInput(text);
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

function parseText(quoted: string): string {
  try {
    return String(JSON.parse(quoted));
  } catch {
    return quoted.slice(1, -1); // An escape that JSON has not: taken as it stands.
  }
}

function readNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text))
    throw new SluiceError(
      "bad_input",
      `${JSON.stringify(text.slice(0, 40))} is no number of an event`,
    );
  return Number(text);
}

function isRecord(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
