import { expect, test } from "vitest";
import { HOUR_MS } from "../deliver/pace.ts";
import { start } from "../rig.fixture.ts";

test("Esc ends a turn without a hook: a later turn's end proves what it held", async () => {
  const { rig, session } = await start();
  const id = await rig.post();
  await session.hear("P");
  await rig.clock.advance(60_000);
  expect(rig.state(id)).toBe("offered");
  await session.type("go on", "P2");
  await session.stop("P2");
  expect([rig.state(id), rig.attempts(id)]).toEqual(["done", [["done", 1]]]);
});

test("after Esc an event does not wait for the ten minutes of a believed turn", async () => {
  const { rig, session } = await start();
  await session.type("a long task", "P");
  await rig.post();
  await rig.clock.advance(19_000);
  expect(session.lines).toEqual([]);
  await rig.clock.advance(2_000);
  expect(session.lines.length).toBe(1);
});

test("RECEIPT-2: a failed turn gives its events back, and the next attempt says so", async () => {
  const { rig, session } = await start();
  const id = await rig.post();
  await session.hear("P");
  await session.hook("StopFailure", { promptId: "P" });
  expect(rig.state(id)).toBe("stored");
  await rig.clock.advance(29_000);
  expect(session.lines.length).toBe(1);
  await rig.clock.advance(2_000);
  expect(session.lines.length).toBe(2);
  const note = await session.hear();
  expect(note).toContain('replayed="true" attempt="2" first_offered_at="2026-');
});

test("an outage of the model for half an hour uses up no event", async () => {
  const { rig, session } = await start();
  const id = await rig.post();
  const end = rig.clock.now() + 30 * 60_000;
  let heard = 0;
  while (rig.clock.now() < end) {
    if (session.lines.length > heard) {
      heard = session.lines.length;
      const promptId = session.nextPrompt();
      await session.hear(promptId);
      await session.hook("StopFailure", { promptId });
    }
    await rig.clock.advance(1_000);
  }
  expect([rig.state(id), heard <= 4]).toEqual(["stored", true]);
  const promptId = session.nextPrompt();
  await session.type("are you back", promptId);
  await session.stop(promptId);
  await rig.clock.advance(3_000);
  expect(session.lines.length).toBe(heard + 1);
});

test("DELIVER-3: after five attempts an event is dead, and what stands behind it goes on", async () => {
  const { rig, session } = await start();
  const poison = await rig.post({ text: "poison" });
  let other = "";
  for (let i = 0; i < 20 && rig.state(poison) !== "dead"; i++) {
    await rig.clock.advance(HOUR_MS);
    if (i === 3) other = await rig.post({ text: "harmless" });
    await rig.clock.advance(HOUR_MS);
    const promptId = session.nextPrompt();
    const note = await session.hear(promptId);
    const isPoisoned = note?.includes("poison") ?? false;
    await session.hook(isPoisoned ? "StopFailure" : "Stop", { promptId });
  }
  expect([rig.state(poison), rig.attempts(poison).length, rig.state(other)]).toEqual([
    "dead",
    5,
    "done",
  ]);
  expect(rig.errors).toContain("event is dead after its last attempt");
});

test("PACE-2: three bells without a hook, then silence and a reason; any hook brings it back", async () => {
  const { rig, session } = await start();
  const id = await rig.post();
  const from = rig.clock.now();
  const at = [from];
  for (let i = 0; i < 200; i++) {
    await rig.clock.advance(1_000);
    if (session.lines.length > at.length) at.push(rig.clock.now());
  }
  expect(at.map((time) => Math.round((time - from) / 1_000))).toEqual([0, 30, 60]);
  expect([session.attachment.health, rig.state(id)]).toEqual(["unproven", "stored"]);
  expect(session.attachment.reason).toContain("3 bells and no hook call");
  await session.type("hello", "P");
  await session.stop("P");
  expect(session.lines.length).toBe(4);
  expect(await session.hear()).toContain(id);
});

test("events of a session that hears no bell go to one that does", async () => {
  const { rig, session } = await start();
  const other = rig.connect({ pid: 200, session: "s2", cwd: "/other" });
  await rig.clock.advance(1_000);
  await session.hook("Notification", { notification: "other" });
  await rig.post();
  await rig.clock.advance(100_000);
  expect([session.lines.length, other.lines.length]).toEqual([3, 1]);
});

test("a restart of the hub in a turn: the receipt is still understood", async () => {
  const { rig, session } = await start();
  const id = await rig.post();
  await session.hear("P");
  const next = rig.restart();
  const again = next.connect({}, { remembered: { session: "s1", promptId: "P", stops: 1 } });
  await next.clock.advance(20_000);
  expect(next.state(id)).toBe("offered");
  await again.stop("P");
  expect([next.state(id), next.attempts(id)]).toEqual(["done", [["done", 1]]]);
});

test("a session that does not come back after a restart has its events given back", async () => {
  const { rig, session } = await start();
  const id = await rig.post();
  await session.hear("P");
  const next = rig.restart();
  await next.clock.advance(14_000);
  expect(next.state(id)).toBe("offered");
  await next.clock.advance(2_000);
  expect(next.state(id)).toBe("stored");
});

// req:gate.ours
test("a closed policy holds everything: no bell, no line, no note, no page; when it opens, all goes on", async () => {
  const { rig, session } = await start();
  rig.policy = "channels are off by policy";
  const id = await rig.post({ priority: "urgent" });
  await rig.clock.advance(10_000);
  expect(session.lines).toEqual([]);
  expect(await session.type("hello", "P")).toBeUndefined();
  await session.stop("P");
  expect(await session.tool("inbox")).toContain("channels are off by policy");
  expect(rig.state(id)).toBe("stored");
  rig.policy = undefined;
  await rig.clock.advance(61_000);
  expect(session.lines.length).toBe(1);
  rig.policy = "channels are off by policy";
  expect(await session.hear("Q")).toBeUndefined();
  expect(rig.state(id)).toBe("stored");
});

test("a store that fails for a while stops no session: what waited is delivered afterwards", async () => {
  const { rig, session } = await start();
  const id = await rig.post();
  const write = rig.db.write.bind(rig.db);
  rig.db.write = () => Promise.reject(new Error("no space"));
  await expect(session.hear("P")).rejects.toThrow("no space");
  await expect(session.stop("P")).rejects.toThrow("no space");
  await rig.clock.advance(100_000);
  expect([session.attachment.turn.kind, session.attachment.health]).toEqual(["idle", "proven"]);
  rig.db.write = write;
  const before = session.lines.length;
  await rig.clock.advance(3_000);
  expect(session.lines.length).toBe(before + 1);
  expect(await session.hear()).toContain(id);
});

test("one failed write is made good within seconds, not at the next signal", async () => {
  const { rig, session } = await start();
  const id = await rig.post();
  const write = rig.db.write.bind(rig.db);
  rig.db.write = () => Promise.reject(new Error("no space"));
  await expect(session.hear("P")).rejects.toThrow("no space");
  await expect(session.stop("P")).rejects.toThrow("no space");
  rig.db.write = write;
  await rig.clock.advance(3_000);
  expect(session.lines.length).toBe(2);
  expect(await session.hear()).toContain(id);
});
