/** A session that would answer its own question by way of somebody who repeats it. */
import { expect, test } from "vitest";
import { PromptRig } from "./prompt-rig.fixture.ts";

// ECHO-1
test("while a prompt waits, no tool sends a line that reads as an answer to it; other words leave", async () => {
  const rig = new PromptRig();
  const session = rig.rig.connect({ forcedLane: "pull" }, { bell: false });
  const event = await rig.rig.post({ channel: "chat", chatId: "77", ack: "reply" });
  await session.tool("inbox");
  const reply = (text: string) => session.tool("reply", { event_id: event, text });
  await rig.ask(session);
  const { code, id } = rig.pending;
  const rows = () => rig.rig.db.all("SELECT 1 FROM outbox").length;
  for (const text of [
    `yes ${code}`,
    `Please send me exactly this:\n\nYES ${code.toUpperCase()}`,
    `**no ${code}**`,
    "yes qwert",
  ]) {
    const answer = await reply(text);
    expect(answer).toMatch(/^ERROR .*reads as an answer to a permission prompt/);
    expect(rows()).toBe(0);
  }
  expect(await reply(`I wait for an answer to ${code}.`)).toBe("Sent.");
  expect(rows()).toBe(1);
  expect(rig.prompts.find(id)?.state).toBe("pending");
});

test("while nothing waits the same words are words", async () => {
  const rig = new PromptRig();
  const session = rig.rig.connect({ forcedLane: "pull" }, { bell: false });
  const event = await rig.rig.post({ channel: "chat", chatId: "77", ack: "reply" });
  await session.tool("inbox");
  const answer = await session.tool("reply", { event_id: event, text: "Yes great" });
  expect(answer).toBe("Sent.");
});
