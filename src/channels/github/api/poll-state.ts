/**
 * What is kept of the lists that a poll reads.
 *
 * Owns: that shape. Pure.
 */
import { at, countAt, listAt, textAt } from "../../../sdk/json.ts";

export type PollState = {
  /** When it first looked. */
  from: number;
  /** Events that are known, the newest last. */
  seen: readonly string[];
  etag: string | undefined;
  /** Attempts of runs that have ended and are known; undefined until the list was read. */
  runs?: readonly string[] | undefined;
  runsEtag?: string | undefined;
};

export function parsePollState(state: unknown): PollState | undefined {
  const from = countAt(state, "from");
  if (from === undefined) return undefined;
  const toIds = (path: string): string[] =>
    listAt(state, path).filter((one) => typeof one === "string");
  const runsEtag = textAt(state, "runsEtag");
  return {
    from,
    seen: toIds("seen"),
    etag: textAt(state, "etag"),
    ...(Array.isArray(at(state, "runs")) && { runs: toIds("runs") }),
    ...(runsEtag !== undefined && { runsEtag }),
  };
}
