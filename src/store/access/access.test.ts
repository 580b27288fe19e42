import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { AccessRig, TERMINAL } from "../../flow/access/access-rig.fixture.ts";
import { readAccess } from "./access.ts";
import { checkAudit, listAudit } from "./audit.ts";
import { makeFolder, openDatabase } from "../sample.fixture.ts";

let whole: Buffer | undefined;

/** A file with people, a group, a policy and a contact in it. Made once: every change is an fsync. */
async function makeBook(): Promise<string> {
  const path = join(makeFolder(), "inbox.db");
  if (whole === undefined) {
    const rig = new AccessRig({ db: openDatabase(path) });
    const people = ["1001", "1002"];
    const person = { kind: "allow" as const, channel: "chats", account: "" };
    for (const id of people)
      await rig.admin.ask({ ...person, id, roles: ["chatter"], name: `N${id}` }, TERMINAL);
    const group = { kind: "group" as const, channel: "chats", id: "-100", senders: people };
    await rig.admin.ask({ ...group, requireMention: true, patterns: ["hey"] }, TERMINAL);
    await rig.setPolicy("pairing");
    await rig.admin.ask({ kind: "contact", channel: "chats", chatId: "1001" }, TERMINAL);
    rig.db.close();
    whole = readFileSync(path);
  }
  writeFileSync(path, whole);
  return path;
}

/** The policy, opened after somebody who has the file wrote into it, past every rule of ours. */
async function openBook(sql = ""): Promise<AccessRig> {
  const path = await makeBook();
  if (sql !== "") {
    const db = new DatabaseSync(path);
    db.exec("DROP TRIGGER audit_keeps_rows; DROP TRIGGER audit_keeps_words");
    db.exec(sql);
    db.close();
  }
  return new AccessRig({ db: openDatabase(path) });
}

const CORRUPTIONS: readonly string[] = [
  // Cut off.
  "DELETE FROM senders",
  "DELETE FROM senders WHERE id = '1002'",
  "DELETE FROM groups",
  "DELETE FROM policies",
  "DELETE FROM contacts",
  "DELETE FROM audit",
  "DELETE FROM audit WHERE seq = 1",
  "DELETE FROM audit WHERE seq = 3",
  "DELETE FROM audit WHERE seq = (SELECT MAX(seq) FROM audit)",
  "UPDATE senders SET roles = substr(roles, 1, 4)",
  "UPDATE groups SET senders = substr(senders, 1, 5)",
  "UPDATE groups SET patterns = '['",
  "UPDATE senders SET roles = ''",
  "UPDATE groups SET senders = ''",
  "UPDATE policies SET policy = ''",
  // A flipped bit.
  "UPDATE senders SET id = '1000' WHERE id = '1001'",
  "UPDATE senders SET id = '9' || id",
  "UPDATE senders SET channel = 'chatr'",
  "UPDATE senders SET account = 'bot-9'",
  "UPDATE senders SET name = 'Owner'",
  "UPDATE senders SET chat_id = '666'",
  "UPDATE senders SET added_at = added_at + 1",
  "UPDATE senders SET added_by = 'hub'",
  "UPDATE groups SET id = '-101'",
  "UPDATE groups SET require_mention = 0",
  "UPDATE contacts SET chat_id = '1003'",
  "UPDATE contacts SET name = 'x'",
  "UPDATE audit SET hash = 'f' || substr(hash, 2) WHERE seq = 2 AND hash NOT LIKE 'f%'; UPDATE audit SET hash = '0' || substr(hash, 2) WHERE seq = 2",
  "UPDATE audit SET previous = 'x' WHERE seq = 2",
  "UPDATE audit SET rules = 'x' WHERE seq = (SELECT MAX(seq) FROM audit)",
  "UPDATE audit SET rules = 'x' WHERE seq = 1",
  "UPDATE audit SET detail = 'nothing happened' WHERE seq = 1",
  "UPDATE audit SET actor = 'hub' WHERE seq = 4",
  "UPDATE audit SET at = at + 1 WHERE seq = 2",
  "UPDATE audit SET action = 'restore' WHERE seq = 2",
  // Other types and values.
  `UPDATE senders SET roles = '["owner"]'`,
  `UPDATE senders SET roles = '["source"]'`,
  `UPDATE senders SET roles = '"chatter"'`,
  `UPDATE senders SET roles = '{"0":"chatter"}'`,
  "UPDATE senders SET roles = '[1]'",
  "UPDATE senders SET roles = 'null'",
  `UPDATE groups SET senders = '["*"]'`,
  `UPDATE groups SET senders = '[1001,1002]'`,
  "UPDATE groups SET senders = '{}'",
  "UPDATE policies SET policy = 'open'",
  "UPDATE policies SET policy = 'invite'",
  // Marks and masses.
  "UPDATE senders SET roles = char(65279) || roles",
  "UPDATE senders SET id = char(65279) || id",
  "UPDATE senders SET name = hex(zeroblob(1000000))",
  "UPDATE groups SET senders = '[\"' || hex(zeroblob(1000000)) || '\"]'",
  // Added.
  `INSERT INTO senders VALUES ('chats', '', '6666', '["owner","chatter"]', '', '', 1, 'terminal')`,
  `INSERT INTO groups VALUES ('chats', '-666', '["*"]', 0, '[]')`,
  "INSERT INTO contacts VALUES ('chats', '6666', '')",
  "INSERT INTO audit SELECT 99, at, actor, action, detail, rules, previous, hash FROM audit WHERE seq = 1",
];

test("whole, it admits those whom it names", async () => {
  const rig = await openBook();
  const inGroup = { place: "group", groupId: "-100", isAddressed: false } as const;
  expect(await rig.drop("1001", "hi")).toBe("in");
  expect(await rig.drop("1002", "hey you", inGroup)).toBe("in");
  expect(await rig.drop("6666", "hey you", inGroup)).toBe("not-listed");
});

test("there are at least fifty ways to damage it here", () =>
  expect(new Set(CORRUPTIONS).size).toBeGreaterThanOrEqual(50));

// POLICY-1, AUDIT-1
test.each(CORRUPTIONS)("ACCESS-1: nobody is admitted after: %s", async (sql) => {
  const rig = await openBook(sql);
  expect(rig.policy.state).toMatchObject({ kind: "damaged" });
  const inGroup = { place: "group", groupId: "-100" } as const;
  for (const from of ["1001", "1002", "6666", "stranger"])
    expect([await rig.drop(from, "hi"), await rig.drop(from, "hey", inGroup)]).toEqual([
      "no-rules",
      "no-rules",
    ]);
  expect(rig.policy.isContact("chats", "1001")).toBe(false);
  expect(rig.policy.readRoles("chats", "", "1001")).toEqual([]);
  // Not a code either, though the policy was `pairing`: damage never opens a door.
  expect(rig.said).toEqual([]);
  const change = { kind: "policy" as const, channel: "chats", policy: "pairing" as const };
  await expect(rig.admin.ask(change, TERMINAL)).rejects.toMatchObject({ code: "store_corrupt" });
});

// ACCESS-2
test("the last good copy is put back in a terminal, with a row in the audit", async () => {
  const { rules } = (await openBook()).policy;
  const rig = await openBook(`UPDATE senders SET roles = '["owner"]'`);
  expect(rig.policy.state).toMatchObject({ hasCopy: true });
  expect(await rig.admin.ask({ kind: "restore" }, TERMINAL)).toMatchObject({ kind: "done" });
  expect(rig.policy.state).toEqual({ kind: "ok" });
  expect(rig.policy.rules).toEqual(rules);
  expect(listAudit(rig.db, 1)).toMatchObject([{ action: "restore" }]);
  expect(new AccessRig({ db: rig.db }).policy.state).toEqual({ kind: "ok" });
});

// AUDIT-2
test("a broken chain is told for ever, and stops nothing after a restore", async () => {
  const rig = await openBook("UPDATE audit SET detail = 'nothing' WHERE seq = 1");
  await rig.admin.ask({ kind: "restore" }, TERMINAL);
  expect(checkAudit(rig.db)).toMatchObject({
    damage: undefined,
    healed: "row 1 of the audit was changed",
  });
  expect(await rig.drop("1001", "hi")).toBe("in");
});

test("a copy that is damaged too is not put back", async () => {
  const rig = await openBook(
    `DELETE FROM senders; UPDATE access_copy SET rules = replace(rules, '1001', '6666')`,
  );
  expect(rig.policy.state).toMatchObject({ kind: "damaged", hasCopy: false });
  await expect(rig.admin.ask({ kind: "restore" }, TERMINAL)).rejects.toMatchObject({
    code: "store_corrupt",
  });
  expect(await rig.drop("6666", "hi")).toBe("no-rules");
});

test("the file itself refuses to change or remove a row of the audit", async () => {
  const rig = await openBook();
  for (const sql of ["DELETE FROM audit", "UPDATE audit SET detail = 'x'"])
    await expect(rig.db.write(() => rig.db.run(sql))).rejects.toThrow(/append-only/);
  expect(checkAudit(rig.db)).toMatchObject({ rows: 5, damage: undefined });
});

test("a fresh file has rules: none", () => {
  const { db } = new AccessRig();
  expect(readAccess(db)).toMatchObject({ kind: "intact", rules: { senders: [], groups: [] } });
});
