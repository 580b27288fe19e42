/**
 * Who x where on Telegram's own wire: what an update of each kind comes to at the gate.
 */
import { expect, test } from "vitest";
import { type ChatRules, gate } from "../../flow/intake/gate.ts";
import { receive } from "./receive.ts";

const ME = { id: "4242", username: "sluice_bot" };
const GROUP = { id: -100, type: "supergroup", title: "Dev team" };
const [OWNER, CHATTER, MEMBER, STRANGER] = [1, 2, 3, 4];

/** The owner and a chatter may talk directly and in the group; a member is in the group and on no list. */
const RULES: ChatRules = {
  policy: "allowlist",
  isStatic: false,
  hasInvite: false,
  findSender: (account, id) => {
    if (account !== ME.id) return undefined;
    if (id === String(OWNER)) return { roles: ["chatter", "approver", "owner"] };
    return id === String(CHATTER) ? { roles: ["chatter"] } : undefined;
  },
  findGroup: (id) =>
    id === "-100"
      ? {
          channel: "tg",
          id,
          senders: [String(OWNER), String(CHATTER)],
          requireMention: true,
          patterns: [],
        }
      : undefined,
};

type Who = { from?: object; sender_chat?: object };
const person = (id: number, rest: object = {}): Who => ({
  from: { id, is_bot: false, first_name: "Owner", ...rest },
});
const SENDERS: Record<string, Who> = {
  owner: person(OWNER),
  chatter: person(CHATTER),
  member: person(MEMBER),
  stranger: person(STRANGER),
  bot: person(99, { is_bot: true }),
  // Telegram fills `from` with a stand-in; here with the owner, the worst that could be.
  "anonymous admin": { ...person(OWNER), sender_chat: GROUP },
  "channel post": { ...person(OWNER), sender_chat: { id: -999, type: "channel", title: "News" } },
};

const mention = {
  text: "@sluice_bot deploy",
  entities: [{ type: "mention", offset: 0, length: 11 }],
};
const OURS = { message_id: 9, date: 1, text: "done", from: { id: 4242, is_bot: true } };

function direct(who: Who): object {
  const id = (who.from as { id: number } | undefined)?.id ?? 0;
  return { message_id: 5, date: 1, text: "deploy", chat: { id, type: "private" }, ...who };
}

const PLACES: Record<string, (who: Who) => object> = {
  DM: (who) => ({ message: direct(who) }),
  group: (who) => ({ message: { message_id: 5, date: 1, ...mention, chat: GROUP, ...who } }),
  thread: (who) => ({
    message: {
      message_id: 5,
      date: 1,
      ...mention,
      is_topic_message: true,
      message_thread_id: 7,
      chat: GROUP,
      ...who,
    },
  }),
  forwarded: (who) => ({
    message: {
      ...direct(who),
      forward_origin: { type: "user", date: 1, sender_user: { id: OWNER, first_name: "Owner" } },
    },
  }),
  edited: (who) => ({ edited_message: { ...direct(who), edit_date: 2 } }),
  reply: (who) => ({
    message: {
      message_id: 5,
      date: 1,
      text: "and?",
      reply_to_message: { ...OURS, chat: GROUP },
      chat: GROUP,
      ...who,
    },
  }),
  // A tap has no sender_chat: Telegram names the person.
  button: (who) => ({
    callback_query: {
      id: "1",
      data: "ok:1",
      from: who.from,
      message: { ...OURS, chat: { id: OWNER, type: "private" } },
    },
  }),
};

const row = (cell: string): string[] => Array.from({ length: 7 }, () => cell);
const OUTSIDER = [
  "stranger",
  "not-listed",
  "not-listed",
  "stranger",
  "stranger",
  "not-listed",
  "stranger",
];
const TABLE: Record<string, readonly string[]> = {
  //        DM, group, thread, forwarded, edited, reply, button
  owner: row("in"),
  chatter: row("in"),
  member: OUTSIDER,
  stranger: OUTSIDER,
  bot: row("bot"),
  "anonymous admin": [...row("broadcast").slice(1), "in"],
  "channel post": [...row("broadcast").slice(1), "in"],
};

const CELLS = Object.entries(TABLE).flatMap(([who, cells]) =>
  Object.keys(PLACES).map((place, column) => ({ who, place, expected: cells[column] })),
);

test("the table has 49 cells", () => expect(CELLS).toHaveLength(49));

function look(who: string, place: string, rules: Partial<ChatRules> = {}): string {
  const update = { update_id: 1, ...PLACES[place]?.(SENDERS[who] ?? {}) };
  const reading = receive(update, "tg", ME);
  if (reading.kind !== "arrival") return "reason" in reading ? reading.reason : reading.kind;
  const verdict = gate(reading.arrival, {
    paused: false,
    allowUnsigned: false,
    chat: { ...RULES, ...rules },
  });
  if (verdict.kind === "admit") return "in";
  return verdict.kind === "drop" ? verdict.reason : verdict.kind;
}

test.each(CELLS)("$who, $place: $expected", ({ who, place, expected }) => {
  expect(look(who, place)).toBe(expected);
});

test("under pairing and invite only a stranger's own new direct message can lead to a code", () => {
  for (const rules of [{ policy: "pairing" }, { policy: "invite", hasInvite: true }] as const) {
    const asks = CELLS.filter(({ who, place }) =>
      ["pair", "redeem"].includes(look(who, place, rules)),
    ).map(({ who, place }) => `${who}, ${place}`);
    expect(asks).toEqual(rules.policy === "pairing" ? ["member, DM", "stranger, DM"] : []);
  }
});

test("an invite counts as the sender's own words only: not forwarded, not edited, not quoted", () => {
  const rules = { policy: "invite", hasInvite: true } as const;
  const update = (message: object): string => {
    const reading = receive({ update_id: 1, ...message }, "tg", ME);
    if (reading.kind !== "arrival") return "reason" in reading ? reading.reason : reading.kind;
    return gate(reading.arrival, {
      paused: false,
      allowUnsigned: false,
      chat: { ...RULES, ...rules },
    }).kind;
  };
  const code = { ...direct(person(STRANGER)), text: "ABC2-EFGH" };
  expect(update({ message: code })).toBe("redeem");
  expect(update({ edited_message: { ...code, edit_date: 2 } })).toBe("drop");
  expect(
    update({
      message: { ...code, forward_origin: { type: "hidden_user", sender_user_name: "x" } },
    }),
  ).toBe("drop");
  const quoted = {
    ...direct(person(STRANGER)),
    text: "hi",
    reply_to_message: { ...OURS, text: "ABC2-EFGH" },
  };
  expect(update({ message: quoted })).toBe("drop");
});
