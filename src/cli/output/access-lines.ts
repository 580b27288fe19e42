/**
 * Access as people read it.
 *
 * Owns: the wording of lists and outcomes. Never: asks the hub. Names and ids come from outside: all go through `toLine`.
 */
import type { AccessView, AuditView } from "../../api/wire/access-wire.ts";
import type { AccessOutcome } from "../../flow/access/admin.ts";
import { paint, renderTable, toAgo, toDuration, toLine } from "./print.ts";

export function renderAccess(view: AccessView, now: number): string[] {
  const section = (title: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : ["", paint("bold", title), ...lines];
  const table = <T>(
    title: string,
    head: string[],
    items: readonly T[],
    toRow: (item: T) => string[],
  ) => section(title, items.length === 0 ? [] : renderTable(head, items.map(toRow)));
  return [
    ...renderState(view),
    ...table("People", ["CHANNEL", "ID", "ROLES", "NAME", "SINCE", "BY"], view.senders, (one) => [
      toLine(one.channel),
      toLine(one.id),
      one.roles.length === 0 ? paint("red", "blocked") : one.roles.map(toLine).join(", "),
      toLine(one.name) || "-",
      toAgo(one.addedAt, now),
      toLine(one.addedBy),
    ]),
    ...table(
      "One person in several places",
      ["PERSON", "CHANNEL", "ID", "MAY", "TOLD HERE"],
      view.persons.toSorted((a, b) => a.person.localeCompare(b.person)),
      (one) => [
        toLine(one.person),
        toLine(one.channel),
        toLine(one.id),
        one.counts.map(toLine).join(", ") || paint("red", "blocked"),
        one.preferred ? "yes" : "-",
      ],
    ),
    ...table("Groups", ["CHANNEL", "GROUP", "MENTION", "WORDS", "WHO"], view.groups, (one) => [
      toLine(one.channel),
      toLine(one.id),
      one.requireMention ? "needed" : "not needed",
      one.patterns.map(toLine).join(", ") || "-",
      one.senders.map(toLine).join(", ") || "nobody",
    ]),
    ...table(
      "Contacts, to whom a session may write first",
      ["CHANNEL", "CHAT", "NAME"],
      view.contacts,
      (one) => [toLine(one.channel), toLine(one.chatId), toLine(one.name) || "-"],
    ),
    ...table(
      'People who asked for a code: "sluice access pair <code>", with the code they tell you',
      ["CHANNEL", "ID", "NAME", "ASKED"],
      view.pairings,
      (one) => [
        toLine(one.channel),
        toLine(one.id),
        toLine(one.name) || "-",
        toAgo(one.createdAt, now),
      ],
    ),
    ...table(
      'Changes that wait for you: "sluice access confirm <n>" or "reject <n>"',
      ["N", "ASKED", "BY", "CHANGE"],
      view.requests,
      (one) => [
        String(one.number),
        toAgo(one.createdAt, now),
        toLine(one.origin),
        toLine(one.summary),
      ],
    ),
    ...section(
      "Invites that wait to be sent",
      view.invites.map(
        (one) =>
          `${toLine(one.channel)}: as ${one.roles.map(toLine).join(", ")}, ${toDuration(one.expiresAt - now)} left`,
      ),
    ),
  ];
}

type Invited = Extract<AccessOutcome, { kind: "invited" }>;

export function renderOutcome(outcome: AccessOutcome, now: number): string[] {
  switch (outcome.kind) {
    case "done":
      return [toLine(outcome.summary)];
    case "pending":
      return [
        `nothing was changed: ${toLine(outcome.summary)}`,
        `It waits as ${outcome.number}. Its owner confirms it in a terminal of their own: sluice access confirm ${outcome.number}`,
      ];
    case "invited":
      return [
        `${toLine(outcome.summary)}: ${paint("bold", toLine(outcome.code))}  ${paint("yellow", "(shown only now)")}`,
        renderInvite(outcome, Math.ceil((outcome.expiresAt - now) / 60_000)),
      ];
    default:
      return outcome satisfies never;
  }
}

function renderInvite({ account, code }: Invited, minutes: number): string {
  if (account === undefined)
    return `Send it to the channel's account (for telegram, a direct message to your bot) within ${minutes} minutes. It works once.`;
  const link = account.codeLink === undefined ? "" : `, or open ${toLine(account.codeLink + code)}`;
  return `Send it to ${toLine(account.name)} within ${minutes} minutes${link}. It works once.`;
}

export function renderAudit(rows: readonly AuditView[]): string[] {
  if (rows.length === 0) return ["access was never changed"];
  return renderTable(
    ["N", "WHEN", "BY", "ACTION", "WHAT"],
    rows.map((row) => [
      String(row.seq),
      new Date(row.at).toISOString(),
      toLine(row.actor),
      toLine(row.action),
      toLine(row.detail),
    ]),
  );
}

function renderState({ state, reason, channels, audit, senders }: AccessView): string[] {
  const alarm =
    state === "damaged"
      ? [
          paint(
            "red",
            `Access is damaged (${toLine(reason ?? "")}): nobody is admitted to a chat.`,
          ),
          'Look at "sluice access log", then run "sluice access restore" for the last good copy.',
        ]
      : [];
  const broken =
    audit.damage === undefined
      ? []
      : [paint("red", `The audit is broken: ${toLine(audit.damage)}.`)];
  const isStatic =
    state === "static" ? ['static: nothing changes at run time ("access" in config.json)'] : [];
  const policies = channels
    .map(({ name, policy }) => `${toLine(name)} ${toLine(policy)}`)
    .join(", ");
  const notes = [
    ...(channels.some(({ policy }) => policy === "page")
      ? ['page: its one user, signed in with "sluice open"; nobody else can be let in']
      : []),
    ...(channels.some(({ policy }) => policy === "source")
      ? ["source: no people; the holder of the channel's secret"]
      : []),
  ];
  const hasPlatform = channels.some(({ policy }) => policy !== "page" && policy !== "source");
  const nobody =
    senders.length === 0 && state !== "damaged" && (hasPlatform || channels.length === 0)
      ? ['Nobody may speak yet. "sluice access invite <channel>" makes a code for yourself.']
      : [];
  return [
    ...alarm,
    ...broken,
    ...isStatic,
    `Policies: ${policies || "no channels"}`,
    ...notes,
    ...nobody,
  ];
}
