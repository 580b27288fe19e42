import { expect, test } from "vitest";
import { isSpare } from "./channel-flag.ts";

test("only a process that was kept ready hides the command line of its session", () => {
  expect(isSpare(["claude bg-spare", "--bg-spare", "/tmp/spare.sock"])).toBe(true);
  expect(isSpare(["claude.exe", "--session-id", "1", "say hello"])).toBe(false);
});
