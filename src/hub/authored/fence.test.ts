/**
 * What code of a channel cannot reach: tried by a channel, in the process that it would run in.
 */
import { randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeCode } from "./describe-code.ts";

const root = mkdtempSync(join(tmpdir(), "sluice-fence-"));
const [code, outside] = [join(root, "code"), join(root, "outside")];
const server = createServer((socket) => socket.end("open"));

beforeAll(async () => {
  for (const folder of [code, outside]) mkdirSync(folder);
  writeFileSync(join(outside, "secret"), "canary");
  await new Promise<void>((resolve) => server.listen(join(outside, "socket"), resolve));
});
afterAll(() => {
  server.close();
  rmSync(root, { recursive: true, force: true });
});

/** What came of each attempt: the code of its error, or what it brought. */
async function attempt(...attempts: string[]): Promise<string[]> {
  const path = join(code, `try-${randomUUID()}.mjs`);
  writeFileSync(
    path,
    `import { defineChannel } from "sluice";
import * as fs from "node:fs"; import * as module from "node:module"; import * as net from "node:net"; import * as os from "node:os";
import * as v8 from "node:v8"; import * as names from "node:process"; import { createHook } from "node:async_hooks";
const out = ${JSON.stringify(outside)};
const ended = (emitter) => new Promise((resolve, reject) => emitter.once("error", reject).once("connect", resolve).once("listening", resolve));
const said = [];
for (const one of [${attempts.map((text) => `async () => (${text})`).join(",\n")}]) {
  try { said.push("worked: " + String(await one()).slice(0, 60)); } catch (thrown) { said.push(String(thrown?.code ?? thrown)); }
}
export default defineChannel({ kind: "tries", description: said.join("\\n").slice(0, 1000), webhook: { receive: () => "x" } });
`,
  );
  const { outline } = await describeCode(path, code, [code], process.env);
  return outline.description.split("\n");
}

test("FENCE-1: no signal and no priority reaches another process, under whatever name the function is found", async () => {
  const said = await attempt(
    `process.kill(process.ppid, 0)`,
    `process.kill(process.ppid, "SIGUSR1")`,
    `names.kill(process.ppid, 0)`,
    `process.kill(0, 0)`,
    `process.kill(-1, 0)`,
    `process.kill({ valueOf: () => process.ppid, [Symbol.toPrimitive]: () => process.ppid }, 0)`,
    `process.kill(String(process.ppid), 0)`,
    `process._kill(process.ppid, 0) < 0 ? Promise.reject({ code: "EPERM" }) : 0`,
    `names._kill(process.ppid, 0) < 0 ? Promise.reject({ code: "EPERM" }) : 0`,
    `(delete process._kill, process.kill(process.ppid, 0))`,
  );
  expect(said.slice(0, 9)).toEqual(Array.from({ length: 9 }, () => "EPERM"));
  expect(said[9]).not.toMatch(/^worked/);
  expect(
    await attempt(
      `process._debugProcess(process.ppid)`,
      `names._debugProcess(process.ppid)`,
      `os.setPriority(process.ppid, 1)`,
      `process.getBuiltinModule("os").setPriority(process.ppid, 1)`,
    ),
  ).toEqual(Array.from({ length: 4 }, () => "ERR_ACCESS_DENIED"));
  expect(await attempt(`process.kill(process.pid, 0)`)).toEqual(["worked: true"]);
});

test("FENCE-1: no database, flag of the engine, trace, thread or loader writes a file or reads another one's", async () => {
  const said = await attempt(
    `import("node:sqlite").then((m) => new m.DatabaseSync(out + "/a.db").exec("create table a(b)"))`,
    `module.createRequire(import.meta.url)("node:sqlite")`,
    `process.getBuiltinModule("node:sqlite") ?? Promise.reject("none")`,
    `v8.setFlagsFromString("--trace-turbo-path=" + out)`,
    `v8.setHeapSnapshotNearHeapLimit(1)`,
    `import("node:trace_events").then((m) => m.createTracing({ categories: ["node"] }).enable())`,
    `module.register("data:text/javascript,export const a = 1")`,
    `import("node:worker_threads").then((m) => new m.Worker("1", { eval: true }))`,
    `module.createRequire(import.meta.url)("node:module").register("data:text/javascript,export const a = 1")`,
  );
  for (const one of said) expect(one).not.toMatch(/^worked/);
  expect(said).toHaveLength(9);
  expect(readdirSync(outside).toSorted()).toEqual(["secret", "socket"]);
});

test("FENCE-1: no socket of the file system is reached or made, the hub's included", async () => {
  const said = await attempt(
    `ended(net.connect(out + "/socket"))`,
    `ended(new net.Socket().connect({ path: out + "/socket" }))`,
    `ended(net.createServer().listen(out + "/made"))`,
    `ended(net.createServer().listen("\\0sluice-abstract"))`,
    `import("node:http").then((m) => ended(m.get({ socketPath: out + "/socket", path: "/" })))`,
    `(() => { const s = net.connect(out + "/socket"); s.on("error", () => {}); const p = s._handle; s.destroy(); const fresh = new p.constructor(0); const found = fresh.bind(out + "/made"); if (found < 0) throw { code: "EACCES" }; })()`,
  );
  expect(said.slice(0, 5)).toEqual(Array.from({ length: 5 }, () => "EACCES"));
  expect(said[5]).not.toMatch(/^worked/);
  expect(readdirSync(outside).toSorted()).toEqual(["secret", "socket"]);
});

test("FENCE-2: who is only asked what it is has no network, by whatever way", async () => {
  const said = await attempt(
    `ended(net.connect(9, "127.0.0.1"))`,
    `ended(net.connect(9, "::1"))`,
    `ended(net.connect(9, "localhost"))`,
    `ended(net.createServer().listen(0))`,
    `fetch("http://127.0.0.1:9999/").catch((e) => { throw e.cause; })`,
    `import("node:https").then((m) => ended(m.get("https://localhost:9999/")))`,
    `import("node:dns").then((m) => m.lookup("localhost", () => {}))`,
    `import("node:dns").then((m) => new m.promises.Resolver().resolve4("localhost"))`,
    `import("node:dns/promises").then((m) => m.resolveTxt("localhost"))`,
    `import("node:dgram").then((m) => m.createSocket("udp4").send("x", 9, "127.0.0.1"))`,
    `import("node:dgram").then((m) => new m.Socket("udp4").send("x", 9, "127.0.0.1"))`,
  );
  expect(said).toHaveLength(11);
  for (const one of said) expect(one).toMatch(/^(?:ERR_ACCESS_DENIED|EACCES)$/);
});
