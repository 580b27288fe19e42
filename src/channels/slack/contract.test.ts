import { test } from "vitest";
import { channelContract } from "../../testing/channel-contract.ts";
import type { ContractRig } from "../../testing/scene.ts";
import { Secret } from "../../sdk/secret.ts";
import { toPlain } from "./text.ts";
import { openConnection } from "./connection.ts";
import {
  ANN,
  APP_TOKEN,
  BOT_TOKEN,
  type FakeMessage,
  FakeSlack,
  GENERAL,
  ME,
} from "../../../test/fakes/slack/fake-slack.ts";
import { CHATS } from "../../../test/chats/skips.ts";
import type { ChatMeans } from "../../testing/chat-means.ts";
import { textAt } from "../../sdk/json.ts";
import { toEmoji } from "./emoji.ts";
import { QUICK, until } from "./rig.fixture.ts";

const THREAD = "1767603000.000001";
const PLACES = {
  group: { channel: GENERAL },
  thread: { channel: GENERAL, thread_ts: THREAD },
};
const LOOK = { "👍": "+1" } as Record<string, string>;

/** What people do in its clients. */
function toChat(fake: FakeSlack): ChatMeans {
  const find = (id: string): FakeMessage => {
    const found = fake.messages.find(({ ts }) => ts === id);
    if (found === undefined) throw new Error(`no message ${id}`);
    return found;
  };
  const change = (id: string, subtype: string, fields: object): void => {
    const { channel, ...before } = find(id);
    const ts = fake.newTs();
    const event = { type: "message", subtype, hidden: true, channel, ts, event_ts: ts };
    fake.event({ ...event, channel_type: "im", previous_message: before, ...fields });
  };
  return {
    write: ({ text, place, isAddressed, isBot, isForwarded, answers, file }) => {
      const attachments = [{ is_share: true, is_msg_unfurl: true, text, author_name: "Bo" }];
      const words = isForwarded === true ? "" : text;
      return fake.say(isAddressed === true ? `<@${ME.user}> ${words}` : words, {
        ...(place === undefined ? {} : PLACES[place]),
        ...(isBot === true ? { bot_id: "B0OTHER", app_id: "A0OTHER" } : {}),
        ...(isForwarded === true ? { attachments } : {}),
        ...(answers === undefined ? {} : { thread_ts: answers }),
        ...(file === undefined
          ? {}
          : {
              subtype: "file_share",
              files: [fake.files.give(file.name, Buffer.from(file.content))],
            }),
      }).ts;
    },
    edit: (id, text) => {
      const { channel: _, ...before } = find(id);
      const edited = { user: ANN.id, ts: fake.newTs() };
      change(id, "message_changed", { message: { ...before, text, edited } });
    },
    remove: (id) => change(id, "message_deleted", { deleted_ts: id }),
    react: (id, emoji) => {
      const item = { type: "message", channel: find(id).channel, ts: id };
      const reaction = LOOK[emoji] ?? emoji;
      fake.event({ type: "reaction_added", user: ANN.id, reaction, item, event_ts: fake.newTs() });
    },
    press: (id, label) => fake.tap(find(id), label),
    fill: async (id, label, words) => {
      fake.tap(find(id), label);
      await until(() => fake.views.length === 1);
      fake.submit(words);
    },
    command: (name) => void fake.command(name),
    read: (id) => {
      const upload = fake.files.uploads.get(id);
      const none = { text: "", buttons: [], reactions: [] };
      if (upload !== undefined) return { ...none, files: [upload.name], threadId: upload.thread };
      const message = find(id);
      const given = fake.reactions.get(`${message.channel}/${id}`) ?? [];
      return {
        text: toPlain(message.text, () => undefined),
        buttons: fake.buttons(message).map((one) => textAt(one, "text.text") ?? ""),
        files: [],
        reactions: [...given].map(toEmoji),
        answers: message.thread_ts,
        threadId: message.thread_ts,
      };
    },
    typed: () => fake.done("assistant.threads.setStatus").map(({ method }) => method),
  };
}

async function openRig(): Promise<ContractRig> {
  const fake = await FakeSlack.open();
  return {
    open: (context) =>
      openConnection(context, { bot: context.secret, app: new Secret(APP_TOKEN) }, QUICK),
    secret: BOT_TOKEN,
    settings: { "api-root": fake.root },
    chatId: ANN.dm,
    maxTextChars: 4_000,
    say: (text) => void fake.say(text),
    sent: () => fake.written().map(({ text }) => toPlain(text, () => undefined)),
    slowDown: (seconds) => fake.fail("chat.postMessage", { kind: "limited", seconds }),
    breakAfterSend: () => fake.fail("chat.postMessage", { kind: "break" }),
    leave: () => fake.close(),
    failFor: (requests) => fake.fail("*", { kind: "gateway", status: 502 }, requests),
    revoke: () => {
      fake.botToken = "xoxb-1111-2222-RevokedRevokedRevoked";
    },
    requests: () => fake.calls.length,
    openCount: () => fake.sockets.count,
    chat: toChat(fake),
    close: () => fake.close(),
  };
}

// req:field.33
for (const { claim, run } of channelContract(openRig, {}, CHATS.slack)) test(claim, run);
