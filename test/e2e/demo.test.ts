import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CLI, openRig } from "./rig.ts";

test.each([
  ["whoever reads it leaves", (demo: ReturnType<typeof spawn>) => demo.stdout?.destroy()],
  ["it is told to end", (demo: ReturnType<typeof spawn>) => demo.kill("SIGTERM")],
])("the demo leaves nothing behind when %s", async (_what, end) => {
  await using rig = openRig();
  const TMPDIR = join(rig.folder, "tmp");
  mkdirSync(TMPDIR);
  const demo = spawn(process.execPath, [CLI, "demo"], { env: { ...rig.env, TMPDIR } });
  rig.add(() => demo.kill("SIGKILL"));
  await once(demo.stdout, "data");
  expect(readdirSync(TMPDIR)).toHaveLength(1);
  end(demo);
  demo.stdout.resume();
  expect(await once(demo, "exit")).toEqual([0, null]);
  expect(readdirSync(TMPDIR)).toEqual([]);
});
