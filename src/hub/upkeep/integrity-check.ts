/**
 * The deferred integrity check: an inbox that was shut down cleanly opens unread, and is read whole after the first deliveries.
 *
 * Owns: when, and that a damaged one closes the hub. Never: reads it by itself (store/file/late-check.ts).
 */
import type { Clock } from "../../sdk/clock.ts";
import { toMessage } from "../../sdk/errors.ts";
import type { Logger } from "../../sdk/log.ts";
import type { Database } from "../../store/file/database.ts";
import { checkLater } from "../../store/file/late-check.ts";

export type IntegrityCheckOptions = {
  db: Database;
  clock: Clock;
  log: Logger;
  stop: (reason: string) => void;
};

/** Waiting events are delivered first. */
const AFTER_MS = 5_000;

/** Starts it where it is needed. Call the returned function to break it off: the next start then reads the whole file first. */
export function startIntegrityCheck({ db, clock, log, stop }: IntegrityCheckOptions): () => void {
  if (db.isChecked) return () => {};
  log.info({}, "the inbox is as its clean end left it: it is read whole later");
  let cancelCheck = (): void => {};
  const cancelTimer = clock.after(AFTER_MS, () => {
    const check = checkLater(db.path);
    cancelCheck = check.cancel;
    check.done.then(
      (checked) => {
        if (checked.kind === "sound") {
          db.noteChecked();
          log.info({}, "the inbox was read whole and is sound");
        }
        if (checked.kind !== "damaged") return;
        log.error({ fault: checked.fault }, "the inbox is damaged: the hub stops");
        stop("the inbox is damaged");
      },
      (thrown: unknown) => {
        log.warn(
          { error: toMessage(thrown) },
          "the inbox could not be checked; the next start does it",
        );
      },
    );
  });
  return () => {
    cancelTimer();
    cancelCheck();
  };
}
