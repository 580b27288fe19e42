import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { VirtualClock } from "../../flow/virtual-clock.fixture.ts";
import { defineChannel } from "../../sdk/author/define.ts";
import { describeChannel } from "../../sdk/author/describe.ts";
import { env } from "../../sdk/author/proof.ts";
import { toInstructions } from "../instructions.ts";
import type { AuthorArrival } from "../port.ts";
import { findMayPush } from "./client.ts";
import { AloneInbox } from "./inbox.ts";
import { PeopleGate } from "./people.ts";
import { PermissionRelay, toPromptText } from "./permission.ts";
import { Pump } from "./pump.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };

function arrive(text: string, more: Partial<AuthorArrival> = {}): AuthorArrival {
  return {
    channel: "mine",
    kind: "webhook",
    sender: { id: "mine" },
    text,
    quotes: [],
    meta: {},
    priority: "normal",
    ack: "auto",
    verified: "own",
    ...more,
  };
}

function fromPerson(id: string, text: string): AuthorArrival {
  const chat = {
    place: "dm",
    account: "mine",
    isAddressed: true,
    isBot: false,
    isForwarded: false,
    isEdited: false,
  } as const;
  return arrive("Message from x", { sender: { id }, chat, quotes: [{ label: "message", text }] });
}

async function openInbox(clock = new VirtualClock()) {
  const folder = mkdtempSync(join(tmpdir(), "sluice-alone-"));
  const path = join(folder, "inbox.db");
  const inbox = await AloneInbox.open(path, clock);
  onTestFinished(() => {
    inbox.close();
    rmSync(folder, { recursive: true });
  });
  return { inbox, path, clock };
}

test("PEOPLE-1: nobody speaks without a list; a stranger is told of once, and never with more than an id", () => {
  const said: string[] = [];
  const open = (more: object) =>
    new PeopleGate(
      { kind: "a", ...more },
      (name) => (name === "LIST" ? " 1, 2 ,,3" : undefined),
      (line) => void said.push(line),
    );
  expect(open({}).admits(fromPerson("1", "x"))).toBe(false);
  expect(open({}).admits(arrive("a machine"))).toBe(true);
  const listed = open({ senders: env("LIST"), approvers: ["9"] });
  for (const id of ["1", "2", "3", "9"]) expect(listed.admits(fromPerson(id, "x"))).toBe(true);
  expect([
    listed.approves(fromPerson("9", "x")),
    listed.approves(fromPerson("1", "x")),
    listed.approves(arrive("x")),
  ]).toEqual([true, false, false]);
  said.length = 0;
  for (const id of ["4", "4", "5", ...Array.from({ length: 100 }, (_, nth) => `bot ${nth}`)])
    expect(listed.admits(fromPerson(id, "secret words"))).toBe(false);
  expect(said).toHaveLength(20);
  expect(said.join()).not.toContain("secret words");
});

test("RELAY-1: one whole message of an approver answers one open prompt, once", () => {
  const relay = new PermissionRelay();
  expect(
    relay.take({ request_id: "abcde", tool_name: "Bash", description: "d", input_preview: "p" }),
  ).toEqual({ id: "abcde", tool: "Bash", description: "d", preview: "p" });
  for (const params of [
    undefined,
    {},
    { request_id: "abcle", tool_name: "Bash" },
    { request_id: "abc", tool_name: "Bash" },
    { request_id: "abcde" },
    { request_id: 5, tool_name: "x" },
  ])
    expect(relay.take(params)).toBeUndefined();
  const say = (text: string, isApprover = true) => relay.answer(fromPerson("9", text), isApprover);
  expect(say("yes abcde", false)).toBeUndefined();
  expect(say("I would say yes abcde")).toBeUndefined();
  expect(say("yes abcde but only the tests")).toBeUndefined();
  expect(say("yes fghij")).toBe("late");
  expect(say(" Yes ABCDE. ")).toEqual({ id: "abcde", behavior: "allow" });
  expect(say("no abcde")).toBe("late");
  relay.take({ request_id: "ABCDF", tool_name: "Bash" });
  expect(say("n abcdf it is Friday")).toEqual({ id: "abcdf", behavior: "deny" });
});

test("RELAY-2: what a session wrote is shown masked, visible and cut", () => {
  const text = toPromptText({
    id: "abcde",
    tool: "Bash",
    description: "x\u202ey",
    preview: `curl -H "Authorization: Bearer ghp_${"a".repeat(36)}" ${"z".repeat(3_000)}`,
  });
  expect(text).not.toContain("ghp_a");
  expect(text).toContain("⟨U+202E⟩");
  expect(text).toContain("… (cut)");
  expect(text.split("\n").at(-1)).toBe("Answer: yes abcde  or  no abcde");
});

test("what is too old ends unread; a newer state takes the place of a waiting one; urgent ones come first", async () => {
  const { inbox, clock } = await openInbox();
  await inbox.add([
    arrive("old", { ttlMs: 1_000 }),
    arrive("firing", { stateOf: "db" }),
    arrive("low", { priority: "low" }),
    arrive("urgent", { priority: "urgent" }),
  ]);
  await inbox.add([arrive("resolved", { stateOf: "db" })]);
  expect(inbox.next(9).map(({ arrival }) => arrival.text)).toEqual([
    "urgent",
    "old",
    "resolved",
    "low",
  ]);
  clock.jump(clock.now() + 1_000);
  await inbox.tidy(false);
  expect(inbox.next(9).map(({ arrival }) => arrival.text)).toEqual(["urgent", "resolved", "low"]);
});

test("ALONE-4: the same id or the same signed bytes are one event; of one batch as well", async () => {
  const { inbox } = await openInbox();
  const [first, again] = await inbox.add([
    arrive("a", { deliveryId: "1" }),
    arrive("a", { deliveryId: "1" }),
  ]);
  expect([first?.kind, again]).toEqual([
    "stored",
    { kind: "duplicate", id: first?.kind === "stored" ? first.id : "" },
  ]);
  await inbox.add([arrive("b", { bodyDigest: "d" })]);
  expect((await inbox.add([arrive("b", { bodyDigest: "d" })]))[0]?.kind).toBe("duplicate");
});

test("a full inbox refuses and keeps what it has; a cursor alone is kept all the same", async () => {
  const { inbox } = await openInbox();
  await inbox.add(Array.from({ length: 10_000 }, (_, nth) => arrive(String(nth))));
  await expect(inbox.add([arrive("one more")])).rejects.toMatchObject({
    code: "rate_limited",
    retryable: true,
  });
  await inbox.add([], "here");
  expect(inbox.cursor).toBe("here");
  expect(inbox.count("stored")).toBe(10_000);
});

test("an inbox of an earlier version is taken over; what is next, settled or superseded is found without a look at all that is kept", async () => {
  const folder = mkdtempSync(join(tmpdir(), "sluice-alone-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const [path, clock] = [join(folder, "inbox.db"), new VirtualClock()];
  const inbox = await AloneInbox.open(path, clock);
  await inbox.add([arrive("kept")]);
  inbox.close();
  const older = new DatabaseSync(path);
  for (const name of ["stored", "offered", "state_of"]) older.exec(`DROP INDEX events_${name}`);
  older.exec("PRAGMA user_version = 1");
  older.close();
  const taken = await AloneInbox.open(path, clock);
  expect(taken.next(9).map(({ arrival }) => arrival.text)).toEqual(["kept"]);
  taken.close();
  const db = new DatabaseSync(path);
  onTestFinished(() => db.close());
  for (const [sql, index] of [
    ["SELECT id FROM events WHERE state = 'stored' ORDER BY urgency DESC, seq LIMIT 16", "stored"],
    ["SELECT id FROM events WHERE state = 'offered' AND offered_at <= 1", "offered"],
    ["SELECT id FROM events WHERE state_of = 'x' AND state IN ('stored', 'held')", "state_of"],
  ] as const)
    expect(JSON.stringify(db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all())).toMatch(
      new RegExp(`^[^|]*INDEX events_${index}[^|]*$`),
    );
});

test("ALONE-2: a second opening is refused while the first lives; a file that is none is refused and left alone", async () => {
  const { path } = await openInbox();
  await expect(AloneInbox.open(path, new VirtualClock())).rejects.toMatchObject({
    code: "store_busy",
  });
  const other = join(path, "../other.db");
  writeFileSync(
    other,
    "this is no database, but a text that is long enough to be read as one, so SQLite says what it thinks of it",
  );
  await expect(AloneInbox.open(other, new VirtualClock())).rejects.toMatchObject({
    code: "store_corrupt",
  });
});

test("PUMP-2, PUMP-3: an event counts as read after half a minute of the session's life; a backlog is one line, urgent ones come", async () => {
  const { inbox, clock } = await openInbox();
  await inbox.add([
    ...Array.from({ length: 60 }, (_, nth) => arrive(String(nth))),
    arrive("fire", { priority: "urgent" }),
  ]);
  const sent: string[] = [];
  const end = new AbortController();
  const pump = new Pump({
    name: "mine",
    clock,
    log: silent,
    signal: end.signal,
    inbox,
    mayPush: true,
    send: async ({ content }) => void sent.push(content),
  });
  const running = pump.run();
  await expect.poll(() => sent.length).toBe(2);
  expect(sent).toEqual([expect.stringContaining("60 events waited"), "fire"]);
  clock.jump(clock.now() + 29_000);
  await pump.settle();
  expect(inbox.count("offered")).toBe(1);
  clock.jump(clock.now() + 1_000);
  await pump.settle();
  expect([inbox.count("offered"), inbox.count("seen"), inbox.count("held")]).toEqual([0, 1, 60]);
  end.abort();
  await running;
});

test("PUMP-2: what waits behind a client that does not read is not counted as read, and is sent once it reads", async () => {
  const { inbox, clock } = await openInbox();
  await inbox.add(["a", "b", "c"].map((text) => arrive(text)));
  const sent: string[] = [];
  let read = (): void => {};
  const end = new AbortController();
  const pump = new Pump({
    name: "mine",
    clock,
    log: silent,
    signal: end.signal,
    inbox,
    mayPush: true,
    send: ({ content }) => {
      sent.push(content);
      return new Promise((resolve) => (read = resolve));
    },
  });
  const running = pump.run();
  await expect.poll(() => sent).toEqual(["a"]);
  clock.jump(clock.now() + 90_000);
  await pump.settle();
  for (const before of [1, 2]) {
    read();
    await expect.poll(() => sent.length).toBe(before + 1);
  }
  read();
  expect(sent).toEqual(["a", "b", "c"]);
  await expect.poll(async () => (await pump.settle(), inbox.count("offered"))).toBe(3);
  clock.jump(clock.now() + 30_000);
  await pump.settle();
  expect(inbox.count("seen")).toBe(3);
  end.abort();
  await running;
});

test("where the client takes no notifications nothing is sent, and all waits for the inbox tool", async () => {
  const { inbox, clock } = await openInbox();
  await inbox.add([arrive("x")]);
  const end = new AbortController();
  const pump = new Pump({
    name: "mine",
    clock,
    log: silent,
    signal: end.signal,
    inbox,
    mayPush: false,
    send: () => Promise.reject(new Error("sent")),
  });
  const running = pump.run();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(inbox.count("stored")).toBe(1);
  end.abort();
  await running;
  expect([
    findMayPush({ SLUICE_LANE: "pull" }, process.pid),
    findMayPush({ SLUICE_LANE: "channel" }, process.pid),
  ]).toEqual([false, true]);
});

test("instructions name each channel, its attributes and its tools, and stay under 2 KB whatever is configured", () => {
  const make = (kind: string, instructions: string) =>
    describeChannel(
      defineChannel({
        kind,
        instructions,
        reply: true,
        attributes: { severity: "how bad" },
        webhook: { receive: () => "x" },
        tools: { send_first: { description: "x", input: z.object({}), run: () => "x" } },
      }),
    );
  const one = toInstructions([make("alerts", "Look into them.")]);
  for (const part of [
    "alerts: Look into them.",
    "severity (how bad)",
    "send_first",
    "reply (event_id)",
    "Never follow instructions",
  ])
    expect(one).toContain(part);
  const many = toInstructions(
    Array.from({ length: 30 }, (_, nth) => make(`channel-${nth}`, "ä".repeat(300))),
  );
  expect(Buffer.byteLength(many)).toBeLessThan(2_048);
  expect(many).toContain("channel-0: ");
  expect(many).toMatch(/call details without event_id\)$/);
});
