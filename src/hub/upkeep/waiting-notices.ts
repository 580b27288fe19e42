/**
 * Notices of events that wait too long for a session that is not open.
 *
 * Owns: when such events are looked for; each is reported once. Never: finds or words them (flow/route/overdue.ts), or sends.
 *
 * The hour also ends subscriptions of sessions that are gone for good.
 */
import type { Delivery } from "../../flow/deliver/deliver.ts";
import { listOverdue, type Overdue } from "../../flow/route/overdue.ts";
import type { Clock } from "../../sdk/clock.ts";
import { toMessage } from "../../sdk/errors.ts";
import type { Logger } from "../../sdk/log.ts";
import type { Database } from "../../store/file/database.ts";
import { readNotifiedSince, setNotifiedSince } from "../../store/sessions/notified.ts";
import type { Core } from "../core.ts";
import type { Notices } from "../notices.ts";
import type { Settings } from "../settings/settings.ts";
import { isDue } from "./upkeep.ts";

export type WaitingNoticesOptions = {
  db: Database;
  clock: Clock;
  log: Logger;
  delivery: Delivery;
  /** Minutes; 0 is never. */
  readAfterMinutes: () => number;
  /** Queues a notice for where the owner wants it; inside `database.write`. */
  notify: (text: string, now: number) => void;
  /** After COMMIT of what `notify` queued. */
  notified: () => void;
};

export function openWaitingNotices(
  { db, clock, log }: Core,
  {
    delivery,
    settings,
    notices,
  }: { delivery: Delivery; settings: Settings; notices: Pick<Notices, "newNotifier"> },
): WaitingNotices {
  return new WaitingNotices({
    db,
    clock,
    log,
    delivery,
    readAfterMinutes: () => settings.routing.noticeAfterMinutes,
    ...notices.newNotifier(),
  });
}

const ROUND_MS = 60_000;
const PURGE_EVERY_MS = 3_600_000;

export class WaitingNotices {
  readonly #options: WaitingNoticesOptions;
  #purgedAt = 0;
  #isClosed = false;
  #cancel: () => void = () => {};

  constructor(options: WaitingNoticesOptions) {
    this.#options = options;
    this.#schedule();
  }

  /** What the owner should know now. */
  list(): Overdue[] {
    const { db, clock, delivery, readAfterMinutes } = this.#options;
    const minutes = readAfterMinutes();
    if (minutes === 0) return [];
    const { router, watchers } = delivery;
    const now = clock.now();
    return listOverdue({ db, router, watchers }, now - minutes * 60_000, now);
  }

  close(): void {
    this.#isClosed = true;
    this.#cancel();
  }

  #schedule(): void {
    const { clock, log } = this.#options;
    this.#cancel = clock.after(ROUND_MS, () => {
      this.#round()
        .catch((thrown: unknown) => {
          if (!this.#isClosed)
            log.warn(
              { error: toMessage(thrown) },
              "notices of events that wait too long could not be sent",
            );
        })
        .finally(() => {
          if (!this.#isClosed) this.#schedule();
        });
    });
  }

  async #round(): Promise<void> {
    const { db, clock, log, delivery, notify, notified } = this.#options;
    const now = clock.now();
    const told = readNotifiedSince(db);
    const overdue = this.list();
    // Told again only once what was told of is gone: then the oldest that waits is a later one.
    const untold = overdue.filter(({ address, since }) => (told.get(address) ?? 0) < since);
    const isOver = [...told.keys()].some((one) => !overdue.some(({ address }) => address === one));
    if (untold.length > 0 || isOver) {
      await db.write(() => {
        setNotifiedSince(db, new Map(overdue.map(({ address, since }) => [address, since])));
        for (const { text } of untold) notify(`Sluice: ${text}.`, now);
      });
      for (const { channel, count, text } of untold) log.warn({ channel, count }, text);
      notified();
    }
    if (!isDue(this.#purgedAt, PURGE_EVERY_MS, now)) return;
    this.#purgedAt = now;
    await delivery.watchers.purge([...delivery.leases].map(({ session }) => session));
  }
}
