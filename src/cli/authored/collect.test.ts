/**
 * What is copied of a hostile folder: real files, and a real process that says what it loads.
 */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findFile } from "../../author/load.ts";
import { collectLocal } from "./collect.ts";

const channel = (more: string): string =>
  `import { defineChannel } from "sluice";\nimport * as fs from "node:fs";\n${more}\nexport default defineChannel({ kind: "mine", webhook: { receive: () => "x" } });\n`;
let root = "";

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "sluice-collect-")));
  write({ "private/key.json": '"canary"', "private/package.json": '{"name":"private"}' });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
}

const collect = (file: string, home = join(root, "home")) =>
  collectLocal(join(root, file), join(root, "copy"), {
    HOME: home,
    SLUICE_HOME: join(home, ".sluice"),
  });

const listCopy = (): string[] =>
  existsSync(join(root, "copy"))
    ? (readdirSync(join(root, "copy"), { recursive: true }) as string[])
    : [];

/** It says by itself, before Sluice's own words, that it loads more. */
const claim = (path: string): string => `
const { defineChannel: d } = await import("sluice"); void d;
const outline = { kind: "mine", title: "x", description: "x", instructions: "", attributes: {}, sources: [{ type: "schedule", name: "s" }], secrets: [], reply: "none", tools: [], permission: false, ack: "auto", priority: "normal" };
fs.writeSync(3, JSON.stringify({ kind: "ready", outline, files: [import.meta.filename, ${path}] }) + "\\n");`;

test.each([
  ["a file elsewhere", () => JSON.stringify(join(root, "private/key.json"))],
  ["by another way", () => JSON.stringify(`${root}/own/../private/key.json`)],
  ["by a link", () => JSON.stringify(join(root, "own/key.json"))],
  ["a file that is no code", () => JSON.stringify(join(root, "own/.env"))],
  ["a folder", () => JSON.stringify(join(root, "own/data.json"))],
  ["what is not there", () => JSON.stringify(join(root, "own/none.js"))],
])("a channel that says it loads %s has nothing copied for it", async (_what, path) => {
  write({ "own/package.json": "{}", "own/.env": "canary", "own/data.json/x": "" });
  symlinkSync(join(root, "private/key.json"), join(root, "own/key.json"));
  write({ "own/a.mjs": channel(claim(path())) });
  await expect(collect("own/a.mjs")).rejects.toThrow(/says that it loads .*nothing was copied/);
  expect(listCopy()).toEqual([]);
});

test("a home is no project: a file that lies in it is refused, and a package.json in it opens nothing", async () => {
  write({ "home/a.mjs": channel(""), "home/package.json": "{}", "home/.ssh/key": "canary" });
  await expect(collect("home/a.mjs")).rejects.toThrow(
    /put the channel's file into a folder of its own/,
  );
  await expect(collect("home/a.mjs", join(root, "home", "user"))).resolves.toBeDefined();
  mkdirSync(join(root, "home/user"));
  await expect(collect("home/a.mjs", join(root, "home", "user"))).rejects.toThrow(
    /folder of its own/,
  );
  write({
    "home/own/a.mjs": channel(`fs.readFileSync(${JSON.stringify(join(root, "home/.ssh/key"))});`),
  });
  await expect(collect("home/own/a.mjs")).rejects.toThrow(/restricted/);
  // A folder of packages that leads there.
  write({ "repo/package.json": "{}", "repo/a.mjs": channel("") });
  symlinkSync(join(root, "home"), join(root, "repo/node_modules"));
  await expect(collect("repo/a.mjs")).rejects.toThrow(/folder of its own/);
});

test("a dependency by the name of a folder elsewhere is none", async () => {
  write({
    "own/package.json": `{"dependencies":{"../../private":"1","..":"1","a/../../../private":"1"}}`,
    "own/node_modules/x/package.json": `{"name":"x","version":"1.0.0","main":"i.js","dependencies":{"../../../private":"1"}}`,
    "own/node_modules/x/i.js": "",
    "own/a.mjs": channel(
      `import "x";\ntry { fs.readFileSync(${JSON.stringify(join(root, "private/key.json"))}); throw 1; } catch (e) { if (e.code !== "ERR_ACCESS_DENIED") throw new Error("it was read"); }`,
    ),
  });
  const { packages, local } = await collect("own/a.mjs");
  expect(packages.map(({ name }) => name)).toEqual(["x"]);
  expect(local).toEqual(["a.mjs"]);
  expect(listCopy().join(" ")).not.toContain("private");
});

test("KEPTCOPY-1: a package in folders that may not be written is copied into folders that may, and its file by exports is found", async () => {
  write({
    "own/package.json": `{"dependencies":{"x":"1"},"exports":{"types":"./a.d.ts","import":"./a.mjs"}}`,
    "own/node_modules/x/package.json": `{"name":"x","version":"1.0.0","exports":{"./deep":{"import":"./lib/i.mjs"}}}`,
    "own/node_modules/x/lib/i.mjs": "",
    "own/a.mjs": channel(`import "x/deep";`),
  });
  for (const path of ["own/node_modules/x/lib", "own/node_modules/x", "own"])
    chmodSync(join(root, path), 0o555);
  chmodSync(join(root, "own/node_modules/x/lib/i.mjs"), 0o444);
  expect(findFile(join(root, "own"))).toBe(join(root, "own/a.mjs"));
  const { packages } = await collect("own/a.mjs");
  expect(packages.map(({ name }) => name)).toEqual(["x"]);
  for (const path of listCopy()) {
    const { mode } = statSync(join(root, "copy", path));
    expect((mode & 0o777).toString(8), path).toBe((mode & 0o40000) !== 0 ? "700" : "600");
  }
  expect(listCopy()).toContain("node_modules/x/lib/i.mjs");
});
