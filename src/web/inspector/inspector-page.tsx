/**
 * The inspector's page: what the model reads on the left, what can be done on the right, and every message below.
 *
 * Owns: the frame and the list of what happened. Never: its words: they are those of the terminal (src/inspect/lines.ts).
 */
import { useState } from "preact/hooks";
import type { ReachCheck } from "../../inspect/happening.ts";
import type { PageRow, PageState } from "../../inspect/page.ts";
import { ask as askProcess, type Seen, useInspector } from "./connection.ts";
import { type Ask, PromptForm, show, ToolForm } from "./tool-form.tsx";

export function InspectorPage({ token }: { token: string }) {
  const seen = useInspector(token);
  const ask: Ask = (body) => askProcess(token, body);
  if (seen.connection === "refused")
    return (
      <div class="gate">
        <h1>Sluice inspector</h1>
        <p>
          This address is of another run, or without its token. Open the link that the terminal
          shows now.
        </p>
      </div>
    );
  return (
    <div class="inspector">
      <Bar seen={seen} ask={ask} />
      <main>
        <Happened rows={seen.rows} ask={ask} />
        {seen.state !== undefined && <Side state={seen.state} ask={ask} />}
      </main>
    </div>
  );
}

function Bar({ seen, ask }: { seen: Seen; ask: Ask }) {
  const { connection, name, command, state } = seen;
  const closed = state?.checks.find((check) => check.state === "no");
  const isOpen = connection === "open" && closed === undefined;
  const words =
    connection !== "open"
      ? "the inspector is gone; trying again"
      : closed === undefined
        ? "events reach the session"
        : `${closed.name}: ${closed.text}`;
  return (
    <header class="bar">
      <b>{show(name) || "Sluice inspector"}</b>
      <code class="clipped soft" title={show(command)}>
        {show(command)}
      </code>
      <span class={isOpen ? "connection good" : "connection"}>
        <span>{show(words.slice(0, 120))}</span>
      </span>
      <button class="plain" onClick={() => void ask({ do: "restart" })}>
        Restart
      </button>
    </header>
  );
}

const VIEWS = ["events", "all", "raw"] as const;
type View = (typeof VIEWS)[number];

function Happened({ rows, ask }: { rows: readonly PageRow[]; ask: Ask }) {
  const [view, setView] = useState<View>("all");
  const shown = rows.filter(({ kind, event }) =>
    view === "raw" ? kind === "raw" : kind !== "raw" && (view === "all" || event !== undefined),
  );
  return (
    <section class="happened">
      <nav>
        {VIEWS.map((one) => (
          <button key={one} aria-pressed={one === view} onClick={() => setView(one)}>
            {{ events: "Events", all: "All", raw: "JSON-RPC" }[one]}
          </button>
        ))}
      </nav>
      <ol class="scrolls">
        {shown.toReversed().map((row) => (
          <HappenedRow key={row.seq} row={row} ask={ask} />
        ))}
        {shown.length === 0 && <li class="none">Nothing yet.</li>}
      </ol>
    </section>
  );
}

function HappenedRow({ row, ask }: { row: PageRow; ask: Ask }) {
  const { at, lines, event } = row;
  return (
    <li class="row">
      <time>{new Date(at).toLocaleTimeString("en-GB")}</time>
      <div>
        {lines.map(({ label, tone, text, body }, index) => (
          <div key={index} class={`line tone-${tone}`}>
            <b>{show(label)}</b> <span>{show(text)}</span>
            {body !== undefined && <pre>{show(body)}</pre>}
          </div>
        ))}
      </div>
      {event !== undefined && <SaveEvent event={event} ask={ask} />}
    </li>
  );
}

function SaveEvent({ event, ask }: { event: number; ask: Ask }) {
  const [said, setSaid] = useState<string>();
  const save = async () => {
    const fault = await ask({ do: "save", event, name: `event-${event}` });
    setSaid(fault ?? "saved");
  };
  return (
    <button class="plain save" onClick={() => void save()}>
      {said === undefined ? "Save as fixture" : show(said)}
    </button>
  );
}

function Side({ state, ask }: { state: PageState; ask: Ask }) {
  const { events, read, dropped } = state.tally;
  return (
    <aside class="scrolls">
      <h2>Why an event reaches the session</h2>
      <p class="fine">
        {events} sent, {read} read, {dropped} dropped
      </p>
      <Checks checks={state.checks} />
      <h2>Tools</h2>
      {state.tools.length + state.leftOut === 0 && <p class="none">The server lists none.</p>}
      {state.tools.map((tool, index) => (
        <ToolForm key={`${index} ${tool.name}`} tool={tool} ask={ask} />
      ))}
      {state.leftOut > 0 && (
        <p class="fine">and {state.leftOut} more, which are called in the terminal only</p>
      )}
      <h2>Prompts</h2>
      <PromptForm ask={ask} />
    </aside>
  );
}

/** What is no plain yes stands there at once. */
function Checks({ checks }: { checks: readonly ReachCheck[] }) {
  const [isWhole, setWhole] = useState(false);
  const open = checks.filter(({ state }) => state === "yes");
  const shown = isWhole ? checks : checks.filter(({ state }) => state !== "yes");
  return (
    <ul class="panel checks">
      {shown.map((check) => (
        <CheckRow key={check.name} check={check} />
      ))}
      {!isWhole && (
        <li class="yes">
          <b>{open.length} more</b>
          <span>yes</span>
          <button class="plain" onClick={() => setWhole(true)}>
            Show them
          </button>
        </li>
      )}
    </ul>
  );
}

function CheckRow({ check }: { check: ReachCheck }) {
  const { name, state, text, fix } = check;
  return (
    <li class={state}>
      <b>{name}</b>
      <span>{{ yes: "yes", no: "no", unknown: "?" }[state]}</span>
      <span>{show(text)}</span>
      {fix !== undefined && fix !== "" && state !== "yes" && <em>{show(fix)}</em>}
    </li>
  );
}
