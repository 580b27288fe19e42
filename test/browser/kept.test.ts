import type { Page } from "playwright-core";
import { expect, test, vi } from "vitest";
import { openRigWithHub, type Rig } from "../e2e/rig.ts";
import { newLink, openBrowser, openChat, openTab, say, SKIPPED } from "./browser.ts";

// A browser and a hub on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const browserTest = test.skipIf(SKIPPED !== undefined);
const openHub = (): Promise<Rig> => openRigWithHub({ env: { SLUICE_WEB_PORT: "0" } });
const MESSAGES = /\/v1\/chats\/[^/]+\/messages/;

/** Types without a keyboard: many messages at once. */
async function type(page: Page, texts: readonly string[]): Promise<void> {
  await page.evaluate(async (list) => {
    const key = localStorage.getItem("sluice.key") ?? "";
    for (const text of list) {
      const answer = await fetch("/v1/chats/chat-1/messages", {
        method: "POST",
        headers: { "x-sluice-key": key, "content-type": "application/json" },
        body: JSON.stringify({ key: crypto.randomUUID(), text }),
      });
      if (!answer.ok) throw new Error(await answer.text());
    }
  }, texts);
}

const message = (page: Page, text: string) =>
  page.locator(".message.you:not(.unsent)", { hasText: text });

// TABCHATS-1
browserTest("a message that comes while the chat is read is not lost", async () => {
  await using rig = await openHub();
  const context = await openBrowser(rig);
  const other = await openChat(rig, context);
  await say(other.page, "the first");
  await message(other.page, "the first").waitFor();
  const { page, alarms } = await openTab(context, "about:blank");
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  let read = (): void => undefined;
  const wasRead = new Promise<void>((resolve) => (read = resolve));
  await page.route(MESSAGES, async (route) => {
    // The hub has answered; its answer is on its way.
    const response = await route.fetch();
    read();
    await held;
    await route.fulfill({ response });
  });
  await page.goto(new URL("/#/chat", other.page.url()).href);
  await page.locator(".connection.idle").waitFor();
  await wasRead;
  await say(other.page, "in between");
  await message(other.page, "in between").waitFor();
  // Its push is there long before the answer.
  await page.waitForTimeout(500);
  release();
  await message(page, "in between").waitFor();
  expect(await page.locator(".message").count()).toBe(2);
  expect(alarms).toEqual([]);
});

browserTest(
  "older messages come once, however often they are asked for, and who reads is left where they are",
  async () => {
    await using rig = await openHub();
    const context = await openBrowser(rig);
    const { page } = await openChat(rig, context);
    await type(
      page,
      Array.from({ length: 90 }, (_, index) => `message number ${index}.`),
    );
    await page.reload();
    await message(page, "message number 89.").waitFor();
    const older = page.getByRole("button", { name: "Older messages" });
    await page.locator(".scroller").evaluate((box) => (box.scrollTop = 0));
    const first = message(page, "message number 30.");
    const before = await first.boundingBox();
    await older.evaluate((button) => {
      (button as HTMLElement).click();
      (button as HTMLElement).click();
    });
    await message(page, "message number 0.").waitFor({ state: "attached" });
    await expect.poll(() => page.locator(".message").count()).toBe(90);
    const after = await first.boundingBox();
    // The button above it is gone; nothing else has moved.
    expect(Math.abs((after?.y ?? 0) - (before?.y ?? 0))).toBeLessThan(60);
  },
);

// PAGECHAT-2
browserTest(
  "a connection that breaks leaves the reader where they are, with what came meanwhile",
  async () => {
    const port = String(20_000 + Math.floor(Math.random() * 9_000));
    await using rig = await openRigWithHub({ env: { SLUICE_WEB_PORT: port } });
    const context = await openBrowser(rig);
    const one = await openChat(rig, context);
    const two = await openTab(context, new URL("/#/chat", one.page.url()).href);
    await type(
      one.page,
      Array.from({ length: 80 }, (_, index) => `message number ${index}.`),
    );
    await two.page.reload();
    await message(two.page, "message number 79.").waitFor();
    await two.page.locator(".scroller").evaluate((box) => (box.scrollTop = 0));
    await two.page.getByRole("button", { name: "Older messages" }).click();
    await message(two.page, "message number 0.").waitFor({ state: "attached" });
    await two.page.locator(".scroller").evaluate((box) => (box.scrollTop = 200));
    const read = message(two.page, "message number 3.");
    const before = await read.boundingBox();
    await rig.killHub();
    await two.page.locator(".connection.lost").waitFor();
    await rig.startHub();
    await two.page.locator(".connection.idle").waitFor();
    await type(one.page, ["after the break"]);
    await message(two.page, "after the break").waitFor({ state: "attached" });
    expect(await two.page.locator(".message").count()).toBe(81);
    const after = await read.boundingBox();
    expect(Math.abs((after?.y ?? 0) - (before?.y ?? -99))).toBeLessThan(60);
  },
);

browserTest(
  "what was typed outlives a reload and the end of a sign-in, and is sent once",
  async () => {
    await using rig = await openHub();
    const context = await openBrowser(rig);
    const { page } = await openChat(rig, context);
    const cut = Promise.withResolvers<void>();
    // The hub has it, and the page does not hear so.
    await page.route(MESSAGES, async (route) => {
      if (route.request().method() !== "POST") return route.continue();
      await route.fetch();
      await route.abort();
      return cut.resolve();
    });
    await say(page, "typed before the reload");
    await cut.promise;
    await page.unroute(MESSAGES);
    await page.reload();
    await message(page, "typed before the reload").waitFor();
    await page.route(MESSAGES, (route) =>
      route.request().method() === "POST" ? route.abort() : route.continue(),
    );
    await say(page, "typed while it was cut");
    await page.locator(".unsent", { hasText: "Not sent" }).waitFor();
    await page.unroute(MESSAGES);
    await rig.run("web", "revoke");
    await page.getByText("Run this in a terminal").waitFor();
    await page.goto(await newLink(rig));
    await page.locator(".unsent", { hasText: "typed while it was cut" }).waitFor();
    // Nothing is left of the one that the hub has.
    await expect.poll(() => page.locator(".unsent").count()).toBe(1);
    expect(await page.evaluate(() => sessionStorage.getItem("unsent"))).not.toContain("reload");
    await page.getByRole("button", { name: "Try again" }).click();
    await message(page, "typed while it was cut").waitFor();
    await expect.poll(() => page.locator(".message").count()).toBe(2);
    expect((await rig.events()).length).toBe(2);
  },
);

browserTest("ten tabs are open, and the one that is looked at works", async () => {
  await using rig = await openHub();
  const context = await openBrowser(rig);
  const first = await openChat(rig, context);
  const address = new URL("/#/chat", first.page.url()).href;
  const hide = (page: Page): Promise<void> =>
    page.evaluate(() => {
      Object.defineProperty(document, "visibilityState", { configurable: true, value: "hidden" });
      document.dispatchEvent(new Event("visibilitychange"));
    });
  const pages = [first.page];
  for (let count = 1; count < 10; count++) {
    await hide(pages.at(-1) ?? first.page);
    const { page } = await openTab(context, address);
    await page.locator(".connection.idle").waitFor();
    pages.push(page);
  }
  const [last, before, , , oldest] = pages.toReversed();
  if (last === undefined || before === undefined || oldest === undefined) throw new Error("tabs");
  await say(last, "from the tenth");
  await message(last, "from the tenth").waitFor();
  // Those that were looked at last go on hearing; an older one hears again once it is looked at.
  await message(before, "from the tenth").waitFor();
  await oldest.locator(".connection.lost").waitFor();
  await oldest.evaluate(() => {
    Object.defineProperty(document, "visibilityState", { configurable: true, value: "visible" });
    document.dispatchEvent(new Event("visibilitychange"));
  });
  await message(oldest, "from the tenth").waitFor();
});

browserTest("a browser signs itself out, and comes back in every tab with a new link", async () => {
  await using rig = await openHub();
  const context = await openBrowser(rig);
  const { page, alarms } = await openChat(rig, context);
  await page.getByRole("link", { name: "Status" }).click();
  await page.getByRole("button", { name: "Sign this browser out" }).click();
  await page.getByText("Run this in a terminal").waitFor();
  expect((await rig.run("web", "sessions", "--json")).stdout.trim()).toBe("[]");
  await openChat(rig, context);
  await page.getByRole("button", { name: "Sign this browser out" }).waitFor();
  expect(alarms).toEqual([]);
});

browserTest("a tab that outlived an update of the hub says so", async () => {
  const port = String(20_000 + Math.floor(Math.random() * 9_000));
  await using rig = await openRigWithHub({ env: { SLUICE_WEB_PORT: port } });
  const context = await openBrowser(rig);
  const { page } = await openChat(rig, context);
  await page.route(/\/v1\/page$/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...(await response.json()), version: "99.0.0" } });
  });
  await rig.killHub();
  await page.locator(".connection.lost").waitFor();
  await rig.startHub();
  const button = page.getByRole("button", { name: "Updated: load it again" });
  await button.waitFor();
  await page.setViewportSize({ width: 360, height: 700 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  await page.unroute(/\/v1\/page$/);
  await button.click();
  await page.locator(".connection.idle").waitFor();
});
