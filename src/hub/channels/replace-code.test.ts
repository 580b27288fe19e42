/**
 * A reload that is broken off at each of its steps, in a real home.
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { toHome } from "../../local/home.ts";
import type { KeptCode } from "../authored/kept-code.ts";
import type { ChannelConfig } from "../settings/config.ts";
import { replaceCode } from "./replace-code.ts";
import { readSecrets, writeSecrets } from "./secrets.ts";

const [OLD, NEW] = ["a".repeat(64), "b".repeat(64)];
/** What each code asks for. */
const NEEDS: Readonly<Record<string, readonly string[]>> = {
  [OLD]: ["BOTH", "ONLY_OLD"],
  [NEW]: ["BOTH", "ONLY_NEW"],
};

type Break = "port" | "before" | "after" | "look";

function openScene(breaks?: Break, wrong?: string) {
  const path = mkdtempSync(join(tmpdir(), "sluice-replace-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  const home = toHome(path);
  const fresh = join(path, "code", ".new-0123456789abcdef");
  for (const folder of [join(path, "code", "mine", OLD), fresh, home.secretsDir])
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(join(fresh, "manifest.json"), "{}");
  writeSecrets(home, "mine", { keys: [], named: { BOTH: "1", ONLY_OLD: "2" } });
  let config: ChannelConfig = {
    name: "mine",
    kind: "mine",
    scheme: "bearer",
    twoWay: false,
    paused: false,
    rate: 50,
    code: { digest: OLD, from: "/a.ts" },
  };
  const end = (here: Break): void => {
    if (here === breaks) throw new Error("the hub was killed");
  };
  // Only where it lies, its digest and where it came from are read.
  const code = { folder: fresh, digest: NEW, manifest: { from: "/a.ts" } } as unknown as KeptCode;
  const replace = () =>
    replaceCode(
      code,
      {
        facts: { twoWay: true },
        needsPort: true,
        toSecrets: ({ named }) => ({
          keys: [],
          named: { BOTH: named?.["BOTH"] ?? "", ONLY_NEW: "3" },
        }),
      },
      {
        home,
        config,
        freezePort: async () => (end("port"), 1),
        async change(change) {
          end("before");
          config = { ...config, ...change };
          end("after");
        },
        connections: {
          opened: async () => end("look"),
          state: () => (wrong === undefined ? undefined : { kind: "paused", reason: wrong }),
        },
        reason: () => undefined,
      },
    );
  const listCode = () => readdirSync(join(path, "code", "mine")).toSorted();
  const readNames = () => Object.keys(readSecrets(home, "mine")?.named ?? {}).toSorted();
  return { replace, listCode, readNames, path, read: () => config };
}

test.each<Break>(["port", "before", "after", "look"])(
  "REPLACE-1: a hub that is killed at the step %s has the code that it is configured for, with its secrets",
  async (breaks) => {
    const { replace, readNames, path, read } = openScene(breaks);
    await expect(replace()).rejects.toThrow("the hub was killed");
    const digest = read().code?.digest ?? "";
    expect([OLD, NEW]).toContain(digest);
    expect(existsSync(join(path, "code", "mine", digest))).toBe(true);
    expect(readNames()).toEqual(expect.arrayContaining([...(NEEDS[digest] ?? [])]));
  },
);

test("the new code has its own secrets and facts alone; where it does not run, the old one has all of its own again", async () => {
  const done = openScene();
  await done.replace();
  expect(done.read()).toMatchObject({ twoWay: true, code: { digest: NEW } });
  expect([done.listCode(), done.readNames()]).toEqual([[NEW], ["BOTH", "ONLY_NEW"]]);
  const failed = openScene(undefined, "it throws");
  await expect(failed.replace()).rejects.toThrow(
    "the new code does not run (it throws); the old one does",
  );
  expect(failed.read()).toMatchObject({ twoWay: false, code: { digest: OLD } });
  expect([failed.listCode(), failed.readNames()]).toEqual([[OLD], ["BOTH", "ONLY_OLD"]]);
});
