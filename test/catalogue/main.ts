/**
 * `npm run catalogue`: prints what the catalogue does for each sender. With `-- --write` it puts the table into docs/catalogue.md.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { toTable } from "./table.ts";

const PAGE = "docs/catalogue.md";

const lines = await toTable();
console.log(lines.join("\n"));
if (process.argv.includes("--write")) {
  const page = readFileSync(PAGE, "utf8");
  writeFileSync(
    PAGE,
    page.replace(/(?:^\|.*\n)+/m, () => `${lines.join("\n")}\n`),
  );
}
