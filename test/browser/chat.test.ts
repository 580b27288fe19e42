import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import type { Model } from "../../src/host/turns.ts";
import { openRigWithHub, type Rig, until } from "../e2e/rig.ts";
import { openLane } from "../e2e/sessions.ts";
import { openBrowser, openChat, openTab, say, SKIPPED } from "./browser.ts";

// A browser and a hub on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

/** Answers every event with its text in capitals, or with what is given. */
function answering(toText: (text: string) => string): Model {
  return async (turn) => {
    const [, id] = /event_id="(evt_\w+)"/.exec(turn.text) ?? [];
    if (id === undefined) return;
    const said = /^\| (?:message: )?(.*)$/m.exec(turn.text)?.[1] ?? "";
    await turn.callTool("reply", { event_id: id, text: toText(said) });
  };
}

async function openStage(): Promise<Rig> {
  return openRigWithHub({ env: { SLUICE_WEB_PORT: "0" } });
}

test.skipIf(SKIPPED !== undefined)(
  "a message typed on the page reaches the session, its reply appears, on every tab and after a reload",
  async () => {
    await using rig = await openStage();
    await openLane(rig, "channel", { model: answering((text) => `**${text.toUpperCase()}**`) });
    const context = await openBrowser(rig);
    const one = await openChat(rig, context);
    const two = await openTab(context, new URL("/#/chat", one.page.url()).href);
    await two.page.getByRole("textbox", { name: "Message" }).waitFor();

    await say(one.page, "is the deploy out?");
    for (const { page } of [one, two]) {
      await page.locator(".message.you", { hasText: "is the deploy out?" }).waitFor();
      // Markdown became an element, in both tabs.
      await page.locator(".message.session strong", { hasText: "IS THE DEPLOY OUT?" }).waitFor();
      await page.locator(".message.you footer", { hasText: /done|seen|delivered/ }).count();
    }
    expect(await one.page.locator(".message").count()).toBe(2);

    await one.page.reload();
    await one.page.locator(".message.session strong").waitFor();
    expect(await one.page.locator(".message").count()).toBe(2);
    expect([...one.alarms, ...two.alarms]).toEqual([]);
  },
);

test.skipIf(SKIPPED !== undefined)(
  "files go up and come down whole, images are shown, names are made safe",
  async () => {
    await using rig = await openStage();
    const context = await openBrowser(rig);
    const { page, alarms } = await openChat(rig, context);
    const notes = join(rig.folder, "notes.txt");
    writeFileSync(notes, "line one\n");
    const image = join(rig.folder, "dot.png");
    writeFileSync(image, PNG);
    await page.locator('input[type="file"]').setInputFiles([notes, image]);
    await page.locator(".drafts li", { hasText: "dot.png" }).waitFor();
    await until("both are uploaded", async () =>
      page.getByRole("button", { name: "Send" }).isEnabled(),
    );
    await page.getByRole("button", { name: "Send" }).click();

    const shown = page.locator(".message.you:not(.unsent) .file img");
    await shown.waitFor();
    expect(
      await shown.evaluate((img) => (img as unknown as { naturalWidth: number }).naturalWidth),
    ).toBe(1);
    const [saved] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Save notes.txt" }).click(),
    ]);
    expect(saved.suggestedFilename()).toBe("notes.txt");
    expect(readFileSync(await saved.path(), "utf8")).toBe("line one\n");
    const [event] = await rig.events();
    expect(event).toMatchObject({ channel: "chat", sender: { id: "owner", role: "chatter" } });
    expect(event?.meta).toMatchObject({ attachment_count: "2" });
    expect(alarms).toEqual([]);
  },
);

test.skipIf(SKIPPED !== undefined)(
  "a file that cannot be attached is not left out unsaid",
  async () => {
    await using rig = await openStage();
    const context = await openBrowser(rig);
    const { page, alarms } = await openChat(rig, context);
    const files = Array.from({ length: 11 }, (_, index) => ({
      name: `note-${index}.txt`,
      mimeType: "text/plain",
      buffer: Buffer.from(`note ${index}`),
    }));
    await page.locator('input[type="file"]').setInputFiles(files);
    await page.locator(".drafts .bad", { hasText: "more than 10 files" }).waitFor();
    await expect.poll(() => page.locator(".drafts .size", { hasText: "6 B" }).count()).toBe(10);
    await say(page, "eleven notes");
    await page.getByText("Take out what could not be attached").waitFor();
    expect(await page.locator(".message").count()).toBe(0);
    await page.getByRole("button", { name: "Remove note-10.txt" }).click();
    await page.getByRole("button", { name: "Send" }).click();
    await page.locator(".message.you:not(.unsent)", { hasText: "eleven notes" }).waitFor();
    expect(await page.locator(".message .file").count()).toBe(10);
    expect(alarms).toEqual([]);
  },
);

test.skipIf(SKIPPED !== undefined)(
  "a session reacts, corrects its own words, sends a file and fetches one; every open tab follows",
  async () => {
    await using rig = await openStage();
    const report = join(rig.folder, "report.txt");
    writeFileSync(report, "42 tests\n");
    const said: string[] = [];
    await openLane(rig, "channel", {
      model: async (turn) => {
        const [, id] = /event_id="(evt_\w+)"/.exec(turn.text) ?? [];
        if (id === undefined) return;
        const call = async (name: string, input: object): Promise<string> => {
          const { text } = await turn.callTool(name, { event_id: id, ...input });
          said.push(text);
          return text;
        };
        await call("react", { reaction: "👀" });
        await call("download_attachment", { index: 1 });
        await call("reply", { text: "rough draft", files: [report] });
        await call("edit_message", { text: "final words" });
      },
    });
    const context = await openBrowser(rig);
    const { page, alarms } = await openChat(rig, context);
    const notes = join(rig.folder, "notes.txt");
    writeFileSync(notes, "as typed\n");
    await page.locator('input[type="file"]').setInputFiles(notes);
    await page.locator(".drafts .size", { hasText: "9 B" }).waitFor();
    await say(page, "have a look");
    await page.locator(".message.you .reactions", { hasText: "👀" }).waitFor();
    await page.locator(".message.session", { hasText: "final words" }).waitFor();
    expect(await page.getByText("rough draft").count()).toBe(0);
    await page.getByText("edited").waitFor();
    const [saved] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Save report.txt" }).click(),
    ]);
    expect(readFileSync(await saved.path(), "utf8")).toBe("42 tests\n");
    const [path] = /\/\S+notes\.txt/.exec(said[1] ?? "") ?? [];
    expect(readFileSync(path ?? said.join("\n"), "utf8")).toBe("as typed\n");
    expect(alarms).toEqual([]);
  },
);

// UNSENT-1
test.skipIf(SKIPPED !== undefined)(
  "what is typed while the hub is away is kept, sent once it is back, and stands there once",
  async () => {
    await using rig = await openRigWithHub({
      env: { SLUICE_WEB_PORT: String(20_000 + Math.floor(Math.random() * 9_000)) },
    });
    const context = await openBrowser(rig);
    const { page } = await openChat(rig, context);
    await say(page, "before");
    await page.locator(".message.you:not(.unsent)", { hasText: "before" }).waitFor();
    await page.getByText("nobody is listening; it waits").waitFor();

    await rig.killHub();
    await page.getByText("Reconnecting").waitFor();
    await say(page, "while away");
    await page.getByText("Not sent").waitFor();
    await rig.startHub();
    await page.locator(".connection.idle").waitFor({ timeout: 15_000 });
    await page.getByRole("button", { name: "Try again" }).click();
    await page.locator(".message.you:not(.unsent)", { hasText: "while away" }).waitFor();
    expect(await page.locator(".message").count()).toBe(2);
    expect((await rig.events()).length).toBe(2);
  },
);

test.skipIf(SKIPPED !== undefined)(
  "the user corrects a message and marks a session's: every tab shows it, and the session reads it",
  async () => {
    await using rig = await openStage();
    const lane = await openLane(rig, "channel", {
      model: async (turn) => {
        const [, id] = /event_id="(evt_\w+)"[^>]*>\s*Message typed/.exec(turn.text) ?? [];
        if (id !== undefined)
          await turn.callTool("reply", { event_id: id, text: "At nine, then." });
      },
    });
    const read = (): string => lane.reads.map(({ text }) => text).join("\n");
    const context = await openBrowser(rig);
    const one = await openChat(rig, context);
    const two = await openTab(context, new URL("/#/chat", one.page.url()).href);
    await say(one.page, "deploy at nine");
    const answer = one.page.locator(".message.session", { hasText: "At nine, then." });
    await answer.waitFor();
    const mine = one.page.locator(".message.you");
    await mine.hover();
    await mine.getByRole("button", { name: "Edit your message" }).click();
    await one.page.getByRole("textbox", { name: "Your message" }).fill("deploy at ten");
    await one.page.getByRole("button", { name: "Save" }).click();
    for (const { page } of [one, two]) {
      await page.locator(".message.you .bubble", { hasText: "deploy at ten" }).waitFor();
      await page.locator(".message.you footer", { hasText: "edited" }).waitFor();
    }
    await answer.hover();
    await answer.getByRole("button", { name: "React with 👍" }).click();
    await two.page.locator(".message.session .reactions", { hasText: "👍" }).waitFor();
    // A reaction wakes nobody: it goes with what is said next.
    await say(one.page, "and the tests?");
    await until(
      "the session has read both",
      () => read().includes("edited message: deploy at ten") && read().includes("Reacted 👍 to"),
      20_000,
      read,
    );
    expect([...one.alarms, ...two.alarms]).toEqual([]);
  },
);

const MARKDOWN: readonly (readonly [written: string, shown: string])[] = [
  [
    "1. one\n   - a\n     - deep\n   - b\n2. two",
    "<ol><li><p>one</p><ul><li><p>a</p><ul><li>deep</li></ul></li><li>b</li></ul></li><li>two</li></ol>",
  ],
  [
    "- x\n    1. y\n    2. z\n- w",
    "<ul><li><p>x</p><ol><li>y</li><li>z</li></ol></li><li>w</li></ul>",
  ],
  ["   - lone\n   - pair", "<ul><li>lone</li><li>pair</li></ul>"],
  [
    "**file_name.ts** and **a * b** and *snake_case* and __b_c__",
    "<p><strong>file_name.ts</strong> and <strong>a * b</strong> and <em>snake_case</em> and __b_c__</p>",
  ],
  ["__init__.py, a_b_c, 2 * 3 * 4, **open", "<p>__init__.py, a_b_c, 2 * 3 * 4, **open</p>"],
  ["**use `a_b` here**", "<p><strong>use <code>a_b</code> here</strong></p>"],
];

test.skipIf(SKIPPED !== undefined)("Markdown is shown, and none of the words is lost", async () => {
  await using rig = await openStage();
  const context = await openBrowser(rig);
  const { page } = await openChat(rig, context);
  for (const [written] of MARKDOWN) {
    const sent = page.locator(".message.you:not(.unsent)");
    const before = await sent.count();
    await say(page, written);
    await expect.poll(() => sent.count()).toBe(before + 1);
  }
  const shown = await page
    .locator(".message.you .markdown")
    .evaluateAll((all) => all.map((one) => one.innerHTML.replace(/ start="1"/g, "")));
  expect(shown).toEqual(MARKDOWN.map(([, html]) => html));
});
