/**
 * Stage 5, route: which session gets an event.
 *
 * Owns: that decision, by an event's address and the open sessions. Never: whether now is a good time (pace). Pure.
 *
 * ROUTE-1 One event goes to one session, never to all; where sessions subscribed with `copy`, it goes out in copies, and each of these to
 *    one. The order: the session it was sent to; sessions that subscribed to it; sessions
 *    that a routing rule of the owner names; sessions whose project is its repository; else the one last active. All remotes of a
 *    project count, so that what happens upstream reaches the checkout of a fork; a session whose `origin` it is comes first.
 * ROUTE-2 An event that was sent to a session, subscribed to or ruled waits for that session, also while it is closed: no other session
 *    gets it. An event sent to a name goes to a session of that name, first of all to the one that had it when the event was stored. Of
 *    several candidates the one that can be woken and was active last gets it.
 * ROUTE-3 A session without a person takes only events that were sent to it or that it subscribed to.
 * ROUTE-4 An agent that runs without a person (`sluice agent`) takes only what comes on the channels that its owner has named, and
 *    only what is known to be of the owner's own, and no copy. Where a session of a person may have an event, that one gets it.
 */
import type { Attachment } from "../session/attachment.ts";
import { toLabel } from "../session/attachment.ts";
import { COPIED, COPY, HELD, KNOWN } from "../../store/events/copied-state.ts";
import { parseTarget, type Target } from "../../store/events/target.ts";

/** What routing knows of an event. The text of it stands in the store: see toAddressParts. */
export type Address = {
  target: Target | undefined;
  /**
   * Ids of subscriptions and, with an `r` before them, of rules that covered it when it was stored; or that it is a copy, or has copies; or
   * that it is known to be the owner's own.
   */
  watchers: readonly string[];
  repository: string | undefined;
  channel: string;
};

/** Where a rule of the owner sends events: to a session by id or label, to a folder, or to a repository's sessions. */
export type RuleTarget = { session?: string; cwd?: string; repository?: string };

/** What the watchers of an address stand for now. Undefined: it is gone, and binds nobody. */
export type Watched = {
  /** The session of a subscription. */
  subscriber: (id: string) => string | undefined;
  /** The conversation that took a session's place by /clear; itself where none did. */
  successor: (session: string) => string;
  rule: (id: string) => RuleTarget | undefined;
};

export type Why = "held" | "target" | "copy" | "subscription" | "rule" | "repository" | "active";

/** Why an event waits that nobody who is there may have. */
export const WAITS_FOR: Record<Why, string> = {
  held: "its voice note is being transcribed",
  target: "the session that it was sent to is not open",
  copy: "the session that this copy is for is not open",
  subscription: "no session that subscribed to it is open",
  rule: "no session that the routing rule names is open",
  repository: "no session is open that can take it",
  active: "no session is open that can take it",
};

/** Who may have the events of an address, before asking who is there now. */
export type Reach = {
  why: Exclude<Why, "active">;
  candidates: readonly Attachment[];
  /** Nobody but the candidates may have them (ROUTE-2). */
  isBound: boolean;
  /** The repository by which they were found (ROUTE-1). */
  origin?: string;
  /** Who may have them where no session of a person can be found (ROUTE-4). */
  agents: readonly Attachment[];
};

/** Sessions by what an address may name. */
export type SessionIndex = {
  all: readonly Attachment[];
  /** Those that a person sits at, or may. */
  people: readonly Attachment[];
  /** Those of `sluice agent`. */
  agents: readonly Attachment[];
  bySession: ReadonlyMap<string, readonly Attachment[]>;
  byLabel: ReadonlyMap<string, readonly Attachment[]>;
  byRepository: ReadonlyMap<string, readonly Attachment[]>;
};

export function toIndex(attachments: Iterable<Attachment>): SessionIndex {
  const all = [...attachments];
  return {
    all,
    people: all.filter(({ client }) => client.agent === undefined),
    agents: all.filter(({ client }) => client.agent !== undefined),
    bySession: Map.groupBy(all, (one) => one.session),
    byLabel: Map.groupBy(all, (one) => toLabel(one)),
    byRepository: groupByRepository(all),
  };
}

function groupByRepository(all: readonly Attachment[]): Map<string, Attachment[]> {
  const groups = new Map<string, Attachment[]>();
  for (const one of all) {
    if (one.repository === undefined) continue;
    for (const repository of [one.repository, ...one.remotes]) {
      const group = groups.get(repository);
      if (group === undefined) groups.set(repository, [one]);
      else group.push(one);
    }
  }
  return groups;
}

/** The store writes an address as JSON: target, watchers, repository, channel. */
export function parseAddress(text: string): Address {
  // Made by the events table itself (schema 003).
  const [target, watchers, repository, channel] = JSON.parse(text) as (string | null)[];
  return {
    target: target == null ? undefined : parseTarget(target),
    watchers: watchers == null ? [] : watchers.split(","),
    repository: repository ?? undefined,
    channel: channel ?? "",
  };
}

/** No session may have it yet, whoever it is for. */
export function isHeld({ watchers }: Pick<Address, "watchers">): boolean {
  return watchers.includes(HELD);
}

export function toReach(address: Address, index: SessionIndex, watched: Watched): Reach {
  const { candidates, ...reach } = findReach(address, index, watched);
  const may = (one: Attachment): boolean => mayHave(one, address);
  return {
    ...reach,
    candidates: candidates.filter(may),
    agents: reach.isBound ? [] : index.agents.filter(may),
  };
}

/** ROUTE-4. What has no mark is not known to be anybody's. */
function mayHave({ client }: Attachment, { channel, watchers }: Address): boolean {
  if (client.agent === undefined) return true;
  return (
    client.agent.channels.includes(channel) && watchers.includes(KNOWN) && !watchers.includes(COPY)
  );
}

function findReach(address: Address, index: SessionIndex, watched: Watched): Omit<Reach, "agents"> {
  const { target, watchers, repository } = address;
  const named = (name: string): Attachment[] => [
    ...(index.bySession.get(name) ?? []),
    ...(index.byLabel.get(name) ?? []),
  ];
  if (isHeld(address)) return { why: "held", candidates: [], isBound: true };
  if (target !== undefined) {
    const candidates =
      index.bySession.get(target.session) ??
      index.bySession.get(watched.successor(target.session)) ??
      index.byLabel.get(target.name) ??
      [];
    return { why: watchers.includes(COPY) ? "copy" : "target", candidates, isBound: true };
  }
  if (watchers.includes(COPIED)) return { why: "copy", candidates: [], isBound: true };
  const subscribers = watchers.flatMap((id) => watched.subscriber(id) ?? []);
  if (subscribers.length > 0) {
    const candidates = subscribers.flatMap((session) => index.bySession.get(session) ?? []);
    return { why: "subscription", candidates, isBound: true };
  }
  // Those who shared it are gone for longer than subscriptions are kept.
  if (watchers.includes(COPY)) return { why: "subscription", candidates: [], isBound: true };
  const rule = watchers.map((id) => watched.rule(id)).find((found) => found !== undefined);
  const ofRepository = (origin: string): Pick<Reach, "candidates" | "origin"> => ({
    candidates: index.byRepository.get(origin) ?? [],
    origin,
  });
  if (rule !== undefined) {
    const found =
      rule.session !== undefined
        ? { candidates: named(rule.session) }
        : rule.cwd !== undefined
          ? { candidates: index.all.filter((one) => one.client.cwd === rule.cwd) }
          : ofRepository(rule.repository ?? "");
    return { why: "rule", ...found, isBound: true };
  }
  const found = repository === undefined ? { candidates: [] } : ofRepository(repository);
  return { why: "repository", ...found, isBound: false };
}

/** The one of them that gets it now (ROUTE-2), or undefined: none of them can. */
export function choose(
  candidates: readonly Attachment[],
  why: Why = "active",
  origin?: string,
): Attachment | undefined {
  let best: Attachment | undefined;
  for (const one of candidates) {
    if (mayTake(one, why) && (best === undefined || isBefore(one, best, origin))) best = one;
  }
  return best;
}

const FOR_ANY: ReadonlySet<Why> = new Set(["target", "copy", "subscription"]);

/** ROUTE-3. */
export function mayTake(attachment: Attachment, why: Why): boolean {
  return attachment.hasLease && (attachment.target || FOR_ANY.has(why));
}

function isBefore(one: Attachment, other: Attachment, origin: string | undefined): boolean {
  const byRank = rank(one) - rank(other);
  if (byRank !== 0) return byRank > 0;
  const isOwn = one.repository === origin;
  if (origin !== undefined && isOwn !== (other.repository === origin)) return isOwn;
  const byActivity = one.lastActiveAt - other.lastActiveAt;
  return byActivity === 0 ? one.id < other.id : byActivity > 0;
}

/** Who can be woken comes first; the others take only what nobody else can be given, agents last of all (ROUTE-4). */
function rank(attachment: Attachment): number {
  if (attachment.client.agent !== undefined) return -1;
  return attachment.lane.canWake(attachment) ? 1 : 0;
}
