/**
 * The switch for notifications of this browser.
 *
 * Owns: its looks, and the reason where notifications are not possible. Never: subscribes (push.ts).
 */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { type PushState, readPush, switchPushOff, switchPushOn } from "../push.ts";

export function PushSwitch(): JSX.Element {
  const [state, setState] = useState<PushState>();
  const [reason, setReason] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const run = (work: () => Promise<PushState>): void => {
    setBusy(true);
    work()
      .then(
        (now) => {
          setState(now);
          setReason(undefined);
        },
        (thrown: unknown) => setReason(toReason(thrown)),
      )
      .finally(() => setBusy(false));
  };
  useEffect(() => run(readPush), []);
  const isOn = state?.kind === "on";
  return (
    <div class="away">
      <button
        type="button"
        role="switch"
        aria-checked={isOn}
        disabled={
          isBusy || state === undefined || state.kind === "missing" || state.kind === "blocked"
        }
        onClick={() => run(isOn ? switchPushOff : switchPushOn)}
      >
        Notifications
      </button>
      <span>{toHint(state)}</span>
      {reason !== undefined && (
        <span class="bad" role="alert">
          {reason}
        </span>
      )}
    </div>
  );
}

function toHint(state: PushState | undefined): string {
  switch (state?.kind) {
    case undefined:
      return "";
    case "on":
      return "On: this browser shows a notification for each prompt.";
    case "off":
      return "Off";
    case "blocked":
      return "Blocked in this browser's settings for this page.";
    case "missing":
      return state.why;
    default:
      return state satisfies never;
  }
}

function toReason(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return `Notifications could not be switched: ${text}`;
}
