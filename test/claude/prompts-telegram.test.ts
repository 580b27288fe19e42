// What a session asks a person who is not there: on Telegram, and back. The wire is a fake's, the client is real.
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { expect } from "vitest";

import { FAKE_TOKEN, FakeTelegram } from "../fakes/telegram/fake-telegram.ts";
import { typeCommand, untilAsked } from "../e2e/people.ts";
import { waitForWords } from "./readings.ts";
import { script, useTool } from "./script.ts";
import { sessionTest, type SluiceStage } from "./sluice-test.ts";
import { waitUntil } from "./wait.ts";

const ANN = "77";
const dialog = /do you want to proceed/i;

/** A bot with one approver, as its owner lets them in at a terminal. */
async function openBot({ defer, sluice }: SluiceStage): Promise<FakeTelegram> {
  const fake = await FakeTelegram.open();
  defer(() => fake.close());
  const added = await sluice.try(
    ["add", "telegram", "--secret-stdin", "--set", `api-root=${fake.root}`],
    FAKE_TOKEN,
  );
  expect(added).toMatchObject({ code: 0, stderr: "" });
  const roles = ["--role", "chatter", "--role", "approver"];
  await typeCommand(sluice.place, "access", "allow", "telegram", ANN, ...roles);
  return fake;
}

let messageId = 10;
function say(fake: FakeTelegram, text: string): void {
  fake.push({
    message: {
      message_id: messageId++,
      date: Math.floor(Date.now() / 1_000),
      text,
      from: { id: 77, is_bot: false, first_name: "Ann" },
      chat: { id: 77, type: "private" },
    },
  });
}

/** The message about a prompt, as it stands in the chat now. */
function find(fake: FakeTelegram, code: string) {
  for (let id = 500; id < 560; id++) {
    const read = fake.read(ANN, String(id));
    if (read?.text.includes(code) === true) return { id: String(id), ...read };
  }
  return undefined;
}

const work = (when: string, command: string) => ({
  when,
  answer: () => useTool("Bash", { command, description: "work" }),
});

sessionTest(
  "manual mode: /away brings the dialog's question to Telegram; a tap lets the command run, words deny it, the terminal ends it",
  {
    mode: "manual",
    script: script(
      // A command of the project: one tap is enough.
      work("please work", "npm test"),
      work("work once more", "touch by-words"),
      work("work a last time", "touch by-hand"),
    ),
  },
  async (stage) => {
    const { api, client, home, sluice } = stage;
    const fake = await openBot(stage);
    const scripts = { test: "touch by-tap" };
    await writeFile(join(home.project, "package.json"), JSON.stringify({ name: "app", scripts }));
    /** The session asks; its user leaves, and is asked on the phone. */
    const askAway = async (words: string) => {
      await client.submit(words);
      await client.waitForScreen(dialog);
      const { code } = await untilAsked(sluice.place);
      say(fake, "/away");
      return waitUntil(
        () => {
          const found = find(fake, code);
          return found?.buttons.includes("Deny") === true ? { code, ...found } : undefined;
        },
        { what: "the question in the chat" },
      );
    };

    const first = await askAway("please work");
    expect(first.text).toContain("npm test");
    expect(first.text).toContain(home.project);
    fake.tap(ANN, first.id, "Allow");
    await client.waitForScreen("Allowed by PermissionRequest hook");
    await client.waitForIdle();
    expect(existsSync(join(home.project, "by-tap"))).toBe(true);
    await waitUntil(() => find(fake, first.code)?.buttons.length === 0 || undefined, {
      what: "the outcome in the chat",
    });
    expect(find(fake, first.code)?.text).toContain("allowed by Ann (telegram 77) in a chat");

    const second = await askAway("work once more");
    say(fake, `no ${second.code} build it on the server`);
    await waitForWords(api, "build it on the server");
    await client.waitForIdle();
    expect(existsSync(join(home.project, "by-words"))).toBe(false);

    const third = await askAway("work a last time");
    // A dialog takes no key in its first moments.
    await sleep(1_500);
    await client.press("Enter");
    await client.waitForIdle();
    expect(existsSync(join(home.project, "by-hand"))).toBe(true);
    const ended = await waitUntil(
      () => {
        const found = find(fake, third.code);
        return found?.buttons.length === 0 ? found : undefined;
      },
      { what: "the end in the chat", timeoutMs: 5_000 },
    );
    expect(ended.text).toContain("answered at the terminal");
  },
);
