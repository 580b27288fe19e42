/** Real commands, by a clock that the test moves where no time of theirs counts. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { systemClock } from "../../../sdk/clock.ts";
import { makeFolder } from "../../../store/sample.fixture.ts";
import { WatchRig } from "../watch-rig.fixture.ts";
import { command } from "./index.ts";
import { runCommand } from "./run.ts";
import { parseArgv } from "./watch-command.ts";

function toSettings(folder: string, script: string, more: Record<string, string> = {}) {
  return { run: JSON.stringify(["sh", "-c", script]), cwd: folder, every: "1s", ...more };
}

test("another output is told as the lines that changed, another exit code as failing and succeeding again; a restart tells nothing twice", async () => {
  const folder = makeFolder();
  const say = (text: string, code = 0): void => {
    writeFileSync(join(folder, "say"), text);
    writeFileSync(join(folder, "code"), String(code));
  };
  say("one\ntwo\n");
  const script = 'cat say; exit "$(cat code)"';
  const rig = new WatchRig(command, toSettings(folder, script), systemClock);
  await rig.start();
  await rig.restart();
  expect(rig.taken).toEqual([]);
  say("one\nthree\n");
  await expect.poll(() => rig.quoted).toEqual(["+ three\n- two"]);
  expect(rig.texts[0]).toBe(
    `sh -c 'cat say; exit "$(cat code)"' gives another output (exit 0)`.replaceAll('"', "?"),
  );
  await rig.stop();
  say("one\nthree\n", 2);
  await rig.start();
  expect(rig.taken[1]).toMatchObject({
    kind: "command.failed",
    text: expect.stringContaining("fails now (exit 2)"),
    meta: { status: "failure", severity: "error" },
  });
  rig.fault = { when: "before", error: new Error("the inbox is full") };
  say("one\nthree\n");
  await expect
    .poll(() => rig.taken.map(({ kind }) => kind))
    .toEqual(["command.changed", "command.failed", "command.succeeded"]);
});

test("tell=failure is silent while it succeeds, whatever it says; tell=always tells each run", async () => {
  const folder = makeFolder();
  const script = "date +%N; test -e good";
  writeFileSync(join(folder, "good"), "");
  const rig = new WatchRig(command, toSettings(folder, script, { tell: "failure" }), systemClock);
  await rig.start();
  await rig.restart();
  expect(rig.taken).toEqual([]);
  const all = new WatchRig(command, toSettings(folder, "true", { tell: "always" }), systemClock);
  await all.start();
  expect(all.taken).toMatchObject([
    { kind: "command.changed", text: "sh -c true has run (exit 0)" },
  ]);
});

// RUN-1
test("a command that does not end is ended with all that it started; one that leaves a process behind is not waited for", async () => {
  const cwd = makeFolder();
  const { signal } = new AbortController();
  const run = (script: string, timeoutMs: number) =>
    runCommand({ argv: ["sh", "-c", script], cwd, timeoutMs, signal });
  const late = await run("sleep 600 & echo $! > pid; echo begun; wait", 1_000);
  expect(late).toMatchObject({ isOk: false, status: "no end in 1 s", output: "begun\n" });
  const pid = Number(readFileSync(join(cwd, "pid"), "utf8"));
  await expect.poll(() => existsSync(`/proc/${pid}/cwd`)).toBe(false);
  const left = await run("sleep 600 & echo done", 60_000);
  expect(left).toMatchObject({ isOk: true, status: "exit 0", output: "done\n" });
  await expect(
    runCommand({ argv: ["no-such-program-at-all"], cwd, timeoutMs: 1_000, signal }),
  ).rejects.toThrow("cannot be run");
});

// RUN-2
test("of an endless output a part is kept, and the rest is counted", async () => {
  const { signal } = new AbortController();
  const argv = ["sh", "-c", "head -c 3000000 /dev/zero | tr '\\0' x"];
  const ran = await runCommand({ argv, cwd: "/", timeoutMs: 60_000, signal });
  expect([ran.output.length, ran.leftOut]).toEqual([256 * 1024, 3_000_000 - 256 * 1024]);
});

test("what is no list of texts is refused with how to type it", () => {
  expect(parseArgv('["git","status"]')).toEqual(["git", "status"]);
  for (const text of ["", "git status", "{}", "[]", '[""]', "[1]", '["a",null]'])
    expect(() => parseArgv(text), text).toThrow("sluice add command --every 5m --");
});
