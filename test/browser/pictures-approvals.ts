/**
 * The approvals and the timeline as README and guide show them.
 *
 * Owns: invented calls and events, and the shots of them. Never: claims anything; approvals.test.ts and timeline.test.ts do.
 */
import { join } from "node:path";
import type { Page } from "playwright-core";
import { read } from "../../src/api/client.ts";
import { openRigWithHub } from "../e2e/rig.ts";
import { openLane } from "../e2e/sessions.ts";
import { ask } from "./ask.ts";
import { openApprovals, openBrowser } from "./browser.ts";

type Shot = { name: string; width: number; height: number; colorScheme: "light" | "dark" };

const ASKED = [
  {
    tool: "Bash",
    input: { command: "npm test -- --run src/upload", description: "Run the tests of the upload" },
  },
  {
    tool: "Edit",
    input: {
      file_path: "/home/ada/app/src/upload/retry.ts",
      old_string: "for (let attempt = 1; attempt <= RETRIES; attempt += 1) {",
      new_string: "for (let attempt = 1; attempt <= 1 + RETRIES; attempt += 1) {",
    },
  },
  {
    tool: "AskUserQuestion",
    input: {
      questions: [
        {
          question: "Where should the failed parts be kept?",
          header: "Storage",
          multiSelect: false,
          options: [
            {
              label: "In the upload's row",
              description: "One more column; a retry finds them with one read",
            },
            {
              label: "In a table of their own",
              description: "Survives the upload; needs a clean-up",
            },
          ],
        },
      ],
    },
  },
  {
    tool: "Bash",
    input: {
      command:
        'curl -fsS -X POST https://deploy.example.com/v1/releases \\\n  -H "Authorization: Bearer ghp_0123456789abcdefghijklmnopqrstuvwxyz" \\\n  -d \'{"ref":"fix-retry","target":"production\u200b"}\'',
      description: "Start the release",
    },
  },
] as const;

export async function takeApprovalPictures(folder: string, shots: readonly Shot[]): Promise<void> {
  await using rig = await openRigWithHub({ env: { SLUICE_WEB_PORT: "0" } });
  const context = await openBrowser(rig, { deviceScaleFactor: 2, locale: "en-GB" });
  const { page } = await openApprovals(rig, context);
  await openLane(rig, "channel");
  const cwd = "/home/ada/app";
  const { sessions } = await rig.status();
  const param = { name: sessions[0]?.id ?? "" };
  await read(rig.api.sessions[":name"].label.$post({ param, json: { label: "app (fix-retry)" } }));
  const [first, second] = [
    await ask(rig, { ...ASKED[0], cwd }),
    await ask(rig, { ...ASKED[1], cwd }),
  ];
  await decide(page, first.prompt.id, "Approve");
  await decide(page, second.prompt.id, "Deny");
  const question = await ask(rig, { ...ASKED[2], cwd });
  const release = await ask(rig, { ...ASKED[3], cwd });
  for (const { name, width, height, colorScheme } of shots) {
    const isPhone = width < 500;
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme });
    const { prompt } = isPhone && colorScheme === "light" ? question : release;
    await show(page, `approvals/${prompt.id}`);
    await page.locator("article.prompt .buttons").waitFor();
    await page.waitForTimeout(700);
    await page.screenshot({ path: join(folder, `approvals-${name}.png`) });
  }
}

async function decide(page: Page, id: string, button: "Approve" | "Deny"): Promise<void> {
  await show(page, `approvals/${id}`);
  await page.getByRole("button", { name: button, exact: true }).click();
  await page.locator(".ended").waitFor();
}

async function show(page: Page, place: string): Promise<void> {
  await page.goto(new URL(`/#/${place}`, page.url()).href);
}
