import { test } from "vitest";
import { channelContract } from "../../testing/channel-contract.ts";
import type { ContractRig } from "../../testing/scene.ts";
import { openConnection } from "./connection.ts";
import { FAKE_TOKEN, FakeTelegram } from "../../../test/fakes/telegram/fake-telegram.ts";
import { readTelegramHtml } from "../../../test/fakes/telegram/read-html.ts";
import { QUICK } from "./rig.fixture.ts";
import type { ChatMeans, ContractMessage } from "../../testing/chat-means.ts";
import { listAt, textAt } from "../../sdk/json.ts";
import { CHATS } from "../../../test/chats/skips.ts";

const GROUP = { id: -100_123, type: "supergroup", title: "Dev" };
const ANN = { id: 77, is_bot: false, first_name: "Ann" };
const DATE = 1_767_603_600;

/** What people do in its clients. */
function toChat(fake: FakeTelegram, nextId: () => number): ChatMeans {
  const written = new Map<string, object>();
  const toMessage = ({
    text,
    place,
    isAddressed,
    isBot,
    isForwarded,
    answers,
    file,
  }: ContractMessage) => ({
    message_id: nextId(),
    date: DATE,
    from: isBot === true ? { id: 99, is_bot: true, first_name: "Ann" } : ANN,
    chat: place === undefined ? { id: 77, type: "private" } : GROUP,
    ...(place === "thread" ? { is_topic_message: true, message_thread_id: 5 } : {}),
    ...(isForwarded === true
      ? { forward_origin: { type: "hidden_user", date: 1, sender_user_name: "x" } }
      : {}),
    ...(answers === undefined ? {} : { reply_to_message: written.get(answers) }),
    ...(isAddressed === true
      ? { text: `@sluice_bot ${text}`, entities: [{ type: "mention", offset: 0, length: 11 }] }
      : file === undefined
        ? { text }
        : {
            document: { file_id: file.name, file_name: file.name, file_size: file.content.length },
          }),
  });
  const sent = () => ["sendMessage", "sendDocument"].flatMap((method) => fake.sent(method));
  return {
    write: (message) => {
      const { file } = message;
      if (file !== undefined) fake.files.set(file.name, Buffer.from(file.content));
      const whole = toMessage(message);
      written.set(String(whole.message_id), whole);
      fake.push({ message: whole });
      return String(whole.message_id);
    },
    edit: (id, text) =>
      void fake.push({ edited_message: { ...written.get(id), text, edit_date: DATE + 1 } }),
    remove: () => undefined,
    react: (id, emoji) =>
      void fake.push({
        message_reaction: {
          message_id: Number(id),
          date: DATE,
          chat: { id: 77, type: "private" },
          user: ANN,
          old_reaction: [],
          new_reaction: [{ type: "emoji", emoji }],
        },
      }),
    press: (id, label) => fake.tap("77", id, label),
    fill: async () => undefined,
    command: (name) =>
      void fake.push({
        message: {
          ...toMessage({ text: `/${name}` }),
          entities: [{ type: "bot_command", offset: 0, length: name.length + 1 }],
        },
      }),
    read: (id) => {
      // Its first message has the number 500, and one call made each.
      const call = sent().at(Number(id) - 500);
      const view = fake.read("77", id) ?? fake.read(String(GROUP.id), id);
      const marks = fake
        .sent("setMessageReaction")
        .filter(({ payload }) => String(payload["message_id"]) === id);
      const last = marks.at(-1);
      return {
        text: view?.text.replaceAll(/<[^>]+>/g, "") ?? "",
        buttons: view?.buttons ?? [],
        files: [...(call?.files.values() ?? [])].map(({ name }) => name),
        reactions: listAt(last?.payload, "reaction").map((one) => textAt(one, "emoji") ?? ""),
        answers: toText(
          (call?.payload["reply_parameters"] as { message_id?: number } | undefined)?.message_id,
        ),
        threadId: toText(call?.payload["message_thread_id"]),
      };
    },
    typed: () => fake.sent("sendChatAction").map(({ payload }) => String(payload["chat_id"])),
  };
}

const toText = (value: unknown): string | undefined =>
  value === undefined ? undefined : String(value);

async function openRig(): Promise<ContractRig> {
  const fake = await FakeTelegram.open();
  let messageId = 0;
  return {
    open: (context) => openConnection(context, QUICK),
    secret: FAKE_TOKEN,
    settings: { "api-root": fake.root },
    chatId: "77",
    maxTextChars: 4_096,
    say: (text) => {
      messageId += 1;
      fake.push({
        message: {
          message_id: messageId,
          date: 1_767_603_600,
          text,
          from: { id: 77, is_bot: false, first_name: "Ann" },
          chat: { id: 77, type: "private" },
        },
      });
    },
    sent: () =>
      fake.sent("sendMessage").map(({ payload }) => {
        const read = readTelegramHtml(String(payload["text"]));
        return read.kind === "ok" ? read.text : "refused";
      }),
    slowDown: (seconds) =>
      fake.fail("sendMessage", {
        kind: "error",
        status: 429,
        description: "Too Many Requests",
        retryAfter: seconds,
      }),
    breakAfterSend: () => fake.fail("sendMessage", { kind: "break" }),
    leave: () => fake.close(),
    failFor: (requests) => fake.fail("*", { kind: "gateway", status: 502 }, requests),
    revoke: () => {
      fake.token = "4242:revoked-revoked-revoked-revoked-revoked";
    },
    requests: () => fake.calls.length,
    close: () => fake.close(),
    chat: toChat(fake, () => (messageId += 1)),
  };
}

// req:field.33
for (const { claim, run } of channelContract(openRig, {}, CHATS.telegram)) test(claim, run);
