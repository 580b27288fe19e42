/**
 * What can be done with a whole session: deny all it asks for a while, or stop it.
 *
 * Owns: asking once more, and saying honestly what it did. Never: more than the hub can do: what runs already runs on.
 */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { DenyAllView, StopView } from "../../api/approvals-wire.ts";
import { call } from "../api.ts";
import { toClock } from "../time.ts";

type Action = "deny-all" | "stop";

export function SessionActions({ session, name }: { session: string; name: string }): JSX.Element {
  const [asked, setAsked] = useState<Action>();
  const [said, setSaid] = useState<{ text: string; isBad: boolean }>();
  const act = async (action: Action): Promise<string> => {
    const path = `sessions/${encodeURIComponent(session)}/${action}`;
    if (action === "deny-all") {
      const { denied, until } = await call<DenyAllView>(path, {});
      return `${toCount(denied)} Whatever it asks is denied until ${toClock(until)}.`;
    }
    const { denied, isReached } = await call<StopView>(path, {});
    return isReached
      ? `${toCount(denied)} It is told to stop at its next step, and what it asks is denied until you type in it again. A command that runs already runs on.`
      : `${toCount(denied)} What it asks is denied until you type in it again. It is not connected, so it could not be told to stop.`;
  };
  const run = (action: Action): void => {
    setAsked(undefined);
    act(action).then(
      (text) => setSaid({ text, isBad: false }),
      (thrown: unknown) =>
        setSaid({ text: thrown instanceof Error ? thrown.message : String(thrown), isBad: true }),
    );
  };
  return (
    <section class="session-actions" aria-label="This session">
      {asked === undefined ? (
        <>
          <span>This session:</span>
          <button type="button" class="plain" onClick={() => setAsked("deny-all")}>
            Deny all for 15 minutes
          </button>
          <button type="button" class="plain" onClick={() => setAsked("stop")}>
            Stop
          </button>
        </>
      ) : (
        <>
          <span dir="auto">
            {asked === "stop" ? `Stop ${name}?` : `Deny all that ${name} asks, for 15 minutes?`}
          </span>
          <button type="button" class="deny" onClick={() => run(asked)}>
            {asked === "stop" ? "Stop it" : "Deny all"}
          </button>
          <button type="button" class="plain" onClick={() => setAsked(undefined)}>
            Cancel
          </button>
        </>
      )}
      <p class={said?.isBad === true ? "bad" : ""} role="status">
        {said?.text ?? ""}
      </p>
    </section>
  );
}

function toCount(denied: number): string {
  return denied === 0 ? "Done." : `${denied} ${denied === 1 ? "prompt" : "prompts"} denied.`;
}
