/**
 * Stage 7, deliver: brings what waits into sessions, one lane per event.
 *
 * Owns: the moment at which waiting events, claims and pace meet; offers and their return. Never: talks to a client itself.
 *
 * E1 `offered` is committed, with the receipt that will prove it, before anything leaves.
 * E2 An event has at most one open delivery.
 * E3 What is lost with its session goes back to the inbox, marked as replayed the next time; after five attempts it is dead.
 */
import { randomBytes } from "node:crypto";
import type { Arrival } from "../sdk/event.ts";
import type { Database } from "../store/database.ts";
import { listOpen, listOpenAttachments } from "../store/deliveries.ts";
import type { Claim, StoredEvent } from "../store/inbox.ts";
import { readLabel } from "../store/session-names.ts";
import { addWake, addWakeChars, readWakeTimes } from "../store/sessions.ts";
import { readDue, summariseWaiting, type WaitingSummary } from "../store/waiting.ts";
import { Agenda } from "./agenda.ts";
import { type Attachment, beginTurn, isBusy, isSurelyBusy } from "./attachment.ts";
import { makeNote, makePage, readBundles, toOutgoing } from "./bundles.ts";
import { Leases, type LeaseOptions } from "./leases.ts";
import { toAttempt, toBellLine } from "./note.ts";
import {
  addOffers,
  applyReceipts,
  giveBackAll,
  isOnBell,
  isOnChannel,
  isPushed,
  type OfferOptions,
  noteQueued,
  withdrawBell,
} from "./offers.ts";
import {
  BURST_MS,
  HOUR_MS,
  isAnyDue,
  MOST_PRESSING,
  pace,
  type PaceInput,
  RING_AGAIN_MS,
  toDue,
  WINDOW_EVENTS,
} from "./pace.ts";
import { proveChannel } from "./proof.ts";
import { type QuietHours, toQuietEnd } from "./quiet.ts";
import { type Receipt, type Signal, toReceipts, toStopReceipt } from "./receipt.ts";
import { Returns } from "./returns.ts";
import { WAITS_FOR } from "./route.ts";
import { Router } from "./router.ts";
import { toBody, toMeta } from "./shape.ts";
import { toTarget } from "./session-book.ts";
import { Writes } from "./writes.ts";
import { type RuleRead, Watchers } from "./watchers.ts";

/** After a restart: how long open deliveries wait for their shims to come back. */
const REATTACH_MS = 15_000;
const COUNT_CAP = 1_000;
/** Full text on the channel lane, in characters. */
const CHANNEL_QUOTE_MAX_CHARS = 8_192;

export type DeliveryOptions = Omit<LeaseOptions, "events"> & {
  db: Database;
  /** Why no lane may deliver, by the organisation's policy; undefined where it may. */
  readPolicy: () => string | undefined;
  readQuiet?: () => QuietHours | undefined;
  /** The owner's routing rules; none where absent. */
  readRules?: RuleRead;
  /** An attachment is gone for good. */
  lost?: (attachment: Attachment, reason: string) => void;
  /** How long a burst is gathered; the default is the product. */
  burstMs?: number;
};

export class Delivery {
  readonly leases: Leases;
  readonly router: Router;
  readonly watchers: Watchers;
  readonly #agenda = new Agenda();
  readonly #options: DeliveryOptions & OfferOptions;
  readonly #writes: Writes;
  readonly #returns: Returns;
  #scheduled = false;
  #lookedAt = 0;
  #cancelTimer: (() => void) | undefined;
  #cancelRecovery: (() => void) | undefined;
  #closed = false;

  constructor(options: DeliveryOptions) {
    this.#options = { ...options, why: (address, one) => this.router.why(address, one) };
    this.#writes = new Writes(options, () => this.changed());
    this.#returns = new Returns({
      ...options,
      writes: this.#writes,
      isThere: (id) => this.leases.find(id) !== undefined,
      changed: () => this.changed(),
    });
    this.leases = new Leases({
      ...options,
      readLabel: (session) => readLabel(options.db, session),
      events: {
        changed: () => this.rerouted(),
        lost: (attachment, reason) => {
          this.rerouted();
          this.#returns.giveUpAll(attachment.id, reason);
          options.lost?.(attachment, reason);
        },
        cut: (attachment) => this.#returns.giveBackCut(attachment),
      },
    });
    this.watchers = new Watchers({ ...options, changed: () => this.rerouted() });
    this.router = new Router({ ...options, attachments: this.leases, watched: this.watchers });
    this.#recover();
  }

  /**
   * Something changed, for one attachment (a hook came) or for all: look again before this turn of the event loop commits.
   * Events that begin to wait are found by themselves.
   */
  changed(attachment?: Attachment): void {
    if (attachment === undefined) this.#agenda.addAll();
    else this.#agenda.add(attachment.id);
    this.arrived();
  }

  /** Who may have what has changed: sessions came, went or changed their names; subscriptions or rules did. */
  rerouted(): void {
    this.router.forget();
    this.changed();
  }

  /** An event was stored, in this turn's transaction: who it is for is written with it. */
  stored(id: string, arrival: Arrival): void {
    this.watchers.assign(id, arrival, toTarget(arrival.session, this.#options.db, this.leases));
    this.arrived();
  }

  /** Events may have begun to wait. */
  arrived(): void {
    if (this.#scheduled || this.#closed) return;
    this.#scheduled = true;
    this.#options.db.atTurnEnd(() => {
      this.#scheduled = false;
      if (!this.#closed) this.#writes.settle("all", async () => this.#dispatch());
    });
  }

  /** What a session may take now, and how much of it waits. */
  readWaitingFor(attachment: Attachment): { claim: Claim; waiting: WaitingSummary } {
    const claim = this.router.claim(attachment);
    return { claim, waiting: summariseWaiting(this.#options.db, claim, COUNT_CAP) };
  }

  /** Why no lane may deliver now, by the organisation's policy; undefined where it may. */
  get policy(): string | undefined {
    return this.#options.readPolicy();
  }

  /** Offers what waits as one note in a turn that our bell started. Undefined when nothing waits any more. */
  async offerNote(
    attachment: Attachment,
    promptId: string,
    bell: string,
  ): Promise<string | undefined> {
    const { db, clock } = this.#options;
    const note = await this.#writes.write(() => {
      // The same bell again: the shim had no answer to the first call (the hub died in it) and asks once more.
      withdrawBell(this.#options, attachment, bell, "its hook call was repeated");
      const { claim, waiting } = this.readWaitingFor(attachment);
      const made = makeNote(db, claim, waiting);
      const offer = { lane: "monitor", receipt: promptId, bell } as const;
      addOffers(this.#options, attachment, made.taken, offer);
      addWakeChars(db, bell, made.taken.length === 0 ? 0 : made.text.length);
      return made;
    });
    attachment.lastActiveAt = clock.now();
    return note.taken.length === 0 ? undefined : note.text;
  }

  /** Offers a page of what waits as the result of a tool call. */
  async offerPage(attachment: Attachment, toolUseId: string | undefined): Promise<string> {
    const { db } = this.#options;
    const note = await this.#writes.write(() => {
      const claim = this.router.readerClaim(attachment);
      const open = listOpen(db, attachment.id).map((delivery) => delivery.event);
      const made = makePage(db, claim, summariseWaiting(db, claim, COUNT_CAP), open);
      const offer = { lane: "pull", receipt: toolUseId ?? null } as const;
      addOffers(this.#options, attachment, made.taken, offer);
      return made;
    });
    return note.text;
  }

  /**
   * The answer to the latest prompt of an attachment came too late to be used: what it carried has not left.
   * Of an answer by an earlier life of the hub that is not certain: then the attempt counts, and the next one says `replayed`.
   */
  async withdraw(attachment: Attachment, promptId: string): Promise<void> {
    const { db } = this.#options;
    const { lastPrompt } = attachment;
    const reason = "the hook answer came too late";
    await this.#writes.write(() => {
      if (lastPrompt === undefined) {
        const open = listOpen(db, attachment.id).filter(isOnBell);
        const late = open.filter((delivery) => delivery.receipt === promptId);
        giveBackAll(this.#options, late, reason);
      } else if (lastPrompt.promptId === promptId && lastPrompt.bell !== undefined) {
        withdrawBell(this.#options, attachment, lastPrompt.bell, reason);
      }
    });
    this.changed();
  }

  /** Writes down what a signal proves. Returns the receipts. */
  async receive(attachment: Attachment, signal: Signal): Promise<Receipt[]> {
    const { db } = this.#options;
    const receipts = await this.#writes.write(() => {
      const found = toReceipts(listOpen(db, attachment.id), signal);
      applyReceipts(this.#options, found);
      if (signal.kind === "stop") noteQueued(this.#options, attachment);
      return found;
    });
    // What an inbox call brought says nothing of whether the session hears its own lane.
    const isProof = ({ to, delivery }: Receipt): boolean =>
      to === "seen" && delivery.lane === attachment.lane;
    if (receipts.some(isProof)) {
      attachment.proof = "proven";
      attachment.reason = undefined;
    }
    this.changed(attachment);
    return receipts;
  }

  /** Why an event that waits does so, for its trace. */
  explain(event: StoredEvent): string {
    const { attachment, why } = this.router.owner(event.address);
    if (attachment === undefined) return this.#options.readPolicy() ?? WAITS_FOR[why];
    const decision = this.judge(attachment, toDue(event));
    return decision.kind === "go" ? "about to leave" : decision.reason;
  }

  /** Whether what is so pressing would reach a session now. */
  readonly judge = (attachment: Attachment, due: PaceInput["due"]) =>
    pace({ ...this.#readPace(attachment), due });

  close(): void {
    this.#closed = true;
    this.#writes.close();
    this.#cancelTimer?.();
    this.#cancelRecovery?.();
    this.leases.close();
  }

  /** Deliveries of an earlier life of the hub: their shims come back soon, or never. */
  #recover(): void {
    const { db, clock } = this.#options;
    const open = listOpenAttachments(db);
    if (open.length === 0) return;
    this.#cancelRecovery = clock.after(REATTACH_MS, () => {
      for (const id of open) {
        if (this.leases.find(id) === undefined) {
          this.#returns.giveUpAll(id, "its client did not come back after a restart of the hub");
        }
      }
    });
  }

  #dispatch(): void {
    const { clock } = this.#options;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    const now = clock.now();
    // The clock was set back: the agenda's times are of another clock.
    if (now < this.#lookedAt) this.#agenda.addAll();
    this.#lookedAt = now;
    const { ids, isAll } = this.#agenda.take(now);
    for (const [attachment, claim] of this.router.concerned(ids, isAll)) {
      if (attachment.lane !== "pull")
        this.#agenda.set(attachment.id, this.#advance(attachment, claim));
    }
    const next = this.#agenda.next();
    if (Number.isFinite(next)) {
      this.#cancelTimer = clock.after(Math.max(5, next - clock.now()), () => this.arrived());
    }
  }

  /** Takes one attachment as far as it goes now. Returns when to look again (epoch ms). */
  #advance(attachment: Attachment, claim: Claim): number {
    const { db, clock } = this.#options;
    const proofAt = this.#checkProof(attachment);
    if (claim.addresses.length === 0) return proofAt;
    // Most permissive guess first: while that holds, what waits need not be read.
    const state = this.#readPace(attachment);
    const guess = pace({ ...state, due: MOST_PRESSING });
    if (guess.kind === "hold") return Math.min(proofAt, guess.until ?? Number.POSITIVE_INFINITY);
    const due = readDue(db, claim);
    if (!isAnyDue(due)) {
      this.router.drop(claim);
      return proofAt;
    }
    const decision = pace({ ...state, due });
    switch (decision.kind) {
      case "hold":
        return Math.min(proofAt, decision.until ?? Number.POSITIVE_INFINITY);
      case "give-up":
        attachment.ring = undefined;
        attachment.proof = "unproven";
        attachment.reason = `${decision.reason}: hooks may be disabled, or the plugin may not be loaded in this session`;
        // Another session may be able to take what waits for this one.
        this.changed();
        return proofAt;
      case "go":
        if (attachment.lane === "monitor")
          this.#ring(attachment, summariseWaiting(db, claim, COUNT_CAP));
        else this.#push(attachment, claim, due.urgentSince !== undefined);
        return clock.now() + RING_AGAIN_MS;
      default:
        return decision satisfies never;
    }
  }

  /** All that its pace depends on but what waits. */
  #readPace(attachment: Attachment): Omit<PaceInput, "due"> {
    const { db, clock, readPolicy, readQuiet, burstMs = BURST_MS } = this.#options;
    const now = clock.now();
    return {
      attachment,
      wakes: readWakeTimes(db, attachment.session, now - HOUR_MS),
      inFlight:
        attachment.lane === "channel" ? listOpen(db, attachment.id).filter(isPushed).length : 0,
      policy: readPolicy(),
      quietEndsAt: toQuietEnd(readQuiet?.(), now),
      burstMs,
      now,
    };
  }

  #ring(attachment: Attachment, waiting: WaitingSummary): void {
    const { clock, db } = this.#options;
    const now = clock.now();
    const bell = randomBytes(4).toString("hex");
    const line = toBellLine(waiting, bell);
    const before = attachment.ring;
    attachment.ring = { bell, at: now, times: (attachment.ring?.times ?? 0) + 1 };
    attachment.lastRingAt = now;
    const wake = { at: now, urgent: waiting.urgent > 0, chars: line.length, bell };
    this.#writes.settle(attachment.id, async () => {
      try {
        await db.write(() => addWake(db, attachment.session, wake));
      } catch (thrown) {
        // Nothing was printed, so this was no attempt to be heard.
        if (attachment.ring?.bell === bell) attachment.ring = before;
        throw thrown;
      }
      this.leases.ring(attachment.id, line);
    });
  }

  /** The channel lane: the events themselves, each as one notification. */
  #push(attachment: Attachment, claim: Claim, urgent: boolean): void {
    const { clock, db } = this.#options;
    const now = clock.now();
    const busy = isBusy(attachment, now);
    const open = listOpen(db, attachment.id).filter(isPushed).length;
    const room = attachment.proof === "proven" ? WINDOW_EVENTS - open : 1;
    const outgoing = toOutgoing(db, readBundles(db, claim).slice(0, room));
    this.#writes.settle(attachment.id, async () => {
      await db.write(() => {
        const receipt = toStopReceipt(attachment.stops, busy);
        const bundles = outgoing.map(({ bundle }) => bundle);
        addOffers(this.#options, attachment, bundles, { lane: "channel", receipt });
        if (!isSurelyBusy(attachment, now))
          addWake(db, attachment.session, { at: now, urgent, chars: 0, bell: null });
      });
      for (const one of outgoing) {
        this.leases.push(attachment.id, {
          kind: "channel",
          content: toBody(one.event, toAttempt(one), CHANNEL_QUOTE_MAX_CHARS),
          meta: toMeta(one.event, toAttempt(one)),
        });
      }
      // A push starts a turn, and no hook has to tell of it: what comes now comes after that turn.
      if (!busy && attachment.proof === "proven") beginTurn(attachment, undefined, now);
      this.changed(attachment);
    });
  }

  /** Leaves the channel lane where it is closed. Returns when to ask again (epoch ms). */
  #checkProof(attachment: Attachment): number {
    const { clock, db } = this.#options;
    if (attachment.lane !== "channel" || attachment.proof === "proven")
      return Number.POSITIVE_INFINITY;
    const first = listOpen(db, attachment.id).find(isOnChannel);
    const found = proveChannel(attachment, first?.offeredAt, clock.now());
    if (found.kind === "open") return found.until;
    attachment.lane = attachment.hasBell ? "monitor" : "pull";
    attachment.proof = attachment.lane === "monitor" ? "none" : "unproven";
    attachment.reason = found.reason;
    this.#returns.giveBackCut(attachment, found.reason);
    return Number.POSITIVE_INFINITY;
  }
}
