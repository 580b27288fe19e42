// A person on Slack and the session that is open: the wire is a fake's, the client is real.
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect } from "vitest";

import {
  ANN,
  APP_TOKEN,
  BOT_TOKEN,
  type FakeMessage,
  FakeSlack,
  GENERAL,
  ME,
} from "../fakes/slack/fake-slack.ts";
import { typeCommand, untilAsked } from "../e2e/people.ts";
import { waitForWords } from "./readings.ts";
import { callTool, script, useTool } from "./script.ts";
import { sessionTest, type SluiceStage } from "./sluice-test.ts";
import { waitUntil } from "./wait.ts";

/** A bot with one approver, as its owner lets them in at a terminal. */
async function openBot({ defer, sluice }: SluiceStage): Promise<FakeSlack> {
  const fake = await FakeSlack.open();
  defer(() => fake.close());
  fake.setClock(Date.now() / 1_000);
  const added = await sluice.try(
    ["add", "slack", "--secret-stdin", "--set", `api-root=${fake.root}`],
    `${BOT_TOKEN}\n${APP_TOKEN}\n`,
  );
  expect(added).toMatchObject({ code: 0, stderr: "" });
  expect(added.stdout).toContain("@sluice in Fake");
  const roles = ["--role", "chatter", "--role", "approver"];
  await typeCommand(sluice.place, "access", "allow", "slack", ANN.id, ...roles);
  const group = ["access", "group", "add", "slack", `--id=${GENERAL}`, "--sender", ANN.id];
  await typeCommand(sluice.place, ...group);
  return fake;
}

/** The answer to a command, once it is acknowledged. */
async function command(fake: FakeSlack, text: string): Promise<string> {
  const id = fake.command(text);
  const ack = await waitUntil(() => fake.sockets.acks.find((one) => one.id === id), {
    what: `the answer to /sluice ${text}`,
  });
  return JSON.stringify(ack.payload ?? "");
}

/** The message about a prompt, once it has buttons. */
function untilShown(fake: FakeSlack, code: string): Promise<FakeMessage> {
  return waitUntil(
    () => fake.written().find((one) => one.text.includes(code) && fake.buttons(one).length > 0),
    { what: "the question in the chat" },
  );
}

const QUESTIONS = [
  {
    question: "Which colour should it have?",
    header: "Colour",
    multiSelect: false,
    options: [
      { label: "Blue", description: "as the sky" },
      { label: "Red", description: "as a brick" },
    ],
  },
];

sessionTest(
  "Slack: a message wakes the session and is answered in its thread with a file; a command is allowed by a button, a question answered, a stop obeyed",
  {
    mode: "manual",
    script: script(
      {
        when: /event_id="(evt_\w+)"[^>]*>\s*Message from Ann in #general\s*\| message: @sluice how is the build/,
        answer: ([, id]) =>
          callTool("reply", { event_id: id, text: "It is **green**.", files: ["report.txt"] }),
      },
      // A command of the project: one tap is enough.
      {
        when: "please work",
        answer: () => useTool("Bash", { command: "npm test", description: "work" }),
      },
      { when: "please ask", answer: () => useTool("AskUserQuestion", { questions: QUESTIONS }) },
      {
        when: "work at last",
        answer: () => useTool("Bash", { command: "touch after-stop", description: "work" }),
      },
    ),
  },
  async (stage) => {
    const { api, client, home, sluice } = stage;
    const fake = await openBot(stage);
    writeFileSync(join(home.project, "report.txt"), "42 tests\n");
    const scripts = { test: "touch by-tap" };
    writeFileSync(join(home.project, "package.json"), JSON.stringify({ name: "app", scripts }));

    const asked = fake.say(`<@${ME.user}> how is the build?`, { channel: GENERAL });
    const shown = await waitUntil(() => fake.files.shown()[0], { what: "the file in the thread" });
    expect(shown).toMatchObject({ name: "report.txt", channel: GENERAL, thread: asked.ts });
    expect(fake.written(GENERAL)[0]).toMatchObject({ text: "It is *green*.", thread_ts: asked.ts });
    await client.waitForIdle();

    await client.submit("please work");
    const first = await untilAsked(sluice.place);
    expect(await command(fake, "away")).toContain("You are away");
    fake.tap(await untilShown(fake, first.code), "Allow");
    await client.waitForScreen("Allowed by PermissionRequest hook");
    await client.waitForIdle();
    expect(existsSync(join(home.project, "by-tap"))).toBe(true);

    await client.submit("please ask");
    const second = await untilAsked(sluice.place);
    expect(await command(fake, "away")).toContain("You are away");
    fake.tap(await untilShown(fake, second.code), "2 Red");
    await waitForWords(api, "Red");
    await client.waitForIdle();

    await client.submit("work at last");
    await untilAsked(sluice.place);
    expect(await command(fake, "stop")).toContain("1 denied");
    await client.waitForIdle();
    expect(existsSync(join(home.project, "after-stop"))).toBe(false);
  },
);
