/** Set-up from the command line: who may change it, and what each command says where nothing is named. */
import { afterAll, expect, test } from "vitest";
import { CliStage } from "./run-cli.fixture.ts";

const stage = new CliStage();
afterAll(() => stage[Symbol.asyncDispose]());
const SESSION = { env: { CLAUDECODE: "1", CLAUDE_CODE_ENTRYPOINT: "cli" } };

async function lines(...args: string[]): Promise<string[]> {
  const { code, stdout, stderr } = await stage.run(args);
  expect([args, code, stderr]).toEqual([args, 0, ""]);
  return stdout.trimEnd().split("\n");
}

// CALLER-2
test("no session changes the set-up from its shell", async () => {
  await lines("add", "webhook", "--name", "ops", "--two-way", "--json");
  await lines("notices", "ops");
  const before = await lines("status", "--json");
  const attempts = [
    ["add", "webhook", "--name", "mine"],
    ["pause", "ops"],
    ["resume", "ops"],
    ["remove", "ops"],
    ["notices", "off"],
    ["quiet", "00:00-23:59"],
    ["up", "--host", "0.0.0.0"],
    ["outbox", "retry", "1"],
  ];
  const ends = await Promise.all(attempts.map((args) => stage.run(args, SESSION)));
  for (const [index, { code, stderr }] of ends.entries()) {
    expect([attempts[index], code]).toEqual([attempts[index], 1]);
    expect(stderr).toMatch(/by no session, and this came from a session's shell \(pid \d+\)/);
  }
  const [after, was] = [await lines("status", "--json"), before].map(
    ([json = "{}"]) => JSON.parse(json) as { hub: object; channels: object; quiet?: object },
  );
  expect([after?.channels, after?.quiet]).toEqual([was?.channels, undefined]);
  expect(await lines("notices", "--json")).toEqual(['{"notices":{"channel":"ops"}}']);
});

test("notices and web alone show how things are, and what can be done", async () => {
  expect(await lines("notices")).toEqual([
    "notices go to ops",
    "change it: sluice notices <channel> [--chat <id>], sluice notices off",
  ]);
  await lines("notices", "off");
  expect((await lines("notices"))[0]).toBe("notices are only logged and shown by sluice status");
  expect(await lines("web")).toEqual([
    'page: off; "sluice open" opens it',
    "the page can be opened on this machine only",
    expect.stringContaining("sluice web passphrase"),
    "no browser is signed in",
  ]);
  const [json = "{}"] = await lines("web", "--json");
  expect(JSON.parse(json)).toMatchObject({ remote: { hasPassphrase: false }, sessions: [] });
});

test("a channel that is not there is told of, by inbox and by tail", async () => {
  const told = 'there is no channel "nope" yet; "sluice channels" lists them';
  const { code, stdout, stderr } = await stage.run(["inbox", "--channel", "nope"]);
  expect([code, stdout]).toEqual([0, "no events\n"]);
  expect(stderr).toContain(told);
  expect((await stage.run(["inbox", "--channel", "ops"])).stderr).toBe("");
  const tail = stage.start(["tail", "--channel", "nope", "--json"]);
  const [text] = await new Promise<[string]>((resolve) =>
    tail.stderr.once("data", (chunk: Buffer) => resolve([chunk.toString()])),
  );
  tail.kill("SIGKILL");
  expect(text).toContain(told);
});

test("status says who is away, and in words what was refused", async () => {
  await lines("away", "auto");
  const [json = "{}"] = await lines("status", "--json");
  const { hub } = JSON.parse(json) as { hub: { ingress: { port: number } } };
  const url = `http://127.0.0.1:${hub.ingress.port}/in/nope`;
  expect((await fetch(url, { method: "POST", body: "x" })).status).toBe(401);
  const wrong = { method: "POST", body: "x", headers: { authorization: "Bearer no" } };
  expect((await fetch(url.replace("nope", "ops"), wrong)).status).toBe(401);
  const quietly = await lines("status");
  expect(quietly.filter((line) => line.startsWith("away"))).toEqual([]);
  expect(quietly).toContainEqual(
    expect.stringMatching(/^refused {2}.*1 for a channel that is not there/),
  );
  expect(quietly).toContainEqual(
    expect.stringMatching(/^refused {2}.*1 with a wrong token \(ops\)/),
  );
  await lines("away", "on");
  expect(await lines("status")).toContainEqual(
    expect.stringMatching(/^away {5}on, set by .* (now|ago); chats and phones are asked at once$/),
  );
  await lines("away", "off");
  expect(await lines("status")).toContainEqual(
    expect.stringMatching(/^away {5}off, .*; the terminal and page are always asked first$/),
  );
});

test("what add prints is called what the platform calls it, and a port is taken by its owner's hand", async () => {
  const github = await lines("add", "github");
  expect(github.some((line) => /^ {2}secret {8}\S{40,} {2}\(shown only now\)$/.test(line))).toBe(
    true,
  );
  const webhook = await lines("add", "webhook", "--name", "named");
  expect(webhook.some((line) => /^ {2}token {9}\S{40,} {2}/.test(line))).toBe(true);
  const refused = await stage.run(["up", "--port", "70000"]);
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining("1 to 65535")]);
});
