/**
 * The first thing that somebody types, with each umask that is somebody's default: it works, and what it makes is closed to others.
 * The umask of many distributions is 002; the first release refused the homes that it had made under it.
 */
import {
  chmodSync,
  chownSync,
  existsSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { VERSION } from "../../src/local/version.ts";
import { ACCOUNT, type Ended, listOpen, Newcomer, type RunOptions } from "./newcomer.ts";

type Command = readonly [args: readonly string[], code: number | null, options?: RunOptions];

const HELLO = [
  '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"new","version":"1"}}}',
  '{"jsonrpc":"2.0","method":"notifications/initialized"}',
  "",
].join("\n");
const SECRET = { env: { MY_SECRET: "a-secret-of-thirty-two-characters" } };
// No client of this pid: a bell whose client is gone ends at once.
const ALONE = { env: { CLAUDE_PID: "999999999" } };

const COMMANDS: readonly Command[] = [
  [["add", "github", "--secret-env", "MY_SECRET"], 0, SECRET],
  [["add", "webhook", "--two-way", "--listener", "bob"], 0],
  [["up"], 0],
  [["status"], 0],
  [["doctor"], 1],
  [["emit", "ci", "hello"], 1],
  [["connect", "claude", "--print"], 0],
  // Without a client: the folder for it is written all the same.
  [["connect", "claude"], 78],
  [["open"], 0],
  [["web"], 0],
  [["access", "list"], 0],
  [["demo", "--once"], 0],
  [["bell"], 0, ALONE],
  [["mcp"], 0, { input: HELLO, endBy: "input" }],
  // Killed, not ended: no code.
  [["tail"], null, { endBy: "signal" }],
];
/** What this one lets through is what any other lets through, and more: under it each command has a home of its own. */
const CLOSES_NOTHING = "000";
const USUAL = ["002", "007", "022", "077"];
/** What makes something of its own; the others make nothing, or ask a hub that they start as `up` does. */
const MAKERS = COMMANDS.filter(([[name]]) =>
  ["add", "up", "connect", "open", "mcp"].includes(name ?? ""),
);
const SIDE_BY_SIDE = 2;

test.concurrent("under umask 000 each command may be the first of all: it works, and what it makes is closed", async () => {
  const waiting = [...COMMANDS];
  const faults: unknown[] = [];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      await using newcomer = new Newcomer(CLOSES_NOTHING);
      faults.push(...(await listFaults(newcomer, next)));
      await newcomer.end();
      faults.push(...listOpen(newcomer.home));
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, work));
  expect(faults).toEqual([]);
});

test.concurrent.each(USUAL)(
  "under umask %s a new home takes the commands and the plugin's processes, and all of it is closed",
  async (umask) => {
    await using newcomer = new Newcomer(umask);
    // Another one is the first each time.
    const first = USUAL.indexOf(umask) * 2;
    for (const command of [...MAKERS.slice(first), ...MAKERS.slice(0, first)])
      expect(await listFaults(newcomer, command)).toEqual([]);
    const plugin = join(newcomer.home, "claude", VERSION, "plugins", "sluice");
    const { command, args, env } = readServer(join(plugin, ".mcp.json"));
    for (const hub of ["runs", "is started"]) {
      if (hub === "is started") await newcomer.end();
      const shim = await newcomer.run([command, ...args], { env, input: HELLO, endBy: "input" });
      expect([shim.code, shim.stderr]).toEqual([0, ""]);
    }
    const [bell] = readJson(join(plugin, "monitors", "monitors.json")) as [{ command: string }];
    expect(await newcomer.run(["sh", "-c", bell.command], ALONE)).toMatchObject({ code: 0 });
    await newcomer.end();
    expect(listOpen(newcomer.home)).toEqual([]);
    // What the shim loads is kept: without that each session would wait for its compilation.
    expect(readdirSync(join(newcomer.home, "cache"))).not.toEqual([]);
  },
);

async function listFaults(newcomer: Newcomer, command: Command): Promise<unknown[]> {
  const [args, code, options] = command;
  const { user, project, home } = newcomer;
  const ended = await newcomer.sluice(args, options);
  const open = listOpen(home);
  const strays = [
    ...readdirSync(user).filter((name) => ![".sluice", "project"].includes(name)),
    ...readdirSync(project),
  ];
  return ended.code === code && open.length === 0 && strays.length === 0
    ? []
    : [{ args, ended, open, strays }];
}

test("what the client writes by itself keeps the user's umask", async () => {
  await using newcomer = new Newcomer("002");
  const claude = join(newcomer.user, "claude");
  writeFileSync(claude, `#!/bin/sh\numask > "$HOME/said"\necho '2.1.400 (Claude Code)'\n`);
  chmodSync(claude, 0o755);
  await newcomer.sluice(["connect", "claude"], { env: { SLUICE_CLAUDE: claude } });
  expect(readFileSync(join(newcomer.user, "said"), "utf8").trim()).toMatch(/^0*2$/);
});

test("a home that an older version made under umask 002 opens: what is open in it is closed, with a line in the log", async () => {
  await using newcomer = new Newcomer("002");
  newcomer.make(newcomer.home, 0o700);
  newcomer.make(join(newcomer.home, "cache"), 0o775);
  newcomer.make(join(newcomer.home, "cache", "v24-x64"), 0o777);
  const config = join(newcomer.home, "config.json");
  const ingress = { host: "127.0.0.1", port: 8788, frozen: false };
  writeFileSync(config, JSON.stringify({ version: 1, ingress, channels: [] }));
  chmodSync(config, 0o664);
  if (ACCOUNT !== undefined) chownSync(config, ACCOUNT.uid, ACCOUNT.gid);
  expect(await newcomer.sluice(["up"])).toMatchObject({ code: 0, stderr: "" });
  await newcomer.end();
  expect(listOpen(newcomer.home)).toEqual([]);
  const log = readdirSync(join(newcomer.home, "log"))
    .filter((name) => /^hub\.\d+\.log$/.test(name))
    .map((name) => readFileSync(join(newcomer.home, "log", name), "utf8"))
    .join("");
  expect(log).toContain("was open to other users");
  for (const path of ["cache", "cache/v24-x64", "config.json"])
    expect(log).toContain(JSON.stringify(join(newcomer.home, path)));
});

describe("a home in a folder that the group may write", () => {
  const SHARED_GID = 65_534;

  test("is as good as any where the group is the user's alone", async () => {
    await using newcomer = new Newcomer("002");
    newcomer.make(join(newcomer.user, "x"), 0o775);
    const env = { SLUICE_HOME: join(newcomer.user, "x", "state") };
    expect(await newcomer.sluice(["status"], { env })).toMatchObject({ code: 0, stderr: "" });
    expect(await newcomer.sluice(["connect", "claude"], { env })).toMatchObject({ code: 78 });
    expect(existsSync(join(env.SLUICE_HOME, "claude", VERSION))).toBe(true);
    expect(listOpen(env.SLUICE_HOME)).toEqual([]);
  });

  test.skipIf(ACCOUNT === undefined)("is refused where others are in it", async () => {
    await using newcomer = new Newcomer("002");
    const folder = join(newcomer.user, "x");
    newcomer.make(folder, 0o775);
    chownSync(folder, ACCOUNT?.uid ?? -1, SHARED_GID);
    const env = { SLUICE_HOME: join(folder, "state") };
    expectOneLine(
      await newcomer.sluice(["up"], { env }),
      `${folder} can be written by other users (mode 775, gid ${SHARED_GID}); run "chmod go-w ${folder}" after a look inside`,
    );
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe("an environment that names no home is one line, and nothing is made", () => {
  test.each([
    [{ HOME: "" }, "HOME is empty; set HOME to your own folder, or SLUICE_HOME"],
    [{ HOME: undefined }, "HOME is not set; set HOME to your own folder, or SLUICE_HOME"],
    [{ HOME: "ada" }, 'HOME is "ada", which is no absolute path; set HOME to'],
    [{ HOME: "/nonexistent/ada" }, 'HOME is "/nonexistent/ada", which does not exist; set HOME to'],
    [{ HOME: "/dev/null" }, 'HOME is "/dev/null", which is not a folder; set HOME to'],
    [{ SLUICE_HOME: "" }, "SLUICE_HOME is empty; set it to a folder of your own, or unset it"],
    [{ HOME: "", SLUICE_HOME: "~/state" }, "HOME is empty; set HOME to your own folder"],
  ])("%j", async (env, line) => {
    await using newcomer = new Newcomer("002");
    expectOneLine(await newcomer.sluice(["up"], { env }), line);
    expectNothing(newcomer);
  });

  test("whatever is typed", async () => {
    await using newcomer = new Newcomer("002");
    const commands = COMMANDS.filter(([[name]]) => name !== "demo");
    const env = { ...SECRET.env, ...ALONE.env, HOME: "" };
    const run = ([args]: Command): Promise<Ended> => newcomer.sluice(args, { env, input: HELLO });
    for (const ended of await Promise.all(commands.map(run)))
      expectOneLine(ended, "HOME is empty; ");
    expectNothing(newcomer);
  });

  test("the plugin's shim and bell say it, too", async () => {
    await using newcomer = new Newcomer("002");
    for (const bundle of ["shim.js", "bell.js"]) {
      const path = join(import.meta.dirname, "../../dist/client", bundle);
      const env = { HOME: "" };
      expectOneLine(await newcomer.run([process.execPath, path], { env }), "HOME is empty; ");
    }
    expectNothing(newcomer);
  });

  test("a HOME that cannot be written is named", async ({ skip }) => {
    if (ACCOUNT === undefined && process.getuid?.() === 0)
      return skip("root writes everywhere, and there is no other account that could run this");
    await using newcomer = new Newcomer("002");
    newcomer.make(newcomer.user, 0o555);
    for (const args of [["up"], ["add", "webhook"], ["connect", "claude"]])
      expectOneLine(
        await newcomer.sluice(args),
        `folder ${newcomer.home} cannot be made (EACCES: permission denied, mkdir '${newcomer.home}'); check its parent's owner, mode and mount`,
      );
    expectNothing(newcomer);
  });
});

function expectOneLine({ code, stdout, stderr }: Ended, line: string): void {
  expect({ code, stdout }).toEqual({ code: 78, stdout: "" });
  expect(stderr).toMatch(/^sluice: [^\n]*\n$/);
  expect(stderr).toContain(line);
}

function expectNothing({ user, project }: Newcomer): void {
  expect([...readdirSync(user), ...readdirSync(project)]).toEqual(["project"]);
}

function readServer(file: string): {
  command: string;
  args: string[];
  env: Record<string, string>;
} {
  const { mcpServers } = readJson(file) as {
    mcpServers: { sluice: ReturnType<typeof readServer> };
  };
  return mcpServers.sluice;
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, "utf8"));
}
