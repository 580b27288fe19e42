/** Matrix, a channel that is a package of its own: a fake homeserver; a hub, the channel's process and sessions that are real. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { read } from "../../src/api/client/client.ts";
import type { OutboxView } from "../../src/api/routes/outbox-routes.ts";
import {
  ANN,
  BOT,
  buttonsIn,
  DIRECT,
  FAKE_TOKEN,
  FakeMatrix,
  GROUP,
} from "../../packages/matrix/test/fake-matrix.ts";
import { at } from "../../packages/matrix/json.ts";
import { typeInTerminal } from "./code.ts";
import { typeCommand, untilAsked } from "./people.ts";
import { openRigWithHub, type Rig, until } from "./rig.ts";
import { makeWorkFolder, openLane } from "./sessions.ts";

const ROOT = join(import.meta.dirname, "../..");
const MESSAGES = 200;
const KILLS = 20;
const ANSWERS = 60;
/** On a busy machine a bell may go unheard; the next one comes after half a minute. */
const BELL_MS = 45_000;

async function openBot(rig: Rig, ...roles: string[]): Promise<FakeMatrix> {
  const fake = await FakeMatrix.open();
  rig.add(() => fake.close());
  const answers = ["yes", fake.platform.root, FAKE_TOKEN];
  const typed = await typeInTerminal(rig, ["add", "./packages/matrix"], answers, { cwd: ROOT });
  expect(typed.code, typed.screen).toBe(0);
  expect(typed.screen).toContain("fetch files that people send");
  expect(typed.screen).not.toContain(FAKE_TOKEN);
  const given = ["chatter", ...roles].flatMap((role) => ["--role", role]);
  await typeCommand(rig, "access", "allow", "matrix", ANN, ...given);
  await until("it is connected", () =>
    fake.platform.requests.some(({ path, query }) => path.endsWith("/sync") && query.has("since")),
  );
  return fake;
}

const ids = async (rig: Rig): Promise<string[]> =>
  (await rig.events()).map(({ meta }) => String(meta["message_id"]));

// `script` opens a terminal as it does on Linux.
const inTerminals = process.platform === "linux" ? test : test.skip;

inTerminals(
  "a message in a thread is answered there with a file, a sent file is read, a command is allowed by a tap, and a typed command stops it",
  async () => {
    await using rig = await openRigWithHub();
    const fake = await openBot(rig, "approver");
    await typeCommand(rig, "access", "group", "add", "matrix", `--id=${GROUP}`, "--sender", ANN);
    const cwd = makeWorkFolder(rig);
    const chart = join(cwd, "chart.txt");
    writeFileSync(chart, "42 tests\n");
    const outcomes: string[] = [];
    const fetched: string[] = [];
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
          if (text.includes("see the plan"))
            fetched.push((await turn.callTool("download_attachment", { event_id: id })).text);
          if (text.includes("run")) {
            outcomes.push(JSON.stringify(await turn.useTool("Bash", { command: "npm test" })));
            await turn.callTool("reply", { event_id: id, text: "Tried." });
          }
        }
      },
    });
    const root = fake.write("the root", { room: GROUP, sender: BOT });
    const question = fake.write("how is the build?", {
      room: GROUP,
      "m.mentions": { user_ids: [BOT] },
      "m.relates_to": { rel_type: "m.thread", event_id: root },
    });
    const answers = () => fake.ours(GROUP).filter(({ event_id }) => event_id !== root);
    await until("it is answered", () => answers().length === 2, BELL_MS);
    expect(answers()[0]?.content).toMatchObject({
      body: "It is **green**.",
      formatted_body: "It is <strong>green</strong>.",
      "m.relates_to": { rel_type: "m.thread", event_id: root },
    });
    expect(answers()[1]?.content).toMatchObject({ msgtype: "m.file", filename: "chart.txt" });
    expect([...fake.files.values()].map(({ content }) => content.toString())).toEqual([
      "42 tests\n",
    ]);
    await until("its sign is gone", () => fake.reactions(question).length === 0, BELL_MS);

    fake.files.set("plan", {
      content: Buffer.from("first, the tests"),
      name: "p",
      type: "text/plain",
    });
    fake.write("see the plan", {
      msgtype: "m.file",
      filename: "plan.txt",
      url: "mxc://example.org/plan",
      info: { size: 16 },
    });
    await until("the file is fetched", () => fetched.length === 1, BELL_MS);
    expect(fetched[0]).toContain("plan.txt");

    // An image is there when its message is.
    const png = Buffer.from(
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
      "base64",
    );
    fake.files.set("pic", { content: png, name: "pic", type: "image/png" });
    fake.write("look at this", {
      msgtype: "m.image",
      filename: "pic.png",
      url: "mxc://example.org/pic",
      info: { size: png.length, mimetype: "image/png" },
    });
    await until("the image is fetched", () =>
      fake.platform.requests.some(({ path }) => path.endsWith("/download/example.org/pic")),
    );

    fake.write("!away");
    await until("away", () => fake.ours(DIRECT).length > 0, BELL_MS);
    fake.write("run the tests");
    const { code } = await untilAsked(rig);
    const find = () =>
      fake.ours(DIRECT).find(({ content }) => String(content["body"]).includes(code));
    await until("the question is there", () => find() !== undefined, BELL_MS);
    const asked = find()?.event_id ?? "";
    await until("its buttons are there", () => fake.reactions(asked).length > 1, BELL_MS);
    const keys = buttonsIn(find()?.content);
    expect(keys).toContain("Allow");
    fake.add(
      { "m.relates_to": { rel_type: "m.annotation", event_id: asked, key: "Allow" } },
      { type: "m.reaction" },
    );
    await until("it is allowed", () => outcomes.length === 1, BELL_MS);
    await until("its buttons are gone", () => fake.reactions(asked).length === 0, BELL_MS);
    expect(String(fake.shown(asked)?.["body"])).toContain("Allowed");
    fake.write("!stop");
    const isStopped = (): boolean =>
      fake
        .ours(DIRECT)
        .some(({ content }) => String(content["body"]).includes("whatever it asks next is denied"));
    await until("the stop is answered", isStopped, BELL_MS);
  },
  240_000,
);

inTerminals(
  "the hub is killed twenty times under 200 messages, with gaps in what one answer of /sync holds: each is kept once",
  async () => {
    await using rig = await openRigWithHub();
    const fake = await openBot(rig);
    fake.maxTimeline = 4;
    fake.write("the first");
    await until("the chat is known", async () => (await ids(rig)).length === 1);
    let written = 1;
    const write = (text: string): void => {
      written += 1;
      fake.write(text);
    };
    for (let kill = 1; kill <= KILLS; kill++) {
      for (let i = 1; i < MESSAGES / KILLS; i++) write(`message ${written}`);
      // Somewhere between what the homeserver said and what is on disk.
      await sleep(kill % 5);
      if (kill % 4 === 0) fake.platform.cut();
      await rig.killHub();
      write(`between ${kill}`);
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
    // The way through the gaps was gone.
    expect(
      fake.platform.requests.filter(({ path }) => path.endsWith("/messages")).length,
    ).toBeGreaterThan(3);
  },
  300_000,
);

inTerminals(
  "the hub is killed under answers, and answers are lost on their way: none is seen twice, and what may be lost is listed",
  async () => {
    await using rig = await openRigWithHub();
    const fake = await openBot(rig);
    // One after the other, as people write: a chat that says much in one minute is taken for a loop of two bots.
    const start = Date.now() - 80_000_000;
    for (let i = 0; i < ANSWERS; i++) {
      const event = fake.find(fake.write(`question ${i}`));
      if (event !== undefined) event.origin_server_ts = start + i * 10_000;
    }
    await until("all are kept", async () => (await ids(rig)).length === ANSWERS);
    const isMessage = ({ path }: { path: string }): boolean =>
      path.includes("/send/m.room.message/");
    fake.platform.fail({ kind: "break" }, 10, isMessage);
    const answered = new Set<string>();
    let isOver = false;
    rig.add(() => void (isOver = true));
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
    const seen = fake.ours().map(({ content }) => String(at(content, "body")));
    expect(new Set(seen).size).toBe(seen.length);
    const sent = (await list()).filter(({ state }) => state === "sent").length;
    expect(seen.length).toBeGreaterThanOrEqual(sent);
  },
  300_000,
);
