import { join } from "node:path";
import { expect, test } from "vitest";
import { AccessPolicy } from "../flow/access/policy.ts";
import { systemClock } from "../sdk/clock.ts";
import { makeFolder, openDatabase } from "../store/sample.fixture.ts";
import { openMoves } from "./moved-chat.ts";
import { openHome } from "./process/home.ts";
import { changeConfig, readConfig } from "./settings/config.ts";

const ignore = (): void => {};
const log = { debug: ignore, info: ignore, warn: ignore, error: ignore };

async function open(isStatic = false) {
  const home = openHome({ SLUICE_HOME: join(makeFolder(), "home") });
  const db = openDatabase(home.database);
  const clock = systemClock;
  const owner = new AccessPolicy({ db, clock, isStatic: false });
  await db.write(() => {
    const group = { kind: "group" as const, requireMention: true, patterns: [] as string[] };
    owner.write({ ...group, channel: "tg", id: "-5", senders: ["77"] }, "owner");
    owner.write({ ...group, channel: "other", id: "-5", senders: ["*"] }, "owner");
    owner.write({ kind: "contact", channel: "tg", chatId: "-5", name: "Ops" }, "owner");
  });
  changeConfig(home.config, (before) => ({
    ...before,
    notices: { channel: "tg", chatId: "-5" },
  }));
  const policy = new AccessPolicy({ db, clock, isStatic });
  const told: string[] = [];
  const notifyOwner = (text: string): void => void told.push(text);
  const moved = openMoves({ db, log, home, policy, notifyOwner });
  return { home, db, policy, told, moved };
}

// MOVED-1
test("a group that became a supergroup keeps its people, its place in the contacts and the notices; the owner is told once", async () => {
  const { home, db, policy, told, moved } = await open();
  await moved("tg", "-5", "-100777");
  await moved("tg", "-5", "-100777");
  expect(told).toEqual([
    "Access: the group -5 on tg became a supergroup with the id -100777. Your rules for it moved along; there is nothing to do.",
  ]);
  // Read anew from the file.
  const { rules, state } = new AccessPolicy({ db, clock: systemClock, isStatic: false });
  expect(state.kind).toBe("ok");
  expect(rules.groups.map(({ channel, id, senders }) => [channel, id, senders])).toEqual(
    expect.arrayContaining([
      ["tg", "-100777", ["77"]],
      ["other", "-5", ["*"]],
    ]),
  );
  expect(rules.contacts).toEqual([{ channel: "tg", chatId: "-100777", name: "Ops" }]);
  expect(policy.toChatRules("tg")?.findGroup("-5")).toBeUndefined();
  expect(readConfig(home.config).notices).toMatchObject({ channel: "tg", chatId: "-100777" });
});

test("MOVED-1: rules that the owner has set for the new group are not widened by those of the old one", async () => {
  const { db, policy, moved } = await open();
  const group = {
    kind: "group" as const,
    channel: "tg",
    requireMention: true,
    patterns: [] as string[],
  };
  await db.write(() => policy.write({ ...group, id: "-100777", senders: ["9"] }, "owner"));
  await moved("tg", "-5", "-100777");
  const here = policy.rules.groups.filter(({ channel }) => channel === "tg");
  expect(here.map(({ id, senders }) => [id, senders])).toEqual([["-100777", ["9"]]]);
});

test("a group that nobody listed is not let in by becoming another one", async () => {
  const { policy, told, moved } = await open();
  const before = policy.rules;
  await moved("tg", "-6", "-100888");
  expect(policy.rules).toEqual(before);
  expect(told).toEqual([]);
});

test("rules that cannot be changed at run time stay, and the owner hears once what to change", async () => {
  const { policy, told, moved } = await open(true);
  await moved("tg", "-5", "-100777");
  await moved("tg", "-5", "-100777");
  expect(policy.toChatRules("tg")?.findGroup("-100777")).toBeUndefined();
  expect(told).toHaveLength(1);
  expect(told[0]).toMatch(
    /^Sluice: the group -5 on tg became .* did not move along: access is static/,
  );
});
