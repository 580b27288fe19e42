import type { Page } from "playwright-core";
import { expect, test, vi } from "vitest";
import type { EmitRequest } from "../../src/api/wire/wire.ts";
import { read } from "../../src/api/client/client.ts";
import { openRigWithHub, type Rig } from "../e2e/rig.ts";
import { openLane } from "../e2e/sessions.ts";
import { ask } from "./ask.ts";
import { newLink, openBrowser, openTab, SKIPPED } from "./browser.ts";
import { XSS_PAYLOADS } from "./xss-payloads.ts";

// A browser and a hub on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const browserTest = test.skipIf(SKIPPED !== undefined);

function openHub(): Promise<Rig> {
  return openRigWithHub({ env: { SLUICE_WEB_PORT: "0" } });
}

async function openTimeline(rig: Rig, options: Parameters<typeof openBrowser>[1] = {}) {
  const context = await openBrowser(rig, options);
  const tab = await openTab(context, await newLink(rig));
  await tab.page.getByRole("link", { name: "Timeline" }).click();
  await tab.page.getByRole("search").waitFor();
  return { context, ...tab };
}

async function emit(rig: Rig, channel: string, text: string, more: Partial<EmitRequest> = {}) {
  const { meta = {}, priority = "normal", ...rest } = more;
  const json = { ...rest, channel, text, meta, priority };
  return (await read(rig.api.emit.$post({ json }))).id;
}

const row = (page: Page, text: string) => page.locator(".event-list li", { hasText: text });

browserTest(
  "an event appears as it arrives, goes through its states, and its trace says every step with time and reason",
  async () => {
    await using rig = await openHub();
    await rig.addChannel({ kind: "webhook", name: "deploys" });
    const { page, alarms } = await openTimeline(rig);
    await page.getByText("Nothing has arrived yet.").waitFor();
    const id = await emit(rig, "deploys", "prod is on 4f2c1e");
    await row(page, "prod is on 4f2c1e").locator(".chip.stored").waitFor();
    await row(page, "prod is on 4f2c1e").click();
    const trace = page.locator("article.trace");
    await trace.locator(".steps .held", { hasText: "no session" }).waitFor();

    // What follows is seen without a reload, in the list and in the open trace.
    await openLane(rig, "channel");
    await rig.untilState(id, "done");
    await row(page, "prod is on 4f2c1e").locator(".chip.seen, .chip.done").waitFor();
    await trace.locator(".steps .offered", { hasText: "by channel" }).waitFor();
    const steps = await rig.stages(id);
    await expect.poll(() => trace.locator(".steps .stage").allInnerTexts()).toEqual(steps);
    for (const time of await trace.locator(".steps time").allInnerTexts())
      expect(time).toMatch(/^\+[\d.:]+ (?:ms|s|min)$/);
    expect(await trace.locator("pre").innerText()).toBe("prod is on 4f2c1e");
    await trace.getByRole("link", { name: "All events" }).click();
    await page.getByRole("heading", { name: "Sessions" }).waitFor();
    expect(alarms).toEqual([]);
  },
);

browserTest(
  "events are filtered by channel, state and text; what comes then follows the filter",
  async () => {
    await using rig = await openHub();
    await rig.addChannel({ kind: "webhook", name: "deploys" });
    await rig.addChannel({ kind: "webhook", name: "alerts" });
    await emit(rig, "deploys", "prod is on 1");
    const acked = await emit(rig, "alerts", "disk almost full");
    await emit(rig, "alerts", "disk full on db-1");
    const { page } = await openTimeline(rig);
    await row(page, "prod is on 1").waitFor();
    await page.getByLabel("Channel").selectOption("alerts");
    await expect.poll(() => page.locator(".event-list li").count()).toBe(2);
    await emit(rig, "deploys", "prod is on 2");
    await emit(rig, "alerts", "disk is fine");
    await row(page, "disk is fine").waitFor();
    expect(await row(page, "prod").count()).toBe(0);
    await page.getByLabel("Text").fill("FULL");
    await expect.poll(() => page.locator(".event-list li").count()).toBe(2);
    await page.getByLabel("State").selectOption("stored");
    await read(rig.api.events.ack.$post({ json: { ids: [acked] } }));
    // It fits no more, and is gone by itself.
    await expect.poll(() => page.locator(".event-list li").count()).toBe(1);
    await page.getByLabel("State").selectOption("dead");
    await page.getByText("No event matches.").waitFor();
  },
);

browserTest(
  "what failed is marked by a sign and a word, and found by a filter that what comes next follows",
  async () => {
    await using rig = await openHub();
    await rig.addChannel({ kind: "webhook", name: "deploys" });
    await emit(rig, "deploys", "CI failed on main", { meta: { conclusion: "failure" } });
    await emit(rig, "deploys", "disk at 91 %", { meta: { severity: "warning" } });
    await emit(rig, "deploys", "prod is on 4f2c1e");
    const { page } = await openTimeline(rig);
    await row(page, "CI failed").locator(".level.failed").waitFor();
    expect(await row(page, "CI failed").locator(".level").innerText()).toBe("✖ failed");
    expect(await row(page, "disk at").locator(".level").innerText()).toBe("▲ warning");
    expect(await row(page, "prod is on").locator(".level").count()).toBe(0);
    await page.getByLabel("State").selectOption("failed");
    await expect.poll(() => page.locator(".event-list li").count()).toBe(1);
    await emit(rig, "deploys", "all is well");
    await emit(rig, "deploys", "tests failed on dev", { meta: { status: "failed" } });
    await row(page, "tests failed on dev").waitFor();
    await expect.poll(() => page.locator(".event-list li").count()).toBe(2);
    await row(page, "CI failed").click();
    await page.locator("article.trace .headline", { hasText: "CI failed on main" }).waitFor();
  },
);

// TABEVENTS-2
browserTest(
  "a page of older events that comes late stays out of another filter's list",
  async () => {
    await using rig = await openHub();
    for (const name of ["deploys", "alerts"]) await rig.addChannel({ kind: "webhook", name });
    for (let index = 0; index < 230; index++) await emit(rig, "deploys", `deploy ${index}.`);
    await emit(rig, "alerts", "disk full on db-1");
    const { page } = await openTimeline(rig);
    await row(page, "deploy 229.").waitFor();
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    await page.route(/\/v1\/events\?.*before=/, async (route) => {
      const response = await route.fetch();
      await held;
      await route.fulfill({ response });
    });
    const answered = page.waitForResponse(/\/v1\/events\?.*before=/);
    await page.getByRole("button", { name: "Older events" }).click();
    await page.getByRole("combobox", { name: "Channel" }).selectOption("alerts");
    await row(page, "disk full on db-1").waitFor();
    await expect.poll(() => page.locator(".event-list li").count()).toBe(1);
    release();
    await answered;
    await page.waitForTimeout(300);
    expect(await page.locator(".event-list li").count()).toBe(1);
  },
);

browserTest(
  "sessions say whom they wait for, how they are reached and why not; channels how they are; the chart can be read",
  async () => {
    await using rig = await openHub();
    await rig.addChannel({ kind: "webhook", name: "deploys" });
    const { page } = await openTimeline(rig);
    await openLane(rig, "channel");
    await emit(rig, "deploys", "one");
    const sessions = page.locator("section", { hasText: "Sessions" });
    await sessions.getByText("idle").waitFor();
    await sessions.getByText(/^channel, (?:proven|unproven)/).waitFor();
    await sessions.getByText("wakes today").or(sessions.getByText("wake today")).waitFor();
    const { prompt } = await ask(rig, { input: { command: "npm test" } });
    await sessions.getByText("waits for you:").waitFor();
    const card = page
      .locator("section", { hasText: "Channels" })
      .locator("li", { hasText: "deploys" });
    await card.getByText("connected", { exact: true }).waitFor();
    await card.getByText("last event").waitFor();
    const bars = page.getByRole("img", { name: /^Events per hour: 1 in 24 hours, at most 1 at/ });
    await bars.waitFor({ timeout: 15_000 });
    expect(await bars.locator("rect").count()).toBe(24);
    await page.getByRole("button", { name: "as a table" }).click();
    expect(await page.locator(".chart tbody tr").count()).toBe(24);
    expect(await page.locator(".chart tbody tr").first().locator("td").first().innerText()).toBe(
      "1",
    );
    await sessions.getByRole("link", { name: "Bash" }).click();
    await expect.poll(() => page.url()).toContain(`#/approvals/${prompt.id}`);
  },
);

// TABEVENTS-1
browserTest(
  "thousands of events: a page of 200 first, older on demand, a flood does not stop the page",
  async () => {
    await using rig = await openHub();
    await rig.addChannel({ kind: "webhook", name: "deploys" });
    const send = async (from: number, count: number) => {
      for (let at = from; at < from + count; at += 50)
        await Promise.all(
          Array.from({ length: 50 }, (_, i) => emit(rig, "deploys", `number ${at + i} end`)),
        );
    };
    await send(0, 500);
    const { page } = await openTimeline(rig);
    const rows = page.locator(".event-list li");
    await expect.poll(() => rows.count()).toBe(200);
    await page.getByRole("button", { name: "Older events" }).click();
    await expect.poll(() => rows.count()).toBe(400);
    await page.getByRole("button", { name: "Older events" }).click();
    await expect.poll(() => rows.count()).toBe(500);
    expect(await page.getByRole("button", { name: "Older events" }).count()).toBe(0);
    // Times between frames while 1,000 more arrive.
    await page.evaluate(() => {
      const seen = window as unknown as { worst: number };
      seen.worst = 0;
      let before = performance.now();
      const look = (): void => {
        const now = performance.now();
        seen.worst = Math.max(seen.worst, now - before);
        before = now;
        requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    });
    await send(500, 1_000);
    await row(page, "number 1499 end").waitFor();
    const worst = await page.evaluate(() => (window as unknown as { worst: number }).worst);
    console.log(
      `the longest pause of the page while 1,000 events arrived: ${Math.round(worst)} ms`,
    );
    // Every event that is shown stands there once, in the hub's order: of those sent at once any may be the newest.
    const texts = await rows.locator(".text").allTextContents();
    expect(new Set(texts).size).toBe(texts.length);
    const newest = await read(rig.api.events.$get({ query: { limit: "200" } }));
    expect(texts.slice(0, 200)).toEqual(newest.map(({ text }) => text).toReversed());
  },
);

browserTest(
  "60 payloads as events, senders' words and names: none runs, none becomes an element",
  async () => {
    await using rig = await openHub();
    await rig.addChannel({ kind: "webhook", name: "deploys" });
    const { context, page, alarms } = await openTimeline(rig);
    let runs = 0;
    await context.exposeFunction("pwned", () => (runs += 1));
    let last = "";
    for (const text of XSS_PAYLOADS)
      last = await emit(rig, "deploys", text, { entity: text.slice(0, 200), meta: { said: text } });
    await expect.poll(() => page.locator(".event-list li").count()).toBe(60);
    await page.goto(new URL(`/#/timeline/${last}`, page.url()).href);
    await page.locator(".steps .stored").waitFor();
    const foreign = await page
      .locator(
        "script:not([src^='/']), iframe, math, object, embed, video, audio, marquee, base, meta[http-equiv], style, " +
          "form:not(.filter), details, [onerror], [onload], [onclick], [onfocus], [onmouseover], [style], [srcdoc], " +
          ".timeline img, .events svg, .trace svg, a[href]:not([href^='#'])",
      )
      .evaluateAll((found) => found.map((one) => one.outerHTML));
    expect(foreign).toEqual([]);
    expect(runs).toBe(0);
    expect(alarms).toEqual([]);
  },
);

browserTest(
  "a phone's width: events, overview and trace one at a time, nothing to scroll sideways",
  async () => {
    await using rig = await openHub();
    await rig.addChannel({ kind: "webhook", name: "deploys" });
    await emit(rig, "deploys", `a long line ${"x".repeat(300)}`, { priority: "urgent" });
    const { page } = await openTimeline(rig, {
      viewport: { width: 360, height: 740 },
      hasTouch: true,
    });
    const fits = (): Promise<boolean> =>
      page.evaluate(() =>
        [
          document.documentElement,
          ...document.querySelectorAll(".frame, .bar, .timeline, .events, .beside"),
        ].every((one) => one.scrollWidth <= one.clientWidth + 1),
      );
    await row(page, "a long line").waitFor();
    expect(await fits()).toBe(true);
    await page.getByRole("button", { name: "Overview" }).click();
    await page.getByRole("heading", { name: "Channels" }).waitFor();
    expect(await row(page, "a long line").isVisible()).toBe(false);
    expect(await fits()).toBe(true);
    await page.getByRole("button", { name: "Events" }).click();
    await row(page, "a long line").click();
    await page.locator(".steps .stored").waitFor();
    expect(await fits()).toBe(true);
  },
);
