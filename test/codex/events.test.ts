/**
 * Webhooks into threads of the real Codex: idle, busy, closed; killed hubs and app-servers. What counts is the model's request.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import { signal } from "../claude/processes.ts";
import { waitUntil } from "../claude/wait.ts";
import { codexTest, prompt, runCodex } from "./stage.ts";

/** A promise, and how to keep it. */
function newGate() {
  return Promise.withResolvers<void>();
}

codexTest(
  "DAEMON-2: a webhook reaches the model of an idle thread once, as a tool's result, and its turn's end proves it",
  async (stage) => {
    const { sluice, model } = stage;
    await sluice.run("connect", "codex");
    expect(runCodex(stage, "mcp", "list")).toContain("sluice");
    await sluice.addGithub();
    const terminal = await stage.open();
    await stage.waitForThreads(1);
    const kept = await sluice.fail("marker-one");
    await sluice.waitForState(kept.id, "done");
    expect(model.countIn("marker-one")).toBe(1);
    const carrying = model.requests.find(({ text }) => text.includes("marker-one"));
    expect(
      carrying?.input.find((item) => JSON.stringify(item).includes("marker-one")),
    ).toMatchObject({
      type: "function_call_output",
      name: "sluice",
    });
    await terminal.waitForScreen(`Sluice: an event of github (${kept.id})`);
    const next = await sluice.fail("marker-two");
    await sluice.waitForState(next.id, "done");
    expect(model.countIn("marker-one")).toBe(1);
    expect(model.countIn("marker-two")).toBe(1);
    expect(await sluice.run("connect", "codex", "--remove")).toContain("no longer");
    expect(runCodex(stage, "mcp", "list")).not.toContain("sluice");
    await stage.waitForThreads(0);
  },
);

codexTest(
  "HOSTLANE-1 THREAD-2: what comes while a turn runs waits for its end, and is no part of it",
  async ({ sluice, model, ...stage }) => {
    await sluice.run("connect", "codex");
    await sluice.addGithub();
    const gate = newGate();
    model.script = ({ fresh }) =>
      fresh.includes("take your time") ? { text: "done", hold: gate.promise } : {};
    const terminal = await stage.open();
    await stage.waitForThreads(1);
    await prompt(terminal, "take your time");
    await waitUntil(
      async () => (await sluice.status()).sessions.some(({ busy }) => busy) || undefined,
      {
        what: "a busy thread",
      },
    );
    const kept = await sluice.fail("marker-busy");
    await waitUntil(
      async () => ((await sluice.trace(kept.id)).event.state === "stored" ? true : undefined),
      {
        what: "the event stored",
      },
    );
    expect(model.countWith("marker-busy")).toBe(0);
    gate.resolve();
    await sluice.waitForState(kept.id, "done");
    expect(model.countIn("marker-busy")).toBe(1);
  },
);

codexTest(
  "DAEMON-1: a thread that nobody has open is sent nothing; opened again it has what waited, once",
  async ({ sluice, model, ...stage }) => {
    await sluice.run("connect", "codex");
    await sluice.addGithub();
    const terminal = await stage.open();
    await prompt(terminal, "hello");
    const [thread = ""] = await stage.waitForThreads(1);
    await waitUntil(() => model.countWith("hello") > 0 || undefined, { what: "the first turn" });
    await terminal.press("C-c", "C-c");
    await stage.waitForThreads(0);
    const kept = await sluice.fail("marker-closed");
    expect((await sluice.trace(kept.id)).event.state).toBe("stored");
    expect(model.countWith("marker-closed")).toBe(0);
    await stage.open("resume", thread);
    expect(await stage.waitForThreads(1)).toEqual([thread]);
    await sluice.waitForState(kept.id, "done");
    expect(model.countIn("marker-closed")).toBe(1);
  },
);

codexTest(
  "DAEMON-1: after /new, and after /resume and a message there, an event goes into the thread that the terminal shows",
  async ({ sluice, model, ...stage }) => {
    await sluice.run("connect", "codex");
    await sluice.addGithub();
    const untilShown = (isRight: (thread: string) => boolean): Promise<string> =>
      waitUntil(
        async () => {
          const [thread = "", ...others] = await stage.waitForThreads(1);
          return others.length === 0 && isRight(thread) ? thread : undefined;
        },
        { timeoutMs: 30_000, what: "the thread that is shown" },
      );
    const untilRead = async (marker: string): Promise<string | undefined> => {
      const { id } = await sluice.fail(marker);
      await sluice.waitForState(id, "done");
      expect(model.countIn(marker)).toBe(1);
      return (await sluice.trace(id)).event.deliveries.at(-1)?.session;
    };
    const terminal = await stage.open();
    await prompt(terminal, "hello first");
    const first = await untilShown(() => true);
    await terminal.waitForScreen("hello first");
    await prompt(terminal, "/new");
    const second = await untilShown((thread) => thread !== first);
    expect(await untilRead("marker-new")).toBe(second);
    await prompt(terminal, "/resume");
    await terminal.waitForScreen("Resume a previous session");
    await terminal.waitForScreen("hello first");
    await terminal.type("first");
    await sleep(1_000);
    await terminal.press("Enter");
    await terminal.waitForScreen(
      (screen) => screen.includes("hello first") && !screen.includes("Resume a previous"),
    );
    await prompt(terminal, "hello again");
    await untilShown((thread) => thread === first);
    expect(await untilRead("marker-back")).toBe(first);
  },
);

codexTest(
  "HOSTLANE-3 THREAD-1: a hub that is killed while the model answers: the event is not sent again, and its turn's end proves it",
  async ({ sluice, model, ...stage }) => {
    await sluice.run("connect", "codex");
    await sluice.addGithub();
    const gate = newGate();
    model.script = ({ fresh }) => (fresh.includes("marker-kill") ? { hold: gate.promise } : {});
    await stage.open();
    await stage.waitForThreads(1);
    const kept = await sluice.fail("marker-kill");
    await waitUntil(() => model.countWith("marker-kill") === 1 || undefined, {
      what: "the request",
    });
    await sluice.killHub((await sluice.readHub()).pid);
    await sluice.run("up");
    await sluice.readHub();
    await stage.waitForThreads(1);
    expect((await sluice.trace(kept.id)).event.state).toBe("offered");
    gate.resolve();
    await sluice.waitForState(kept.id, "done");
    expect(model.countWith("marker-kill")).toBe(1);
    const next = await sluice.fail("marker-after");
    await sluice.waitForState(next.id, "done");
    expect(model.countIn("marker-kill")).toBe(1);
  },
);

codexTest(
  "THREAD-3: an app-server that is killed while the model answers: the thread that is opened again has the event once",
  async ({ sluice, model, ...stage }) => {
    await sluice.run("connect", "codex");
    await sluice.addGithub();
    const gate = newGate();
    model.script = () => (model.countWith("marker-dead") === 1 ? { hold: gate.promise } : {});
    const terminal = await stage.open();
    const [thread = ""] = await stage.waitForThreads(1);
    const kept = await sluice.fail("marker-dead");
    await waitUntil(() => model.countWith("marker-dead") === 1 || undefined, {
      what: "the request",
    });
    signal(stage.readDaemon(), "SIGKILL");
    gate.resolve();
    await terminal[Symbol.asyncDispose]();
    await stage.waitForThreads(0);
    await stage.open("resume", thread);
    await stage.waitForThreads(1);
    // A turn that failed makes the hub wait half a minute.
    await sluice.waitForState(kept.id, "done", 90_000);
    expect(model.countIn("marker-dead")).toBe(1);
  },
);
