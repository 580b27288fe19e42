/**
 * The plugin that the client installs straight from this repository (`plugins/sluice`): it is what the sources give, and needs nothing else.
 */
import { execFile } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
} from "node:fs";
import { builtinModules } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { listDifferences, makePlugin, PLUGIN_FOLDER } from "../../plugins/build.ts";
import { MARKETPLACE, PLUGIN } from "../../src/sdk/channel-flag.ts";

const files = await makePlugin();

test("plugins/sluice is what the sources give; where it is not: npm run plugin", () => {
  expect(listDifferences(files)).toEqual([]);
  for (const path of ["bin/sluice", "bin/sluice.js"])
    expect(statSync(join(PLUGIN_FOLDER, path)).mode & 0o111, path).not.toBe(0);
});

test("a file that was changed, taken away or added by hand is told", () => {
  const folder = copy();
  rmSync(join(folder, "icon.png"));
  cpSync(join(folder, "LICENSE"), join(folder, "dist", "web", "added.js"));
  cpSync(join(folder, "LICENSE"), join(folder, ".mcp.json"));
  expect(listDifferences(files, folder)).toEqual([".mcp.json", "dist/web/added.js", "icon.png"]);
});

test("every version in the repository is the same one, and every name the one that doctor looks for", () => {
  type Json = {
    name: string;
    version: string;
    description: string;
    plugins: (Json & { source: string })[];
  };
  const readJson = (path: string): Json => JSON.parse(readFileSync(path, "utf8")) as Json;
  const { version } = readJson("package.json");
  const market = readJson(".claude-plugin/marketplace.json");
  expect(market.plugins).toHaveLength(1);
  const [entry] = market.plugins as [Json & { source: string }];
  const manifest = readJson(join(PLUGIN_FOLDER, ".claude-plugin", "plugin.json"));
  expect(`${entry.name}@${market.name}`).toBe(PLUGIN);
  expect(market.name).toBe(MARKETPLACE);
  expect(entry.source).toBe("./plugins/sluice");
  expect(existsSync(join(entry.source, ".claude-plugin", "plugin.json"))).toBe(true);
  expect({
    marketplace: entry.version,
    description: entry.description,
    plugin: manifest.version,
    package: readJson(join(PLUGIN_FOLDER, "package.json")).version,
    template: readJson("plugin/.claude-plugin/plugin.json").version,
  }).toEqual({
    marketplace: version,
    description: manifest.description,
    plugin: version,
    package: version,
    template: version,
  });
});

test("the program in it imports nothing that is not in it, and of Node what every Node from 22.13 has", () => {
  const strays: string[] = [];
  for (const [path, bytes] of files) {
    if (!path.endsWith(".js") || /^dist\/(?:web|inspector-page)\//.test(path)) continue;
    const text = bytes.toString("utf8");
    const found = text.matchAll(/(?:\bfrom ?|\bimport ?\(? ?|\brequire\()["']([^"'\n]+)["']/g);
    for (const [, name = ""] of found) {
      const isNode = builtinModules.includes(name.replace(/^node:/, ""));
      const isHere = /^\.\.?\//.test(name) && files.has(join(dirname(path), name));
      // Other texts than imports look like one, too: only what a program could ask for counts.
      if (!isNode && !isHere && /^[@.\w][\w@./-]*$/.test(name)) strays.push(`${path}: ${name}`);
    }
  }
  expect(strays).toEqual([]);
});

test("no machine's path, name or secret is in it", () => {
  for (const [path, bytes] of files) {
    const text = bytes.toString("latin1");
    expect(text.includes(process.cwd()), path).toBe(false);
    expect(/\{\{\w+\}\}/.test(text) && /\.(?:json|md)$/.test(path), path).toBe(false);
  }
});

test("every package that is in it is there with its licence", () => {
  const licences = files.get("dist/vendor/LICENSES.txt")?.toString("utf8") ?? "";
  for (const name of ["zod", "hono", "grammy", "pino", "web-push", "preact"])
    expect(licences).toMatch(new RegExp(`^${name} \\d`, "m"));
});

test("sluice new works from it, and names no package of a registry", async () => {
  const folder = copy();
  const { stderr } = await promisify(execFile)(
    process.execPath,
    [join(folder, "bin", "sluice.js"), "new", "deploys", "--kind", "chat"],
    { cwd: dirname(folder), env: { HOME: dirname(folder), PATH: "/usr/bin:/bin" } },
  );
  expect(stderr).toContain("into deploys as sluice.tgz");
  const manifest = readFileSync(join(dirname(folder), "deploys", "package.json"), "utf8");
  expect(manifest).toContain('"sluice": "file:sluice.tgz"');
});

test("copied away from the repository, it shows the whole way: hub, threads, page, session", async () => {
  const folder = copy();
  const home = join(folder, "..", "home");
  const { stdout } = await promisify(execFile)(join(folder, "bin", "sluice"), ["demo", "--once"], {
    cwd: "/",
    env: {
      HOME: join(folder, ".."),
      SLUICE_HOME: home,
      SLUICE_NODE: process.execPath,
      PATH: "/usr/bin:/bin",
      NO_COLOR: "1",
      SLUICE_INGRESS_PORT: "0",
      SLUICE_WEB_PORT: "0",
    },
  });
  expect(stdout).toContain("<channel source=");
  expect(stdout).toMatch(/\bdone \+\d/);
});

test("copied away, it says in one line that an author's file needs an installation", async () => {
  const run = promisify(execFile)(join(copy(), "bin/sluice"), ["serve", "examples/sentry.ts"], {
    env: { PATH: "/usr/bin:/bin", SLUICE_NODE: process.execPath },
  });
  await expect(run).rejects.toThrow(
    /examples\/sentry\.ts cannot be loaded by this copy of Sluice, the plugin's/,
  );
});

test("copied away, every module of it loads, and the page is there", async () => {
  const folder = copy();
  const list = [...files.keys()].filter(
    (path) =>
      path.endsWith(".js") && !/^(?:bin|dist\/(?:cli|client|web|inspector-page))\//.test(path),
  );
  const program = `
    for (const path of ${JSON.stringify(list)})
      await import(new URL(path, ${JSON.stringify(pathToFileURL(`${folder}/`).href)}));
    const { readAssets } = await import(new URL("dist/hub/web/assets.js", ${JSON.stringify(pathToFileURL(`${folder}/`).href)}));
    console.log(readAssets().has("/"));
    process.exit(0);`;
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, ["--input-type=module", "-e", program], {
    cwd: "/",
  });
  expect(list.length).toBeGreaterThan(300);
  expect(stdout).toBe("true\n");
});

/** The folder, in another one with a blank in its name. */
function copy(): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "sluice plugin-")));
  onTestFinished(() => rmSync(root, { recursive: true, force: true, maxRetries: 5 }));
  const folder = join(root, "sluice");
  cpSync(PLUGIN_FOLDER, folder, { recursive: true });
  return folder;
}
