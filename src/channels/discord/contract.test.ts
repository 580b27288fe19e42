import { test } from "vitest";
import { channelContract } from "../../testing/channel-contract.ts";
import type { ContractRig } from "../../testing/scene.ts";
import { openConnection } from "./connection.ts";
import { DIRECT, FAKE_TOKEN, FakeDiscord } from "../../../test/fakes/discord/fake-discord.ts";
import { readDiscord } from "../../../test/fakes/discord/fake-wire.ts";
import { QUICK } from "./rig.fixture.ts";

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
    close: () => fake.close(),
  };
}

for (const { claim, run } of channelContract(openRig)) test(claim, run);
