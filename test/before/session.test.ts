/**
 * A session that is open while Sluice is updated: the shim, bell and hooks are those of the version before, the hub is ours.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import type { HostNote } from "../../src/host/note.ts";
import type { ModelTurn } from "../../src/host/turns.ts";
import { answer, listPrompts, untilAsked } from "../e2e/people.ts";
import { GITHUB_SECRET, post, postGithub } from "../e2e/senders.ts";
import {
  carriesEvent,
  countReads,
  findTag,
  type LaneName,
  makeWorkFolder,
} from "../e2e/sessions.ts";
import { openRigBefore, openSessionBefore, update } from "./sessions.ts";

const GITHUB = { kind: "github", secret: GITHUB_SECRET };
const PUSHED: LaneName[] = ["channel", "monitor"];
const ended = (note: HostNote): boolean => note.kind === "turn-end";
/** Nobody sits at this terminal. */
const NOBODY = (): Promise<boolean> => new Promise(() => {});
const LONG = { timeout: 60_000 };

test.concurrent.each(PUSHED)(
  "%s: an event after the update is read exactly once, and so is one before it",
  LONG,
  async (lane) => {
    await using stage = await openRigBefore();
    const { rig } = stage;
    const github = await rig.addChannel(GITHUB);
    const session = await openSessionBefore(stage, lane);
    const { id: first } = await postGithub(github);
    await rig.untilState(first, "done");
    await update(stage, lane);
    const { id: second } = await postGithub(github);
    const event = await rig.untilState(second, "done");
    expect(event.deliveries).toMatchObject([{ lane, attempt: 1, session: session.sessionId }]);
    expect(findTag(session.reads, second)).not.toContain("replayed");
    await sleep(300);
    expect([first, second].map((id) => countReads(session.reads, id))).toEqual([1, 1]);
    expect((await rig.event(first)).state).toBe("done");
    expect((await rig.status()).sessions).toMatchObject([{ lane, id: session.sessionId }]);
    expect(session.counters).toMatchObject({ hookFailures: 0, bellLinesLost: 0, garbageLines: 0 });
    expect(session.stderr).toBe("");
  },
);

test.concurrent.each(PUSHED)(
  "%s: an event that is worked on during the update is done; read again, it says that it is replayed",
  LONG,
  async (lane) => {
    await using stage = await openRigBefore();
    const { rig } = stage;
    const github = await rig.addChannel(GITHUB);
    const work = Promise.withResolvers<void>();
    const session = await openSessionBefore(stage, lane, {
      model: async (turn: ModelTurn) => {
        if (carriesEvent(turn)) await work.promise;
      },
    });
    const { id } = await postGithub(github);
    await session.until((note) => note.kind === "read" && note.text.includes(id));
    await update(stage, lane);
    work.resolve();
    await session.until(ended);
    await rig.untilState(id, "done");
    // The channel lane's receipt is the end of the turn, which no hub saw begin and end: what is not proven is given again.
    const tags = session.reads.flatMap(({ text }) => text.match(/<channel [^>]*>/g) ?? []);
    const [first, ...again] = tags.filter((tag) => tag.includes(id));
    expect(first).not.toContain("replayed");
    expect(again.length).toBeLessThanOrEqual(lane === "channel" ? 1 : 0);
    for (const tag of again) expect(tag).toContain('replayed="true"');
  },
);

test.concurrent(
  "pull: what came before the update is read by the inbox tool after it, once",
  LONG,
  async () => {
    await using stage = await openRigBefore();
    const { rig } = stage;
    const github = await rig.addChannel(GITHUB);
    const session = await openSessionBefore(stage, "pull", {
      env: { ...rig.env, SLUICE_LANE: "pull" },
      model: async (turn) => {
        await turn.callTool("inbox");
      },
    });
    const { id } = await postGithub(github);
    await update(stage, "pull");
    for (const words of ["anything new?", "and now?"]) {
      session.type(words);
      await session.idle();
    }
    expect(countReads(session.reads, id)).toBe(1);
  },
);

test.concurrent(
  "the tools of an open session go on: it answers by reply, and watches",
  LONG,
  async () => {
    await using stage = await openRigBefore();
    const { rig } = stage;
    const hook = await rig.addChannel({ kind: "webhook", name: "deploys", twoWay: true });
    const said: string[] = [];
    const session = await openSessionBefore(stage, "channel", {
      model: async (turn: ModelTurn) => {
        const id = /event_id="(evt_[0-9a-z]{26})"/.exec(turn.text)?.[1];
        if (id === undefined) return;
        const watch = await turn.callTool("watch", { channel: "deploys" });
        const reply = await turn.callTool("reply", { event_id: id, text: "rolled back" });
        said.push(watch.text, reply.text);
      },
    });
    await update(stage, "channel");
    const headers = {
      authorization: `Bearer ${hook.secret}`,
      "content-type": "text/plain",
      "x-sluice-sender": "ops",
    };
    const posted = await post(hook.url, "deploy failed", headers);
    expect(posted.text).toContain("evt_");
    const { id } = posted;
    await rig.untilState(id, "done");
    await session.idle();
    expect(said).toHaveLength(2);
    expect((await rig.run("outbox", "--json")).stdout).toContain("rolled back");
    expect((await rig.run("watch", "--json")).stdout).toContain(session.sessionId);
  },
);

const CALL = { command: "npm test" };
const JOB = (outputs: string[]) => async (turn: ModelTurn) => {
  if (turn.kind === "typed") outputs.push((await turn.useTool("Bash", CALL)).text);
};

test.concurrent.each([
  ["by the hook, on the monitor lane", "monitor", {}],
  ["by the hook, on the channel lane", "channel", {}],
  ["by the relay alone", "channel", { hooks: {} }],
] as const)(
  "a permission prompt that is open during the update: %s: a person's answer to the new hub counts",
  LONG,
  async (_name, lane, options) => {
    await using stage = await openRigBefore();
    const { rig } = stage;
    const outputs: string[] = [];
    const session = await openSessionBefore(stage, lane, {
      cwd: makeWorkFolder(rig),
      approve: NOBODY,
      model: JOB(outputs),
      ...options,
    });
    session.type("go");
    const { id } = await untilAsked(rig);
    await update(stage, lane);
    const asked = await untilAsked(rig);
    expect(asked.id).toBe(id);
    expect(await answer(rig, id, { kind: "allow" })).toMatchObject({ kind: "done" });
    await session.idle();
    expect(outputs).toEqual([JSON.stringify(CALL)]);
    expect(await listPrompts(rig)).toMatchObject([{ id, state: "answered" }]);
  },
);
