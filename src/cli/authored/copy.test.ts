import { existsSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { CodeCopy } from "./copy.ts";

test("KEPTCOPY-2: a package that is larger than may be kept fills no disk", () => {
  const root = mkdtempSync(join(tmpdir(), "sluice-copy-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const [own, target] = [join(root, "own"), join(root, "target")];
  mkdirSync(join(own, "big"), { recursive: true });
  writeFileSync(join(own, "big/data.bin"), "");
  truncateSync(join(own, "big/data.bin"), 65 * 1024 * 1024);
  expect(() => new CodeCopy(own, target).addPackage(join(own, "big"))).toThrow(/5000 files, or 64/);
  expect(existsSync(target)).toBe(false);
});
