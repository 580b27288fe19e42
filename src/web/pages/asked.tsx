/**
 * Prompts on the chat page: a person who waits for an answer in a chat sees there which prompt delays it.
 *
 * Owns: their lines above the composer, and which one is open. Never: the call itself or the verdict on it (prompt.tsx, verdict.tsx).
 */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useModule } from "../use-module.ts";
import type { Approvals } from "../use-prompts.ts";
import { Visible } from "../visible.tsx";
import { toTitle } from "./approvals-words.ts";

const loadPrompt = () => import("./prompt.tsx");

export function Asked({ approvals }: { approvals: Approvals }): JSX.Element | null {
  const [opened, setOpened] = useState<string>();
  const page = useModule(loadPrompt, opened !== undefined);
  if (approvals.open.length === 0 && opened === undefined) return null;
  return (
    <section class="asked" aria-label="Waiting for your answer">
      <ul>
        {approvals.open
          .filter(({ id }) => id !== opened)
          .map((prompt) => (
            <li key={prompt.id}>
              <button type="button" onClick={() => setOpened(prompt.id)}>
                <b dir="auto">{toTitle(prompt)}</b>
                {prompt.isRisky && <span class="needs-code">needs code</span>}
                <span class="headline clipped" dir="auto">
                  <Visible text={prompt.headline} />
                </span>
                <span class="who" dir="auto">
                  <Visible text={prompt.sessionName} /> asks
                </span>
              </button>
            </li>
          ))}
      </ul>
      {opened !== undefined && (
        <div class="opened panel">
          <button type="button" class="plain" onClick={() => setOpened(undefined)}>
            Close
          </button>
          {page.kind === "ready" && (
            <page.module.OpenPrompt key={opened} id={opened} approvals={approvals} isInside />
          )}
          {page.kind === "failed" && (
            <p role="alert">
              It could not be loaded; <a href={`#/approvals/${opened}`}>open it on its own page</a>.
            </p>
          )}
        </div>
      )}
    </section>
  );
}
