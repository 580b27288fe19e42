import { test } from "vitest";
import { channelContract } from "../../testing/channel-contract.ts";
import type { ContractRig } from "../../testing/scene.ts";
import { openConnection } from "./connection.ts";
import { FAKE_TOKEN, FakeTelegram } from "../../../test/fakes/telegram/fake-telegram.ts";
import { readTelegramHtml } from "../../../test/fakes/telegram/read-html.ts";
import { QUICK } from "./rig.fixture.ts";

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
  };
}

// req:field.33
for (const { claim, run } of channelContract(openRig)) test(claim, run);
