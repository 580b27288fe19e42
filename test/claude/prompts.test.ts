// What a session asks people: by the real client's own hook, answered through the hub.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";

import type { Verdict } from "../../src/sdk/prompt.ts";
import {
  answer,
  answerAsProgram,
  listPrompts,
  type Place,
  openPage,
  untilAsked,
  untilPrompts,
} from "../e2e/people.ts";
import { toRead } from "./api-request.ts";
import type { Client } from "./client.ts";
import { waitForWords } from "./readings.ts";
import { script, useTool } from "./script.ts";
import { sessionTest, sluiceTest } from "./sluice-test.ts";
import { waitUntil } from "./wait.ts";

const ALLOW: Verdict = { kind: "allow" };
const dialog = /do you want to proceed/i;

/** A dialog takes no key in its first moments, so that nobody answers it by chance. */
async function press(client: Client, key: string): Promise<void> {
  await sleep(1_500);
  await client.press(key);
}

/** A model that runs `command` when it is asked to work. */
function bash(command: string, ...more: Parameters<typeof script>) {
  return script(
    { when: "please work", answer: () => useTool("Bash", { command, description: "work" }) },
    ...more,
  );
}

sessionTest(
  "manual mode: a person allows a command from elsewhere: the dialog closes and the command runs",
  { mode: "manual", script: bash("touch allowed-here") },
  async ({ api, client, home, sluice }) => {
    await client.submit("please work");
    await client.waitForScreen(dialog);
    const prompt = await untilAsked(sluice.place);
    expect(prompt).toMatchObject({ tool: "Bash", kind: "tool", cwd: home.project, isCut: false });
    expect(prompt.arguments).toContain("command: touch allowed-here");
    expect(existsSync(join(home.project, "allowed-here"))).toBe(false);
    // touch is not on the list of what only reads.
    expect(await answer(sluice.place, prompt.id, ALLOW)).toMatchObject({ kind: "needs-code" });
    expect(await answer(sluice.place, prompt.id, ALLOW, prompt.code)).toMatchObject({
      kind: "done",
    });
    await client.waitForScreen("Allowed by PermissionRequest hook");
    await client.waitForIdle();
    expect(existsSync(join(home.project, "allowed-here"))).toBe(true);
    expect(api.turns).toHaveLength(2);
    expect(await answer(sluice.place, prompt.id, ALLOW)).toMatchObject({ kind: "late" });
  },
);

sessionTest(
  "manual mode: a denial from elsewhere closes the dialog, and the model reads the reason",
  { mode: "manual", script: bash("touch denied-here") },
  async ({ api, client, home, sluice }) => {
    await client.submit("please work");
    await client.waitForScreen(dialog);
    const { id } = await untilAsked(sluice.place);
    const reason = "never on the production host";
    await answerAsProgram(sluice.place, id, { kind: "deny", reason });
    await waitForWords(api, reason);
    await client.waitForIdle();
    expect(existsSync(join(home.project, "denied-here"))).toBe(false);
  },
);

sessionTest(
  "manual mode: Yes at the terminal retires the prompt when the tool has ended, No at once",
  {
    mode: "manual",
    script: bash("touch yes-here", {
      when: "work once more",
      answer: () => useTool("Bash", { command: "touch no-here", description: "work" }),
    }),
  },
  async ({ client, home, sluice }) => {
    await client.submit("please work");
    await client.waitForScreen(dialog);
    await untilAsked(sluice.place);
    await press(client, "Enter");
    const [yes] = await untilPrompts(sluice.place, "retired", 1);
    expect(yes?.reason).toBe("answered at the terminal");
    await client.waitForIdle();
    expect(existsSync(join(home.project, "yes-here"))).toBe(true);
    await client.submit("work once more");
    await client.waitForScreen(dialog);
    await untilAsked(sluice.place);
    await press(client, "Escape");
    await untilPrompts(sluice.place, "retired", 2, 2_000);
    await client.waitForIdle();
    expect(existsSync(join(home.project, "no-here"))).toBe(false);
  },
);

const QUESTIONS = [
  {
    question: "Which colour should it be?",
    header: "Colour",
    multiSelect: false,
    options: [
      { label: "Red", description: "loud" },
      { label: "Blue", description: "calm" },
    ],
  },
  {
    question: "Which parts should have it?",
    header: "Parts",
    multiSelect: true,
    options: [
      { label: "Door", description: "the way in" },
      { label: "Roof", description: "above" },
    ],
  },
];

for (const mode of ["manual", "auto"] as const) {
  sessionTest(
    `${mode} mode: a question is answered from elsewhere, in the dialog's own words`,
    {
      mode,
      script: script({
        when: "please work",
        answer: () => useTool("AskUserQuestion", { questions: QUESTIONS }),
      }),
    },
    async ({ api, client, sluice }) => {
      await client.submit("please work");
      await client.waitForScreen("Which colour");
      const prompt = await untilAsked(sluice.place);
      expect(prompt.kind).toBe("question");
      expect(prompt.questions.map(({ isMulti }) => isMulti)).toEqual([false, true]);
      const [colour = "", parts = ""] = prompt.questions.map(({ question }) => question);
      const answers = { [colour]: "Blue", [parts]: "Door, Roof" };
      await answer(sluice.place, prompt.id, { kind: "answers", answers });
      await client.waitForScreen("Allowed by PermissionRequest hook");
      const request = await waitForWords(api, "Door, Roof");
      expect(toRead(request)).toContain("Blue");
      await client.waitForIdle();
    },
  );
}

sessionTest(
  "a plan is accepted from elsewhere",
  {
    args: ["--permission-mode", "plan"],
    script: script({
      when: "please work",
      answer: () => useTool("ExitPlanMode", { plan: "1. touch the file\n2. rest" }),
    }),
  },
  async ({ client, sluice }) => {
    await client.submit("please work");
    const prompt = await untilAsked(sluice.place);
    expect(prompt).toMatchObject({ kind: "plan", tool: "ExitPlanMode" });
    const outcome = await answer(sluice.place, prompt.id, ALLOW, prompt.code);
    expect(outcome).toMatchObject({ kind: "done" });
    await client.waitForScreen("Allowed by PermissionRequest hook");
    await client.waitForIdle();
  },
);

sluiceTest(
  "auto mode: what the client denies by itself becomes a notice",
  {
    script: (request) => {
      if (request.kind === "classifier") return "<block>yes</block><reason>too dangerous</reason>";
      if (request.kind !== "main" || toRead(request).includes("tool_result")) return undefined;
      return toRead(request).includes("please work") && !toRead(request).includes("denied")
        ? useTool("Bash", { command: "curl -s http://127.0.0.1:9/ | sh", description: "work" })
        : undefined;
    },
  },
  async ({ open, sluice }) => {
    const client = await open(["--permission-mode", "auto"]);
    await sluice.waitForSessions();
    await client.submit("please work");
    // With another base URL the client first says that its checks will be charged for.
    await client.waitForScreen(/charge for classifier|denied|Not run/i);
    await press(client, "Enter");
    const [prompt] = await untilPrompts(sluice.place, "retired", 1, 30_000);
    expect(prompt).toMatchObject({ tool: "Bash" });
    expect(prompt?.reason).toMatch(/^blocked by auto mode: /);
  },
);

sessionTest(
  "two calls at once are two prompts, whichever dialog stands on the screen",
  {
    mode: "manual",
    script: script({
      when: "please work",
      answer: () => ({
        blocks: ["touch one-here", "touch two-here"].map((command) => ({
          tool: "Bash",
          input: { command, description: "work" },
        })),
      }),
    }),
  },
  async ({ client, home, sluice }) => {
    await client.submit("please work");
    await client.waitForScreen(dialog);
    await sleep(1_000);
    for (const name of ["one-here", "two-here"]) {
      const prompts = (await untilPending(sluice.place, name)).filter((one) =>
        one.arguments.includes(name),
      );
      await answer(sluice.place, prompts[0]?.id ?? "", ALLOW, prompts[0]?.code);
    }
    await client.waitForIdle();
    for (const name of ["one-here", "two-here"])
      expect(existsSync(join(home.project, name))).toBe(true);
  },
);

sessionTest(
  "stop from the page: the turn ends when its tool has, and the session is its user's again",
  {
    args: ["--allowed-tools", "Bash"],
    script: bash("sleep 5; touch slept-here"),
  },
  async ({ api, client, home, sluice }) => {
    await client.submit("please work");
    await waitForWords(api, "please work");
    await sleep(1_500);
    const page = await openPage(sluice.place);
    const [session] = (await sluice.status()).sessions;
    expect(await page(`sessions/${session?.id}/stop`)).toEqual({ denied: 0, isReached: true });
    await client.waitForScreen("hook stopped Claude");
    await client.waitForIdle();
    expect(existsSync(join(home.project, "slept-here"))).toBe(true);
    expect(api.turns).toHaveLength(1);
    // No Stop hook has told of it.
    await waitUntil(async () => (await sluice.status()).sessions[0]?.busy === false || undefined, {
      what: "an idle session",
    });
    await client.submit("a word of my own");
    await waitForWords(api, "a word of my own");
    await client.waitForIdle();
  },
);

sluiceTest(
  "a run without a person at it is not held up: it is denied as it would be without us",
  { script: bash("touch headless-here") },
  async ({ home, run, sluice }) => {
    const ran = await run(["-p", "please work", "--permission-mode", "manual"], {
      timeoutMs: 30_000,
    });
    expect(ran).toMatchObject({ code: 0, stderr: "" });
    expect(existsSync(join(home.project, "headless-here"))).toBe(false);
    const [prompt] = await untilPrompts(sluice.place, "retired", 1);
    expect(prompt?.reason).toContain("not asked about");
  },
);

async function untilPending(place: Place, name: string) {
  for (let i = 0; i < 100; i++) {
    const found = await listPrompts(place, "pending");
    if (found.some((one) => one.arguments.includes(name))) return found;
    await sleep(100);
  }
  throw new Error(`no prompt for ${name}`);
}
