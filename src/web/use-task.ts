/**
 * Work that a person starts: whether it still runs, and why it failed the last time.
 */
import { useState } from "preact/hooks";
import { toMessage } from "../sdk/errors.ts";

export function useTask() {
  const [isBusy, setBusy] = useState(false);
  const [reason, setReason] = useState<string>();
  const run = (work: Promise<unknown>): void => {
    setBusy(true);
    work
      .then(
        () => setReason(undefined),
        (thrown: unknown) => setReason(toMessage(thrown)),
      )
      .finally(() => setBusy(false));
  };
  return { isBusy, reason, run };
}
