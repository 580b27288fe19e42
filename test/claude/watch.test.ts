// What a session watches follows its conversation, whichever other window is in use.
import { setTimeout as sleep } from "node:timers/promises";

import { expect } from "vitest";

import { expectReadExactlyOnce, listReadings, toSession, waitForWords } from "./readings.ts";
import { expectQuietScreen, sessionTest, toArgs } from "./sluice-test.ts";

sessionTest(
  "what is watched for a conversation comes to it through /clear and a resume, while another window is in use",
  {},
  async ({ api, client, open, sluice }) => {
    await client.submit("watch from here");
    const watching = toSession(await waitForWords(api, "watch from here"));
    await client.waitForIdle();
    const other = await open(toArgs({}));
    await sluice.waitForSessions(2);
    await sluice.run("watch", "github", "--session", watching);
    const use = async (words: string): Promise<string> => {
      await other.submit(words);
      const request = await waitForWords(api, words);
      await other.waitForIdle();
      return toSession(request);
    };
    const inUse = await use("this window is in use");
    const first = await sluice.fail("for-the-watcher");
    await sluice.waitForState(first.id, "done");
    await client.waitForIdle();
    expect(listReadings(api, first.id)[0]?.session).toBe(watching);

    await client.submit("/clear");
    // The first hook of the new conversation tells of it.
    await client.submit("after the clear");
    const cleared = toSession(await waitForWords(api, "after the clear"));
    await client.waitForIdle();
    expect([watching, inUse]).not.toContain(cleared);
    await use("this window is in use again");
    const second = await sluice.fail("for-the-cleared-watcher");
    await sluice.waitForState(second.id, "done");
    await client.waitForIdle();
    expect(listReadings(api, second.id)[0]?.session).toBe(cleared);

    await client.exit();
    const third = await sluice.fail("while-the-watcher-is-closed");
    await sleep(4_000);
    expect((await sluice.trace(third.id)).event.state).toBe("stored");
    const resumed = await open(toArgs({ args: ["--resume", cleared] }));
    await sluice.waitForState(third.id, "done");
    expect(listReadings(api, third.id)[0]?.session).toBe(cleared);
    expectReadExactlyOnce(api, first, second, third);
    for (const window of [other, resumed]) await expectQuietScreen(window);
  },
);
