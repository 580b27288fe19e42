/**
 * What an application tells, and how it becomes a request.
 *
 * Owns: the shape of an event, its limits, and what a fault of the application's becomes. Never: keeps or sends one. Pure.
 */

/** Facts beside the text: short, no secrets. */
export type EventData = Readonly<Record<string, string | number | boolean | null | undefined>>;

export type EventOptions = {
  /** What a session reads first: one line that somebody can act on. Default: the name of the event. */
  text?: string;
  /** More text: a log, a trace. At most 64 KiB are sent. */
  details?: string;
  /** What it is about, such as `order/123`: events of one entity travel together. */
  entity?: string;
  /** What it is a state of: a later event of the same takes the place of one that still waits. */
  stateOf?: string;
  /** Such as `failure`, `success`, `firing`, `resolved`. */
  status?: string;
  priority?: "low" | "normal" | "urgent";
  /** An id of yours: a second event with it is a duplicate. */
  id?: string;
};

/** An event as it lies on disk until it is sent. */
export type KeptEvent = {
  id: string;
  name: string;
  /** Epoch ms. */
  at: number;
  text: string;
  details: string;
  data: Record<string, string>;
  entity?: string | undefined;
  stateOf?: string | undefined;
  status?: string | undefined;
  priority: "low" | "normal" | "urgent";
};

const NAME_CHARS = 64;
const TEXT_CHARS = 300;
const DETAIL_CHARS = 65_536;
const DATA_MAX = 50;
const VALUE_CHARS = 1_000;
const CAUSES_MAX = 5;
/** What the ingress takes in a header; a character that it does not take is shown as `_`. */
const HEADER_VALUE = /[^A-Za-z0-9._@:+/#-]/g;

export function toKeptEvent(
  name: string,
  data: EventData,
  options: EventOptions,
  id: string,
  at: number,
): KeptEvent {
  const text = toLine(options.text ?? name, TEXT_CHARS);
  const fit = (value: string | undefined, chars: number): string | undefined =>
    value === undefined || value === ""
      ? undefined
      : String(value).replace(HEADER_VALUE, "_").slice(0, chars);
  return {
    id: fit(options.id, 200) ?? id,
    name: toLine(name, NAME_CHARS),
    at,
    text: text === "" ? toLine(name, NAME_CHARS) || "event" : text,
    details: cut(String(options.details ?? ""), DETAIL_CHARS),
    data: toData(data),
    entity: fit(options.entity, 200),
    stateOf: fit(options.stateOf, 200),
    status: fit(options.status, 40)?.replace(/[^A-Za-z0-9_-]/g, "_"),
    priority: options.priority ?? "normal",
  };
}

function toData(data: EventData): Record<string, string> {
  const entries = Object.entries(data)
    .filter(([, value]) => value !== undefined && value !== null)
    .slice(0, DATA_MAX);
  return Object.fromEntries(
    entries.map(([key, value]) => [
      key.replace(/[^a-zA-Z0-9_]/g, "_").replace(/^(?=\d|$)/, "_"),
      toLine(String(value), VALUE_CHARS),
    ]),
  );
}

/** Of anything that was thrown: its own words, the trace, and what caused it. */
export function describeFault(thrown: unknown): {
  text: string;
  details: string;
  data: Record<string, string>;
} {
  const chain: unknown[] = [];
  for (
    let next: unknown = thrown;
    next !== undefined && next !== null && chain.length < CAUSES_MAX && !chain.includes(next);
    next = next instanceof Error ? next.cause : undefined
  )
    chain.push(next);
  const name = thrown instanceof Error ? thrown.name : typeof thrown;
  const message = thrown instanceof Error ? thrown.message : toText(thrown);
  const code = thrown instanceof Error && "code" in thrown ? thrown.code : undefined;
  const traces = chain.map((one, index) => {
    const trace = one instanceof Error ? (one.stack ?? `${one.name}: ${one.message}`) : toText(one);
    return index === 0 ? trace : `caused by: ${trace}`;
  });
  return {
    text: toLine(`${name}: ${message}`, TEXT_CHARS),
    details: traces.join("\n"),
    data: {
      error: name,
      ...(typeof code === "string" || typeof code === "number" ? { code: String(code) } : {}),
    },
  };
}

function toText(value: unknown): string {
  try {
    return typeof value === "string" ? value : (JSON.stringify(value) ?? String(value));
  } catch {
    // A circle, or a toJSON that throws.
    return Object.prototype.toString.call(value);
  }
}

function toLine(text: string, chars: number): string {
  return cut(text.replace(/\s+/g, " ").trim(), chars);
}

function cut(text: string, chars: number): string {
  return (text.length <= chars ? text : `${text.slice(0, chars - 1)}…`).toWellFormed();
}
