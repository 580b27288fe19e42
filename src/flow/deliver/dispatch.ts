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
import { Scheduler } from "./scheduler.ts";
import {
  type Attachment,
  beginTurn,
  changeLane,
  giveUp,
  isBusy,
  isSurelyBusy,
  noteRing,
} from "../session/attachment.ts";
import { readBundles, toOutgoing } from "../text/bundles.ts";
import { chooseFallback } from "../lanes/choose-lane.ts";
import type { SendsEvents } from "../lanes/lane.ts";
import type { Leases } from "../session/leases.ts";
import { toAttempt, toBellLine } from "../text/note.ts";
import { addAttempts, type AttemptOptions, listInFlight, listOut } from "./attempts.ts";
import {
  BURST_MS,
  HOUR_MS,
  isAnyDue,
  MOST_PRESSING,
  pace,
  type Pace,
  type PaceInput,
  type QuietHours,
  RING_AGAIN_MS,
  toQuietEnd,
} from "./pace.ts";
import type { Requeue } from "./requeue.ts";
import type { Router } from "../route/router.ts";
import { toBody, toMeta } from "../text/shape.ts";
import type { RetryWrites } from "../retry-write.ts";

/** How many waiting events are counted for a line. */
export const COUNT_CAP = 1_000;
/** Full text on the channel lane, in characters. */
const CHANNEL_QUOTE_MAX_CHARS = 8_192;

/** What the pace of every session depends on. */
export type PaceOptions = {
  /** Why no lane may deliver, by the organisation's policy; undefined where it may. */
  readPolicy: () => string | undefined;
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
    const { db, clock, router } = this.#options;
    const checkAt = this.#checkHealth(attachment);
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
        this.#send(attachment, claim, due.urgentSince !== undefined);
        return clock.now() + RING_AGAIN_MS;
      default:
        return decision satisfies never;
    }
  }

  /** All that its pace depends on but what waits. */
  #readPace(attachment: Attachment): Omit<PaceInput, "due"> & { attachment: Attachment } {
    const { db, clock, readPolicy, readQuiet, burstMs = BURST_MS } = this.#options;
    const now = clock.now();
    return {
      attachment,
      wakes: readWakeTimes(db, attachment.session, now - HOUR_MS),
      inFlight: attachment.lane.sends.kind === "events" ? listInFlight(db, attachment) : [],
      policy: readPolicy(),
      quietEndsAt: toQuietEnd(readQuiet?.(), now),
      burstMs,
      now,
    };
  }

  #send(attachment: Attachment, claim: EventClaim, urgent: boolean): void {
    const { lane } = attachment;
    switch (lane.sends.kind) {
      case "bell":
        return this.#ring(attachment, summariseWaiting(this.#options.db, claim, COUNT_CAP));
      case "events":
        return this.#push(attachment, lane.name, lane.sends, claim, urgent);
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

  /** The events themselves, each as one notification. */
  #push(
    attachment: Attachment,
    lane: LaneName,
    sends: SendsEvents,
    claim: EventClaim,
    urgent: boolean,
  ): void {
    const { clock, db, leases, writes } = this.#options;
    const now = clock.now();
    const busy = isBusy(attachment, now);
    const room = sends.room(attachment, listInFlight(db, attachment), now);
    const outgoing = toOutgoing(db, readBundles(db, claim).slice(0, room));
    writes.runWithRetry(attachment.id, async () => {
      await db.write(() => {
        const receipt = sends.toReceipt(attachment, now);
        const bundles = outgoing.map(({ bundle }) => bundle);
        addAttempts(this.#options, attachment, bundles, { lane, receipt });
        if (!isSurelyBusy(attachment, now))
          addWake(db, attachment.session, { at: now, urgent, chars: 0, bell: null });
      });
      for (const one of outgoing) {
        leases.push(attachment.id, {
          kind: "channel",
          content: toBody(one.event, toAttempt(one), CHANNEL_QUOTE_MAX_CHARS),
          meta: toMeta(one.event, toAttempt(one)),
        });
      }
      // A push starts a turn, and no hook has to tell of it: what comes now comes after that turn.
      if (!busy && sends.startsTurn(attachment)) beginTurn(attachment, undefined, now);
      this.changed(attachment);
    });
  }

  /** Whether what is out will still be read; leaves a lane that is closed. Returns when to ask again (epoch ms). */
  #checkHealth(attachment: Attachment): number {
    const { clock, db, requeue } = this.#options;
    const { lane } = attachment;
    if (lane.check === undefined) return Number.POSITIVE_INFINITY;
    const found = lane.check(attachment, listOut(db, attachment), clock.now());
    switch (found.kind) {
      case "open":
        return found.until;
      case "lost": {
        const deliveries = found.deliveries.map(({ id }) => id);
        requeue.giveBack(attachment, { kind: "lost", deliveries, reason: found.reason });
        return Number.POSITIVE_INFINITY;
      }
      case "closed": {
        const next = chooseFallback(attachment);
        changeLane(attachment, next.lane, next.health, found.reason);
        requeue.giveBackCut(attachment, found.reason);
        return Number.POSITIVE_INFINITY;
      }
      default:
        return found satisfies never;
    }
  }
}
