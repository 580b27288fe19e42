/**
 * The state of the hub: channels, sessions, the next steps; and signing this browser out.
 *
 * Owns: its looks. Never: changes anything else.
 */
import type { ComponentChildren, JSX } from "preact";
import { useEffect } from "preact/hooks";
import { toChannelState } from "../../sdk/show/channel-state.ts";
import { call } from "../api.ts";
import { showTitle } from "../title.ts";
import { useStatus } from "../use-status.ts";
import { useTask } from "../use-task.ts";
import "./lists.css";
import "./status.css";

/** `none`: nothing was delivered since the session came. */
const DELIVERY = {
  proven: "delivery proven",
  unproven: "delivery unproven",
  none: "delivery not tested yet",
} as const;

export function StatusPage({ signedOut }: { signedOut: () => void }): JSX.Element {
  const { status, reason } = useStatus();
  useEffect(() => showTitle("Status · Sluice"), []);
  return (
    <main class="status">
      {reason !== undefined && <p role="alert">{reason}</p>}
      {status !== undefined && (
        <>
          <Part title="Next" items={status.next} none="Nothing to do." show={(step) => step} />
          <Part
            title="Sessions"
            items={status.sessions}
            none="No session is open."
            show={(one) => (
              <>
                <b>{one.label}</b>
                <span class={`state ${one.state}`}>{DELIVERY[one.state]}</span>
                <span>{one.busy ? "busy" : "idle"}</span>
                <span>{one.reason ?? one.silence ?? one.cwd}</span>
              </>
            )}
          />
          <Part
            title="Channels"
            items={status.channels}
            none="No channels."
            show={(one) => (
              <>
                <b>{one.name}</b>
                <span class={`state ${toChannelState(one).replaceAll(" ", "-")}`}>
                  {toChannelState(one)}
                </span>
                <span>{one.kind}</span>
                <span>{one.reason ?? one.url ?? ""}</span>
              </>
            )}
          />
          <Part
            title="Events"
            items={[Object.entries(status.events)]}
            none="None."
            show={(counts) =>
              counts.map(([state, count]) => (
                <span>
                  <b>{count}</b> {state}
                </span>
              ))
            }
          />
        </>
      )}
      <SignOut signedOut={signedOut} />
    </main>
  );
}

function SignOut({ signedOut }: { signedOut: () => void }): JSX.Element {
  const { reason, run } = useTask();
  return (
    <p class="sign-out">
      <button type="button" onClick={() => run(call("sign-out", {}).then(signedOut))}>
        Sign this browser out
      </button>
      {reason !== undefined && (
        <span class="bad" role="alert">
          {reason}
        </span>
      )}
    </p>
  );
}

function Part<T>(props: {
  title: string;
  items: readonly T[];
  none: string;
  show: (item: T) => ComponentChildren;
}): JSX.Element {
  return (
    <section>
      <h2>{props.title}</h2>
      {props.items.length === 0 ? (
        <p class="none">{props.none}</p>
      ) : (
        <ul class="panel">
          {props.items.map((item) => (
            <li>{props.show(item)}</li>
          ))}
        </ul>
      )}
    </section>
  );
}
