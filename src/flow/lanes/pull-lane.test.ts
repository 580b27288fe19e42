import { expect, test } from "vitest";
import { listReplies } from "../../store/outbox/outbox.ts";
import { PREAMBLE } from "../text/note.ts";
import { Rig, type Session } from "../rig.fixture.ts";
import { REPLY_MAX_CHARS } from "../tools/outbound-tools.ts";

async function start(rig = new Rig()): Promise<{ rig: Rig; session: Session }> {
  const session = rig.connect({}, { plugin: false });
  await rig.clock.advance(1_000);
  await session.tool("inbox");
  return { rig, session };
}

const INBOX = "mcp__sluice__inbox";

async function read(
  session: Session,
  toolUseId: string,
  more: { agentId?: string; event?: string } = {},
): Promise<string> {
  const page = await session.tool("inbox", {}, toolUseId);
  await session.hook(more.event ?? "PostToolUse", {
    tool: INBOX,
    toolUseId,
    agentId: more.agentId ?? "",
  });
  return page;
}

test("a bare server entry reads its inbox; the end of that call is the receipt", async () => {
  const { rig, session } = await start();
  const id = await rig.post({ quotes: [{ label: "body", text: "line" }] });
  const page = await session.tool("inbox", {}, "toolu_1");
  expect(page.startsWith(PREAMBLE)).toBe(true);
  expect([page.includes(id), page.includes("| body: line"), rig.state(id)]).toEqual([
    true,
    true,
    "offered",
  ]);
  await session.hook("PostToolUse", { tool: INBOX, toolUseId: "toolu_0" });
  expect(rig.state(id)).toBe("offered");
  await session.hook("PostToolUse", { tool: INBOX, toolUseId: "toolu_1" });
  expect(rig.state(id)).toBe("done");
  expect(await session.tool("inbox")).toBe("Nothing waits.");
});

test("what a page gave is named by the next as ids only, until it is done", async () => {
  const { rig, session } = await start();
  const id = await rig.post({ ack: "explicit", text: "STRANGER" });
  await read(session, "toolu_1");
  const second = await session.tool("inbox");
  expect(second).toBe(`Nothing waits.\nGiven to you before, not yet done: ${id}`);
  await session.tool("ack", { event_ids: [id] });
  expect([await session.tool("inbox"), rig.state(id)]).toEqual(["Nothing waits.", "done"]);
});

test.each([
  ["a subagent's call", { agentId: "agent-1" }],
  ["a failed call", { event: "PostToolUseFailure" }],
])("PULL-1: what %s read goes back and is read again, marked", async (_, more) => {
  const { rig, session } = await start();
  const id = await rig.post();
  await read(session, "toolu_1", more);
  expect(rig.state(id)).toBe("stored");
  const again = await session.tool("inbox");
  expect(again).toContain(id);
  expect(again).toContain('replayed="true"');
});

test("nineteen events come in pages of eight, each event once", async () => {
  const { rig, session } = await start();
  for (let i = 0; i < 19; i++) await rig.post();
  const pages = [await read(session, "t1"), await read(session, "t2"), await read(session, "t3")];
  const ids = pages.flatMap((page) =>
    [...page.matchAll(/event_id="([^"]+)"/g)].map(([, id]) => id),
  );
  expect([ids.length, new Set(ids).size]).toEqual([19, 19]);
  expect(pages.map((page) => page.includes("more wait"))).toEqual([true, true, false]);
});

test("every other tool's result tells a session that only pulls how much waits", async () => {
  const { rig, session } = await start();
  const id = await rig.post();
  await read(session, "t1");
  await rig.post();
  await rig.post();
  expect(await session.tool("ack", { event_ids: [id] })).toBe(
    `Already done: ${id}\n(2 waiting: inbox)`,
  );
});

test("TOOL-1: an event that this session was not given can be neither closed, read nor answered by it", async () => {
  const { rig, session } = await start();
  const other = rig.connect({ pid: 200, session: "s2", cwd: "/other" }, { plugin: false });
  await rig.clock.advance(1_000);
  const id = await rig.post({ channel: "chat", ack: "reply" });
  await read(other, "t1");
  expect(await session.tool("ack", { event_ids: [id] })).toContain(
    `ERROR Not given to this session: ${id}`,
  );
  expect(await session.tool("details", { event_id: id })).toContain("ERROR details:");
  expect(await session.tool("reply", { event_id: id, text: "closed by content" })).toContain(
    "ERROR reply:",
  );
  const never = await rig.post({ channel: "chat", ack: "reply" });
  for (const tool of ["ack", "details", "reply"] as const) {
    expect(await session.tool(tool, { event_id: never, event_ids: [never], text: "x" })).toMatch(
      /^ERROR/,
    );
  }
  expect([rig.state(id), rig.state(never)]).toEqual(["seen", "stored"]);
  expect([listReplies(rig.db, "chat", 0, 10), rig.replied]).toEqual([[], []]);
});

// req:field.55
test("TOOL-2: a reply goes once, into the event's own conversation, and closes the event", async () => {
  const { rig, session } = await start();
  const id = await rig.post({ channel: "chat", ack: "reply", chatId: "c7" });
  await read(session, "t1");
  expect(
    await session.tool("reply", { event_id: id, text: "yes", chat_id: "c8", channel: "other" }),
  ).toBe("Sent.");
  expect(await session.tool("reply", { event_id: id, text: " yes " })).toContain("Sent before");
  expect(listReplies(rig.db, "chat", 0, 10)).toMatchObject([
    { event: id, channel: "chat", chatId: "c7", text: "yes" },
  ]);
  expect([rig.state(id), rig.replied]).toEqual(["done", ["chat"]]);
});

test("a reply proves that the event was read, though the call's own receipt is missing", async () => {
  const { rig, session } = await start();
  const id = await rig.post({ channel: "chat", ack: "explicit" });
  await session.tool("inbox", {}, "t1");
  await session.tool("reply", { event_id: id, text: "yes" });
  expect(rig.state(id)).toBe("seen");
  await session.tool("ack", { event_ids: [id] });
  expect(rig.state(id)).toBe("done");
});

test.each<[string, "ack" | "details" | "reply", Record<string, unknown>, string]>([
  ["no ids", "ack", {}, "event_ids is missing"],
  ["an empty list", "ack", { event_ids: [] }, "event_ids is missing"],
  ["what is no id", "ack", { event_ids: ["evt_1'; --"] }, "not an event id"],
  ["too many ids", "ack", { event_ids: Array.from({ length: 101 }, () => "evt_x") }, "at most 100"],
  [
    "an unknown id",
    "ack",
    { event_ids: ["evt_01arz3ndektsv4rrffq69g5fav"] },
    "Not given to this session",
  ],
  ["a number as id", "details", { event_id: 7 }, "must name an event"],
  [
    "no text",
    "reply",
    { event_id: "evt_01arz3ndektsv4rrffq69g5fav", text: " " },
    "text is missing",
  ],
  [
    "too much text",
    "reply",
    { event_id: "x", text: "x".repeat(REPLY_MAX_CHARS + 1) },
    "at most 32000",
  ],
])("a call with %s is refused in one sentence", async (_, tool, input, expected) => {
  const { session } = await start();
  const answer = await session.tool(tool, input);
  expect(answer).toMatch(/^ERROR /);
  expect(answer).toContain(expected);
});

// req:field.57
test("a channel that only brings events in takes no reply", async () => {
  const { rig, session } = await start();
  const id = await rig.post();
  await read(session, "t1");
  expect(await session.tool("reply", { event_id: id, text: "x" })).toContain(
    "only brings events in",
  );
});

test("no page of details ends in the middle of a character", async () => {
  const { rig, session } = await start();
  const text = "🙂".repeat(20_000);
  const id = await rig.post({ quotes: [{ label: "body", text: `x${text}` }] });
  await session.tool("inbox", {}, "t1");
  for (let offset = 0; offset >= 0;) {
    const page = await session.tool("details", { event_id: id, offset });
    expect(page.isWellFormed()).toBe(true);
    offset = Number(/details with offset (\d+)\)$/.exec(page)?.[1] ?? -1);
  }
});

test("details give the whole of an event, in pages", async () => {
  const { rig, session } = await start();
  const body = Array.from({ length: 9_000 }, (_, i) => `row ${i}`).join("\n");
  const id = await rig.post({ text: "T".repeat(4_000), quotes: [{ label: "log", text: body }] });
  await read(session, "t1");
  let offset = 0;
  let whole = "";
  for (let i = 0; i < 20; i++) {
    const page = await session.tool("details", { event_id: id, offset });
    const [, next] = /\n\(\d+ more characters: details with offset (\d+)\)$/.exec(page) ?? [];
    whole += page.slice(PREAMBLE.length + 1).replace(/\n\(\d+ more characters[^\n]*$/, "");
    if (next === undefined) break;
    offset = Number(next);
  }
  expect(whole).toContain("T".repeat(4_000));
  expect(whole.split("\n").filter((line) => line.startsWith("| row")).length).toBe(9_000);
});

test("a session that nobody sits at takes nothing: no bell, no line, no page", async () => {
  const rig = new Rig();
  const script = rig.connect({ interactive: false });
  await rig.clock.advance(1_000);
  const id = await rig.post();
  expect(await script.type("do it", "P")).toBeUndefined();
  expect(await script.tool("inbox", {}, "t1")).toContain(
    "ERROR inbox: this session runs without a person",
  );
  await script.stop("P");
  expect([rig.state(id), script.lines, script.attachment.target]).toEqual(["stored", [], false]);
  expect(rig.delivery.router.claim(script.attachment).addresses).toEqual([]);
});

test("a session forced to pull takes events though nobody sits at it", async () => {
  const rig = new Rig();
  const script = rig.connect({ interactive: false, forcedLane: "pull" });
  const id = await rig.post();
  expect(await script.tool("inbox", {}, "t1")).toContain(id);
});

test("a reader does not take what belongs to another session's project", async () => {
  const { rig, session } = await start();
  const other = rig.connect({ pid: 200, session: "s2", cwd: "/app" }, { repository: "octo/app" });
  await rig.clock.advance(1_000);
  await other.type("hello", "P");
  await other.stop("P");
  const theirs = await rig.post({ repository: "octo/app" });
  const free = await rig.post({ repository: "octo/lib" });
  const page = await session.tool("inbox", {}, "t1");
  expect([page.includes(theirs), page.includes(free)]).toEqual([false, true]);
  const note = await other.hear();
  expect([note?.includes(theirs), note?.includes(free)]).toEqual([true, false]);
});

test("our own tools need no dialog; a reply only for an event that this session holds", async () => {
  const { rig, session } = await start();
  const id = await rig.post({ channel: "chat", ack: "reply" });
  await read(session, "t1");
  const ask = (tool: string, input: unknown = {}): Promise<string | undefined> =>
    session.hook("PreToolUse", {
      tool,
      toolInput: typeof input === "string" ? input : JSON.stringify(input),
    });
  const own = "mcp__plugin_sluice_sluice__";
  for (const tool of ["inbox", "ack", "details"])
    expect(await ask(own + tool)).toContain('"permissionDecision":"allow"');
  expect(await ask(`${own}reply`, { event_id: id, text: "x" })).toContain('"allow"');
  const never = "evt_01arz3ndektsv4rrffq69g5fav";
  expect(await ask(`${own}reply`, { event_id: never, text: "x" })).toBeUndefined();
  expect(await ask(`${own}reply`, { event_id: never, text: `"event_id":"${id}"` })).toBeUndefined();
  expect(await ask(`${own}reply`, { nested: { event_id: id }, event_id: never })).toBeUndefined();
  expect(await ask(`${own}reply`, "not json")).toBeUndefined();
  for (const tool of ["Bash", `${own}hook`, "mcp__other__inbox", `x${own}inbox`, `${own}inbox2`]) {
    expect(await ask(tool)).toBeUndefined();
  }
});
