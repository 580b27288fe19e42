import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { openChannel } from "sluice/testing";
import { openFake } from "./fake.ts";

/** The channel in a session, once it has looked at a fake list. */
async function open(context: TestContext) {
  const fake = await openFake();
  context.after(() => fake.platform.close());
  fake.builds.push({ number: 1, branch: "main", result: "failed" });
  const channel = await openChannel(import.meta.dirname, {
    env: { MY_CHANNEL_URL: fake.platform.root, MY_CHANNEL_EVERY_MS: "100" },
  });
  context.after(() => channel.close());
  const looks = (more: number) => {
    const wanted = fake.looks() + more;
    return channel.until(() => (fake.looks() >= wanted ? true : undefined));
  };
  await looks(2);
  return { channel, fake, looks };
}

test("what was there before is no news, a new build is one event", async (context) => {
  const { channel, fake, looks } = await open(context);
  fake.builds.push({ number: 2, branch: "main", result: "failed" });
  const texts = await channel.reads();
  await looks(3);
  assert.match(texts.join(), /build 2 of main failed/);
  assert.deepEqual(await channel.reads(), texts);
});

test("an outage is waited out, and nothing is lost over it", async (context) => {
  const { channel, fake } = await open(context);
  fake.platform.fail({ kind: "status", status: 503 });
  fake.builds.push({ number: 3, branch: "next", result: "failed" });
  assert.match((await channel.reads()).join(), /build 3 of next failed/);
});
