/**
 * One whole prompt: the session that asks, the call, why it needs its code, and how long it waits.
 *
 * Owns: its looks, and keeping the shown prompt up to date. Never: decides (verdict.tsx).
 */
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { PromptDetail } from "../../api/wire/approvals-wire.ts";
import { toWhyCode } from "../../sdk/why-code.ts";
import { Fault } from "../api.ts";
import { toClock, toCountdown, toSpan, useNow } from "../ages.ts";
import type { Approvals } from "../use-prompts.ts";
import { useRead } from "../use-read.ts";
import { Folded } from "../folded.tsx";
import { Visible } from "../visible.tsx";
import { Alert } from "./alert.tsx";
import { toTitle } from "./approvals-words.ts";
import "./approvals.css";
import { Fact } from "./fact.tsx";
import { SessionActions } from "./session-actions.tsx";
import { VerdictForm } from "./verdict.tsx";

/** `isInside`: on another page, which has its own way back. `isUnasked`: it opened by itself, so no key is meant for it. */
export function OpenPrompt(props: {
  id: string;
  approvals: Approvals;
  isInside?: boolean;
  isUnasked?: boolean;
}): JSX.Element {
  const { id, approvals, isInside = false, isUnasked = false } = props;
  const path = `prompts/${encodeURIComponent(id)}`;
  const read = useRead<PromptDetail>(path, approvals.version(id), isAnswered);
  const { value: prompt, reason } = read;
  const article = useRef<HTMLElement>(null);
  // From here on the keys act on the prompt that was opened.
  const isRead = prompt !== undefined;
  useEffect(() => {
    if (isRead && !isUnasked) article.current?.focus({ preventScroll: true });
  }, [isRead, isUnasked]);
  return (
    <div class="prompt-frame scrolls">
      {!isInside && (
        <a class="back" href="#/approvals">
          ‹ All prompts
        </a>
      )}
      <Alert reason={reason} />
      {prompt === undefined ? (
        reason === undefined && <p class="none">Reading…</p>
      ) : (
        <article class="prompt" ref={article} tabIndex={-1} aria-labelledby="prompt-title">
          <Head prompt={prompt} />
          <Body prompt={prompt} />
          <VerdictForm prompt={prompt} approvals={approvals} onPrompt={read.setValue} />
          <SessionActions
            session={prompt.session}
            name={prompt.sessionName}
            hold={prompt.hold}
            mayAllow={approvals.mayAllow}
          />
        </article>
      )}
    </div>
  );
}

function Head({ prompt }: { prompt: PromptDetail }): JSX.Element {
  const now = useNow(1_000);
  const isPending = prompt.state === "pending";
  const leftMs = prompt.expiresAt - now;
  return (
    <header>
      <h2 id="prompt-title" dir="auto">
        {toTitle(prompt)}
        {prompt.kind === "tool" && prompt.isRisky && <span class="needs-code">needs code</span>}
      </h2>
      <dl class="facts">
        <Fact name="Session" dir="auto">
          <Visible text={prompt.sessionName} />
          {prompt.agent !== undefined && <> · asked by a helper of it</>}
        </Fact>
        <Fact name="Folder">
          {prompt.cwd !== "" && (
            <code>
              <Visible text={prompt.cwd} />
            </code>
          )}
        </Fact>
        <Fact name="Asked">
          <time dateTime={new Date(prompt.createdAt).toISOString()}>
            {toClock(prompt.createdAt)}
          </time>
          , {toSpan(now - prompt.createdAt)} ago
          {isPending && (
            <span class={leftMs < 60_000 ? "left soon" : "left"}>
              {leftMs > 0
                ? `expires in ${toCountdown(leftMs)}, then only the terminal can answer`
                : "time is up: only the terminal can answer"}
            </span>
          )}
        </Fact>
        <Fact name="Calls">
          {prompt.count > 1 && `${prompt.count} identical ones wait for one answer`}
        </Fact>
        <Fact name="Handed to" dir="auto">
          {prompt.handedTo !== undefined && `${prompt.handedTo}, since nobody answered`}
        </Fact>
      </dl>
    </header>
  );
}

function Body({ prompt }: { prompt: PromptDetail }): JSX.Element {
  const { kind, description, reasons, note, isCut, arguments: text, digest, isRisky } = prompt;
  return (
    <>
      {isRisky && (
        <p class="reasons" dir="auto">
          Needs its code: <Visible text={toWhyCode({ reasons })} />
        </p>
      )}
      {note !== undefined && (
        <p class="call-note" dir="auto">
          Note: <Visible text={note} />
        </p>
      )}
      {description !== undefined && (
        <p class="description" dir="auto">
          <Visible text={description} />
        </p>
      )}
      {kind !== "question" && (
        <Arguments text={text} label={kind === "plan" ? "The plan" : "Arguments"} />
      )}
      {isCut && <p class="cut fine">This is only a part of the call: the rest is not known.</p>}
      {kind === "tool" && (
        <details class="digest fine">
          <summary>Details</summary>
          Fingerprint of this exact call: <code>{digest}</code>
        </details>
      )}
    </>
  );
}

/** Lines are wrapped, never cut or scrolled sideways: a harmful part of a call could be hidden far to the right. */
function Arguments({ text, label }: { text: string; label: string }): JSX.Element {
  return (
    <figure class="arguments panel">
      <figcaption>{label}</figcaption>
      <Folded
        text={text}
        buttonClass="fold"
        show={(part) => (
          <pre tabIndex={0}>
            <Visible text={part} />
          </pre>
        )}
      />
    </figure>
  );
}

/** False where no hub answers: the bar of the page says so already. */
function isAnswered(thrown: unknown): boolean {
  return !(thrown instanceof Fault && thrown.status === 0);
}
