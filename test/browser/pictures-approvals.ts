/**
 * The approvals and the timeline as README and guide show them.
 *
 * Owns: invented calls and events, and the shots of them. Never: claims anything; approvals.test.ts and timeline.test.ts do.
 */
import { join } from "node:path";
import type { Page } from "playwright-core";
import { read } from "../../src/api/client/client.ts";
import { toHome } from "../../src/local/home.ts";
import type { Arrival, Meta } from "../../src/sdk/event.ts";
import { Database } from "../../src/store/file/database.ts";
import { markDone } from "../../src/store/events/deliveries.ts";
import { addEvent } from "../../src/store/events/add-event.ts";
import { addWake } from "../../src/store/sessions/sessions.ts";
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
  await decide(page, first.prompt, "Approve");
  await decide(page, second.prompt, "Deny");
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

type Shown = [channel: string, text: string, priority: Arrival["priority"], meta: Meta];

const EVENTS: readonly Shown[] = [
  ["alerts", "Disk almost full: db-1 has 6 % left", "normal", { severity: "warning" }],
  ["deploys", "staging is on 1f0c77a", "low", {}],
  ["ci", 'Workflow "CI": success on main at 1f0c77a', "normal", { conclusion: "success" }],
  ["alerts", "Resolved: disk almost full on db-1", "normal", { status: "resolved" }],
  [
    "ci",
    'Workflow "nightly": failure on main at 6dcb09b, 2 of 412 tests',
    "normal",
    { conclusion: "failure" },
  ],
  ["deploys", "prod is on 4f2c1e, 3 migrations applied", "normal", {}],
  ["alerts", "Error rate of checkout over 5 % for 10 minutes", "urgent", { severity: "error" }],
];

/** The sort that is shown at this place of a day without anything urgent. */
function toShown(index: number): Shown {
  const [first] = EVENTS;
  if (first === undefined) throw new Error("there is nothing to show");
  return EVENTS[index % 6] ?? first;
}

/** A day of events behind those of now: the file is told so while no hub has it open. */
export async function takeTimelinePictures(folder: string, shots: readonly Shot[]): Promise<void> {
  await using rig = await openRigWithHub({ env: { SLUICE_WEB_PORT: "0" } });
  for (const name of ["alerts", "ci", "deploys"]) await rig.addChannel({ kind: "webhook", name });
  await rig.killHub();
  await writeYesterday(toHome(rig.home).database);
  await rig.startHub();
  const context = await openBrowser(rig, { deviceScaleFactor: 2, locale: "en-GB" });
  const { page } = await openApprovals(rig, context);
  await openLane(rig, "channel");
  const { sessions } = await rig.status();
  const param = { name: sessions[0]?.id ?? "" };
  await read(rig.api.sessions[":name"].label.$post({ param, json: { label: "app (main)" } }));
  const ids: string[] = [];
  for (const [channel, text, priority, meta] of EVENTS) {
    const json = { channel, text, priority, meta: { ...meta } };
    ids.push((await read(rig.api.emit.$post({ json }))).id);
  }
  // A turn that ends later would end what is asked next.
  for (const id of ids) await rig.untilState(id, "done");
  const last = ids.at(-1) ?? "";
  await ask(rig, { ...ASKED[0], cwd: "/home/ada/app" });
  for (const { name, width, height, colorScheme } of shots) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme });
    const isTrace = colorScheme === "dark";
    await show(page, isTrace ? `timeline/${last}` : "timeline");
    await page
      .locator(isTrace ? ".steps .done, .steps .seen" : ".event-list li")
      .first()
      .waitFor();
    await page.waitForTimeout(isTrace ? 700 : 6_000);
    await page.screenshot({ path: join(folder, `timeline-${name}.png`) });
  }
}

/** As the inbox would hold them, with times of the last day. */
async function writeYesterday(path: string): Promise<void> {
  const db = new Database(path);
  const now = Date.now();
  const perHour = [2, 1, 0, 0, 0, 0, 1, 3, 9, 14, 11, 17, 8, 12, 22, 16, 13, 9, 6, 4, 5, 3, 7];
  await db.write(() => {
    for (const [index, count] of perHour.entries()) {
      const from = now - (perHour.length - index) * 3_600_000;
      for (let i = 0; i < count; i++) {
        const shown = toShown(index + i);
        const at = from + Math.floor((i * 3_500_000) / count);
        const { id } = addEvent(db, toPicture(shown), "source", at, at);
        markDone(db, id, "seen is done", undefined, at + 900);
        if (i % 4 === 0) addWake(db, "yesterday", { at, urgent: false, chars: 300, bell: null });
      }
    }
  });
  db.close();
}

function toPicture([channel, text, priority, meta]: Shown): Arrival {
  return {
    channel,
    kind: "message",
    sender: { id: channel },
    text,
    quotes: [],
    meta,
    priority,
    ack: "auto",
    verified: "bearer token",
  };
}

async function decide(
  page: Page,
  { id, code }: { id: string; code: string },
  button: "Approve" | "Deny",
): Promise<void> {
  await show(page, `approvals/${id}`);
  // The invented folder is not there, so all in it needs its code.
  await page.getByLabel("To approve, type").fill(code);
  await page.getByRole("button", { name: button, exact: true }).click();
  await page.locator(".ended").waitFor();
}

async function show(page: Page, place: string): Promise<void> {
  await page.goto(new URL(`/#/${place}`, page.url()).href);
}
