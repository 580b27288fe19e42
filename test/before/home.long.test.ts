/**
 * A home of the version before, made by that version's own command line, shim and page, and what our hub makes of it.
 */
import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import type { ReferenceSession } from "../../src/host/session.ts";
import type { ModelTurn } from "../../src/host/turns.ts";
import type { AddedChannel } from "../../src/api/wire/wire.ts";
import { HAS_TERMINALS } from "../../src/cli/type-cli.fixture.ts";
import { openPage, type Place, typeCommand, untilAsked } from "../e2e/people.ts";
import { CLI, openRig, type Rig, until } from "../e2e/rig.ts";
import { type Endpoint, listen, postMessage, toEndpoint } from "../e2e/senders.ts";
import { openLane } from "../e2e/sessions.ts";
import { unpack } from "./packed.ts";
import { type Before, openRigBefore, openSessionBefore } from "./sessions.ts";

const inTerminals = test.skipIf(!HAS_TERMINALS);
const LONG = { timeout: 180_000 };

/** As the rig takes one for webhooks: below those of outgoing connections, and another one. */
const toPort = (): number => 30_000 + Math.floor(Math.random() * 2_000);

/** What a user set up or can look at, as scripts read it. The names of `--json` output stay as they are. */
const LISTS = [
  ["channels"],
  ["notices"],
  ["quiet"],
  ["away"],
  ["access", "list"],
  ["access", "log"],
  ["rule", "list"],
  ["route", "list"],
  ["watch"],
  ["prompts"],
  ["inbox"],
  ["outbox"],
  ["web"],
];

async function readLists(rig: Rig, cli: string): Promise<Record<string, unknown[]>> {
  const lists: Record<string, unknown[]> = {};
  for (const words of LISTS) {
    const { code, stdout, stderr } = await rig.runBy(cli, ...words, "--json");
    expect(code, `${words.join(" ")}: ${stderr}`).toBe(0);
    lists[words.join(" ")] = toObjects(stdout);
  }
  return lists;
}

function toObjects(lines: string): Record<string, unknown>[] {
  const full = lines.split("\n").filter((line) => line !== "");
  return full.map((line) => JSON.parse(line) as Record<string, unknown>);
}

type Row = Record<string, unknown>;
type Tables = Map<string, Row[]>;

function openDatabase(home: string): DatabaseSync {
  return new DatabaseSync(join(home, "sluice.db"));
}

/** Every row of every table, by table. */
function readTables(home: string): Tables {
  using db = openDatabase(home);
  const names = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
  return new Map(
    names.map(({ name }) => [String(name), db.prepare(`SELECT * FROM "${String(name)}"`).all()]),
  );
}

function listFiles(home: string, folder: string): string[] {
  return readdirSync(join(home, folder)).map((name) => join(folder, name));
}

/** A person sets this home up, and a session works in it, until the hub is killed in the middle of everything. */
async function live({ rig, before }: Before): Promise<{
  session: ReferenceSession;
  deploys: Endpoint;
  rename: (title: string) => Promise<unknown>;
}> {
  const at: Place = {
    api: rig.api,
    folder: rig.folder,
    env: { ...rig.env, SLUICE_CLI: before.cli },
  };
  const run = async (...words: string[]): Promise<string> => {
    const { code, stdout, stderr } = await rig.runBy(before.cli, ...words);
    if (code !== 0) throw new Error(`sluice ${words.join(" ")}: ${stderr}`);
    return stdout;
  };
  const twoWay = ["--two-way", "--listener", "ops", "--ttl", "2d"];
  const [added = {}] = toObjects(
    await run("add", "webhook", "--name", "deploys", ...twoWay, "--json"),
  );
  await run(
    "add",
    "webhook",
    "--name",
    "ci",
    "--verify",
    "standard",
    "--rate",
    "7",
    "--quota",
    "99",
  );
  await run("add", "github");
  await run("pause", "github");
  await run("quiet", "03:00-03:01");
  await run("notices", "deploys");
  await run("route", "add", "--channel", "ci", "--to", "night shift");
  await run("rule", "add", "deny", "*", "--path", "~/.ssh/**");
  await typeCommand(at, "rule", "add", "allow", "Bash", "--command", "npm run *");
  await typeCommand(at, "away", "on");
  await typeCommand(at, "access", "allow", "deploys", "ann", "--name", "Ann");
  await typeCommand(
    at,
    "access",
    "allow",
    "deploys",
    "ops",
    "--role",
    "approver",
    "--role",
    "owner",
  );
  // Asked for by a program: it waits for a person, and says so by its exit.
  await rig.runBy(before.cli, "access", "allow", "deploys", "eve");
  await run(
    "emit",
    "ci",
    "nobody of the night shift is here",
    "--entity",
    "octo/app#1",
    "--meta",
    "branch=main",
  );
  const page = await openPage(at);
  const { id: chat } = (await page("chats")) as { id: string };
  const rename = (title: string): Promise<unknown> => page(`chats/${chat}/title`, { title });
  await rename("Deploys");
  await page(`chats/${chat}/messages`, { text: "from the page", key: "before-1" });
  const outputs: string[] = [];
  const session = await openSessionBefore({ rig, before }, "channel", {
    // Nobody sits there for the client's own tools.
    approve: (tool) => tool.startsWith("mcp__") || new Promise(() => {}),
    model: async (turn: ModelTurn) => {
      const event = /event_id="(evt_[0-9a-z]{26})"/.exec(turn.text)?.[1] ?? "";
      if (turn.text.includes("is it up?")) {
        await turn.callTool("watch", { channel: "github", entity: "octo/app#2" });
        outputs.push((await turn.callTool("reply", { event_id: event, text: "it is up" })).text);
      }
      if (turn.text.includes("roll back")) await turn.useTool("Bash", { command: "make rollback" });
    },
  });
  await run("sessions", "label", session.sessionId, "day shift");
  await run("emit", "deploys", "is it up?", "--id", "one");
  await until("it is answered", () => outputs.length === 1);
  await session.idle();
  await run("emit", "deploys", "roll back", "--id", "two", "--priority", "urgent");
  await untilAsked(rig);
  await run("emit", "deploys", "and again", "--id", "three");
  const deploys = toEndpoint(added as AddedChannel, { kind: "webhook" });
  return { session, deploys, rename };
}

/** Every row that was there, by table, and is not any more. A column that was added since says nothing of the row before. */
function listLost(was: Tables, is: Tables): string[] {
  return [...was].flatMap(([table, rows]) => {
    const columns = Object.keys(rows[0] ?? {});
    const toText = (row: Row): string => JSON.stringify(columns.map((column) => row[column]));
    const kept = new Set((is.get(table) ?? []).map(toText));
    return rows.filter((row) => !kept.has(toText(row))).map((row) => `${table}: ${toText(row)}`);
  });
}

inTerminals(
  "a home whose hub was killed at work opens: lists, rows, settings and sign-ins are as they were, and what waited goes on",
  LONG,
  async () => {
    await using stage = await openRigBefore({ SLUICE_WEB_PORT: String(toPort()) });
    const { rig, before } = stage;
    const { session, deploys, rename } = await live(stage);
    const said = await readLists(rig, before.cli);
    await rig.killHub();
    await session.close();
    const copy = join(rig.folder, "copy");
    cpSync(rig.home, copy, { recursive: true, filter: (path) => !path.endsWith(".sock") });
    await rig.startHub();
    // A newer version may say more, and time goes on: what waits to be sent may have grown.
    const kept = await readLists(rig, CLI);
    for (const [name, rows] of Object.entries(said))
      expect(kept[name]?.slice(0, rows.length), name).toMatchObject(rows);
    expect(listLost(readTables(copy), readTables(rig.home))).toEqual([]);
    for (const file of ["config.json", ...listFiles(copy, "secrets")])
      expect(readFileSync(join(rig.home, file)), file).toEqual(readFileSync(join(copy, file)));
    expect(await rename("Deploys, again")).toMatchObject({ title: "Deploys, again" });

    const heard = listen(deploys);
    rig.add(heard.close);
    await until("the answer leaves", () => heard.replies.some(({ text }) => text === "it is up"));
    const next = await openLane(rig, "channel");
    await until("the rest is read", () =>
      next.reads.some(({ text }) => text.includes("and again")),
    );
    const [[, rollBack = ""] = []] = next.reads.flatMap(({ text }) => [
      ...text.matchAll(/(<channel [^>]*>)[^<]*roll back/g),
    ]);
    expect(rollBack).toContain('replayed="true"');
    const { status, id } = await postMessage(deploys, "and now?");
    expect(status).toBe(202);
    await until("it is read", () => next.reads.some(({ text }) => text.includes(id)));
  },
);

const NO_EFFECT = {
  2: "its command is not read: it redirects",
  3: 'its path holds ".."',
  4: "a rule with a path allows no shell command",
  5: "arguments of other servers' tools are not read",
  6: "Read runs no command",
  7: "people answer questions and plans themselves",
  8: "PowerShell is not read, so each call needs its code",
};

test(
  "rules of a version in which they allowed more: all are there, and each that allows nothing now is told by sluice rule and doctor",
  LONG,
  async () => {
    await using rig = openRig();
    unpack(join(import.meta.dirname, "rules-home.br"), rig.home);
    using old = openDatabase(rig.home);
    expect(old.prepare("PRAGMA user_version").get()).toEqual({ user_version: 18 });
    const rules = old.prepare("SELECT id, action, tool, path, command FROM prompt_rules").all();
    expect(rules).toHaveLength(10);
    old.close();
    await rig.startHub();
    const listed = await rig.run("rule", "list", "--json");
    const views = toObjects(listed.stdout);
    expect(views).toMatchObject(
      rules.map(({ path, command, ...rule }) => ({
        ...rule,
        ...(path === null ? {} : { path }),
        ...(command === null ? {} : { command }),
      })),
    );
    const told = views.flatMap(({ id, noEffect }) =>
      noEffect === undefined ? [] : [[id, noEffect]],
    );
    expect(Object.fromEntries(told)).toEqual(
      Object.fromEntries(
        Object.entries(NO_EFFECT).map(([id, why]) => [id, expect.stringContaining(why)]),
      ),
    );
    const { stderr } = await rig.run("rule", "list");
    for (const [id, why] of Object.entries(NO_EFFECT))
      expect(stderr).toContain(`rule ${id} allows nothing: ${why}`);
    const doctor = await rig.run("doctor");
    expect(doctor.stdout).toMatch(/rules +rule 2 allows nothing: its command is not read/);
    expect((await rig.run("inbox")).stdout).toContain("disk of db-1 is 95 % full");
  },
);

test("a database of a newer Sluice is refused in one line, and stays as it is", LONG, async () => {
  await using rig = openRig();
  unpack(join(import.meta.dirname, "rules-home.br"), rig.home);
  const db = openDatabase(rig.home);
  db.exec("PRAGMA user_version = 900");
  db.close();
  const file = join(rig.home, "sluice.db");
  const bytes = readFileSync(file);
  const { code, stderr } = await rig.run("up");
  expect(code).not.toBe(0);
  expect(stderr.trim().split("\n")).toEqual([
    expect.stringMatching(
      /was written by a newer Sluice \(schema 900, this one knows \d+\); update Sluice/,
    ),
  ]);
  expect(readFileSync(file).equals(bytes)).toBe(true);
});

test.each([
  [
    { waitingMinutes: 5 },
    /config\.json: "waitingMinutes" is no setting that Sluice [\d.]+ knows; take it out, or update Sluice/,
  ],
  [{ version: 2 }, /config\.json: version 2 is of a newer Sluice; update Sluice/],
])(
  "a config.json with %j is refused in one line that says what to do",
  LONG,
  async (extra, told) => {
    await using rig = openRig();
    unpack(join(import.meta.dirname, "rules-home.br"), rig.home);
    const path = join(rig.home, "config.json");
    const config = JSON.parse(readFileSync(path, "utf8")) as object;
    writeFileSync(path, JSON.stringify({ ...config, ...extra }), { mode: 0o600 });
    const { code, stderr } = await rig.run("up");
    expect(code).not.toBe(0);
    expect(stderr.trim().split("\n")).toEqual([expect.stringMatching(told)]);
  },
);
