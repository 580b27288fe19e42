/** The door `sluice/emit`, as applications meet it: real processes, a real server, a real hub. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import type { EventView } from "../api/wire/wire.ts";
import { CliStage } from "../cli/run-cli.fixture.ts";
import { makeFolder } from "../store/sample.fixture.ts";
import { createEmitter } from "./emitter.ts";
import { describeFault, toKeptEvent } from "./event.ts";
import { KeptEvents } from "./kept-events.ts";

const DOOR = fileURLToPath(new URL("../../dist/emit/index.js", import.meta.url));

type Got = { headers: IncomingMessage["headers"]; body: Record<string, string> };

/** An ingress that answers as it is told. */
async function openIngress() {
  const state = { got: [] as Got[], status: 202, hangs: false };
  const server = createServer((request, response) => {
    let text = "";
    request.setEncoding("utf8").on("data", (part: string) => (text += part));
    request.on("end", () => {
      if (state.status < 300)
        state.got.push({
          headers: request.headers,
          body: JSON.parse(text) as Record<string, string>,
        });
      if (!state.hangs) response.writeHead(state.status).end("{}");
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("it has a port");
  return { state, url: `http://127.0.0.1:${address.port}/in/app` };
}

/** An application of its own, whose code is `script`; `events` is its emitter. */
async function runApp(script: string, options: object, env: Record<string, string> = {}) {
  const folder = makeFolder();
  const path = join(folder, "app.mjs");
  writeFileSync(
    path,
    `import { createEmitter } from ${JSON.stringify(DOOR)};\nconst events = createEmitter(${JSON.stringify(options)});\n${script}`,
  );
  const child = spawn(process.execPath, [path], {
    cwd: folder,
    env: { PATH: process.env["PATH"], HOME: folder, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (said.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said.stderr += text));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, ...said };
}

// EMITTER-3
test.each([
  ["ends by itself", 'events.emit("deploy.failed", { env: "prod" }, { text: "no" });', 0],
  [
    "calls process.exit",
    'events.emit("deploy.failed", { env: "prod" }, { text: "no" }); process.exit(3);',
    3,
  ],
  [
    "dies of a fault",
    'events.captureUncaught(); setTimeout(() => { throw new TypeError("no") }, 1);',
    1,
  ],
])(
  "what an application says is told where it %s, and its end is its own",
  async (_, script, code) => {
    const { state, url } = await openIngress();
    const folder = join(makeFolder(), "kept");
    const ran = await runApp(script, { url, token: "t0ken", folder });
    expect(ran.code, ran.stderr).toBe(code);
    if (code === 0) expect(ran).toMatchObject({ stdout: "", stderr: "" });
    await expect.poll(() => state.got.length).toBe(1);
    const [got] = state.got;
    expect(got?.headers).toMatchObject({
      authorization: "Bearer t0ken",
      "idempotency-key": expect.stringMatching(/^emit_[0-9a-z]{26}$/),
    });
    expect(got?.body["text"]).toBe(code === 1 ? "TypeError: no" : "no");
    expect(got?.body["event"]).toBe(code === 1 ? "exception" : "deploy.failed");
    await expect.poll(() => readdirSync(folder)).toEqual([]);
  },
);

// EMITTER-2, EMITSEND-1, EMITKEEP-1
test("a hub that is away or hangs keeps no application alive and prints nothing; the next process tells what is left, once", async () => {
  const folder = join(makeFolder(), "kept");
  const { state, url } = await openIngress();
  state.status = 503;
  const script = 'for (let n = 0; n < 3; n++) events.emit("step", { n });';
  const away = await runApp(script, { url, token: "t", folder });
  expect(away).toEqual({ code: 0, stdout: "", stderr: "" });
  const hanging = await openIngress();
  hanging.state.hangs = true;
  const hung = await runApp("events.emit('x', {});", {
    url: hanging.url,
    token: "t",
    folder: makeFolder(),
  });
  expect(hung.code).toBe(0);
  expect(readdirSync(folder)).toHaveLength(3);
  state.status = 202;
  const next = await runApp('events.emit("last", {});', { url, token: "t", folder });
  expect(next.code).toBe(0);
  await expect.poll(() => readdirSync(folder)).toEqual([]);
  expect(state.got.map(({ body }) => `${body["event"]} ${body["n"]}`)).toEqual([
    "step 0",
    "step 1",
    "step 2",
    "last undefined",
  ]);
});

// EMITTER-1
test("nothing that an application hands over throws, and no fault of the disk or of a listener does", async () => {
  const { state, url } = await openIngress();
  const problems: string[] = [];
  const folder = join(makeFolder(), "kept");
  const events = createEmitter({
    url,
    token: "t",
    folder,
    maxWaiting: 2,
    onProblem: (one) => problems.push(one),
  });
  onTestFinished(() => events.close());
  state.status = 503;
  const circle: { self?: unknown } = {};
  circle.self = circle;
  const hostile = {
    get text(): string {
      throw new Error("a getter that throws");
    },
  };
  events.emit("a", { n: 1, none: null, "odd key!": true }, { entity: "order 1\r\nx-evil: 1" });
  events.captureException(circle);
  events.captureException(undefined);
  events.emit("left", {});
  events.emit("bad", {}, hostile);
  expect(problems.join("\n")).toMatch(/events wait already/);
  expect(problems.join("\n")).toContain("a getter that throws");
  state.status = 202;
  expect(await events.flush(20_000)).toBe(true);
  events.emit("after", {});
  expect(await events.flush(20_000)).toBe(true);
  expect(state.got.map(({ body }) => body["event"])).toEqual(["a", "exception", "after"]);
  expect(state.got[0]?.headers["x-sluice-entity"]).toBe("order_1__x-evil:_1");
  // EMITKEEP-2: of those that were not kept it is told how many there were.
  expect(Number(state.got.at(-1)?.body["not_told"])).toBeGreaterThan(0);

  const nowhere = createEmitter({
    url,
    token: "t",
    folder: join(fileURLToPath(import.meta.url), "below-a-file"),
    onProblem: () => {
      throw new Error("a listener that throws");
    },
  });
  nowhere.emit("x", {});
  expect(await nowhere.flush(100)).toBe(true);
  nowhere.close();
});

test("over the hub's socket: an event of the channel, with its facts; the same id twice is one event; a hub that is killed loses none", async () => {
  await using stage = new CliStage();
  await stage.run(["up"]);
  await stage.run(["add", "webhook", "--name", "app"]);
  const env = { SLUICE_HOME: stage.home };
  const script =
    'events.emit("deploy.failed", { env: "prod" }, { text: "Deploy failed", details: "exit 1", entity: "api", status: "failure", priority: "urgent", id: "d1" });';
  const options = { channel: "app" };
  await runApp(script + script, options, env);
  const { stdout } = await stage.run(["status", "--json"]);
  process.kill((JSON.parse(stdout) as { hub: { pid: number } }).hub.pid, "SIGKILL");
  await runApp(
    'events.captureException(new Error("boom", { cause: new Error("root") }));',
    options,
    env,
  );
  await stage.run(["up"]);
  await runApp('events.emit("last", {});', options, env);
  const list = async (): Promise<EventView[]> => {
    const { stdout: text } = await stage.run(["inbox", "--json"]);
    return text
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as EventView);
  };
  await expect.poll(async () => (await list()).length).toBe(3);
  const [first, second] = await list();
  expect(first).toMatchObject({
    channel: "app",
    text: "Deploy failed\noutput: exit 1",
    entity: "api",
    priority: "urgent",
    meta: { event: "deploy.failed", env: "prod", status: "failure" },
  });
  expect(second?.text).toMatch(/^Error: boom\noutput: Error: boom\n[^]*caused by: Error: root/);
});

test("faults are told with their causes, and what is no error in its own words", () => {
  const circle: Error & { cause?: unknown } = new Error("round");
  circle.cause = circle;
  expect(describeFault(circle).details.match(/round/g)).toHaveLength(1);
  expect(describeFault("plain")).toMatchObject({
    text: "string: plain",
    data: { error: "string" },
  });
  expect(describeFault(null).text).toBe("object: null");
  expect(describeFault(Object.assign(new Error("x"), { code: "ENOENT" })).data["code"]).toBe(
    "ENOENT",
  );
  const kept = toKeptEvent(
    "n".repeat(200),
    { "1a": 1 },
    { text: "a\nb", details: "d".repeat(1e6) },
    "i",
    0,
  );
  expect([kept.name.length, kept.text, kept.details.length, Object.keys(kept.data)]).toEqual([
    64,
    "a b",
    65_536,
    ["_1a"],
  ]);
});

test("a file that no version wrote is left out, and the next one is sent", () => {
  const folder = join(makeFolder(), "kept");
  const kept = new KeptEvents(folder, 10);
  writeFileSync(join(folder, "000.json"), "{half");
  writeFileSync(join(folder, "001.json"), '{"id":1}');
  kept.add(toKeptEvent("a", {}, {}, "id-1", 1));
  const again = new KeptEvents(folder, 10);
  expect(again.first()?.event.id).toBe("id-1");
});
