/**
 * A channel alone: what is kept over kills and restarts, who gets in, and what an author's faults cost.
 */
import { execFile, spawn } from "node:child_process";
import {
  existsSync,
  globSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { makeFolder, openAlone, until, writeChannel } from "./scene.ts";

const ROOT = join(import.meta.dirname, "../..");
const SLUICE = join(ROOT, "bin/sluice.js");

const MINI = `
import { defineChannel, localOnly } from "sluice";
export default defineChannel({
  kind: "mini",
  reply: true,
  webhook: {
    verify: localOnly(),
    receive: ({ text, headers }) => ({ text, ...(headers["x-id"] === undefined ? {} : { id: headers["x-id"] }) }),
  },
});`;

/** Sends lines to a server and gives what it prints; for what a session cannot do. */
function spawnServer(file: string, home: string, port = "0") {
  const env = {
    PATH: process.env["PATH"] ?? "",
    HOME: home,
    SLUICE_HOME: join(home, "sluice"),
    SLUICE_PORT: port,
  };
  const child = spawn(process.execPath, [SLUICE, "serve", file], { env });
  onTestFinished(() => void child.kill("SIGKILL"));
  const seen = { out: "", err: "" };
  child.stdout.on("data", (text: Buffer) => (seen.out += text.toString()));
  child.stderr.on("data", (text: Buffer) => (seen.err += text.toString()));
  const say = (message: object): void =>
    void child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  const exited = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const shake = async (): Promise<void> => {
    say({
      id: 1,
      method: "initialize",
      params: {
        protocolVersion: "2025-11-25",
        capabilities: {},
        clientInfo: { name: "t", version: "1" },
      },
    });
    await until(
      () => (seen.out.includes('"id":1') ? true : undefined),
      () => seen.err,
    );
  };
  const open = async (): Promise<string> => {
    await shake();
    say({ method: "notifications/initialized" });
    return until(
      () => /http:\/\/127\.0\.0\.1:\d+/.exec(seen.err)?.[0],
      () => seen.err,
    );
  };
  return { child, seen, say, exited, shake, open };
}

const post = (url: string, body: string, headers: Record<string, string> = {}) =>
  fetch(url, { method: "POST", body, headers });

test("SERVE-1: a probe that shakes hands, lists tools and leaves has no trace on the disk", async () => {
  const home = makeFolder();
  const server = spawnServer(writeChannel(MINI), home);
  await server.shake();
  server.say({ id: 2, method: "tools/list" });
  await until(() => (server.seen.out.includes('"id":2') ? true : undefined));
  server.child.stdin.end();
  expect(await server.exited).toBe(0);
  expect(existsSync(join(home, "sluice"))).toBe(false);
});

test("server/discover is answered as an old server does, so that the channel is registered", async () => {
  const server = spawnServer(writeChannel(MINI), makeFolder());
  server.say({ id: 0, method: "server/discover", params: { _meta: {} } });
  await until(
    () => (server.seen.out.includes("-32601") ? true : undefined),
    () => server.seen.err,
  );
});

test("ALONE-3: what was sent just before a kill comes to the next session, marked; what is over does not", async () => {
  const home = makeFolder();
  const file = writeChannel(MINI);
  const first = await openAlone(file, { home });
  for (const text of ["one", "two"]) await first.post("/in/mini", text, { "x-id": text });
  await first.reads(2);
  const [one] = await first.reads(1);
  await first.session.idle();
  process.kill(first.session.serverPid ?? 0, "SIGKILL");
  await first.session.until(({ kind }) => kind === "server-gone");
  const second = await openAlone(file, {
    home,
    model: async (turn) => {
      for (const [, id] of turn.text.matchAll(/event_id="(evt_\w+)"/g))
        await turn.callTool("reply", { event_id: id, text: "ok" });
    },
  });
  const texts = await second.reads(2);
  expect(texts[0]).toContain(/event_id="(evt_\w+)"/.exec(one ?? "")?.[0]);
  expect(
    texts.every((text) => text.includes('replayed="true"') && text.includes('attempt="2"')),
  ).toBe(true);
  // ALONE-4
  expect((await second.post("/in/mini", "one", { "x-id": "one" })).status).toBe(200);
  await second.session.idle();
  await second.close();
  const third = await openAlone(file, { home });
  await third.post("/in/mini", "three");
  expect((await third.reads(1))[0]).toContain("three");
  expect(third.session.counters.turns).toBe(1);
});

test("ALONE-1, ALONE-2: a second session waits while the first has the inbox, says so, and takes over what waits", async () => {
  const home = makeFolder();
  const file = writeChannel(MINI);
  const first = await openAlone(file, { home });
  await first.post("/in/mini", "while the first is there");
  await first.reads(1);
  const second = await openAlone(file, {
    home,
    model: async (turn) => void (turn.kind === "typed" && (await turn.callTool("inbox"))),
  });
  await until(() =>
    second.session.stderr.includes("in use by another process") ? true : undefined,
  );
  second.session.type("look");
  await second.session.idle();
  expect(second.session.reads.at(-1)?.text).toMatch(
    /inbox: .*in use by another process \(it may work later\)/,
  );
  await first.close();
  await second.post("/in/mini", "for the second");
  expect((await second.reads(2)).join()).toContain("for the second");
});

test("more than fifty that waited are told in one line, and read by the inbox tool", async () => {
  const home = makeFolder();
  const file = writeChannel(MINI);
  const deaf = spawnServer(file, home);
  const base = await deaf.open();
  deaf.child.stdout.pause();
  for (let nth = 0; nth < 60; nth++) await post(`${base}/in/mini`, `event ${nth}`);
  deaf.child.kill("SIGKILL");
  await deaf.exited;
  const { session } = await openAlone(file, {
    home,
    model: async (turn) => void (await turn.callTool("inbox")),
  });
  const note = await session.until((one) => one.kind === "read" && one.how === "channel");
  expect(note).toMatchObject({
    text: expect.stringMatching(/60 events waited while no session was here/),
  });
  const page = await session.until((one) => one.kind === "read" && one.how === "tool");
  expect(page).toMatchObject({
    text: expect.stringMatching(
      /event 0\n[\s\S]*event 7\n[\s\S]*\(52 more wait: call inbox again\)/,
    ),
  });
});

test("PUMP-1: a client that does not read fills no memory; what it has not read stays on the disk", async () => {
  const home = makeFolder();
  const server = spawnServer(writeChannel(MINI), home);
  const base = await server.open();
  server.child.stdout.pause();
  const body = "x".repeat(7_000);
  const readRss = () =>
    Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.child.pid}/status`, "utf8"))?.[1]) /
    1024;
  for (let nth = 0; nth < 100; nth++) await post(`${base}/in/mini`, body);
  const before = readRss();
  for (let nth = 0; nth < 2_000; nth += 20)
    await Promise.all(Array.from({ length: 20 }, () => post(`${base}/in/mini`, body)));
  // 14 MB went in; a queue in memory would hold them several times over.
  expect(readRss() - before).toBeLessThan(60);
  expect(server.seen.out.length).toBeLessThan(1_000_000);
});

test.each(["SIGTERM", "SIGINT", "SIGHUP"] as const)(
  "SERVE-2: %s ends it in order",
  async (signal) => {
    const server = spawnServer(writeChannel(MINI), makeFolder());
    await server.open();
    server.child.kill(signal);
    expect(await server.exited).toBe(0);
  },
);

test("SERVE-2: the end of stdin closes connections of the author's, also where closing hangs", async () => {
  const file = writeChannel(`
import { defineChannel } from "sluice";
import { writeFileSync } from "node:fs";
export default defineChannel({ kind: "svc", reply: true, service: {
  connect: () => ({ id: 7 }),
  disconnect: (connection) => { writeFileSync(process.env.HOME + "/closed", String(connection.id)); return new Promise(() => {}); },
} });`);
  const home = makeFolder();
  const server = spawnServer(file, home);
  await server.open();
  server.child.stdin.end();
  expect(await server.exited).toBe(0);
  expect(readFileSync(join(home, "closed"), "utf8")).toBe("7");
});

test("SERVE-3: what an author prints goes to standard error, at load, in calls and by the console", async () => {
  const file = writeChannel(`
import { defineChannel, localOnly } from "sluice";
console.log("at load");
process.stdout.write("raw at load\\n");
export default defineChannel({ kind: "loud", webhook: { verify: localOnly(), receive: ({ text }) => {
  console.log("log"); console.info("info"); console.table([{ a: 1 }]); process.stdout.write("raw\\n"); return text;
} } });`);
  const { session, post: send, reads } = await openAlone(file);
  await send("/in/loud", "hello");
  await reads(1);
  expect(session.counters.garbageLines).toBe(0);
  for (const text of ["at load", "raw at load", "log", "info", "raw"])
    expect(session.stderr).toContain(text);
});

test("RUNNER-2: a channel that throws, hangs, returns nonsense or fails later goes on, and its sender is told to try again", async () => {
  const file = writeChannel(`
import { defineChannel, localOnly } from "sluice";
export default defineChannel({ kind: "bad", webhook: { verify: localOnly(), timeoutMs: 300, receive: ({ text, headers, payload }) => {
  headers.host = "mutated";
  if (text === "throw") throw new Error("boom");
  if (text === "hang") return new Promise(() => {});
  if (text === "number") return 7;
  if (text === "meta") return { text, meta: { "my-env": "x" } };
  if (text === "later") setTimeout(() => { throw new Error("later boom"); });
  if (text === "reject") void Promise.reject(new Error("lost boom"));
  if (text === "huge") return "y".repeat(10_000_000);
  if (text === "null") return null;
  return text;
} } });`);
  const { post: send, reads, session } = await openAlone(file);
  for (const text of ["throw", "hang", "number", "meta"]) {
    const answer = await send("/in/bad", text);
    expect([text, answer.status, await answer.json()]).toEqual([
      text,
      503,
      { error: "channel_failed" },
    ]);
    expect(answer.headers.get("retry-after")).not.toBeNull();
  }
  expect(session.stderr).toContain('meta key \\"my-env\\" is no identifier');
  expect(session.stderr).toContain("boom");
  expect(await (await send("/in/bad", "null")).json()).toEqual({
    id: null,
    ignored: "receive returned nothing",
  });
  for (const text of ["later", "reject", "huge", "fine"])
    expect((await send("/in/bad", text)).status, text).toBe(202);
  const texts = await reads(4);
  expect(texts[3]).toContain("fine");
  expect((texts[2] ?? "").length).toBeLessThan(20_000);
  expect(session.stderr).toContain("later boom");
  expect(session.stderr).toContain("lost boom");
});

const FILES: [name: string, text: string | undefined, says: string][] = [
  ["missing.ts", undefined, "does not exist"],
  ["none.ts", "export const a = 1;", "has no default export"],
  ["other.ts", "export default { kind: 'x' };", "exports no channel by default"],
  [
    "named.ts",
    `import { defineChannel } from "sluice"; export const mine = defineChannel({ kind: "a", webhook: { receive: () => "x" } });`,
    "exports its channel as mine; write: export default mine",
  ],
  ["syntax.ts", "const a = ;\nexport default a;", "cannot be read"],
  ["syntax.js", "const a = ;\nexport default a;", "cannot be read"],
  [
    "throws.ts",
    "\nthrow new Error('no database');",
    "failed while it was loaded at line 2: no database",
  ],
  ["import.ts", `import "not-there"; export default 1;`, "imports what is not there"],
  [
    "two.ts",
    `import { defineChannel } from "sluice"; const receive = () => "x"; export default defineChannel({ kind: "a", webhook: [{ receive }, { receive }] });`,
    'channel a: two sources are called "webhook"',
  ],
];

test.each(FILES)(
  "%s is refused in one line with the place and the fix",
  async (name, text, says) => {
    const folder = makeFolder();
    const file = join(folder, name);
    if (text !== undefined) writeFileSync(file, text);
    const env = { PATH: process.env["PATH"], HOME: folder, SLUICE_HOME: join(folder, "home") };
    const run = promisify(execFile)(process.execPath, [SLUICE, "serve", file], { env });
    const fault = await run.then(
      () => undefined,
      (thrown: { code: number; stderr: string; stdout: string }) => thrown,
    );
    expect(fault?.code).toBe(78);
    expect(fault?.stdout).toBe("");
    const lines = fault?.stderr.trim().split("\n") ?? [];
    expect(lines.filter((line) => !/ExperimentalWarning|--trace-warnings/.test(line))).toEqual([
      expect.stringContaining(says),
    ]);
    expect(fault?.stderr).toContain(name);
  },
);

test("LOAD-1: types are stripped, other files found and enums taken, in any folder; the file's own serve is left to sluice serve", async () => {
  const folder = makeFolder();
  writeFileSync(
    join(folder, "greet.ts"),
    "export const greet = (name: string): string => `hello ${name}`;",
  );
  writeFileSync(
    join(folder, "channel.ts"),
    `
import { defineChannel, localOnly, serve } from "sluice";
import { z } from "zod";
import { greet } from "./greet.js";
enum Level { High = "high" }
const channel = defineChannel({ kind: "typed", webhook: { verify: localOnly(), payload: z.string(),
  receive: ({ payload }) => ({ text: greet(payload), meta: { level: Level.High satisfies string } }) } });
export default channel;
serve(channel);`,
  );
  const { post: send, reads } = await openAlone(folder);
  await send("/in/typed", "ann");
  expect((await reads(1))[0]).toMatch(/level="high"[\s\S]*hello ann/);
});

test("a missing secret is said by its name, and the rest goes on", async () => {
  const { session } = await openAlone(join(ROOT, "examples/sentry.ts"));
  await until(
    () =>
      session.stderr.includes("the secret SENTRY_WEBHOOK_TOKEN is not set") ? true : undefined,
    () => session.stderr,
  );
  expect(session.isChannel).toBe(true);
});

test("everything that is kept is for this user alone", async () => {
  const { post: send, reads, home } = await openAlone(writeChannel(MINI));
  await send("/in/mini", "x");
  await reads(1);
  for (const path of globSync(join(home, "{,**/*}")))
    expect(statSync(path).mode & 0o077, path).toBe(0);
});

const BUN = [process.env["BUN"], join(ROOT, "bench/node_modules/.bin/bun")].find(
  (path) => path !== undefined && existsSync(path),
);

test.skipIf(BUN === undefined)(
  "under Bun, from a project of its own, a channel keeps, answers and streams like under Node",
  async () => {
    const folder = makeFolder();
    mkdirSync(join(folder, "node_modules"));
    for (const name of ["zod", "sluice"])
      symlinkSync(
        name === "sluice" ? ROOT : join(ROOT, "node_modules", name),
        join(folder, "node_modules", name),
      );
    writeFileSync(
      join(folder, "mini.ts"),
      `${MINI.replace("export default", "const channel =").replace("{ defineChannel,", "{ serve, defineChannel,")}\nserve(channel);`,
    );
    const {
      reads,
      post: send,
      stream,
    } = await openAlone("", {
      command: BUN ?? "",
      args: [join(folder, "mini.ts")],
      model: async (turn) => {
        const id = /event_id="(evt_\w+)"/.exec(turn.text)?.[1];
        if (id !== undefined) await turn.callTool("reply", { event_id: id, text: "ok" });
      },
    });
    const listening = await stream("/out/mini");
    expect((await send("/in/mini", "hello", { "x-id": "1" })).status).toBe(202);
    expect((await send("/in/mini", "hello", { "x-id": "1" })).status).toBe(200);
    expect((await reads(1))[0]).toContain("hello");
    await until(() => (listening.messages.length > 0 ? true : undefined));
  },
);
