/**
 * Stage 6, merge: which waiting events go to a session as one.
 *
 * Owns: which events belong together, which of them is superseded, which come whole, and in which order; the one reading of kind, status
 * and severity, in the words of many senders. Never: when to deliver; words; states. Pure.
 *
 * MERGE-1 Waiting events of one (channel, entity) are one bundle. What went wrong and is not mended leads it, then what people wrote,
 *    both whole; then comes the rest, a line each.
 * MERGE-2 A message that wants an answer is never merged: each keeps its handle. Messages of one chat stand together, in order.
 * MERGE-3 Every event that goes in comes out, once. A bundle is as urgent as the most urgent event in it that is neither superseded nor
 *    over.
 * MERGE-4 Only a later state of the same (channel, stateOf) supersedes an event. So nothing supersedes what people write, and a failure
 *    stands until the very thing that failed has another state.
 */
import type { Priority } from "../../sdk/event.ts";
import type { WaitingEvent } from "../../store/events/waiting.ts";

/** Events that travel as one. */
export type Bundle = {
  /** The one that leads. */
  shown: WaitingEvent;
  /** Those whose texts come with it, and those of which a line comes; in the order in which they are told. */
  whole: readonly WaitingEvent[];
  lines: readonly WaitingEvent[];
  /** What each of these supersedes, oldest first, by its id. */
  superseded: ReadonlyMap<string, readonly WaitingEvent[]>;
  /** All but the one that leads, oldest first. */
  merged: readonly WaitingEvent[];
  priority: Priority;
};

const RANK: Record<Priority, number> = { urgent: 0, normal: 1, low: 2 };
/** So many texts of people travel in one bundle; more of them follow in another. */
const WRITTEN_MAX = 8;
/** So many failures are told whole; of more a line tells what failed. */
const FAILED_WHOLE = 3;
/** So much other news is told whole; of more only the latest. */
const NEWS_WHOLE = 3;

/** Bundles in the order in which a session is told of them. */
export function merge(waiting: readonly WaitingEvent[]): Bundle[] {
  const groups = Map.groupBy(waiting, toKey);
  return inOrder([...groups.values()].flatMap(toBundles));
}

/** What is told of an entity as one; undefined for an event that stands by itself. */
export function toEntityKey(
  event: Pick<WaitingEvent, "channel" | "entity" | "ack" | "chatId">,
): { channel: string; entity: string } | undefined {
  const { channel, entity, ack, chatId } = event;
  return entity === null || ack !== "auto" || chatId !== null ? undefined : { channel, entity };
}

function toKey(event: WaitingEvent): string {
  const key = toEntityKey(event);
  return key === undefined ? event.id : JSON.stringify([key.channel, key.entity]);
}

/** One bundle, or several where people wrote more about the entity than travels at once. */
function toBundles(members: readonly WaitingEvent[]): Bundle[] {
  const { standing, superseded } = supersede(members);
  const written = standing.filter(isWritten);
  const others = standing.filter((one) => !isWritten(one));
  const bundles = [toBundle([...others, ...written.slice(0, WRITTEN_MAX)], superseded)];
  for (let at = WRITTEN_MAX; at < written.length; at += WRITTEN_MAX)
    bundles.push(toBundle(written.slice(at, at + WRITTEN_MAX), superseded));
  return bundles;
}

/** MERGE-4 */
function supersede(members: readonly WaitingEvent[]): {
  standing: WaitingEvent[];
  superseded: Map<string, readonly WaitingEvent[]>;
} {
  const superseded = new Map<string, readonly WaitingEvent[]>();
  const things = Map.groupBy(members, ({ id, stateOf }) =>
    JSON.stringify([stateOf ?? id, stateOf !== null]),
  );
  const standing = [...things.values()].map((states) => {
    const latest = states.reduce((last, one) => (isLater(one, last, states) ? one : last));
    const earlier = states.filter((one) => one !== latest).toSorted(bySeq);
    if (earlier.length > 0) superseded.set(latest.id, earlier);
    return latest;
  });
  return { standing: standing.toSorted(bySeq), superseded };
}

/** `standing` in order of acceptance, at least one. */
function toBundle(
  standing: readonly WaitingEvent[],
  superseded: ReadonlyMap<string, readonly WaitingEvent[]>,
): Bundle {
  const { shown, whole, lines } = toOrder(standing);
  const earlier = standing.filter(({ id }) => superseded.has(id));
  const own = new Map(earlier.map(({ id }) => [id, superseded.get(id) ?? []]));
  const open = standing.filter((one) => one.stateOf === null || !isResolved(one));
  return {
    shown,
    whole,
    lines,
    superseded: own,
    merged: [...standing.filter((one) => one !== shown), ...[...own.values()].flat()].toSorted(
      bySeq,
    ),
    priority: (open.length > 0 ? open : standing).reduce<Priority>(
      (most, { priority }) => (RANK[priority] < RANK[most] ? priority : most),
      "low",
    ),
  };
}

/** MERGE-1 */
function toOrder(standing: readonly WaitingEvent[]): Pick<Bundle, "shown" | "whole" | "lines"> {
  const wrong = standing
    .filter((one) => toFailure(one) > 0)
    .toSorted(
      (a, b) => toFailure(b) - toFailure(a) || RANK[a.priority] - RANK[b.priority] || bySeq(a, b),
    );
  const failed = wrong.filter((one) => !isWritten(one)).slice(0, FAILED_WHOLE);
  const told = new Set([
    ...failed,
    // A review that asks for changes stands before the comments on it, whichever came in first.
    ...wrong.filter(isWritten),
    ...standing.filter(isWritten),
  ]);
  const rest = (): WaitingEvent[] => standing.filter((one) => !told.has(one));
  const news = rest().filter((one) => toWeight(one) === WEIGHT.news);
  // Where nothing presses, the latest is the state of things.
  const latest = told.size > 0 ? undefined : (news.at(-1) ?? standing.at(-1));
  if (latest !== undefined) told.add(latest);
  if (news.length <= NEWS_WHOLE) for (const one of news) told.add(one);
  const lines = rest().toSorted((a, b) => toWeight(a) - toWeight(b) || bySeq(a, b));
  const [shown, ...whole] = told;
  if (shown === undefined) throw new Error("a bundle of no events");
  return { shown, whole, lines };
}

function bySeq(a: WaitingEvent, b: WaitingEvent): number {
  return a.seq - b.seq;
}

/** Senders post out of order, so their own times count where all have one; else the order of acceptance. */
function isLater(one: WaitingEvent, other: WaitingEvent, states: readonly WaitingEvent[]): boolean {
  const isTimed = states.every(({ occurredAt }) => occurredAt !== null);
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

// What an event weighs beside others about the same thing. A word that is not known here weighs as news: it is told, and ends nothing.

type Words = Pick<WaitingEvent, "kind" | "status">;

/** True where an event says that its alert goes on until somebody ends it. */
export function isFiring({ status }: Pick<WaitingEvent, "status">): boolean {
  return /^(firing|alerting|triggered)$/i.test(status ?? "");
}

/** True where an event says that what it is a state of is well, or over. */
export function isResolved({ kind, status }: Words): boolean {
  return (
    /^(resolved|closed|ok|success|succeeded|successful|passed|recovered|fixed|healthy|up)$/i.test(
      status ?? "",
    ) ||
    /(^|[._\-: ])(resolved|closed|success|succeeded|recovered|fixed|(auto_)?dismissed|closed_by_user)$/i.test(
      kind,
    )
  );
}

/** How bad it is that something failed; 0 where nothing did. */
export function toFailure(event: Words & Pick<WaitingEvent, "severity" | "stateOf">): 0 | 1 | 2 {
  const { kind, status, severity, stateOf } = event;
  const words = status ?? "";
  if (
    isFiring(event) ||
    /^(fail(ed|ure|ing)?|errors?|errored|startup_failure|timed[_ -]?out|crashed|broken|down|critical|fatal|unhealthy)$/i.test(
      words,
    ) ||
    /(^|[._\-: ])(fail(ed|ure|ing)?|errors?|errored|crashed|firing)$/i.test(kind)
  )
    return 2;
  // The severity of an alert stands there also once it is over.
  if (stateOf !== null && isResolved(event)) return 0;
  if (/^(error|critical|fatal|emergency|high|major)$/i.test(severity ?? "")) return 2;
  return /^(warn(ing)?|medium|moderate)$/i.test(severity ?? "") ||
    /^(cancell?ed|action_required|changes_requested|rejected|warning|degraded|stale)$/i.test(words)
    ? 1
    : 0;
}

const WRITTEN =
  /(^|[._\-: ])(comments?|reviews?|messages?|notes?|mentions?|repl(y|ies)|answers?|questions?|discussions?|reviewed)([._\-: ](created?|submitted|opened|edited|published|posted|added|sent|updated|answered|replied|dismissed|new))?$/i;
const OPENED =
  /(^|[._\-: ])(issues?|pull_requests?|merge_requests?|tickets?)[._\-: ](open(ed)?|created?)$/i;

/** True for what people write: a comment, a review, a message, a description. */
export function isWritten({
  kind,
  ack,
  chatId,
  stateOf,
}: Pick<WaitingEvent, "kind" | "ack" | "chatId" | "stateOf">): boolean {
  if (ack !== "auto" || chatId !== null) return true;
  return stateOf === null && (WRITTEN.test(kind) || OPENED.test(kind));
}

/** The order in which events about one thing are told, the most pressing first. */
export const WEIGHT = { failed: 0, written: 1, news: 2, quiet: 3 } as const;
export type Weight = (typeof WEIGHT)[keyof typeof WEIGHT];

export function toWeight(event: WaitingEvent): Weight {
  if (toFailure(event) > 0) return WEIGHT.failed;
  if (isWritten(event)) return WEIGHT.written;
  const isOver = event.stateOf !== null && isResolved(event);
  return isOver || event.priority === "low" ? WEIGHT.quiet : WEIGHT.news;
}
