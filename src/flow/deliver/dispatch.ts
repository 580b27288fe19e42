/**
 * Stage 7, dispatch: the moment at which waiting events, claims and pace meet.
 *
 * Owns: when a session is evaluated, and sending bells and pushes. Never: answers a client's call (deliver.ts), or
 * decides whether now is a good time (pace.ts).
 *
 * DISPATCH-1 No event's commit waits for a look that can offer nothing yet: an event that gathers company (PACE-5) is looked at once it is
 *    on disk. An urgent event is looked at in the turn that stores it: one flush of the disk then serves the event and its offer.
 */
import { randomBytes } from "node:crypto";
import type { LaneName } from "../../sdk/event.ts";
import type { EventClaim } from "../../store/events/inbox.ts";
import { addWake, readWakeTimes } from "../../store/sessions/sessions.ts";
import {
  type Due,
  readDue,
  summariseWaiting,
  type WaitingSummary,
} from "../../store/events/waiting.ts";
import {
  type Attachment,
  beginTurn,
  giveUp,
  isBusy,
  isSurelyBusy,
  noteRing,
} from "../session/attachment.ts";
import { readBundles, toScreenLines } from "../text/bundles.ts";
import type { SendsEvents } from "../lanes/lane.ts";
import type { LeaseMessage, Leases } from "../session/leases.ts";
import { toBellLine } from "../text/note.ts";
import { addAttempts, type AttemptOptions, listInFlight } from "./attempts.ts";
import { toMessages } from "./messages.ts";
import {
  BURST_MS,
  HOUR_MS,
  isAnyDue,
  MOST_PRESSING,
  pace,
  type Pace,
  type PaceInput,
  RING_AGAIN_MS,
  toWakesLeft,
} from "./pace.ts";
import { type QuietHours, toQuietEnd } from "./quiet.ts";
import type { Requeue } from "./requeue.ts";
import type { Router } from "../route/router.ts";
import type { RetryWrites } from "../retry-write.ts";

/** How many waiting events are counted for a line. */
export const COUNT_CAP = 1_000;

/** What the pace of every session depends on. */
export type PaceOptions = {
  /** Why no lane may deliver to a client of this command line, by the organisation's policy; undefined where it may. */
  readPolicy: (argv?: readonly string[]) => string | undefined;
  readQuiet?: () => QuietHours | undefined;
  /** How long a burst is gathered; the default is the product. */
  burstMs?: number;
};

export type DispatchOptions = PaceOptions &
  AttemptOptions & {
    leases: Pick<Leases, "ring" | "push">;
    router: Router;
    requeue: Requeue;
    writes: RetryWrites;
    /** The person at a terminal is shown what comes. */
    isShown?: boolean;
  };

export class Dispatch {
  readonly #options: DispatchOptions;
  readonly #scheduler = new Scheduler();
  #scheduled = false;
  #lookedAt = 0;
  #cancelTimer: (() => void) | undefined;
  #closed = false;

  constructor(options: DispatchOptions) {
    this.#options = options;
  }

  /** Something changed, for one attachment or for all: they are looked at before this turn of the event loop commits. */
  changed(attachment?: Attachment): void {
    if (attachment === undefined) this.#scheduler.addAll();
    else this.#scheduler.add(attachment.id);
    this.arrived();
  }

  /** Events have begun to wait, or it is time: looked at in the turn that is open, or else in the next. */
  arrived(): void {
    if (this.#scheduled || this.#closed) return;
    this.#scheduled = true;
    const { db, writes } = this.#options;
    db.atTurnEnd(() => {
      this.#scheduled = false;
      if (!this.#closed) writes.runWithRetry("all", async () => this.#look());
    });
  }

  /** Whether what is so pressing would reach a session now. */
  judge(attachment: Attachment, due: Due): Pace {
    return pace({ ...this.#readPace(attachment), due });
  }

  close(): void {
    this.#closed = true;
    this.#cancelTimer?.();
  }

  #look(): void {
    const { clock, router } = this.#options;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    const now = clock.now();
    // The clock was set back: the times that were set are of another clock.
    if (now < this.#lookedAt) this.#scheduler.addAll();
    this.#lookedAt = now;
    const { ids, isAll } = this.#scheduler.take(now);
    for (const [attachment, claim] of router.concerned(ids, isAll)) {
      if (attachment.lane.sends.kind !== "nothing")
        this.#scheduler.set(attachment.id, this.#advance(attachment, claim));
    }
    const next = this.#scheduler.next();
    if (Number.isFinite(next)) {
      this.#cancelTimer = clock.after(Math.max(5, next - clock.now()), () => this.arrived());
    }
  }

  /** Takes one attachment as far as it goes now. Returns when to look again (epoch ms). */
  #advance(attachment: Attachment, claim: EventClaim): number {
    const { db, clock, router, requeue } = this.#options;
    const checkAt =
      attachment.lane.check === undefined ? Number.POSITIVE_INFINITY : requeue.check(attachment);
    if (claim.addresses.length === 0) return checkAt;
    // Most permissive guess first: while that holds, what waits need not be read.
    const state = this.#readPace(attachment);
    const guess = pace({ ...state, due: MOST_PRESSING });
    if (guess.kind === "hold") return Math.min(checkAt, guess.until ?? Number.POSITIVE_INFINITY);
    const due = readDue(db, claim);
    if (!isAnyDue(due)) {
      router.drop(claim);
      return checkAt;
    }
    const decision = pace({ ...state, due });
    switch (decision.kind) {
      case "hold":
        return Math.min(checkAt, decision.until ?? Number.POSITIVE_INFINITY);
      case "give-up":
        giveUp(attachment, decision.reason);
        // Another session may be able to take what waits for this one.
        this.changed();
        return checkAt;
      case "go":
        this.#send(attachment, claim, due);
        return clock.now() + RING_AGAIN_MS;
      default:
        return decision satisfies never;
    }
  }

  /** All that its pace depends on but what waits. */
  #readPace(attachment: Attachment): Omit<PaceInput, "due"> & { attachment: Attachment } {
    const { db, clock, readPolicy, readQuiet, burstMs = BURST_MS } = this.#options;
    const now = clock.now();
    const quiet = readQuiet?.();
    return {
      attachment,
      wakes: readWakeTimes(db, attachment.session, now - HOUR_MS),
      inFlight: attachment.lane.sends.kind === "events" ? listInFlight(db, attachment) : [],
      policy: readPolicy(attachment.client.argv),
      quietEndsAt: quiet && toQuietEnd(quiet, now),
      quietZone: quiet?.zone,
      burstMs,
      now,
    };
  }

  #send(attachment: Attachment, claim: EventClaim, due: Due): void {
    const { lane } = attachment;
    switch (lane.sends.kind) {
      case "bell":
        return this.#ring(attachment, summariseWaiting(this.#options.db, claim, COUNT_CAP));
      case "events":
        return this.#push(attachment, lane.name, lane.sends, claim, due);
      case "nothing":
        return undefined;
      default:
        return lane.sends satisfies never;
    }
  }

  #ring(attachment: Attachment, waiting: WaitingSummary): void {
    const { clock, db, leases, writes } = this.#options;
    const now = clock.now();
    const bell = randomBytes(4).toString("hex");
    const line = toBellLine(waiting, bell);
    const takeBack = noteRing(attachment, bell, now);
    const wake = { at: now, urgent: waiting.urgent > 0, chars: line.length, bell };
    writes.runWithRetry(attachment.id, async () => {
      try {
        await db.write(() => addWake(db, attachment.session, wake));
      } catch (thrown) {
        // Nothing was printed, so this was no attempt to be heard.
        takeBack();
        throw thrown;
      }
      leases.ring(attachment.id, line);
    });
  }

  /** The events themselves, each as one notification, or many of them in the lines of one. */
  #push(
    attachment: Attachment,
    lane: LaneName,
    sends: SendsEvents,
    claim: EventClaim,
    due: Due,
  ): void {
    const { clock, db, leases, writes, isShown = true } = this.#options;
    const now = clock.now();
    const busy = isBusy(attachment, now);
    const { wakes, inFlight } = this.#readPace(attachment);
    const room = sends.room(attachment, inFlight, now);
    const joins = isSurelyBusy(attachment, now) && sends.joinsTurn?.(attachment, inFlight) === true;
    // Of several that are sent to an idle session the first starts a turn, and the others start the next one.
    const startsTwo = !busy && room > 1;
    const fitting = startsTwo && toWakesLeft({ due, wakes, now }) < 2 ? 1 : room;
    const mayDigest = room > 1 || attachment.health === "proven";
    const messages = toMessages(db, readBundles(db, claim), fitting, mayDigest);
    const pushed = messages.map(({ content, meta, bundles }): LeaseMessage => {
      const message = { kind: "channel", content, meta } as const;
      const screen = isShown && sends.showsLines === true ? toScreenLines(db, bundles) : [];
      return screen.length === 0 ? message : { ...message, screen };
    });
    const turns = joins ? 0 : Math.min(startsTwo ? 2 : 1, messages.length);
    writes.runWithRetry(attachment.id, async () => {
      await db.write(() => {
        const receipt = sends.toReceipt(attachment, now);
        for (const { bundles, how, carrier } of messages)
          addAttempts(this.#options, attachment, bundles, { lane, receipt, how, carrier });
        const chars = messages.reduce((sum, { content }) => sum + content.length, 0);
        for (let turn = 0; turn < turns; turn++)
          addWake(db, attachment.session, {
            at: now,
            urgent: due.urgentSince !== undefined,
            chars: turn === 0 ? chars : 0,
            bell: null,
          });
      });
      for (const message of pushed) leases.push(attachment.id, message);
      // A push starts a turn, and no hook has to tell of it: what comes now comes after that turn.
      if (!busy && sends.startsTurn(attachment)) beginTurn(attachment, undefined, now);
      this.changed(attachment);
    });
  }
}

/** Which attachments must be looked at again, and when: so an event costs work for the sessions that it concerns, and not for every session. */
class Scheduler {
  #isAll = false;
  readonly #now = new Set<string>();
  readonly #due = new Map<string, number>();

  /** One session gave a sign. */
  add(id: string): void {
    this.#now.add(id);
  }

  /** Something changed for everybody. */
  addAll(): void {
    this.#isAll = true;
  }

  /** Look again at `at` (epoch ms); never, where it is infinite. */
  set(id: string, at: number): void {
    if (Number.isFinite(at)) this.#due.set(id, at);
    else this.#due.delete(id);
  }

  /** Attachments to evaluate now; `isAll` adds every attachment with waiting events. */
  take(now: number): { ids: Set<string>; isAll: boolean } {
    const ids = new Set(this.#now);
    for (const [id, at] of this.#due) if (this.#isAll || at <= now) ids.add(id);
    const isAll = this.#isAll;
    this.#isAll = false;
    this.#now.clear();
    for (const id of ids) this.#due.delete(id);
    return { ids, isAll };
  }

  /** When the next one is due (epoch ms). */
  next(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const at of this.#due.values()) next = Math.min(next, at);
    return next;
  }
}
