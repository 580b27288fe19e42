/**
 * Every page, as a person with a screen reader, a keyboard or another eye for colours has it.
 */
import axe, { type AxeResults } from "axe-core";
import type { Page } from "playwright-core";
import { expect, test, vi } from "vitest";
import type { EmitRequest } from "../../src/api/wire/wire.ts";
import { read } from "../../src/api/client/client.ts";
import type { Model } from "../../src/host/turns.ts";
import { openRigWithHub, type Rig } from "../e2e/rig.ts";
import { makeWorkFolder, openLane } from "../e2e/sessions.ts";
import { ask } from "./ask.ts";
import { newOwnLink, openBrowser, openTab, say, SKIPPED } from "./browser.ts";

// A browser and a hub on a busy machine.
vi.setConfig({ testTimeout: 180_000 });

const browserTest = test.skipIf(SKIPPED !== undefined);

const WIDTHS = [
  { name: "desktop", width: 1120, height: 860 },
  { name: "phone", width: 390, height: 780 },
] as const;
const SCHEMES = ["light", "dark"] as const;

function openHub(): Promise<Rig> {
  return openRigWithHub({ env: { SLUICE_WEB_PORT: "0" } });
}

async function emit(rig: Rig, text: string, more: Partial<EmitRequest> = {}): Promise<string> {
  const { meta = {}, priority = "normal", ...rest } = more;
  const json = { ...rest, channel: "deploys", text, meta, priority };
  return (await read(rig.api.emit.$post({ json }))).id;
}

/** What axe finds on the page as it stands, one line each. */
async function listViolations(page: Page): Promise<string[]> {
  // Not as a script of the page, whose policy lets none in.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() =>
    (window as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
  );
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(
      ({ target, failureSummary = "" }) =>
        `${id} (${help}) at ${target.join(" ")}: ${failureSummary}`,
    ),
  );
}

/** At both widths and in both schemes; each page has one heading of the first order, and it is its name. */
async function expectAccessible(page: Page, what: string): Promise<void> {
  for (const { name, width, height } of WIDTHS) {
    for (const colorScheme of SCHEMES) {
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.waitForTimeout(150);
      const where = `${what}, ${name}, ${colorScheme}`;
      expect.soft(await listViolations(page), where).toEqual([]);
      expect.soft(await page.locator("h1").count(), `headings h1 of ${where}`).toBe(1);
    }
  }
  await page.setViewportSize(WIDTHS[0]);
}

const model: Model = async (turn) => {
  const [, id] = /channel="chat"[^>]*event_id="(evt_\w+)"/.exec(turn.text) ?? [];
  if (id !== undefined)
    await turn.callTool("reply", {
      event_id: id,
      text: "# Two fail\n\n| test | since |\n| --- | --- |\n| a | b |\n\n```ts\nrun();\n```\n\nSee [CI](https://ci.example).",
    });
};

browserTest(
  "no page has what axe calls a violation, at both widths and in both schemes",
  async () => {
    await using rig = await openHub();
    await rig.addChannel({ kind: "webhook", name: "deploys" });
    const context = await openBrowser(rig, {}, { showsTour: true });
    const { page } = await openTab(context, await newOwnLink(rig));
    const go = async (hash: string): Promise<void> => {
      await page.goto(new URL(`/#/${hash}`, page.url()).href);
    };
    await page.getByRole("region", { name: "Tour" }).waitFor();
    await expectAccessible(page, "the tour, and a chat that is empty");
    await page.getByRole("button", { name: "Skip the tour" }).click();
    await go("timeline");
    await page.getByText(/Nothing has arrived yet|So far only/).waitFor();
    await expectAccessible(page, "a timeline without events");
    await go("approvals");
    await page.getByText("Nothing waits").first().waitFor();
    await expectAccessible(page, "approvals without prompts");

    await openLane(rig, "channel", { cwd: makeWorkFolder(rig), model });
    await go("chat");
    await page.getByRole("textbox", { name: "Message" }).waitFor();
    await say(page, "why is it red?");
    await page.locator(".message.session").first().waitFor();
    await expectAccessible(page, "a chat");

    const failed = await emit(rig, "CI failed on main", { meta: { severity: "error" } });
    await emit(rig, "disk at 91 %", { meta: { severity: "warning" }, priority: "urgent" });
    await emit(rig, "prod is on 4f2c1e", { priority: "low" });
    await go("timeline");
    await page.locator(".event-list li").nth(3).waitFor();
    await page.getByRole("img", { name: /^Events per hour/ }).waitFor();
    await expectAccessible(page, "the timeline");
    await page.getByRole("button", { name: "as a table" }).click();
    await expectAccessible(page, "the timeline with its table");
    await go(`timeline/${failed}`);
    await page.locator(".steps .stored").waitFor();
    await expectAccessible(page, "a trace");
    await go("status");
    await page.getByRole("heading", { name: "Channels" }).waitFor();
    await expectAccessible(page, "the status");

    const plain = await ask(rig, { input: { command: "npm test" } });
    const risky = await ask(rig, {
      input: { command: "rm -rf build \u202etxt", description: "Clean" },
    });
    const plan = await ask(rig, { tool: "ExitPlanMode", input: { plan: "1. ship it" } });
    const question = await ask(rig, {
      tool: "AskUserQuestion",
      input: {
        questions: [
          {
            question: "Which database?",
            header: "Storage",
            multiSelect: false,
            options: [{ label: "SQLite", description: "one file" }, { label: "Postgres" }],
          },
          { question: "Which checks?", multiSelect: true, options: [{ label: "types" }] },
        ],
      },
    });
    await go("approvals");
    await page.locator(".prompt-list > ul li").nth(3).waitFor();
    await expectAccessible(page, "the list of prompts");
    for (const [what, { prompt }] of Object.entries({ plain, risky, plan, question })) {
      await go(`approvals/${prompt.id}`);
      await page.locator("article.prompt").locator("pre, fieldset").first().waitFor();
      // The first moment, in which no button can be pressed, is none of a reader's.
      await page.locator("button.approve").waitFor();
      await page.waitForTimeout(500);
      await expectAccessible(page, `a prompt: ${what}`);
    }
    await go("chat");
    await page.getByRole("region", { name: "Waiting for your answer" }).waitFor();
    await expectAccessible(page, "a chat in which a session asks");
    await rig.run("answer", plain.prompt.id, "deny", "--reason", "not now");
    await go(`approvals/${plain.prompt.id}`);
    await page.locator(".ended.deny").waitFor();
    await expectAccessible(page, "a prompt that ended");
    await page.getByRole("button", { name: "Keys" }).click();
    await page.getByRole("dialog", { name: "Keys" }).waitFor();
    expect(await listViolations(page)).toEqual([]);
  },
);

browserTest(
  "the pages before anybody is signed in have none either, and say what to do",
  async () => {
    await using rig = await openHub();
    const context = await openBrowser(rig);
    const link = await newOwnLink(rig);
    const first = await openTab(context, link);
    await first.page.getByRole("textbox", { name: "Message" }).waitFor();
    await first.page.evaluate(() => localStorage.clear());
    const { page } = await openTab(context, link);
    await page.getByText("This link was used already").waitFor();
    await page.getByText(/run "sluice open" in a terminal/).waitFor();
    await expectAccessible(page, "a link that was used");
    await page.goto(new URL("/", page.url()).href);
    await page.reload();
    await page.getByText("sluice open", { exact: true }).waitFor();
    await expectAccessible(page, "no link");
  },
);

browserTest("the tour has three steps, leads through three pages, and comes once", async () => {
  await using rig = await openHub();
  const context = await openBrowser(rig, {}, { showsTour: true });
  const { page } = await openTab(context, await newOwnLink(rig));
  const tour = page.getByRole("region", { name: "Tour" });
  await tour.getByText("1 of 3").waitFor();
  // It covers nothing: who has come to write writes.
  await page.getByRole("textbox", { name: "Message" }).click();
  await tour.getByRole("button", { name: "Next step" }).click();
  await page.getByRole("heading", { name: /^Waiting/ }).waitFor();
  await tour.getByRole("button", { name: "Next step" }).click();
  await page.getByRole("search").waitFor();
  await tour.getByRole("button", { name: "Done" }).click();
  await expect.poll(() => tour.count()).toBe(0);
  await page.reload();
  await page.getByRole("search").waitFor();
  expect(await tour.count()).toBe(0);
});

browserTest(
  "every kind of prompt is answered by the keyboard alone, and said to a reader of the screen",
  async () => {
    await using rig = await openHub();
    const context = await openBrowser(rig);
    const { page } = await openTab(context, await newOwnLink(rig));
    await page.getByRole("link", { name: /^Approvals/ }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: /^Waiting/ }).waitFor();
    await openLane(rig, "channel", { cwd: makeWorkFolder(rig) });
    /** To the prompt in the list, and into it. */
    const open = async (text: string): Promise<void> => {
      await page.locator(".prompt-list > ul a", { hasText: text }).waitFor();
      await page.keyboard.press("j");
      await page.keyboard.press("Enter");
      await page.locator("article.prompt", { hasText: text }).waitFor();
      await page.locator("article.prompt:focus").waitFor();
      await page.locator("button.deny:enabled").waitFor();
    };
    const said = (text: RegExp) => page.getByRole("status").filter({ hasText: text }).waitFor();

    const risky = await ask(rig, { input: { command: "rm -rf build" } });
    await said(/1 waiting/);
    await open("rm -rf build");
    await page.keyboard.press("a");
    await page.keyboard.type(risky.prompt.code);
    await page.keyboard.press("Enter");
    expect(await risky.answer).toEqual({ kind: "allow" });
    await said(/Allowed by browser/);

    const plan = await ask(rig, { tool: "ExitPlanMode", input: { plan: "1. ship it" } });
    await open("ship it");
    await page.keyboard.press("a");
    const accepted = await Promise.race([plan.answer, page.waitForTimeout(1_000)]);
    if (accepted === undefined) {
      // A plan needs its code as well.
      await page.keyboard.type(plan.prompt.code);
      await page.keyboard.press("Enter");
    }
    expect(await plan.answer).toEqual({ kind: "allow" });

    const question = await ask(rig, {
      tool: "AskUserQuestion",
      input: {
        questions: [
          { question: "Which?", multiSelect: false, options: [{ label: "one" }, { label: "two" }] },
          { question: "Name?", multiSelect: false, options: [{ label: "app" }] },
        ],
      },
    });
    await open("Which?");
    await page.keyboard.press("a");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.type("harbour");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    expect(await question.answer).toEqual({ kind: "answers", answers: ["two", "harbour"] });
  },
);
