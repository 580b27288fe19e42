/**
 * Events and wakes of the last 24 hours, as two rows of bars; and as a table, for people who cannot see the bars.
 *
 * Owns: drawing them. Each row has a scale of its own, and says its largest number: wakes are few where events are many.
 */
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { HourView } from "../../api/wire/timeline-wire.ts";
import { toTime } from "../time.ts";
import { useRead } from "../use-read.ts";

const EVERY_MS = 60_000;
/** However fast events come, it is drawn again no more often. */
const PAUSE_MS = 5_000;
const STEP = 10;
const BAR = 8;
const HEIGHT = 40;

export function Chart({ version }: { version: number }): JSX.Element | null {
  const [isTable, setTable] = useState(false);
  // Why it cannot be read is said by the list beside it.
  const { value: hours = [] } = useRead<HourView[]>("figures/hours", useBeat(version));
  if (hours.length === 0) return null;
  return (
    <section class="chart">
      <h2 class="fine">
        Last 24 hours
        <button type="button" aria-pressed={isTable} onClick={() => setTable(!isTable)}>
          {isTable ? "as bars" : "as a table"}
        </button>
      </h2>
      {isTable ? (
        <table>
          <thead>
            <tr>
              <th scope="col">Hour</th>
              <th scope="col">Events</th>
              <th scope="col">Wakes</th>
            </tr>
          </thead>
          <tbody>
            {hours.toReversed().map(({ from, events, wakes }) => (
              <tr>
                <th scope="row">{toTime(from)}</th>
                <td>{events}</td>
                <td>{wakes}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : (
        <>
          <Bars name="Events" hours={hours} toValue={({ events }) => events} />
          <Bars name="Wakes" hours={hours} toValue={({ wakes }) => wakes} />
          <p class="axis" aria-hidden="true">
            {[0, 6, 12, 18].map((at) => (
              <span>{toTime(hours[at]?.from ?? 0)}</span>
            ))}
            <span>now</span>
          </p>
        </>
      )}
    </section>
  );
}

function Bars(props: {
  name: string;
  hours: readonly HourView[];
  toValue: (hour: HourView) => number;
}): JSX.Element {
  const { name, hours, toValue } = props;
  const values = hours.map(toValue);
  const most = Math.max(...values);
  const sum = values.reduce((total, value) => total + value, 0);
  const busiest = hours[values.indexOf(most)];
  const summary =
    sum === 0 || busiest === undefined
      ? `${name} per hour: none in 24 hours`
      : `${name} per hour: ${sum} in 24 hours, at most ${most} at ${toTime(busiest.from)}`;
  return (
    <figure>
      <figcaption>
        {name} <b>{sum}</b>
        <span>{most === 0 ? "" : `at most ${most} an hour`}</span>
      </figcaption>
      <svg
        viewBox={`0 0 ${hours.length * STEP} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={summary}
        class={`bars-${name.toLowerCase()}`}
      >
        <title>{summary}</title>
        {hours.map((hour, index) => {
          const value = toValue(hour);
          // What is not nothing can be seen.
          const height = value === 0 ? 0.5 : Math.max(2, (value / most) * HEIGHT);
          return (
            <rect
              x={index * STEP + 1}
              y={HEIGHT - height}
              width={BAR}
              height={height}
              class={value === 0 ? "zero" : ""}
            >
              <title>{`${toTime(hour.from)}: ${value}`}</title>
            </rect>
          );
        })}
      </svg>
    </figure>
  );
}

/** Grows after a change, at most every PAUSE_MS; and every minute without one. */
function useBeat(version: number): number {
  const [beat, setBeat] = useState(0);
  const drawn = useRef({ version, at: Date.now() });
  useEffect(() => {
    const pauseMs = version === drawn.current.version ? EVERY_MS : PAUSE_MS;
    const timer = setTimeout(
      () => {
        drawn.current = { version, at: Date.now() };
        setBeat((before) => before + 1);
      },
      Math.max(0, drawn.current.at + pauseMs - Date.now()),
    );
    return () => clearTimeout(timer);
  }, [version, beat]);
  return beat;
}
