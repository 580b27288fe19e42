/**
 * Events, one line each, newest first.
 *
 * Owns: their looks. Never: asks for them (use-events.ts).
 */
import { Component, type ComponentChildren, type JSX } from "preact";
import type { EventView } from "../../api/wire/wire.ts";
import { toHeadline } from "../../sdk/show/event-headline.ts";
import { toClock, toSpan, useNow } from "../ages.ts";
import type { Events } from "../use-events.ts";

type EventListProps = {
  events: Events;
  id: string | undefined;
  labels: ReadonlyMap<string, string>;
  isFiltered: boolean;
  hasChannels: boolean;
};

const AGE_EVERY_MS = 10_000;
const AGE_MAX_MS = 24 * 3_600_000;

export function EventList(props: EventListProps): JSX.Element {
  const { events, id, labels, isFiltered, hasChannels } = props;
  const now = useNow(AGE_EVERY_MS);
  const { list, hasOlder, isLoading, reason } = events;
  if (list === undefined)
    return <p class="none">{reason === undefined ? "Reading…" : "Not read."}</p>;
  if (list.length === 0) {
    return (
      <p class="none">
        {isFiltered
          ? "No event matches."
          : hasChannels
            ? "Nothing has arrived yet. New events appear here at once."
            : "So far only the chats of this page. “sluice add” connects other sources."}
      </p>
    );
  }
  return (
    <>
      <ol class="event-list panel" aria-label="Events">
        {list.map((event) => (
          <EventRow
            key={event.id}
            event={event}
            isOpen={event.id === id}
            age={toAge(event.receivedAt, now)}
            label={toLabel(event, labels)}
          />
        ))}
      </ol>
      {hasOlder && (
        <button type="button" class="older" disabled={isLoading} onClick={events.loadOlder}>
          {isLoading ? "Loading…" : "Older events"}
        </button>
      )}
    </>
  );
}

type RowProps = { event: EventView; isOpen: boolean; age: string; label: string };

/** A class, so that of thousands of rows only those that changed are drawn again. */
class EventRow extends Component<RowProps> {
  override shouldComponentUpdate({ event, isOpen, age, label }: RowProps): boolean {
    const { props } = this;
    return (
      event !== props.event || isOpen !== props.isOpen || age !== props.age || label !== props.label
    );
  }

  override render({ event, isOpen, age, label }: RowProps): ComponentChildren {
    const lane = event.deliveries.at(-1)?.lane;
    return (
      <li class={event.level ?? ""}>
        <a
          class="choice"
          href={`#/timeline/${event.id}`}
          aria-current={isOpen ? "true" : undefined}
        >
          <span class={`chip ${event.state}`}>{event.state}</span>
          <span class="channel clipped">{event.channel}</span>
          <span class="text clipped" dir="auto">
            <LevelMark level={event.level} />
            {event.answer !== undefined && <span class="priority fine">answer {event.answer}</span>}
            {event.priority !== "normal" && (
              <span class={`priority fine ${event.priority}`}>{event.priority}</span>
            )}
            {toHeadline(event)}
          </span>
          <span class="to clipped fine">
            {lane !== undefined && <span>{lane}</span>}
            {label !== "" && <span dir="auto">{label}</span>}
          </span>
          <time dateTime={new Date(event.receivedAt).toISOString()}>{age}</time>
        </a>
      </li>
    );
  }
}

/** By colour, by shape, and in words. */
export function LevelMark({ level }: Pick<EventView, "level">): JSX.Element | null {
  if (level === undefined) return null;
  return (
    <span class={`level ${level}`}>
      <span aria-hidden="true">{level === "failed" ? "✖" : "▲"} </span>
      {level}
    </span>
  );
}

/** Whom it went to last. */
function toLabel({ deliveries }: EventView, labels: ReadonlyMap<string, string>): string {
  const session = deliveries.at(-1)?.session;
  return session === undefined ? "" : (labels.get(session) ?? session.slice(0, 8));
}

function toAge(at: number, now: number): string {
  const ms = now - at;
  if (ms < AGE_EVERY_MS) return "now";
  return ms < AGE_MAX_MS ? toSpan(ms) : toClock(at);
}
