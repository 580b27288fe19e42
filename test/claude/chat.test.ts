// The chat page with the real client: what is typed wakes the session, what the model replies stands on the page.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect } from "vitest";

import type { EventView } from "../../src/api/wire/wire.ts";
import { openBrowser, openTab, say, SKIPPED } from "../browser/browser.ts";
import { toRead } from "./api-request.ts";
import { PageByHand } from "./page-by-hand.ts";
import { expectReadExactlyOnce, waitForWords } from "./readings.ts";
import { callTool, script } from "./script.ts";
import { sessionTest } from "./sluice-test.ts";
import { waitUntil } from "./wait.ts";

sessionTest(
  "a message typed on the chat page wakes the session, and its reply stands on the page",
  {
    script: script({
      when: /event_id="(evt_\w+)"[^>]*>[^]*?is-the-page-there/,
      answer: ([, id]) => callTool("reply", { event_id: id, text: "**Loud** and clear." }),
    }),
  },
  async ({ api, client, defer, sluice }) => {
    const link = (await sluice.run("open", "--print")).trim();
    if (SKIPPED === undefined) {
      const context = await openBrowser({ add: defer });
      const { page, alarms } = await openTab(context, link);
      await page.getByRole("textbox", { name: "Message" }).waitFor();
      await say(page, "is-the-page-there?");
      await page
        .locator(".message.session strong", { hasText: "Loud" })
        .waitFor({ timeout: 30_000 });
      expect(alarms).toEqual([]);
    } else {
      await (await PageByHand.open(link)).say("is-the-page-there?");
    }
    const events = (await sluice.run("inbox", "--channel", "chat", "--json")).trim().split("\n");
    expect(events).toHaveLength(1);
    // What `inbox --json` prints is an EventView a line.
    const event = JSON.parse(events[0] ?? "") as EventView;
    await sluice.waitForState(event.id, "done");
    expectReadExactlyOnce(api, { id: event.id, marker: "is-the-page-there" });
    await client.waitForIdle();
  },
);

const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

sessionTest(
  "a photo, a file, an answer and an edit on the page are read; the session's file stands there",
  {
    script: script(
      {
        when: /event_id="(evt_\w+)"[^>]*>\s*Message typed on the chat page, with 2 files/,
        answer: ([, id]) => callTool("download_attachment", { event_id: id, index: 2 }),
      },
      {
        when: /event_id="(evt_\w+)"[^>]*>\s*Message typed on the chat page, with 2 files[^]*\[tool_result\][^]*?\/\S+notes\.txt/,
        answer: ([, id]) =>
          callTool("reply", { event_id: id, text: "Here is the report.", files: ["report.txt"] }),
      },
    ),
  },
  async ({ api, client, home, sluice }) => {
    writeFileSync(join(home.project, "report.txt"), "42 tests\n");
    const page = await PageByHand.open((await sluice.run("open", "--print")).trim());
    const files = [
      await page.upload("dot.png", PNG),
      await page.upload("notes.txt", Buffer.from("line one\n")),
    ];
    const asked = await page.say("look-at-these-two", { files });
    const given = toRead(await waitForWords(api, "look-at-these-two"));
    const [, image = ""] = /image_path="([^"]+)"/.exec(given) ?? [];
    expect(readFileSync(image)).toEqual(PNG);
    const answer = await waitUntil(
      async () => (await page.list()).find(({ author }) => author === "session"),
      { what: "the answer on the page", timeoutMs: 30_000 },
    );
    expect(answer).toMatchObject({ text: "Here is the report.", files: [{ name: "report.txt" }] });
    expect(await page.download(answer.files[0]?.id ?? "")).toBe("42 tests\n");
    // The file that the session fetched is the one that was sent.
    const fetched = api.requests.map(toRead).join("\n");
    const [, notes = ""] = /\[tool_result\] (\/\S+notes\.txt)/.exec(fetched) ?? [];
    expect(notes === "" ? fetched : readFileSync(notes, "utf8")).toBe("line one\n");
    await client.waitForIdle();

    await page.say("since-when-is-that", { replyTo: answer.id });
    expect(toRead(await waitForWords(api, "since-when-is-that"))).toContain(
      "| in reply to: Here is the report.",
    );
    await client.waitForIdle();

    await page.edit(asked, "look-at-the-second-one");
    expect(toRead(await waitForWords(api, "look-at-the-second-one"))).toContain(
      "| edited message: look-at-the-second-one",
    );
    await client.waitForIdle();
    expect(await page.list()).toMatchObject([
      { id: asked, text: "look-at-the-second-one", state: "done", editedAt: expect.any(Number) },
      { id: answer.id },
      { text: "since-when-is-that", replyTo: answer.id },
    ]);
  },
);
