/** Slack on the wire of a fake, a hub and sessions that are real. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { read } from "../../src/api/client/client.ts";
import type { OutboxView } from "../../src/api/routes/outbox-routes.ts";
import {
  ANN,
  APP_TOKEN,
  BOT_TOKEN,
  type FakeMessage,
  FakeSlack,
  GENERAL,
  ME,
} from "../fakes/slack/fake-slack.ts";
import { typeCommand, untilAsked } from "./people.ts";
import { openRigWithHub, type Rig, until } from "./rig.ts";
import { makeWorkFolder, openLane } from "./sessions.ts";

const MESSAGES = 200;
const KILLS = 20;
const ANSWERS = 60;
/** On a busy machine a bell may go unheard; the next one comes after half a minute. */
const BELL_MS = 45_000;

async function openBot(rig: Rig, ...roles: string[]): Promise<FakeSlack> {
  const fake = await FakeSlack.open();
  rig.add(() => fake.close());
  const settings = { "api-root": fake.root };
  const secrets = { app_token: APP_TOKEN };
  await rig.addChannel({ kind: "slack", secret: BOT_TOKEN, secrets, settings });
  const given = ["chatter", ...roles].flatMap((role) => ["--role", role]);
  await typeCommand(rig, "access", "allow", "slack", ANN.id, ...given);
  return fake;
}

const ids = async (rig: Rig): Promise<string[]> =>
  (await rig.events()).map(({ meta }) => String(meta["message_id"]));

// `script` opens a terminal as it does on Linux.
const inTerminals = process.platform === "linux" ? test : test.skip;

inTerminals(
  "a message in a channel is answered in its thread with a file; a command is allowed by a button, a reason comes by a form, a stop by /sluice",
  async () => {
    await using rig = await openRigWithHub();
    const fake = await openBot(rig, "approver");
    fake.setClock(Date.now() / 1_000);
    await typeCommand(
      rig,
      "access",
      "group",
      "add",
      "slack",
      `--id=${GENERAL}`,
      "--sender",
      ANN.id,
    );
    const cwd = makeWorkFolder(rig);
    const chart = join(cwd, "chart.txt");
    writeFileSync(chart, "42 tests\n");
    const outcomes: string[] = [];
    await openLane(rig, "monitor", {
      cwd,
      approve: () => new Promise(() => {}),
      model: async (turn) => {
        for (const [, id, text = ""] of turn.text.matchAll(
          /event_id="(evt_\w+)"[^>]*>\n(?:.*\n)*?\| message: (.*)/g,
        )) {
          if (text.includes("how is the build")) {
            const files = [chart];
            await turn.callTool("reply", { event_id: id, text: "It is **green**.", files });
          }
          if (!text.includes("run")) continue;
          const command = text.includes("again") ? "npm run again" : "npm test";
          outcomes.push(JSON.stringify(await turn.useTool("Bash", { command })));
          await turn.callTool("reply", { event_id: id, text: "Tried." });
        }
      },
    });
    const asked = fake.say(`<@${ME.user}> how is the build?`, { channel: GENERAL });
    await until("it is answered in the thread", () => fake.files.shown().length === 1, BELL_MS);
    expect(fake.written(GENERAL)).toMatchObject([{ text: "It is *green*.", thread_ts: asked.ts }]);
    expect(fake.files.shown()).toMatchObject([
      { name: "chart.txt", channel: GENERAL, thread: asked.ts },
    ]);

    const answerTo = async (text: string): Promise<string> => {
      const id = fake.command(text);
      const find = () => fake.sockets.acks.find((one) => one.id === id);
      await until(`/sluice ${text} is answered`, () => find() !== undefined);
      return JSON.stringify(find()?.payload ?? "");
    };
    expect(await answerTo("away")).toContain("You are away");
    const find = (code: string): FakeMessage | undefined =>
      fake.written().find(({ text }) => text.includes(code));
    const untilShown = async (code: string): Promise<FakeMessage> => {
      await until("the question is there", () => find(code) !== undefined, BELL_MS);
      return find(code) as FakeMessage;
    };
    fake.say("run the tests");
    const first = await untilAsked(rig);
    fake.tap(await untilShown(first.code), "Allow");
    await until("it is allowed", () => outcomes.length === 1, BELL_MS);
    await until("the tap is answered", () =>
      fake.ephemeral.some(({ text }) => text.includes("Allowed")),
    );
    const left = (): number => fake.buttons(find(first.code) as FakeMessage).length;
    await until("the buttons are gone", () => left() === 0, BELL_MS);
    expect(find(first.code)?.text).toContain("Allowed");

    await until("it is over", () => fake.written().some(({ text }) => text === "Tried."), BELL_MS);
    fake.say("run it again");
    const second = await untilAsked(rig);
    fake.tap(await untilShown(second.code), "Deny and say why");
    await until("the form is open", () => fake.views.length === 1);
    fake.submit("build it on the server");
    await until("it is denied", () => outcomes.length === 2, BELL_MS);
    expect(outcomes[1]).toContain("build it on the server");

    expect(await answerTo("stop")).toContain("whatever it asks next is denied");
    fake.conversations.set("D0STRANGER", { is_im: true, user: "U0STRANGER" });
    const id = fake.command("stop", { user_id: "U0STRANGER" });
    await until("it is acknowledged", () => fake.sockets.acks.some((one) => one.id === id));
    expect(fake.sockets.acks.find((one) => one.id === id)?.payload).toBeUndefined();
  },
  240_000,
);

inTerminals(
  "the hub is killed twenty times under 200 messages, while sockets drop and Slack gives up on some: each is kept once",
  async () => {
    await using rig = await openRigWithHub();
    const fake = await openBot(rig);
    fake.setClock(Date.now() / 1_000 - 20_000);
    fake.say("the first");
    await until("the chat is known", async () => (await ids(rig)).length === 1);
    let written = 1;
    for (let kill = 1; kill <= KILLS; kill++) {
      for (let i = 1; i < MESSAGES / KILLS; i++) {
        written += 1;
        fake.say(`message ${written}`);
      }
      // Somewhere between what Slack said and what is on disk.
      await sleep(kill % 5);
      if (kill % 4 === 0) fake.sockets.cut();
      await rig.killHub();
      written += 1;
      const text = `between ${kill}`;
      if (kill % 3 !== 0) fake.say(text);
      // Slack tells of it no more: only the look back finds it.
      else
        fake.messages.push({
          type: "message",
          user: ANN.id,
          channel: ANN.dm,
          text,
          ts: fake.newTs(),
        });
      await rig.startHub();
    }
    await until(
      "all are kept",
      async () => (await ids(rig)).length >= written,
      120_000,
      async () => `${(await ids(rig)).length} of ${written}`,
    );
    const kept = await ids(rig);
    expect(kept).toHaveLength(written);
    expect(new Set(kept).size).toBe(written);
    expect(written).toBe(MESSAGES + 1);
  },
  300_000,
);

inTerminals(
  "the hub is killed under answers, and answers are lost on their way: none is seen twice, and what may be lost is listed",
  async () => {
    await using rig = await openRigWithHub();
    const fake = await openBot(rig);
    // One after the other, as people write: a chat that says much in one minute is taken for a loop of two bots.
    for (let i = 0; i < ANSWERS; i++) {
      fake.setClock(Date.now() / 1_000 - 80_000 + i * 20);
      fake.say(`question ${i}`);
    }
    await until("all are kept", async () => (await ids(rig)).length === ANSWERS);
    fake.fail("chat.postMessage", { kind: "break" }, 6, 10);
    fake.fail("chat.postMessage", { kind: "limited", seconds: 1 }, 6, 30);
    const answered = new Set<string>();
    let isOver = false;
    rig.add(() => (isOver = true));
    const session = await openLane(rig, "pull", {
      model: async (turn) => {
        while (!isOver && !turn.signal.aborted) {
          const { text } = await turn.callTool("inbox");
          for (const [id] of text.matchAll(/evt_[0-9a-z]{26}/g)) {
            if (answered.has(id)) continue;
            const answer = await turn.callTool("reply", { event_id: id, text: `answer to ${id}` });
            if (!answer.isError) answered.add(id);
          }
        }
      },
    });
    session.type("answer them");
    for (const share of [0.2, 0.5, 0.8]) {
      const enough = (): boolean => fake.written().length >= ANSWERS * share;
      await until(`${share} of the answers`, enough, 120_000);
      await rig.killHub();
      await rig.startHub();
    }
    const list = (): Promise<OutboxView[]> =>
      read(rig.api.outbox.$get({ query: { limit: "10000" } }));
    const isLeft = ({ state }: OutboxView): boolean => state !== "sent" && state !== "maybe";
    await until(
      "all are answered, and nothing is on its way",
      async () => (await list()).length === ANSWERS && !(await list()).some(isLeft),
      120_000,
      async () => `${answered.size} answered, ${(await list()).filter(isLeft).length} on their way`,
    );
    isOver = true;
    const seen = fake.written().map(({ text }) => text);
    expect(new Set(seen).size).toBe(seen.length);
    // An underscore in an id is no mark in Slack's text.
    const missing = (await list()).filter(({ text }) => !seen.includes(text));
    expect(missing.filter(({ state }) => state !== "maybe")).toEqual([]);
  },
  300_000,
);
