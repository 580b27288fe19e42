/**
 * Approvals: the list of prompts that wait, one whole prompt, and the history.
 *
 * Owns: the list, the keys, which prompt is open. Never: decides (verdict.tsx), or opens another prompt by itself: the one that a person
 * reads stays in place. Only where the list holds a single prompt, and none is open, that one is shown.
 *
 * No key allows anything unless the focus is in the prompt that is allowed.
 */
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { PromptLine } from "../../api/wire/approvals-wire.ts";
import { useKeys } from "../use-keys.ts";
import { toClock, toCountdown, toSpan, useNow } from "../ages.ts";
import { showTitle } from "../title.ts";
import type { Approvals } from "../use-prompts.ts";
import { useTask } from "../use-task.ts";
import { Alert } from "./alert.tsx";
import "./approvals.css";
import { toTitle } from "./approvals-words.ts";
import { KeysHelp } from "./keys-help.tsx";
import { OpenPrompt } from "./prompt.tsx";
import { PushSwitch } from "./push-switch.tsx";

/** Where the list and a prompt stand side by side (approvals.css). */
const BESIDE = "(min-width: 46.01rem)";

type ApprovalsProps = {
  approvals: Approvals;
  id: string | undefined;
  listening: number | undefined;
};

export function ApprovalsPage({ approvals, id, listening }: ApprovalsProps): JSX.Element {
  const { open, isKnown, reason } = approvals;
  const list = useRef<HTMLDivElement>(null);
  const help = useRef<HTMLDialogElement>(null);
  const [sole, setSole] = useState<string>();
  const shown = id ?? sole;
  useEffect(() => {
    if (id !== undefined) setSole(undefined);
    else if (open.length === 1 && matchMedia(BESIDE).matches)
      setSole((before) => before ?? open[0]?.id);
  }, [id, open.length]);
  useEffect(() => showTitle("Approvals · Sluice"), []);
  useKeys((key) => {
    const links = [...(list.current?.querySelectorAll<HTMLElement>("a.prompt-line") ?? [])];
    const at = links.findIndex((link) => link === document.activeElement);
    if (key === "j") links[Math.min(links.length - 1, at + 1)]?.focus();
    else if (key === "k") links[Math.max(0, at - 1)]?.focus();
    else if (key === "?") help.current?.showModal();
    else return false;
    return true;
  });
  return (
    <main class={`approvals ${id === undefined ? "" : "one-open"}`}>
      <div role="region" class="prompt-list scrolls" aria-label="Prompts" ref={list}>
        <Alert reason={reason} />
        <h2 class="fine">Waiting {open.length > 0 && <span class="count">{open.length}</span>}</h2>
        <p class="unseen" role="status">
          {open.length === 0 ? "" : `${open.length} waiting`}
        </p>
        {open.length === 0 ? (
          <p class="none">{isKnown ? toNothing(listening) : "Reading…"}</p>
        ) : (
          <ul>
            {open.map((prompt) => (
              <Line key={prompt.id} prompt={prompt} isOpen={prompt.id === shown} />
            ))}
          </ul>
        )}
        <History approvals={approvals} id={shown} />
        <AwaySwitch approvals={approvals} />
        <PushSwitch />
        <button type="button" class="help fine" onClick={() => help.current?.showModal()}>
          Keys: <kbd>?</kbd>
        </button>
      </div>
      {shown === undefined ? (
        <div class="prompt-none">
          <p>{open.length === 0 ? "Nothing waits for you." : "Choose what to read."}</p>
        </div>
      ) : (
        <OpenPrompt key={shown} id={shown} approvals={approvals} isUnasked={id === undefined} />
      )}
      <KeysHelp dialog={help} />
    </main>
  );
}

function Line({ prompt, isOpen }: { prompt: PromptLine; isOpen: boolean }): JSX.Element {
  const isPending = prompt.state === "pending";
  return (
    <li>
      <a
        class={`prompt-line choice ${prompt.verdict ?? prompt.state}`}
        href={`#/approvals/${prompt.id}`}
        aria-current={isOpen ? "true" : undefined}
      >
        <span class="top">
          <b dir="auto">{toTitle(prompt)}</b>
          {isPending && prompt.isRisky && <span class="needs-code">needs code</span>}
          {prompt.count > 1 && <span class="fine">×{prompt.count}</span>}
          <time>
            {isPending ? <Age prompt={prompt} /> : toClock(prompt.endedAt ?? prompt.createdAt)}
          </time>
        </span>
        <span class="headline clipped" dir="auto">
          {prompt.headline}
        </span>
        <span class="where clipped fine" dir="auto">
          {isPending ? prompt.sessionName : `${toWord(prompt)} · ${prompt.sessionName}`}
        </span>
      </a>
    </li>
  );
}

/** Drawn every second, and nothing else with it. */
function Age({ prompt: { createdAt, expiresAt } }: { prompt: PromptLine }): JSX.Element {
  const now = useNow(1_000);
  const leftMs = expiresAt - now;
  return <>{leftMs < 60_000 ? `${toCountdown(leftMs)} left` : toSpan(now - createdAt)}</>;
}

function History({ approvals, id }: { approvals: Approvals; id: string | undefined }): JSX.Element {
  const { history, hasOlder, isHistoryRead, isOnline } = approvals;
  const { reason, run } = useTask();
  const load = (): void => run(approvals.loadHistory());
  // After each reconnect the history is unknown again.
  useEffect(() => {
    if (isOnline && !isHistoryRead) load();
  }, [isOnline, isHistoryRead]);
  return (
    <section aria-label="History">
      <h2 class="fine">History</h2>
      {history.length === 0 && !hasOlder && <p class="none">No prompt has been answered yet.</p>}
      <ul>
        {history.map((prompt) => (
          <Line key={prompt.id} prompt={prompt} isOpen={prompt.id === id} />
        ))}
      </ul>
      {reason !== undefined && <p class="bad">{reason}</p>}
      {hasOlder && history.length > 0 && (
        <button type="button" class="older" onClick={load}>
          Older
        </button>
      )}
    </section>
  );
}

function AwaySwitch({ approvals }: { approvals: Approvals }): JSX.Element {
  const { isAway, isKnown, isOnline, afterMs } = approvals;
  const { reason, run } = useTask();
  const within = afterMs === undefined ? "for a moment" : `within ${toSpan(afterMs)}`;
  return (
    <div class="away fine">
      <button
        type="button"
        role="switch"
        aria-checked={isAway}
        disabled={!isKnown || !isOnline}
        onClick={() => run(approvals.setAway(!isAway))}
      >
        Away
      </button>
      <span>
        {isAway
          ? "Chats and phones are notified at once."
          : `Chats and phones are notified only if nobody answers here ${within}.`}
      </span>
      {reason !== undefined && <span class="bad">{reason}</span>}
    </div>
  );
}

/** How it ended, by whom and where; the hub says it, and behind a colon perhaps why. */
function toWord({ state, summary = "" }: PromptLine): string {
  return state === "expired" ? "nobody answered in time" : summary.split(": ")[0] || "ended";
}

function toNothing(listening: number | undefined): string {
  return listening === 0
    ? "Nothing waits, and no session is open. Start claude: its prompts appear here."
    : "Nothing waits. New prompts appear here at once.";
}
