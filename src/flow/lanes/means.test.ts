/**
 * The table of docs/hosts.md is what the lanes say of themselves.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { agent } from "./agent.ts";
import { LANES } from "./choose-lane.ts";
import { codex } from "./codex.ts";
import { opencode } from "./opencode.ts";

const HEADS = ["agents", "wakes", "text", "receipt", "prompts", "questions", "stop"] as const;
const PAGE = "docs/hosts.md";
const TABLE = /(<!-- lanes: [^\n]* -->\n\n)(?:\|[^\n]*\n)*/;

function toTable(): string {
  const rows = [...LANES, codex, opencode, agent].map(({ name, means }) => [
    `\`${name}\``,
    ...HEADS.map((head) => means[head]),
  ]);
  const head = ["lane", ...HEADS];
  const widths = head.map((word, column) =>
    Math.max(word.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const toLine = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  return [toLine(head), toLine(widths.map((width) => "-".repeat(width))), ...rows.map(toLine)]
    .map((line) => `${line}\n`)
    .join("");
}

test("docs/hosts.md has the lanes' own words", () => {
  const page = readFileSync(PAGE, "utf8");
  const made = page.replace(TABLE, (_, mark: string) => mark + toTable());
  if (process.env["SLUICE_WRITE_DOCS"] === "1") writeFileSync(PAGE, made);
  expect(page).toBe(made);
});
