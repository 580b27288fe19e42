/**
 * Whether a subscription or a rule is about an event, and whether what a subscription waits for has come.
 *
 * Owns: these comparisons. Never: knows which subscriptions and rules there are (watchers.ts). Pure.
 */
import type { Arrival } from "../../sdk/event.ts";
import type { Selector, Until } from "../../store/events/subscriptions.ts";
import type { RuleTarget } from "./route.ts";

export type Matched = Pick<Arrival, "channel" | "kind" | "entity" | "repository" | "meta">;

/** Where events go that have all of these. */
export type Rule = {
  id: number;
  channel?: string | undefined;
  repository?: string | undefined;
  /** As the event's meta says: `branch` or `ref`. */
  branch?: string | undefined;
  /** One of the event's labels: meta `label`, or in the comma-separated `labels`. */
  label?: string | undefined;
  to: RuleTarget;
};

/** True where a subscription asks for it. Names are compared without regard to case, as people write them. */
export function covers(
  { channel, entity, pattern }: Pick<Selector, "channel" | "entity" | "pattern">,
  arrival: Pick<Arrival, "channel" | "kind" | "entity">,
): boolean {
  if (arrival.channel !== channel) return false;
  if (entity !== null && arrival.entity?.toLowerCase() !== entity.toLowerCase()) return false;
  if (pattern === null) return true;
  return isLike(arrival.entity ?? "", pattern) || isLike(arrival.kind, pattern);
}

/** WATCH-2 (watchers.ts). */
export function isLike(text: string, pattern: string): boolean {
  const given = text.toLowerCase();
  const [first = "", ...rest] = pattern.toLowerCase().split("*");
  if (!given.startsWith(first)) return false;
  const last = rest.pop();
  if (last === undefined) return given === first;
  let at = first.length;
  for (const part of rest) {
    const found = given.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return given.length - last.length >= at && given.endsWith(last);
}

/** True where an event says that what was waited for has come. */
export function isMet(until: Until, { kind, meta }: Pick<Arrival, "kind" | "meta">): boolean {
  const words = [kind.split(/[._\-: ]/).at(-1), meta["action"], meta["status"], meta["state"]]
    .concat(meta["conclusion"])
    .map((word) => word?.toLowerCase() ?? "");
  const says = (...ends: string[]): boolean => words.some((word) => ends.includes(word));
  const isMerged = meta["merged"] === "true" || says("merged");
  const isClosed = isMerged || says("closed", "resolved", "deleted");
  if (until === "merged") return isMerged;
  if (until === "closed") return isClosed;
  const ends = ["done", "completed", "success", "succeeded", "failure", "failed", "cancelled"];
  return isClosed || says(...ends);
}

/** True where a rule of the owner is about it. */
export function isRuled(rule: Rule, { channel, repository, meta }: Matched): boolean {
  const labels = [meta["label"], ...(meta["labels"] ?? "").split(",")];
  return (
    (rule.channel === undefined || rule.channel === channel) &&
    (rule.repository === undefined || rule.repository === repository) &&
    (rule.branch === undefined || isLike(meta["branch"] ?? meta["ref"] ?? "", rule.branch)) &&
    (rule.label === undefined || labels.some((label) => label?.trim() === rule.label))
  );
}
