/**
 * `npm run pictures`: the page as README and guide show it, phone and desktop, light and dark, into docs/pictures.
 *
 * Owns: a small invented conversation, and the shots of it. Never: claims anything; chat.test.ts does.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { BrowserContext, Page } from "playwright-core";
import type { Model } from "../../src/host/turns.ts";
import { openRigWithHub, type Rig } from "../e2e/rig.ts";
import { openLane } from "../e2e/sessions.ts";
import { openBrowser, openChat, say, SKIPPED } from "./browser.ts";
import { takeApprovalPictures, takeTimelinePictures } from "./pictures-approvals.ts";

const FOLDER = "docs/pictures";

const ANSWERS: [RegExp, string][] = [
  [
    /nightly/,
    "Two tests fail since yesterday, both in `upload/retry`:\n\n| test | since |\n| --- | --- |\n| keeps the order | 6dcb09b |\n| gives up after three | 6dcb09b |\n\nThe change counts the first try as a retry. This puts it right:\n\n```ts\nfor (let attempt = 1; attempt <= 1 + RETRIES; attempt += 1) {\n  if (await send(part)) return;\n}\n```\n\nShall I push it to `fix-retry`?",
  ],
  [/push it/, "Pushed as **4f2c1e**. CI runs: https://github.com/octo-org/octo-app/actions"],
  [/keep an eye/, "I will look again in an hour, and write here only if it goes on rising."],
  [/graph/, "That is the cache filling after the deploy; it levels off at 71 %. Nothing to do."],
];

const model: Model = async (turn) => {
  const [, id] = /event_id="(evt_\w+)"/.exec(turn.text) ?? [];
  const answer = ANSWERS.find(([pattern]) => pattern.test(turn.text))?.[1];
  if (id !== undefined && answer !== undefined)
    await turn.callTool("reply", { event_id: id, text: answer });
};

const GRAPH = `<svg xmlns="http://www.w3.org/2000/svg" width="520" height="200" style="background:#fff"><g stroke="#e3e7e6">${[40, 80, 120, 160].map((y) => `<path d="M30 ${y}h470"/>`).join("")}</g><path d="M30 165 C90 160 130 158 170 120 S 250 70 310 62 S 430 55 500 54" fill="none" stroke="#0b6e75" stroke-width="3"/><text x="34" y="28" font-family="sans-serif" font-size="13" fill="#5b6765">memory, db-1</text></svg>`;

const SHOTS = [
  { name: "desktop-light", width: 1120, height: 860, colorScheme: "light" },
  { name: "desktop-dark", width: 1120, height: 860, colorScheme: "dark" },
  { name: "phone-light", width: 390, height: 780, colorScheme: "light" },
  { name: "phone-dark", width: 390, height: 780, colorScheme: "dark" },
] as const;

/** Two chats: one with an image, one with a table, code and a quoted answer. */
async function converse(rig: Rig, context: BrowserContext, page: Page): Promise<void> {
  const answered = (count: number): Promise<void> =>
    page
      .locator(".message.session")
      .nth(count - 1)
      .waitFor();
  const canvas = await context.newPage();
  await canvas.setContent(GRAPH);
  const image = join(rig.folder, "memory.png");
  writeFileSync(image, await canvas.locator("svg").screenshot());
  await canvas.close();
  await page.locator('input[type="file"]').setInputFiles(image);
  await page.locator(".drafts .size", { hasText: "kB" }).waitFor();
  await say(page, "db-1 after the deploy: is this graph all right?");
  await answered(1);
  await page.locator(".file img").waitFor();
  await say(page, "fine, keep an eye on it");
  await answered(2);

  await page.getByRole("button", { name: "New chat" }).click();
  await page.getByText("What you write here").waitFor();
  await say(page, "why is the nightly build red?");
  await answered(1);
  await page.getByRole("button", { name: "Reply to Session" }).last().click();
  await say(page, "good catch, push it");
  await answered(2);
}

async function takePictures(): Promise<void> {
  if (SKIPPED !== undefined) throw new Error(SKIPPED);
  mkdirSync(FOLDER, { recursive: true });
  await using rig = await openRigWithHub({ env: { SLUICE_WEB_PORT: "0" } });
  await openLane(rig, "channel", { model });
  const context = await openBrowser(rig, { deviceScaleFactor: 2, locale: "en-GB" });
  const { page } = await openChat(rig, context);
  await converse(rig, context, page);
  const [nightly, graph] = await page
    .locator(".chat-list a")
    .evaluateAll((links) => links.map((link) => link.getAttribute("href")));
  for (const { name, width, height, colorScheme } of SHOTS) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme });
    const chat = (width < 500 ? graph : nightly) ?? "";
    await page.goto(new URL(`/${chat}`, page.url()).href);
    await page.locator(".message.session").nth(1).waitFor();
    await page.mouse.move(0, 0);
    await page.waitForTimeout(300);
    await page.screenshot({ path: join(FOLDER, `chat-${name}.png`) });
  }
}

const [only] = process.argv.slice(2);
if (only === undefined || only === "chat") await takePictures();
if (only === undefined || only === "approvals") await takeApprovalPictures(FOLDER, SHOTS);
if (only === undefined || only === "timeline") await takeTimelinePictures(FOLDER, SHOTS);
console.log(`pictures in ${FOLDER}`);
