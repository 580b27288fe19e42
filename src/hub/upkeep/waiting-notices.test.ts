import { expect, test } from "vitest";
import { Rig } from "../../flow/rig.fixture.ts";
import { WaitingNotices } from "./waiting-notices.ts";

const MINUTE_MS = 60_000;

function open(rig: Rig, minutes = 30) {
  const sent: string[] = [];
  const warned: string[] = [];
  const ignore = (): void => {};
  const { db, clock, delivery } = rig;
  const notices = new WaitingNotices({
    db,
    clock,
    log: { debug: ignore, info: ignore, warn: (_, text) => warned.push(text), error: ignore },
    delivery,
    readAfterMinutes: () => minutes,
    notify: (text) => sent.push(text),
    notified: ignore,
  });
  return { notices, sent, warned };
}

test("what waits for a closed session is told after the half hour, once, and again for what waits later", async () => {
  const rig = new Rig();
  const { notices, sent, warned } = open(rig);
  await rig.post({ session: "reports" });
  await rig.post({ session: "reports" });
  await rig.clock.advance(29 * MINUTE_MS);
  expect([sent, notices.list()]).toEqual([[], []]);
  await rig.clock.advance(3 * MINUTE_MS);
  expect(sent).toEqual([
    'Sluice: 2 events of alerts have waited for up to 30 min for session "reports", which is not open.',
  ]);
  expect(warned.length).toBe(1);
  await rig.clock.advance(120 * MINUTE_MS);
  expect(sent.length).toBe(1);
  expect(notices.list()[0]?.text).toContain("2 events of alerts");
  notices.close();

  // A restart does not tell it again.
  const next = rig.restart();
  const again = open(next);
  await next.clock.advance(10 * MINUTE_MS);
  expect(again.sent).toEqual([]);

  const reader = next.connect({ session: "reports", forcedLane: "pull" });
  await reader.tool("inbox", {}, "t1");
  await next.clock.advance(10 * MINUTE_MS);
  expect(again.notices.list()).toEqual([]);
  reader.detach();
  next.dead.add(100);
  await next.clock.advance(2 * MINUTE_MS);
  await next.post({ session: "reports" });
  await next.clock.advance(60 * MINUTE_MS);
  expect(again.sent.at(-1)).toContain("reports");
  again.notices.close();
});

test("what an open session will have is not told of; 0 minutes is never", async () => {
  const rig = new Rig();
  const { notices, sent } = open(rig);
  const session = rig.connect();
  await rig.clock.advance(1_000);
  await session.type("work", "P");
  await rig.post();
  await rig.post({ session: "elsewhere" });
  await rig.clock.advance(40 * MINUTE_MS);
  expect(sent.length).toBe(1);
  expect(sent[0]).toContain("elsewhere");
  notices.close();
  const never = open(rig, 0);
  await rig.clock.advance(40 * MINUTE_MS);
  expect([never.sent, never.notices.list()]).toEqual([[], []]);
  never.notices.close();
});
