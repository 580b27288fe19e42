// Processes that die or hang between an event and its reader: nothing is lost, and what
// is read twice says so.
import { setTimeout as sleep } from "node:timers/promises";

import { expect } from "vitest";

import { toRead } from "./api-request.ts";
import { signal } from "./processes.ts";
import {
  countGiven,
  expectReadExactlyOnce,
  expectReadOnce,
  listReadings,
  waitForWords,
} from "./readings.ts";
import { callTool, script } from "./script.ts";
import { hold, waitForOurs } from "./sluice.ts";
import { expectGone, expectQuietScreen, sessionTest, toArgs } from "./sluice-test.ts";

/** The API refuses whatever holds the event, as long as this is true. */
let failing = false;

sessionTest(
  "the hub is killed right after it took an event: a shim starts another, which delivers it",
  {},
  async ({ api, sluice }) => {
    const { pid } = await sluice.readHub();
    const event = await sluice.fail("hub-killed-at-once");
    await sluice.killHub(pid);
    await sluice.waitForState(event.id, "done", 30_000);
    expectReadExactlyOnce(api, event);
    expect((await sluice.readHub()).pid).not.toBe(pid);
  },
);

sessionTest(
  "the hub is killed between the bell and the hook: the event is delivered once, by the next hub",
  {},
  async ({ api, client, sluice }) => {
    const { pid } = await sluice.readHub();
    const { shim } = await waitForOurs(client.pid);
    // The shim hangs, so that the hook cannot be answered before the hub is dead.
    const event = await sluice.fail("hub-killed-after-bell");
    await sluice.waitForRing();
    const held = hold(shim);
    await sluice.killHub(pid);
    held.release();
    await sluice.waitForState(event.id, "done", 30_000);
    expectReadExactlyOnce(api, event);
  },
);

sessionTest(
  "a hub that hangs keeps no turn waiting; when it goes on, the event is delivered once",
  {},
  async ({ api, client, sluice }) => {
    const { pid } = await sluice.readHub();
    const event = await sluice.fail("hub-hung-after-bell");
    await sluice.waitForRing();
    const held = hold(pid);
    // The bell's turn comes without a note, and ends.
    await waitForWords(api, "Sluice bell");
    await client.waitForIdle();
    held.release();
    await sluice.waitForState(event.id, "done", 45_000);
    expectReadOnce(api, event);
  },
);

let reached: ((id: string) => void) | undefined;

sessionTest(
  "a hub that hangs opens no dialog: a long reply waits for it, and goes out",
  {
    mode: "manual",
    script: async (request) => {
      const [, id] = /event_id="(evt_\w+)"[^>]*>[^<]*answer-at-length/.exec(toRead(request)) ?? [];
      if (request.kind !== "main" || id === undefined || reached === undefined) return undefined;
      reached(id);
      reached = undefined;
      return callTool("reply", { event_id: id, text: "at length ".repeat(1_000) });
    },
  },
  async ({ client, sluice }) => {
    const chat = await sluice.addTwoWay("team");
    const { pid } = await sluice.readHub();
    const held = new Promise<ReturnType<typeof hold>>((resolve) => {
      // The model has the event: from here on the hub says nothing.
      reached = () => resolve(hold(pid));
    });
    const asked = await sluice.say(chat, "answer-at-length, please");
    const hung = await held;
    await client.waitForScreen("Calling plugin:sluice:sluice");
    await sleep(1_000);
    await expectQuietScreen(client);
    hung.release();
    await sluice.waitForState(asked.id, "done");
    await expect.poll(() => chat.replies.map(({ text }) => text.length)).toEqual([10_000]);
  },
);

sessionTest(
  "the model's API fails in the turn that carried an event: it comes again later, marked as replayed",
  {
    script: (request) =>
      request.kind === "main" && failing && toRead(request).includes("api-failed")
        ? { status: 400, errorType: "invalid_request_error" }
        : undefined,
  },
  async ({ api, client, sluice }) => {
    failing = true;
    const event = await sluice.fail("api-failed");
    await client.waitForScreen(/API Error/);
    failing = false;
    await sluice.waitForState(event.id, "done", 60_000);
    expectReadOnce(api, event);
  },
);

sessionTest(
  "the client is killed while the model reads an event: the next session has it, marked as replayed",
  {
    script: script({
      when: "client-killed",
      answer: () => ({ blocks: [{ text: "never shown" }], hold: new Promise(() => undefined) }),
    }),
  },
  async ({ api, client, open, sluice }) => {
    const { shim, bell } = await waitForOurs(client.pid);
    const event = await sluice.fail("client-killed");
    await waitForWords(api, event.marker);
    await client.kill("SIGKILL");
    await expectGone([shim, bell]);
    const next = await open(toArgs({}));
    await sluice.waitForState(event.id, "done", 30_000);
    expectReadOnce(api, event);
    expect(listReadings(api, event.id).map(({ replayed }) => replayed)).toEqual([false, true]);
    await expectQuietScreen(next);
  },
);

sessionTest(
  "the client is killed right after the bell: the next session reads the event",
  {},
  async ({ api, client, open, sluice }) => {
    const { shim, bell } = await waitForOurs(client.pid);
    const event = await sluice.fail("client-killed-at-once");
    await sluice.waitForRing();
    await client.kill("SIGKILL");
    await expectGone([shim, bell]);
    await open(toArgs({}));
    await sluice.waitForState(event.id, "done", 30_000);
    expectReadOnce(api, event);
  },
);

sessionTest(
  "the shim is killed: the bell says once how to reconnect, and then what waited arrives",
  {},
  async ({ api, client, sluice }) => {
    const { shim, bell } = await waitForOurs(client.pid);
    signal(shim, "SIGKILL");
    await expectGone([shim]);
    const event = await sluice.fail("shim-killed");
    await waitForWords(api, "reconnect it with /mcp");
    await client.waitForIdle();
    await sleep(3_000);
    expect(countGiven(api, "reconnect it with /mcp")).toBe(1);
    expect(api.turns).toHaveLength(1);
    expect((await sluice.trace(event.id)).event.state).toBe("stored");

    await client.submit("/mcp");
    await client.waitForScreen("Enter to view");
    await client.press("Enter");
    await client.waitForScreen(/❯ (\d\. )?Reconnect/);
    await client.press("Enter");
    await client.waitForScreen(/Reconnected to plugin:sluice:sluice/);
    await sluice.waitForState(event.id, "done");
    expectReadExactlyOnce(api, event);
    expect((await waitForOurs(client.pid)).bell).toBe(bell);
    // The client shows that the hooks of the turn without a shim failed: end it here.
    await client.kill("SIGTERM");
  },
);
