// Events that come while the session is doing something else, and turns that are cut off.
import { expect } from "vitest";

import { toPrompt, toRead } from "./api-request.ts";
import { countGiven, expectReadExactlyOnce, waitForWords } from "./readings.ts";
import { callBash, script } from "./script.ts";
import { sessionTest } from "./sluice-test.ts";

const mayRunBash = ["--allowed-tools", "Bash"];

sessionTest(
  "an event in a running turn waits for its end, then has a turn of its own",
  {
    args: mayRunBash,
    script: script(
      { when: "run the tests", answer: () => callBash("sleep 3; echo tests-are-done") },
      { when: "tests-are-done", answer: () => "the tests are done" },
    ),
  },
  async ({ api, client, sluice }) => {
    await client.submit("run the tests");
    await waitForWords(api, "run the tests");
    const event = await sluice.fail("during-a-tool");
    await sluice.waitForState(event.id, "done");
    expectReadExactlyOnce(api, event);
    const [asked, ran, woken] = api.turns;
    expect(api.turns).toHaveLength(3);
    expect(toRead(asked!)).not.toContain(event.marker);
    expect(toRead(ran!)).not.toContain(event.marker);
    expect(toRead(woken!)).toContain("the tests are done");
    expect(toRead(woken!)).toContain(event.marker);
  },
);

sessionTest(
  "an urgent event is read in the running turn, beside the tool's result",
  {
    args: mayRunBash,
    script: script({
      when: "run the tests",
      answer: () => callBash("sleep 4; echo tests-are-done"),
    }),
  },
  async ({ api, client, sluice }) => {
    const alerts = await sluice.addTwoWay("alerts");
    await client.submit("run the tests");
    await waitForWords(api, "run the tests");
    const event = await sluice.say(alerts, "the-disk-is-full", "urgent");
    const request = await waitForWords(api, event.marker);
    expect(toRead(request)).toContain("tests-are-done");
    await client.waitForIdle();
    expectReadExactlyOnce(api, event);
    await sluice.waitForState(event.id, "seen");
  },
);

let endHold: () => void = () => undefined;

sessionTest(
  "an event while the model holds its answer waits for the end of that turn",
  {
    script: script({
      when: "think for long",
      answer: () => ({
        blocks: [{ text: "thought" }],
        hold: new Promise<void>((resolve) => (endHold = resolve)),
      }),
    }),
  },
  async ({ api, client, sluice }) => {
    await client.submit("think for long");
    await waitForWords(api, "think for long");
    const event = await sluice.fail("during-a-thought");
    const trace = await sluice.trace(event.id);
    expect(trace.event.state).toBe("stored");
    expect(trace.steps.at(-1)?.reason).toMatch(/turn/);
    endHold();
    await sluice.waitForState(event.id, "done");
    expectReadExactlyOnce(api, event);
    expect(api.turns).toHaveLength(2);
  },
);

sessionTest(
  "Esc in the turn that carried an event: it stays read, and the next turn's end proves it",
  {
    script: script({
      when: "in-a-turn-cut-off",
      answer: () => ({ blocks: [{ text: "never shown" }], hold: new Promise(() => undefined) }),
    }),
  },
  async ({ api, client, sluice }) => {
    const event = await sluice.fail("in-a-turn-cut-off");
    await waitForWords(api, event.marker);
    await client.press("Escape");
    await client.waitForIdle();
    expect((await sluice.trace(event.id)).event.state).toBe("offered");
    await client.submit("go on with the work");
    const next = await api.waitFor(
      (one) => one.kind === "main" && (toPrompt(one)?.includes("go on") ?? false),
    );
    expect(toRead(next)).toContain(event.marker);
    await sluice.waitForState(event.id, "done");
    expectReadExactlyOnce(api, event);
  },
);

sessionTest(
  "Esc in another turn: the event that waited for its end arrives all the same, the draft stays",
  {
    script: script({
      when: "a question that is taken back",
      answer: () => ({ blocks: [{ text: "never shown" }], hold: new Promise(() => undefined) }),
    }),
  },
  async ({ api, client, sluice }) => {
    await client.submit("a question that is taken back");
    await waitForWords(api, "taken back");
    const event = await sluice.fail("behind-a-turn-cut-off");
    await client.press("Escape");
    await client.waitForIdle();
    // Esc ends a turn without a hook: the hub finds out by asking, after 20 s of silence.
    await sluice.waitForState(event.id, "done", 45_000);
    await client.waitForIdle();
    expectReadExactlyOnce(api, event);
    expect(await client.screen()).toContain("a question that is taken back");
    expect(countGiven(api, "a question that is taken back")).toBe(1);
  },
);
