import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { toHome } from "../../local/home.ts";
import { listParts, requireOwnHome, toSize } from "./home-sizes.ts";

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "sluice-sizes-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

test("a home is told by its parts, the largest first, and links are not followed", () => {
  const home = makeFolder();
  writeFileSync(join(home, "sluice.db"), "x".repeat(2_000));
  writeFileSync(join(home, "sluice.db-wal"), "x".repeat(500));
  mkdirSync(join(home, "backup"));
  writeFileSync(join(home, "backup", "a.db"), "x".repeat(100));
  symlinkSync("/usr", join(home, "files"));
  const parts = listParts(home);
  expect(parts.slice(0, 2)).toEqual([
    { what: "events, messages and who may speak", bytes: 2_500, files: 2 },
    { what: "daily backups of them", bytes: 100, files: 1 },
  ]);
  expect(parts[2]?.bytes).toBeLessThan(100);
});

test.each([
  [0, "0 B"],
  [999, "999 B"],
  [1_000, "1.0 kB"],
  [999_960, "1.0 MB"],
  [1_234_567_890, "1.2 GB"],
])("%d bytes are %s", (bytes, size) => {
  expect(toSize(bytes)).toBe(size);
});

test("only a folder that is a home and nothing else is deleted as a whole", () => {
  const folder = makeFolder();
  const home = join(folder, "home");
  const env = { SLUICE_HOME: home, HOME: folder };
  expect(requireOwnHome(env)).toBeUndefined();
  mkdirSync(home);
  expect(() => requireOwnHome(env)).toThrow("does not look like a home of Sluice");
  writeFileSync(join(home, "hub.lock"), "");
  expect(requireOwnHome(env)).toBe(home);
  const places = Object.values(toHome(home)).filter((path) => path !== home);
  const drafts = ["socket.tmp", "instructions.tmp", "hub.1f2e", "damaged-2", "trial-a1B2c3"];
  for (const path of [...places, ...drafts.map((name) => join(home, name))])
    writeFileSync(path, "");
  expect(requireOwnHome(env)).toBe(home);
  mkdirSync(join(home, "thesis"));
  expect(() => requireOwnHome(env)).toThrow("also holds thesis");
  const usual = join(folder, ".sluice");
  mkdirSync(join(usual, "claude"), { recursive: true });
  expect(requireOwnHome({ HOME: folder })).toBe(usual);
  mkdirSync(join(home, "user"));
  expect(() => requireOwnHome({ ...env, HOME: join(home, "user") })).toThrow("holds");
  expect(() => requireOwnHome({ ...env, SLUICE_HOME: "/" })).toThrow("not deleted as a whole");
  symlinkSync(home, join(folder, "link"));
  expect(() => requireOwnHome({ ...env, SLUICE_HOME: join(folder, "link") })).toThrow("is a link");
});
