// An event wakes an idle session: the product in one test, in both permission modes.
import { expect } from "vitest";

import { toRead } from "./api-request.ts";
import { countGiven, expectReadExactlyOnce, listReadings } from "./readings.ts";
import { callTool, script } from "./script.ts";
import { sessionTest } from "./sluice-test.ts";
import type { PermissionMode } from "./sluice-test.ts";
import { waitUntil } from "./wait.ts";

for (const mode of ["auto", "manual"] satisfies PermissionMode[]) {
  sessionTest(
    `a signed GitHub delivery wakes an idle session in ${mode} mode; the next request holds it, once`,
    { mode },
    async ({ api, client, sluice }) => {
      const marker = `build-broke-${mode}`;
      const before = api.requests.length;
      const { status, id } = await sluice.fail(marker);
      expect(status).toBe(202);

      const request = await api.waitFor((one) => toRead(one).includes(marker));
      expect(api.turns[0]).toBe(request);
      await client.waitForIdle();
      const trace = await sluice.waitForState(id, "done");
      expectReadExactlyOnce(api, { id, marker });
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
      expect(listReadings(api, asked.id)).toHaveLength(1);
      expect(listReadings(api, told.id)).toHaveLength(1);
      expect(chat.replies).toHaveLength(1);
      expect(countGiven(api, "just-so-you-know")).toBe(1);
    },
  );
}
