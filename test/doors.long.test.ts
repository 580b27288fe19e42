/**
 * The types of the doors, as an author's own strict compiler reads them: the longest part of doors.test.ts, and `npm run typecheck` reads
 * the same examples before it.
 */
import { execFileSync } from "node:child_process";
import { cpSync, globSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { makeProject, ROOT, writeExamples } from "./doors.fixture.ts";

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

test("the chat of docs/guide-chat.md keeps the contract after each of its steps", () => {
  const folder = makeProject();
  writeExamples("docs/guide-chat.md", folder);
  const args = ["--test", "--test-reporter=tap", "first.test.mjs", "pond-chat.test.mjs"];
  const report = execFileSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
  expect(report).toMatch(/^# fail 0$/m);
  expect(Number(/^# pass (\d+)$/m.exec(report)?.[1])).toBe(38);
});
