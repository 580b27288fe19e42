/**
 * How much an event weighs beside others about the same thing: what went wrong, what people wrote, and the rest.
 *
 * Owns: the one reading of kind, status and severity, in the words of many senders. Never: which events belong together. Pure.
 *
 * A word that is not known here weighs as news: it is told, and ends nothing.
 */
import type { WaitingEvent } from "../../store/events/waiting.ts";

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
  /(^|[._\-: ])(comments?|reviews?|messages?|notes?|mentions?|repl(y|ies)|answers?|questions?|discussions?|reviewed)([._\-: ](created|submitted|opened|edited|published|posted|added|sent|updated|answered|replied|dismissed|new))?$/i;
const OPENED =
  /(^|[._\-: ])(issues?|pull_requests?|merge_requests?|tickets?)[._\-: ](opened|created)$/i;

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
