/**
 * The hub's status on this tab, read again every few seconds while the tab is visible.
 *
 * Owns: when it is asked. Never: how it looks.
 */
import { useEffect, useState } from "preact/hooks";
import type { StatusView } from "../api/wire/wire.ts";
import { toMessage } from "../sdk/errors.ts";
import { call } from "./api.ts";

const EVERY_MS = 5_000;

/** The last one that was read stays while a new one cannot be. */
export function useStatus(): { status: StatusView | undefined; reason: string | undefined } {
  const [status, setStatus] = useState<StatusView>();
  const [reason, setReason] = useState<string>();
  useEffect(() => {
    const look = (): void => {
      call<StatusView>("status").then(
        (view) => {
          setStatus(view);
          setReason(undefined);
        },
        (thrown: unknown) => setReason(toMessage(thrown)),
      );
    };
    look();
    const timer = setInterval(() => document.visibilityState === "visible" && look(), EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  return { status, reason };
}
