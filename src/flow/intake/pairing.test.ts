import { expect, test } from "vitest";
import type { ChatFacts } from "../../sdk/event.ts";
import { findEvent } from "../../store/events/inbox.ts";
import { listInvites, listPairings } from "../../store/access/codes.ts";
import { failTurn } from "../../store/sample.fixture.ts";
import { AccessRig, TERMINAL } from "../access/access-rig.fixture.ts";
import { mintCode, parseCode, showCode } from "../access/code.ts";

const MINUTE = 60_000;

// PAIRING-2
// req:field.61
test("an unpaired sender gets a code twice, then silence, and the first code no longer counts", async () => {
  const rig = new AccessRig();
  await rig.setPolicy("pairing");
  expect(await rig.drop("ana", "hello")).toBe("pairing");
  const first = rig.readCode();
  expect(await rig.drop("ana", "hello?")).toBe("pairing");
  const second = rig.readCode();
  expect(await rig.drop("ana", "HELLO")).toBe("pairing-silent");
  expect(rig.said).toHaveLength(2);
  expect(rig.said[0]).toMatchObject({ channel: "chats", chatId: "ana" });
  await expect(rig.admin.find(first, TERMINAL)).rejects.toMatchObject({ code: "not_found" });
  expect(await rig.admin.find(second.toLowerCase(), TERMINAL)).toMatchObject({ sender: "ana" });
  expect(listPairings(rig.db, rig.clock.now())).toHaveLength(1);
});

test("PAIRING-3: neither what a stranger wrote nor a code is anywhere in the file", async () => {
  const rig = new AccessRig();
  await rig.setPolicy("pairing");
  await rig.write("ana", "NEVER-KEPT");
  const invite = await rig.invite();
  const tables = rig.db.all<{ name: string }>(
    "SELECT name FROM sqlite_master WHERE type = 'table'",
  );
  const all = JSON.stringify(tables.map(({ name }) => rig.db.all(`SELECT * FROM "${name}"`)));
  for (const word of [
    "NEVER-KEPT",
    rig.readCode(),
    rig.readCode().replace("-", ""),
    invite,
    invite.replace("-", ""),
  ])
    expect(all.includes(word), word).toBe(false);
});

test("PAIRING-1: three wait; a fourth has to wait until the oldest had its ten minutes; an invite needs no place", async () => {
  const rig = new AccessRig();
  await rig.setPolicy("pairing");
  for (const from of ["a", "b", "c"]) {
    expect(await rig.drop(from, "hi")).toBe("pairing");
    await rig.clock.advance(1);
  }
  const codeOfC = rig.readCode();
  expect(await rig.drop("d", "hi")).toBe("pairing-full");
  expect(await rig.drop("owner", await rig.invite())).toBe("linked");
  await rig.clock.advance(11 * MINUTE);
  expect(await rig.drop("d", "hi")).toBe("pairing");
  expect(listPairings(rig.db, rig.clock.now()).map((one) => one.sender)).toEqual(["b", "c", "d"]);
  expect(await rig.admin.find(codeOfC, TERMINAL)).toMatchObject({ sender: "c" });
});

// INVITE-2
test("a code dies after an hour, and with its use", async () => {
  const rig = new AccessRig();
  await rig.setPolicy("pairing");
  await rig.write("ana", "hi");
  const { hash } = await rig.admin.find(rig.readCode(), TERMINAL);
  const pair = { kind: "pair" as const, pairing: hash };
  await rig.admin.ask(pair, TERMINAL, "ana");
  await expect(rig.admin.ask(pair, TERMINAL, "ana")).rejects.toMatchObject({ code: "not_found" });
  await rig.write("bob", "hi");
  const code = rig.readCode();
  await rig.clock.advance(61 * MINUTE);
  await expect(rig.admin.find(code, TERMINAL)).rejects.toMatchObject({ code: "not_found" });
});

test.each(["allowlist", "invite", "disabled"] as const)(
  "a thousand strangers under %s leave no row and get no reply",
  async (policy) => {
    const rig = new AccessRig();
    await rig.setPolicy(policy);
    const before = rig.countRows();
    for (let i = 0; i < 1_000; i++)
      expect(await rig.drop(`s${i}`, "let me in")).toBe(
        policy === "disabled" ? policy : "stranger",
      );
    expect([rig.countRows() - before, rig.said, rig.notices.length]).toEqual([0, [], 1]);
  },
);

test("a thousand strangers under pairing leave three rows and get three replies", async () => {
  const rig = new AccessRig();
  await rig.setPolicy("pairing");
  const before = rig.countRows();
  for (let i = 0; i < 1_000; i++) await rig.write(`s${i}`, "let me in");
  expect([rig.countRows() - before, rig.said.length]).toEqual([3, 3]);
});

test("an invite links once, with its roles, within ten minutes; owners are told", async () => {
  const rig = new AccessRig();
  const code = await rig.invite(["chatter", "approver"]);
  expect(await rig.drop("ana", `/start ${code}`)).toBe("linked");
  expect(rig.policy.readRoles("chats", "bot-1", "ana")).toEqual(["chatter", "approver"]);
  expect(rig.policy.readRoles("chats", "bot-2", "ana")).toEqual([]);
  expect(rig.policy.rules.senders[0]).toMatchObject({ chatId: "ana", addedBy: "invite" });
  expect(rig.notices.at(-1)).toContain("ana (Name of ana) is chatter, approver");
  expect(listInvites(rig.db, rig.clock.now())).toEqual([]);
  expect(await rig.drop("bob", code)).toBe("stranger");
  expect(await rig.drop("ana", "hello")).toBe("in");

  const late = await rig.invite();
  await rig.clock.advance(10 * MINUTE + 1);
  expect(await rig.drop("bob", late)).toBe("stranger");
});

// INVITE-1
test("an invite of one channel opens no other, and an altered row opens nothing", async () => {
  const rig = new AccessRig();
  const code = await rig.invite(["chatter"]);
  const wrong = mintCode(8);
  for (const [column, value] of [
    ["roles", '["owner"]'],
    ["expires_at", rig.clock.now() + 3_600_000],
  ] as const) {
    const kept = rig.db.get<Record<string, string | number>>("SELECT * FROM invites");
    await rig.db.write(() => rig.db.run(`UPDATE invites SET ${column} = ?`, value));
    expect(await rig.drop(`of-${column}`, code), column).toBe("code-wrong");
    await rig.db.write(() => rig.db.run(`UPDATE invites SET ${column} = ?`, kept?.[column] ?? 0));
  }
  expect(await rig.drop("ana", wrong)).toBe("code-wrong");
  expect(await rig.drop("ana", code)).toBe("linked");
});

test("a link stands though another write of its turn is refused", async () => {
  const rig = new AccessRig();
  const linked = rig.write("ana", await rig.invite());
  const refused = rig.db.write(() => {
    rig.policy.write({ kind: "policy", channel: "chats", policy: "disabled" }, "a test");
    expect(rig.policy.readPolicy("chats")).toBe("disabled");
    throw new Error("a test's fault");
  });
  const outcomes = await Promise.allSettled([linked, refused]);
  expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
  for (const policy of [rig.policy, new AccessRig({ db: rig.db }).policy]) {
    expect(policy.readRoles("chats", "bot-1", "ana")).not.toEqual([]);
    expect(policy.readPolicy("chats")).toBe("invite");
  }
});

test("PAIRING-3: a pairing code that was not kept is not said", async () => {
  const rig = new AccessRig();
  await rig.setPolicy("pairing");
  const asked = rig.write("ben", "hello");
  await Promise.allSettled([asked, failTurn(rig.db)]);
  expect(rig.said).toEqual([]);
});

// INVITE-3
test("five wrong codes lock a sender for an hour, the right one included", async () => {
  const rig = new AccessRig();
  for (let i = 0; i < 5; i++) {
    await rig.invite();
    expect(await rig.drop("eve", mintCode(8))).toBe("code-wrong");
  }
  const code = await rig.invite();
  expect(await rig.drop("eve", code)).toBe("code-locked");
  expect(await rig.drop("ana", code)).toBe("linked");
  expect(rig.said.filter(({ chatId }) => chatId === "eve")).toHaveLength(2);
  await rig.clock.advance(61 * MINUTE);
  expect(await rig.drop("eve", await rig.invite())).toBe("linked");
});

test("guessing with many accounts: twenty tries an hour on a channel, over restarts, then nobody's code is looked at", async () => {
  const rig = new AccessRig();
  await rig.invite();
  const outcomes: string[] = [];
  for (let i = 0; i < 2_000; i++) outcomes.push(await rig.drop(`e${i}`, mintCode(8)));
  expect(outcomes.filter((one) => one === "code-wrong")).toHaveLength(20);
  expect(outcomes.filter((one) => one === "code-locked")).toHaveLength(1_980);
  const again = new AccessRig({ db: rig.db });
  expect(await again.drop("ana", await again.invite())).toBe("code-locked");
  await again.clock.advance(61 * MINUTE);
  expect(await again.drop("ana", await again.invite())).toBe("linked");
});

test("a rolled back link is no link", async () => {
  const rig = new AccessRig();
  const code = await rig.invite();
  const linked = rig.write("ana", code);
  const said = rig.said.length;
  await Promise.allSettled([linked, failTurn(rig.db)]);
  expect(rig.said.length).toBe(said);
  expect(rig.policy.readRoles("chats", "bot-1", "ana")).toEqual([]);
  expect(await rig.drop("ana", code)).toBe("linked");
});

test("who names us by a word of the group's is owed an answer, as by our name; who only talks there is not", async () => {
  const rig = new AccessRig();
  const group = { channel: "chats", id: "-100", senders: ["*"], requireMention: true };
  await rig.admin.ask({ kind: "group", ...group, patterns: ["claude"] }, TERMINAL);
  const facts = { place: "group", groupId: "-100", isAddressed: false } as const;
  const ackOf = async (text: string, more: Partial<ChatFacts> = {}): Promise<string> => {
    const taken = await rig.write("ana", text, { ...facts, ...more });
    return taken.kind === "stored" ? (findEvent(rig.db, taken.id)?.ack ?? "") : taken.reason;
  };
  expect(await ackOf("Claude, are you there?")).toBe("reply");
  expect(await ackOf("are you there?")).toBe("not-addressed");
  expect(await ackOf("claude", { isForwarded: true })).toBe("not-addressed");
  await rig.admin.ask(
    { kind: "group", ...group, requireMention: false, patterns: ["claude"] },
    TERMINAL,
  );
  expect(await ackOf("lunch?")).toBe("auto");
  expect(await ackOf("claude, lunch?")).toBe("reply");
});

test("what the gate knew is told in meta", async () => {
  const rig = new AccessRig();
  await rig.write("ana", await rig.invite());
  const facts = { isForwarded: true, isEdited: true, button: "b1" };
  const accepted = await rig.write("ana", "hi", facts);
  const event = accepted.kind === "stored" ? findEvent(rig.db, accepted.id) : undefined;
  expect(event?.meta).toMatchObject({ forwarded_from: "unknown", edited: "true", button: "b1" });
  expect(event?.sender.role).toBe("chatter");
});

test("codes have no letters that look alike, and are read as people write them", () => {
  for (let i = 0; i < 200; i++) {
    const code = mintCode(8);
    expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{8}$/);
    expect(parseCode(` ${showCode(code).toLowerCase()} `, 8)).toBe(code);
  }
  expect(parseCode("OIL0-11L2", 8)).toBe("01101112");
  for (const text of ["", "ABC", "ABCDEFGHI", "x".repeat(100_000), "ABCD EFGÜ", "OIL0-11LL"])
    expect(parseCode(text, 8)).toBeUndefined();
});

test("who only says hello hears nothing while an invite is open, and uses up no try", async () => {
  const rig = new AccessRig();
  const code = await rig.invite();
  for (const words of ["hello bot", "hey there", "all good", "good bye"])
    for (let i = 0; i < 6; i++) expect(await rig.drop("eve", words), words).toBe("stranger");
  expect(rig.said).toEqual([]);
  expect(await rig.drop("eve", code)).toBe("linked");
});
