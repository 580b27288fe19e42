/**
 * The actions on a whole session: deny all its prompts for a while, or stop it.
 *
 * Owns: a second question before the action, and reporting its effect. Never: claims more than the hub can do: a running tool runs on.
 */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { DenyAllView, HoldView, ResumeView, StopView } from "../../api/wire/approvals-wire.ts";
import { toMessage } from "../../sdk/errors.ts";
import { call } from "../api.ts";
import { toClock } from "../ages.ts";
import type { TapNotice } from "./verdict-words.ts";

type Action = "deny-all" | "stop" | "resume";
/** How the session is held after an action, and what is said of it. */
type Done = { hold: HoldView | undefined; text: string };

type SessionActionsProps = {
  session: string;
  name: string;
  hold: HoldView | undefined;
  mayAllow: boolean;
};

export function SessionActions(props: SessionActionsProps): JSX.Element {
  const { session, name, mayAllow } = props;
  const [hold, setHold] = useState(props.hold);
  const [asked, setAsked] = useState<"deny-all" | "stop">();
  const [said, setSaid] = useState<TapNotice>();
  useEffect(() => setHold(props.hold), [props.hold?.kind, props.hold?.until]);
  const run = (action: Action): void => {
    setAsked(undefined);
    act(session, action).then(
      (done) => {
        setHold(done.hold);
        setSaid({ text: done.text, isBad: false });
      },
      (thrown: unknown) => setSaid({ text: toMessage(thrown), isBad: true }),
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
            <button type="button" class="plain" onClick={() => run("resume")}>
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
              Stop this session's turn
            </button>
          )}
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

async function act(session: string, action: Action): Promise<Done> {
  const path = `sessions/${encodeURIComponent(session)}/${action}`;
  switch (action) {
    case "deny-all": {
      const { denied, until } = await call<DenyAllView>(path, {});
      return { hold: { kind: "deny", until }, text: toCount(denied) };
    }
    case "stop": {
      const { denied, isReached } = await call<StopView>(path, {});
      const end = isReached
        ? "It stops at its next step. A command that already runs is not stopped."
        : "It is not connected, so it could not be told to stop.";
      return { hold: { kind: "stop", until: 0 }, text: `${toCount(denied)} ${end}` };
    }
    case "resume": {
      const { resumed } = await call<ResumeView>(path, {});
      const text = resumed ? "You are asked again." : "It was over already.";
      return { hold: undefined, text };
    }
    default:
      return action satisfies never;
  }
}

function toCount(denied: number): string {
  return denied === 0 ? "Done." : `${denied} ${denied === 1 ? "prompt" : "prompts"} denied.`;
}
