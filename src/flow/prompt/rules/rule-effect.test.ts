import { expect, test } from "vitest";
import { findNoEffect } from "./rule-effect.ts";

test.each([
  [{ tool: "Bash", command: "npm test" }, undefined],
  [{ tool: "Bash", command: "npm *" }, undefined],
  [{ tool: "Bash", command: "npm test && npm run lint" }, undefined],
  [{ tool: "*" }, undefined],
  [{ tool: "Edit", path: "src/**" }, undefined],
  [{ tool: "mcp__github__get_*" }, undefined],
  [{ tool: "Bash", command: "npm test > out.txt" }, "its command is not read: it redirects"],
  [
    { tool: "Bash", command: "make\tall" },
    "its command is not read: it holds an unusual character",
  ],
  [{ tool: "Bash", path: "src/**" }, "a rule with a path allows no shell command"],
  [{ tool: "PowerShell" }, "PowerShell is not read, so each call needs its code"],
  [{ tool: "Edit", command: "x" }, "Edit runs no command"],
  [{ tool: "Edit", path: "../x/**" }, 'its path holds ".."'],
  [{ tool: "mcp__fs__read", path: "src/**" }, "arguments of other servers' tools are not read"],
  [{ tool: "WebFetch", path: "src/**" }, "no path is read of WebFetch"],
  [{ tool: "Web*", command: "x" }, "Web* runs no command"],
  [{ tool: "Bas?", path: "src/**" }, "a rule with a path allows no shell command"],
  [{ tool: "*", path: "src/**" }, undefined],
  [
    { tool: "*", path: "src/**", command: "x" },
    "no call has both a path and a command that are read",
  ],
  [{ tool: "Bash", command: "cat ~/notes/*" }, 'its command holds "~", which the shell fills in'],
  [{ tool: "ExitPlanMode" }, "people answer questions and plans themselves"],
])("a rule that allows %j: %s", (rule, why) => {
  expect(findNoEffect({ action: "allow", ...rule })).toBe(why);
  expect(findNoEffect({ action: "deny", ...rule })).toBeUndefined();
});
