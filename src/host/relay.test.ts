import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeFolder } from "../store/sample.fixture.ts";
import type { Approve } from "./dialog.ts";
import { makeMemoryServer } from "./memory-server.fixture.ts";
import { TINY_SERVER } from "./session-rig.fixture.ts";
import { openSession } from "./session.ts";

const ALLOW = { request_id: "ID", behavior: "allow" };
const DENY = { request_id: "ID", behavior: "deny" };
const ANNOUNCED = { "claude/channel": {}, "claude/channel/permission": {} };
const NOBODY: Approve = () => new Promise(() => {});

type Scene = {
  experimental?: object;
  verdicts?: object[];
  approve?: Approve;
  command?: string;
};

/** One Bash call in a session with a server that answers relayed requests as it is told. */
async function ask({ experimental = ANNOUNCED, verdicts = [], approve, command = "ls" }: Scene) {
  const journal = join(makeFolder(), "journal");
  let isError: boolean | undefined;
  await using session = await openSession({
    command: process.execPath,
    args: [TINY_SERVER],
    env: {
      PATH: process.env["PATH"] ?? "",
      FIXTURE_JOURNAL: journal,
      FIXTURE_EXPERIMENTAL: JSON.stringify(experimental),
      FIXTURE_VERDICTS: JSON.stringify(verdicts),
    },
    approve: approve ?? (() => true),
    model: async (turn) => {
      ({ isError } = await turn.useTool("Bash", { command, description: "list" }));
    },
  });
  session.type("go");
  await session.idle();
  const lines = readFileSync(journal, "utf8").trim().split("\n");
  const relayed = lines.flatMap((line) => {
    const one = (JSON.parse(line) as { relayed?: Record<string, string> }).relayed;
    return one === undefined ? [] : [one];
  });
  const dialog = session.notes.find((note) => note.kind === "dialog");
  const counted = session.notes.flatMap((note) => (note.kind === "verdict" ? [note.counted] : []));
  return { isError, relayed, by: dialog?.by, counted };
}

// req:relay.fields req:relay.id
test("a request has five letters without l, and the call as the client shows it", async () => {
  const { relayed, by } = await ask({ verdicts: [ALLOW], approve: NOBODY });
  expect(relayed).toEqual([
    {
      request_id: expect.stringMatching(/^[a-km-z]{5}$/),
      tool_name: "Bash",
      description: "list",
      input_preview: '{"command":"ls","description":"list"}',
    },
  ]);
  expect(by).toBe("relay");
});

// req:relay.case req:relay.unknown req:relay.behavior
test("an id counts in any case; one that is not open does not; the first verdict wins", async () => {
  const wrong = { request_id: "zzzzzz", behavior: "allow" };
  const upper = { request_id: "UP", behavior: "deny" };
  const odd = { request_id: "ID", behavior: "perhaps" };
  const { isError, counted } = await ask({
    verdicts: [wrong, odd, upper, ALLOW],
    approve: NOBODY,
  });
  expect(isError).toBe(true);
  // The last one may come when the session has ended.
  expect(counted.slice(0, 3)).toEqual([false, false, true]);
  expect(counted.slice(3).every((one) => !one)).toBe(true);
});

// req:relay.declared req:relay.registered
test("a server that has not announced it, or is no channel, is not asked", async () => {
  const relay = "claude/channel/permission";
  for (const experimental of [{ "claude/channel": {} }, { [relay]: {} }]) {
    const { relayed, by } = await ask({ experimental, verdicts: [DENY] });
    expect({ experimental, relayed, by }).toEqual({ experimental, relayed: [], by: "local" });
  }
});

// DIALOG-1
test("a local answer comes first, and a verdict after it changes nothing", async () => {
  const { isError, by } = await ask({ verdicts: [], approve: () => true });
  expect({ isError, by }).toEqual({ isError: false, by: "local" });
});

// req:relay.limit
test("a field has 3,500 code points at most, and half of none", async () => {
  const { relayed } = await ask({
    verdicts: [ALLOW],
    approve: NOBODY,
    command: "𝔵".repeat(4_000),
  });
  const preview = relayed[0]?.["input_preview"] ?? "";
  expect([...preview]).toHaveLength(3_500);
  expect(preview.isWellFormed()).toBe(true);
});

// req:relay.once
test("a verdict is for its call alone: the next one is asked about under another id", async () => {
  const made = makeMemoryServer(ANNOUNCED);
  await using session = await openSession({
    connect: made.connect,
    approve: NOBODY,
    model: async (turn) => {
      await turn.useTool("Bash", { command: "ls" });
      await turn.useTool("Bash", { command: "ls" });
    },
  });
  session.type("go");
  await expect.poll(() => made.relayed.length).toBe(1);
  await made.answer(made.relayed[0] ?? "", "allow");
  await expect.poll(() => made.relayed.length).toBe(2);
  expect(made.relayed[1]).not.toBe(made.relayed[0]);
  // The first id is spent.
  await made.answer(made.relayed[0] ?? "", "allow");
  await session.until(() => session.notes.filter(({ kind }) => kind === "verdict").length === 2);
  expect(session.busy).toBe(true);
  await made.answer(made.relayed[1] ?? "", "deny");
  await session.idle();
  expect(session.notes.flatMap((note) => (note.kind === "dialog" ? [note.answer] : []))).toEqual([
    "allow",
    "deny",
  ]);
});
