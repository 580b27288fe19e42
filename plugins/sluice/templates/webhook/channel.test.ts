import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { makeSecret, openChannel, signRequest } from "sluice/testing";

const { secret, signing } = makeSecret("bearer");
const ALERT = { id: "a1", title: "The disk of db is full", level: "critical" };

/** The channel in a session, and its sender. */
async function open(context: TestContext) {
  const channel = await openChannel(import.meta.dirname, { env: { MY_CHANNEL_TOKEN: secret } });
  context.after(() => channel.close());
  const address = await channel.url("/in/my-channel");
  const post = async (body: unknown, proof = signing) =>
    (await fetch(address, signRequest("bearer", { secret: proof, body }))).status;
  return { channel, post };
}

test("an alert is read once, however often it is sent", async (context) => {
  const { channel, post } = await open(context);
  assert.equal(await post(ALERT), 202);
  assert.equal(await post(ALERT), 200);
  const [text = ""] = await channel.reads();
  assert.match(text, /level="critical"/);
  assert.match(text, /The disk of db is full/);
});

test("a wrong token, another shape and what is for information only are not read", async (context) => {
  const { channel, post } = await open(context);
  assert.equal(await post(ALERT, makeSecret("bearer").signing), 401);
  assert.equal(await post({ ...ALERT, level: "odd" }), 400);
  assert.equal(await post({ ...ALERT, level: "info" }), 202);
  assert.equal(await post({ ...ALERT, id: "a2", title: "the last one" }), 202);
  const texts = await channel.reads();
  assert.equal(texts.length, 1);
  assert.match(texts.join(), /the last one/);
});
