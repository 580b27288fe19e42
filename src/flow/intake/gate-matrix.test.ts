/**
 * The gate's table: who x where, for any platform. Each cell is what the owner may expect.
 */
import { expect, test } from "vitest";
import type { Arrival, ChatFacts } from "../../sdk/event.ts";
import { readGrowth } from "../../sdk/growth.fixture.ts";
import type { PersonRole } from "../../store/access/access.ts";
import { toArrival } from "../../store/sample.fixture.ts";
import { type Access, type ChatRules, gate } from "./gate.ts";

const GROUP = "-100";
const OTHER_GROUP = "-200";

/** The owner and a chatter may talk directly and in the group; a member is in the group and on no list. */
const RULES: ChatRules = {
  policy: "allowlist",
  isStatic: false,
  hasInvite: false,
  findSender: (account, id) => {
    const people: Record<string, readonly PersonRole[]> = {
      owner: ["chatter", "approver", "owner"],
      chatter: ["chatter"],
    };
    const roles = people[id];
    return account !== "bot-1" || roles === undefined ? undefined : { roles };
  },
  findGroup: (id) =>
    id === GROUP
      ? { channel: "chats", id, senders: ["owner", "chatter"], requireMention: true, patterns: [] }
      : undefined,
};
const ACCESS: Access = { paused: false, allowUnsigned: false, chat: RULES };

const SENDERS: Record<string, { id: string; facts?: Partial<ChatFacts> }> = {
  owner: { id: "owner" },
  chatter: { id: "chatter" },
  member: { id: "member" },
  stranger: { id: "stranger" },
  bot: { id: "robot", facts: { isBot: true } },
  // The platform shows an account that stands for all of them: its id is nobody's.
  "anonymous admin": { id: "chatter", facts: { place: "broadcast" } },
  "channel post": { id: "owner", facts: { place: "broadcast" } },
};

const PLACES: Record<string, Partial<ChatFacts>> = {
  DM: { place: "dm" },
  group: { place: "group", groupId: GROUP, isAddressed: true },
  thread: { place: "thread", groupId: GROUP, isAddressed: true },
  forwarded: { place: "dm", isForwarded: true },
  edited: { place: "dm", isEdited: true },
  reply: { place: "group", groupId: GROUP, isAddressed: true },
  button: { place: "dm", button: "b1" },
};

const TABLE: Record<string, readonly string[]> = {
  //                 DM          group         thread        forwarded   edited      reply         button
  owner: ["in", "in", "in", "in", "in", "in", "in"],
  chatter: ["in", "in", "in", "in", "in", "in", "in"],
  member: [
    "stranger",
    "not-listed",
    "not-listed",
    "stranger",
    "stranger",
    "not-listed",
    "stranger",
  ],
  stranger: [
    "stranger",
    "not-listed",
    "not-listed",
    "stranger",
    "stranger",
    "not-listed",
    "stranger",
  ],
  bot: ["bot", "bot", "bot", "bot", "bot", "bot", "bot"],
  "anonymous admin": Array.from({ length: 7 }, () => "broadcast"),
  "channel post": Array.from({ length: 7 }, () => "broadcast"),
};

function toChat(
  who: { id: string; facts?: Partial<ChatFacts> },
  place: Partial<ChatFacts>,
  changes: Partial<Arrival> = {},
): Arrival {
  const isAddressed = place.groupId === undefined;
  const facts = { isAddressed, isBot: false, isForwarded: false, isEdited: false };
  return toArrival({
    channel: "chats",
    sender: { id: who.id, name: "owner" },
    chatId: place.groupId === undefined ? who.id : "topic-7",
    quotes: [{ label: "message", text: "hello" }],
    ...changes,
    chat: { place: "dm", account: "bot-1", ...facts, ...place, ...who.facts },
  });
}

function look(arrival: Arrival, rules: Partial<ChatRules> = {}): string {
  const verdict = gate(arrival, { ...ACCESS, chat: { ...RULES, ...rules } });
  if (verdict.kind === "admit") return verdict.role === "chatter" ? "in" : verdict.role;
  return verdict.kind === "drop" ? verdict.reason : verdict.kind;
}

const CELLS = Object.entries(TABLE).flatMap(([who, row]) =>
  Object.keys(PLACES).map((place, column) => ({ who, place, expected: row[column] })),
);

test("the table has 49 cells", () => expect(CELLS).toHaveLength(49));

// req:field.61 req:lane.sender
test.each(CELLS)("$who, $place: $expected", ({ who, place, expected }) => {
  expect(look(toChat(SENDERS[who] ?? { id: "" }, PLACES[place] ?? {}))).toBe(expected);
});

test.each(["pairing", "allowlist", "invite"] as const)(
  "under %s only a stranger's own new direct message can lead to a code",
  (policy) => {
    const asks = CELLS.filter(({ who, place }) =>
      ["pair", "redeem"].includes(
        look(toChat(SENDERS[who] ?? { id: "" }, PLACES[place] ?? {}), { policy }),
      ),
    ).map(({ who, place }) => `${who}, ${place}`);
    expect(asks).toEqual(policy === "pairing" ? ["member, DM", "stranger, DM"] : []);
  },
);

test.each([
  ["what names nobody, as a list's mail does", { isAddressed: false }, {}],
  ["a reaction", {}, { kind: "reaction" }],
])("%s asks for no code, and redeems none", (_, facts, changes) => {
  const code = { quotes: [{ label: "message", text: "ABC2-EFGH" }], ...changes };
  const rules = { policy: "pairing", hasInvite: true } as const;
  expect(look(toChat({ id: "s" }, facts, code), rules)).toBe("stranger");
  expect(look(toChat({ id: "s" }, {}, { ...code, kind: "message" }), rules)).toBe("redeem");
  expect(look(toChat({ id: "chatter" }, facts, code), rules)).toBe("in");
});

test("disabled hears nobody, in no place", () => {
  for (const { who, place } of CELLS)
    expect(
      look(toChat(SENDERS[who] ?? { id: "" }, PLACES[place] ?? {}), { policy: "disabled" }),
    ).toBe("disabled");
});

test("without rules nobody is heard", () => {
  for (const { who, place } of CELLS) {
    const arrival = toChat(SENDERS[who] ?? { id: "" }, PLACES[place] ?? {});
    expect(gate(arrival, { paused: false, allowUnsigned: true })).toEqual({
      kind: "drop",
      reason: "no-rules",
    });
  }
});

test("GATE-3: a role on one account of ours is none on another", () => {
  expect(look(toChat({ id: "owner" }, { account: "bot-2" }))).toBe("stranger");
});

test("GATE-3: a name is nobody, whatever it says", () => {
  expect(look(toChat({ id: "4711" }, {}, { sender: { id: "4711", name: "owner" } }))).toBe(
    "stranger",
  );
});

test("GATE-4: a group that is not listed is silent, for the owner too", () => {
  const place = { place: "group", groupId: OTHER_GROUP, isAddressed: true } as const;
  expect(look(toChat({ id: "owner" }, place))).toBe("group-not-listed");
});

test("a thread without its parent's name is nobody's group", () => {
  expect(look(toChat({ id: "owner" }, { place: "thread", isAddressed: true }))).toBe(
    "group-not-listed",
  );
});

test("roles do not imply each other: an owner or approver who is no chatter does not talk", () => {
  for (const role of ["owner", "approver"] as const)
    expect(look(toChat({ id: "x" }, {}), { findSender: () => ({ roles: [role] }) })).toBe(
      "not-chatter",
    );
});

const group = (changes: object): Partial<ChatRules> => ({
  findGroup: (id) => ({
    channel: "chats",
    id,
    senders: ["chatter"],
    requireMention: true,
    patterns: [],
    ...changes,
  }),
});
const inGroup = { place: "group", groupId: GROUP } as const;

test("a typed * opens a group to its members, and blocked people stay out of it", () => {
  const addressed = { ...inGroup, isAddressed: true };
  expect(look(toChat({ id: "member" }, addressed), group({ senders: ["*"] }))).toBe("in");
  expect(look(toChat({ id: "member" }, addressed), group({ senders: [] }))).toBe("not-listed");
  const blocked = { ...group({ senders: ["*"] }), findSender: () => ({ roles: [] }) };
  expect(look(toChat({ id: "member" }, addressed), blocked)).toBe("blocked");
});

test.each([
  ["no name, no word", {}, "hello", [], "not-addressed"],
  ["a name", { isAddressed: true }, "hello", [], "in"],
  ["a word, in any case", {}, "Hey CLAUDE, hello", ["claude"], "in"],
  ["a word is literal", {}, "hello", [".*", "h.llo", "(a+)+$"], "not-addressed"],
  ["a word in a forwarded text", { isForwarded: true }, "hey claude", ["claude"], "not-addressed"],
  ["a tap on our button", { button: "b" }, "", [], "in"],
] as const)("the mention gate: %s", (_, facts, text, patterns, expected) => {
  const label = "isForwarded" in facts ? "forwarded" : "message";
  const quotes = text === "" ? [] : [{ label, text }];
  const arrival = toChat({ id: "chatter" }, { ...inGroup, ...facts }, { quotes });
  expect(look(arrival, group({ patterns: [...patterns] }))).toBe(expected);
});

test("words in what is quoted or composed are no mention and no code", () => {
  const quotes = [{ label: "answers", text: "claude" }];
  const arrival = toChat({ id: "chatter" }, inGroup, { text: "claude", quotes });
  expect(look(arrival, group({ patterns: ["claude"] }))).toBe("not-addressed");
  const code = [{ label: "answers", text: "ABC2-EFGH" }];
  const stranger = toChat({ id: "s" }, {}, { text: "ABC2-EFGH", quotes: code });
  expect(look(stranger, { hasInvite: true })).toBe("stranger");
});

test("twenty patterns take no longer than the length of a hostile text", () => {
  const patterns = Array.from({ length: 20 }, (_, i) => `${"a".repeat(60)}${i}`);
  const lookAt = (size: number) => {
    const quotes = [{ label: "message", text: "a".repeat(size) }];
    return look(toChat({ id: "chatter" }, inGroup, { quotes }), group({ patterns }));
  };
  expect(readGrowth(125_000, lookAt)).toBeLessThan(10);
});

test.each([
  ["abc2-efgh", "redeem"],
  ["/start ABC2EFGH", "redeem"],
  ["oil1 0002", "redeem"],
  ["here is ABC2-EFGH", "stranger"],
  ["ABCD-EFG", "stranger"],
  ["ABCD-EFGU", "stranger"],
])("an invite is the whole message: %s", (text, expected) => {
  const quotes = [{ label: "message", text }];
  const from = (place: Partial<ChatFacts>, rules: Partial<ChatRules>): string =>
    look(toChat({ id: "s" }, place, { quotes }), rules);
  expect(from({}, { hasInvite: true })).toBe(expected);
  expect(from({}, { hasInvite: false })).toBe("stranger");
  expect(from({}, { hasInvite: true, isStatic: true })).toBe("stranger");
  expect(from({}, { hasInvite: true, policy: "disabled" })).toBe("disabled");
  for (const facts of [{ isForwarded: true }, { isEdited: true }, { button: "b" }])
    expect(from(facts, { hasInvite: true })).toBe("stranger");
  expect(from({ ...inGroup, isAddressed: true }, { hasInvite: true })).toBe("not-listed");
});

test("static: of whoever writes wherever on any platform nobody becomes known, and who is listed is heard as before", () => {
  for (const policy of ["pairing", "invite", "allowlist"] as const)
    for (const [who, sender] of Object.entries(SENDERS))
      for (const place of Object.values(PLACES)) {
        const quotes = [{ label: "message", text: "abc2-efgh" }];
        const arrival = toChat(sender, place, { quotes });
        const rules = { policy, hasInvite: true };
        const [live, fixed] = [look(arrival, rules), look(arrival, { ...rules, isStatic: true })];
        const isAsking = live === "pair" || live === "redeem";
        expect(fixed, `${who} by ${policy}`).toBe(isAsking ? "stranger" : live);
      }
});
