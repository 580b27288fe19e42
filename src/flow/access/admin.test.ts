import { expect, test } from "vitest";
import { NO_RULES } from "../../store/access/access.ts";
import { listAudit } from "../../store/access/audit.ts";
import { AccessRig, SESSION, TERMINAL } from "./access-rig.fixture.ts";
import type { AccessChange } from "./change.ts";

const ALLOW: AccessChange = {
  kind: "allow",
  channel: "chats",
  id: "42",
  account: "",
  roles: ["chatter"],
};
const GROUP: AccessChange = {
  kind: "group",
  channel: "chats",
  id: "-100",
  senders: ["42"],
  requireMention: true,
  patterns: [],
};

test("ADMIN-3: a change in a terminal is done, audited, and owners are told", async () => {
  const rig = new AccessRig();
  expect(await rig.admin.ask({ ...ALLOW, name: "Ana" }, TERMINAL)).toEqual({
    kind: "done",
    summary: "chats 42 (Ana) is chatter",
  });
  expect(rig.policy.readRoles("chats", "any", "42")).toEqual(["chatter"]);
  expect(listAudit(rig.db, 9)).toMatchObject([
    { actor: "terminal", action: "allow", detail: "chats 42 (Ana) is chatter" },
  ]);
  expect(rig.notices).toEqual([expect.stringContaining("chats 42 (Ana) is chatter")]);
});

const EVERY: readonly AccessChange[] = [
  ALLOW,
  GROUP,
  { kind: "policy", channel: "chats", policy: "pairing" },
  { kind: "contact", channel: "chats", chatId: "7" },
  { kind: "invite", channel: "chats" },
  { kind: "revoke", channel: "chats", id: "9", block: true },
];

test("ADMIN-1: no change that a session asks for is done, and each waits for its owner", async () => {
  const rig = new AccessRig();
  for (const change of EVERY)
    expect(await rig.admin.ask(change, SESSION), change.kind).toMatchObject({ kind: "pending" });
  expect(rig.policy.rules).toEqual(NO_RULES);
  expect(rig.policy.toChatRules("chats")?.hasInvite).toBe(false);
  expect(listAudit(rig.db, 9)).toEqual([]);
  expect(rig.admin.listWaiting()).toHaveLength(EVERY.length);
  expect(rig.notices).toHaveLength(EVERY.length);
  expect(rig.notices[0]).toContain("a session's shell (pid 7) asks for a change");
});

test("ADMIN-1: only a terminal confirms, and each once", async () => {
  const rig = new AccessRig();
  const asked = await rig.admin.ask(ALLOW, SESSION);
  expect(await rig.admin.ask(ALLOW, SESSION)).toEqual(asked);
  const number = asked.kind === "pending" ? asked.number : 0;
  await expect(rig.admin.confirm(number, SESSION)).rejects.toMatchObject({ code: "unauthorized" });
  expect(rig.policy.rules.senders).toEqual([]);
  expect(await rig.admin.confirm(number, TERMINAL)).toMatchObject({ kind: "done" });
  expect(rig.policy.readRoles("chats", "x", "42")).toEqual(["chatter"]);
  await expect(rig.admin.confirm(number, TERMINAL)).rejects.toMatchObject({ code: "not_found" });
});

test("a change that is made anyhow waits no longer", async () => {
  const rig = new AccessRig();
  await rig.admin.ask(ALLOW, SESSION);
  await rig.admin.ask(GROUP, SESSION);
  await rig.admin.ask(ALLOW, TERMINAL);
  expect(rig.admin.listWaiting().map(({ id }) => id)).toEqual([2]);
});

test("a request is rejected, dies after a day, and at most twenty wait; a number is never another change's", async () => {
  const rig = new AccessRig();
  const ask = (id: string) => rig.admin.ask({ ...ALLOW, id }, SESSION);
  await ask("first");
  await expect(rig.admin.reject(1, SESSION)).rejects.toMatchObject({ code: "unauthorized" });
  await rig.admin.reject(1, TERMINAL);
  expect(await ask("second")).toMatchObject({ number: 2 });
  for (let i = 0; i < 19; i++) await ask(`n${i}`);
  await expect(ask("one too many")).rejects.toMatchObject({ code: "conflict" });
  await rig.clock.advance(24 * 3_600_000 + 1);
  expect(rig.admin.listWaiting()).toEqual([]);
  await expect(rig.admin.confirm(2, TERMINAL)).rejects.toMatchObject({ code: "not_found" });
  expect(await ask("after it")).toMatchObject({ number: 22 });
});

test("ADMIN-2: a pairing needs the end of the id; the person is told, and the first one is the owner", async () => {
  const rig = new AccessRig();
  await rig.setPolicy("pairing");
  await rig.write("100200300", "hi");
  const { hash } = await rig.admin.find(rig.readCode(), TERMINAL);
  const pair = { kind: "pair" as const, pairing: hash };
  for (const wrong of [undefined, "", "0301", "100200300"])
    await expect(rig.admin.ask(pair, TERMINAL, wrong)).rejects.toMatchObject({ code: "bad_input" });
  expect(rig.policy.rules.senders).toEqual([]);
  expect(await rig.admin.ask(pair, TERMINAL, "0300")).toMatchObject({ kind: "done" });
  expect(rig.policy.readRoles("chats", "bot-1", "100200300")).toEqual([
    "chatter",
    "approver",
    "owner",
  ]);
  expect(rig.said.at(-1)).toMatchObject({ chatId: "100200300" });
  expect(rig.admin.toDefaultRoles()).toEqual(["chatter"]);
  expect(await rig.drop("100200300", "hello")).toBe("in");
});

test("ADMIN-2: a session that asks for a pairing gets a request with the person's id, which needs its end too", async () => {
  const rig = new AccessRig();
  await rig.setPolicy("pairing");
  await rig.write("4711", "approve me", {});
  const { hash } = await rig.admin.find(rig.readCode(), TERMINAL);
  const pair = { kind: "pair" as const, pairing: hash, roles: ["owner" as const] };
  expect(await rig.admin.ask(pair, SESSION, "4711")).toMatchObject({ kind: "pending", number: 1 });
  expect(rig.admin.listWaiting()[0]?.person).toMatchObject({ sender: "4711" });
  await expect(rig.admin.confirm(1, TERMINAL)).rejects.toMatchObject({ code: "bad_input" });
  expect(await rig.admin.confirm(1, TERMINAL, "4711")).toMatchObject({ kind: "done" });
  expect(rig.policy.readRoles("chats", "bot-1", "4711")).toEqual(["owner"]);
});

test("wrong pairing codes lock the terminal for an hour; those of a session do not", async () => {
  const rig = new AccessRig();
  await rig.setPolicy("pairing");
  await rig.write("ana", "hi");
  for (let i = 0; i < 9; i++) await expect(rig.admin.find(`20000${i}`, SESSION)).rejects.toThrow();
  expect(await rig.admin.find(rig.readCode(), TERMINAL)).toMatchObject({ sender: "ana" });
  for (let i = 0; i < 5; i++)
    await expect(rig.admin.find(`20000${i}`, TERMINAL)).rejects.toMatchObject({
      code: "not_found",
    });
  await expect(rig.admin.find(rig.readCode(), TERMINAL)).rejects.toMatchObject({
    code: "rate_limited",
  });
});

test("revoke takes a person off every list of the channel; blocked, they stay out of open groups", async () => {
  const rig = new AccessRig();
  await rig.admin.ask(ALLOW, TERMINAL);
  await rig.admin.ask({ ...ALLOW, account: "bot-1", roles: ["owner"] }, TERMINAL);
  await rig.admin.ask(GROUP, TERMINAL);
  await rig.admin.ask({ kind: "revoke", channel: "chats", id: "42", block: false }, TERMINAL);
  expect(rig.policy.rules.senders).toEqual([]);
  const inGroup = { place: "group", groupId: "-100" } as const;
  expect(await rig.drop("42", "hi", inGroup)).toBe("not-listed");
  await rig.admin.ask({ ...GROUP, senders: ["*"] }, TERMINAL);
  expect(await rig.drop("42", "hi", inGroup)).toBe("in");
  await rig.admin.ask({ kind: "revoke", channel: "chats", id: "42", block: true }, TERMINAL);
  expect(await rig.drop("42", "hi", inGroup)).toBe("blocked");
  expect(await rig.drop("42", await rig.invite())).toBe("blocked");
});

test.each([
  ["an unknown channel", { ...ALLOW, channel: "nobody" }, "not_found"],
  [
    "a role of nobody",
    { kind: "role", channel: "chats", id: "1", account: "", roles: ["owner"] },
    "not_found",
  ],
  [
    "a stranger's revocation",
    { kind: "revoke", channel: "chats", id: "1", block: false },
    "not_found",
  ],
  ["a group that is not listed", { kind: "ungroup", channel: "chats", id: "1" }, "not_found"],
  ["a contact that is none", { kind: "uncontact", channel: "chats", chatId: "1" }, "not_found"],
  ["* beside ids", { ...GROUP, senders: ["*", "1"] }, "bad_input"],
  ["restoring what is whole", { kind: "restore" }, "conflict"],
] as const)("%s changes nothing, with a terminal or without", async (_, change, code) => {
  const rig = new AccessRig();
  const before = rig.countRows();
  const asked = { ...change } as AccessChange;
  await expect(rig.admin.ask(asked, TERMINAL)).rejects.toMatchObject({ code });
  await expect(rig.admin.ask(asked, SESSION)).rejects.toMatchObject({ code });
  expect(rig.countRows()).toBe(before);
});

// POLICY-2
test("static: nothing changes at run time, and nobody gets a code", async () => {
  const first = new AccessRig();
  await first.admin.ask(ALLOW, TERMINAL);
  await first.setPolicy("pairing");
  const code = await first.invite();
  const rig = new AccessRig({ db: first.db, isStatic: true });
  for (const change of EVERY)
    await expect(rig.admin.ask(change, TERMINAL)).rejects.toMatchObject({ code: "conflict" });
  expect(await rig.drop("ana", "hi")).toBe("stranger");
  expect(await rig.drop("ana", code)).toBe("stranger");
  expect(await rig.drop("42", "hi")).toBe("in");
  expect(rig.said).toEqual([]);
});

test("a channel that is removed takes its people along: its next namesake may be another bot", async () => {
  const rig = new AccessRig();
  for (const change of EVERY) await rig.admin.ask(change, TERMINAL);
  await rig.policy.forget("chats");
  expect(rig.policy.rules).toEqual(NO_RULES);
  expect(listAudit(rig.db, 1)).toMatchObject([{ actor: "hub", action: "forget" }]);
});

test("contacts are those that were listed", async () => {
  const rig = new AccessRig();
  await rig.admin.ask({ kind: "contact", channel: "chats", chatId: "7" }, TERMINAL);
  expect([rig.policy.isContact("chats", "7"), rig.policy.isContact("chats", "8")]).toEqual([
    true,
    false,
  ]);
  await rig.admin.ask({ kind: "uncontact", channel: "chats", chatId: "7" }, TERMINAL);
  expect(rig.policy.isContact("chats", "7")).toBe(false);
});

test("the rules survive a restart as they were", async () => {
  const rig = new AccessRig();
  for (const change of EVERY) await rig.admin.ask(change, TERMINAL);
  const again = new AccessRig({ db: rig.db });
  expect(again.policy.state).toEqual({ kind: "ok" });
  expect(new Set(again.policy.rules.senders)).toEqual(new Set(rig.policy.rules.senders));
  expect(again.policy.rules.groups).toEqual(rig.policy.rules.groups);
});

test("a change asked for by a session while a stranger's pairing runs loses neither", async () => {
  const rig = new AccessRig();
  await rig.setPolicy("pairing");
  const [, outcome] = await Promise.all([rig.write("ana", "hi"), rig.admin.ask(ALLOW, TERMINAL)]);
  expect(outcome).toMatchObject({ kind: "done" });
  expect(await rig.admin.find(rig.readCode(), TERMINAL)).toMatchObject({ sender: "ana" });
  expect(rig.policy.readRoles("chats", "", "42")).toEqual(["chatter"]);
});
