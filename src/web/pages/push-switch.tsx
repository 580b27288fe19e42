/**
 * The switch for notifications of this browser.
 *
 * Owns: its looks, and the reason where notifications are not possible. Never: subscribes (push.ts).
 */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { type PushState, readPush, switchPushOff, switchPushOn } from "../push.ts";
import { useTask } from "../use-task.ts";

export function PushSwitch(): JSX.Element {
  const [state, setState] = useState<PushState>();
  const { isBusy, reason, run } = useTask();
  useEffect(() => run(readPush().then(setState)), []);
  const isOn = state?.kind === "on";
  return (
    <div class="away fine">
      <button
        type="button"
        role="switch"
        aria-checked={isOn}
        disabled={
          isBusy || state === undefined || state.kind === "missing" || state.kind === "blocked"
        }
        onClick={() => run((isOn ? switchPushOff() : switchPushOn()).then(setState))}
      >
        Notifications
      </button>
      <span>{toHint(state)}</span>
      {reason !== undefined && (
        <span class="bad" role="alert">
          Notifications could not be switched: {reason}
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
