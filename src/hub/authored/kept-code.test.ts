import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { toHome } from "../../local/home.ts";
import { sweepCode, toDigest } from "./kept-code.ts";

const root = mkdtempSync(join(tmpdir(), "sluice-kept-"));
const code = join(root, "code");
afterEach(() => rmSync(root, { recursive: true, force: true }));

test("CODE-1: kept code holds files, and links to what lies beside them: nothing else is confirmed or run", async () => {
  mkdirSync(join(code, "files"), { recursive: true });
  writeFileSync(join(root, "secret"), "canary");
  writeFileSync(join(code, "files", "a.js"), "");
  symlinkSync("files/a.js", join(code, "b.js"));
  expect(await toDigest(code)).toMatch(/^[0-9a-f]{64}$/);
  for (const to of ["../secret", join(root, "secret"), "..", ".", "nowhere", "loop"]) {
    symlinkSync(to, join(code, "loop"));
    await expect(toDigest(code), to).rejects.toThrow(/loop is neither a file nor a link/);
    rmSync(join(code, "loop"));
  }
  execFileSync("mkfifo", [join(code, "pipe")]);
  await expect(toDigest(code)).rejects.toThrow(/pipe is neither/);
});

test("CODE-1: while much code is looked at, the hub goes on with everything else", async () => {
  mkdirSync(join(code, "files"), { recursive: true });
  const big = Buffer.alloc(1024 * 1024, "x");
  for (let nth = 0; nth < 24; nth++) writeFileSync(join(code, "files", `${nth}.js`), big);
  let turns = 0;
  let isOver = false;
  const turn = (): void => void (isOver || (turns++, setImmediate(turn)));
  setImmediate(turn);
  await toDigest(code);
  isOver = true;
  // At least one for each piece that was read.
  expect(turns).toBeGreaterThan(100);
});

test("what a broken-off reload has left goes with the next start, and what is configured stays", () => {
  const home = toHome(root);
  const place = join(root, "code", "mine");
  const [kept, left] = ["a".repeat(64), "b".repeat(64)];
  for (const name of [kept, left]) mkdirSync(join(place, name), { recursive: true });
  mkdirSync(join(root, "code", "gone"));
  writeFileSync(join(place, "pid"), "1");
  sweepCode(home, new Map([["mine", kept]]));
  expect(readdirSync(join(root, "code"))).toEqual(["mine"]);
  expect(readdirSync(place).toSorted()).toEqual([kept, "pid"]);
});
