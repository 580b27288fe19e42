/** A clock that is set to another time while an event is on its way: it arrives all the same, once. */
import { expect, test } from "vitest";
import { HOUR_MS, WAKES_PER_HOUR } from "./pace.ts";
import { Rig, type Session } from "../rig.fixture.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * HOUR_MS;
const JUMPS: [string, number][] = [
  ["a minute ahead", MINUTE_MS],
  ["a minute back", -MINUTE_MS],
  ["an hour ahead", HOUR_MS],
  ["an hour back", -HOUR_MS],
  ["two days ahead", 2 * DAY_MS],
  ["two days back", -2 * DAY_MS],
  ["a year ahead", 365 * DAY_MS],
  ["a year back", -365 * DAY_MS],
];
const MOMENTS = ["before it came", "before its bell was heard", "in its turn", "after its turn"];

async function start(): Promise<{ rig: Rig; session: Session }> {
  const rig = new Rig();
  const session = rig.connect();
  await rig.clock.advance(1_000);
  await rig.clock.advance(MINUTE_MS);
  await session.type("hello", "p0");
  await session.stop("p0");
  return { rig, session };
}

/** Posts an event and lets the session read it, wherever the bell rings within two minutes. */
async function read(
  { rig, session }: { rig: Rig; session: Session },
  at: (moment: string) => void = () => {},
): Promise<{ id: string; notes: string[] }> {
  at("before it came");
  const lines = session.lines.length;
  const id = await rig.post();
  at("before its bell was heard");
  for (let wait = 0; wait < 24 && session.lines.length === lines; wait++)
    await rig.clock.advance(5_000);
  expect(session.lines.length, "a bell").toBeGreaterThan(lines);
  const promptId = session.nextPrompt();
  const notes = [(await session.hear(promptId)) ?? ""];
  at("in its turn");
  await rig.clock.advance(1_000);
  await session.stop(promptId);
  at("after its turn");
  await rig.clock.advance(MINUTE_MS);
  return { id, notes };
}

for (const moment of MOMENTS)
  test.each(JUMPS)(`a clock that is set ${moment} to %s`, async (_, byMs) => {
    const scene = await start();
    const { rig, session } = scene;
    const { id, notes } = await read(scene, (now) => {
      if (now === moment) rig.clock.jump(rig.clock.now() + byMs);
    });
    expect(notes[0]).toContain(`event_id="${id}"`);
    expect(notes[0]).not.toContain("replayed");
    expect([rig.state(id), rig.attempts(id)]).toEqual(["done", [["done", 1]]]);
    // The next one is no worse off, and the first does not come again.
    const next = await read(scene);
    expect(next.notes[0]).toContain(`event_id="${next.id}"`);
    expect(next.notes[0]).not.toContain(id);
    expect(rig.state(next.id)).toBe("done");
    expect(session.attachment.health).toBe("proven");
  });

// PACE-8
test("a clock that is set back a day gives no session a day without wakes", async () => {
  const scene = await start();
  const { rig, session } = scene;
  for (let wake = 0; wake < WAKES_PER_HOUR; wake++) await read(scene);
  rig.clock.jump(rig.clock.now() - DAY_MS);
  const before = session.lines.length;
  const id = await rig.post();
  await rig.clock.advance(HOUR_MS + MINUTE_MS);
  expect(session.lines.length).toBeGreaterThan(before);
  expect(await session.hear()).toContain(`event_id="${id}"`);
});
