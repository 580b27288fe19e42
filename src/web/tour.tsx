/**
 * A tour of three steps, on the first opening in a browser.
 *
 * Owns: its words, and that it was seen. Never: covers the page, or takes the focus from it: whoever has come to answer a prompt answers it.
 */
import type { JSX } from "preact";
import { useState } from "preact/hooks";

const KEY = "sluice.tour";

const STEPS = [
  {
    page: "chat",
    text: "Chats: write here to the session that is open, and read what it answers.",
  },
  {
    page: "approvals",
    text: "Approvals: what a session asks you (a permission, a question, a plan). The first answer counts, here or at its terminal.",
  },
  {
    page: "timeline",
    text: "Timeline: every event from outside, and what became of it. The filter “failed” shows what went wrong.",
  },
] as const;

export function Tour(): JSX.Element | null {
  const [at, setAt] = useState(localStorage.getItem(KEY) === null ? 0 : STEPS.length);
  const step = STEPS[at];
  if (step === undefined) return null;
  const end = (): void => {
    localStorage.setItem(KEY, "seen");
    setAt(STEPS.length);
  };
  const next = (): void => {
    const following = STEPS[at + 1];
    if (following === undefined) return end();
    setAt(at + 1);
    location.hash = `#/${following.page}`;
  };
  const isLast = at === STEPS.length - 1;
  return (
    <section class="tour" aria-label="Tour">
      <p role="status">
        <span class="soft">
          {at + 1} of {STEPS.length}
        </span>{" "}
        {step.text}
      </p>
      <button type="button" class="send" onClick={next}>
        {isLast ? "Done" : "Next step"}
      </button>
      {!isLast && (
        <button type="button" onClick={end}>
          Skip the tour
        </button>
      )}
    </section>
  );
}
