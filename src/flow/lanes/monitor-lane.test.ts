import { expect, test } from "vitest";
import { readWakes } from "../../store/sessions/sessions.ts";
import { INBOX_MAX_EVENTS, PREAMBLE } from "../text/note.ts";
import { HOUR_MS } from "../deliver/pace.ts";
import { Rig, start } from "../rig.fixture.ts";

test("an event on an idle session: one bell, one note, seen and done at the turn's end", async () => {
  const { rig, session } = await start();
  const id = await rig.post({
    text: "The build failed",
    quotes: [{ label: "body", text: "line 7" }],
  });
  expect(session.lines).toEqual([
    expect.stringMatching(/^Sluice bell [0-9a-f]{8}: 1 event waits \(alerts 1\)$/),
  ]);
  expect(rig.state(id)).toBe("stored");
  const note = await session.hear("P");
  expect(note?.split("\n")[0]).toBe(PREAMBLE);
  expect(note).toContain(`event_id="${id}"`);
  expect(note).toContain("| body: line 7");
  expect(note).not.toContain("replayed");
  expect([rig.state(id), rig.attempts(id)]).toEqual(["offered", [["offered", 1]]]);
  expect(await session.stop("P")).toBeUndefined();
  expect([rig.state(id), rig.attempts(id)]).toEqual(["done", [["done", 1]]]);
  await rig.clock.advance(HOUR_MS);
  expect(session.lines.length).toBe(1);
  expect(session.attachment.health).toBe("proven");
  const [wake] = readWakes(rig.db, "s1", 0);
  expect(wake?.chars).toBe((session.lines[0]?.length ?? 0) + (note?.length ?? 0));
});

test("DELIVER-1: the offer is on disk before its text is in the answer", async () => {
  const { rig, session } = await start();
  const id = await rig.post();
  const other = new Rig(rig.path, rig.clock);
  const asked = session.hear("P");
  expect(other.state(id)).toBe("stored");
  await asked;
  expect(other.state(id)).toBe("offered");
});

test("several events come by one bell, urgent first", async () => {
  const { rig, session } = await start();
  await Promise.all([
    rig.post({ text: "first" }),
    rig.post({ text: "second" }),
    rig.post({ text: "third", priority: "urgent" }),
  ]);
  expect(session.lines.length).toBe(1);
  const note = (await session.hear()) ?? "";
  const order = ["third", "first", "second"].map((text) => note.indexOf(text));
  expect(order.toSorted((a, b) => a - b)).toEqual(order);
});

test("in a turn an urgent event rings at once, a normal one at its end", async () => {
  const { rig, session } = await start();
  await session.type("work", "P");
  await rig.post();
  expect(session.lines).toEqual([]);
  await session.stop("P");
  expect(session.lines.length).toBe(1);
  await session.hear("P2");
  await rig.clock.advance(3_000);
  await session.hook("PostToolUse", { tool: "Bash", promptId: "P2" });
  await rig.post({ priority: "urgent" });
  expect(session.lines.length).toBe(2);
});

test("PACE-1: twelve wakes an hour, then one that brings what has come since; urgent ones up to thirty", async () => {
  const { rig, session } = await start();
  const wakeFor = async (priority: "normal" | "urgent"): Promise<void> => {
    await rig.post({ priority });
    await rig.clock.advance(5_000);
    if (session.lines.length === heard) return;
    heard = session.lines.length;
    const promptId = session.nextPrompt();
    await session.hear(promptId);
    await session.stop(promptId);
  };
  let heard = 0;
  for (let i = 0; i < 40; i++) await wakeFor("normal");
  expect(heard).toBe(12);
  for (let i = 0; i < 40; i++) await wakeFor("urgent");
  expect(heard).toBe(30);
  const from = rig.clock.now();
  while (session.lines.length === 30) await rig.clock.advance(1_000);
  expect(rig.clock.now() - from).toBeGreaterThan(HOUR_MS / 2);
  expect(session.lines.at(-1)).toMatch(/: \d\d events wait/);
  // More than twenty: a digest, a line each but for the first urgent ones.
  const digest = (await session.hear()) ?? "";
  expect(digest.match(/^- evt_/gm)?.length).toBeGreaterThan(9);
  expect(digest.match(/ event_id="/g)?.length).toBe(5);
});

test("an answer is owed: one nudge with ids at the turn's end, then no more", async () => {
  const { rig, session } = await start();
  const id = await rig.post({ channel: "chat", ack: "reply", text: "STRANGER" });
  await session.hear("P");
  const nudge = await session.stop("P");
  expect(nudge).toContain(id);
  expect(nudge).not.toContain("STRANGER");
  expect(rig.state(id)).toBe("seen");
  expect(await session.stop("P", { stopHookActive: true })).toBeUndefined();
  await rig.clock.advance(HOUR_MS);
  expect([rig.state(id), session.lines.length]).toEqual(["seen", 1]);
});

test("a Stop inside the nudged turn is not nudged again", async () => {
  const { rig, session } = await start();
  await rig.post({ channel: "chat", ack: "reply" });
  await session.hear("P");
  expect(await session.stop("P", { stopHookActive: true })).toBeUndefined();
});

test("/clear: what is not done is offered to the new conversation, marked as replayed, by one bell", async () => {
  const { rig, session } = await start();
  const chat = await rig.post({ channel: "chat", ack: "reply" });
  await session.hear("P");
  await session.stop("P");
  expect(rig.state(chat)).toBe("seen");
  await session.hook("SessionEnd", { reason: "clear" });
  expect(rig.state(chat)).toBe("stored");
  await rig.clock.advance(4_000);
  expect(session.lines.length).toBe(1);
  await rig.clock.advance(2_000);
  expect(session.lines.length).toBe(2);
  // The first hook of the new conversation is the bell's own.
  session.id = "s2";
  const note = await session.hear("P2");
  expect(note).toContain(chat);
  expect(note).toContain('replayed="true"');
  expect(session.attachment.session).toBe("s2");
});

test("a session id that changes without a word gives back what the old one had", async () => {
  const { rig, session } = await start();
  const id = await rig.post();
  await session.hear("P");
  session.id = "s2";
  await session.type("hello", "Q");
  await session.stop("Q");
  expect(rig.state(id)).toBe("stored");
});

test("an event whose time no calendar holds is delivered like any other", async () => {
  const { rig, session } = await start();
  const id = await rig.post({ occurredAt: 9e15 });
  expect(await session.hear()).toContain(id);
});

test("a note carries more than a page of the inbox", async () => {
  const { rig, session } = await start();
  for (let i = 0; i < 20; i++) await rig.post();
  const note = (await session.hear()) ?? "";
  expect(note.match(/<channel /g)?.length).toBeGreaterThan(INBOX_MAX_EVENTS);
});
