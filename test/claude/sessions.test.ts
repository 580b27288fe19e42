// Which conversation an event belongs to: after /clear, beside headless runs, and when
// the model itself tries to play the hook.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { expect } from "vitest";

import { toRead } from "./api-request.ts";
import {
  countGiven,
  expectReadExactlyOnce,
  expectReadOnce,
  listReadings,
  toSession,
  waitForWords,
} from "./readings.ts";
import { callTool, script } from "./script.ts";
import { expectQuietScreen, sessionTest, sluiceTest, toArgs } from "./sluice-test.ts";

sessionTest(
  "after /clear what was read but not answered comes again, marked, and new events go to the new session",
  {},
  async ({ api, client, sluice }) => {
    const chat = await sluice.addTwoWay("team");
    const asked = await sluice.say(chat, "asked-before-clear");
    const closed = await sluice.fail("closed-before-clear");
    await sluice.waitForState(asked.id, "seen");
    await sluice.waitForState(closed.id, "done");
    await client.waitForIdle();

    await client.submit("/clear");
    const later = await sluice.fail("sent-after-clear");
    await sluice.waitForState(later.id, "done", 30_000);
    await sluice.waitForState(asked.id, "seen", 30_000);
    await client.waitForIdle();
    expectReadOnce(api, asked, closed, later);
    expectReadExactlyOnce(api, closed, later);
    const readings = listReadings(api, asked.id);
    expect(readings.map(({ replayed }) => replayed)).toEqual([false, true]);
    expect(readings[1]?.session).not.toBe(readings[0]?.session);
    expect(listReadings(api, later.id)[0]?.session).toBe(readings[1]?.session);
  },
);

sessionTest(
  "of two open sessions one reads an event, the one that was used last",
  {},
  async ({ api, client, open, sluice }) => {
    const other = await open(toArgs({}));
    await sluice.waitForSessions(2);
    await client.submit("this window is in use");
    const typed = await waitForWords(api, "this window");
    await client.waitForIdle();
    const event = await sluice.fail("for-one-of-two");
    await sluice.waitForState(event.id, "done");
    expectReadExactlyOnce(api, event);
    const request = api.turns.find((one) => toRead(one).includes(event.marker));
    expect(request && toSession(request)).toBe(toSession(typed));
    await expectQuietScreen(other);
  },
);

sessionTest(
  "what comes while a conversation is closed waits until it is continued",
  {},
  async ({ api, client, open, sluice }) => {
    const before = await sluice.fail("before-it-was-closed");
    await sluice.waitForState(before.id, "done");
    await client.waitForIdle();
    await client.exit();
    const event = await sluice.fail("while-it-was-closed");
    const continued = await open(toArgs({ args: ["--continue"] }));
    await sluice.waitForState(event.id, "done");
    expectReadExactlyOnce(api, before, event);
    const [first, second] = [before, event].map(({ id }) => listReadings(api, id)[0]?.session);
    expect(second).toBe(first);
    await expectQuietScreen(continued);
  },
);

sluiceTest(
  "headless runs and probes beside it take no event and start nothing",
  {},
  async ({ api, home, open, run, sluice }) => {
    const event = await sluice.fail("not-for-headless");
    const printed = await run(["-p", "hello"]);
    expect(printed).toMatchObject({ code: 0, stdout: "ok\n", stderr: "" });
    const listed = await run(["mcp", "list"]);
    expect(listed.stdout).toMatch(/plugin:sluice:sluice.*Connected/);
    expect(countGiven(api, event.marker)).toBe(0);
    expect((await sluice.trace(event.id)).event.state).toBe("stored");

    await sluice.run("down");
    await run(["mcp", "list"]);
    await sleep(1_000);
    expect(existsSync(join(home.home, ".sluice", "hub.sock"))).toBe(false);

    // A session at work beside them keeps what is its own.
    const client = await open(toArgs({}));
    await sluice.waitForState(event.id, "done");
    const [, second] = await Promise.all([
      run(["-p", "hello again"]),
      sluice.fail("for-the-person"),
    ]);
    await sluice.waitForState(second.id, "done");
    expectReadExactlyOnce(api, event, second);
    const sessions = [event, second].map(({ id }) => listReadings(api, id)[0]?.session);
    expect(sessions[0]).toBe(sessions[1]);
    await expectQuietScreen(client);
  },
);

sessionTest(
  "the model cannot play the hook: its call is refused, and no receipt comes of it",
  {
    script: script({
      when: "not-to-be-faked",
      answer: () =>
        callTool("hook", { event: "SessionEnd", session: "of-my-own", prompt_id: "made-up" }),
    }),
  },
  async ({ api, client, sluice }) => {
    const chat = await sluice.addTwoWay("team");
    const event = await sluice.say(chat, "not-to-be-faked");
    const answered = await waitForWords(api, "[tool_result]");
    expect(toRead(answered)).toMatch(/\[tool_result\].*(No such tool|not a tool for the model)/s);
    const trace = await sluice.waitForState(event.id, "seen");
    await client.waitForIdle();
    expect(trace.event.deliveries.map(({ attempt, state }) => ({ attempt, state }))).toEqual([
      { attempt: 1, state: "seen" },
    ]);
    expect((await sluice.status()).sessions.map(({ id }) => id)).not.toContain("of-my-own");
    expectReadExactlyOnce(api, event);
  },
);
