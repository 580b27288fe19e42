/**
 * The fake is held against Slack's own libraries: what they take and send without a complaint is the wire that the other tests use.
 */
import { App, type Logger, LogLevel } from "@slack/bolt";
import { expect, test } from "vitest";
import {
  ANN,
  APP_TOKEN,
  BOT_TOKEN,
  FakeSlack,
  GENERAL,
} from "../../../test/fakes/slack/fake-slack.ts";
import { toBlocks } from "./blocks.ts";
import { until } from "./rig.fixture.ts";

const ignore = (): void => {};
const QUIET: Logger = {
  debug: ignore,
  info: ignore,
  warn: ignore,
  error: ignore,
  setLevel: ignore,
  setName: ignore,
  getLevel: () => LogLevel.ERROR,
};

test("Bolt connects to it, hears messages, taps, forms and commands, acknowledges and answers them", async () => {
  const fake = await FakeSlack.open();
  const heard: string[] = [];
  const app = new App({
    token: BOT_TOKEN,
    appToken: APP_TOKEN,
    socketMode: true,
    logger: QUIET,
    clientOptions: { slackApiUrl: `${fake.root}/` },
  });
  try {
    app.message(async ({ message, say }) => {
      heard.push(`message ${"text" in message ? message.text : ""}`);
      if ("ts" in message) await say({ text: "heard", thread_ts: message.ts });
    });
    app.action(/^tap\./, async ({ action, ack }) => {
      heard.push(`tap ${"value" in action ? action.value : ""}`);
      await ack();
    });
    app.action(/^form\./, async ({ ack, body, client }) => {
      await ack();
      await client.views.open({
        trigger_id: "trigger_id" in body ? body.trigger_id : "",
        view: {
          type: "modal",
          callback_id: "words",
          title: { type: "plain_text", text: "Why" },
          submit: { type: "plain_text", text: "Send" },
          close: { type: "plain_text", text: "Cancel" },
          blocks: [
            {
              type: "input",
              block_id: "words",
              label: { type: "plain_text", text: "Why" },
              element: { type: "plain_text_input", action_id: "words" },
            },
          ],
        },
      });
    });
    app.view("words", async ({ view, ack }) => {
      heard.push(`form ${view.state.values["words"]?.["words"]?.value}`);
      await ack();
    });
    app.command("/sluice", async ({ command, ack }) => {
      heard.push(`command ${command.text}`);
      await ack({ response_type: "ephemeral", text: "there" });
    });
    await app.start();
    const said = fake.say("hello", { channel: GENERAL });
    await until(() => fake.written(GENERAL).length === 1);
    expect(fake.written(GENERAL)[0]).toMatchObject({ text: "heard", thread_ts: said.ts });
    const blocks = toBlocks(
      ["may I?"],
      [
        [
          { id: "x.a", label: "Allow" },
          { id: "x.w", label: "Why", asks: { title: "Why", label: "Why" } },
        ],
      ],
    );
    await app.client.apiCall("chat.postMessage", { channel: ANN.dm, text: "may I?", blocks });
    const prompt = fake.written()[0]!;
    fake.tap(prompt, "Allow");
    fake.tap(prompt, "Why");
    await until(() => fake.views.length === 1);
    fake.submit("since it rains");
    const id = fake.command("status");
    await until(() => heard.length === 4 && fake.sockets.waiting === 0);
    expect(heard.toSorted()).toEqual([
      "command status",
      "form since it rains",
      "message hello",
      "tap x.a",
    ]);
    expect(fake.sockets.acks.find((one) => one.id === id)?.payload).toMatchObject({
      text: "there",
    });
  } finally {
    await app.stop();
    await fake.close();
  }
});
