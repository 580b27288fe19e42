// A prompt that the session has scheduled itself: the client hands it over like a typed one.
import { expect } from "vitest";

import { toPrompt } from "./api-request.ts";
import { script, useTool } from "./script.ts";
import { sessionTest } from "./sluice-test.ts";
import { waitUntil } from "./wait.ts";

const poll = { cron: "* * * * *", prompt: "poll-the-build-now", recurring: false };

sessionTest(
  "a prompt that the model scheduled does not bring its user back; one that they type does",
  {
    args: ["--allowed-tools", "CronCreate"],
    script: script({ when: "keep an eye on it", answer: () => useTool("CronCreate", poll) }),
  },
  async ({ api, client, sluice }) => {
    const isAway = async (): Promise<boolean> => (await sluice.run("away")).startsWith("away (on");
    await client.submit("keep an eye on it");
    await client.waitForIdle();
    await sluice.run("away", "on");
    // The next full minute, and some seconds by which the client spreads such prompts.
    await api.waitFor((request) => toPrompt(request)?.includes(poll.prompt) ?? false, {
      what: "of the scheduled prompt",
      timeoutMs: 90_000,
    });
    await client.waitForIdle();
    expect(await isAway()).toBe(true);
    await client.submit("I am back");
    await waitUntil(async () => ((await isAway()) ? undefined : true), {
      timeoutMs: 10_000,
      what: "the end of being away",
    });
  },
);
