/**
 * A project of somebody else's that has the package.
 *
 * Owns: that folder. Never: a claim (doors.test.ts, doors.long.test.ts).
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { onTestFinished } from "vitest";

export const ROOT = resolve(import.meta.dirname, "..");

/** A project of somebody else's, with the package installed in it. */
export function makeProject(): string {
  const folder = mkdtempSync(join(tmpdir(), "sluice-doors-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(ROOT, join(folder, "node_modules/sluice"));
  symlinkSync(
    join(ROOT, "node_modules/@modelcontextprotocol"),
    join(folder, "node_modules/@modelcontextprotocol"),
  );
  return folder;
}

/** The blocks of a page that say which file they are, written into a project. */
export function writeExamples(page: string, folder: string): void {
  const text = readFileSync(join(ROOT, page), "utf8");
  const blocks = [...text.matchAll(/^```js\n\/\/ (\S+)\n(.*?)^```/gms)];
  if (blocks.length === 0) throw new Error(`${page} has no examples`);
  for (const [, name = "", code = ""] of blocks) writeFileSync(join(folder, name), code);
}
