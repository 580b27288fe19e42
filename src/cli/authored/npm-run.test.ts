/**
 * What npm may cost: a program of that name that brings too much, or is never done.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { runNpm } from "./npm-run.ts";

/** `script` is what `npm` does; `$ROOM` is the folder that it works in. */
function makeNpm(script: string) {
  const room = mkdtempSync(join(tmpdir(), "sluice-npm-"));
  onTestFinished(() => rmSync(room, { recursive: true, force: true }));
  const [bin, cwd] = [join(room, "..bin"), join(room, "files")];
  mkdirSync(bin);
  mkdirSync(cwd);
  const text = `#!/bin/sh\necho $$ > "${room}/pid"\n${script}\n`;
  writeFileSync(join(bin, "npm"), text, { mode: 0o755 });
  const env = { PATH: `${bin}${delimiter}/usr/bin${delimiter}/bin` };
  const run = (limits: Partial<Parameters<typeof runNpm>[3]> = {}) =>
    runNpm(["install"], { cwd, room }, env, {
      timeoutMs: 60_000,
      maxBytes: 4 * 1024 * 1024,
      maxFiles: 50,
      ...limits,
    });
  const isRunning = (): boolean =>
    [join(room, "pid"), join(cwd, "pid")]
      .filter((file) => existsSync(file))
      .some((file) => isAlive(readFileSync(file, "utf8").trim()));
  return { run, isRunning };
}

/** A zombie is dead. */
function isAlive(pid: string): boolean {
  const path = `/proc/${pid}/stat`;
  return existsSync(path) && !/\) [ZX] /.test(readFileSync(path, "utf8"));
}

test.each([
  [
    "what a script of that name starts",
    "sh -c 'echo $$ > pid; while :; do head -c 1000000 /dev/zero >> big; done'; :",
  ],
  ["one file that grows", "while :; do head -c 1000000 /dev/zero >> big; done"],
  ["many small ones", "n=0; while :; do n=$((n+1)); mkdir d$n; : > d$n/f; done"],
  ["too much at once, and then it is done", "head -c 9000000 /dev/zero > big"],
])("NPMRUN-1: %s is ended, and said in one line", async (_what, script) => {
  const { run, isRunning } = makeNpm(script);
  await expect(run()).rejects.toMatchObject({
    code: "too_large",
    message: expect.stringMatching(/^npm brings more than 4 MiB, or 50 files; nothing was added/),
  });
  await expect.poll(isRunning).toBe(false);
});

test("one that is never done is ended; one that fails says why; none is told", async () => {
  const stuck = makeNpm("exec sleep 600");
  await expect(stuck.run({ timeoutMs: 200 })).rejects.toThrow(/npm was not done within/);
  await expect.poll(stuck.isRunning).toBe(false);
  const failing = makeNpm("echo 'npm error code E404' >&2; exit 1");
  expect(await failing.run()).toEqual({ isDone: false, stderr: "npm error code E404\n" });
  expect(await makeNpm("exit 0").run()).toMatchObject({ isDone: true });
  const room = mkdtempSync(join(tmpdir(), "sluice-npm-"));
  onTestFinished(() => rmSync(room, { recursive: true, force: true }));
  const limits = { timeoutMs: 1_000, maxBytes: 1, maxFiles: 1 };
  await expect(runNpm([], { cwd: room, room }, { PATH: room }, limits)).rejects.toThrow(
    /npm is not on PATH/,
  );
});
