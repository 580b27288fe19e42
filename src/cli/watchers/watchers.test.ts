/** `sluice add` for watchers, as it is typed, with a hub that is killed in between. */
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { EventView } from "../../api/wire/wire.ts";
import { CliStage } from "../run-cli.fixture.ts";
import { HAS_TERMINALS, type } from "../type-cli.fixture.ts";
import { parseMoment } from "./watcher-args.ts";

/** Each look is a command. */
const SELDOM = { interval: 300 };

async function listEvents(stage: CliStage): Promise<EventView[]> {
  const { stdout } = await stage.run(["inbox", "--json"]);
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as EventView);
}

async function killHub(stage: CliStage): Promise<void> {
  const { stdout } = await stage.run(["status", "--json"]);
  const { hub } = JSON.parse(stdout) as { hub: { pid: number } };
  process.kill(hub.pid, "SIGKILL");
  await expect.poll(async () => (await stage.run(["up"])).code, SELDOM).toBe(0);
}

async function listNames(stage: CliStage): Promise<string[]> {
  const { stdout } = await stage.run(["channels", "--json"]);
  return (JSON.parse(stdout) as { name: string; state: string }[]).map(
    ({ name, state }) => `${name} ${state}`,
  );
}

test("timers and files by the short words: kept through a kill of the hub, told once, and a timer that has rung goes", async () => {
  await using stage = new CliStage();
  const logs = join(stage.folder, "logs");
  mkdirSync(logs);
  writeFileSync(join(logs, "a.log"), "old\n");
  const timer = await stage.run(["add", "timer", "--in", "1s", "check", "the", "deploy"]);
  expect(timer, timer.stderr).toMatchObject({ code: 0 });
  const later = await stage.run(["add", "timer", "--in", "20m", "later", "--json"]);
  // The first one may have rung and gone.
  expect(JSON.parse(later.stdout)).toMatchObject({
    kind: "timer",
    name: expect.stringMatching(/^timer(-2)?$/),
  });
  const file = await stage.run(["add", "file", "logs/*.log", "--match", "ERROR"]);
  expect(file, file.stderr).toMatchObject({ code: 0 });
  expect(file.stdout).toMatch(/^added file \(file\)\n/);
  appendFileSync(join(logs, "a.log"), "ERROR one\n");
  await killHub(stage);
  appendFileSync(join(logs, "a.log"), "fine\nERROR two\n");
  const seen = async () => (await listEvents(stage)).map(({ channel, text }) => [channel, text]);
  await expect.poll(async () => JSON.stringify(await seen()), SELDOM).toContain("ERROR two");
  await killHub(stage);
  const events = await listEvents(stage);
  const lines = events.filter(({ channel }) => channel === "file").map(({ text }) => text);
  expect(lines.join("\n").match(/ERROR (one|two)/g)).toEqual(["ERROR one", "ERROR two"]);
  expect(events.filter(({ kind }) => kind === "timer.due")).toMatchObject([
    { text: expect.stringMatching(/^check the deploy\n\(timer timer; due /) },
  ]);
  const { stdout } = await stage.run(["channels"]);
  expect(stdout).toMatch(/file +file +(?:ok|connected)/);
  await expect.poll(() => listNames(stage), SELDOM).toHaveLength(2);

  expect((await stage.run(["pause", "file"])).code).toBe(0);
  expect(await listNames(stage)).toContain("file paused");
  expect((await stage.run(["resume", "file"])).code).toBe(0);
  expect((await listNames(stage)).join()).toMatch(/file (?:ok|connected)/);
  const invite = await stage.run(["access", "invite", "file"]);
  expect(invite.code).not.toBe(0);
});

test("what cannot be watched is refused with what to write, and leaves nothing", async () => {
  await using stage = new CliStage();
  for (const [args, words] of [
    [["timer", "x"], "give one of"],
    [["timer", "--in", "5x", "x"], "is not a length of time"],
    [["timer", "--cron", "61 * * * *", "x"], "no cron expression"],
    [["timer"], "what? sluice add timer"],
    [["process", "999999999"], "no process has the number"],
    [["page", "example.com"], "must match"],
    [["page", "https://ada:pw@example.com/"], "holds a password"],
    [["file", "a", "--match", "("], "no pattern of RE2"],
    [["feed", "https://a.example/", "https://b.example/"], "takes one address"],
    [["webhook", "--every", "5m"], "--every is not for webhook"],
    [["webhook", "extra"], 'unexpected argument "extra"'],
    [["command", "--every", "1m", "--", "true"], "by a person at a terminal only"],
    [["command", "--set", 'run=["true"]'], "by a person at a terminal only"],
  ] as const) {
    const { code, stderr } = await stage.run(["add", ...args]);
    expect([code === 0, stderr], args.join(" ")).toEqual([false, expect.stringContaining(words)]);
  }
  expect(await listNames(stage)).toEqual([]);
});

test.runIf(HAS_TERMINALS)(
  "a command is shown and asked about at a terminal; then it runs where it was added, and its change is told",
  async () => {
    await using stage = new CliStage();
    writeFileSync(join(stage.folder, "say"), "one\n");
    const refused = await type(stage, ["add", "command", "--", "cat", "say"], ["no"]);
    expect(refused.screen).toContain("command  cat say");
    expect(refused.code).not.toBe(0);
    expect(await listNames(stage)).toEqual([]);
    const added = await type(
      stage,
      ["add", "command", "--every", "1s", "--", "cat", "say"],
      ["yes"],
    );
    expect(added.code, added.screen).toBe(0);
    writeFileSync(join(stage.folder, "say"), "two\n");
    await expect.poll(async () => (await listEvents(stage)).length, SELDOM).toBe(1);
    const [event] = await listEvents(stage);
    expect(event?.text).toBe("cat say gives another output (exit 0)\nchanged lines: + two\n- one");
    const config = readFileSync(join(stage.home, "config.json"), "utf8");
    expect(JSON.parse(config)).toMatchObject({
      channels: [{ kind: "command", settings: { run: '["cat","say"]', cwd: stage.folder } }],
    });
  },
);

test("moments as people type them", () => {
  const now = new Date(2026, 0, 5, 9, 30).getTime();
  expect(parseMoment("18:30", now)).toBe(new Date(2026, 0, 5, 18, 30).getTime());
  expect(parseMoment("9:00", now)).toBe(new Date(2026, 0, 6, 9, 0).getTime());
  expect(parseMoment("2026-01-31T09:00", now)).toBe(new Date(2026, 0, 31, 9).getTime());
  for (const text of ["25:00", "tomorrow", "2026-01-31", "2020-01-01T00:00"])
    expect(() => parseMoment(text, now), text).toThrow(/no moment|has passed/);
});
