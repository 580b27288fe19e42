import { test } from "vitest";
import { channelContract, type ContractRig } from "../../testing/channel-contract.ts";
import { openConnection } from "./connection.ts";
import { FAKE_TOKEN, FakeTelegram } from "./fake.ts";
import type { PollTimings } from "./poll.ts";

const CHAT = 77;
const TIMINGS: PollTimings = {
  pollMs: 1_000,
  graceMs: 500,
  conflictMs: [20, 160],
  faultMs: [20, 160],
  albumMs: 60,
};

async function openRig(): Promise<ContractRig> {
  const fake = await FakeTelegram.open();
  let messages = 0;
  const from = { id: CHAT, is_bot: false, first_name: "Ada" };
  return {
    open: (context) => openConnection(context, TIMINGS),
    secret: FAKE_TOKEN,
    settings: { "api-root": fake.root },
    chatId: String(CHAT),
    maxTextChars: 4_096,
    say: (text) => {
      const chat = { id: CHAT, type: "private", first_name: "Ada" };
      fake.push({ message: { message_id: ++messages, date: 1_700_000_000, chat, from, text } });
    },
    sent: () => fake.sent("sendMessage").map(({ payload }) => toPlain(payload)),
    slowDown: (seconds) =>
      fake.fail("sendMessage", {
        kind: "error",
        status: 429,
        description: `Too Many Requests: retry after ${seconds}`,
        retryAfter: seconds,
      }),
    breakAfterSend: () => fake.fail("sendMessage", { kind: "break" }),
    failFor: (requests) => fake.fail("getUpdates", { kind: "gateway", status: 502 }, requests),
    revoke: () => {
      fake.token = "4242:AAanother-token-altogether-1234567890";
    },
    requests: () => fake.calls.length,
    close: () => fake.close(),
  };
}

function toPlain({ text }: Record<string, unknown>): string {
  return String(text).replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

for (const { claim, run } of channelContract(openRig)) test(claim, run);
