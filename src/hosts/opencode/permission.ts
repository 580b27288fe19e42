/**
 * What opencode asks permission for, as people are shown it.
 *
 * Owns: that. Pure. Never: asks anybody.
 *
 * Seen of opencode 1.18.33: of a command, the request itself tells the command alone; where it runs stands in the call of the tool.
 *
 * PERMISSION-1 A command is judged as one only where all of its call is known, and nothing stands in it that is not known here.
 */
import { resolve } from "node:path";
import type { RelayAsk } from "../../flow/prompt/create-prompt.ts";
import { textAt, toObject } from "../../sdk/json.ts";

type Fields = Record<string, unknown>;

/** Of a request for a command, beside the command. */
const SAID = new Set(["command", "description"]);
/** Of the call of the tool: these change nothing of what a command does, or are shown. */
const GIVEN = new Set([...SAID, "timeout", "workdir"]);

/** The id of the call that a request for a command is about; undefined: it tells none, or is about no command. */
export function toCommandCall(properties: Fields): string | undefined {
  return properties["permission"] === "bash" ? textAt(properties, "tool.callID") : undefined;
}

/** `input`: of the call that it is about, where that is known. `directory`: of the project. */
export function toAsk(
  properties: Fields,
  input: Fields | undefined,
  directory: string,
): Omit<RelayAsk, "session" | "requestId"> {
  const permission = textAt(properties, "permission") ?? "";
  const metadata = toObject(properties["metadata"]);
  const { command } = metadata;
  const folder = input?.["workdir"] ?? "";
  const isKnown =
    permission === "bash" &&
    typeof command === "string" &&
    holdsOnly(metadata, SAID) &&
    input?.["command"] === command &&
    typeof folder === "string" &&
    holdsOnly(input, GIVEN);
  if (!isKnown) {
    const preview = {
      patterns: properties["patterns"],
      ...metadata,
      ...(input && { call: input }),
    };
    return { tool: `opencode:${permission}`, description: "", preview: JSON.stringify(preview) };
  }
  const preview = JSON.stringify({ command });
  return { tool: "Bash", description: "", preview, cwd: resolve(directory, folder) };
}

function holdsOnly(fields: Fields, known: ReadonlySet<string>): boolean {
  return Object.keys(fields).every((name) => known.has(name));
}
