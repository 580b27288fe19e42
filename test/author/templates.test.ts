/**
 * What `sluice new` copies, where it lies: the templates' own tests, and the commands that their pages show.
 */
import { globSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { checkArgs } from "../../src/cli/command.ts";
import { COMMANDS } from "../../src/cli/commands.ts";
import { TEMPLATE_KINDS } from "../../src/cli/scaffold/write.ts";
import { runTemplate } from "./run-template.ts";

const ROOT = resolve(import.meta.dirname, "../..");

// The other kinds': templates.long.test.ts.
test("the tests of webhook pass where it lies", () => {
  const report = runTemplate("webhook");
  expect(report).toMatch(/^# pass [23]$/m);
  expect(report).toMatch(/^# fail 0$/m);
});

test("every command that their pages show is one that the command line takes", async () => {
  const pages = globSync("templates/*/README.md", { cwd: ROOT });
  expect(pages).toHaveLength(TEMPLATE_KINDS.length);
  for (const page of pages) {
    const text = readFileSync(join(ROOT, page), "utf8");
    const lines = [...text.matchAll(/(?:^|-- )(sluice .*)$/gm)].map(([, line = ""]) => line);
    expect(lines.length).toBeGreaterThan(2);
    for (const line of lines) {
      const [name = "", ...args] = line.split(" ").slice(1);
      const entry = COMMANDS.find((one) => one.name === name);
      expect(entry !== undefined, line).toBe(true);
      if (entry !== undefined) checkArgs(name, await entry.load(), args);
    }
  }
});
