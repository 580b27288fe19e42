/**
 * A session at work while its hub dies again and again: is every accepted event read, and none twice without saying so?
 *
 * Owns: events, kills, Esc and tool calls at random, and the reckoning. Never: starts a hub after the first (the shim does that).
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Read } from "../../src/host/note.ts";
import { openRigWithHub, until } from "../e2e/rig.ts";
import { GITHUB_SECRET, postGithub } from "../e2e/senders.ts";
import { carriesEvent, type LaneName, openLane } from "../e2e/sessions.ts";

export type ChaosOptions = { lane: LaneName; kills: number };

export type ReadCount = {
  /** Accepted, and never read. */
  unread: number;
  /** Read a second time without `replayed="true"`. */
  repeated: string[];
  /** Read again, marked. */
  replayed: number;
};

export type ChaosResult = ReadCount & {
  lane: LaneName;
  kills: number;
  accepted: number;
  /** Not done in the end. */
  open: number;
};

export async function runChaos({ lane, kills }: ChaosOptions): Promise<ChaosResult> {
  await using rig = await openRigWithHub();
  const github = await rig.addChannel({ kind: "github", secret: GITHUB_SECRET });
  const session = await openLane(rig, lane, {
    model: async (turn) => {
      if (turn.kind === "typed") {
        // At the end: until nothing waits, whatever the wake budget says.
        for (let page = 0; page < 50; page++) {
          const { text } = await turn.callTool("inbox");
          if (text.startsWith("Nothing waits.")) return;
        }
        return;
      }
      await sleep(Math.random() * 400);
      if (carriesEvent(turn) && Math.random() < 0.4) await turn.callTool("inbox");
    },
  });
  const accepted = new Set<string>();
  const stop = new AbortController();
  const posting = (async () => {
    while (!stop.signal.aborted) {
      // No hub for a moment: a sender would repeat it, here the next one comes.
      const answer = await postGithub(github).catch(() => undefined);
      if (answer?.status === 202) accepted.add(answer.id);
      await sleep(Math.random() * 150);
    }
  })();
  for (let kill = 0; kill < kills; kill++) {
    await sleep(500 + Math.random() * 2_000);
    await until("a hub answers", () => rig.hubPid().then(Boolean, () => false));
    if (Math.random() < 0.5) session.interrupt();
    await rig.killHub();
  }
  await sleep(500);
  stop.abort();
  await posting;
  await until("a hub answers", () => rig.hubPid().then(Boolean, () => false));
  await until("it is attached again", async () => (await rig.status()).sessions.length === 1);
  // A tool may find no hub, and what was cut off comes back a moment later: a few rounds.
  const listOpen = async (): Promise<number> =>
    (await rig.events()).filter(({ state }) => state !== "done").length;
  for (let round = 0; round < 10 && (await listOpen()) > 0; round++) {
    session.type("read your inbox");
    await session.idle();
    await sleep(500);
  }
  return {
    lane,
    kills,
    accepted: accepted.size,
    open: await listOpen(),
    ...countReads(session.reads, accepted),
  };
}

/** What a session read of what was accepted. */
export function countReads(reads: readonly Read[], accepted: ReadonlySet<string>): ReadCount {
  const tags = reads.flatMap(({ text }) => [
    ...(text.match(/<channel [^>]*event_id=[^>]*>/g) ?? []),
    // A line of a digest tells of an event, too.
    ...[...text.matchAll(/^- (evt_\w+)([^:]*):/gm)].map(
      ([, id, marks]) =>
        `event_id="${id}"${/ replayed\b/.test(marks ?? "") ? ' replayed="true"' : ""}`,
    ),
  ]);
  const fresh = new Map<string, number>();
  const all = new Set<string>();
  let replayed = 0;
  for (const tag of tags) {
    const id = /event_id="(evt_\w+)"/.exec(tag)?.[1] ?? "";
    if (all.has(id) && tag.includes('replayed="true"')) replayed++;
    else if (!tag.includes('replayed="true"')) fresh.set(id, (fresh.get(id) ?? 0) + 1);
    all.add(id);
  }
  return {
    unread: [...accepted].filter((id) => !all.has(id)).length,
    repeated: [...fresh].flatMap(([id, times]) => (times > 1 ? [id] : [])),
    replayed,
  };
}
