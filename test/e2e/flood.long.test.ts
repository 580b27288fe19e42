/** Many events that waited for a session come as few turns, on every lane, each told once. */
import { expect, test } from "vitest";
import type { ReferenceSession } from "../../src/host/session.ts";
import { openRigWithHub, type Rig } from "./rig.ts";
import { post } from "./senders.ts";
import { countReads, type LaneName, openLane } from "./sessions.ts";

const COUNT = 97;
const CHARS = 2_000;

async function postFlood(rig: Rig): Promise<string[]> {
  const alerts = await rig.addChannel({ kind: "webhook", name: "alerts", rate: 0 });
  const headers = { authorization: `Bearer ${alerts.secret}`, "content-type": "text/plain" };
  const posted = await Promise.all(
    Array.from({ length: COUNT }, (_, index) =>
      post(alerts.url, `job ${index} failed\n${"words ".repeat(CHARS / 6)}`, headers),
    ),
  );
  return posted.map(({ id }) => id);
}

/** How often an event was told: its text, its line in a digest, or its line beside another. */
function countTold({ reads }: ReferenceSession, id: string): number {
  const lines = reads.reduce((sum, { text }) => sum + text.split(`- ${id} `).length - 1, 0);
  // A digest that goes as one message goes by the id of its first line.
  const carrying = reads.filter(
    ({ text }) => text.includes('kind="digest"') && text.includes(`event_id="${id}"`),
  ).length;
  return lines + countReads(reads, id) - carrying;
}

test.concurrent.each<[LaneName, number]>([
  ["channel", 12],
  ["monitor", 12],
  ["pull", 1],
])(
  "97 events that waited for a session of the %s lane come in digests: at most %i turns, not a text each",
  async (lane, turns) => {
    await using rig = await openRigWithHub();
    const ids = await postFlood(rig);
    const session = await openLane(rig, lane, {
      model: async (turn) => {
        if (lane !== "pull") return;
        for (let page = 0; page < COUNT; page++)
          if (!(await turn.callTool("inbox")).text.includes("more wait")) return;
      },
    });
    if (lane === "pull") session.type("what is new?");
    // Without a plugin nothing tells that an answer of the inbox was read.
    for (const id of ids) await rig.untilState(id, lane === "pull" ? "offered" : "done");
    await session.idle();
    expect(session.counters.turns).toBeLessThanOrEqual(turns);
    expect(ids.map((id) => countTold(session, id))).toEqual(ids.map(() => 1));
    const read = session.reads.reduce((sum, { text }) => sum + text.length, 0);
    // A line each, of at most 400 characters with all around it.
    expect(read).toBeLessThan(COUNT * 400);
    expect(session.reads.filter(({ text }) => text.includes('kind="digest"')).length).toBeLessThan(
      6,
    );
  },
);

test.concurrent("channel lane: events that come one by one into turns that run start no more than twelve turns an hour", async () => {
  await using rig = await openRigWithHub();
  const alerts = await rig.addChannel({ kind: "webhook", name: "alerts", rate: 0 });
  const headers = { authorization: `Bearer ${alerts.secret}`, "content-type": "text/plain" };
  const ids: string[] = [];
  // Each turn lasts until the next event is on its way: there is always one that runs.
  const session = await openLane(rig, "channel", {
    model: async () => {
      if (ids.length < 40) ids.push((await post(alerts.url, `job ${ids.length}`, headers)).id);
    },
  });
  session.type("go on");
  await expect
    .poll(
      async () => {
        const last = ids.at(-1);
        const steps = last === undefined ? [] : (await rig.trace(last)).steps;
        return steps.at(-1)?.reason;
      },
      { timeout: 60_000 },
    )
    .toBe("the wake budget is spent (12 an hour)");
  // And the turn that was typed.
  expect(session.counters.turns).toBe(13);
});
