/** `forget` and `uninstall`: what they show, what they ask, and what is left. */
import { execFileSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { toRestoreCommand } from "../../store/file/backup.ts";
import { CliStage } from "../run-cli.fixture.ts";
import { HAS_TERMINALS, type } from "../type-cli.fixture.ts";

const FAKES = ["systemd", "tunnels", "clients"].map((name) =>
  fileURLToPath(new URL(`../../../test/fakes/${name}`, import.meta.url)),
);

function openStage() {
  const stage = new CliStage();
  onTestFinished(() => stage[Symbol.asyncDispose]());
  const fakes = join(stage.folder, "fakes");
  mkdirSync(fakes);
  const env = {
    // Without the client that this machine may have.
    PATH: [...FAKES, dirname(process.execPath), "/usr/bin", "/bin"].join(delimiter),
    SLUICE_TEST_FAKES: fakes,
  };
  return { stage, fakes, env, run: (...args: string[]) => stage.run(args, { env }) };
}

test("a person is forgotten once it was asked for by their id, and nobody by a name", async () => {
  const { run, stage, env } = openStage();
  await run("add", "webhook", "--name", "ops");
  await run("emit", "ops", "a-word-of-theirs");
  const inbox = await run("inbox", "--json");
  const { sender } = JSON.parse(inbox.stdout) as { sender: { id: string } };
  const person = `ops/${sender.id}`;

  const byName = await run("forget", sender.id);
  expect([byName.code, byName.stderr]).toEqual([1, expect.stringContaining(person)]);
  expect((await run("forget", "ops/nobody-here", "--yes")).stderr).toContain("nothing is known of");
  const shown = await run("forget", person, "--print");
  expect(shown.stdout).toContain("this goes\n  1 event of theirs");
  const unasked = await run("forget", person);
  expect(unasked.stderr).toContain("nobody is here to ask");
  expect((await run("inbox")).stdout).toContain("a-word-of-theirs");
  // CALLER-2
  const session = await stage.run(["forget", person, "--yes"], {
    env: { ...env, CLAUDECODE: "1", CLAUDE_CODE_ENTRYPOINT: "cli" },
  });
  expect(session.stderr).toContain("a person is forgotten by no session");

  const done = await run("forget", person, "--yes");
  expect([done.code, done.stderr]).toEqual([0, ""]);
  expect(done.stdout).toContain("forgotten");
  expect(done.stdout).toContain("What stays:");
  expect((await run("inbox")).stdout).not.toContain("a-word-of-theirs");
});

test("uninstall shows what goes and asks; nothing is left of it, on GitHub neither", async () => {
  const { run, fakes, stage, env } = openStage();
  await run("add", "github", "--tunnel-url", "https://hooks.invalid", "--hook", "octo-org/app");
  await run("up", "--at-login");
  expect(readdirSync(join(fakes, "gh-hooks"))).toHaveLength(1);
  expect((await run("connect", "gemini")).code).toBe(0);
  expect((await run("connect", "opencode")).code).toBe(0);
  const settings = join(stage.folder, ".gemini/settings.json");
  const plugin = join(stage.folder, ".config/opencode/plugins/sluice.js");
  expect(readFileSync(settings, "utf8")).toContain(stage.home);
  // The user has switched it off by hand: its file is still there.
  const units = join(stage.folder, ".config/systemd/user");
  for (const name of readdirSync(join(units, "default.target.wants")))
    rmSync(join(units, "default.target.wants", name));
  const unasked = await run("uninstall");
  expect([unasked.code, unasked.stderr]).toEqual([2, expect.stringContaining("--print")]);
  const { stdout } = await run("uninstall", "--print");
  expect(stdout).toContain("the webhook of github in octo-org/app");
  expect(stdout).toMatch(/what starts the hub at login: .*sluice-[0-9a-f]{8}\.service/);
  expect(stdout).toContain(`the MCP server "sluice" in Gemini CLI (${settings})`);
  expect(stdout).toContain(`the plugin in opencode (${plugin})`);
  expect(stdout).toMatch(/\d B|kB|MB/);
  if (HAS_TERMINALS) {
    const { screen } = await type(stage, ["uninstall"], ["no"], env);
    expect(screen).toContain("nothing was changed");
  }
  expect(existsSync(stage.home)).toBe(true);

  const done = await run("uninstall", "--yes");
  expect([done.code, done.stderr]).toEqual([0, ""]);
  expect(done.stdout).toContain("npm uninstall --global sluice");
  expect(existsSync(stage.home)).toBe(false);
  expect(existsSync(plugin)).toBe(false);
  expect(readFileSync(settings, "utf8")).not.toContain("sluice");
  expect(readdirSync(join(fakes, "gh-hooks"))).toEqual([]);
  expect(readdirSync(units)).toEqual(["default.target.wants"]);
});

test("a hook that GitHub does not give back and an agent that is not found are named, and the rest goes", async () => {
  const { run, fakes, stage } = openStage();
  await run("add", "github", "--tunnel-url", "https://hooks.invalid", "--hook", "octo-org/app");
  writeFileSync(join(fakes, "gh.mode"), "no-network");
  const codex = join(stage.folder, ".codex/config.toml");
  mkdirSync(dirname(codex));
  const entry = `[mcp_servers.sluice]\ncommand = "node"\n[mcp_servers.sluice.env]\nSLUICE_HOME = "${stage.home}"\n`;
  writeFileSync(codex, entry);
  // Of another home of Sluice: it stays, and nobody is told of it.
  const plugin = join(stage.folder, ".config/opencode/plugins/sluice.js");
  mkdirSync(dirname(plugin), { recursive: true });
  writeFileSync(plugin, `SLUICE_HOME: ${JSON.stringify(`${stage.home}2`)}`);
  const plugins = join(stage.folder, ".claude/plugins");
  mkdirSync(plugins, { recursive: true });
  writeFileSync(
    join(plugins, "installed_plugins.json"),
    '{ "version": 2, "plugins": { "sluice@sluice": [{ "scope": "user" }] } }',
  );
  const { code, stderr } = await run("uninstall", "--yes");
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /the webhook in octo-org\/app \(id \d+\) is still there: .*error connecting/,
  );
  expect(stderr).toMatch(/the MCP server "sluice" in Codex .* is still there: codex was not found/);
  expect(stderr).toMatch(
    /the plugin .* in Claude Code is still there: claude was not found on PATH/,
  );
  expect(stderr).not.toContain("opencode");
  expect([existsSync(plugin), readFileSync(codex, "utf8")]).toEqual([true, entry]);
  expect(existsSync(stage.home)).toBe(false);
});

test("the home can stay, and then its hooks do", async () => {
  const { run, fakes, stage } = openStage();
  await run("add", "github", "--tunnel-url", "https://hooks.invalid", "--hook", "octo-org/app");
  const { code } = await run("uninstall", "--keep-home", "--yes");
  expect(code).toBe(0);
  expect(existsSync(stage.home)).toBe(true);
  expect(readdirSync(join(fakes, "gh-hooks"))).toHaveLength(1);
  expect(JSON.parse((await run("status", "--json")).stdout)).toMatchObject({ hub: null });
});

test("a home that was used, killed, damaged and put back from a backup is one that goes as a whole", async () => {
  const { run, stage } = openStage();
  const database = join(stage.home, "sluice.db");
  expect((await run("add", "webhook", "--name", "ops")).code).toBe(0);
  expect((await run("run", "--", "true")).code).toBe(0);
  await run("emit", "ops", "something has happened");
  await run("down");
  const backups = join(stage.home, "backup");
  mkdirSync(backups, { recursive: true });
  copyFileSync(database, join(backups, "sluice-2026-11-30.db"));
  // What people are told to type, but for the hub's own commands.
  const command = toRestoreCommand(database)?.replace(/^sluice down && | && sluice up$/g, "") ?? "";
  execFileSync("/bin/sh", ["-c", command]);
  await run("up");
  await run("doctor");
  // No client was found for it: then it is in none.
  expect((await run("connect", "claude")).code).not.toBe(0);
  const { hub } = JSON.parse((await run("status", "--json")).stdout) as { hub: { pid: number } };
  process.kill(hub.pid, "SIGKILL");
  expect(readdirSync(stage.home)).toContain("damaged");
  const { code, stderr } = await run("uninstall", "--yes");
  expect([code, stderr]).toEqual([0, ""]);
  expect(existsSync(stage.home)).toBe(false);
});
