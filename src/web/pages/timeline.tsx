/**
 * The timeline: events and their states, live; and the sessions that can take them.
 *
 * Owns: the filter and the layout. Never: a row, a trace or a chart of its own.
 */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { DELIVERY_STATES } from "../../sdk/event.ts";
import { showTitle } from "../title.ts";
import { type EventsFilter, useEvents } from "../use-events.ts";
import type { Approvals } from "../use-prompts.ts";
import { useStatus } from "../use-status.ts";
import { Chart } from "./chart.tsx";
import { EventList } from "./event-list.tsx";
import { Channels, Sessions } from "./overview.tsx";
import "./timeline.css";
import { Trace } from "./trace.tsx";

const EVERYTHING: EventsFilter = { state: "", channel: "", text: "" };
/** While somebody types, nothing is asked. */
const TYPING_MS = 300;

type TimelineProps = { approvals: Approvals; id: string | undefined };

export function TimelinePage({ approvals, id }: TimelineProps): JSX.Element {
  const { status, reason } = useStatus();
  const [filter, setFilter] = useState(EVERYTHING);
  const [text, setText] = useState("");
  const [isOverview, setOverview] = useState(false);
  const events = useEvents(filter);
  useEffect(() => showTitle("Timeline · Sluice"), []);
  useEffect(() => {
    const timer = setTimeout(() => setFilter((before) => ({ ...before, text })), TYPING_MS);
    return () => clearTimeout(timer);
  }, [text]);
  const isFiltered = filter.state !== "" || filter.channel !== "" || filter.text !== "";
  const labels = new Map(status?.sessions.map((session) => [session.id, session.label]));
  const names = status?.channels.map((channel) => channel.name) ?? [];
  return (
    <div
      class={`timeline ${id === undefined ? "" : "one-open"} ${isOverview ? "show-overview" : ""}`}
    >
      <main class="events">
        <form class="filter" role="search" onSubmit={(event) => event.preventDefault()}>
          <select
            aria-label="State"
            value={filter.state}
            onChange={({ currentTarget: { value } }) => setFilter({ ...filter, state: value })}
          >
            <option value="">all states</option>
            {DELIVERY_STATES.map((state) => (
              <option value={state}>{state}</option>
            ))}
          </select>
          <select
            aria-label="Channel"
            value={filter.channel}
            onChange={({ currentTarget: { value } }) => setFilter({ ...filter, channel: value })}
          >
            <option value="">all channels</option>
            {names.map((name) => (
              <option value={name}>{name}</option>
            ))}
          </select>
          <input
            type="search"
            aria-label="Text"
            placeholder="Search the newest 20,000"
            maxLength={200}
            value={text}
            onInput={({ currentTarget: { value } }) => setText(value)}
          />
          <button
            type="button"
            class="overview-toggle"
            aria-pressed={isOverview}
            onClick={() => setOverview(!isOverview)}
          >
            {isOverview ? "Events" : "Overview"}
          </button>
        </form>
        {(events.reason ?? reason) !== undefined && (
          <p class="bad" role="alert">
            {events.reason ?? reason}
          </p>
        )}
        <EventList
          events={events}
          id={id}
          labels={labels}
          isFiltered={isFiltered}
          hasChannels={status?.channels.some(({ kind }) => kind !== "chat") ?? true}
        />
      </main>
      <aside class="beside" aria-label={id === undefined ? "Overview" : "Trace"}>
        {id === undefined ? (
          <>
            <Chart version={events.version} />
            <Sessions sessions={status?.sessions} prompts={approvals.open} />
            <Channels channels={status?.channels} />
          </>
        ) : (
          <Trace key={id} id={id} labels={labels} version={events.version} />
        )}
      </aside>
    </div>
  );
}
