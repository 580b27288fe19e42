import { expect, test } from "vitest";
import { readOwnWords } from "../../sdk/words.ts";
import { ANN } from "../../../test/fakes/slack/fake-slack.ts";
import { Rig, until } from "./rig.fixture.ts";

/** A message that only the look back finds, and one that leaves the server in one chunk with the next hello. */
async function sayMeanwhile({ fake }: Rig): Promise<void> {
  // Else it is sent into the socket that ends.
  await until(() => fake.sockets.count === 0);
  const ts = fake.newTs();
  fake.messages.push({ type: "message", user: ANN.id, channel: ANN.dm, text: "looked up", ts });
  fake.say("with the hello");
}

test("SLACKINTAKE-3: an event that comes with the hello itself waits for the look back as well", async () => {
  await using rig = await Rig.open();
  rig.fake.say("first");
  await until(() => rig.taken.length === 1);
  await rig.drop();
  await sayMeanwhile(rig);
  await rig.connect();
  await until(() => rig.taken.length === 3);
  expect(rig.taken.map(readOwnWords)).toEqual(["first", "looked up", "with the hello"]);
});

test("SLACKINTAKE-3: an event that did not wait moves no place: a hub that dies then looks back from where it was", async () => {
  await using rig = await Rig.open({ timings: { holdMs: 1 } });
  rig.fake.say("first");
  await until(() => rig.taken.length === 1);
  await rig.drop();
  const before = JSON.parse(rig.cursor ?? "{}").latest;
  const filled = Promise.withResolvers<void>();
  rig.beforeTake = async ([arrival]) => {
    if (arrival !== undefined && readOwnWords(arrival) === "looked up") await filled.promise;
  };
  await sayMeanwhile(rig);
  await rig.connect();
  await until(() => rig.taken.length === 2);
  expect(rig.taken.map(readOwnWords)).toEqual(["first", "with the hello"]);
  expect(JSON.parse(rig.cursor ?? "{}").latest).toBe(before);
  filled.resolve();
  await until(() => rig.taken.length === 3);
});
