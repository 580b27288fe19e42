import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { COMMANDS } from "./commands.ts";
import { renderCommandHelp, renderHelp } from "./help.ts";

test("the first page has every command once, with a line each", () => {
  const lines = stripVTControlCharacters(renderHelp()).split("\n");
  for (const { name, summary } of COMMANDS) {
    expect(
      lines.filter((line) => line.startsWith(`  ${name} `)),
      name,
    ).toEqual([expect.stringContaining(summary)]);
  }
});

test.each(COMMANDS.map(({ name, load }) => ({ name, load })))(
  "$name has a sentence, a description for each of its flags and one to three examples",
  async ({ name, load }) => {
    const command = await load();
    expect(command.examples?.length, "examples").toBeGreaterThanOrEqual(1);
    expect(command.examples?.length, "examples").toBeLessThanOrEqual(3);
    for (const example of command.examples ?? []) expect(example).toContain(name);
    const text = stripVTControlCharacters(renderCommandHelp(name, command));
    expect(text).toMatch(new RegExp(`^Usage: sluice ${name}`));
    expect(text.split("\n")[2]).toMatch(/^[A-Z].{10,}/);
    expect(text.split("\n").every((line) => line.length <= 120)).toBe(true);
  },
);
