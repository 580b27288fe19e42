import { expect, test } from "vitest";
import { newClosers } from "./closers.ts";

test("the last opened is closed first, and one that fails keeps none of the others open", async () => {
  const closed: string[] = [];
  const closers = newClosers();
  closers.add(() => closed.push("inbox"));
  closers.add(async () => {
    throw new Error("page");
  });
  closers.add(() => {
    throw new Error("socket");
  });
  const upkeep = { close: async () => closed.push("upkeep") };
  expect(closers.keep(upkeep)).toBe(upkeep);
  await expect(closers.close()).rejects.toThrow("socket");
  expect(closed).toEqual(["upkeep", "inbox"]);
  await closers.close();
  expect(closed).toHaveLength(2);
});
