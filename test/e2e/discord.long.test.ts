/** Discord on the wire of a fake, a hub and sessions that are real. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { read } from "../../src/api/client/client.ts";
import type { OutboxView } from "../../src/api/routes/outbox-routes.ts";
import { listAt, textAt } from "../../src/sdk/json.ts";
import {
  ANN,
  BOT,
  CHANNEL,
  DIRECT,
  FAKE_TOKEN,
  FakeDiscord,
  SERVER,
  THREAD,
} from "../fakes/discord/fake-discord.ts";
import { typeCommand, untilAsked } from "./people.ts";
import { openRigWithHub, type Rig, until } from "./rig.ts";
import { makeWorkFolder, openLane } from "./sessions.ts";

const MESSAGES = 200;
const KILLS = 20;
const ANSWERS = 100;
/** On a busy machine a bell may go unheard; the next one comes after half a minute. */
const BELL_MS = 45_000;

async function openBot(rig: Rig, ...roles: string[]): Promise<FakeDiscord> {
  const fake = await FakeDiscord.open();
  rig.add(() => fake.close());
  const settings = { "api-root": fake.root };
  await rig.addChannel({ kind: "discord", secret: FAKE_TOKEN, settings });
  const given = ["chatter", ...roles].flatMap((role) => ["--role", role]);
  await typeCommand(rig, "access", "allow", "discord", ANN, ...given);
  return fake;
}

let said = 0;
/** One after the other, as people write: a chat that says much in one minute is taken for a loop of two bots. */
function sayLater(fake: FakeDiscord, text: string): void {
  said += 1;
  const at = Date.now() - 80_000_000 + said * 10_000;
  const id = String((BigInt(at) - 1_420_070_400_000n) << 22n);
  fake.write(text, { id });
}

const ids = async (rig: Rig): Promise<string[]> =>
  (await rig.events()).map(({ meta }) => String(meta["message_id"]));

// `script` opens a terminal as it does on Linux.
const inTerminals = process.platform === "linux" ? test : test.skip;

inTerminals(
  "a message in a thread is answered there with a file; a command is allowed by a button, a reason comes by a form, a stop by a slash command",
  async () => {
    await using rig = await openRigWithHub();
    const fake = await openBot(rig, "approver");
    await typeCommand(rig, "access", "group", "add", "discord", `--id=${CHANNEL}`, "--sender", ANN);
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
          if (text.includes("how is the build"))
            await turn.callTool("reply", {
              event_id: id,
              text: "It is **green**.",
              files: [chart],
            });
          if (text.includes("run")) {
            const ran = await turn.useTool("Bash", {
              command: text.includes("again") ? "npm run again" : "npm test",
            });
            outcomes.push(JSON.stringify(ran));
            await turn.callTool("reply", { event_id: id, text: "Tried." });
          }
        }
      },
    });
    fake.write("how is the build?", {
      channel_id: THREAD,
      guild_id: SERVER,
      channel_type: 11,
      mentions: [{ id: BOT, username: "sluice_bot" }],
    });
    await until("it is answered in the thread", () => fake.ours(THREAD).length === 1, BELL_MS);
    expect(fake.ours(THREAD)[0]).toMatchObject({
      content: "It is **green**.",
      attachments: [{ filename: "chart.txt", size: 9 }],
    });

    const away = fake.interact({ type: 2, data: { name: "away", type: 1 } });
    await until("the command is answered", () => fake.answers(away).length === 1);
    fake.write("run the tests");
    const first = await untilAsked(rig);
    const find = (code: string) =>
      fake.ours().find(({ content }) => String(content).includes(code));
    await until("the question is there", () => find(first.code) !== undefined, BELL_MS);
    const press = fake.press(String(find(first.code)?.["id"]), "Allow");
    await until("it is allowed", () => outcomes.length === 1, BELL_MS);
    await until("it is said", () => fake.answers(press).length === 1);
    expect(JSON.stringify(fake.answers(press))).toContain("Allowed: Bash");
    await until("the buttons are gone", () => listAt(find(first.code), "components").length === 0);
    expect(String(find(first.code)?.["content"])).toContain("**Allowed");

    await until(
      "it is answered",
      () => fake.ours().some(({ content }) => content === "Tried."),
      BELL_MS,
    );
    fake.write("run it again");
    const second = await untilAsked(rig);
    await until("the question is there", () => find(second.code) !== undefined, BELL_MS);
    const opened = fake.press(String(find(second.code)?.["id"]), "Deny and say why");
    await until("the form is open", () => fake.answers(opened).length === 1);
    const custom_id = textAt(fake.answers(opened)[0], "data.custom_id");
    const field = { type: 4, custom_id: "words", value: "build it on the server" };
    fake.interact({
      type: 5,
      data: { custom_id, components: [{ type: 18, component: field }] },
      message: { id: find(second.code)?.["id"] },
    });
    await until("it is denied", () => outcomes.length === 2, BELL_MS);
    expect(outcomes[1]).toContain("build it on the server");

    const stop = fake.interact({ type: 2, data: { name: "stop", type: 1 } });
    await until("the stop is answered", () => fake.answers(stop).length === 1);
    expect(JSON.stringify(fake.answers(stop))).toContain("whatever it asks next is denied");
    const strangers = fake.interact({
      by: "99000000000000099",
      type: 2,
      data: { name: "stop", type: 1 },
    });
    await sleep(300);
    expect(fake.answers(strangers)).toEqual([]);
  },
  240_000,
);

inTerminals(
  "the hub is killed twenty times under 200 messages, while the gateway drops and forgets: each is kept once",
  async () => {
    await using rig = await openRigWithHub();
    const fake = await openBot(rig);
    fake.write("the first");
    await until("the chat is known", async () => (await ids(rig)).length === 1);
    const part = MESSAGES / KILLS;
    let written = 1;
    for (let kill = 1; kill <= KILLS; kill++) {
      for (let i = 0; i < part; i++) {
        written += 1;
        fake.write(`message ${written}`);
      }
      // Somewhere between what Discord said and what is on disk.
      await sleep(kill % 5);
      if (kill % 4 === 0) fake.gateway.drop();
      await rig.killHub();
      written += 1;
      const begun = fake.gateway.identifies.length;
      // Of a session that is forgotten nobody is told: what is said then stands in the chat alone.
      const isForgotten = kill % 5 === 0;
      if (isForgotten) fake.gateway.forget();
      fake.write(`between ${kill}`);
      await rig.startHub();
      if (isForgotten)
        await until("a new session begins", () => fake.gateway.identifies.length > begun);
    }
    await until(
      "all are kept",
      async () => (await ids(rig)).length >= written,
      120_000,
      async () =>
        `${(await ids(rig)).length} of ${written}, ${fake.gateway.resumes.length} resumed, ${fake.gateway.identifies.length} begun`,
    );
    const kept = await ids(rig);
    expect(kept).toHaveLength(written);
    expect(new Set(kept).size).toBe(written);
    // Both ways back were gone.
    expect(fake.gateway.resumes.length).toBeGreaterThan(3);
    expect(fake.gateway.identifies.length).toBeGreaterThanOrEqual(5);
  },
  300_000,
);

inTerminals(
  "the hub is killed under answers, and answers are lost on their way: none is seen twice, and what may be lost is listed",
  async () => {
    await using rig = await openRigWithHub();
    const fake = await openBot(rig);
    for (let i = 0; i < ANSWERS; i++) sayLater(fake, `question ${i}`);
    await until("all are kept", async () => (await ids(rig)).length === ANSWERS);
    fake.fail(/^POST .*\/messages$/, { kind: "break" }, 10);
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
      await until(`${share} of the answers`, () => fake.ours().length >= ANSWERS * share, 120_000);
      await rig.killHub();
      await rig.startHub();
    }
    const list = (): Promise<OutboxView[]> =>
      read(rig.api.outbox.$get({ query: { limit: "10000" } }));
    const left = async (): Promise<OutboxView[]> =>
      (await list()).filter(({ state }) => state !== "sent" && state !== "maybe");
    await until(
      "all are answered, and nothing is on its way",
      async () => (await list()).length === ANSWERS && (await left()).length === 0,
      120_000,
      async () => `${answered.size} answered, ${JSON.stringify(await left())}`,
    );
    isOver = true;
    const seen = fake.ours(DIRECT).map(({ content }) => String(content));
    expect(new Set(seen).size).toBe(seen.length);
    const missing = (await list()).filter(({ text }) => !seen.includes(text));
    expect(missing.filter(({ state }) => state !== "maybe")).toEqual([]);
  },
  300_000,
);
