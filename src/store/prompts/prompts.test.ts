import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { Prompt } from "../../sdk/prompt.ts";
import { checkAudit } from "../access/audit.ts";
import { NO_RULES, noteAccess, readAccess, writeAccess } from "../access/access.ts";
import { Database } from "../file/database.ts";
import {
  addAsk,
  addHold,
  addPrompt,
  closePrompt,
  endHold,
  findAsk,
  findByCode,
  findHold,
  findPrompt,
  listPrompts,
  listUnsent,
  purgePrompts,
  setAskState,
} from "./prompts.ts";
import { makeFolder } from "../sample.fixture.ts";

const PROMPT: Prompt = {
  id: "prm_1",
  code: "abcde",
  kind: "tool",
  session: "s1",
  sessionName: "app (main)",
  cwd: "/app",
  tool: "Bash",
  arguments: "command: ls",
  digest: "0123456789ab",
  exact: "",
  isOrdinaryEdit: false,
  isCut: false,
  questions: [],
  risk: { isRisky: true, reasons: ["deletes"] },
  count: 1,
  createdAt: 1_000,
  expiresAt: 2_000,
  state: "pending",
};
const VERDICT = { verdict: { kind: "allow" }, by: "ada", via: "page", at: 1_500 } as const;

function open(): Database {
  const db = new Database(join(makeFolder(), "inbox.db"));
  onTestFinished(() => db.close());
  return db;
}

async function withPrompt(changes: Partial<Prompt> = {}): Promise<Database> {
  const db = open();
  await db.write(() => addPrompt(db, { prompt: { ...PROMPT, ...changes }, attachment: "att" }));
  return db;
}

test("a prompt comes back as it was kept, with its end", async () => {
  const whole = {
    description: "list",
    agent: "a1",
    questions: [{ question: "Which?", options: [{ label: "Blue" }], isMulti: false }],
  };
  const db = await withPrompt(whole);
  expect(findPrompt(db, "prm_1")).toEqual({ prompt: { ...PROMPT, ...whole }, attachment: "att" });
  await db.write(() =>
    closePrompt(db, "prm_1", { state: "answered", at: 1_500, outcome: VERDICT }),
  );
  expect(findPrompt(db, "prm_1")?.prompt).toMatchObject({ state: "answered", outcome: VERDICT });
});

test("PENDING-1: of many ends the first counts, and only that", async () => {
  const db = await withPrompt();
  const ends = await db.write(() => [
    closePrompt(db, "prm_1", { state: "answered", at: 1_500, outcome: VERDICT }),
    closePrompt(db, "prm_1", { state: "retired", at: 1_501, reason: "late" }),
    closePrompt(db, "prm_1", { state: "answered", at: 1_502, outcome: VERDICT }),
  ]);
  expect(ends).toEqual([true, false, false]);
  expect(findPrompt(db, "prm_1")?.prompt.state).toBe("answered");
});

test("a code names the prompt that waits, and after it the latest that had it", async () => {
  const db = await withPrompt();
  await expect(
    db.write(() => addPrompt(db, { prompt: { ...PROMPT, id: "prm_2" }, attachment: "att" })),
  ).rejects.toThrow();
  await db.write(() => closePrompt(db, "prm_1", { state: "expired", at: 2_000 }));
  expect(findByCode(db, "abcde")?.prompt.id).toBe("prm_1");
  await db.write(() => addPrompt(db, { prompt: { ...PROMPT, id: "prm_2" }, attachment: "att" }));
  expect(findByCode(db, "abcde")?.prompt.id).toBe("prm_2");
  expect(listPrompts(db).map(({ prompt }) => prompt.id)).toEqual(["prm_2", "prm_1"]);
  expect(listPrompts(db, { state: "pending" }).map(({ prompt }) => prompt.id)).toEqual(["prm_2"]);
  expect(listPrompts(db, { before: "prm_2" }).map(({ prompt }) => prompt.id)).toEqual(["prm_1"]);
});

test("calls that wait are counted; a relay's verdict is unsent until it is said to have left", async () => {
  const db = await withPrompt();
  const ask = { prompt: "prm_1", state: "waiting", askedAt: 1 } as const;
  await db.write(() => {
    addAsk(db, { ...ask, key: "k1", way: "hook" });
    addAsk(db, { ...ask, key: "k2", way: "hook" });
    addAsk(db, { ...ask, key: "relay:att:abcde", way: "relay" });
  });
  expect(findPrompt(db, "prm_1")?.prompt.count).toBe(2);
  await db.write(() => {
    setAskState(db, "k2", "over");
    closePrompt(db, "prm_1", { state: "answered", at: 1_500, outcome: VERDICT });
  });
  expect(findPrompt(db, "prm_1")?.prompt.count).toBe(1);
  expect(listUnsent(db, "att", 0).map(({ key }) => key)).toEqual(["relay:att:abcde"]);
  await db.write(() => setAskState(db, "relay:att:abcde", "left"));
  expect(listUnsent(db, "att", 0)).toEqual([]);
});

test("what ended long ago is forgotten with its calls; what waits stays", async () => {
  const db = await withPrompt();
  await db.write(() => {
    addPrompt(db, { prompt: { ...PROMPT, id: "prm_2", code: "bbbbb" }, attachment: "att" });
    addAsk(db, { key: "k1", prompt: "prm_1", way: "hook", state: "waiting", askedAt: 1 });
    closePrompt(db, "prm_1", { state: "expired", at: 2_000 });
    purgePrompts(db, 3_000, 10);
  });
  expect(listPrompts(db).map(({ prompt }) => prompt.id)).toEqual(["prm_2"]);
  expect(findAsk(db, "k1")).toBeUndefined();
});

test("a hold ends by its time or by hand", async () => {
  const db = open();
  await db.write(() => addHold(db, { session: "s1", kind: "deny", until: 100, by: "ada" }));
  expect(findHold(db, "s1", 99)).toMatchObject({ by: "ada" });
  expect(findHold(db, "s1", 100)).toBeUndefined();
  expect(await db.write(() => [endHold(db, "s1", "stop"), endHold(db, "s1", "deny")])).toEqual([
    false,
    true,
  ]);
});

test("a line in the audit leaves the rules as they are, also damaged ones", async () => {
  const db = open();
  const entry = { at: 1, actor: "ada", action: "verdict", detail: "allowed Bash" };
  await db.write(() => noteAccess(db, entry));
  expect(readAccess(db).kind).toBe("intact");
  await db.write(() => {
    writeAccess(db, NO_RULES, { ...entry, action: "policy" });
    db.run("INSERT INTO policies VALUES ('chat', 'open')");
  });
  expect(readAccess(db).kind).toBe("damaged");
  await db.write(() => noteAccess(db, entry));
  expect(readAccess(db).kind).toBe("damaged");
  expect(checkAudit(db)).toMatchObject({ rows: 3, damage: undefined });
});
