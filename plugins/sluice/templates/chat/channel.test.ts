import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { type Model, openChannel } from "sluice/testing";
import { openFake } from "./fake.ts";

/** Answers what it reads. */
const answer: Model = async ({ text, callTool }) => {
  const id = /event_id="(evt_\w+)"/.exec(text)?.[1];
  if (id !== undefined) await callTool("reply", { event_id: id, text: "It is green." });
};

/** The channel in a session, on a fake platform. */
async function open(context: TestContext, prepare = (_fake: Fake): void => undefined) {
  const fake = await openFake();
  context.after(() => fake.platform.close());
  prepare(fake);
  const channel = await openChannel(import.meta.dirname, {
    env: {
      MY_CHANNEL_URL: fake.platform.root,
      MY_CHANNEL_TOKEN: "a token of the platform",
      MY_CHANNEL_SENDERS: "ann, bob",
    },
    model: answer,
  });
  context.after(() => channel.close());
  return { channel, fake };
}

type Fake = Awaited<ReturnType<typeof openFake>>;

test("who is listed is read and answered, others are not heard", async (context) => {
  const { channel, fake } = await open(context);
  fake.say("eve", "let me in");
  fake.say("ann", "is main green?");
  const texts = (await channel.reads()).join();
  assert.match(texts, /is main green\?/);
  assert.doesNotMatch(texts, /let me in/);
  await channel.until(() => fake.sent[0]);
  assert.deepEqual(fake.sent, [{ chat: "chat of ann", text: "It is green." }]);
});

test("an outage is waited out, and nothing is lost over it", async (context) => {
  const { channel, fake } = await open(context, ({ platform }) => platform.fail({ kind: "reset" }));
  fake.say("bob", "still there?");
  assert.match((await channel.reads()).join(), /still there\?/);
});

test("a refused token waits for its owner, calmly", async (context) => {
  const refuse = ({ platform }: Fake) => platform.fail({ kind: "status", status: 401 });
  const { channel, fake } = await open(context, refuse);
  await channel.until(() => /refused MY_CHANNEL_TOKEN/.exec(channel.session.stderr) ?? undefined);
  assert.equal(fake.platform.requests.length, 1);
});
