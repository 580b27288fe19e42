/**
 * Stage 6, merge: which waiting events go to a session as one.
 *
 * Owns: which events belong together, which of their texts is shown, and in which order. Never: when to deliver; words; states. Pure.
 *
 * MERGE-1 Waiting events of one (channel, entity) are one bundle; the latest state is shown, the others are merged into it.
 * MERGE-2 A message that wants an answer is never merged: each keeps its handle. Messages of one chat stand together, in order.
 * MERGE-3 Every event that goes in comes out, once. A bundle is as urgent as the most urgent event in it.
 */
import type { Priority } from "../../sdk/event.ts";
import type { WaitingEvent } from "../../store/events/waiting.ts";

/** Events that travel as one. */
export type Bundle = {
  shown: WaitingEvent;
  /** What it stands for besides itself, oldest first. */
  merged: readonly WaitingEvent[];
  priority: Priority;
};

const RANK: Record<Priority, number> = { urgent: 0, normal: 1, low: 2 };

/** Bundles in the order in which a session is told of them. */
export function merge(waiting: readonly WaitingEvent[]): Bundle[] {
  const bundles = new Map<string, WaitingEvent[]>();
  for (const event of waiting) {
    const key = toKey(event);
    const members = bundles.get(key);
    if (members === undefined) bundles.set(key, [event]);
    else members.push(event);
  }
  return inOrder([...bundles.values()].map(toBundle));
}

/** What is told of an entity as one; undefined for an event that stands by itself. */
export function toEntityKey(
  event: Pick<WaitingEvent, "channel" | "entity" | "ack" | "chatId">,
): { channel: string; entity: string } | undefined {
  const { channel, entity, ack, chatId } = event;
  return entity === null || ack !== "auto" || chatId !== null ? undefined : { channel, entity };
}

/** True where an event says that its entity is in a state that somebody should end. */
export function isFiring({ status }: Pick<WaitingEvent, "status">): boolean {
  return /^(firing|alerting|triggered)$/i.test(status ?? "");
}

/** True where an event says that what its entity told before is over. */
export function isResolved({ kind, status }: Pick<WaitingEvent, "kind" | "status">): boolean {
  return (
    /^(resolved|closed|ok|success|succeeded|recovered|fixed)$/i.test(status ?? "") ||
    /(^|[._\-: ])(resolved|closed|success|succeeded|recovered)$/i.test(kind)
  );
}

function toKey(event: WaitingEvent): string {
  const key = toEntityKey(event);
  return key === undefined ? event.id : JSON.stringify([key.channel, key.entity]);
}

function toBundle(members: WaitingEvent[]): Bundle {
  const shown = members.reduce((latest, one) => (isLater(one, latest, members) ? one : latest));
  return {
    shown,
    merged: members.filter((one) => one !== shown).toSorted((a, b) => a.seq - b.seq),
    priority: members.reduce<Priority>(
      (most, { priority }) => (RANK[priority] < RANK[most] ? priority : most),
      "low",
    ),
  };
}

/** Senders post out of order, so their own times count where all have one; else the order of acceptance. */
function isLater(one: WaitingEvent, other: WaitingEvent, members: WaitingEvent[]): boolean {
  const isTimed = members.every(({ occurredAt }) => occurredAt !== null);
  const distance = isTimed ? (one.occurredAt ?? 0) - (other.occurredAt ?? 0) : 0;
  return distance === 0 ? one.seq > other.seq : distance > 0;
}

/** Most pressing first, then by the oldest event; a chat stands where its first message does (MERGE-2). */
function inOrder(bundles: Bundle[]): Bundle[] {
  const oldest = ({ shown, merged }: Bundle): number =>
    Math.min(shown.seq, merged[0]?.seq ?? shown.seq);
  const place = new Map<string, number>();
  const toPlace = (bundle: Bundle): number => place.get(toChat(bundle)) ?? oldest(bundle);
  for (const bundle of bundles)
    place.set(toChat(bundle), Math.min(toPlace(bundle), oldest(bundle)));
  return bundles.toSorted(
    (a, b) =>
      RANK[a.priority] - RANK[b.priority] || toPlace(a) - toPlace(b) || oldest(a) - oldest(b),
  );
}

function toChat({ priority, shown }: Bundle): string {
  const { id, channel, chatId } = shown;
  return chatId === null ? id : JSON.stringify([priority, channel, chatId]);
}
