/**
 * The actions on a whole session: deny all its prompts for a while, or stop it.
 *
 * Owns: a second question before the action, and reporting its effect. Never: claims more than the hub can do: a running tool runs on.
 */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { DenyAllView, HoldView, ResumeView, StopView } from "../../api/wire/approvals-wire.ts";
import { call } from "../api.ts";
import { toClock } from "../time.ts";

type Action = "deny-all" | "stop";

type SessionActionsProps = {
  session: string;
  name: string;
  hold: HoldView | undefined;
  mayAllow: boolean;
};

export function SessionActions(props: SessionActionsProps): JSX.Element {
  const { session, name, mayAllow } = props;
  const [hold, setHold] = useState(props.hold);
  const [asked, setAsked] = useState<Action>();
  const [said, setSaid] = useState<{ text: string; isBad: boolean }>();
  useEffect(() => setHold(props.hold), [props.hold?.kind, props.hold?.until]);
  const path = (action: string): string => `sessions/${encodeURIComponent(session)}/${action}`;
  const act = async (action: Action): Promise<string> => {
    if (action === "deny-all") {
      const { denied, until } = await call<DenyAllView>(path(action), {});
      setHold({ kind: "deny", until });
      return toCount(denied);
    }
    const { denied, isReached } = await call<StopView>(path(action), {});
    setHold({ kind: "stop", until: 0 });
    return isReached
      ? `${toCount(denied)} It is told to stop at its next step. A command that runs already runs on.`
      : `${toCount(denied)} It is not connected, so it could not be told to stop.`;
  };
  const resume = async (): Promise<string> => {
    const { resumed } = await call<ResumeView>(path("resume"), {});
    setHold(undefined);
    return resumed ? "You are asked again." : "It was over already.";
  };
  const run = (work: Promise<string>): void => {
    setAsked(undefined);
    work.then(
      (text) => setSaid({ text, isBad: false }),
      (thrown: unknown) =>
        setSaid({ text: thrown instanceof Error ? thrown.message : String(thrown), isBad: true }),
    );
  };
  return (
    <section class="session-actions" aria-label="This session">
      {hold !== undefined && (
        <>
          <span class="held">
            {hold.kind === "stop"
              ? "All prompts of this session are denied until you type in it."
              : `All prompts of this session are denied until ${toClock(hold.until)}.`}
          </span>
          {mayAllow && (
            <button type="button" class="plain" onClick={() => run(resume())}>
              Ask me again
            </button>
          )}
        </>
      )}
      {asked === undefined ? (
        <>
          {hold === undefined && <span>This session:</span>}
          {hold === undefined && (
            <button type="button" class="plain" onClick={() => setAsked("deny-all")}>
              Deny all for 15 minutes
            </button>
          )}
          {hold?.kind !== "stop" && (
            <button type="button" class="plain" onClick={() => setAsked("stop")}>
              Stop its turn
            </button>
          )}
        </>
      ) : (
        <>
          <span dir="auto">
            {asked === "stop" ? `Stop ${name}?` : `Deny all that ${name} asks, for 15 minutes?`}
          </span>
          <button type="button" class="deny" onClick={() => run(act(asked))}>
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
