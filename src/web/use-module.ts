/**
 * Loads a page when it is first opened: a user who only chats does not wait for the others.
 */
import { useEffect, useState } from "preact/hooks";

export type Module<M> = { kind: "ready"; module: M } | { kind: "waiting" } | { kind: "failed" };

/** `load` must be the same function every time. A file that is gone means that the hub was updated under an open tab. */
export function useModule<M>(load: () => Promise<M>, isWanted: boolean): Module<M> {
  const [state, setState] = useState<Module<M>>({ kind: "waiting" });
  useEffect(() => {
    if (!isWanted || state.kind === "ready") return;
    load().then(
      (module) => setState({ kind: "ready", module }),
      () => setState({ kind: "failed" }),
    );
  }, [isWanted]);
  return state;
}
