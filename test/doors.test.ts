/**
 * The doors of the package: what package.json exports can be imported by name, has types (doors.long.test.ts reads them), and the examples of its pages run as they stand.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openChannel, readChannelTexts } from "../src/testing/index.ts";
import { makeProject, ROOT, writeExamples } from "./doors.fixture.ts";

const { exports } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
  exports: Record<string, { types: string; default: string }>;
};

function read(page: string): string {
  return readFileSync(join(ROOT, page), "utf8");
}

function run(folder: string, ...args: string[]): string {
  return execFileSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
}

test.each(Object.entries(exports))(
  "%s is there, with its types",
  (door, { types, default: file }) => {
    expect(existsSync(join(ROOT, types)), types).toBe(true);
    expect(existsSync(join(ROOT, file)), file).toBe(true);
    const name = door.replace(".", "sluice");
    const names = run(
      makeProject(),
      "-p",
      `import(${JSON.stringify(name)}).then((m) => console.log(Object.keys(m).length)), ""`,
    );
    expect(Number(names.trim())).toBeGreaterThan(0);
  },
);

test("the example of docs/host.md prints what the page says", () => {
  const folder = makeProject();
  writeExamples("docs/host.md", folder);
  const [, said = ""] =
    /It prints\n\n```text\n(.*?)```/s.exec(readFileSync(join(ROOT, "docs/host.md"), "utf8")) ?? [];
  expect(run(folder, "session.mjs")).toBe(said);
});

// req:field.05
test("the channel of docs/testing.md keeps the contract, and its request is signed", () => {
  const folder = makeProject();
  writeExamples("docs/testing.md", folder);
  const report = run(folder, "--test", "--test-reporter=tap", "notes.test.mjs");
  expect(report).toMatch(/^# fail 0$/m);
  expect(Number(/^# pass (\d+)$/m.exec(report)?.[1])).toBeGreaterThan(7);
  expect(run(folder, "--test", "--test-reporter=tap", "hello.test.mjs")).toMatch(/^# pass 1$/m);
  expect(run(folder, "signed.mjs")).toMatch(/^whsec_ .*webhook-signature/);
});

test("the fixture of docs/inspector.md is replayed by its test", () => {
  const folder = makeProject();
  writeExamples("docs/inspector.md", folder);
  const page = readFileSync(join(ROOT, "docs/inspector.md"), "utf8");
  const [, fixture = ""] = /^```json\n(.*?)^```/ms.exec(page) ?? [];
  mkdirSync(join(folder, "fixtures"));
  writeFileSync(join(folder, "fixtures/build-failed.json"), fixture);
  const report = run(folder, "--test", "--test-reporter=tap", "replay.test.mjs");
  expect(report).toMatch(/^# pass 1$/m);
});

test("the first file of docs/channels.md and its test work in a project that has nothing else", () => {
  const folder = makeProject();
  writeExamples("docs/channels.md", folder);
  const [, channel = ""] = /^```ts\n(.*?)^```/ms.exec(read("docs/channels.md")) ?? [];
  writeFileSync(join(folder, "deploys.ts"), channel);
  expect(run(folder, "--test", "--test-reporter=tap", "deploys.test.mjs")).toMatch(/^# pass 1$/m);
});

test("a channel's file that cannot be used, and one that never reads, say in a test why", async () => {
  const folder = makeProject();
  writeFileSync(join(folder, "bad.ts"), "export const a = 1;");
  await expect(openChannel(join(folder, "bad.ts"))).rejects.toThrow("has no default export");
  const file = join(ROOT, "examples/sentry.ts");
  await using channel = await openChannel(file);
  await expect(channel.url("/in/sentry-alerts", 4_000)).rejects.toThrow(
    "SENTRY_WEBHOOK_TOKEN is not set",
  );
  await expect(readChannelTexts(channel.session, 1, 10)).rejects.toThrow(
    "SENTRY_WEBHOOK_TOKEN is not set",
  );
});
