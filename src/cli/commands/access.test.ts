import { afterAll, beforeAll, expect, test } from "vitest";
import type { AccessView, AuditView } from "../../api/wire/access-wire.ts";
import { FAKE_TOKEN, FakeTelegram } from "../../../test/fakes/telegram/fake-telegram.ts";
import { type AccessWords, toChange } from "../access-change.ts";
import { checkAccess, checkRules } from "../doctor/check-access.ts";
import { CliStage } from "../run-cli.fixture.ts";
import { HAS_TERMINALS, type } from "../type-cli.fixture.ts";

const stage = new CliStage();
const NOTHING: AccessWords = {
  words: [],
  id: undefined,
  account: undefined,
  name: undefined,
  roles: [],
  senders: [],
  patterns: [],
  block: false,
  withoutMention: false,
};
const SESSION = { env: { CLAUDECODE: "1", CLAUDE_CODE_ENTRYPOINT: "cli" } };

let fake: FakeTelegram;

beforeAll(async () => {
  fake = await FakeTelegram.open();
  const settings = ["--name", "alerts", "--secret-stdin", "--set", `api-root=${fake.root}`];
  await stage.run(["add", "telegram", ...settings], { input: FAKE_TOKEN });
  await stage.run(["add", "webhook", "--name", "deploys"]);
});
afterAll(async () => {
  await stage[Symbol.asyncDispose]();
  await fake.close();
});

async function readView(): Promise<AccessView> {
  return JSON.parse((await stage.run(["access", "list", "--json"])).stdout) as AccessView;
}

const inTerminals = test.runIf(HAS_TERMINALS);

test("with a session's mark, or from a script, nothing is changed: the change waits", async () => {
  const asked = await stage.run(["access", "allow", "alerts", "77", "--role", "owner"], SESSION);
  expect(asked).toMatchObject({ code: 1, stderr: "" });
  expect(asked.stdout).toContain("nothing was changed: alerts 77 is owner");
  expect(asked.stdout).toContain("sluice access confirm 1");
  const script = await stage.run(["access", "policy", "alerts", "pairing", "--json"]);
  expect(JSON.parse(script.stdout)).toMatchObject({ kind: "pending", number: 2 });
  const view = await readView();
  expect(view.senders).toEqual([]);
  expect(view.channels).toEqual([
    { name: "alerts", policy: "invite" },
    { name: "deploys", policy: "source" },
  ]);
  expect(view.requests.map(({ origin }) => origin)).toEqual([
    expect.stringMatching(/^a session's shell \(pid \d+\)$/),
    expect.stringMatching(/^a program \(pid \d+\)$/),
  ]);
  expect((await stage.run(["status"])).stdout).toContain("2 changes of access wait for you");
});

test("neither confirms", async () => {
  for (const options of [SESSION, {}]) {
    const { code, stdout, stderr } = await stage.run(["access", "confirm", "1"], options);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain("a person at a terminal");
  }
  expect((await readView()).senders).toEqual([]);
});

inTerminals("a session in a terminal of its own does not confirm either", async () => {
  const { code, screen } = await type(stage, ["access", "confirm", "1"], ["yes"], SESSION.env);
  expect(code).toBe(1);
  expect(screen).toContain("a person at a terminal");
});

inTerminals("the owner confirms in a terminal, after a look at it", async () => {
  const refused = await type(stage, ["access", "confirm", "1"], ["no"]);
  expect(refused.screen).toContain("asked: alerts 77 is owner");
  expect(refused.screen).toContain("nothing was changed");
  const { code, screen } = await type(stage, ["access", "confirm", "1"], ["yes"]);
  expect({ code, screen }).toMatchObject({ code: 0 });
  const view = await readView();
  expect(view.senders).toMatchObject([{ id: "77", roles: ["owner"], addedBy: "terminal" }]);
  expect(view.requests.map(({ number }) => number)).toEqual([2]);
});

inTerminals("in a terminal a change is done at once, and stands in the log", async () => {
  const group = ["access", "group", "add", "alerts", "--id=-100123", "--sender", "77"];
  expect(await type(stage, [...group, "--pattern", "hey"])).toMatchObject({ code: 0 });
  const invited = await type(stage, ["access", "invite", "alerts", "--role", "chatter"]);
  expect(invited.screen).toMatch(/an invite for alerts as chatter: [0-9A-Z]{4}-[0-9A-Z]{4}/);
  const view = await readView();
  expect(view.groups).toMatchObject([{ id: "-100123", requireMention: true, patterns: ["hey"] }]);
  expect(view.invites).toMatchObject([{ channel: "alerts", roles: ["chatter"] }]);
  const log = await stage.run(["access", "log", "--json"]);
  const rows = JSON.parse(log.stdout) as AuditView[];
  expect(rows.map(({ action }) => action)).toEqual(["invite", "group", "allow"]);
});

inTerminals("a rejected change is gone; a session rejects nothing", async () => {
  const refused = await stage.run(["access", "reject", "2"], SESSION);
  expect(refused).toMatchObject({ code: 1, stdout: "" });
  expect(await type(stage, ["access", "reject", "2"])).toMatchObject({ code: 0 });
  expect((await readView()).requests.map(({ number }) => number)).not.toContain(2);
});

test.each([
  [["access", "pair", "ABC", "DEF"], "none is ever picked for you"],
  [["access", "alow", "alerts", "1"], 'did you mean "allow"?'],
])("wrong use %j", async (args, message) => {
  const { code, stdout, stderr } = await stage.run(args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain(message);
});

test.each([
  ["group", ["add", "alerts", "-1"], {}, 'or --sender "*" for everybody'],
  ["group", ["open", "alerts"], {}, "access group add or group remove"],
  ["policy", ["alerts", "open"], {}, '"open" is not a policy'],
  ["policy", ["alerts"], {}, "<policy> is missing"],
  ["allow", ["alerts"], {}, "<id> is missing"],
  ["allow", ["alerts", "1", "2"], {}, 'unexpected argument "2"'],
  ["allow", ["alerts", "1"], { roles: ["source"] }, "not a role of a person"],
  ["role", ["alerts", "1"], {}, "which roles?"],
  ["restore", ["now"], {}, 'unexpected argument "now"'],
])("words that do not fit: %s %j", (action, words, changes, message) => {
  expect(() => toChange(action, { ...NOTHING, words, ...changes })).toThrow(message);
});

test("words that make no change", () => {
  for (const action of ["toString", "constructor", "pair", ""])
    expect(toChange(action, NOTHING)).toBeUndefined();
});

test("a code that nobody was given finds nobody, and names nobody", async () => {
  const { code, stdout, stderr } = await stage.run(["access", "pair", "222-222"]);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toContain("no person waits with this code");
});

test("the page and webhooks are listed as what they are, and nobody can be let in on the page", async () => {
  const opened = await stage.run(["open", "--print"], { env: { SLUICE_WEB_PORT: "0" } });
  expect(opened.code).toBe(0);
  expect((await readView()).channels).toEqual(
    expect.arrayContaining([
      { name: "deploys", policy: "source" },
      { name: "chat", policy: "page" },
    ]),
  );
  const listed = (await stage.run(["access"])).stdout;
  expect(listed).toContain('page: its one user, signed in with "sluice open"');
  expect(listed).toContain("source: no people; the holder of the channel's secret");
  for (const words of [
    ["invite", "chat"],
    ["allow", "chat", "4711", "--role", "owner"],
    ["role", "chat", "owner", "--role", "approver"],
    ["policy", "chat", "pairing"],
    ["group", "add", "chat", "chat-1", "--sender", "*"],
  ]) {
    const { code, stdout, stderr } = await stage.run(["access", ...words]);
    expect([words, code, stdout]).toEqual([words, 2, ""]);
    expect(stderr).toContain('chat has one user, who signs in with "sluice open"');
  }
});

test("on a webhook nobody is let in; behind a bridge's token people can only be given roles", async () => {
  await stage.run(["add", "webhook", "--name", "bridge", "--two-way"]);
  for (const [words, message] of [
    [["invite", "deploys"], "deploys has no people"],
    [["allow", "deploys", "ada"], "deploys has no people"],
    [["policy", "bridge", "pairing"], "can only be given roles"],
    [["invite", "bridge"], "can only be given roles"],
  ] as const) {
    const { code, stdout, stderr } = await stage.run(["access", ...words]);
    expect([words, code, stdout]).toEqual([words, 2, ""]);
    expect(stderr).toContain(message);
  }
  const role = ["access", "allow", "bridge", "ada", "--role", "approver", "--json"];
  expect(JSON.parse((await stage.run(role)).stdout)).toMatchObject({ kind: "pending" });
});

test("the log says what was done, not only to what", async () => {
  await stage.run(["rule", "add", "deny", "Bash"]);
  expect((await stage.run(["access", "log", "--limit", "1"])).stdout).toMatch(
    /rule-add +rule \d+: deny Bash/,
  );
});

test("doctor names damaged rules and a broken audit", async () => {
  const view = await readView();
  expect(checkAccess(view).every(({ ok }) => ok)).toBe(true);
  const damaged = {
    ...view,
    state: "damaged" as const,
    reason: "a row",
    audit: { rows: 3, damage: "row 2" },
  };
  expect(checkAccess(damaged)).toMatchObject([
    { check: "access", ok: false, fix: expect.stringContaining("restore") },
    { check: "audit", ok: false, detail: "row 2" },
  ]);
});

test("doctor: a rule that allows nothing any more is told, with its reason", () => {
  expect(checkRules([{ id: 1 }, { id: 2 }])).toMatchObject({ ok: true, detail: "2 rules" });
  expect(
    checkRules([{ id: 1 }, { id: 7, noEffect: "its command is not read: it redirects" }]),
  ).toMatchObject({
    ok: false,
    detail: "rule 7 allows nothing: its command is not read: it redirects",
  });
});
