import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { ConnectionState } from "../../sdk/channel.ts";
import { systemClock } from "../../sdk/clock.ts";
import { MaybeSent } from "../../sdk/message.ts";
import { toHome } from "../../local/home.ts";
import { AuthoredChannel, type AuthoredOptions } from "./authored-channel.ts";
import { describeCode } from "./describe-code.ts";
import { keepCode, openKeptCode, openNewCode, toDigest } from "./kept-code.ts";

const SECRET = "canary-5b1a77e0c4";

/** A channel of one file, in a home of its own, with a real process. */
async function openScene(code: string, more: Partial<AuthoredOptions> = {}) {
  const path = mkdtempSync(join(tmpdir(), "sluice-authored-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  const home = toHome(path);
  const folder = ".new-0123456789abcdef";
  const files = join(path, "code", folder, "files");
  mkdirSync(files, { recursive: true });
  const entry = join(files, "a.mjs");
  writeFileSync(entry, code);
  const { outline } = await describeCode(entry, files, [files], process.env);
  const manifest = { entry: "a.mjs", from: "/a.mjs", root: "/", local: [], packages: [], outline };
  writeFileSync(join(path, "code", folder, "manifest.json"), JSON.stringify(manifest));
  const digest = await toDigest(join(path, "code", folder));
  keepCode(home, "mine", await openNewCode(home, folder, digest));
  const states: ConnectionState[] = [];
  const taken: unknown[] = [];
  const abort = new AbortController();
  const channel = new AuthoredChannel({
    name: "mine",
    readCode: () => openKeptCode(home, "mine", digest),
    secrets: { TOKEN: SECRET },
    env: { ...process.env, OTHER_TOKEN: "canary" },
    take: async (arrivals) => {
      taken.push(...arrivals);
      return arrivals.map(() => ({ kind: "stored", id: "evt_1" }));
    },
    readCursor: () => undefined,
    noteProcess: () => undefined,
    backoff: () => 10,
    ...more,
  });
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const open = () =>
    channel.open({
      name: "mine",
      secret: undefined as never,
      settings: {},
      cursor: undefined,
      take: async () => undefined,
      report: (state) => void states.push(state),
      clock: systemClock,
      log,
      signal: abort.signal,
    });
  onTestFinished(async () => {
    abort.abort();
    await channel.close();
  });
  return { channel, open, states, taken };
}

const request = {
  channel: "mine",
  path: "",
  method: "POST",
  headers: { "content-type": "text/plain" },
  body: Buffer.from("hello"),
  verified: "bearer",
  receivedAt: 1,
};
const define = (more: string): string =>
  `import { defineChannel } from "sluice";\nexport default defineChannel({ kind: "mine", ${more} });`;

test("SUPERVISE-1: one that ends again and again is started again, and after six ends waits for its owner with the reason", async () => {
  const { open, states, channel } = await openScene(
    define(`webhook: { receive: () => "x" }, service: { connect: () => process.exit(7) }`),
  );
  await open();
  await expect.poll(() => states.at(-1)?.kind).toBe("paused");
  expect(states.filter(({ kind }) => kind === "retrying").length).toBeGreaterThanOrEqual(5);
  expect(states.at(-1)).toMatchObject({ reason: expect.stringContaining("exit code 7") });
  expect(channel.figures.ends).toBe(6);
  await expect(channel.receive("webhook", request, 1_000)).rejects.toMatchObject({
    code: "channel_failed",
    retryable: true,
    retryAfterMs: expect.any(Number),
  });
});

test("SUPERVISE-3: one that says something else of itself each time does not run", async () => {
  const { open } = await openScene(
    define(`title: "title " + process.pid, webhook: { receive: () => "x" }`),
  );
  await expect(open()).rejects.toThrow(/something else of itself than what was confirmed/);
});

test("CHILD-2, SANDBOX-2: secrets stand in no argument and no environment of the process", async () => {
  const { open, channel } = await openScene(
    define(
      `webhook: { receive: (_, live) => live.secret("TOKEN") + process.env.TOKEN + Object.keys(process.env).filter((k) => /OTHER|SLUICE|HOME|PATH$/.test(k)) }, secrets: [{ env: "TOKEN" }]`,
    ),
  );
  await open();
  const { pid } = channel.figures;
  for (const file of ["cmdline", "environ"]) {
    const text = readFileSync(`/proc/${pid}/${file}`, "utf8");
    expect(text).not.toContain("canary");
    expect(text).not.toContain("SLUICE_");
  }
  expect(await channel.receive("webhook", request, 1_000)).toMatchObject({
    arrivals: [{ text: `${SECRET}${SECRET}` }],
  });
});

test("CHECK-1: a push that names another channel, proof or group is one of its own channel", async () => {
  const { open, channel, taken } = await openScene(
    define(
      `service: { connect: (live) => { live.push({ text: "hi", sender: { id: "ada" }, chatId: "c" }); return {}; } }`,
    ),
  );
  await open();
  await expect.poll(() => taken.length).toBe(1);
  expect(taken[0]).toMatchObject({
    channel: "mine",
    verified: "own",
    sender: { id: "ada" },
    chat: { place: "dm", account: "mine" },
  });
  expect(channel.figures.lastFault).toBeUndefined();
});

test("a reply leaves by its handler; what it threw is told, and one that its process took along may have left", async () => {
  const { open } = await openScene(
    define(`webhook: { receive: () => "x" }, reply: (message) => {
      if (message.text === "throw") throw new Error("upstream 503");
      if (message.text === "exit") process.exit(1);
      return "msg-" + message.text;
    }`),
  );
  const connection = await open();
  const send = (text: string) => connection.send({ chatId: "c", text });
  expect(await send("1")).toEqual({ messageIds: ["msg-1"] });
  await expect(send("throw")).rejects.toThrow(/reply failed: upstream 503/);
  const fault: unknown = await send("exit").catch((thrown: unknown) => thrown);
  expect(fault).toMatchObject({ code: "send_failed", cause: expect.any(MaybeSent) });
});
