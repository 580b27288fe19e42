/**
 * Turns the words of `sluice access` into a change.
 *
 * Owns: which words make which change. Never: asks the hub, or checks what only the hub can know.
 */
import type { AccessAsk } from "../api/wire/access-wire.ts";
import { toUsageFault } from "./exit.ts";
import { toHint } from "./suggest.ts";

export type AccessWords = {
  /** After the action. */
  words: readonly string[];
  id: string | undefined;
  account: string | undefined;
  name: string | undefined;
  roles: readonly string[];
  senders: readonly string[];
  patterns: readonly string[];
  block: boolean;
  withoutMention: boolean;
};

type Change = AccessAsk["change"];

const ROLES = ["chatter", "approver", "owner"] as const;
const POLICIES = ["pairing", "allowlist", "invite", "disabled"] as const;

/** Actions that change something at once, by name. */
const CHANGES: Readonly<Record<string, (given: AccessWords) => Change>> = {
  invite: (given) => {
    const [channel = ""] = take(given, ["channel"], "invite <channel> [--role R]");
    return { kind: "invite", channel, ...toRoleList(given.roles) };
  },
  allow: (given) => {
    const [channel = "", id = ""] = take(given, ["channel", "id"], "allow <channel> <id>");
    return {
      kind: "allow",
      channel,
      id,
      roles: parseRoles(given.roles.length === 0 ? ["chatter"] : given.roles),
      account: given.account ?? "",
      name: given.name,
    };
  },
  role: (given) => {
    const usage = "role <channel> <id> --role R";
    const [channel = "", id = ""] = take(given, ["channel", "id"], usage);
    if (given.roles.length === 0) throw toUsageFault(`which roles? sluice access ${usage}`);
    const account = given.account ?? "";
    return { kind: "role", channel, id, account, roles: parseRoles(given.roles) };
  },
  revoke: (given) => {
    const [channel = "", id = ""] = take(given, ["channel", "id"], "revoke <channel> <id>");
    return { kind: "revoke", channel, id, block: given.block };
  },
  policy: (given) => {
    const usage = `policy <channel> <${POLICIES.join("|")}>`;
    const [channel = "", word = ""] = take(
      { ...given, id: undefined },
      ["channel", "policy"],
      usage,
    );
    const policy = POLICIES.find((known) => known === word);
    if (policy === undefined)
      throw toUsageFault(
        `"${word}" is not a policy${toHint(word, POLICIES)}; sluice access ${usage}`,
      );
    return { kind: "policy", channel, policy };
  },
  "group add": (given) => {
    const usage = "group add <channel> --id=<group> --sender <id>";
    const [channel = "", id = ""] = take(given, ["channel", "group"], usage);
    // `*` must be typed: a group is never open by leaving something out.
    if (given.senders.length === 0)
      throw toUsageFault(
        `say who may write in it: give --sender <id> for each, or --sender "*" for everybody in the group`,
      );
    return {
      kind: "group",
      channel,
      id,
      senders: [...given.senders],
      requireMention: !given.withoutMention,
      patterns: [...given.patterns],
    };
  },
  "group remove": (given) => {
    const [channel = "", id = ""] = take(
      given,
      ["channel", "group"],
      "group remove <channel> <group>",
    );
    return { kind: "ungroup", channel, id };
  },
  "contact add": (given) => {
    const [channel = "", chatId = ""] = take(
      given,
      ["channel", "chat"],
      "contact add <channel> <chat>",
    );
    return { kind: "contact", channel, chatId, name: given.name };
  },
  "contact remove": (given) => {
    const usage = "contact remove <channel> <chat>";
    const [channel = "", chatId = ""] = take(given, ["channel", "chat"], usage);
    return { kind: "uncontact", channel, chatId };
  },
  "person link": (given) => {
    const usage = "person link <channel/id> <channel/id>";
    const [one = "", other = ""] = take({ ...given, id: undefined }, ["one", "other"], usage);
    return { kind: "person", ...toPlace(one, usage), to: toPlace(other, usage) };
  },
  "person unlink": (given) => {
    const usage = "person unlink <channel/id>";
    const [one = ""] = take({ ...given, id: undefined }, ["place"], usage);
    return { kind: "unperson", ...toPlace(one, usage) };
  },
  "person prefer": (given) => {
    const usage = "person prefer <channel/id>";
    const [one = ""] = take({ ...given, id: undefined }, ["place"], usage);
    return { kind: "prefer", ...toPlace(one, usage) };
  },
  restore: (given) => {
    take({ ...given, id: undefined }, [], "restore");
    return { kind: "restore" };
  },
};

/** Undefined where `action` is none of these. @throws SluiceError `bad_input` for words that do not fit it. */
export function toChange(action: string, given: AccessWords): Change | undefined {
  const [first = "", ...rest] = given.words;
  const isPair = action === "group" || action === "contact" || action === "person";
  if (isPair && CHANGES[`${action} ${first}`] === undefined)
    throw toUsageFault(
      `${action === "person" ? "sluice access person link, unlink or prefer" : `sluice access ${action} add or ${action} remove`}; "sluice access --help" explains them`,
    );
  return isPair
    ? CHANGES[`${action} ${first}`]?.({ ...given, words: rest })
    : Object.hasOwn(CHANGES, action)
      ? CHANGES[action]?.(given)
      : undefined;
}

/** `{roles}`, or nothing: then the hub has a default. */
export function toRoleList(words: readonly string[]): { roles?: (typeof ROLES)[number][] } {
  return words.length === 0 ? {} : { roles: parseRoles(words) };
}

function parseRoles(words: readonly string[]): (typeof ROLES)[number][] {
  return words.map((word) => {
    const role = ROLES.find((known) => known === word);
    if (role !== undefined) return role;
    throw toUsageFault(`"${word}" is not a role of a person: ${ROLES.join(", ")}`);
  });
}

/** The words by their names; `--id=` stands for the second one, since ids of groups may begin with "-". */
function take(given: AccessWords, names: readonly string[], usage: string): readonly string[] {
  const words = given.id === undefined ? given.words : [...given.words, given.id];
  const missing = names[words.length];
  if (missing !== undefined) throw toUsageFault(`<${missing}> is missing: sluice access ${usage}`);
  const extra = words[names.length];
  if (extra !== undefined)
    throw toUsageFault(`unexpected argument "${extra}": sluice access ${usage}`);
  return words;
}

/** @throws SluiceError `bad_input`. */
function toPlace(typed: string, usage: string): { channel: string; id: string } {
  const [, channel, id] = /^([a-z0-9][a-z0-9-]{0,31})\/(.+)$/s.exec(typed) ?? [];
  if (channel !== undefined && id !== undefined) return { channel, id };
  throw toUsageFault(
    `"${typed}" is no person: write channel/id, as "sluice access list" shows them; sluice access ${usage}`,
  );
}
