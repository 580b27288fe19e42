import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { toDigest } from "./kept-code.ts";

const root = mkdtempSync(join(tmpdir(), "sluice-kept-"));
const code = join(root, "code");
afterEach(() => rmSync(root, { recursive: true, force: true }));

test("CODE-1: kept code holds files, and links to what lies beside them: nothing else is confirmed or run", () => {
  mkdirSync(join(code, "files"), { recursive: true });
  writeFileSync(join(root, "secret"), "canary");
  writeFileSync(join(code, "files", "a.js"), "");
  symlinkSync("files/a.js", join(code, "b.js"));
  expect(toDigest(code)).toMatch(/^[0-9a-f]{64}$/);
  for (const to of ["../secret", join(root, "secret"), "..", ".", "nowhere", "loop"]) {
    symlinkSync(to, join(code, "loop"));
    expect(() => toDigest(code), to).toThrow(/loop is neither a file nor a link/);
    rmSync(join(code, "loop"));
  }
  execFileSync("mkfifo", [join(code, "pipe")]);
  expect(() => toDigest(code)).toThrow(/pipe is neither/);
});
