/**
 * One event: its content, and every step of its life, with time and reason.
 *
 * Owns: its looks, kept in step while it is open. Never: changes it.
 */
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { StepView, TraceView } from "../../api/wire/trace-wire.ts";
import { toHeadline } from "../../sdk/show/event-headline.ts";
import { toClock } from "../ages.ts";
import { useRead } from "../use-read.ts";
import { Folded } from "../folded.tsx";
import { Alert } from "./alert.tsx";
import { LevelMark } from "./event-list.tsx";
import { Fact } from "./fact.tsx";

type Labels = ReadonlyMap<string, string>;
type TraceProps = { id: string; labels: Labels; version: number };

export function Trace({ id, labels, version }: TraceProps): JSX.Element {
  const path = `events/${encodeURIComponent(id)}/trace`;
  const { value: trace, reason } = useRead<TraceView>(path, version);
  const box = useRef<HTMLElement>(null);
  useEffect(() => box.current?.focus({ preventScroll: true }), []);
  return (
    <article class="trace" ref={box} tabIndex={-1} aria-label={`Event ${id}`}>
      <a class="back" href="#/timeline">
        ‹ All events
      </a>
      <Alert reason={reason} />
      {trace === undefined ? (
        reason === undefined && <p class="none">Reading…</p>
      ) : (
        <TraceBody trace={trace} labels={labels} />
      )}
    </article>
  );
}

function TraceBody({ trace, labels: open }: { trace: TraceView; labels: Labels }): JSX.Element {
  const { event, steps, copies = [], names = {} } = trace;
  const labels = new Map([...Object.entries(names), ...open]);
  const { sender, meta } = event;
  const first = steps[0]?.at ?? event.receivedAt;
  return (
    <>
      <h2 class="event-title">
        <span class={`chip ${event.state}`}>{event.state}</span>
        <LevelMark level={event.level} />
        {event.answer !== undefined && <span class="chip dead">answer {event.answer}</span>}
        {event.channel}
      </h2>
      <p class="headline" dir="auto">
        {toHeadline(event)}
      </p>
      <dl class="facts">
        <Fact name="Kind" dir="auto">
          {event.kind}
        </Fact>
        <Fact name="From" dir="auto">
          {sender.name ?? sender.id}
          <span class="soft">
            {" "}
            {sender.name === undefined ? "" : `${sender.id}, `}
            {sender.role}
          </span>
        </Fact>
        <Fact name="About" dir="auto">
          {event.entity}
        </Fact>
        <Fact name="Received">{toClock(event.receivedAt, true)}</Fact>
        <Fact name="Priority">{event.priority !== "normal" && event.priority}</Fact>
        <Fact name="Id">
          <code>{event.id}</code>
        </Fact>
        {copies.map(({ session, state }) => (
          <Fact name="Copy" dir="auto">
            {session === undefined ? "one that subscribed" : toName(session, labels)}: {state}
          </Fact>
        ))}
      </dl>
      <Folded
        text={event.text}
        buttonClass="older"
        show={(part) => <pre class="event-text panel">{part}</pre>}
      />
      <h3 class="fine">Steps</h3>
      <ol class="steps">
        {steps.map((step) => (
          <li class={step.stage}>
            <span class="stage">{step.stage}</span>
            <time dateTime={new Date(step.at).toISOString()} title={toClock(step.at, true)}>
              {toOffset(step.at - first)}
            </time>
            <span class="why" dir="auto">
              {toWhy(step, labels)}
            </span>
          </li>
        ))}
      </ol>
      {Object.keys(meta).length > 0 && (
        <>
          <h3 class="fine">Meta</h3>
          <dl class="facts">
            {Object.entries(meta).map(([name, value]) => (
              <Fact name={name} dir="auto">
                {value}
              </Fact>
            ))}
          </dl>
        </>
      )}
    </>
  );
}

function toName(session: string, labels: Labels): string {
  return labels.get(session) ?? session.slice(0, 8);
}

function toWhy({ lane, session, attempt, reason }: StepView, labels: Labels): string {
  const to = session === undefined ? undefined : toName(session, labels);
  return [
    ...(lane === undefined ? [] : [`by ${lane}`]),
    ...(to === undefined ? [] : [`to ${to}`]),
    ...(attempt === undefined ? [] : [`attempt ${attempt}`]),
    ...(reason === undefined ? [] : [reason]),
  ].join(", ");
}

function toOffset(ms: number): string {
  if (ms < 1_000) return `+${Math.max(0, Math.round(ms))} ms`;
  if (ms < 60_000) return `+${(ms / 1_000).toFixed(1)} s`;
  const minutes = Math.floor(ms / 60_000);
  return minutes < 60
    ? `+${minutes}:${String(Math.floor((ms % 60_000) / 1_000)).padStart(2, "0")} min`
    : `+${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
