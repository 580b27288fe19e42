/**
 * The timeline: events and their states, live; and the sessions that can take them.
 *
 * Owns: the filter and the layout. Never: a row, a trace or a chart of its own.
 */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { DELIVERY_STATES } from "../../sdk/event.ts";
import { showTitle } from "../title.ts";
import { type EventsFilter, FAILED, useEvents } from "../use-events.ts";
import type { Approvals } from "../use-prompts.ts";
import { useStatus } from "../use-status.ts";
import { Alert } from "./alert.tsx";
import { Chart } from "./chart.tsx";
import { EventList } from "./event-list.tsx";
import { Channels, Sessions } from "./overview.tsx";
import "./lists.css";
import "./timeline.css";
import { Trace } from "./trace.tsx";

const EVERYTHING: EventsFilter = { state: "", channel: "", text: "" };
/** While somebody types, nothing is asked. */
const TYPING_MS = 300;

type TimelineProps = { approvals: Approvals; id: string | undefined };

export function TimelinePage({ approvals, id }: TimelineProps): JSX.Element {
  const { status, reason } = useStatus();
  const [filter, setFilter] = useState(EVERYTHING);
  const [isOverview, setOverview] = useState(false);
  const events = useEvents(filter);
  useEffect(() => showTitle("Timeline · Sluice"), []);
  const isFiltered = filter.state !== "" || filter.channel !== "" || filter.text !== "";
  const labels = new Map(status?.sessions.map((session) => [session.id, session.label]));
  return (
    <main
      class={`timeline ${id === undefined ? "" : "one-open"} ${isOverview ? "show-overview" : ""}`}
    >
      <div role="region" class="events scrolls" aria-label="What arrived">
        <Filter
          filter={filter}
          channels={status?.channels.map((channel) => channel.name) ?? []}
          onFilter={setFilter}
        >
          <button
            type="button"
            class="overview-toggle panel"
            aria-pressed={isOverview}
            onClick={() => setOverview(!isOverview)}
          >
            {isOverview ? "Events" : "Overview"}
          </button>
        </Filter>
        <Alert reason={events.reason ?? reason} />
        <EventList
          events={events}
          id={id}
          labels={labels}
          isFiltered={isFiltered}
          hasChannels={status?.channels.some(({ kind }) => kind !== "chat") ?? true}
        />
      </div>
      <div
        role="region"
        class="beside scrolls"
        aria-label={id === undefined ? "Overview" : "Trace"}
      >
        {id === undefined ? (
          <>
            <Chart version={events.version} />
            <Sessions sessions={status?.sessions} prompts={approvals.open} />
            <Channels channels={status?.channels} />
          </>
        ) : (
          <Trace key={id} id={id} labels={labels} version={events.version} />
        )}
      </div>
    </main>
  );
}

function Filter(props: {
  filter: EventsFilter;
  channels: readonly string[];
  onFilter: (change: (before: EventsFilter) => EventsFilter) => void;
  children: JSX.Element;
}): JSX.Element {
  const { filter, channels, onFilter, children } = props;
  const [text, setText] = useState(filter.text);
  useEffect(() => {
    const timer = setTimeout(() => onFilter((before) => ({ ...before, text })), TYPING_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <form class="filter" role="search" onSubmit={(event) => event.preventDefault()}>
      <Choice
        label="State"
        all="all states"
        value={filter.state}
        options={[FAILED, ...DELIVERY_STATES]}
        onChoose={(state) => onFilter((before) => ({ ...before, state }))}
      />
      <Choice
        label="Channel"
        all="all channels"
        value={filter.channel}
        options={channels}
        onChoose={(channel) => onFilter((before) => ({ ...before, channel }))}
      />
      <input
        type="search"
        class="panel"
        aria-label="Text"
        placeholder="Search the newest 20,000"
        maxLength={200}
        value={text}
        onInput={({ currentTarget: { value } }) => setText(value)}
      />
      {children}
    </form>
  );
}

function Choice(props: {
  label: string;
  all: string;
  value: string;
  options: readonly string[];
  onChoose: (value: string) => void;
}): JSX.Element {
  const { label, all, value, options, onChoose } = props;
  return (
    <select
      class="panel"
      aria-label={label}
      value={value}
      onChange={({ currentTarget }) => onChoose(currentTarget.value)}
    >
      <option value="">{all}</option>
      {options.map((option) => (
        <option value={option}>{option}</option>
      ))}
    </select>
  );
}
