/**
 * Stage 5, route: which session gets an event.
 *
 * Owns: that decision. Never: whether now is a good time (pace). Pure.
 *
 * R1 One event goes to one session: the one whose project is the event's repository, else the one last active
 *    and interactive; never to all. With nobody there it waits.
 * R2 `toClaims` and `route` are one rule: an event is routed to the session whose claim covers it.
 */
import type { Claim } from "../store/inbox.ts";
import type { Attachment } from "./attachment.ts";

/** What each target attachment may take from the inbox, by attachment id. */
export function toClaims(attachments: Iterable<Attachment>): Map<string, Claim> {
  const targets = [...attachments]
    .filter((one) => one.target && one.hasLease)
    // Who can be woken comes first; the others take only what nobody else can be given.
    .toSorted(
      (a, b) => rank(b) - rank(a) || b.lastActiveAt - a.lastActiveAt || a.id.localeCompare(b.id),
    );
  const owners = new Map<string, string>();
  for (const one of targets) {
    if (one.repository !== undefined && !owners.has(one.repository))
      owners.set(one.repository, one.id);
  }
  const fallback = targets[0]?.id;
  return new Map(
    targets.map((one) => {
      const repositories = [...owners]
        .filter(([, owner]) => owner === one.id)
        .map(([repository]) => repository);
      const others = [...owners]
        .filter(([, owner]) => owner !== one.id)
        .map(([repository]) => repository);
      return [one.id, { repositories, rest: one.id === fallback, others }];
    }),
  );
}

/** What one who reads the inbox may take: active by that, and so what is not another project's is theirs. */
export function toReaderClaim(
  { id, repository }: Attachment,
  claims: ReadonlyMap<string, Claim>,
): Claim {
  const others = [...claims]
    .filter(([other]) => other !== id)
    .flatMap(([, claim]) => claim.repositories)
    .filter((one) => one !== repository);
  return { repositories: repository === undefined ? [] : [repository], rest: true, others };
}

/** The attachment that an event goes to, or undefined: it waits. */
export function route(
  event: { repository?: string },
  claims: ReadonlyMap<string, Claim>,
): string | undefined {
  let fallback: string | undefined;
  for (const [id, claim] of claims) {
    if (event.repository !== undefined && claim.repositories.includes(event.repository)) return id;
    if (claim.rest) fallback = id;
  }
  return fallback;
}

function rank(attachment: Attachment): number {
  if (attachment.lane === "pull" || attachment.proof === "unproven") return 0;
  return attachment.lane === "monitor" && !attachment.hasBell ? 0 : 1;
}
