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
import type { Clock } from "../sdk/clock.ts";
import type { Logger } from "../sdk/log.ts";
import { toMessage } from "../sdk/errors.ts";
import type { Database } from "../store/database.ts";
import {
  addOffer,
  giveBack,
  listOpen,
  listOpenAttachments,
  markSeen,
  type Offer,
  type OpenDelivery,
} from "../store/deliveries.ts";
import {
  addStep,
  type Claim,
  readWaiting,
  type StoredEvent,
  summariseWaiting,
  type WaitingSummary,
} from "../store/inbox.ts";
import { addWake, addWakeChars, readWakes } from "../store/sessions.ts";
import { type Attachment, isBusy } from "./attachment.ts";
import { Leases, type LeaseOptions } from "./leases.ts";
import {
  INBOX_MAX_EVENTS,
  type Note,
  type Outgoing,
  toBellLine,
  toInboxPage,
  toNote,
} from "./note.ts";
import { HOUR_MS, pace, type Pace, PROOF_MS, WINDOW_EVENTS } from "./pace.ts";
import { type Receipt, type Signal, toReceipts, toStopReceipt } from "./receipt.ts";
import { route, toClaims } from "./route.ts";
import { toMeta, toText } from "./shape.ts";

export const MAX_ATTEMPTS = 5;
/** After a restart: how long open deliveries wait for their shims to come back. */
const REATTACH_MS = 15_000;
const COUNT_CAP = 1_000;
/** Full text on the channel lane, in characters. */
const CHANNEL_QUOTE_MAX_CHARS = 8_192;
/** More than a note can hold. */
const NOTE_EVENTS = 40;

export type DeliveryOptions = Omit<LeaseOptions, "events"> & {
  db: Database;
  /** Why no lane may deliver, by the organisation's policy; undefined where it may. */
  readPolicy: () => string | undefined;
};

export class Delivery {
  readonly leases: Leases;
  readonly #options: DeliveryOptions;
  #scheduled = false;
  #cancelTimer: (() => void) | undefined;
  #closed = false;

  constructor(options: DeliveryOptions) {
    this.#options = options;
    this.leases = new Leases({
      ...options,
      events: {
        changed: () => this.changed(),
        lost: (attachment, reason) =>
          this.#settle(attachment.id, () => this.#giveBackAll(attachment.id, reason)),
      },
    });
    this.#recover();
  }

  /** Something changed (an event was stored, a hook came): look again before this turn of the event loop commits. */
  changed(): void {
    if (this.#scheduled || this.#closed) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      if (!this.#closed) this.#settle("all", async () => this.#dispatch());
    });
  }

  /** What a session may take now, and how much of it waits. */
  readWaitingFor(attachment: Attachment): { claim: Claim; waiting: WaitingSummary } {
    const claim = this.claims().get(attachment.id) ?? { repositories: [], rest: false, others: [] };
    return { claim, waiting: summariseWaiting(this.#options.db, claim, COUNT_CAP) };
  }

  claims(): Map<string, Claim> {
    return toClaims(this.leases);
  }

  /** Offers what waits as one note in a turn that our bell started. Undefined when nothing waits any more. */
  async offerNote(
    attachment: Attachment,
    promptId: string,
    bell: string,
  ): Promise<string | undefined> {
    const { db, clock } = this.#options;
    const note = await db.write(() => {
      const { claim, waiting } = this.readWaitingFor(attachment);
      const made = toNote(toOutgoing(readWaiting(db, claim, NOTE_EVENTS)), waiting.total);
      this.#addOffers(attachment, made, { lane: "monitor", receipt: promptId });
      addWakeChars(db, attachment.session, bell, made.taken.length === 0 ? 0 : made.text.length);
      return made;
    });
    attachment.lastActiveAt = clock.now();
    return note.taken.length === 0 ? undefined : note.text;
  }

  /** Offers a page of what waits as the result of a tool call. */
  async offerPage(attachment: Attachment, toolUseId: string | undefined): Promise<string> {
    const { db } = this.#options;
    const note = await db.write(() => {
      const claim = this.#claimForReader(attachment);
      const open = listOpen(db, attachment.id).map((delivery) => delivery.event);
      const total = summariseWaiting(db, claim, COUNT_CAP).total;
      const made = toInboxPage(toOutgoing(readWaiting(db, claim, INBOX_MAX_EVENTS)), total, open);
      this.#addOffers(attachment, made, { lane: "pull", receipt: toolUseId ?? null });
      return made;
    });
    return note.text;
  }

  /** Writes down what a signal proves. Returns the receipts. */
  async receive(attachment: Attachment, signal: Signal): Promise<Receipt[]> {
    const { db } = this.#options;
    const receipts = await db.write(() => {
      const found = toReceipts(listOpen(db, attachment.id), signal);
      this.#apply(found);
      return found;
    });
    const seen = receipts.filter((receipt) => receipt.to === "seen");
    if (seen.length > 0) {
      attachment.proof = "proven";
      attachment.reason = undefined;
    }
    this.changed();
    return receipts;
  }

  /** Why an event that waits does so, for its trace. */
  explain(event: StoredEvent): string {
    const target = route(event, this.claims());
    const attachment = target === undefined ? undefined : this.leases.find(target);
    if (attachment === undefined)
      return this.#options.readPolicy() ?? "no session is open that can take it";
    const decision = this.#pace(attachment, {
      total: 1,
      urgent: event.priority === "urgent" ? 1 : 0,
    });
    return decision.kind === "go" ? "about to leave" : decision.reason;
  }

  close(): void {
    this.#closed = true;
    this.#cancelTimer?.();
    this.leases.close();
  }

  /** Deliveries of an earlier life of the hub: their shims come back soon, or never. */
  #recover(): void {
    const { db, clock } = this.#options;
    if (listOpenAttachments(db).length === 0) return;
    clock.after(REATTACH_MS, () => {
      for (const id of listOpenAttachments(db)) {
        if (this.leases.find(id) === undefined) {
          this.#settle(id, () =>
            this.#giveBackAll(id, "its client did not come back after a restart of the hub"),
          );
        }
      }
    });
  }

  #dispatch(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    let next = Number.POSITIVE_INFINITY;
    const claims = this.claims();
    for (const [id, claim] of claims) {
      const attachment = this.leases.find(id);
      if (attachment === undefined || attachment.lane === "pull") continue;
      next = Math.min(next, this.#advance(attachment, claim));
    }
    if (Number.isFinite(next)) {
      const delay = Math.max(5, next - this.#options.clock.now());
      this.#cancelTimer = this.#options.clock.after(delay, () => this.changed());
    }
  }

  /** Takes one attachment as far as it goes now. Returns when to look again (epoch ms). */
  #advance(attachment: Attachment, claim: Claim): number {
    const { db, clock } = this.#options;
    this.#checkProof(attachment);
    // Most permissive guess first: while that holds, what waits need not be counted.
    const guess = this.#pace(attachment, { total: 1, urgent: 1 });
    if (guess.kind === "hold") return guess.until ?? Number.POSITIVE_INFINITY;
    const waiting = summariseWaiting(db, claim, COUNT_CAP);
    const decision = waiting.total === 0 ? guess : this.#pace(attachment, waiting);
    if (waiting.total === 0) return Number.POSITIVE_INFINITY;
    switch (decision.kind) {
      case "hold":
        return decision.until ?? Number.POSITIVE_INFINITY;
      case "give-up":
        attachment.ring = undefined;
        attachment.proof = "unproven";
        attachment.reason = `${decision.reason}: hooks may be disabled, or the plugin may not be loaded in this session`;
        return Number.POSITIVE_INFINITY;
      case "go":
        if (attachment.lane === "monitor") this.#ring(attachment, waiting);
        else this.#push(attachment, claim, waiting.urgent > 0);
        return clock.now() + PROOF_MS;
      default:
        return decision satisfies never;
    }
  }

  #pace(attachment: Attachment, waiting: { total: number; urgent: number }): Pace {
    const { db, clock, readPolicy } = this.#options;
    const now = clock.now();
    return pace({
      attachment,
      waiting,
      wakes: readWakes(db, attachment.session, now - HOUR_MS).map((wake) => wake.at),
      inFlight:
        attachment.lane === "channel"
          ? listOpen(db, attachment.id).filter((one) => one.state === "offered").length
          : 0,
      policy: readPolicy(),
      now,
    });
  }

  #ring(attachment: Attachment, waiting: WaitingSummary): void {
    const { clock, db } = this.#options;
    const now = clock.now();
    const bell = randomBytes(4).toString("hex");
    const line = toBellLine(waiting, bell);
    attachment.ring = { bell, at: now, times: (attachment.ring?.times ?? 0) + 1 };
    attachment.lastRingAt = now;
    const wake = { at: now, urgent: waiting.urgent > 0, chars: line.length, bell };
    this.#settle(attachment.id, async () => {
      await db.write(() => addWake(db, attachment.session, wake));
      this.leases.ring(attachment.id, line);
    });
  }

  /** The channel lane: the events themselves, each as one notification. */
  #push(attachment: Attachment, claim: Claim, urgent: boolean): void {
    const { clock, db } = this.#options;
    const now = clock.now();
    const busy = isBusy(attachment, now);
    const open = listOpen(db, attachment.id).filter((one) => one.state === "offered").length;
    const room = attachment.proof === "proven" ? WINDOW_EVENTS - open : 1;
    const outgoing = toOutgoing(readWaiting(db, claim, room));
    this.#settle(attachment.id, async () => {
      await db.write(() => {
        const receipt = toStopReceipt(attachment.stops, busy);
        this.#addOffers(attachment, { text: "", taken: outgoing }, { lane: "channel", receipt });
        if (!busy) addWake(db, attachment.session, { at: now, urgent, chars: 0, bell: null });
      });
      for (const { event, attempt } of outgoing) {
        const again =
          event.firstOfferedAt === undefined
            ? { attempt }
            : { attempt, firstOfferedAt: event.firstOfferedAt };
        this.leases.push(attachment.id, {
          kind: "channel",
          content: toText(event, CHANNEL_QUOTE_MAX_CHARS),
          meta: toMeta(event, again),
        });
      }
      this.changed();
    });
  }

  /** The channel lane gives no sign when it is closed: after a while without one it is left for good. */
  #checkProof(attachment: Attachment): void {
    const { clock, db } = this.#options;
    if (
      attachment.lane !== "channel" ||
      attachment.proof === "proven" ||
      isBusy(attachment, clock.now())
    )
      return;
    const [first] = listOpen(db, attachment.id);
    if (first === undefined || clock.now() - first.offeredAt < PROOF_MS) return;
    attachment.lane = attachment.hasBell ? "monitor" : "pull";
    attachment.proof = "unproven";
    attachment.reason =
      "no sign of the first event within 60 s: the client does not listen to this channel (flag, login or policy)";
    if (attachment.lane === "monitor") attachment.proof = "none";
    this.#settle(attachment.id, () => this.#giveBackAll(attachment.id, attachment.reason ?? ""));
  }

  #addOffers(attachment: Attachment, note: Note, offer: Pick<Offer, "lane" | "receipt">): void {
    const { db, clock } = this.#options;
    const now = clock.now();
    const { id, session, repository } = attachment;
    for (const { event } of note.taken) {
      const reason =
        repository !== undefined && event.repository === repository
          ? "its project is the repository"
          : "last active session";
      addStep(db, event.id, { at: now, stage: "routed", session, reason });
      addOffer(db, event, { attachment: id, session, ...offer }, now);
    }
  }

  #apply(receipts: readonly Receipt[]): void {
    const { db, clock } = this.#options;
    for (const { delivery, to, reason } of receipts) {
      if (to === "seen") markSeen(db, delivery, reason, clock.now());
      else this.#giveBackOne(delivery, reason);
    }
  }

  #giveBackOne(delivery: OpenDelivery, reason: string): void {
    const { db, clock, log } = this.#options;
    if (giveBack(db, delivery, reason, MAX_ATTEMPTS, clock.now()) === "dead") {
      log.error(
        { event: delivery.event, channel: delivery.channel },
        "event is dead after its last attempt",
      );
    }
  }

  async #giveBackAll(attachment: string, reason: string): Promise<void> {
    const { db } = this.#options;
    await db.write(() => {
      for (const delivery of listOpen(db, attachment)) this.#giveBackOne(delivery, reason);
    });
    this.changed();
  }

  /** Someone who reads the inbox is active by that: what is not another project's is theirs. */
  #claimForReader(attachment: Attachment): Claim {
    const others = [...this.claims()]
      .filter(([id]) => id !== attachment.id)
      .flatMap(([, claim]) => claim.repositories);
    const own = attachment.repository;
    return {
      repositories: own === undefined ? [] : [own],
      rest: true,
      others: others.filter((one) => one !== own),
    };
  }

  /** Runs a change that nobody waits for; the next look starts from what the store holds. */
  #settle(attachment: string, change: () => Promise<void>): void {
    change().catch((thrown: unknown) => {
      this.#options.log.error(
        { attachment, error: toMessage(thrown) },
        "delivery could not be written; trying again in 1 s",
      );
      this.#options.clock.after(1_000, () => this.changed());
    });
  }
}

function toOutgoing(events: StoredEvent[]): Outgoing[] {
  return events.map((event) => ({ event, attempt: event.attempts + 1 }));
}
