import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { makeFolder } from "../../store/sample.fixture.ts";
import { checkArgs } from "../command.ts";
import { COMMANDS } from "../commands.ts";
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

const EXAMPLES = await Promise.all(
  COMMANDS.filter(({ name }) => name !== "mcp").map(async ({ name, load }) => ({
    name,
    examples: (await load()).examples ?? [],
  })),
);

/** The words that a shell would give `sluice` for each line. An unquoted pattern that fits no file is an error, as in zsh. */
function readWords(lines: readonly string[]): string[][][] {
  const folder = makeFolder();
  writeFileSync(join(folder, "token.txt"), "");
  const heard = lines.map((_, at) => join(folder, `heard-${at}`));
  // One shell for all, and below it one for each line: what ends that does not come to its last word.
  const script = `shopt -s failglob
    sluice() { printf '%s\\0' "$@" >> "$heard"; printf '\\n' >> "$heard"; }
    jq() { cat; }; xargs() { shift; "$@"; }; make() { :; }
    ${lines.map((line, at) => `( heard=${heard[at]}\n${line}\nprintf end >> "$heard" )`).join("\n")}
    true`;
  execFileSync("bash", ["-c", script], { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
  return heard.map((path, at) => {
    const said = readFileSync(path, "utf8").split("\n");
    expect(said.pop(), lines[at]).toBe("end");
    return said.map((one) => one.split("\0").slice(0, -1));
  });
}

test("each command takes its own examples as they are printed", async () => {
  const rows = EXAMPLES.flatMap(({ name, examples }) =>
    examples.map((example) => ({ name, example })),
  );
  const words = readWords(rows.map(({ example }) => example));
  for (const [at, { name, example }] of rows.entries()) {
    const calls = words[at] ?? [];
    expect(calls.length, example).toBeGreaterThanOrEqual(1);
    for (const [called = "", ...args] of calls) {
      const entry = COMMANDS.find((one) => one.name === called);
      // Through a pipe of ids: they come from the events that wait.
      const given = example.includes("| xargs") && args.length === 0 ? ["evt_1"] : args;
      if (entry !== undefined) checkArgs(called, await entry.load(), given);
    }
    expect(calls.map(([called]) => called)).toContain(name);
  }
});
