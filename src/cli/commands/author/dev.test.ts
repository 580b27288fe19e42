import { existsSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ODD_SERVER, WEBHOOK_SERVER } from "../../../inspect/inspect-rig.fixture.ts";
import { CliStage } from "../../run-cli.fixture.ts";
import { HAS_TERMINALS } from "../../type-cli.fixture.ts";
import { spawn } from "node:child_process";
import { SLUICE } from "../../run-cli.fixture.ts";
import { readProcess } from "../../../local/process.ts";

type Started = {
  said: () => string;
  write(text: string): void;
  until(what: RegExp): Promise<RegExpExecArray>;
  kill(signal: NodeJS.Signals): void;
  ended: Promise<number | null>;
};

function start(stage: CliStage, args: string[], env: Record<string, string> = {}): Started {
  const child = stage.start(["dev", ...args], env);
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (part: string) => (text += part));
  child.stderr.setEncoding("utf8").on("data", (part: string) => (text += part));
  child.stdin.on("error", () => {});
  return {
    said: () => text,
    write: (line) => void child.stdin.write(`${line}\n`),
    async until(what) {
      await expect.poll(() => text).toMatch(what);
      return what.exec(text) as RegExpExecArray;
    },
    kill: (signal) => void child.kill(signal),
    ended: once(child, "close").then(([code]) => code as number | null),
  };
}

const webhook = [process.execPath, WEBHOOK_SERVER];
const odd = [process.execPath, ODD_SERVER];

test("lines in and lines out: a call, an event as read, a fixture, and Ctrl-C, which ends the server and says what was counted", async () => {
  await using stage = new CliStage();
  const dev = start(stage, ["--no-page", "--name", "hook", "--", ...odd], { FIXTURE_ODD: "hello" });
  const [, pid] = await dev.until(/start .*, process (\d+)/);
  await dev.until(
    /event 1 +the model reads\n +│ <channel source="hook">\n +│ hello\n +│ <\/channel>/,
  );
  dev.write("call any {}");
  await dev.until(/result +any after \d+ ms/);
  dev.write("save hello 1");
  await dev.until(/saved +event 1 as fixtures\/hello\.json/);
  expect(JSON.parse(readFileSync(join(stage.folder, "fixtures/hello.json"), "utf8"))).toMatchObject(
    { server: "hook", dropped: null },
  );
  dev.write("nonsense");
  await dev.until(/unknown command "nonsense"; help lists them/);
  dev.kill("SIGINT");
  expect(await dev.ended).toBe(130);
  expect(dev.said()).toMatch(/ended; 1 event: 1 read, 0 dropped, 0 waiting; 1 call;/);
  // Not a terminal: no colour.
  expect(dev.said()).not.toContain("\u001B");
  expect(() => process.kill(Number(pid), 0)).toThrow("ESRCH");
  expect(existsSync(stage.home)).toBe(false);
});

test("--json: a line of JSON for each thing that happens and at the end the count; --record keeps the same but the link, for the owner alone", async () => {
  await using stage = new CliStage();
  const dev = start(stage, ["--json", "--record", "all.jsonl", "--", ...odd], {
    FIXTURE_ODD: "escapes",
  });
  await dev.until(/"kind":"event"/);
  dev.write("quit");
  expect(await dev.ended).toBe(0);
  expect(dev.said()).not.toContain("\u001B");
  const lines = dev
    .said()
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { kind: string; seq?: number });
  expect(lines.at(-1)).toMatchObject({ kind: "end", tally: { events: 1, read: 1 } });
  expect(lines.find(({ kind }) => kind === "page")).toMatchObject({
    url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/#[\w-]{43}$/),
  });
  const path = join(stage.folder, "all.jsonl");
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const kept = readFileSync(path, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { seq: number });
  const told = lines.slice(0, -1).filter(({ kind }) => kind !== "page");
  expect(kept.map(({ seq }) => seq)).toEqual(told.map(({ seq }) => seq));
});

test("a recording that finds no room is said to have ended, and the inspector goes on; --record follows no link", async () => {
  await using stage = new CliStage();
  // As a full disk, but for this file alone: blocks of 512 or 1,024 bytes.
  const words = [
    process.execPath,
    SLUICE,
    "dev",
    "--no-page",
    "--record",
    "all.jsonl",
    "--",
    ...odd,
  ];
  const script = `ulimit -f 4; exec ${words.map((word) => `'${word}'`).join(" ")}`;
  const child = spawn("/bin/sh", ["-c", script], {
    cwd: stage.folder,
    env: {
      PATH: process.env["PATH"],
      HOME: stage.folder,
      SLUICE_HOME: stage.home,
      FIXTURE_ODD: "many-keys",
    },
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (said += text));
  await expect
    .poll(() => said)
    .toMatch(/note +--record all\.jsonl: EFBIG.*; nothing more is recorded/);
  await expect.poll(() => said).toMatch(/event 1 +the model reads/);
  child.stdin.write("quit\n");
  expect(await once(child, "close")).toEqual([0, null]);
  symlinkSync("elsewhere", join(stage.folder, "link"));
  const linked = await stage.run(["dev", "--record", "link", "--no-page", "--", ...odd]);
  expect(linked).toMatchObject({ code: 2, stderr: expect.stringContaining("--record link") });
  expect(existsSync(join(stage.folder, "elsewhere"))).toBe(false);
});

// CONSOLE-2
test("escapes in text, meta, stderr and a tool's name are shown by their numbers", async () => {
  await using stage = new CliStage();
  const dev = start(stage, ["--no-page", "--", ...odd], {
    FIXTURE_ODD: "escapes",
    FORCE_COLOR: "1",
  });
  await dev.until(/⟨U\+001B⟩\[2J⟨U\+001B⟩\]0;owned⟨U\+0007⟩red\n.*next/);
  await dev.until(/from="⟨U\+001B⟩\[31mevil⟨U\+202E⟩"/);
  dev.write("quit");
  await dev.ended;
  // Our own colours, and nothing else that begins with an escape.
  // oxlint-disable-next-line no-control-regex -- it is what is looked for
  expect(dev.said().replaceAll(/\u001b\[\d+m/g, "")).not.toContain("\u001B");
});

test("the gates of another client: what is closed is said, with what to do, and events are dropped with the reason", async () => {
  await using stage = new CliStage();
  const dev = start(
    stage,
    ["--no-page", "--flags=--channels server:hook", "--policy=off", "--name", "hook", "--", ...odd],
    { FIXTURE_ODD: "hello" },
  );
  await dev.until(/no channel +Channel notifications skipped: channels not enabled by org policy/);
  await dev.until(/policy +NO .*\n +→ an administrator sets channelsEnabled/);
  await dev.until(
    /allowlist +NO .*\n +→ for development: claude --dangerously-load-development-channels server:hook/,
  );
  await dev.until(/dropped 1 +channels not enabled by org policy/);
  dev.write("quit");
  expect(await dev.ended).toBe(0);
});

test("--watch: a change starts the server anew through the gates; one that cannot start is started again when it is mended", async () => {
  await using stage = new CliStage();
  const path = join(stage.folder, "server.mjs");
  const good = `await import(${JSON.stringify(`file://${WEBHOOK_SERVER}`)});\n`;
  writeFileSync(path, good);
  const dev = start(stage, [
    "--no-page",
    "--watch",
    "server.mjs",
    "--",
    process.execPath,
    "server.mjs",
  ]);
  await dev.until(/Channel notifications registered/);
  writeFileSync(path, `${good}// changed\n`);
  await dev.until(/restart .*server\.mjs changed[^]*re-registered after reconnect/);
  // The end that the change wanted plans no start of its own.
  expect(dev.said()).toMatch(/exit +the server was killed by SIGINT after [^;\n]+\n/);
  expect(dev.said()).not.toContain("starts again");
  writeFileSync(path, "throw new Error('broken')\n");
  await dev.until(
    /stderr .*broken[^]*exit +the server exited with 1 after \d+ ms; starts again in 500 ms/,
  );
  await dev.until(/exited with 1 after \d+ ms; starts again in 1000 ms/);
  const before = dev.said().length;
  writeFileSync(path, good);
  await expect.poll(() => dev.said().slice(before)).toMatch(/re-registered after reconnect/);
  dev.write("quit");
  expect(await dev.ended).toBe(0);
});

test("a server that ends leaves nothing to inspect: the command ends with 1; wrong use is a line and 2", async () => {
  await using stage = new CliStage();
  const dead = await stage.run(["dev", "--no-page", "--", ...odd], {
    env: { FIXTURE_ODD: "dies" },
  });
  expect(dead).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/stderr +no token is set\n.*exit +the server exited with 3/),
  });
  const wrong: [string[], string][] = [
    [[], "the server's command is missing"],
    [["--port", "99999", "--", "x"], "--port 99999"],
    [["--provider", "x", "--", "x"], "--provider x is not one of"],
    [["--flags=--channels x", "--", "x"], "entries must be tagged"],
    [["--watch", "/nowhere", "--no-page", "--", ...odd], "--watch /nowhere"],
    [["--record", "/nowhere/x", "--no-page", "--", ...odd], "--record /nowhere/x"],
  ];
  for (const [args, words] of wrong)
    expect(await stage.run(["dev", ...args])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(words),
    });
  // What it writes is the user's, as under a client.
  const open = await stage.run(["dev", "--no-page", "--", "sh", "-c", "umask >&2"]);
  expect(open.stdout).toMatch(
    new RegExp(`stderr +0*${process.umask().toString(8).padStart(3, "0")}\\n`),
  );
  const missing = await stage.run(["dev", "--no-page", "--", "no-such-program"]);
  expect(missing).toMatchObject({ code: 1, stdout: expect.stringContaining("could not be run") });
});

test.skipIf(!HAS_TERMINALS)("in a terminal: a prompt, colours, NO_COLOR, and Ctrl-C", async () => {
  await using stage = new CliStage();
  for (const env of [{ NO_COLOR: "1" }, { TERM: "xterm" }]) {
    const words = [process.execPath, SLUICE, "dev", "--no-page", "--", ...webhook];
    const child = spawn(
      "script",
      ["-qec", words.map((word) => `'${word}'`).join(" "), "/dev/null"],
      {
        cwd: stage.folder,
        env: { PATH: process.env["PATH"], HOME: stage.folder, SLUICE_HOME: stage.home, ...env },
      },
    );
    let screen = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (screen += text));
    await expect.poll(() => screen).toContain("registered");
    child.stdin.write("tools\r");
    await expect.poll(() => screen).toMatch(/tool 1.*reply {2}\{"text":""\}/);
    child.stdin.write("\u0003");
    await once(child, "close");
    expect(screen).toMatch(/> /);
    expect(screen).toMatch(/ended; 0 events/);
    expect(screen.includes("\u001B[32m")).toBe(!("NO_COLOR" in env));
  }
});

test.skipIf(!HAS_TERMINALS)(
  "a terminal that closes ends the server, too, though it ignores every polite signal",
  async () => {
    await using stage = new CliStage();
    const words = [process.execPath, SLUICE, "dev", "--no-page", "--", ...odd];
    const line = `exec ${words.map((word) => `'${word}'`).join(" ")}`;
    const terminal = spawn("script", ["-qec", line, "/dev/null"], {
      cwd: stage.folder,
      env: {
        PATH: process.env["PATH"],
        HOME: stage.folder,
        SLUICE_HOME: stage.home,
        FIXTURE_ODD: "stubborn",
        NO_COLOR: "1",
      },
    });
    let screen = "";
    terminal.stdout.setEncoding("utf8").on("data", (text: string) => (screen += text));
    await expect.poll(() => screen).toMatch(/process \d+\r?\n/);
    const pid = Number(/process (\d+)/.exec(screen)?.[1]);
    await expect.poll(() => screen).toContain("registered");
    terminal.kill("SIGKILL");
    await expect.poll(() => readProcess(pid)).toBeUndefined();
  },
);
