// What the person at the terminal sees of events, answers and approvals, drawn by the real client; and that the model is sent no word of it.
import { expect } from "vitest";

import type { Verdict } from "../../src/sdk/prompt.ts";
import { answer, untilAsked } from "../e2e/people.ts";
import { toRead } from "./api-request.ts";
import type { Client } from "./client.ts";
import { waitForWords } from "./readings.ts";
import { callTool, script, useTool } from "./script.ts";
import { sessionTest, type SluiceStage } from "./sluice-test.ts";

const ALLOW: Verdict = { kind: "allow" };

/** What a hook said on the screen, without the client's own signs: a text of several lines stands below each other. */
async function untilSays(client: Client, hook: string, lines: readonly string[]): Promise<void> {
  const wanted = lines.map((line) => line.replaceAll(/\s+/g, ""));
  await client.waitForScreen(
    (screen) => {
      const said = screen.replaceAll(/\s+/g, "");
      return said.includes(`${hook}says:`) && wanted.every((line) => said.includes(line));
    },
    { timeoutMs: 30_000, history: true },
  );
}

/** The same of what an end of turn says: on a busy machine that may come too late for its own turn, and stands below the next. */
async function untilStopSays(client: Client, line: string): Promise<void> {
  try {
    await client.waitForScreen(line, { timeoutMs: 10_000, history: true });
  } catch {
    await client.submit("and now?");
    await client.waitForScreen(line, { timeoutMs: 60_000, history: true });
  }
}

/** Of all requests: none holds these words, in any part of its body. */
function expectUnread({ api }: Pick<SluiceStage, "api">, ...words: string[]): void {
  const bodies = api.requests.map(({ body }) => JSON.stringify(body ?? ""));
  for (const one of words)
    expect(bodies.filter((body) => body.includes(JSON.stringify(one).slice(1, -1)))).toEqual([]);
}

sessionTest(
  "a GitHub event is a line under the bell's, and costs the model no token",
  {},
  async (stage) => {
    const { api, client, sluice } = stage;
    const event = await sluice.fail("red-since-noon");
    await sluice.waitForState(event.id, "done");
    const line = "github: Workflow ";
    await untilSays(client, "UserPromptSubmit", [line]);
    // The model reads the event by its own tag; the line for the person stands nowhere.
    expect(toRead(await waitForWords(api, "red-since-noon"))).not.toContain(line);
    expectUnread(stage, line);
  },
);

sessionTest(
  "a message is who wrote it and the words; its answer is shown once it was sent",
  {
    script: script({
      when: /event_id="(evt_\w+)"[^>]*>[^<]*where-are-we/,
      answer: ([, id]) => callTool("reply", { event_id: id, text: "Two tests left." }),
    }),
  },
  async (stage) => {
    const { client, sluice } = stage;
    const chat = await sluice.addTwoWay("team");
    const event = await sluice.say(chat, "where-are-we?");
    await untilSays(client, "UserPromptSubmit", [": where-are-we?"]);
    await sluice.waitForState(event.id, "done");
    await untilStopSays(client, "sent to person-1 (team): Two tests left.");
    expectUnread(stage, "Sluice: sent to ");
  },
);

sessionTest(
  "of twenty-five events three lines are shown, and how many more there are",
  {},
  async (stage) => {
    const { client, sluice } = stage;
    const events = await Promise.all(
      Array.from({ length: 25 }, (_, at) =>
        sluice.fail(`burst-${at}-of-25`, "", { repository: `octo-org/app-${at}` }),
      ),
    );
    for (const { id } of events) await sluice.waitForState(id, "done", 60_000);
    await client.waitForScreen(/and \d+ more/, { history: true });
    const screen = await client.screen({ history: true });
    expect(screen.match(/github: Workflow/g)?.length ?? 0).toBeLessThanOrEqual(9);
  },
);

sessionTest(
  "manual mode: who has allowed a call, and where, stands on the screen",
  {
    mode: "manual",
    script: script({
      when: "please work",
      answer: () => useTool("Bash", { command: "touch allowed-here", description: "work" }),
    }),
  },
  async (stage) => {
    const { client, sluice } = stage;
    await client.submit("please work");
    const prompt = await untilAsked(sluice.place);
    await answer(sluice.place, prompt.id, ALLOW, prompt.code);
    await client.waitForScreen("Allowed by PermissionRequest hook");
    await client.waitForIdle();
    await untilStopSays(client, "Sluice: Bash allowed by browser ");
    expectUnread(stage, "Sluice: Bash allowed by");
  },
);
