/**
 * A form from a tool's input schema, and the input from what was filled in. Pure.
 *
 * Owns: which field is drawn how. Never: checks a value against the schema: the server does, and its answer is what an author wants to see.
 *
 * A schema is a stranger's: what it does not say is a text, and what is too much for a form is one field of JSON.
 */
import { toObject } from "../../sdk/json.ts";

export type FormField = {
  name: string;
  kind: "text" | "number" | "flag" | "choice" | "json";
  /** For `choice`. */
  options: readonly string[];
  isRequired: boolean;
  description: string;
};

const MAX_FIELDS = 40;
const MAX_OPTIONS = 200;

/** Undefined: the input is written as JSON, whole. */
export function toFields(schema: unknown): FormField[] | undefined {
  const { properties, required } = toObject(schema);
  const entries = Object.entries(toObject(properties));
  if (entries.length > MAX_FIELDS) return undefined;
  const needed = new Set(Array.isArray(required) ? required : []);
  return entries.map(([name, given]) => {
    const field = toObject(given);
    const options = Array.isArray(field["enum"])
      ? field["enum"].slice(0, MAX_OPTIONS).map(String)
      : [];
    return {
      name,
      kind: options.length > 0 ? "choice" : toKind(field["type"]),
      options,
      isRequired: needed.has(name),
      description:
        typeof field["description"] === "string" ? field["description"].slice(0, 500) : "",
    };
  });
}

function toKind(type: unknown): FormField["kind"] {
  switch (type) {
    case "number":
    case "integer":
      return "number";
    case "boolean":
      return "flag";
    case "array":
    case "object":
      return "json";
    default:
      return "text";
  }
}

export type FilledIn =
  | { kind: "ok"; input: Record<string, unknown> }
  | { kind: "bad"; field: string; reason: string };

/** An empty field that is not required is left out. */
export function toInput(
  fields: readonly FormField[],
  values: ReadonlyMap<string, string>,
): FilledIn {
  const entries: [string, unknown][] = [];
  for (const { name, kind, isRequired } of fields) {
    const text = values.get(name) ?? "";
    if (text === "" && !(isRequired && kind === "text")) continue;
    if (kind === "json") {
      const parsed = toJson(text);
      if (parsed === undefined) return { kind: "bad", field: name, reason: "is no JSON" };
      entries.push([name, parsed.value]);
    } else if (kind === "number") {
      if (!Number.isFinite(Number(text)))
        return { kind: "bad", field: name, reason: "is no number" };
      entries.push([name, Number(text)]);
    } else entries.push([name, kind === "flag" ? text === "true" : text]);
  }
  // Of entries: a key like `__proto__` is a key as any other.
  return { kind: "ok", input: Object.fromEntries(entries) };
}

/** The whole input as JSON. */
export function toWholeInput(text: string): FilledIn {
  const parsed = toJson(text === "" ? "{}" : text);
  if (typeof parsed?.value !== "object" || parsed.value === null || Array.isArray(parsed.value))
    return { kind: "bad", field: "input", reason: "is no JSON object" };
  return { kind: "ok", input: toObject(parsed.value) };
}

function toJson(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
