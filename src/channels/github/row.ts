/**
 * One event as data, and the one engine that describes it.
 *
 * Owns: the shape of a row and how a description is made of it. Never: a row itself (rows-*.ts).
 */
import type { Priority, Quote } from "../../sdk/event.ts";
import { at as read, timeAt, toObject } from "../../sdk/json.ts";
import { redact } from "./payload.ts";
import type { Context, Description, Severity } from "./description.ts";
import { joinLine, quotesAt, toEntity, toSeverity, wordAt } from "./description.ts";
import { fill, fillWhole, readExact, readField, readLink } from "./template.ts";
import { toStateOf } from "./state.ts";

/** Members in the order in which a reader meets them. Templates: template.ts. */
export type EventRow = {
  /** What happened; the place and the account that did it are added. By action where it differs, `*` for the others. */
  line: string | Readonly<Record<string, string>>;
  /** Further lines; one is left out unless all of its fields outside of brackets are there. */
  facts?: readonly string[];
  /** Paths of what people wrote, by label. */
  quotes?: Readonly<Record<string, string>>;
  /** Paths of what a program sent as an object, by label: a line for each key. */
  objects?: Readonly<Record<string, string>>;
  /** Templates' fields, by key. */
  meta?: Readonly<Record<string, string>>;
  /** What follows the repository in `entity`. */
  entity?: string;
  /** The paths whose exact values say what this is a state of, and by which word at the first of these paths it has no outcome. */
  stateOf?: readonly string[];
  running?: { path: string; words: readonly string[] };
  /** How bad it is: always, or by the first word at these paths. */
  severity?: Severity | readonly string[];
  /** Actions or states with which nothing is bad any more. */
  calm?: readonly string[];
  /** `normal` where it is bad, or with these actions; `*` is all. Else `low`. */
  normal?: readonly string[];
  /** Paths of links, or pages. */
  links: readonly string[];
  /** Paths of the time. */
  at?: readonly string[];
};

/** Where it happened, where a row's links are not there. */
const HOME = ["repository.html_url", "~/{login:organization.login}", "sender.html_url"];

export function describeRow(
  event: string,
  row: EventRow,
  payload: unknown,
  context: Context,
): Description {
  const { facts = [], quotes = {}, objects = {}, meta = {}, entity, at = [] } = row;
  const severity = toRowSeverity(row, payload, context);
  const line = typeof row.line === "string" ? row.line : pick(row.line, context);
  const suffix = entity === undefined ? undefined : fillWhole(entity, payload, context);
  return {
    summary: joinLine(
      fill(line, payload, context),
      `in ${context.place}`,
      context.login !== "unknown" && `by ${context.login}`,
    ),
    facts: facts.flatMap((fact) => fillWhole(fact, payload, context) ?? []),
    quotes: [
      ...quotesAt(payload, toFresh(quotes, context)),
      ...Object.entries(objects).flatMap(([label, path]) =>
        toObjectQuote(label, read(payload, path)),
      ),
    ],
    meta: Object.fromEntries(
      Object.entries(meta).map(([key, ask]) => [key, readField(ask, payload, context)]),
    ),
    ...(suffix !== undefined && toEntity(context, suffix)),
    ...toRowState(event, row, payload, context),
    severity,
    priority: toPriority(row, severity, context),
    url: readLink([...row.links, ...HOME], payload, context),
    occurredAt: at.map((path) => timeAt(payload, path)).find((time) => time !== undefined),
  };
}

/** Actions that leave the long text as it was: repeating it would only cost the reader. */
const REPEATING =
  /^(?:(?:un)?(?:labeled|locked|pinned|answered|assigned)|category_changed|transferred|closed|reordered|restored|archived)$/;

function toFresh(
  quotes: EventRow["quotes"] & object,
  { action = "" }: Context,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(quotes).filter(
      ([label]) => !REPEATING.test(action) || (label !== "body" && label !== "description"),
    ),
  );
}

function pick(lines: Readonly<Record<string, string>>, { action = "" }: Context): string {
  return (Object.hasOwn(lines, action) ? lines[action] : lines["*"]) ?? "{did}";
}

function toRowState(
  event: string,
  { stateOf, running }: EventRow,
  payload: unknown,
  context: Context,
): { stateOf?: string } {
  if (stateOf === undefined) return {};
  const parts = stateOf.map((path) => readExact(payload, path));
  const word = running === undefined ? undefined : readExact(payload, running.path);
  return toStateOf(context, event, parts, {
    isWithoutOutcome: word !== undefined && running?.words.includes(word) === true,
  });
}

function toRowSeverity(row: EventRow, payload: unknown, context: Context): Severity {
  const { severity = "info", calm = [] } = row;
  if (context.action !== undefined && calm.includes(context.action)) return "info";
  if (typeof severity === "string") return severity;
  return toSeverity(severity.map((path) => wordAt(payload, path)).find((one) => one !== undefined));
}

function toPriority(
  { normal = [] }: EventRow,
  severity: Severity,
  { action = "" }: Context,
): Priority {
  if (normal.includes("*") || normal.includes(action)) return "normal";
  return normal.includes("bad") && severity !== "info" ? "normal" : "low";
}

/** A line for each key; what looks like a credential is left out of it. */
function toObjectQuote(label: string, value: unknown): Quote[] {
  const lines = Object.entries(toObject(redact(value))).map(
    ([key, one]) => `${key}: ${typeof one === "string" ? one : JSON.stringify(one)}`,
  );
  return lines.length === 0
    ? []
    : [{ label, text: lines.join("\n").replaceAll("\0", "").toWellFormed() }];
}
