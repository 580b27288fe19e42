/**
 * A session that is open while Sluice is updated: the shim, bell and hooks are those of the version before, the hub is ours.
 */
import { mkdirSync } from "node:fs";
import { createServer } from "node:http";
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
  openLane,
  toSessionOptions,
  untilAttached,
} from "../e2e/sessions.ts";
import { openRig, openRigWithHub, until } from "../e2e/rig.ts";
import { readStream } from "../../src/api/client/client.ts";
import { openSession } from "../../src/host/session.ts";
import { locateSocket } from "../../src/local/home.ts";
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

test.concurrent.each(PUSHED)(
  "%s: a new session works with a hub of the version before; doctor names that hub, and sluice up replaces it",
  LONG,
  async (lane) => {
    await using stage = await openRigBefore();
    const { rig } = stage;
    const github = await rig.addChannel(GITHUB);
    const session = await openLane(rig, lane);
    const { id } = await postGithub(github);
    await rig.untilState(id, "done");
    expect(countReads(session.reads, id)).toBe(1);
    expect((await rig.run("doctor")).stdout).toContain("of another build than this command");
    const { stderr } = await rig.run("up");
    expect(stderr).toContain("the hub of another build of 0.1.0 gave way to this one");
    await untilAttached(rig, lane);
    const { id: next } = await postGithub(github);
    await rig.untilState(next, "done");
    expect(countReads(session.reads, next)).toBe(1);
  },
);

test.concurrent(
  "what a newer shim says besides is no reason to refuse its session",
  LONG,
  async () => {
    await using rig = await openRigWithHub();
    const messages: unknown[] = [];
    const stop = new AbortController();
    rig.add(() => stop.abort());
    const client = {
      pid: process.pid,
      startTime: "1",
      argv: [],
      name: "claude-code",
      version: "9.0.0",
      plugin: true,
      interactive: true,
      session: "s1",
      cwd: rig.folder,
      forcedLane: "a-lane-of-tomorrow",
      mood: "fine",
    };
    void readStream({
      socket: locateSocket(rig.env),
      path: "/v1/attachments",
      body: { client, remembered: { stops: 0, moods: 1 }, since: "tomorrow" },
      signal: stop.signal,
      onMessage: (message) => messages.push(message),
    });
    await until("it is attached", () => messages.length > 0);
    expect(messages[0]).toMatchObject({ kind: "attached" });
  },
);

test.concurrent(
  "a hub that refuses a session: the user is told once, at a prompt, and the model by its tool",
  LONG,
  async () => {
    await using rig = openRig();
    mkdirSync(rig.home, { mode: 0o700 });
    const refusal =
      '{"error":{"code":"unsupported","message":"shims older than 9.0.0 are not spoken with"}}';
    const hub = createServer((_, response) => response.writeHead(400).end(refusal));
    hub.listen(locateSocket(rig.env));
    rig.add(() => hub.close());
    rig.add(() => hub.closeAllConnections());
    const session = await openSession({
      ...toSessionOptions(rig, "monitor"),
      model: async (turn) => void (await turn.callTool("inbox")),
    });
    rig.add(() => session.close());
    await until("it was refused", () => session.stderr.includes("not spoken with"));
    for (const words of ["hello", "and again"]) {
      session.type(words);
      await session.idle();
    }
    const said = session.notes.flatMap((note) => (note.kind === "hook" ? [note.output ?? ""] : []));
    const told =
      'the hub does not take this session (shims older than 9.0.0 are not spoken with); run "sluice up", then restart the session (/mcp, reconnect)';
    expect(said.filter((output) => output.includes("systemMessage"))).toEqual([
      JSON.stringify({ systemMessage: `Sluice: ${told}` }),
    ]);
    expect(session.reads.some(({ text }) => text.includes(told))).toBe(true);
  },
);
