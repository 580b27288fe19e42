import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { toChatTable } from "./skips.ts";

const PAGE = "docs/chats.md";
const toCells = (line: string): string[] =>
  line.split("|").map((cell) => cell.trim().replace(/^-+$/, "---"));

test("docs/chats.md says of each platform what its contract suite holds (UPDATE_GOLDEN=1 writes it)", () => {
  const page = readFileSync(PAGE, "utf8");
  const table = /(?:^\|.*\n)+/m;
  if (process.env["UPDATE_GOLDEN"] === "1")
    writeFileSync(
      PAGE,
      page.replace(table, () => `${toChatTable().join("\n")}\n`),
    );
  const lines = table.exec(readFileSync(PAGE, "utf8"))?.[0].trimEnd().split("\n") ?? [];
  expect(lines.map(toCells)).toEqual(toChatTable().map(toCells));
});
