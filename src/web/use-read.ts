/**
 * One thing of the hub's that is shown while it changes.
 *
 * Owns: reading it again whenever `version` changes. The last answer stays while a newer one cannot be read.
 */
import { useEffect, useState } from "preact/hooks";
import { toMessage } from "../sdk/errors.ts";
import { call } from "./api.ts";

/** `isNews`: false for a fault that the page already shows elsewhere. */
export function useRead<T>(path: string, version: number, isNews?: (thrown: unknown) => boolean) {
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
      (thrown: unknown) => isGone || isNews?.(thrown) === false || setReason(toMessage(thrown)),
    );
    return () => {
      isGone = true;
    };
  }, [path, version]);
  return { value, setValue, reason };
}
