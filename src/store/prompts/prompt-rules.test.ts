import { expect, test } from "vitest";
import { addPromptRule, listPromptRules, removePromptRule } from "./prompt-rules.ts";
import { openDatabase } from "../sample.fixture.ts";

const RULE = {
  action: "allow",
  tool: "Bash",
  command: "npm test *",
  createdAt: 7,
  by: "terminal",
} as const;

test("rules are kept as they were written, oldest first", async () => {
  const db = openDatabase();
  await db.write(() => addPromptRule(db, RULE));
  await db.write(() =>
    addPromptRule(db, {
      action: "deny",
      tool: "*",
      path: "keys",
      session: "shop",
      createdAt: 8,
      by: "x",
    }),
  );
  expect(listPromptRules(db, 0)).toEqual([
    { id: 1, ...RULE },
    { id: 2, action: "deny", tool: "*", path: "keys", session: "shop", createdAt: 8, by: "x" },
  ]);
});

test("the number of a rule that was removed is never another's: the audit names rules by it", async () => {
  const db = openDatabase();
  await db.write(() => addPromptRule(db, RULE));
  expect(await db.write(() => removePromptRule(db, 1))).toEqual({ id: 1, ...RULE });
  expect(await db.write(() => removePromptRule(db, 1))).toBeUndefined();
  expect((await db.write(() => addPromptRule(db, RULE))).id).toBe(2);
});

test("the file refuses a rule that is none", async () => {
  const db = openDatabase();
  // @ts-expect-error: no such answer
  await expect(db.write(() => addPromptRule(db, { ...RULE, action: "permit" }))).rejects.toThrow();
});
