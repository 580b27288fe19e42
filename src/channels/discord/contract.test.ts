import { test } from "vitest";
import { channelContract } from "../../testing/channel-contract.ts";
import type { ContractRig } from "../../testing/scene.ts";
import { openConnection } from "./connection.ts";
import type { ChatMeans } from "../../testing/chat-means.ts";
import { listAt, textAt } from "../../sdk/json.ts";
import { CHATS } from "../../../test/chats/skips.ts";
import {
  BOT,
  CHANNEL,
  DIRECT,
  FAKE_TOKEN,
  FakeDiscord,
  SERVER,
  THREAD,
} from "../../../test/fakes/discord/fake-discord.ts";
import { readDiscord } from "../../../test/fakes/discord/fake-wire.ts";
import { QUICK, until } from "./rig.fixture.ts";

const PLACES = {
  group: { channel_id: CHANNEL, guild_id: SERVER, channel_type: 0 },
  thread: { channel_id: THREAD, guild_id: SERVER, channel_type: 11 },
};

/** What people do in its clients. */
function toChat(fake: FakeDiscord): ChatMeans {
  const find = (id: string): Record<string, unknown> | undefined =>
    [...fake.chats.values()].flat().find((one) => one["id"] === id);
  return {
    write: ({ text, place, isAddressed, isBot, isForwarded, answers, file }) => {
      const id = fake.newId();
      const url = `http://127.0.0.1:${fake.port}/attachments/${id}`;
      if (file !== undefined) fake.files.set(`/attachments/${id}`, Buffer.from(file.content));
      const snapshot = { message: { content: text, attachments: [], embeds: [] } };
      return fake.write(isForwarded === true ? "" : text, {
        id,
        ...(place === undefined ? {} : PLACES[place]),
        ...(isAddressed === true ? { mentions: [{ id: BOT, username: "sluice_bot" }] } : {}),
        ...(isBot === true
          ? {
              webhook_id: "990000000000000001",
              author: { id: "990000000000000001", username: "ann" },
            }
          : {}),
        ...(isForwarded === true
          ? { message_reference: { type: 1 }, message_snapshots: [snapshot] }
          : {}),
        ...(answers === undefined
          ? {}
          : {
              type: 19,
              message_reference: { message_id: answers },
              referenced_message: find(answers),
            }),
        ...(file === undefined
          ? {}
          : { attachments: [{ id, filename: file.name, size: file.content.length, url }] }),
      });
    },
    edit: (id, text) => {
      const edited_timestamp = new Date().toISOString();
      fake.gateway.push("MESSAGE_UPDATE", { ...find(id), content: text, edited_timestamp });
    },
    remove: (id) => fake.gateway.push("MESSAGE_DELETE", { id, channel_id: DIRECT }),
    react: (id, name) => {
      const user_id = textAt(find(id), "author.id");
      fake.gateway.push("MESSAGE_REACTION_ADD", {
        user_id,
        channel_id: DIRECT,
        message_id: id,
        emoji: { id: null, name },
      });
    },
    press: (id, label) => void fake.press(id, label),
    fill: async (id, label, words) => {
      const press = fake.press(id, label);
      await until(() => fake.answers(press).length === 1);
      const custom_id = textAt(fake.answers(press)[0], "data.custom_id");
      const component = { type: 4, custom_id: "words", value: words };
      fake.interact({
        type: 5,
        data: { custom_id, components: [{ type: 18, component }] },
        message: find(id),
      });
    },
    command: (name) => void fake.interact({ type: 2, data: { name, type: 1 } }),
    read: (id) => {
      const message = find(id);
      if (message === undefined) return undefined;
      const chat = textAt(message, "channel_id");
      const parts = listAt(message, "components").flatMap((row) => listAt(row, "components"));
      return {
        text: readDiscord(textAt(message, "content") ?? ""),
        buttons: parts.map((part) => textAt(part, "label") ?? ""),
        files: listAt(message, "attachments").map((one) => textAt(one, "filename") ?? ""),
        reactions: fake.reactions(id),
        answers: textAt(message, "message_reference.message_id"),
        threadId: chat === THREAD ? chat : undefined,
      };
    },
    typed: () => fake.done(/typing$/).map(({ path }) => path),
  };
}

async function openRig(): Promise<ContractRig> {
  const fake = await FakeDiscord.open();
  return {
    open: (context) => openConnection(context, QUICK),
    secret: FAKE_TOKEN,
    settings: { "api-root": fake.root },
    chatId: DIRECT,
    maxTextChars: 2_000,
    say: (text) => void fake.write(text),
    sent: () => fake.ours().map(({ content }) => readDiscord(String(content))),
    slowDown: (seconds) => fake.fail(/^POST .*\/messages$/, { kind: "limit", seconds }),
    breakAfterSend: () => fake.fail(/^POST .*\/messages$/, { kind: "break" }, 9),
    leave: () => fake.close(),
    failFor: (requests) => {
      fake.gateway.drop();
      fake.gateway.fail({ kind: "upgrade", status: 503 }, requests);
    },
    revoke: () => {
      fake.token = `${FAKE_TOKEN.slice(0, -3)}new`;
    },
    requests: () => fake.calls.length + fake.gateway.connects,
    openCount: () => fake.openCount,
    chat: toChat(fake),
    close: () => fake.close(),
  };
}

for (const { claim, run } of channelContract(openRig, {}, CHATS.discord)) test(claim, run);
