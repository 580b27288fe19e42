/** Ends of commands and of other sessions' turns, read by sessions. */
import { once } from "node:events";
import { expect, test } from "vitest";
import { read } from "../../src/api/client/client.ts";
import type { HostNote } from "../../src/host/note.ts";
import type { ModelTurn } from "../../src/host/turns.ts";
import { CLI, openRigWithHub, type Rig, until } from "./rig.ts";
import {
  countReads,
  findRead,
  makeProject,
  openLane,
  spawnClient,
  untilAttached,
} from "./sessions.ts";

const ended = (note: HostNote): boolean => note.kind === "turn-end";

async function callTyped(turn: ModelTurn): Promise<void> {
  if (turn.text === "watch turns") await turn.callTool("watch", { channel: "turns" });
}

async function listOf(rig: Rig, channel: string) {
  return read(rig.api.events.$get({ query: { channel, limit: "20" } }));
}

test("TURNS-1 and TURNS-2: two sessions that wait for each other's turns hear of each one's own, once, and wake each other no further", async () => {
  await using rig = await openRigWithHub();
  const one = await openLane(rig, "monitor", {
    cwd: makeProject(rig, "octo-org/one"),
    model: callTyped,
  });
  const other = await spawnClient(rig, "monitor", { cwd: makeProject(rig, "octo-org/other") });
  await untilAttached(rig, "monitor", 2);
  const turns = () => other.notes.filter(ended).length;
  const say = async (): Promise<void> => {
    const before = turns();
    other.send({ type: "hello" });
    await until("the other's turn ends", () => turns() > before);
  };
  // Nobody has asked yet.
  await say();
  expect(await listOf(rig, "turns")).toEqual([]);

  one.type("watch turns");
  await one.until(ended);
  const { sessions } = await rig.status();
  const otherId = sessions.find(({ cwd }) => cwd.endsWith("octo-org-other"))?.id ?? "";
  const watched = await rig.run("watch", "turns", "--session", otherId);
  expect(watched.code, watched.stderr).toBe(0);
  await say();
  await until("the end is told", async () => (await listOf(rig, "turns")).length > 0);
  const [first] = await listOf(rig, "turns");
  if (first === undefined) throw new Error("it was there");
  await rig.untilState(first.id, "done");
  expect(countReads(one.reads, first.id)).toBe(1);
  expect(findRead(one.reads, first.id).text).toContain(
    "Session octo-org-other (main) has ended its turn",
  );
  // The turn in which it was read is over, and nobody was told: the other session has seen no turn since.
  await one.idle();
  expect(await listOf(rig, "turns")).toHaveLength(1);

  one.type("hello");
  await until("its own turn is told", async () => (await listOf(rig, "turns")).length > 1);
  const second = (await listOf(rig, "turns")).at(-1);
  if (second === undefined) throw new Error("it was there");
  await rig.untilState(second.id, "done");
  expect([countReads(one.reads, second.id), countReads(other.reads, second.id)]).toEqual([0, 1]);
  await one.idle();
  expect(await listOf(rig, "turns")).toHaveLength(2);

  // In a session's shell the end of a command is for that session, whichever was active last; it says what can be acted on.
  const command = [CLI, "run", "--", "sh", "-c", "echo 2 tests failed; exit 1"];
  const child = rig.spawn(command, { CLAUDE_CODE_SESSION_ID: one.sessionId });
  const [code] = (await once(child, "close")) as [number | null];
  expect(code).toBe(1);
  await until("the end is told", async () => (await listOf(rig, "jobs")).length > 0);
  const [job] = await listOf(rig, "jobs");
  if (job === undefined) throw new Error("it was there");
  await rig.untilState(job.id, "done");
  expect([countReads(one.reads, job.id), countReads(other.reads, job.id)]).toEqual([1, 0]);
  expect(findRead(one.reads, job.id).text).toMatch(
    /sh -c 'echo 2 tests failed; exit 1' failed with exit code 1 after [^\n]+\nin [^\n]+\n\| last lines: 2 tests failed/,
  );
});
