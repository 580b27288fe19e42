/**
 * One thing of the hub's that is shown while it changes.
 *
 * Owns: reading it again whenever `version` changes. The last answer stays while a newer one cannot be read.
 */
import { useEffect, useState } from "preact/hooks";
import { toMessage } from "../sdk/errors.ts";
import { call, Fault } from "./api.ts";

/** `isWorthSaying`: false for a fault that the page says elsewhere. */
export function useRead<T>(
  path: string,
  version: number,
  isWorthSaying: (thrown: unknown) => boolean = () => true,
): { value: T | undefined; setValue: (value: T) => void; reason: string | undefined } {
  const [value, setValue] = useState<T>();
  const [reason, setReason] = useState<string>();
  useEffect(() => {
    let isGone = false;
    call<T>(path).then(
      (read) => {
        if (isGone) return;
        setValue(read);
        setReason(undefined);
      },
      (thrown: unknown) => {
        if (!isGone && isWorthSaying(thrown)) setReason(toMessage(thrown));
      },
    );
    return () => {
      isGone = true;
    };
  }, [path, version]);
  return { value, setValue, reason };
}

/** True where no hub answered: the bar of the page says so already. */
export function isAnswered(thrown: unknown): boolean {
  return !(thrown instanceof Fault && thrown.status === 0);
}
