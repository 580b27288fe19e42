/**
 * The plugin that the client installs straight from this repository (`plugins/sluice`): it is what the sources give, and needs nothing else.
 */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
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
import { typeInTerminal, writeFiles } from "../e2e/code.ts";
import { openRig, until } from "../e2e/rig.ts";
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

const TICKETS = `import { defineChannel, localOnly } from "sluice";
import z from "zod";
import * as mini from "zod/mini";
import { z as older } from "zod/v3";

const payload: z.ZodType<{ title: string }> = z.object({ title: z.email() });
export default defineChannel({
  kind: "tickets",
  webhook: { verify: localOnly(), payload, receive: ({ payload: { title } }) => \`\${mini.string().parse(title)} \${older.string().parse("kept")}\` },
  tools: { tickets_close: { description: "Closes one.", input: z.object({ id: z.int() }), run: () => "closed" } },
});
`;

test("copied away, it adds a channel of an author's file, with whole zod and no packages beside it, and runs it alone", async () => {
  const cli = join(copy(), "bin", "sluice.js");
  await using rig = openRig();
  const file = join(writeFiles(rig, { "tickets.ts": TICKETS }), "tickets.ts");
  const { code, screen } = await typeInTerminal(rig, ["add", file], ["yes"], { cli });
  expect(code, screen).toBe(0);
  expect(screen).toContain("the tool tickets_close");
  const post = (title: string) =>
    fetch(`http://127.0.0.1:${rig.env["SLUICE_INGRESS_PORT"]}/in/tickets`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ title }),
    });
  await until("its process runs", async () => (await post("a@example.com")).status === 202);
  expect((await post("no address")).status).toBe(400);
  const { stdout } = await promisify(execFile)(process.execPath, [cli, "inbox", "--json"], {
    env: rig.env,
  });
  expect(stdout).toContain("a@example.com kept");
  const alone = spawn(process.execPath, [cli, "serve", file], { env: rig.env });
  const initialize = {
    jsonrpc: "2.0",
    id: 1,
    method: "initialize",
    params: {
      protocolVersion: "2025-11-25",
      capabilities: {},
      clientInfo: { name: "a", version: "1" },
    },
  };
  alone.stdin.write(`${JSON.stringify(initialize)}\n`);
  const [answer] = (await once(alone.stdout, "data")) as [Buffer];
  expect(answer.toString()).toContain("tickets_close");
  alone.stdin.end();
  await once(alone, "close");
});

test("copied away, every module of it loads, and the page is there", async () => {
  const folder = copy();
  const list = [...files.keys()].filter(
    (path) =>
      path.endsWith(".js") &&
      !/^(?:bin|dist\/(?:cli|client|web|inspector-page))\//.test(path) &&
      // A program of its own, which speaks to a pipe.
      path !== "dist/author/child/main.js",
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
