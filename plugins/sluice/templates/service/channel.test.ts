import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { type Model, openChannel } from "sluice/testing";
import { openFake } from "./fake.ts";

/** The channel in a session, connected to a fake service. */
async function open(context: TestContext, model: Model = () => undefined) {
  const fake = await openFake();
  context.after(() => fake.close());
  const env = { MY_CHANNEL_ADDRESS: fake.address };
  const channel = await openChannel(import.meta.dirname, { env, model });
  context.after(() => channel.close());
  const connected = (times: number) =>
    channel.until(() => (fake.connections() >= times ? true : undefined));
  await connected(1);
  return { channel, fake, connected };
}

test("a report is read, also after the connection broke, and each once", async (context) => {
  const { channel, fake, connected } = await open(context);
  fake.tell({ id: "1", device: "lamp", state: "offline" });
  assert.match((await channel.reads()).join(), /lamp is offline/);
  fake.cut();
  await connected(2);
  fake.tell({ id: "1", device: "lamp", state: "offline" });
  fake.tell({ id: "2", device: "door", state: "offline" });
  const texts = await channel.reads(2);
  assert.equal(texts.length, 2);
  assert.match(texts.join(), /door is offline/);
});

test("the session restarts a device by the channel's tool", async (context) => {
  const { channel, fake } = await open(context, async ({ callTool }) => {
    await callTool("my_channel_restart", { device: "lamp" });
  });
  fake.tell({ id: "1", device: "lamp", state: "offline" });
  await channel.until(() => fake.heard[0]);
  assert.deepEqual(fake.heard, [{ restart: "lamp" }]);
});
