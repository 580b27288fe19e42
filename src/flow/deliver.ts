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
import { toMessage } from "../sdk/errors.ts";
import type { Database } from "../store/database.ts";
import { listOpen, listOpenAttachments } from "../store/deliveries.ts";
import {
  type Claim,
  readWaiting,
  type StoredEvent,
  summariseWaiting,
  type WaitingSummary,
} from "../store/inbox.ts";
import { addWake, addWakeChars, readWakes } from "../store/sessions.ts";
import { type Attachment, BUSY_LIFE_MS, isBusy } from "./attachment.ts";
import { Leases, type LeaseOptions } from "./leases.ts";
import { INBOX_MAX_EVENTS, toAttempt, toBellLine, toInboxPage, toNote } from "./note.ts";
import {
  addOffers,
  applyReceipts,
  giveBackAll,
  isOnBell,
  isOnChannel,
  keepApart,
  toOutgoing,
  withdrawBell,
} from "./offers.ts";
import { HOUR_MS, pace, type Pace, PROOF_MS, RING_AGAIN_MS, WINDOW_EVENTS } from "./pace.ts";
import { type Receipt, type Signal, toReceipts, toStopReceipt } from "./receipt.ts";
import { route, toClaims, toReaderClaim } from "./route.ts";
import { toMeta, toText } from "./shape.ts";

/** After a restart: how long open deliveries wait for their shims to come back. */
const REATTACH_MS = 15_000;
const RETRY_MS = 1_000;
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
        lost: (attachment, reason) => this.#giveUpAll(attachment.id, reason),
        cut: (attachment) => this.#giveBackCut(attachment),
      },
    });
    this.#recover();
  }

  /** Something changed (an event was stored, a hook came): look again before this turn of the event loop commits. */
  changed(): void {
    if (this.#scheduled || this.#closed) return;
    this.#scheduled = true;
    this.#options.db.atTurnEnd(() => {
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
    const note = await this.#write(() => {
      // The same bell again: the shim had no answer to the first call (the hub died in it) and asks once more.
      withdrawBell(this.#options, attachment, bell, "its hook call was repeated");
      const { claim, waiting } = this.readWaitingFor(attachment);
      const events = keepApart(readWaiting(db, claim, NOTE_EVENTS));
      const made = toNote(toOutgoing(events), waiting.total);
      addOffers(this.#options, attachment, made, { lane: "monitor", receipt: promptId, bell });
      addWakeChars(db, bell, made.taken.length === 0 ? 0 : made.text.length);
      return made;
    });
    attachment.lastActiveAt = clock.now();
    return note.taken.length === 0 ? undefined : note.text;
  }

  /** Offers a page of what waits as the result of a tool call. */
  async offerPage(attachment: Attachment, toolUseId: string | undefined): Promise<string> {
    const { db } = this.#options;
    const note = await this.#write(() => {
      const claim = toReaderClaim(attachment, this.claims());
      const open = listOpen(db, attachment.id).map((delivery) => delivery.event);
      const total = summariseWaiting(db, claim, COUNT_CAP).total;
      const made = toInboxPage(toOutgoing(readWaiting(db, claim, INBOX_MAX_EVENTS)), total, open);
      addOffers(this.#options, attachment, made, { lane: "pull", receipt: toolUseId ?? null });
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
    await this.#write(() => {
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
    const receipts = await this.#write(() => {
      const found = toReceipts(listOpen(db, attachment.id), signal);
      applyReceipts(this.#options, found);
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
          this.#giveUpAll(id, "its client did not come back after a restart of the hub");
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
    const proofAt = this.#checkProof(attachment);
    // Most permissive guess first: while that holds, what waits need not be counted.
    const guess = this.#pace(attachment, { total: 1, urgent: 1 });
    if (guess.kind === "hold") return Math.min(proofAt, guess.until ?? Number.POSITIVE_INFINITY);
    // Only a bell's line says how much waits; the channel lane sends the events themselves.
    const cap = attachment.lane === "monitor" ? COUNT_CAP : 1;
    const waiting = summariseWaiting(db, claim, cap);
    if (waiting.total === 0) return proofAt;
    const decision = this.#pace(attachment, waiting);
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
        if (attachment.lane === "monitor") this.#ring(attachment, waiting);
        else this.#push(attachment, claim, waiting.urgent > 0);
        return clock.now() + RING_AGAIN_MS;
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
        attachment.lane === "channel" ? listOpen(db, attachment.id).filter(isOnChannel).length : 0,
      policy: readPolicy(),
      now,
    });
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
    this.#settle(attachment.id, async () => {
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
    const open = listOpen(db, attachment.id).filter(isOnChannel).length;
    const room = attachment.proof === "proven" ? WINDOW_EVENTS - open : 1;
    const outgoing = toOutgoing(readWaiting(db, claim, room));
    this.#settle(attachment.id, async () => {
      await db.write(() => {
        const receipt = toStopReceipt(attachment.stops, busy);
        addOffers(
          this.#options,
          attachment,
          { text: "", taken: outgoing },
          { lane: "channel", receipt },
        );
        if (!busy) addWake(db, attachment.session, { at: now, urgent, chars: 0, bell: null });
      });
      for (const one of outgoing) {
        this.leases.push(attachment.id, {
          kind: "channel",
          content: toText(one.event, CHANNEL_QUOTE_MAX_CHARS),
          meta: toMeta(one.event, toAttempt(one)),
        });
      }
      this.changed();
    });
  }

  /**
   * The channel lane gives no sign when it is closed: after a while without one it is left for good.
   * Returns when to ask again (epoch ms).
   */
  #checkProof(attachment: Attachment): number {
    const { clock, db } = this.#options;
    const { lane, proof, turn } = attachment;
    if (lane !== "channel" || proof === "proven") return Number.POSITIVE_INFINITY;
    const first = listOpen(db, attachment.id).find(isOnChannel);
    if (first === undefined) return Number.POSITIVE_INFINITY;
    const now = clock.now();
    const due = first.offeredAt + PROOF_MS;
    // A turn that runs may still show it.
    if (turn.kind === "busy" && isBusy(attachment, now)) {
      return Math.max(due, turn.lastHookAt + BUSY_LIFE_MS);
    }
    if (now < due) return due;
    const reason =
      "no sign of the first event within 60 s: the client does not listen to this channel (flag, login or policy)";
    attachment.lane = attachment.hasBell ? "monitor" : "pull";
    attachment.proof = attachment.lane === "monitor" ? "none" : "unproven";
    attachment.reason = reason;
    this.#giveBackCut(attachment, reason);
    return Number.POSITIVE_INFINITY;
  }

  /** An attachment is over: all it holds goes back, and if the store cannot take that now, as soon as it can. */
  #giveUpAll(id: string, reason: string): void {
    const { db } = this.#options;
    const change = async (): Promise<void> => {
      await db.write(() => {
        giveBackAll(this.#options, listOpen(db, id), reason);
      });
      this.changed();
    };
    this.#settle(id, change, async () => {
      // Back in the meantime: its own signals will tell.
      if (this.leases.find(id) === undefined) await change();
    });
  }

  /** What was pushed over a connection that broke may not have arrived: nothing on the channel lane says so. */
  #giveBackCut(attachment: Attachment, reason = "the connection broke before it was seen"): void {
    const { db } = this.#options;
    const change = async (): Promise<void> => {
      const cut = listOpen(db, attachment.id).filter(isOnChannel);
      if (cut.length === 0) return;
      await db.write(() => {
        giveBackAll(this.#options, cut, reason);
      });
      this.changed();
    };
    this.#settle(attachment.id, change, change);
  }

  /** A write that somebody waits for. When it fails, what waits is looked at again all the same. */
  async #write<T>(change: () => T): Promise<T> {
    try {
      return await this.#options.db.write(change);
    } catch (thrown) {
      this.#options.clock.after(RETRY_MS, () => this.changed());
      throw thrown;
    }
  }

  /** Runs a change that nobody waits for; after a fault `again`, or the next look, which starts from what the store holds. */
  #settle(attachment: string, change: () => Promise<void>, again?: () => Promise<void>): void {
    if (this.#closed) return;
    change().catch((thrown: unknown) => {
      this.#options.log.error(
        { attachment, error: toMessage(thrown) },
        "delivery could not be written; trying again in 1 s",
      );
      this.#options.clock.after(RETRY_MS, () => {
        if (again === undefined) this.changed();
        else this.#settle(attachment, again, again);
      });
    });
  }
}
