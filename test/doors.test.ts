/**
 * The doors of the package: what package.json exports can be imported by name, has types, and the examples of its pages run as they stand.
 */
import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openChannel, readChannelTexts } from "../src/testing/index.ts";

const ROOT = resolve(import.meta.dirname, "..");
const { exports } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
  exports: Record<string, { types: string; default: string }>;
};

function read(page: string): string {
  return readFileSync(join(ROOT, page), "utf8");
}

/** A project of somebody else's, with the package installed in it. */
function makeProject(): string {
  const folder = mkdtempSync(join(tmpdir(), "sluice-doors-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(ROOT, join(folder, "node_modules/sluice"));
  symlinkSync(
    join(ROOT, "node_modules/@modelcontextprotocol"),
    join(folder, "node_modules/@modelcontextprotocol"),
  );
  return folder;
}

/** The blocks of a page that say which file they are, written into a project. */
function writeExamples(page: string, folder: string): void {
  const text = readFileSync(join(ROOT, page), "utf8");
  const blocks = [...text.matchAll(/^```js\n\/\/ (\S+)\n(.*?)^```/gms)];
  expect(blocks.length, page).toBeGreaterThan(0);
  for (const [, name = "", code = ""] of blocks) writeFileSync(join(folder, name), code);
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
    expect(Number(names.trim())).toBeGreaterThan(3);
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

// req:field.70
test("an author can name every type of the doors, in strict TypeScript, without our sources", () => {
  const folder = makeProject();
  writeFileSync(
    join(folder, "names.ts"),
    `import type { Arrival, ConnectionState, Event, Meta, OutgoingMessage, SentMessage, VerifiedRequest } from "sluice";
import { Server } from "@modelcontextprotocol/server";
import type { GateOutcome, HostNote, LaunchFacts, Model, SessionOptions } from "sluice/host";
import { openSession } from "sluice/host";
import type { Claim, ContractRig, FakeAnswer, SignedRequest } from "sluice/testing";
import { signRequest } from "sluice/testing";

const server = new Server({ name: "x", version: "1" }, {});
export const open = (client: LaunchFacts, model: Model) =>
  openSession({ client, model, connect: (transport) => server.connect(transport) } satisfies SessionOptions);
export const post = (request: SignedRequest) => fetch("http://127.0.0.1", request);
export const signed = signRequest("github", { secret: "s", body: { a: 1 } });
export type All = [Arrival, ConnectionState, Event, Meta, OutgoingMessage, SentMessage, VerifiedRequest];
export type More = [GateOutcome, HostNote, Claim, ContractRig, FakeAnswer];
`,
  );
  for (const path of globSync("examples/*.ts", { cwd: ROOT }))
    cpSync(join(ROOT, path), join(folder, basename(path)));
  symlinkSync(join(ROOT, "node_modules/zod"), join(folder, "node_modules/zod"));
  symlinkSync(join(ROOT, "node_modules/@types"), join(folder, "node_modules/@types"));
  writeFileSync(
    join(folder, "tsconfig.json"),
    JSON.stringify({
      compilerOptions: {
        strict: true,
        noEmit: true,
        module: "nodenext",
        target: "es2024",
        lib: ["es2024", "esnext.disposable", "dom"],
        types: ["node"],
        exactOptionalPropertyTypes: true,
      },
      include: ["*.ts"],
    }),
  );
  writeFileSync(join(folder, "package.json"), '{"type":"module"}');
  const tsc = join(ROOT, "node_modules/.bin/tsc");
  expect(execFileSync(tsc, ["-p", "."], { cwd: folder, encoding: "utf8" })).toBe("");
});
