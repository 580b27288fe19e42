import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { read } from "../../src/api/client/client.ts";
import type { OutboxView } from "../../src/api/routes/outbox-routes.ts";
import { FAKE_TOKEN, FakeTelegram } from "../fakes/telegram/fake-telegram.ts";
import { APPROVAL_TEXT } from "../../src/flow/send/presence.ts";
import { answer, untilAsked } from "./people.ts";
import { CLI, openRigWithHub, type Rig, until } from "./rig.ts";
import { makeWorkFolder, openLane } from "./sessions.ts";

const ANN = 77;
const MESSAGES = 1_000;
const ANSWERS = 200;
/** On a busy machine a bell may go unheard; the next one comes after half a minute. */
const BELL_MS = 45_000;

async function openFake(rig: Rig): Promise<FakeTelegram> {
  const fake = await FakeTelegram.open();
  rig.add(() => fake.close());
  return fake;
}

/** A command that a person types in a terminal. */
async function type(rig: Rig, ...args: string[]): Promise<string> {
  const command = [process.execPath, CLI, ...args].map((word) => `'${word}'`).join(" ");
  const child = spawn("script", ["-qec", command, "/dev/null"], { cwd: rig.folder, env: rig.env });
  let screen = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (screen += text));
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`sluice ${args.join(" ")}: ${code}: ${screen}`);
  return screen;
}

async function addTelegram(rig: Rig, fake: FakeTelegram): Promise<void> {
  const settings = { "api-root": fake.root };
  await rig.addChannel({ kind: "telegram", secret: FAKE_TOKEN, settings });
  await type(rig, "access", "allow", "telegram", String(ANN), "--role", "chatter");
}

let nextMessage = 1;
/** One after the other, as people write: a chat that says much in one minute is taken for a loop of two bots. */
let nextDate = Math.floor(Date.now() / 1_000) - 80_000;
function say(fake: FakeTelegram, text: string, from = ANN, rest: object = {}): number {
  const id = nextMessage++;
  fake.push({
    message: {
      message_id: id,
      date: (nextDate += 10),
      text,
      from: { id: from, is_bot: false, first_name: "Ann" },
      chat: { id: from, type: "private" },
      ...rest,
    },
  });
  return id;
}

/** The reactions that the bot has put on a message, or on any, oldest first; empty where it took one back. */
function readMarks(fake: FakeTelegram, messageId?: number): string[] {
  return fake
    .sent("setMessageReaction")
    .filter(({ payload }) => messageId === undefined || payload["message_id"] === messageId)
    .map(({ payload }) => (payload["reaction"] as { emoji: string }[])[0]?.emoji ?? "");
}

async function listOutbox(rig: Rig): Promise<OutboxView[]> {
  return read(rig.api.outbox.$get({ query: { limit: "10000" } }));
}

// `script` opens a terminal as it does on Linux.
const inTerminals = process.platform === "linux" ? test : test.skip;

inTerminals(
  "a message, a photo, a quote and an edit reach a session; its answer stands in the chat",
  async () => {
    await using rig = await openRigWithHub();
    const fake = await openFake(rig);
    await addTelegram(rig, fake);
    const tools: string[] = [];
    let asked = 0;
    const chart = join(rig.folder, "chart.png");
    writeFileSync(chart, "not really a picture");
    const session = await openLane(rig, "monitor", {
      model: async (turn) => {
        for (const [, id, text] of turn.text.matchAll(
          /event_id="(evt_\w+)"[^>]*>\n(?:.*\n)*?\| message: (.*)/g,
        )) {
          if (text === "how is the build?") {
            // Answered at once, it would never have been seen as received.
            await until("it is received", () => readMarks(fake, asked).includes("👀"));
            await turn.callTool("reply", { event_id: id, text: "It is **green**." });
          }
          if (text === "look") {
            tools.push((await turn.callTool("download_attachment", { event_id: id })).text);
            tools.push((await turn.callTool("react", { event_id: id, reaction: "🔥" })).text);
            const files = [chart];
            tools.push(
              (await turn.callTool("reply", { event_id: id, text: "A chart", files })).text,
            );
          }
        }
      },
    });
    asked = say(fake, "how is the build?");
    await until("the answer is sent", () => fake.sent("sendMessage").length === 1);
    expect(fake.sent("sendMessage")[0]?.payload).toMatchObject({
      chat_id: "77",
      text: "It is <b>green</b>.",
    });
    // Received, and no more once it is answered.
    await until("the sign is gone", () => readMarks(fake, asked).at(-1) === "");
    expect(readMarks(fake, asked)).toEqual(["👀", ""]);
    say(fake, "and this?", ANN, {
      reply_to_message: {
        message_id: 900,
        date: 1,
        text: "It is green.",
        from: { id: 4_242, is_bot: true },
      },
    });
    fake.files.set("photos/1.jpg", Buffer.alloc(100, 1));
    fake.push({
      message: {
        message_id: nextMessage++,
        date: 1_767_603_600,
        caption: "look",
        photo: [{ file_id: "photos/1.jpg", width: 1, height: 1, file_size: 100 }],
        from: { id: ANN, is_bot: false, first_name: "Ann" },
        chat: { id: ANN, type: "private" },
      },
    });
    fake.push({
      edited_message: {
        message_id: 1,
        date: 1,
        edit_date: 2,
        text: "how is the deploy?",
        from: { id: ANN, is_bot: false, first_name: "Ann" },
        chat: { id: ANN, type: "private" },
      },
    });
    const all = (): string => session.reads.map(({ text }) => text).join("\n");
    await until(
      "all are read",
      () => all().includes("edited message: how is the deploy?"),
      20_000,
      all,
    );
    expect(all()).toContain("| in reply to: It is green.");
    expect(all()).toContain("(photo)");
    await until(
      "the photo is fetched, marked and answered with a file",
      () => fake.sent("sendPhoto").length === 1 && readMarks(fake).includes("🔥"),
      15_000,
      () => tools.join("\n"),
    );
    expect(tools[0]).toContain(join(rig.home, "files"));
    expect(fake.sent("sendPhoto")[0]?.payload).toMatchObject({ caption: "A chart" });
  },
);

inTerminals(
  "what a message leads to waits for a person's word: its sender sees so, and who is asked is not told twice",
  async () => {
    await using rig = await openRigWithHub();
    const fake = await openFake(rig);
    await addTelegram(rig, fake);
    await type(rig, "access", "allow", "telegram", "78", "--role", "approver", "--role", "chatter");
    await openLane(rig, "monitor", {
      cwd: makeWorkFolder(rig),
      approve: () => new Promise(() => {}),
      model: async (turn) => {
        const [, id] = /event_id="(evt_\w+)"/.exec(turn.text) ?? [];
        if (id === undefined) return;
        await turn.useTool("Bash", { command: "npm test" });
        await turn.callTool("reply", { event_id: id, text: "Tested." });
      },
    });
    const told = (chat: number): string[] =>
      fake
        .sent("sendMessage")
        .filter(({ payload }) => String(payload["chat_id"]) === String(chat))
        .map(({ payload }) => String(payload["text"]));
    for (const from of [ANN, 78]) {
      const asked = say(fake, "run the tests", from);
      const { id } = await untilAsked(rig);
      await until("it is marked", () => readMarks(fake, asked).at(-1) === "✍", BELL_MS);
      await answer(rig, id, { kind: "allow" });
      await until("it is answered", () => told(from).includes("Tested."), BELL_MS);
      await until("the sign is gone", () => readMarks(fake, asked).at(-1) === "", BELL_MS);
    }
    expect(told(ANN).filter((text) => text === APPROVAL_TEXT)).toHaveLength(1);
    expect(told(78)).not.toContain(APPROVAL_TEXT);
  },
  180_000,
);

inTerminals(
  "five messages in 300 ms are two turns at most; what comes during a turn waits for its end; each is read once",
  async () => {
    await using rig = await openRigWithHub();
    const fake = await openFake(rig);
    await addTelegram(rig, fake);
    const turns: string[][] = [];
    let isHeld = false;
    const session = await openLane(rig, "monitor", {
      model: async (turn) => {
        const said = [...turn.text.matchAll(/^\| message: (.*)$/gm)].map(
          ([, words]) => words ?? "",
        );
        // A nudge that asks for the answers brings no message.
        if (said.length > 0) turns.push(said);
        if (said.includes("hold")) {
          isHeld = true;
          await until("the other one is kept", async () => (await rig.events()).length === 7);
        }
      },
    });
    for (let i = 1; i <= 5; i++) say(fake, `burst ${i}`);
    const read = (): string[] => turns.flat();
    await until(
      "all five are read",
      () => read().length === 5,
      BELL_MS,
      () => read().join(),
    );
    expect(turns.length).toBeLessThanOrEqual(2);
    say(fake, "hold");
    await until("a turn runs", () => isHeld, BELL_MS);
    say(fake, "meanwhile");
    await until("it is read", () => read().includes("meanwhile"), BELL_MS);
    // In order, each once, and the late one in a turn of its own.
    expect(read()).toEqual([...[1, 2, 3, 4, 5].map((i) => `burst ${i}`), "hold", "meanwhile"]);
    expect(turns.at(-1)).toEqual(["meanwhile"]);
    expect(session.reads.map(({ text }) => text).join("\n")).not.toContain("replayed");
  },
  150_000,
);

inTerminals(
  "the hub is killed again and again under 1,000 messages: each is kept once",
  async () => {
    await using rig = await openRigWithHub();
    const fake = await openFake(rig);
    await addTelegram(rig, fake);
    const total = MESSAGES;
    let pushed = 0;
    const push = (count: number): void => {
      for (const end = pushed + count; pushed < end; pushed++) say(fake, `message ${pushed}`);
    };
    push(total / 4);
    for (let kill = 1; kill <= 3; kill++) {
      const asked = (): number => fake.calls.filter(({ method }) => method === "getUpdates").length;
      const before = asked();
      push(total / 4);
      // Somewhere between what Telegram gave and what it is told to forget.
      await until("updates are fetched", () => asked() > before);
      await sleep(kill * 7);
      await rig.killHub();
      await rig.startHub();
    }
    await until("Telegram has nothing left", () => fake.waiting === 0);
    const texts = (await rig.events()).map(({ meta }) => meta["message_id"]);
    expect(texts).toHaveLength(total);
    expect(new Set(texts).size).toBe(total);
  },
);

inTerminals(
  "the hub is killed under 200 answers: none is seen twice, and what may be lost is listed",
  async () => {
    await using rig = await openRigWithHub();
    const fake = await openFake(rig);
    await addTelegram(rig, fake);
    const total = ANSWERS;
    for (let i = 0; i < total; i++) say(fake, `question ${i}`, ANN);
    await until("all are kept", () => fake.waiting === 0);
    const answered = new Set<string>();
    let isOver = false;
    rig.add(() => (isOver = true));
    const session = await openLane(rig, "pull", {
      model: async (turn) => {
        // As a model does: reads a page, answers each, and says it again where the tool failed.
        while (!isOver && !turn.signal.aborted) {
          const { text } = await turn.callTool("inbox");
          for (const [id] of text.matchAll(/evt_[0-9a-z]{26}/g)) {
            if (answered.has(id)) continue;
            const answer = await turn.callTool("reply", {
              event_id: id,
              text: `answer to ${id}`,
            });
            if (!answer.isError) answered.add(id);
          }
        }
      },
    });
    session.type("answer them");
    for (const share of [0.15, 0.45, 0.75]) {
      const sent = (): number => fake.sent("sendMessage").length;
      await until(`${share} of the answers`, () => sent() >= total * share);
      await rig.killHub();
      await rig.startHub();
    }
    // Not by what the model was told: a reply may be on disk though its call failed.
    const left = async (): Promise<OutboxView[]> =>
      (await listOutbox(rig)).filter(({ state }) => state !== "sent" && state !== "maybe");
    await until(
      "all are answered, and nothing is on its way",
      async () => (await listOutbox(rig)).length === total && (await left()).length === 0,
      60_000,
      async () => `${answered.size} answered, ${JSON.stringify(await left())}`,
    );
    isOver = true;
    const seen = fake.sent("sendMessage").map(({ payload }) => String(payload["text"]));
    expect(new Set(seen).size).toBe(seen.length);
    const rows = await listOutbox(rig);
    const missing = rows.filter(({ text }) => !seen.includes(text));
    expect(missing.filter(({ state }) => state !== "maybe")).toEqual([]);
  },
  180_000,
);

inTerminals(
  "updates that cannot be read are counted, status tells of them, and the next one proceeds",
  async () => {
    await using rig = await openRigWithHub();
    const fake = await openFake(rig);
    await addTelegram(rig, fake);
    fake.push({ message: "no message at all" });
    fake.push({ message: { chat: { id: {} }, from: [], text: 7 } });
    fake.push({ edited_message: null, callback_query: 4 });
    say(fake, "still there?");
    await until("the next one is kept", async () => (await rig.events()).length === 1);
    await until("they are counted", async () => {
      const { channels } = await rig.status();
      return channels[0]?.refused["dead-letter"] === 3;
    });
    expect((await rig.run("status")).stdout).toMatch(
      /refused +3 that could not be read or stored \(telegram\)/,
    );
  },
);

inTerminals("under allowlist a thousand strangers leave no row and hear nothing", async () => {
  await using rig = await openRigWithHub();
  const fake = await openFake(rig);
  await addTelegram(rig, fake);
  await type(rig, "access", "policy", "telegram", "allowlist");
  for (let i = 0; i < 1_000; i++) say(fake, "/start let me in", 10_000 + i);
  await until("all are looked at", () => fake.waiting === 0);
  expect(await rig.events()).toEqual([]);
  expect(fake.calls.filter(({ method }) => method.startsWith("send"))).toEqual([]);
  const { channels } = await rig.status();
  expect(channels[0]?.refused).toMatchObject({ stranger: 1_000 });
});

inTerminals(
  "an invite: the code that the owner made lets one person in, once; as owner they hear of a second poller",
  async () => {
    await using rig = await openRigWithHub();
    const fake = await openFake(rig);
    await rig.addChannel({
      kind: "telegram",
      secret: FAKE_TOKEN,
      settings: { "api-root": fake.root },
    });
    const screen = await type(rig, "access", "invite", "telegram");
    const code = /\b[0-9A-Z]{4}-[0-9A-Z]{4}\b/.exec(screen)?.[0] ?? screen;
    say(fake, code, 5);
    const told = (): string =>
      fake
        .sent("sendMessage")
        .map(({ payload }) => String(payload["text"]))
        .join("\n");
    await until("the person is told", () => told().includes("You are linked"));
    say(fake, code, 6);
    say(fake, "hello", 6);
    say(fake, "hello", 5);
    await until("the person is heard", async () => (await rig.events()).length > 0);
    expect((await rig.events()).map(({ sender }) => sender.id)).toEqual(["5"]);
    say(fake, "/status", 5);
    await until("the command is answered", () => told().includes("connected."));
    expect(told()).toContain("telegram is connected.");
    // The first person is an owner: they hear of what will not mend by itself.
    const description = "Conflict: terminated by other getUpdates request";
    fake.fail("getUpdates", { kind: "error", status: 409, description }, 4);
    say(fake, "hello again", 5);
    await until(
      "the owner is told",
      () => told().includes("another program polls this bot"),
      20_000,
    );
    expect((await rig.run("doctor")).stdout).toMatch(/!! +channel telegram +telegram, retrying/);
    await until("it goes on", async () => (await rig.events()).length === 2);
  },
);

test("two hubs on one bot: both stay calm and say why, and the one that is left goes on", async () => {
  await using one = await openRigWithHub();
  const fake = await openFake(one);
  const settings = { "api-root": fake.root };
  const state = async (rig: Rig): Promise<string> => {
    const [channel] = (await rig.status()).channels;
    return `${channel?.state} ${channel?.reason ?? ""}`;
  };
  await one.addChannel({ kind: "telegram", secret: FAKE_TOKEN, settings });
  {
    await using two = await openRigWithHub();
    await two.addChannel({ kind: "telegram", secret: FAKE_TOKEN, settings });
    const polls = (): number => fake.calls.filter(({ method }) => method === "getUpdates").length;
    const said: string[] = [];
    const before = polls();
    for (let i = 0; i < 24; i++) {
      said.push(await state(one), await state(two));
      await sleep(250);
    }
    // Six seconds of a loop without pauses would be thousands.
    expect(polls() - before).toBeLessThan(20);
    expect(said).toContain(
      "retrying telegram: another program polls this bot (409); stop it, or make a bot of its own for Sluice",
    );
    expect((await two.run("doctor")).stdout + (await one.run("doctor")).stdout).toContain("409");
  }
  say(fake, "anybody?");
  await until("the other one goes on", async () => (await state(one)) === "ok ");
  await until("nothing waits at Telegram", () => fake.waiting === 0);
}, 150_000);

test.concurrent("a wrong token leaves no channel behind; a revoked one pauses it, and the hub is fine", async () => {
  await using rig = await openRigWithHub();
  const fake = await openFake(rig);
  const settings = { "api-root": fake.root };
  const set = ["--set", `api-root=${fake.root}`];
  const missing = await rig.run("add", "telegram", ...set);
  expect(missing.stderr).toContain("telegram needs its bot token from @BotFather");
  await expect(
    rig.addChannel({ kind: "telegram", secret: "4242:AAwrongwrongwrongwrongwrongwrong", settings }),
  ).rejects.toThrow('token rejected (401); run "sluice add telegram" with a token from @BotFather');
  expect((await rig.status()).channels).toEqual([]);
  await rig.addChannel({ kind: "telegram", secret: FAKE_TOKEN, settings });
  await expect(
    rig.addChannel({ kind: "telegram", name: "twin", secret: FAKE_TOKEN, settings }),
  ).rejects.toThrow('channel "telegram" has this credential already');
  fake.token = "4242:revoked-revoked-revoked-revoked-revoked";
  fake.push({});
  await until(
    "it pauses",
    async () => (await rig.status()).channels[0]?.state === "paused",
    40_000,
  );
  const doctor = await rig.run("doctor");
  expect(doctor.stdout).toMatch(
    /!! +channel telegram +telegram, paused: telegram: token rejected \(401\)/,
  );
  // The line says "sluice add telegram": that is all there is to do.
  fake.token = "4242:AAanewtokenanewtokenanewtokenanewtoken";
  await rig.addChannel({ kind: "telegram", secret: fake.token, settings });
  expect((await rig.status()).channels[0]).toMatchObject({ name: "telegram", state: "ok" });
});
