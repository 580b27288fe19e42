/**
 * Events as people read them.
 *
 * Owns: rows and lines of events and traces. Never: asks the hub.
 */
import type { CopyView, StepView, TraceView } from "../../api/wire/trace-wire.ts";
import type { EventView } from "../../api/wire/wire.ts";
import { toHeadline } from "../../sdk/show/event-headline.ts";
import { paintState } from "./hub-lines.ts";
import {
  cut,
  paint,
  readColumns,
  renderTable,
  sanitize,
  toAgo,
  toCount,
  toDuration,
  toLine,
} from "./print.ts";

export function renderEvents(events: readonly EventView[], now: number): string[] {
  const rows = events.map((event) => [
    event.id,
    toAgo(event.receivedAt, now),
    toLine(event.channel),
    renderState(event),
    toLine(toHeadline(event)),
  ]);
  return renderTable(["EVENT", "WHEN", "CHANNEL", "STATE", "TEXT"], rows);
}

/** One event on one line, for a list that grows. */
export function renderEventLine(event: EventView): string {
  const time = new Date(event.receivedAt).toTimeString().slice(0, 8);
  const head = `${paint("dim", time)} ${event.id} ${paint("cyan", toLine(event.channel))} ${renderState(event)} `;
  return cut(`${head}${toLine(toHeadline(event))}`, readColumns());
}

/** A session is done with an event before its answer is known to be there. */
function renderState({ state, answer }: EventView): string {
  return `${paintState(state)}${answer === undefined ? "" : `, answer ${paintState(answer)}`}`;
}

/** `labels`: what sessions are or were called, by id. */
export function renderTrace(
  { event, steps, copies = [], takenBy = [] }: TraceView,
  now: number,
  labels: ReadonlyMap<string, string>,
): string[] {
  const name = event.sender.name === undefined ? "" : ` "${toLine(event.sender.name)}"`;
  const [first] = steps;
  const rows = steps.map((step) => [
    first === undefined ? "" : toOffset(step.at - first.at),
    paintState(step.stage),
    toLine(describeStep(step, labels)),
  ]);
  return [
    `${paint("bold", event.id)}  ${renderState(event)}, ${toAgo(event.receivedAt, now)}`,
    `channel  ${toLine(event.channel)}, ${toLine(event.kind)}`,
    `sender   ${toLine(event.sender.id)}${name}, ${toLine(event.sender.role)}`,
    ...(event.entity === undefined ? [] : [`entity   ${toLine(event.entity)}`]),
    ...(event.stateOf === undefined ? [] : [`state of ${toLine(event.stateOf)}`]),
    ...(event.copyOf === undefined ? [] : [`copy of  ${event.copyOf}`]),
    ...copies.map((copy) => `copy     ${describeCopy(copy, labels)}`),
    ...takenBy.map(
      ({ client, name, at }) =>
        `taken by ${toLine(client)} (${toLine(name)}), ${toAgo(at, now)} at the latest; no session has read it by that`,
    ),
    ...sanitize(event.text)
      .split("\n")
      .map((line) => paint("dim", `  ${line}`.trimEnd())),
    "",
    ...renderTable(["AT", "STEP", "WHY"], rows),
  ];
}

function describeCopy(
  { id, session, state, attempts }: CopyView,
  labels: ReadonlyMap<string, string>,
): string {
  const whose = session === undefined ? "one that subscribed" : toSession(session, labels);
  const tries = attempts === 0 ? "" : `, ${toCount(attempts, "attempt")}`;
  return `${id} for ${toLine(whose)}: ${paintState(state)}${tries}`;
}

function toSession(session: string, labels: ReadonlyMap<string, string>): string {
  return labels.get(session) ?? `session ${session}`;
}

function describeStep(
  { session, lane, attempt, reason, copy }: StepView,
  labels: ReadonlyMap<string, string>,
): string {
  return [
    ...(copy === undefined ? [] : [`copy ${copy.slice(-4)}`]),
    ...(lane === undefined ? [] : [`by ${lane}`]),
    ...(session === undefined ? [] : [`to ${toSession(session, labels)}`]),
    ...(attempt === undefined ? [] : [`attempt ${attempt}`]),
    ...(reason === undefined ? [] : [reason]),
  ].join(", ");
}

function toOffset(ms: number): string {
  return ms < 1_000 ? `+${Math.max(0, ms)} ms` : `+${toDuration(ms)}`;
}
