/**
 * Delivery attempts: what is handed to a lane, taken back from it, or proved, written down.
 *
 * Owns: the rows of a delivery's life. Never: decides when, or what goes together; sends.
 * What changes a row runs inside `database.write`, but for `markCarried`, which opens one.
 */
import type { Clock } from "../sdk/clock.ts";
import type { Logger } from "../sdk/log.ts";
import type { Database } from "../store/database.ts";
import {
  addOffer,
  giveBack,
  listOpen,
  markSeen,
  setReceipt,
  type Offer,
  type OpenDelivery,
  withdrawOffer,
} from "../store/deliveries.ts";
import { addStep } from "../store/inbox.ts";
import { type Attachment, beginTurn, noteCarried, noteCarriedFrom } from "./attachment.ts";
import type { Bundle } from "./merge.ts";
import type { Receipt } from "./receipt.ts";
import type { Why } from "./route.ts";

export const MAX_ATTEMPTS = 5;

export type AttemptOptions = {
  db: Database;
  clock: Clock;
  log: Logger;
  /** Why an attachment may have what waits at an address. */
  why?: (address: string, attachment: Attachment) => Why;
};

const GIVEN_FOR: Record<Why, string> = {
  target: "it was sent to this session",
  subscription: "this session subscribed to it",
  rule: "a routing rule names this session",
  repository: "its project is the repository",
  active: "last active session",
};

/** Commits that the events of a note are about to leave, `lines` of them in a digest. Those merged into another share its receipt. */
export function addAttempts(
  { db, clock, why }: AttemptOptions,
  attachment: Attachment,
  bundles: readonly Bundle[],
  offer: Omit<Offer, "attachment" | "session" | "mergedInto" | "how">,
  lines: readonly Bundle[] = [],
): void {
  const now = clock.now();
  const { id, session } = attachment;
  for (const bundle of bundles) {
    const { shown, merged } = bundle;
    const how = lines.includes(bundle) ? { how: "as a line of a digest" } : {};
    for (const event of [shown, ...merged]) {
      const reason = GIVEN_FOR[why?.(event.address, attachment) ?? "active"];
      addStep(db, event.id, { at: now, stage: "routed", session, reason });
      const stands = event === shown ? how : { mergedInto: shown.id };
      addOffer(db, event, { attachment: id, session, ...offer, ...stands }, now);
    }
  }
}

export function applyReceipts(options: AttemptOptions, receipts: readonly Receipt[]): void {
  for (const { delivery, to, reason } of receipts) {
    if (to === "seen") markSeen(options.db, delivery, reason, options.clock.now());
    else giveBackAll(options, [delivery], reason);
  }
}

/** No receipt will come for these: they wait again, or are dead. */
export function giveBackAll(
  { db, clock, log }: AttemptOptions,
  deliveries: readonly OpenDelivery[],
  reason: string,
): void {
  for (const delivery of deliveries) {
    if (giveBack(db, delivery, reason, MAX_ATTEMPTS, clock.now()) !== "dead") continue;
    const facts = { event: delivery.event, channel: delivery.channel };
    log.error(facts, "event is dead after its last attempt");
  }
}

/** Takes back what the answer to one bell carried: it provably never left. */
export function withdrawBell(
  { db, clock }: AttemptOptions,
  attachment: Attachment,
  bell: string,
  reason: string,
): void {
  for (const delivery of listOpen(db, attachment.id)) {
    if (delivery.state === "offered" && delivery.bell === bell) {
      withdrawOffer(db, delivery, reason, clock.now());
    }
  }
}

/** What was pushed into the turn that has just ended starts the next one at once, and no hook tells of it. */
export function noteQueued({ db, clock }: AttemptOptions, attachment: Attachment): void {
  if (attachment.lane !== "channel" || attachment.health !== "proven") return;
  if (listOpen(db, attachment.id).some(isPushed)) beginTurn(attachment, undefined, clock.now());
}

/**
 * A prompt that the client shows its hooks holds these events: they are in the conversation, and its turn end will prove it.
 * Events that were pushed together may come in two turns: the first starts one, the rest waits for the next.
 * False where none of them is out on the lane: whoever knows an id can quote it.
 */
export async function markCarried(
  { db }: Pick<AttemptOptions, "db">,
  attachment: Attachment,
  promptId: string,
  events: readonly string[],
): Promise<boolean> {
  const carried = listOpen(db, attachment.id).filter(
    (one) => isOnChannel(one) && events.includes(one.mergedInto ?? one.event),
  );
  if (carried.length === 0) return false;
  noteCarried(attachment);
  await db.write(() => {
    for (const { id, offeredAt } of carried) {
      setReceipt(db, id, promptId);
      noteCarriedFrom(attachment, offeredAt);
    }
  });
  return true;
}

export function isOnChannel(delivery: OpenDelivery): boolean {
  return delivery.lane === "channel" && delivery.state === "offered";
}

/** A notification of its own: what was merged into another travels in that one's. */
export function isPushed(delivery: OpenDelivery): boolean {
  return isOnChannel(delivery) && delivery.mergedInto === null;
}

export function isOnBell(delivery: OpenDelivery): boolean {
  return delivery.lane === "monitor" && delivery.state === "offered";
}
