import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isInNpxCache, listPathTraps, locateInstallation, toLastingNode } from "./installation.ts";

test("the package around a file is found, past packages of other names", async () => {
  const root = await realpath(await mkdtemp(join(tmpdir(), "sluice-installation-")));
  try {
    const inner = join(root, "dist", "cli");
    await mkdir(inner, { recursive: true });
    await writeFile(join(root, "package.json"), '{"name":"sluice"}');
    await writeFile(join(root, "dist", "package.json"), '{"type":"module"}');
    const found = locateInstallation(inner, "/usr/bin/node");
    expect(found).toEqual({
      root,
      node: "/usr/bin/node",
      cli: join(root, "bin", "sluice.js"),
      plugin: join(root, "plugin"),
      client: join(root, "dist", "client"),
    });
  } finally {
    await rm(root, { recursive: true });
  }
});

test("Homebrew's Node is named by the link that outlives an upgrade, where it exists", () => {
  const cellar = "/opt/homebrew/Cellar/node@24/24.3.0_1/bin/node";
  const lasting = "/opt/homebrew/opt/node@24/bin/node";
  expect(toLastingNode(cellar, (path) => path === lasting)).toBe(lasting);
  expect(toLastingNode(cellar, () => false)).toBe(cellar);
  expect(toLastingNode("/usr/local/bin/node", () => true)).toBe("/usr/local/bin/node");
});

test("a Node that goes with the checkout, or with a shell, is named as a trap", () => {
  const installation = { root: "/src/sluice", cli: "", plugin: "", client: "" };
  const traps = (node: string): string[] => listPathTraps({ ...installation, node });
  expect(traps("/src/sluice/node_modules/node/bin/node")).toEqual([
    expect.stringContaining("lies inside this copy of Sluice"),
  ]);
  expect(traps("/run/user/1000/fnm_multishells/12_3/bin/node")).toEqual([
    expect.stringContaining("fnm"),
  ]);
  expect(traps("/src/sluice-node/bin/node")).toEqual([]);
});

test("npx's cache is told from other folders", () => {
  const at = (root: string): boolean =>
    isInNpxCache({ root, node: "", cli: "", plugin: "", client: "" });
  expect(at("/home/u/.npm/_npx/abc/node_modules/sluice")).toBe(true);
  expect(at("/home/u/my_npx/sluice")).toBe(false);
});
