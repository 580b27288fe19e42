// An event wakes an idle session: the product in one test, in both permission modes.
import { expect } from "vitest";

import type { TraceView } from "../../src/api/wire/trace-wire.ts";
import { toRead } from "./api-request.ts";
import { countGiven, expectReadExactlyOnce, waitForWords } from "./readings.ts";
import { callTool, script } from "./script.ts";
import { expectQuietScreen, sessionTest, sluiceTest, toArgs } from "./sluice-test.ts";
import type { PermissionMode } from "./sluice-test.ts";
import { waitUntil } from "./wait.ts";

for (const mode of ["auto", "manual"] satisfies PermissionMode[]) {
  sessionTest(
    `a signed GitHub delivery wakes an idle session in ${mode} mode; the next request holds it, once`,
    { mode },
    async ({ api, client, sluice }) => {
      const marker = `build-broke-${mode}`;
      const before = api.requests.length;
      const event = await sluice.fail(marker);

      const request = await waitForWords(api, marker);
      expect(api.turns[0]).toBe(request);
      await client.waitForIdle();
      await sluice.waitForState(event.id, "done");
      const trace = JSON.parse(await sluice.run("trace", event.id, "--json")) as TraceView;
      expectReadExactlyOnce(api, event);
      // One event on an idle session costs one request to the model.
      expect(api.requests.slice(before).filter(({ kind }) => kind === "main")).toHaveLength(1);

      const steps = trace.steps.map(({ stage }) => stage);
      expect(steps).toEqual(
        expect.arrayContaining(["stored", "routed", "offered", "seen", "done"]),
      );
      const times = trace.steps.map(({ at }) => at);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      expect(times.every((at) => Math.abs(at - Date.now()) < 60_000)).toBe(true);
    },
  );

  sessionTest(
    `the model answers a person and closes an event in ${mode} mode, with nobody at the keyboard`,
    {
      mode,
      script: script(
        {
          when: /event_id="(evt_\w+)"[^>]*>[^<]*where-are-we/,
          answer: ([, id]) => callTool("reply", { event_id: id, text: "Two tests left." }),
        },
        {
          when: /event_id="(evt_\w+)"[^>]*>[^<]*just-so-you-know/,
          answer: ([, id]) => callTool("ack", { event_ids: [id] }),
        },
      ),
    },
    async ({ api, client, sluice }) => {
      const chat = await sluice.addTwoWay("team");
      const asked = await sluice.say(chat, "where-are-we?");
      const [reply] = await waitUntil(() => (chat.replies.length > 0 ? chat.replies : undefined), {
        what: "the reply",
      });
      expect(reply).toMatchObject({ event_id: asked.id, text: "Two tests left." });
      await client.waitForIdle();
      expect(
        (await sluice.waitForState(asked.id, "done")).steps.map(({ stage }) => stage),
      ).toContain("replied");

      const told = await sluice.say(chat, "just-so-you-know");
      await sluice.waitForState(told.id, "done");
      await client.waitForIdle();
      expectReadExactlyOnce(api, asked, told);
      expect(chat.replies).toHaveLength(1);
    },
  );
}

sluiceTest(
  "an event that came before any session waits for the first one, and wakes it",
  {},
  async ({ api, open, sluice }) => {
    const event = await sluice.fail("came-too-early");
    expect((await sluice.trace(event.id)).event.state).toBe("stored");
    const client = await open(toArgs({}));
    await sluice.waitForState(event.id, "done");
    expectReadExactlyOnce(api, event);
    await expectQuietScreen(client);
  },
);

sessionTest(
  "twenty events at once wake the session a few times at most; each is read once",
  {},
  async ({ api, sluice }) => {
    const markers = Array.from({ length: 20 }, (_, index) => `burst-${index}-of-20`);
    const events = await Promise.all(markers.map((marker) => sluice.fail(marker)));
    for (const { id } of events) await sluice.waitForState(id, "done");
    expectReadExactlyOnce(api, ...events);
    expect(api.turns.length).toBeLessThanOrEqual(3);
  },
);

sessionTest(
  "more than a note can hold: what is left is read with the inbox tool",
  {
    script: script(
      // Each page says whether there is more; three are enough for what is sent here.
      ...Array.from({ length: 3 }, (_, page) => ({
        when:
          page === 0 ? /more wait: read them with the inbox tool/ : /more wait: call inbox again/,
        answer: () => callTool("inbox", {}),
      })),
    ),
  },
  async ({ api, sluice }) => {
    const long = ` ${"words of a stranger ".repeat(40)}`;
    const markers = Array.from({ length: 18 }, (_, index) => `long-${index}-of-18`);
    const events = await Promise.all(markers.map((marker) => sluice.fail(marker, long)));
    for (const { id } of events) await sluice.waitForState(id, "done");
    expectReadExactlyOnce(api, ...events);
    const notes = api.turns.flatMap(({ messages }) =>
      messages.filter(({ text }) => text.startsWith("UserPromptSubmit hook additional context")),
    );
    // The client replaces a longer context by a file reference.
    expect(Math.max(...notes.map(({ text }) => text.length))).toBeLessThan(10_000);
  },
);

sessionTest(
  "a text that is too long for a note is cut, and read whole with the details tool",
  {
    script: script({
      when: /event_id="(evt_\w+)"/,
      answer: ([, id]) => callTool("details", { event_id: id }),
    }),
  },
  async ({ api, client, sluice }) => {
    const chat = await sluice.addTwoWay("team");
    const event = await sluice.say(chat, `the-start ${"and more ".repeat(2_000)} the-end`);
    const whole = await waitForWords(api, "the-end");
    await client.waitForIdle();
    const note = await waitForWords(api, "the-start");
    expect(toRead(note)).toContain("more characters: details");
    // Wherever the whole of it stands, it stands once.
    expect(countGiven(api, "the-end")).toBe(1);
    expect(toRead(whole)).toContain(event.marker.slice(0, 15_000));
  },
);
