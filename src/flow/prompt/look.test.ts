import { expect, test } from "vitest";
import type { PromptRule } from "../../store/prompts/prompt-rules.ts";
import { lookAtCall } from "./look.ts";
import type { Disk } from "./risk/disk.ts";
import { findRule } from "./rules/rules.ts";

const RULES: PromptRule[] = [
  { id: 1, action: "allow", tool: "*", createdAt: 1, by: "x" },
  { id: 2, action: "deny", tool: "*", path: "/keys/**", createdAt: 1, by: "x" },
];
const never = new Promise<never>(() => {});

// DISK-1
test.each([
  ["hangs", () => never],
  ["cannot be read", () => Promise.reject(new Error("EIO"))],
])(
  "a disk that %s holds no call up, and lets nothing past a rule that denies a path",
  async (_, fail) => {
    const disk: Disk = {
      readRealPath: fail,
      readFacts: fail,
      findSecret: fail,
      findGitProgram: fail,
    };
    const call = { tool: "Bash", input: { command: "cat link" }, cwd: "/work", folder: "/work" };
    const options = { disk, readRules: () => RULES, readProjectCommands: () => [] };
    const look = await lookAtCall(options, call);
    expect(look.assessment.isRisky).toBe(true);
    const facts = { session: "s", sessionName: "s", exact: "", hidesSomething: false };
    expect(findRule(RULES, { ...call, ...facts, ...look })).toMatchObject({
      rule: { id: 2 },
      isCertain: false,
    });
  },
);
