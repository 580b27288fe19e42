// People on Discord and the session that is open: the wire is a fake's, the rest is real.
import { existsSync, writeFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { expect } from "vitest";

import { listAt } from "../../src/sdk/json.ts";
import {
  ANN,
  BOT,
  CHANNEL,
  FAKE_TOKEN,
  FakeDiscord,
  SERVER,
  THREAD,
} from "../fakes/discord/fake-discord.ts";
import { typeCommand, untilAsked } from "../e2e/people.ts";
import { toRead } from "./api-request.ts";
import { waitForWords } from "./readings.ts";
import { callTool, script, useTool } from "./script.ts";
import { sessionTest, type SluiceStage } from "./sluice-test.ts";
import { waitUntil } from "./wait.ts";

const dialog = /do you want to proceed/i;

/** A bot with one approver, as its owner lets them in at a terminal. */
async function openBot({ defer, sluice }: SluiceStage): Promise<FakeDiscord> {
  const fake = await FakeDiscord.open();
  defer(() => fake.close());
  const added = await sluice.try(
    ["add", "discord", "--secret-stdin", "--set", `api-root=${fake.root}`],
    FAKE_TOKEN,
  );
  expect(added).toMatchObject({ code: 0, stderr: "" });
  expect(added.stdout).toContain("discord.com/oauth2/authorize?client_id=");
  const roles = ["--role", "chatter", "--role", "approver"];
  await typeCommand(sluice.place, "access", "allow", "discord", ANN, ...roles);
  const group = [`--id=${CHANNEL}`, "--sender", ANN];
  await typeCommand(sluice.place, "access", "group", "add", "discord", ...group);
  return fake;
}

const find = (fake: FakeDiscord, code: string) =>
  fake.ours().find(({ content }) => String(content).includes(code));

sessionTest(
  "a message in a thread on Discord wakes the session and is answered there, with a file",
  {
    script: script({
      when: /event_id="(evt_\w+)"[^>]*>\s*Message from Ann in the thread the build of #general\s*\| message: how is the build/,
      answer: ([, id]) =>
        callTool("reply", { event_id: id, text: "It is **green**.", files: ["report.txt"] }),
    }),
  },
  async (stage) => {
    const fake = await openBot(stage);
    writeFileSync(join(stage.home.project, "report.txt"), "42 tests\n");
    fake.write("how is the build?", {
      channel_id: THREAD,
      guild_id: SERVER,
      channel_type: 11,
      mentions: [{ id: BOT, username: "sluice_bot" }],
    });
    const sent = await waitUntil(() => fake.ours(THREAD)[0], { what: "the answer" });
    expect(sent).toMatchObject({
      content: "It is **green**.",
      attachments: [{ filename: "report.txt", size: 9 }],
    });
    await stage.client.waitForIdle();
  },
);

sessionTest(
  "manual mode: on Discord a command is allowed by a button, denied by a form, a question answered by one, and a stop obeyed",
  {
    mode: "manual",
    script: script(
      {
        when: "please work",
        answer: () => useTool("Bash", { command: "npm test", description: "work" }),
      },
      {
        when: "work once more",
        answer: () => useTool("Bash", { command: "touch by-words", description: "work" }),
      },
      {
        when: "ask me",
        answer: () =>
          useTool("AskUserQuestion", {
            questions: [
              {
                question: "Which colour should it be?",
                header: "Colour",
                multiSelect: false,
                options: [
                  { label: "Red", description: "loud" },
                  { label: "Blue", description: "calm" },
                ],
              },
            ],
          }),
      },
    ),
  },
  async (stage) => {
    const { api, client, home, sluice } = stage;
    const fake = await openBot(stage);
    const scripts = { test: "touch by-tap" };
    await writeFile(join(home.project, "package.json"), JSON.stringify({ name: "app", scripts }));
    const askAway = async (words: string, screen: RegExp | string = dialog) => {
      await client.submit(words);
      await client.waitForScreen(screen);
      const { code } = await untilAsked(sluice.place);
      fake.interact({ type: 2, data: { name: "away", type: 1 } });
      const message = await waitUntil(() => find(fake, code), { what: "the question in the chat" });
      return { code, id: String(message["id"]) };
    };

    const first = await askAway("please work");
    fake.press(first.id, "Allow");
    await client.waitForScreen("Allowed by PermissionRequest hook");
    await client.waitForIdle();
    expect(existsSync(join(home.project, "by-tap"))).toBe(true);
    await waitUntil(() => listAt(find(fake, first.code), "components").length === 0 || undefined, {
      what: "the outcome in the chat",
    });

    const second = await askAway("work once more");
    const press = fake.press(second.id, "Deny and say why");
    const [form] = await waitUntil(
      () => (fake.answers(press).length === 1 ? fake.answers(press) : undefined),
      { what: "the form" },
    );
    const { custom_id } = (form as { data: { custom_id: string } }).data;
    const component = { type: 4, custom_id: "words", value: "build it on the server" };
    fake.interact({
      type: 5,
      data: { custom_id, components: [{ type: 18, component }] },
      message: { id: second.id },
    });
    await waitForWords(api, "build it on the server");
    await client.waitForIdle();
    expect(existsSync(join(home.project, "by-words"))).toBe(false);

    const third = await askAway("ask me", "Which colour");
    fake.press(third.id, "2 Blue");
    await client.waitForScreen("Allowed by PermissionRequest hook");
    const answered = await waitForWords(api, "Blue");
    expect(toRead(answered)).toContain("Which colour should it be?");
    await client.waitForIdle();

    const stop = fake.interact({ type: 2, data: { name: "stop", type: 1 } });
    await waitUntil(() => fake.answers(stop)[0], { what: "the answer to /stop" });
    expect(JSON.stringify(fake.answers(stop))).toContain("whatever it asks next is denied");
  },
);
