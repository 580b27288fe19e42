/**
 * Stage 7, deliver: brings waiting events into sessions, one lane per event.
 *
 * Owns: the events in the answer to a hook or call, the receipts in a client's signals, and the events of a client that is gone; it has
 * attachments evaluated again. Never: rings or pushes by itself (dispatch.ts); talks to a client.
 *
 * DELIVER-1 `offered` is committed, with the receipt that will prove it, before the event leaves the hub.
 * DELIVER-2 An event has at most one open delivery.
 * DELIVER-3 An event whose session is lost goes back to the inbox, and is marked as replayed the next time; after five attempts it is
 *    dead.
 */
import type { Database } from "../../store/file/database.ts";
import { listOpen, listOpenAttachments } from "../../store/events/deliveries.ts";
import { listCopiesOf } from "../../store/events/copies.ts";
import { type EventClaim, findEvent, type StoredEvent } from "../../store/events/inbox.ts";
import { readLabel } from "../../store/sessions/session-names.ts";
import { addWakeChars } from "../../store/sessions/sessions.ts";
import { type Due, summariseWaiting, type WaitingSummary } from "../../store/events/waiting.ts";
import { type Attachment, noteActive, prove } from "../session/attachment.ts";
import { makeNote, makePage, toScreenLines } from "../text/bundles.ts";
import { COUNT_CAP, Dispatch, type PaceOptions } from "./dispatch.ts";
import { type FindLane, LANES } from "../lanes/choose-lane.ts";
import type { Lane } from "../lanes/lane.ts";
import { toBellOffer } from "../lanes/monitor.ts";
import { toPageOffer } from "../lanes/pull.ts";
import { Leases, type LeaseOptions } from "../session/leases.ts";
import {
  addAttempts,
  applyReceipts,
  markCarried,
  noteQueued,
  type AttemptOptions,
  withdrawBell,
} from "./attempts.ts";
import { type Pace, toDue } from "./pace.ts";
import type { Signal } from "../lanes/contract.ts";
import { type Receipt, toReceipts } from "./receipt.ts";
import { Requeue } from "./requeue.ts";
import { WAITS_FOR } from "../route/route.ts";
import { Router } from "../route/router.ts";
import { toTarget } from "../route/session-book.ts";
import { type RuleRead, Watchers } from "../route/watchers.ts";
import { RetryWrites } from "../retry-write.ts";

/** After a restart: how long open deliveries wait for their shims to come back. */
const REATTACH_MS = 15_000;

/** How a turn, or a subagent's work in one, came to its end. `id` is the same for the same end; empty where nothing tells it apart. */
export type TurnEnd = { how: "ended" | "failed" | "subagent"; id: string };

export type DeliveryOptions = Omit<LeaseOptions, "events"> &
  PaceOptions & {
    db: Database;
    /** Lanes that hosts bring. */
    lanes?: readonly Lane[];
    /** The owner's routing rules; none where absent. */
    readRules?: RuleRead;
    /** The person at a terminal is shown what comes and goes; so it is where absent. */
    isShown?: boolean;
  };

export class Delivery {
  readonly leases: Leases;
  readonly router: Router;
  readonly watchers: Watchers;
  readonly #options: DeliveryOptions & AttemptOptions;
  readonly #writes: RetryWrites;
  readonly #requeue: Requeue;
  readonly #dispatch: Dispatch;
  readonly #lost: ((attachment: Attachment, reason: string) => void)[] = [];
  readonly #turns: ((attachment: Attachment, end: TurnEnd) => void)[] = [];
  readonly #stopWatching: () => void;
  #cancelRecovery: (() => void) | undefined;

  constructor(options: DeliveryOptions) {
    const { lanes = [] } = options;
    const findLane: FindLane = (name) => [...LANES, ...lanes].find((lane) => lane.name === name);
    this.#options = { ...options, findLane, why: (address, one) => this.router.why(address, one) };
    this.#writes = new RetryWrites(options, () => this.changed());
    this.#requeue = new Requeue({
      ...this.#options,
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
          this.#requeue.giveUpAll(attachment.id, reason);
          for (const tell of this.#lost) tell(attachment, reason);
        },
        cut: (attachment) => this.#requeue.giveBackCut(attachment),
      },
    });
    this.watchers = new Watchers({
      ...options,
      findTarget: (session) => toTarget(session, options.db, this.leases),
      changed: () => this.rerouted(),
    });
    this.router = new Router({ ...options, attachments: this.leases, watched: this.watchers });
    this.#dispatch = new Dispatch({
      ...this.#options,
      leases: this.leases,
      router: this.router,
      requeue: this.#requeue,
      writes: this.#writes,
    });
    this.#stopWatching = options.db.watch((events, added) => {
      this.router.note(events, added);
      this.#dispatch.arrived();
    });
    this.#recover();
  }

  /** Calls `listener` when an attachment is gone for good. */
  onLost(listener: (attachment: Attachment, reason: string) => void): void {
    this.#lost.push(listener);
  }

  /** Calls `listener` at the end of each turn, once its receipts are written. */
  onTurn(listener: (attachment: Attachment, end: TurnEnd) => void): void {
    this.#turns.push(listener);
  }

  noteTurn(attachment: Attachment, end: TurnEnd): void {
    for (const tell of this.#turns) tell(attachment, end);
  }

  /**
   * Something changed, for one attachment (a hook came) or for all: look again before this turn of the event loop commits.
   * Events that begin to wait are found by themselves, once they are committed.
   */
  changed(attachment?: Attachment): void {
    this.#dispatch.changed(attachment);
  }

  /** Who may have what has changed: sessions came, went or changed their names; subscriptions or rules did. */
  rerouted(): void {
    this.router.forget();
    this.changed();
  }

  /** An event that waits for no company is being stored: it is looked at before this turn commits, and its offer shares that. */
  readonly pressing = (id: string): void => {
    this.router.note([id]);
    this.#dispatch.arrived();
  };

  /** What a session may take now, and how much of it waits. */
  readWaitingFor(attachment: Attachment): { claim: EventClaim; waiting: WaitingSummary } {
    const claim = this.router.claim(attachment);
    return { claim, waiting: summariseWaiting(this.#options.db, claim, COUNT_CAP) };
  }

  /** Why no lane may deliver to a session now, by the organisation's policy; undefined where it may. Without one: to any. */
  readPolicy(attachment?: Attachment): string | undefined {
    return this.#options.readPolicy(attachment?.client.argv);
  }

  /** The person at a terminal is shown what comes and goes. */
  get isShown(): boolean {
    return this.#options.isShown ?? true;
  }

  /**
   * Offers what waits as one note in a turn that our bell started, with lines for the person at the terminal. Undefined when nothing waits
   * any more.
   */
  async offerNote(
    attachment: Attachment,
    promptId: string,
    bell: string,
  ): Promise<{ text: string; screen: string[] } | undefined> {
    const { db, clock } = this.#options;
    const note = await this.#writes.write(() => {
      // The same bell again: the shim had no answer to the first call (the hub died in it) and asks once more.
      withdrawBell(this.#options, attachment, bell, "its hook call was repeated");
      const { claim, waiting } = this.readWaitingFor(attachment);
      const made = makeNote(db, claim, waiting);
      const offer = { ...toBellOffer(promptId, bell), how: made.how };
      addAttempts(this.#options, attachment, made.taken, offer);
      addWakeChars(db, bell, made.taken.length === 0 ? 0 : made.text.length);
      return { ...made, screen: this.isShown ? toScreenLines(db, made.taken) : [] };
    });
    noteActive(attachment, clock.now());
    return note.taken.length === 0 ? undefined : note;
  }

  /** Offers a page of what waits as the result of a tool call. */
  async offerPage(attachment: Attachment, toolUseId: string | undefined): Promise<string> {
    const { db } = this.#options;
    const note = await this.#writes.write(() => {
      const claim = this.router.readerClaim(attachment);
      const open = listOpen(db, attachment.id).map((delivery) => delivery.event);
      const made = makePage(db, claim, summariseWaiting(db, claim, COUNT_CAP), open);
      const offer = { ...toPageOffer(toolUseId), how: made.how };
      addAttempts(this.#options, attachment, made.taken, offer);
      return made;
    });
    return note.text;
  }

  /**
   * The answer to the latest prompt of an attachment came too late to be used: what it carried has not left.
   * Of an answer by an earlier life of the hub that is not certain: then the attempt counts, and the next one says `replayed`.
   */
  async withdraw(attachment: Attachment, promptId: string): Promise<void> {
    const { lastPrompt } = attachment;
    const reason = "the hook answer came too late";
    await this.#writes.write(() => {
      if (lastPrompt === undefined) {
        const late = { kind: "too-late", promptId } as const;
        applyReceipts(this.#options, this.#judge(attachment, late));
      } else if (lastPrompt.promptId === promptId && lastPrompt.bell !== undefined) {
        withdrawBell(this.#options, attachment, lastPrompt.bell, reason);
      }
    });
    this.changed();
  }

  /** Writes down what a signal proves. Returns the receipts. */
  async receive(attachment: Attachment, signal: Signal): Promise<Receipt[]> {
    // What an inbox call brought says nothing of whether the session hears its own lane.
    const isProof = ({ to, delivery }: Receipt): boolean =>
      to === "seen" && delivery.lane === attachment.lane.name;
    const receipts = await this.#writes.write(() => {
      const found = this.#judge(attachment, signal);
      applyReceipts(this.#options, found);
      if (signal.kind === "stop") noteQueued(this.#options, attachment);
      // Before this turn's look: an event that leaves on a lane not known to be open would not be counted as a turn of its own.
      if (found.some(isProof)) prove(attachment);
      return found;
    });
    this.changed(attachment);
    return receipts;
  }

  /** A turn ended well; `turnSince` is as in the signal. Returns the receipts. */
  async ended(attachment: Attachment, promptId: string, turnSince: number): Promise<Receipt[]> {
    const { stops, showsPrompts, health, lastPromptAt } = attachment;
    const proven = health === "proven";
    const receipts = await this.receive(attachment, {
      kind: "stop",
      promptId,
      stops,
      turnSince,
      showsPrompts,
      proven,
      lastPromptAt,
    });
    this.noteTurn(attachment, { how: "ended", id: promptId });
    return receipts;
  }

  /** A prompt that hooks were shown names these events. False where it carried none of them. */
  markCarried(
    attachment: Attachment,
    promptId: string,
    events: readonly string[],
  ): Promise<boolean> {
    return markCarried(this.#options, attachment, promptId, events);
  }

  /** Why an event that waits does so, for its trace. */
  explain(event: StoredEvent): string {
    if (event.copied === true) return this.#explainCopies(event);
    const { attachment, why } = this.router.owner(event.address);
    if (attachment === undefined) return this.#options.readPolicy() ?? WAITS_FOR[why];
    const decision = this.judge(attachment, toDue(event));
    return decision.kind === "go" ? "about to leave" : decision.reason;
  }

  /** The first of its copies that waits tells. */
  #explainCopies({ id }: StoredEvent): string {
    const { db } = this.#options;
    const waiting = listCopiesOf(db, id).find(({ state }) => state === "stored");
    const copy = waiting && findEvent(db, waiting.id);
    return copy === undefined ? "none of its copies waits" : this.explain(copy);
  }

  /** Whether what is so pressing would reach a session now. */
  readonly judge = (attachment: Attachment, due: Due): Pace =>
    this.#dispatch.judge(attachment, due);

  close(): void {
    this.#stopWatching();
    this.#dispatch.close();
    this.#writes.close();
    this.#cancelRecovery?.();
    this.leases.close();
  }

  #judge(attachment: Attachment, signal: Signal): Receipt[] {
    const { db, findLane } = this.#options;
    return toReceipts(listOpen(db, attachment.id), signal, findLane);
  }

  /** Deliveries of an earlier life of the hub: their shims come back soon, or never. */
  #recover(): void {
    const { db, clock } = this.#options;
    const open = listOpenAttachments(db);
    if (open.length === 0) return;
    this.#cancelRecovery = clock.after(REATTACH_MS, () => {
      for (const id of open) {
        if (this.leases.find(id) === undefined) {
          this.#requeue.giveUpAll(id, "its client did not come back after a restart of the hub");
        }
      }
    });
  }
}
