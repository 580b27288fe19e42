import { test } from "vitest";
import { channelContract } from "../../testing/channel-contract.ts";
import type { ContractRig } from "../../testing/scene.ts";
import { FakeMessages } from "../../../test/fakes/imessage/fake-messages.ts";
import { openConnection } from "./connection.ts";
import { QUICK } from "./rig.fixture.ts";

async function openRig(): Promise<ContractRig> {
  const fake = new FakeMessages();
  return {
    open: (context) => openConnection(context, QUICK, fake.runner),
    secret: "none-is-needed-for-a-file-of-ones-own",
    settings: { database: fake.path },
    chatId: "ann@example.com",
    maxTextChars: 10_000,
    say: (text) => void fake.say({ text, isAttributed: text.length % 2 === 0 }),
    sent: () => fake.runs.map(({ text }) => text),
    requests: () => fake.runs.length,
    close: async () => fake[Symbol.dispose](),
  };
}

// No connection breaks, nobody asks to wait, and there is no credential: macOS gives a right to the program.
const LACKS = {
  slowDown: false,
  breakAfterSend: false,
  leave: false,
  failFor: false,
  revoke: false,
} as const;

for (const { claim, run } of channelContract(openRig, LACKS)) test(claim, run);
