import { test } from "vitest";
import { channelContract } from "../../testing/channel-contract.ts";
import type { ContractRig } from "../../testing/scene.ts";
import { Secret } from "../../sdk/secret.ts";
import { toPlain } from "./text.ts";
import { openConnection } from "./connection.ts";
import { ANN, APP_TOKEN, BOT_TOKEN, FakeSlack } from "../../../test/fakes/slack/fake-slack.ts";
import { QUICK } from "./rig.fixture.ts";

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
    close: () => fake.close(),
  };
}

// req:field.33
for (const { claim, run } of channelContract(openRig)) test(claim, run);
