import { expect, test } from "vitest";
import { readGrowth } from "./growth.fixture.ts";
import { toPlainLine } from "./plain-line.ts";

test.each([
  ["is the deploy out?", "is the deploy out?"],
  ["**Deploy** `v2_1` to *prod*, please", "Deploy v2_1 to prod, please"],
  ["## Plan\n\nfirst", "Plan"],
  ["\n- [ ] write __tests__", "write tests"],
  ["> 1. see [the run](https://ci.example.com/1)", "see the run"],
  ["![graph](a.png) rises", "graph rises"],
  ["```ts\nconst a = 1;\n```", "const a = 1;"],
  ["---\n| a | b |", "| a | b |"],
  ["see __init__.py", "see __init__.py"],
  ["snake_case and 2 * 3 * 4", "snake_case and 2 * 3 * 4"],
  ["use `**` and `_x_`", "use ** and _x_"],
  ["\\*not bold\\*", "*not bold*"],
  ["~~old~~ new", "old new"],
  ["```\n```", ""],
  ["   \n\t", ""],
])("%j is %j", (markdown, line) => {
  expect(toPlainLine(markdown, 48)).toBe(line);
});

test("a long line is cut between characters, and long runs of marks do not take long", () => {
  expect(toPlainLine("x".repeat(60), 10)).toBe(`${"x".repeat(9)}…`);
  const cut = toPlainLine(`${"🙂".repeat(10)}`, 10);
  expect(cut.isWellFormed()).toBe(true);
  for (const mark of ["*", "_", "`", "~", "[", "**a", "[a](", "> "])
    expect(
      readGrowth(25_000, (size) => toPlainLine(mark.repeat(size), 48)),
      mark,
    ).toBeLessThan(10);
});
