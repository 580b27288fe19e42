/**
 * A real Chromium for tests of the page.
 *
 * Owns: finding and starting it, signing it in, and a record of everything that a page must never do. Never: a hub (test/e2e/rig.ts).
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BrowserContext, chromium, type Page } from "playwright-core";
import { read } from "../../src/api/client/client.ts";
import { readCallerFacts } from "../../src/cli/access-terminal.ts";
import { CLI, type Rig } from "../e2e/rig.ts";

const PLACES = [
  process.env["SLUICE_CHROMIUM"] ?? "",
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
];

export const ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export const CHROMIUM: string | undefined = PLACES.find((path) => path !== "" && existsSync(path));

/** Why browser tests do not run here; undefined where they do. */
export const SKIPPED: string | undefined =
  CHROMIUM === undefined
    ? "no Chromium here: install it, or name it in SLUICE_CHROMIUM"
    : undefined;
if (SKIPPED !== undefined) console.warn(`test/browser is skipped: ${SKIPPED}`);

export type ContextOptions = Parameters<typeof chromium.launchPersistentContext>[1];

/** A browser with an empty profile, closed and removed with the rig. */
export async function openBrowser(
  rig: Pick<Rig, "add">,
  options: ContextOptions = {},
  { showsTour = false }: { showsTour?: boolean } = {},
): Promise<BrowserContext> {
  if (CHROMIUM === undefined) throw new Error(SKIPPED);
  const profile = mkdtempSync(join(tmpdir(), "sluice-chromium-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: CHROMIUM,
    headless: true,
    chromiumSandbox: false,
    args: ARGS,
    acceptDownloads: true,
    ...options,
  });
  rig.add(async () => {
    await context.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  });
  context.setDefaultTimeout(20_000);
  if (!showsTour)
    // As a text, for this side knows no page; one without an address of its own has no storage.
    await context.addInitScript(
      'if (location.protocol.startsWith("http")) localStorage.setItem("sluice.tour", "seen")',
    );
  return context;
}

/** A link as a program gets it: whoever opens it may look, write and deny. */
export async function newLink(rig: Rig): Promise<string> {
  const caller = { ...readCallerFacts(), tty: false };
  return (await read(rig.api.web.links.$post({ json: { caller } }))).url;
}

/** A link as a person at a terminal gets it: `sluice open` in a terminal of its own. */
export async function newOwnLink(rig: Rig): Promise<string> {
  const command = [process.execPath, CLI, "open", "--print"].map((word) => `'${word}'`).join(" ");
  const child = spawn("script", ["-qec", command, "/dev/null"], {
    cwd: rig.folder,
    env: { ...rig.env, NO_COLOR: "1" },
  });
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (said += text));
  await once(child, "close");
  const [url] = /http:\/\/127\.0\.0\.1:\d+\/#open=[\w-]+/.exec(said) ?? [];
  if (url === undefined) throw new Error(`sluice open printed no link: ${said}`);
  return url;
}

export type Watched = {
  page: Page;
  /** Scripts that ran though they must not, errors, refusals by the page's policy. */
  alarms: string[];
};

/** A tab in which everything that a script from outside could do leaves a trace. */
export async function openTab(context: BrowserContext, url: string): Promise<Watched> {
  const page = await context.newPage();
  const alarms: string[] = [];
  page.on("dialog", (dialog) => {
    alarms.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("pageerror", (error) => alarms.push(`error: ${error.message}`));
  page.on("console", (message) => {
    if (/Content Security Policy|pwned/i.test(message.text())) alarms.push(message.text());
  });
  page.on("popup", (popup) => alarms.push(`popup: ${popup.url()}`));
  await page.goto(url);
  return { page, alarms };
}

/** Signed in by a person at a terminal, with the approvals in sight. */
export async function openApprovals(rig: Rig, context: BrowserContext): Promise<Watched> {
  const tab = await openTab(context, await newOwnLink(rig));
  await tab.page.getByRole("link", { name: /^Approvals/ }).click();
  await tab.page.getByRole("heading", { name: /^Waiting/ }).waitFor();
  return tab;
}

/** Signed in, with the chat in sight. */
export async function openChat(rig: Rig, context: BrowserContext): Promise<Watched> {
  const tab = await openTab(context, await newLink(rig));
  await tab.page.getByRole("textbox", { name: "Message" }).waitFor();
  return tab;
}

export async function say(page: Page, text: string): Promise<void> {
  const field = page.getByRole("textbox", { name: "Message" });
  await field.fill(text);
  await field.press("Enter");
}
