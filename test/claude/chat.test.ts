// The chat page with the real client: what is typed wakes the session, what the model replies stands on the page.
import { expect } from "vitest";

import type { EventView } from "../../src/api/wire.ts";
import { openBrowser, openTab, say, SKIPPED } from "../browser/browser.ts";
import { expectReadExactlyOnce } from "./readings.ts";
import { callTool, script } from "./script.ts";
import { sessionTest } from "./sluice-test.ts";

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
      await typeByHand(link, "is-the-page-there?");
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

/** What the page does, where there is no browser. */
async function typeByHand(link: string, text: string): Promise<void> {
  const { origin, hash } = new URL(link);
  const post = (path: string, body: unknown, headers: Record<string, string>): Promise<Response> =>
    fetch(`${origin}/v1/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
  const signedIn = await post("sign-in", { token: hash.replace("#open=", "") }, {});
  const { key } = (await signedIn.json()) as { key: string };
  const headers = {
    "x-sluice-key": key,
    cookie: signedIn.headers.get("set-cookie")?.split(";", 1)[0] ?? "",
  };
  await fetch(`${origin}/v1/page`, { headers });
  await post("chats/chat-1/messages", { key: crypto.randomUUID(), text }, headers);
}
