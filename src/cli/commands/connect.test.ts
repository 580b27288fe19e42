import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test as base, expect } from "vitest";
import { toHome } from "../../local/home.ts";
import { VERSION } from "../../local/version.ts";
import {
  type Claude,
  findClaude,
  findMarketplace,
  listPlugins,
  runVerb,
} from "../claude/claude-client.ts";
import { runProgram } from "../clients/program.ts";
import { toClaudeFolder, writeClaudeFolder } from "../claude/claude-folder.ts";
import { MARKETPLACE, PLUGIN } from "../../sdk/channel-flag.ts";
import {
  type ClaudeOptions,
  installPlugin,
  registerServer,
  removeFromClaude,
  type ConnectTarget,
} from "../claude/connect-claude.ts";
import { locateInstallation } from "../claude/installation.ts";

type Stage = { claude: Claude; options: ClaudeOptions; target: ConnectTarget; root: string };

/** The real client with an empty home; skipped where there is none. No model, and nothing leaves the machine. */
const test = base.extend<{ stage: Stage }>({
  stage: async ({ skip }, use) => {
    const claude = await findClaude(process.env);
    if (claude === undefined) return skip("no claude on PATH; set SLUICE_CLAUDE to the client");
    const root = realpathSync(mkdtempSync(join(tmpdir(), "sluice-connect-")));
    const folder = (...path: string[]): string => {
      mkdirSync(join(root, ...path), { recursive: true, mode: 0o700 });
      return join(root, ...path);
    };
    const bundles = folder("it's built");
    for (const name of ["shim.js", "shim-core.js", "bell.js"])
      writeFileSync(join(bundles, name), "// bundle\n");
    const env = {
      PATH: process.env["PATH"],
      HOME: folder("home"),
      DISABLE_AUTOUPDATER: "1",
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
    };
    const installation = { ...locateInstallation(), client: bundles };
    const home = toHome(folder("home", ".sluice of o'Größe"));
    const target: ConnectTarget = { home, version: VERSION, installation, scope: "user" };
    try {
      await use({ claude, root, target, options: { claude, env, cwd: folder("project") } });
    } finally {
      rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    }
  },
});

const slow = { timeout: 60_000 };

function write({ home, version, installation }: ConnectTarget): string {
  writeClaudeFolder({ home: home.path, claudeDir: home.claudeDir, version, installation });
  return toClaudeFolder(home.claudeDir, version).marketplace;
}

test(
  "the client finds nothing to report on the templates nor on what is written",
  slow,
  async ({ stage }) => {
    const marketplace = write(stage.target);
    const { plugin } = toClaudeFolder(stage.target.home.claudeDir, VERSION);
    for (const args of [
      [stage.target.installation.plugin, "--strict", "--profile", "directory"],
      [plugin, "--strict", "--profile", "directory"],
      [marketplace, "--strict"],
    ]) {
      const { claude, options } = stage;
      const { code, stdout, stderr } = await runProgram(
        claude.path,
        ["plugin", "validate", ...args],
        options,
      );
      expect({ code, said: `${stdout}${stderr}` }).toEqual({
        code: 0,
        said: expect.stringContaining("Validation passed\n") as string,
      });
    }
  },
);

// req:field.68
test("installed twice it is there once, and removed it is gone", slow, async ({ stage }) => {
  const { claude, options, target } = stage;
  write(target);
  for (const _ of ["first", "again"]) {
    expect(await installPlugin(target, options)).toMatchObject({
      id: PLUGIN,
      version: VERSION,
      scope: "user",
      enabled: true,
      readFromFolder: toClaudeFolder(target.home.claudeDir, VERSION).plugin,
    });
  }
  expect(await listPlugins(claude, PLUGIN, options)).toHaveLength(1);

  const removed = await removeFromClaude(target.home, options);
  expect(removed.slice(0, 2)).toEqual(["plugin (user)", "marketplace"]);
  expect(await listPlugins(claude, PLUGIN, options)).toEqual([]);
  expect(await findMarketplace(claude, MARKETPLACE, options)).toBeUndefined();
  expect(existsSync(target.home.claudeDir)).toBe(false);
  expect(existsSync(join(stage.root, "home", ".claude", "plugins", "cache", "sluice"))).toBe(false);
  expect(await removeFromClaude(target.home, options)).toEqual([]);
});

test("a newer version takes the place of the older one", slow, async ({ stage }) => {
  const { options, target } = stage;
  write(target);
  await installPlugin(target, options);
  const newer = { ...target, version: "99.0.0" };
  write(newer);
  expect(await installPlugin(newer, options)).toMatchObject({
    version: "99.0.0",
    readFromFolder: toClaudeFolder(target.home.claudeDir, "99.0.0").plugin,
  });
});

test("a plugin that was switched off is on after a connect", slow, async ({ stage }) => {
  const { claude, options, target } = stage;
  write(target);
  await installPlugin(target, options);
  await runVerb(claude, ["plugin", "disable", PLUGIN, "--scope", "user"], options);
  expect(await installPlugin(target, options)).toMatchObject({ enabled: true });
});

test("project scope stays in the project and is removed from there", slow, async ({ stage }) => {
  const { claude, options, target } = stage;
  write(target);
  await installPlugin({ ...target, scope: "project" }, options);
  const settings = readFileSync(join(options.cwd, ".claude", "settings.json"), "utf8");
  expect(JSON.parse(settings)).toMatchObject({ enabledPlugins: { [PLUGIN]: true } });
  // From another folder: the client is asked where it was installed.
  const removed = await removeFromClaude(target.home, { ...options, cwd: stage.root });
  expect(removed[0]).toBe(`plugin (project, ${options.cwd})`);
  expect(await listPlugins(claude, PLUGIN, options)).toEqual([]);
});

test(
  "the bare server is registered once however often, and only ours is removed",
  slow,
  async ({ stage }) => {
    const { claude, options, target } = stage;
    write(target);
    await registerServer(target, options);
    await registerServer(target, options);
    const file = join(stage.root, "home", ".claude.json");
    const read = (): unknown =>
      (JSON.parse(readFileSync(file, "utf8")) as { mcpServers?: unknown }).mcpServers;
    const { node, cli } = target.installation;
    expect(read()).toEqual({
      sluice: {
        type: "stdio",
        command: node,
        args: [toClaudeFolder(target.home.claudeDir, VERSION).shim],
        env: { SLUICE_HOME: target.home.path, SLUICE_NODE: node, SLUICE_CLI: cli },
      },
    });
    expect((await removeFromClaude(target.home, options))[0]).toBe("server (user)");
    await runVerb(claude, ["mcp", "add", "--scope", "user", "sluice", "--", "/bin/true"], options);
    expect(await removeFromClaude(target.home, options)).toEqual([]);
    expect(read()).toMatchObject({ sluice: { command: "/bin/true" } });
  },
);

test("a verb that the client refuses is reported in its own words", slow, async ({ stage }) => {
  const { claude, options } = stage;
  const refused = runVerb(claude, ["plugin", "install", "nobody@nowhere"], options);
  await expect(refused).rejects.toMatchObject({
    code: "send_failed",
    message: expect.stringContaining("nobody") as string,
  });
});

base(
  "a SLUICE_CLAUDE that does not run is named, and no other client is taken instead",
  async () => {
    await expect(
      findClaude({ ...process.env, SLUICE_CLAUDE: "/nowhere/claude" }),
    ).rejects.toMatchObject({
      code: "bad_config",
      message: expect.stringContaining("/nowhere/claude") as string,
    });
  },
);

base("no client anywhere is a value", async () => {
  expect(await findClaude({ PATH: "/nowhere", HOME: "/nowhere" })).toBeUndefined();
});
