/**
 * A host without a shim: it finds sessions, loses receipts and relays prompts. What it brings stands in test-host.ts; all else that knows
 * of it is the one line of registration in `open`.
 */
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openClient, read } from "../../src/api/client/client.ts";
import { locateSocket } from "../../src/local/home.ts";
import { readProcess } from "../../src/local/process.ts";
import { openHub } from "../../src/hub/hub.ts";
import { makeFolder } from "../../src/store/sample.fixture.ts";
import { Agent } from "./agent.ts";
import { toTestHost } from "./test-host.ts";

const ignore = (): void => {};
const log = { debug: ignore, info: ignore, warn: ignore, error: ignore };

async function open(folder = makeFolder(), agent?: Agent) {
  const env = { SLUICE_HOME: join(folder, "home"), SLUICE_INGRESS_PORT: "0", SLUICE_WEB_PORT: "0" };
  const socket = join(folder, "agent.sock");
  const far = agent ?? (await Agent.listen(socket));
  if (agent === undefined) {
    onTestFinished(() => far.close());
    far.openSession("s1", "/work/app");
  }
  const hub = await openHub({ env, log, stop: ignore, hosts: [toTestHost(socket)] });
  onTestFinished(() => hub.close());
  const client = openClient(() => locateSocket(env));
  onTestFinished(() => client.close());
  const { api } = client;
  if (agent === undefined) await hub.addChannel({ kind: "webhook", name: "jobs" });
  return {
    agent: far,
    hub,
    folder,
    api,
    sessions: async () => (await read(api.status.$get())).sessions,
    prompts: () => read(api.prompts.$get({ query: { limit: "9" } })),
    event: async (id: string) => {
      const { event } = await read(api.events[":id"].trace.$get({ param: { id } }));
      return event;
    },
    emit: async (text: string) => {
      const json = { channel: "jobs", text, meta: {}, priority: "normal" as const };
      const { id } = await read(api.emit.$post({ json }));
      return id;
    },
  };
}

type Scene = Awaited<ReturnType<typeof open>>;

const untilState = (scene: Scene, id: string, state: string) =>
  expect.poll(async () => (await scene.event(id)).state).toBe(state);

test("a session is found without a shim, and an event is read in it", async () => {
  const scene = await open();
  await expect
    .poll(scene.sessions)
    .toMatchObject([{ id: "s1", lane: "test-host", target: true, cwd: "/work/app" }]);
  const id = await scene.emit("build 7 is done");
  await untilState(scene, id, "done");
  expect(scene.agent.events).toMatchObject([{ event: id, replayed: false }]);
  expect((await scene.event(id)).deliveries).toMatchObject([
    { session: "s1", lane: "test-host", attempt: 1 },
  ]);
  expect(await scene.sessions()).toMatchObject([
    {
      state: "proven",
      busy: false,
      laneFacts: ["found over its socket"],
      client: { name: "test-host" },
    },
  ]);
});

test("97 events that waited for a session of a host come in a few messages, each told once and proved by its message", async () => {
  const scene = await open();
  await expect.poll(scene.sessions).toHaveLength(1);
  scene.agent.endSession("s1");
  await expect.poll(scene.sessions).toEqual([]);
  const ids: string[] = [];
  for (let index = 0; index < 97; index++) ids.push(await scene.emit(`job ${index} failed`));
  scene.agent.openSession("s2", "/work/app");
  for (const id of ids) await untilState(scene, id, "done");
  const { events } = scene.agent;
  // Alone, while nobody knows yet whether the session reads what it is sent.
  expect(events[0]).toMatchObject({ event: ids[0], text: "job 0 failed" });
  expect(events.length).toBeLessThan(8);
  const told = events.flatMap(({ event, text }) => text.match(/(?<=^- )evt_\w+/gm) ?? [event]);
  expect(told.toSorted()).toEqual(ids.toSorted());
});

test("a receipt that is lost: the event goes again, marked, and the next one waits for it", async () => {
  const scene = await open();
  scene.agent.reads = "lose";
  const id = await scene.emit("first");
  await expect.poll(() => scene.agent.events.length).toBe(1);
  scene.agent.reads = "at-once";
  const next = await scene.emit("second");
  await untilState(scene, id, "done");
  await untilState(scene, next, "done");
  expect(scene.agent.events.map(({ event, replayed }) => [event, replayed])).toEqual([
    [id, false],
    [id, true],
    [next, false],
  ]);
});

test("a receipt that comes late closes the attempt that is out by then", async () => {
  const scene = await open();
  scene.agent.reads = "late";
  const id = await scene.emit("slow");
  await untilState(scene, id, "done");
  expect(scene.agent.events.map(({ replayed }) => replayed)).toEqual([false, true]);
});

test("a session that ends takes nothing along: what it did not read waits for the next one", async () => {
  const scene = await open();
  scene.agent.reads = "lose";
  const id = await scene.emit("unread");
  await untilState(scene, id, "offered");
  scene.agent.endSession("s1");
  await expect.poll(scene.sessions).toEqual([]);
  await untilState(scene, id, "stored");
  scene.agent.reads = "at-once";
  scene.agent.openSession("s2", "/work/app");
  await untilState(scene, id, "done");
  expect(scene.agent.events.at(-1)).toMatchObject({ id: "s2", event: id, replayed: true });
});

test("what was out when the hub was restarted goes again, once the session is found again", async () => {
  const scene = await open();
  scene.agent.reads = "lose";
  const id = await scene.emit("over the restart");
  await untilState(scene, id, "offered");
  await scene.hub.close();
  scene.agent.reads = "at-once";
  const again = await open(scene.folder, scene.agent);
  await untilState(again, id, "done");
  expect(scene.agent.events.at(-1)).toMatchObject({ event: id, replayed: true });
});

test("what the session asks for is a prompt, and the verdict goes back over the socket, once", async () => {
  const scene = await open();
  await expect.poll(scene.sessions).toHaveLength(1);
  scene.agent.ask("s1", "req-42", "Bash", { command: "npm test" });
  await expect
    .poll(scene.prompts)
    .toMatchObject([{ state: "pending", session: "s1", tool: "Bash" }]);
  const [prompt] = await scene.prompts();
  const { pid } = process;
  const startTime = readProcess(pid)?.startTime ?? "";
  const caller = { pid, startTime, tty: false, session: false };
  const deny = {
    param: { ref: prompt?.id ?? "" },
    json: { verdict: { kind: "deny" as const }, caller },
  };
  await read(scene.api.prompts[":ref"].verdict.$post(deny));
  await read(scene.api.prompts[":ref"].verdict.$post(deny));
  await expect
    .poll(() => scene.agent.verdicts)
    .toEqual([{ kind: "verdict", id: "s1", requestId: "req-42", behavior: "deny" }]);
});
