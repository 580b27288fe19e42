/**
 * An arrival's text and facts from a description: the same for every sender that has rows.
 *
 * Owns: which line stands where, and which facts every kind has. Pure. Never: proof, ids.
 */
import type { Arrival, Meta } from "../sdk/event.ts";
import { cut, MAX_META_CHARS } from "../sdk/field.ts";
import type { Description } from "./event-row.ts";

type Told = Pick<Arrival, "text" | "quotes" | "meta" | "priority"> &
  Partial<Pick<Arrival, "entity" | "stateOf" | "occurredAt">>;

/** `shared`: facts that every event of the sender has; a row's own key never replaces one. */
export function toTold(description: Description, shared: Description["meta"] & object): Told {
  const { summary, facts = [], url, entity, stateOf, occurredAt } = description;
  const severity = description.severity ?? "info";
  return {
    text: [summary, ...facts, url].filter(Boolean).join("\n"),
    quotes: description.quotes ?? [],
    meta: toMeta({ ...description.meta, ...shared, severity, url }),
    priority: description.priority ?? "normal",
    ...(entity !== undefined && entity !== "" && { entity }),
    ...(stateOf !== undefined && { stateOf }),
    ...(occurredAt !== undefined && { occurredAt }),
  };
}

/** Facts that are present, as strings; flags only when true. */
function toMeta(facts: Description["meta"] & object): Meta {
  const meta: Meta = {};
  for (const [key, value] of Object.entries(facts)) {
    if (value !== undefined && value !== "" && value !== false)
      meta[key] = cut(String(value), MAX_META_CHARS);
  }
  return meta;
}
