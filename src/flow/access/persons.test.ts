import { DatabaseSync } from "node:sqlite";
import { join } from "node:path";
import { expect, test } from "vitest";
import { systemClock } from "../../sdk/clock.ts";
import type { PersonRole } from "../../store/access/access.ts";
import { listAudit } from "../../store/access/audit.ts";
import { Database } from "../../store/file/database.ts";
import { makeFolder, openDatabase } from "../../store/sample.fixture.ts";
import type { RuleChange } from "./change.ts";
import { AccessPolicy } from "./policy.ts";

const TG = { channel: "telegram", id: "77" };
const DC = { channel: "discord", id: "880" };
const WA = { channel: "whatsapp", id: "49" };
const LINK: RuleChange = { kind: "person", ...TG, to: DC };

async function openScene(db = openDatabase()) {
  const policy = new AccessPolicy({ db, clock: systemClock, isStatic: false });
  const write = (change: RuleChange) => db.write(() => policy.write(change, "owner"));
  const add = (place: { channel: string; id: string }, ...roles: PersonRole[]) =>
    write({ kind: "link", ...place, account: "a", name: "", chatId: place.id, roles });
  await add(TG, "chatter", "approver", "owner");
  await add(DC, "chatter");
  const may = ({ channel, id }: typeof TG) => policy.readRoles(channel, "a", id).join(",");
  return { db, policy, write, add, may };
}

// PERSON-1
test("linked by the owner, each place may what the other may; an end of the link gives back what each had", async () => {
  const { db, policy, write, may } = await openScene();
  expect(may(DC)).toBe("chatter");
  await write(LINK);
  expect([may(TG), may(DC)]).toEqual(["chatter,approver,owner", "chatter,approver,owner"]);
  expect(policy.isApproverChat("discord", "880")).toBe(true);
  // As another life of the hub reads it.
  const again = new AccessPolicy({ db, clock: systemClock, isStatic: false });
  expect([again.state.kind, again.readRoles("discord", "a", "880")]).toEqual([
    "ok",
    ["chatter", "approver", "owner"],
  ]);
  await write({ kind: "unperson", ...DC });
  expect([may(TG), may(DC), policy.rules.persons]).toEqual([
    "chatter,approver,owner",
    "chatter",
    [],
  ]);
});

test("what a link grants is named, in the audit as well", async () => {
  const { db, write } = await openScene();
  await write(LINK);
  expect(listAudit(db, 1)[0]?.detail).toBe(
    "telegram/77 and discord/880 are one person: discord/880 was chatter and becomes chatter, approver, owner",
  );
  await expect(write(LINK)).rejects.toThrow("one person already");
});

// PERSON-2 PERSON-4
test("blocked at one place is blocked at all; taken off the list at one place, the others stay", async () => {
  const { write, add, may, policy } = await openScene();
  await add(WA, "chatter");
  await write(LINK);
  await write({ kind: "person", ...WA, to: TG });
  expect(policy.listPlaces(DC)).toHaveLength(3);
  await write({ kind: "revoke", ...WA, block: false });
  expect([may(WA), may(TG), policy.listPlaces(WA), policy.listPlaces(DC).length]).toEqual([
    "",
    "chatter,approver,owner",
    [WA],
    2,
  ]);
  await write({ kind: "revoke", ...DC, block: true });
  expect([may(TG), may(DC)]).toEqual(["", ""]);
  expect(policy.toChatRules("telegram")?.findSender("a", "77")?.roles).toEqual([]);
});

test("a role that is changed at one place is changed at all, and says so", async () => {
  const { db, write, may } = await openScene();
  await write(LINK);
  await write({ kind: "role", ...DC, account: "", roles: ["chatter"] });
  expect([may(TG), may(DC)]).toEqual(["chatter", "chatter"]);
  expect(listAudit(db, 1)[0]?.detail).toContain("who is telegram/77 too, is now chatter");
});

// PERSON-3
test("a link lets in nobody who is on no list, and no group hears of it", async () => {
  const { write, policy, may } = await openScene();
  await expect(
    write({ kind: "person", ...TG, to: { channel: "slack", id: "U1" } }),
  ).rejects.toThrow("slack/U1 is on no list");
  const group = {
    channel: "discord",
    id: "g",
    senders: ["1"],
    requireMention: false,
    patterns: [],
  };
  await write({ kind: "group", ...group });
  await write(LINK);
  expect(policy.rules.groups[0]?.senders).toEqual(["1"]);
  expect(may({ channel: "discord", id: "77" })).toBe("");
});

test("a channel that goes takes its places along; one place alone is no link", async () => {
  const { policy, write } = await openScene();
  await write(LINK);
  await policy.forget("discord");
  expect([policy.rules.persons, policy.state.kind]).toEqual([[], "ok"]);
});

test("a link that was made without us is damage, and admits nobody", async () => {
  const { db, may } = await openScene();
  await db.write(() => {
    for (const { channel, id } of [TG, DC])
      db.run("INSERT INTO persons VALUES (?, ?, 'x', 0)", channel, id);
  });
  const again = new AccessPolicy({ db, clock: systemClock, isStatic: false });
  expect([again.state.kind, again.readRoles("discord", "a", "880"), may(DC)]).toEqual([
    "damaged",
    [],
    "chatter",
  ]);
});

test("rules that an earlier version sealed are whole in this one", async () => {
  const path = join(makeFolder(), "inbox.db");
  const before = new Database(path);
  await openScene(before);
  before.close();
  const raw = new DatabaseSync(path);
  raw.exec(
    "DROP TABLE persons; DROP TABLE transcriptions; DROP TABLE agent_days; PRAGMA user_version = 34",
  );
  const copy = raw.prepare("SELECT rules FROM access_copy").get()?.["rules"];
  const { persons: _, ...old } = JSON.parse(String(copy)) as Record<string, unknown>;
  raw.prepare("UPDATE access_copy SET rules = ?").run(JSON.stringify(old));
  raw.close();
  const db = openDatabase(path);
  const policy = new AccessPolicy({ db, clock: systemClock, isStatic: false });
  expect([policy.state.kind, policy.readRoles("telegram", "a", "77")]).toEqual([
    "ok",
    ["chatter", "approver", "owner"],
  ]);
  await db.write(() => policy.write(LINK, "owner"));
  expect(policy.readRoles("discord", "a", "880")).toContain("owner");
});

// PERSON-5
test("a place that is linked anew meets none of those that it was linked to before", async () => {
  const { write, add, may, policy } = await openScene();
  await add(WA, "chatter", "owner", "approver");
  const other = { channel: "slack", id: "U1" };
  await add(other, "chatter");
  await write({ kind: "unperson", ...TG }).catch(() => undefined);
  await write({ kind: "person", ...DC, to: other });
  await write({ kind: "person", ...DC, to: TG });
  await write({ kind: "unperson", ...DC });
  expect([may(DC), may(other)]).toEqual(["chatter", "chatter,approver,owner"]);
  await write({ kind: "unperson", ...TG });
  const third = { channel: "email", id: "a@b.test" };
  await add(third, "chatter");
  await write({ kind: "person", ...DC, to: WA });
  await write({ kind: "person", ...DC, to: third });
  await write({ kind: "unperson", ...DC });
  // WA and the third are left under the name that DC gave.
  await write({ kind: "person", ...DC, to: other });
  expect([may(DC), may(other), may(third)]).toEqual([
    "chatter",
    "chatter",
    "chatter,approver,owner",
  ]);
  expect(new Set(policy.rules.persons.map(({ person }) => person)).size).toBe(2);
});
