/**
 * The whole way of a person: from a stranger's message on a platform to one that a session may read, with the owner at a terminal.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { join } from "node:path";
import { openClient, read } from "../../api/client/client.ts";
import { FAKE_TOKEN, FakeTelegram } from "../../../test/fakes/telegram/fake-telegram.ts";
import { CliStage } from "../run-cli.fixture.ts";
import { HAS_TERMINALS, type } from "../type-cli.fixture.ts";

const stage = new CliStage();
const inTerminals = test.runIf(HAS_TERMINALS);
let fake: FakeTelegram;
let nextMessage = 1;

beforeAll(async () => {
  fake = await FakeTelegram.open();
  const args = ["add", "telegram", "--secret-stdin", "--set", `api-root=${fake.root}`];
  const added = await stage.run(args, { input: FAKE_TOKEN });
  expect(added).toMatchObject({ code: 0 });
});
afterAll(async () => {
  hub.close();
  await stage[Symbol.asyncDispose]();
  await fake.close();
});

function write(from: number, text: string): void {
  fake.push({
    message: {
      message_id: nextMessage++,
      date: 1_767_603_600,
      text,
      from: { id: from, is_bot: false, first_name: `Ann ${from}` },
      chat: { id: from, type: "private" },
    },
  });
}

function readSent(to: number): string[] {
  return fake
    .sent("sendMessage")
    .filter(({ payload }) => String(payload["chat_id"]) === String(to))
    .map(({ payload }) => String(payload["text"]));
}

const hub = openClient(() => join(stage.home, "hub.sock"));

async function readTexts(): Promise<string[]> {
  const events = await read(hub.api.events.$get({ query: { limit: "99" } }));
  return events.map(({ text }) => text);
}

inTerminals(
  "silence for a stranger, until they send what the owner's terminal printed",
  async () => {
    write(4711, "NEVER-KEPT");
    await expect.poll(() => fake.waiting).toBe(0);
    const invited = await type(stage, ["access", "invite", "telegram"]);
    expect(invited.screen).toContain("as chatter, approver, owner");
    const code = /[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(invited.screen)?.[0] ?? "";
    expect(invited.screen.replaceAll(/\s+/g, " ")).toContain(
      `Send it to @sluice_bot within 10 minutes, or open https://t.me/sluice_bot?start=${code}.`,
    );
    expect(readSent(4711)).toEqual([]);
    write(4711, `/start ${code}`);
    await expect.poll(() => readSent(4711).join()).toContain("You are linked as chatter");
    write(4711, "ship it");
    await expect.poll(async () => (await readTexts()).join()).toContain("ship it");
    const [event] = await read(hub.api.events.$get({ query: { limit: "1" } }));
    expect(event).toMatchObject({ channel: "telegram", sender: { id: "4711", role: "chatter" } });
    // The new owner hears of it once: owners' notices are for those who were there before.
    expect(readSent(4711).join()).not.toContain("Linked by an invite");
    expect((await readTexts()).join()).not.toContain("NEVER-KEPT");
  },
);

inTerminals(
  "a code in the chat, the id and its end in the terminal; the owner hears of it",
  async () => {
    await type(stage, ["access", "policy", "telegram", "pairing"]);
    write(900100, "hello?");
    await expect.poll(() => readSent(900100).join()).toContain("sluice access pair ");
    const code = /[0-9A-Z]{3}-[0-9A-Z]{3}/.exec(readSent(900100).join())?.[0] ?? "";

    const fromSession = await stage.run(["access", "pair", code], { env: { CLAUDECODE: "1" } });
    expect(fromSession).toMatchObject({ code: 1 });
    expect(fromSession.stdout).toContain("nothing was changed");

    const wrong = await type(stage, ["access", "pair", code], ["4711"]);
    expect(wrong.screen).toContain("900100");
    expect(wrong.screen).toContain("Ann 900100");
    expect(wrong.screen).toContain("nothing was changed");
    expect((await read(hub.api.access.$get())).senders).toHaveLength(1);

    const paired = await type(stage, ["access", "pair", code], ["0100"]);
    expect(paired.screen).toContain("telegram 900100 (Ann 900100) is chatter");
    await expect.poll(() => readSent(900100).join()).toContain("You are linked");
    await expect.poll(() => readSent(4711).join()).toContain("900100 (Ann 900100) is chatter");
    write(900100, "deploy please");
    await expect.poll(async () => (await readTexts()).join()).toContain("deploy please");
  },
);

inTerminals("a hundred strangers get nothing and leave nothing but a count", async () => {
  await type(stage, ["access", "policy", "telegram", "allowlist"]);
  const before = fake.sent("sendMessage").length;
  const kept = await readTexts();
  for (let i = 0; i < 100; i++) write(50_000 + i, "let me in");
  await expect.poll(() => fake.waiting).toBe(0);
  const { refused } = await read(hub.api.status.$get());
  expect(refused.find(({ reason }) => reason === "stranger")?.count).toBeGreaterThanOrEqual(100);
  const mine = fake.sent("sendMessage").slice(before);
  expect(mine.filter(({ payload }) => Number(payload["chat_id"]) >= 50_000)).toEqual([]);
  expect(await readTexts()).toEqual(kept);
});
