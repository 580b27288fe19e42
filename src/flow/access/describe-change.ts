/**
 * Changes of who may speak, in words.
 *
 * Owns: one line for the audit, for owners, for who confirms; and names as they may stand in it. Never: what a change does. Pure.
 */
import type { AccessChange, LinkChange } from "./change.ts";

/** One line for the audit, for owners, and for who confirms. */
export function describeChange(change: AccessChange | LinkChange): string {
  switch (change.kind) {
    case "link":
    case "allow":
      return `${toPerson(change)} is ${change.roles.join(", ")}`;
    case "role":
      return `${toPerson(change)} is now ${change.roles.join(", ")}`;
    case "revoke":
      return `${toPerson(change)} ${change.block ? "is blocked" : "may no longer speak"}`;
    case "policy":
      return `policy of ${change.channel} is ${change.policy}`;
    case "group": {
      const who = change.senders.includes("*")
        ? "everybody in it (*)"
        : `${change.senders.length} of its members (${change.senders.join(", ").slice(0, 200)})`;
      const how = change.requireMention ? "when they name us" : "without naming us";
      return `group ${change.id} on ${change.channel}: ${who} may speak ${how}`;
    }
    case "ungroup":
      return `group ${change.id} on ${change.channel} is no longer heard`;
    case "contact":
      return `a session may write to ${change.chatId} on ${change.channel} first`;
    case "uncontact":
      return `a session may no longer write to ${change.chatId} on ${change.channel} first`;
    case "invite":
      return `an invite for ${change.channel}${change.roles === undefined ? "" : ` as ${change.roles.join(", ")}`}`;
    case "pair":
      return "a person who asked for a pairing code";
    case "restore":
      return "the last good copy of the rules is put back";
    default:
      return change satisfies never;
  }
}

function toPerson({
  channel,
  id,
  ...rest
}: {
  channel: string;
  id: string;
  name?: string | undefined;
}): string {
  const name = rest.name === undefined || rest.name === "" ? "" : ` (${toName(rest.name)})`;
  return `${channel} ${id}${name}`;
}

/** Display names are written by strangers: one visible line of at most 80 characters. */
export function toName(name: string): string {
  return [
    ...name
      .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, " ")
      .replace(/ +/g, " ")
      .trim(),
  ]
    .slice(0, 80)
    .join("");
}
