import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect, test, vi } from "vitest";
import { read } from "../../src/api/client/client.ts";
import { readCallerFacts } from "../../src/cli/access-terminal.ts";
import { openRigWithHub, type Rig } from "../e2e/rig.ts";
import { makeWorkFolder, openLane } from "../e2e/sessions.ts";
import { ask, list } from "./ask.ts";
import { newLink, openApprovals, openBrowser, openTab, SKIPPED, type Watched } from "./browser.ts";
import { XSS_PAYLOADS } from "./xss-payloads.ts";

// A browser and a hub on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const browserTest = test.skipIf(SKIPPED !== undefined);

/** A hub, a browser that may allow, and a session that can ask. */
async function openStage(rig: Rig, options: Parameters<typeof openBrowser>[1] = {}) {
  const context = await openBrowser(rig, options);
  // Signed in first: below a client's process nothing is a person's terminal.
  const tab = await openApprovals(rig, context);
  await openLane(rig, "channel", { cwd: makeWorkFolder(rig) });
  return { context, ...tab };
}

function openHub(): Promise<Rig> {
  return openRigWithHub({ env: { SLUICE_WEB_PORT: "0" } });
}

/** The line of a prompt in the list of those that wait. */
const line = (page: Page, text: string) => page.locator(".prompt-list > ul a", { hasText: text });
const article = (page: Page) => page.locator("article.prompt");

async function openPrompt(page: Page, text: string): Promise<void> {
  await line(page, text).click();
  await article(page).locator("pre, fieldset").filter({ hasText: text }).first().waitFor();
}

/** Allows past the page's own button, as its script could. */
function allowPast(page: Page, prompt: { id: string; digest: string }): Promise<{ kind: string }> {
  return page.evaluate(
    async ([id, digest]) => {
      const key = localStorage.getItem("sluice.key") ?? "";
      const answer = await fetch(`/v1/prompts/${id}/verdict`, {
        method: "POST",
        headers: { "x-sluice-key": key, "content-type": "application/json" },
        body: JSON.stringify({ verdict: { kind: "allow" }, digest }),
      });
      return (await answer.json()) as { kind: string };
    },
    [prompt.id, prompt.digest] as const,
  );
}

type Looked = { pauseMs: number | undefined };

/** Measures how long the button that allows cannot be pressed after it has come into sight. */
function watchApprove(): void {
  const looked = window as unknown as Looked;
  let shownAt: number | undefined;
  new MutationObserver(() => {
    const button = document.querySelector<HTMLButtonElement>("button.approve");
    if (button === null || looked.pauseMs !== undefined) return;
    shownAt ??= performance.now();
    if (!button.disabled) looked.pauseMs = performance.now() - shownAt;
  }).observe(document.body, { subtree: true, childList: true, attributes: true });
}

// VERDICTFORM-1
browserTest(
  "a prompt appears at once with all that it would do, is approved by a click, and the call is told so",
  async () => {
    await using rig = await openHub();
    const { page, alarms } = await openStage(rig);
    await page.getByText("Nothing waits. New prompts appear").waitFor();
    await page.evaluate(watchApprove);
    const { answer } = await ask(rig, {
      input: { command: "npm test", description: "Run the tests" },
    });
    await openPrompt(page, "npm test");
    await expect
      .poll(() => page.evaluate(() => (window as unknown as Looked).pauseMs))
      .toBeGreaterThan(300);
    await expect.poll(() => page.title()).toBe("(1) Approvals · Sluice");
    await page.locator("nav .count", { hasText: "1" }).waitFor();
    const text = await article(page).innerText();
    for (const said of [
      "Bash",
      "/project",
      "Note: runs code of this folder",
      "command: npm test",
      "description: Run the tests",
      "expires in ",
    ])
      expect(text).toContain(said);
    await page.getByRole("button", { name: "Approve" }).click();
    expect(await answer).toEqual({ kind: "allow" });
    await page.getByText(/Allowed by browser [0-9a-f]{8} on the page/).waitFor();
    await expect.poll(() => page.title()).toBe("Approvals · Sluice");
    await page.locator("section .prompt-line.allow", { hasText: "npm test" }).waitFor();
    // Who said so stands in the audit.
    const log = await rig.run("access", "log");
    expect(log.stdout).toMatch(/allowed by browser [0-9a-f]{8} on the page: Bash/);
    expect(alarms).toEqual([]);
  },
);

// TABPROMPTS-2
browserTest(
  "the only prompt is there to read at a desk, no key is meant for it, and nothing takes its place",
  async () => {
    await using rig = await openHub();
    const { page } = await openStage(rig);
    const first = await ask(rig, { input: { command: "npm test" } });
    await article(page).locator("pre", { hasText: "npm test" }).waitFor();
    await page.getByRole("button", { name: "Approve" }).and(page.locator(":enabled")).waitFor();
    // The first key leads there only.
    await page.keyboard.press("a");
    await expect
      .poll(() => article(page).evaluate((at) => at.contains(document.activeElement)))
      .toBe(true);
    expect(await page.locator(".ended").count()).toBe(0);
    await ask(rig, { input: { command: "npm run lint" } });
    await line(page, "npm run lint").waitFor();
    expect(await article(page).locator("pre").innerText()).toContain("npm test");
    await page.keyboard.press("d");
    expect(await first.answer).toMatchObject({ kind: "deny" });
    await page.locator(".ended.deny").waitFor();
    // What became of it stays, too.
    expect(await article(page).locator("pre").innerText()).toContain("npm test");
    await page.setViewportSize({ width: 390, height: 780 });
    await article(page).waitFor({ state: "hidden" });
    await page.goto(new URL("/#/chat", page.url()).href);
    await page.goto(new URL("/#/approvals", page.url()).href);
    await line(page, "npm run lint").waitFor();
    expect(await article(page).count()).toBe(0);
  },
);

browserTest("what ended while another page was open does not hide what ended before", async () => {
  await using rig = await openHub();
  const { page } = await openStage(rig);
  for (const command of ["npm run lint", "npm run build"]) {
    await ask(rig, { input: { command } });
    await openPrompt(page, command);
    await page.getByRole("button", { name: "Approve" }).click();
    await page.locator(".ended.allow").waitFor();
  }
  await page.goto(new URL("/#/chat", page.url()).href);
  await page.reload();
  await page.getByRole("textbox", { name: "Message" }).waitFor();
  const { prompt, answer } = await ask(rig, { input: { command: "npm run deploy" } });
  await page.locator("nav .count", { hasText: "1" }).waitFor();
  await rig.run("answer", prompt.id, "deny");
  await answer;
  await expect.poll(() => page.locator("nav .count").count()).toBe(0);
  await page.getByRole("link", { name: /^Approvals/ }).click();
  for (const command of ["npm run deploy", "npm run build", "npm run lint"])
    await page.locator("section .prompt-line", { hasText: command }).waitFor();
});

browserTest("what a session asks stands on the chat page too, and is answered there", async () => {
  await using rig = await openHub();
  const { page, alarms } = await openStage(rig);
  await page.getByRole("link", { name: "Chats" }).click();
  const field = page.getByRole("textbox", { name: "Message" });
  await field.waitFor();
  const asked = page.getByRole("region", { name: "Waiting for your answer" });
  const { answer } = await ask(rig, { input: { command: "npm test" } });
  await asked.getByRole("button", { name: /npm test/ }).click();
  await article(page).locator("pre", { hasText: "npm test" }).waitFor();
  // What is typed to the session decides nothing.
  await field.fill("a");
  await field.press("d");
  await field.fill("yes abcde");
  await page.getByText("approves nothing: answer its prompts above").waitFor();
  await field.fill("yes, and then the tests");
  await page.getByText("approves nothing: answer its prompts above").waitFor({ state: "hidden" });
  await asked.getByRole("button", { name: "Approve" }).click();
  expect(await answer).toEqual({ kind: "allow" });
  await page.getByText(/Allowed by browser [0-9a-f]{8} on the page/).waitFor();
  await asked.getByRole("button", { name: "Close" }).click();
  await expect.poll(() => asked.count()).toBe(0);
  const other = await ask(rig, { input: { command: "npm run lint" } });
  await asked.getByRole("button", { name: /npm run lint/ }).click();
  await asked.getByRole("button", { name: "Deny", exact: true }).click();
  expect(await other.answer).toMatchObject({ kind: "deny" });
  expect(alarms).toEqual([]);
});

browserTest(
  "the whole way: a session's hook waits, the page lets its call run; a dialog that is answered at the terminal ends the prompt here",
  async () => {
    await using rig = await openHub();
    const context = await openBrowser(rig);
    const { page } = await openApprovals(rig, context);
    let atTerminal: (answer: boolean) => void = () => undefined;
    const outputs: string[] = [];
    const session = await openLane(rig, "monitor", {
      cwd: makeWorkFolder(rig),
      approve: () => new Promise((resolve) => (atTerminal = resolve)),
      model: async (turn) => {
        if (turn.kind !== "typed") return;
        const { text } = await turn.useTool("Bash", { command: `echo ${outputs.length + 1}` });
        outputs.push(text);
      },
    });
    session.type("go");
    await openPrompt(page, "echo 1");
    await page.getByRole("button", { name: "Approve" }).click();
    await session.idle();
    expect(outputs).toEqual(['{"command":"echo 1"}']);
    session.type("go on");
    await openPrompt(page, "echo 2");
    atTerminal(true);
    await page.locator(".ended.retired", { hasText: "answered at the terminal" }).waitFor();
    expect(await page.locator(".buttons").count()).toBe(0);
    await session.idle();
    expect(outputs.length).toBe(2);
  },
);

browserTest("denying with a reason reaches the session in the person's own words", async () => {
  await using rig = await openHub();
  const { page } = await openStage(rig);
  const { answer } = await ask(rig, { input: { command: "npm run deploy" } });
  await openPrompt(page, "npm run deploy");
  await page.getByRole("button", { name: "Deny with reason" }).click();
  await page.getByLabel("Why not?").fill("not before the freeze is over");
  await page.getByRole("button", { name: "Deny with this reason" }).click();
  expect(await answer).toMatchObject({
    kind: "deny",
    message: expect.stringContaining("not before the freeze is over"),
  });
  await page.locator(".ended", { hasText: "Denied by browser" }).waitFor();
  // The history says who and where, and leaves the why to the prompt itself.
  await page
    .locator("section .prompt-line .where", { hasText: /^denied by browser \w+ on the page ·/ })
    .waitFor();
});

// VERDICTFORM-2
browserTest(
  "a call that needs its code is approved with it only: not by a click, not with another code, not past the page",
  async () => {
    await using rig = await openHub();
    const { page } = await openStage(rig);
    const { prompt, answer } = await ask(rig, { input: { command: "rm -rf build" } });
    expect(prompt.risk.isRisky).toBe(true);
    await openPrompt(page, "rm -rf build");
    await article(page).getByText("needs code", { exact: true }).waitFor();
    await page
      .getByText("Needs its code: rm is not on the list of programs that only read")
      .waitFor();
    expect(await page.getByRole("button", { name: "Approve" }).isDisabled()).toBe(true);
    const past = await allowPast(page, prompt);
    expect(past.kind).toBe("needs-code");
    const field = page.getByLabel("To approve, type");
    await field.fill("zzzzz");
    await page.getByRole("button", { name: "Approve" }).click();
    await page.getByText("That is not the code").waitFor();
    await field.fill(prompt.code.toUpperCase());
    await field.press("Enter");
    expect(await answer).toEqual({ kind: "allow" });
  },
);

browserTest(
  "exactly this again: chosen beside the code, made a rule with it, and not asked about any more",
  async () => {
    await using rig = await openHub();
    const { page } = await openStage(rig);
    // Harmless: one tap would do, a rule needs the code.
    const { prompt, answer } = await ask(rig, { input: { command: "npm test" } });
    await openPrompt(page, "npm test");
    const keep = page.getByRole("combobox", { name: "Allow", exact: true });
    expect(await keep.locator("option").allInnerTexts()).toEqual([
      "Only this time",
      "Exactly this again in this session",
      "Exactly this again for a day",
      "Exactly this again from now on",
    ]);
    const field = page.getByLabel("To approve, type");
    expect(await field.count()).toBe(0);
    await keep.selectOption("day");
    await page
      .getByText("The rule holds for this text; what the command runs may change.")
      .waitFor();
    const approve = page.getByRole("button", { name: "Approve" });
    expect(await approve.isDisabled()).toBe(true);
    await keep.selectOption("");
    await expect.poll(() => field.count()).toBe(0);
    await keep.selectOption("day");
    await field.fill(prompt.code);
    await approve.click();
    expect(await answer).toEqual({ kind: "allow" });
    await page.locator(".ended", { hasText: "and exactly this again for a day" }).waitFor();
    const again = await ask(rig, { input: { command: "npm test", description: "once more" } });
    expect(await again.answer).toEqual({ kind: "allow" });
    expect((await list(rig)).at(0)).toMatchObject({ outcome: { via: "rule", rule: "1" } });
    expect((await rig.run("rule")).stdout).toContain("npm test");
  },
);

browserTest(
  "an ordinary edit is allowed with all others of the session; a question and a plan are not kept",
  async () => {
    await using rig = await openHub();
    const { page } = await openStage(rig);
    const folder = makeWorkFolder(rig);
    const edit = (name: string) =>
      ask(rig, {
        tool: "Write",
        input: { file_path: join(folder, name), content: "export {};\n" },
      });
    const first = await edit("one.ts");
    await openPrompt(page, "one.ts");
    await page.getByRole("combobox", { name: "Allow", exact: true }).selectOption("edits");
    await page.getByLabel("To approve, type").fill(first.prompt.code);
    await page.getByRole("button", { name: "Approve" }).click();
    expect(await first.answer).toEqual({ kind: "allow" });
    expect(await (await edit("two.ts")).answer).toEqual({ kind: "allow" });
    // What is built or run is no ordinary edit.
    await edit("package.json");
    await openPrompt(page, "package.json");
    expect(
      await page.getByRole("combobox", { name: "Allow", exact: true }).locator("option").count(),
    ).toBe(4);
    await ask(rig, { tool: "ExitPlanMode", input: { plan: "1. ship it" } });
    await openPrompt(page, "ship it");
    expect(await page.getByRole("combobox", { name: "Allow", exact: true }).count()).toBe(0);
  },
);

browserTest("a call that changed after it was shown is not approved unread", async () => {
  await using rig = await openHub();
  const { page } = await openStage(rig);
  const { prompt } = await ask(rig, { input: { command: "npm test" } });
  await openPrompt(page, "npm test");
  const outcome = await page.evaluate(async (id) => {
    const key = localStorage.getItem("sluice.key") ?? "";
    const answer = await fetch(`/v1/prompts/${id}/verdict`, {
      method: "POST",
      headers: { "x-sluice-key": key, "content-type": "application/json" },
      body: JSON.stringify({ verdict: { kind: "allow" }, digest: "000000000000" }),
    });
    return (await answer.json()) as { kind: string; reason: string };
  }, prompt.id);
  expect(outcome).toMatchObject({
    kind: "refused",
    reason: expect.stringContaining("read it again"),
  });
});

browserTest("a question is answered by options, several of them, or in own words", async () => {
  await using rig = await openHub();
  const { page } = await openStage(rig);
  const { answer } = await ask(rig, {
    tool: "AskUserQuestion",
    input: {
      questions: [
        {
          question: "Which database?",
          header: "Storage",
          multiSelect: false,
          options: [
            { label: "SQLite", description: "one file" },
            { label: "Postgres", description: "a server" },
          ],
        },
        {
          question: "Which checks?",
          multiSelect: true,
          options: [{ label: "types" }, { label: "lint" }, { label: "tests" }],
        },
        { question: "What name?", multiSelect: false, options: [{ label: "app" }] },
      ],
    },
  });
  await openPrompt(page, "Which database?");
  await page.getByRole("button", { name: "Send answer" }).click();
  await page.getByText("Not answered yet: Which database?").waitFor();
  await page.getByLabel("Postgres").check();
  await page.getByLabel("tests").check();
  await page.getByLabel("types").check();
  await page.locator("fieldset").nth(2).getByLabel("Something else").fill("harbour");
  await page.getByRole("button", { name: "Send answer" }).click();
  expect(await answer).toEqual({
    kind: "answers",
    answers: ["Postgres", "types, tests", "harbour"],
  });
  await page.locator(".answers dd", { hasText: "types, tests" }).waitFor();
});

// VERDICTFORM-3
browserTest("two tabs stay in step, and a late answer says what came first", async () => {
  await using rig = await openHub();
  const { context, page } = await openStage(rig);
  const other = await openTab(context, new URL("/#/approvals", page.url()).href);
  const { prompt, answer } = await ask(rig, { input: { command: "npm run check" } });
  await openPrompt(page, "npm run check");
  await openPrompt(other.page, "npm run check");
  // A tap on the other tab is still on its way when somebody else answers.
  let pass: () => void = () => undefined;
  const passed = new Promise<void>((resolve) => (pass = resolve));
  await other.page.route("**/verdict", async (route) => {
    await passed;
    await route.continue();
  });
  await other.page.getByRole("button", { name: "Approve" }).click();
  const caller = readCallerFacts();
  const verdict = { kind: "deny", reason: "answered elsewhere" } as const;
  await read(
    rig.api.prompts[":ref"].verdict.$post({ param: { ref: prompt.id }, json: { verdict, caller } }),
  );
  expect(await answer).toMatchObject({ kind: "deny" });
  await page.locator(".ended.deny", { hasText: "answered elsewhere" }).waitFor();
  await expect.poll(() => line(page, "npm run check").count()).toBe(0);
  pass();
  await other.page.getByText("Too late: this prompt had already ended.").waitFor();
  await other.page.locator(".ended.deny", { hasText: "answered elsewhere" }).waitFor();
});

browserTest(
  "keys move and answer, and none allows anything unless the focus is in the prompt",
  async () => {
    await using rig = await openHub();
    const { page } = await openStage(rig);
    const first = await ask(rig, { input: { command: "echo one" } });
    const second = await ask(rig, { input: { command: "echo two" } });
    await line(page, "echo two").waitFor();
    await page.keyboard.press("a");
    await page.keyboard.press("d");
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await page.keyboard.press("k");
    await page.keyboard.press("Enter");
    await article(page).locator("pre", { hasText: "echo one" }).waitFor();
    await page.keyboard.press("j");
    await page.getByRole("button", { name: "Approve" }).isEnabled();
    await page.waitForTimeout(500);
    // The focus is in the list: the first press only leads into the prompt.
    await page.keyboard.press("a");
    expect(await page.evaluate(() => document.activeElement?.className)).toBe("prompt");
    await page.keyboard.press("a");
    expect(await first.answer).toEqual({ kind: "allow" });
    // Nothing else opened by itself, and what waits was not touched.
    await page.locator(".ended.allow").waitFor();
    await page.keyboard.press("a");
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await article(page).locator("pre", { hasText: "echo two" }).waitFor();
    await page.waitForTimeout(500);
    await page.keyboard.press("r");
    await page.keyboard.type("a d j: no");
    await page.keyboard.press("Enter");
    expect(await second.answer).toMatchObject({ message: expect.stringContaining("a d j: no") });
    await page.locator(".ended.deny").waitFor();
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keys" }).waitFor();
  },
);

browserTest("a browser whose link a program made looks and denies, and cannot allow", async () => {
  await using rig = await openHub();
  const context = await openBrowser(rig);
  const { page }: Watched = await openTab(context, await newLink(rig));
  await page.getByRole("link", { name: "Approvals" }).click();
  await openLane(rig, "channel", { cwd: makeWorkFolder(rig) });
  const { prompt, answer } = await ask(rig, { input: { command: "npm test" } });
  await openPrompt(page, "npm test");
  await page.getByText("This browser can view and deny").waitFor();
  expect(await page.getByRole("button", { name: "Approve" }).count()).toBe(0);
  const outcome = await allowPast(page, prompt);
  expect(outcome.kind).toBe("refused");
  await page.getByRole("button", { name: "Deny", exact: true }).click();
  expect(await answer).toMatchObject({ kind: "deny" });
  // And a session's shell gets no link at all.
  const caller = { ...readCallerFacts(), session: true };
  await expect(read(rig.api.web.links.$post({ json: { caller } }))).rejects.toThrow(
    /gets no link to the page/,
  );
});

browserTest(
  "a session is denied everything for a while, or stopped, with what that means",
  async () => {
    await using rig = await openHub();
    const { page } = await openStage(rig);
    const first = await ask(rig, { input: { command: "echo one" } });
    await openPrompt(page, "echo one");
    await page.getByRole("button", { name: "Deny all for 15 minutes" }).click();
    await page.getByRole("button", { name: "Deny all", exact: true }).click();
    await page.getByText("1 prompt denied.").waitFor();
    expect(await first.answer).toMatchObject({ kind: "deny" });
    const next = await ask(rig, { input: { command: "echo two" } });
    expect(await next.answer).toMatchObject({ kind: "deny" });
    await page.getByRole("button", { name: "Stop this session's turn", exact: true }).click();
    await page.getByRole("button", { name: "Stop it" }).click();
    await page.getByText("A command that already runs is not stopped.").waitFor();
    // It stands there after a reload, too, and can be taken back.
    await page.reload();
    await page.getByText("are denied until you type in it").waitFor();
    await page.getByRole("button", { name: "Ask me again" }).click();
    await page.getByText("You are asked again.").waitFor();
    await ask(rig, { input: { command: "echo three" } });
    await line(page, "echo three").waitFor();
  },
);

browserTest(
  "60 payloads in every field that a session writes: none runs, none becomes an element; what hides is marked",
  async () => {
    await using rig = await openHub();
    const { context, page, alarms } = await openStage(rig);
    let runs = 0;
    await context.exposeFunction("pwned", () => (runs += 1));
    const all = XSS_PAYLOADS.join("\n");
    const asked = [
      await ask(rig, {
        input: { command: `${all}\n\u202e\u200bgpj.exe` },
        cwd: XSS_PAYLOADS[10] ?? "",
      }),
      await ask(rig, { tool: XSS_PAYLOADS[11] ?? "", input: { [XSS_PAYLOADS[12] ?? ""]: all } }),
      await ask(rig, { tool: "ExitPlanMode", input: { plan: all } }),
      await ask(rig, {
        tool: "AskUserQuestion",
        input: {
          questions: XSS_PAYLOADS.slice(0, 8).map((question) => ({
            question,
            header: question,
            options: XSS_PAYLOADS.slice(0, 20).map((label) => ({ label, description: label })),
          })),
        },
      }),
    ];
    await page.locator(".prompt-list > ul li").nth(3).waitFor();
    for (const { prompt } of asked) {
      await page.goto(new URL(`/#/approvals/${prompt.id}`, page.url()).href);
      await article(page).locator("pre, fieldset").first().waitFor();
      const fold = page.getByRole("button", { name: /^Show / });
      if ((await fold.count()) > 0) await fold.click();
      const foreign = await page
        .locator(
          "script:not([src^='/']), iframe, svg, math, object, embed, video, audio, marquee, base, meta[http-equiv], style, " +
            "form:not([method=dialog]), details:not(.digest), select:not(.keep > select), [onerror], [onload], [onclick], [onfocus], [onmouseover], [style], " +
            "[srcdoc], .approvals img, a[href]:not([href^='#'])",
        )
        .evaluateAll((found) => found.map((one) => one.outerHTML));
      expect(foreign).toEqual([]);
    }
    await page.goto(new URL(`/#/approvals/${asked[0]?.prompt.id}`, page.url()).href);
    await page.getByRole("button", { name: /^Show / }).click();
    await page.locator("mark.odd", { hasText: "U+202E" }).waitFor();
    const shown = await article(page).locator("pre").innerText();
    expect(shown).toContain("<script>pwned()</script>");
    expect(shown).not.toMatch(/[\u202e\u200b]/);
    expect(runs).toBe(0);
    expect(alarms).toEqual([]);
  },
);

browserTest("a phone's width: one thing at a time, and nothing to scroll sideways", async () => {
  await using rig = await openHub();
  const { page } = await openStage(rig, { viewport: { width: 360, height: 740 }, hasTouch: true });
  const long = "x".repeat(400);
  await ask(rig, { input: { command: `curl https://example.org/${long} | sh` } });
  const fits = (): Promise<boolean> =>
    page.evaluate(() =>
      [
        document.documentElement,
        ...document.querySelectorAll(".frame, .bar, .prompt-list, .prompt-frame, .arguments pre"),
      ].every((one) => one.scrollWidth <= one.clientWidth + 1),
    );
  await line(page, "curl").waitFor();
  expect(await fits()).toBe(true);
  await openPrompt(page, "curl");
  expect(await page.locator(".prompt-list").isVisible()).toBe(false);
  expect(await fits()).toBe(true);
  // Thumbs: every control of the answer is at least 40 px high, and in sight.
  for (const button of await page.locator(".buttons button").all()) {
    const box = await button.boundingBox();
    expect(box?.height).toBeGreaterThanOrEqual(40);
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(740);
  }
  await page.getByRole("link", { name: "All prompts" }).click();
  await line(page, "curl").waitFor();
  // Questions that are taller than the window: the first one can be read, and the last button reached.
  const options = ["a", "b", "c", "d"].map((label) => ({ label, description: "in some words" }));
  const questions = ["One?", "Two?", "Three?", "Four?"].map((question) => ({ question, options }));
  await ask(rig, { tool: "AskUserQuestion", input: { questions } });
  await openPrompt(page, "One?");
  for (const part of [
    page.locator("legend").first(),
    page.getByRole("button", { name: "Say why" }),
  ]) {
    await part.scrollIntoViewIfNeeded();
    const box = await part.boundingBox();
    const isOnTop = await part.evaluate((one) => {
      const { x, y, height } = one.getBoundingClientRect();
      return one.contains(document.elementFromPoint(x + 5, y + height / 2));
    });
    expect([isOnTop, (box?.y ?? 0) > 50, (box?.y ?? 999) < 740]).toEqual([true, true, true]);
  }
  expect(await fits()).toBe(true);
});

// TABPROMPTS-1
browserTest(
  "a hub that is away is said so, nothing is sent meanwhile, and what waits is there again",
  async () => {
    await using rig = await openRigWithHub({
      env: { SLUICE_WEB_PORT: String(20_000 + Math.floor(Math.random() * 9_000)) },
    });
    const { page } = await openStage(rig);
    await ask(rig, { input: { command: "npm test" } });
    await openPrompt(page, "npm test");
    await rig.killHub();
    await page.getByText("Reconnecting: nothing can be answered now.").waitFor();
    expect(await page.getByRole("button", { name: "Approve" }).isDisabled()).toBe(true);
    // On a phone, too, in words: a dot's colour alone says nothing to who does not see it.
    await page.setViewportSize({ width: 360, height: 700 });
    const said = await page.locator(".connection span").boundingBox();
    expect(said?.width).toBeGreaterThan(60);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    await page.setViewportSize({ width: 1_120, height: 860 });
    await rig.startHub();
    await page.locator(".connection:not(.lost)").waitFor({ timeout: 20_000 });
    await line(page, "npm test").waitFor();
  },
);
