/**
 * Writes down delivery attempts: an event is handed to a lane, taken back from it, or proved to be read.
 *
 * Owns: the rows of a delivery's life. Never: decides when to deliver, or which events go together; sends.
 * What changes a row runs inside `database.write`, but for `markCarried`, which opens one.
 */
import type { Clock } from "../../sdk/clock.ts";
import type { Logger } from "../../sdk/log.ts";
import type { Database } from "../../store/file/database.ts";
import {
  addAttempt,
  giveBack,
  listOpen,
  markSeen,
  setReceipt,
  type NewAttempt,
  type OpenDelivery,
  withdrawAttempt,
} from "../../store/events/deliveries.ts";
import { addStep } from "../../store/events/inbox.ts";
import { type Attachment, beginTurn, noteCarried, noteCarriedFrom } from "../session/attachment.ts";
import type { FindLane } from "../lanes/choose-lane.ts";
import type { Bundle } from "../text/merge.ts";
import { type Receipt, toReceipts } from "./receipt.ts";
import { parseAddress, type Why } from "../route/route.ts";

export const MAX_ATTEMPTS = 5;

export type AttemptOptions = {
  db: Database;
  clock: Clock;
  log: Logger;
  findLane: FindLane;
  /** Why an attachment may have what waits at an address. */
  why?: (address: string, attachment: Attachment) => Why;
};

const GIVEN_FOR: Record<Exclude<Why, "repository">, string> = {
  held: "its voice note is text now",
  target: "it was sent to this session",
  copy: "this session subscribed to a copy of it",
  subscription: "this session subscribed to it",
  rule: "a routing rule names this session",
  active: "it is the session active last",
};

function toReason(why: Why, address: string): string {
  return why === "repository" ? `it works on ${parseAddress(address).repository}` : GIVEN_FOR[why];
}

/** What goes out together, and how: `how` by the ids of events, `carrier` the event by whose id a message goes that carries all of it. */
export type Offer = Omit<NewAttempt, "attachment" | "session" | "mergedInto" | "how"> & {
  how?: ReadonlyMap<string, string> | undefined;
  carrier?: string;
};

/** Commits that the events of bundles are about to leave. Those merged into another share its receipt. */
export function addAttempts(
  { db, clock, why }: AttemptOptions,
  attachment: Attachment,
  bundles: readonly Bundle[],
  { how, carrier, ...offer }: Offer,
): void {
  const now = clock.now();
  const { id, session } = attachment;
  for (const { shown, merged } of bundles) {
    for (const event of [shown, ...merged]) {
      const reason = toReason(why?.(event.address, attachment) ?? "active", event.address);
      addStep(db, event.id, { at: now, stage: "routed", session, reason });
      const into = event === shown ? (carrier === shown.id ? undefined : carrier) : shown.id;
      const words = how?.get(event.id);
      addAttempt(
        db,
        event,
        {
          attachment: id,
          session,
          ...offer,
          ...(into === undefined ? {} : { mergedInto: into }),
          ...(words === undefined ? {} : { how: words }),
        },
        now,
      );
    }
  }
}

export function applyReceipts(options: AttemptOptions, receipts: readonly Receipt[]): void {
  const { db, clock } = options;
  for (const receipt of receipts) {
    const { delivery } = receipt;
    if (receipt.to === "carried") setReceipt(db, delivery.id, receipt.receipt);
    else if (receipt.to === "seen") markSeen(db, delivery, receipt.reason, clock.now());
    else giveBackAll(options, [delivery], receipt.reason);
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
      withdrawAttempt(db, delivery, reason, clock.now());
    }
  }
}

/** Takes back what messages carried that went by these ids: their host knows that they did not arrive. */
export function withdrawSent(
  { db, clock }: Pick<AttemptOptions, "db" | "clock">,
  attachment: Attachment,
  carriers: readonly string[],
  reason: string,
): void {
  for (const delivery of listOut(db, attachment)) {
    if (carriers.includes(delivery.carriedBy)) withdrawAttempt(db, delivery, reason, clock.now());
  }
}

/** What was sent into the turn that has just ended starts the next one at once, where no hook tells of it. */
export function noteQueued({ db, clock }: AttemptOptions, attachment: Attachment): void {
  const { sends } = attachment.lane;
  if (sends.kind !== "events" || !sends.startsTurn(attachment)) return;
  if (listInFlight(db, attachment).length > 0) beginTurn(attachment, undefined, clock.now());
}

/**
 * A prompt that the client shows its hooks holds these events: they are in the conversation, and its turn end will prove it.
 * Events that were sent together may come in two turns: the first starts one, the rest waits for the next.
 * False where none of them is out on a lane that can carry it: whoever knows an id can quote it.
 */
export async function markCarried(
  { db, findLane }: Pick<AttemptOptions, "db" | "findLane">,
  attachment: Attachment,
  promptId: string,
  events: readonly string[],
): Promise<boolean> {
  if (events.length === 0) return false;
  const signal = { kind: "carried", promptId, events } as const;
  const carried = toReceipts(listOpen(db, attachment.id), signal, findLane);
  if (carried.length === 0) return false;
  noteCarried(attachment);
  await db.write(() => {
    for (const { delivery } of carried) {
      setReceipt(db, delivery.id, promptId);
      noteCarriedFrom(attachment, delivery.offeredAt);
    }
  });
  return true;
}

/** What is out on the lane that the attachment is on, oldest first. */
export function listOut(db: Database, { id, lane }: Attachment): OpenDelivery[] {
  return listOpen(db, id).filter((one) => one.state === "offered" && one.lane === lane.name);
}

/** Of what is out, the notifications: what was merged into another travels in that one's. */
export function listInFlight(db: Database, attachment: Attachment): OpenDelivery[] {
  return listOut(db, attachment).filter(({ mergedInto }) => mergedInto === null);
}
