/**
 * The way out, whole: a real hub with a channel of its own connection, a real shim, a platform that goes wrong, and kill -9.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { read } from "../../src/api/client/client.ts";
import { FAKE_TOKEN, FakeNtfy } from "../fakes/ntfy/fake-ntfy.ts";
import { NO_RULES, writeAccess } from "../../src/store/access/access.ts";
import { Database } from "../../src/store/file/database.ts";
import { openRig, type Rig, until } from "./rig.ts";
import { carriesEvent, openLane } from "./sessions.ts";

const TOPIC = "builds";

/** A home whose owner has let the topic in, a hub with it, and the platform. */
async function openScene(): Promise<{ rig: Rig; fake: FakeNtfy; ours: () => string[] }> {
  const rig = openRig();
  const fake = await FakeNtfy.open();
  rig.add(() => fake.close());
  mkdirSync(rig.home, { mode: 0o700 });
  const db = new Database(join(rig.home, "sluice.db"));
  const place = { channel: "ntfy", account: "", id: TOPIC, name: "", chatId: TOPIC };
  const rules = {
    ...NO_RULES,
    senders: [{ ...place, roles: ["chatter" as const], addedAt: 1, addedBy: "test" }],
    contacts: [{ channel: "ntfy", chatId: TOPIC, name: "builds" }],
  };
  await db.write(() =>
    writeAccess(db, rules, { at: 1, actor: "test", action: "allow", detail: "for a test" }),
  );
  db.close();
  await rig.startHub();
  await rig.addChannel({
    kind: "ntfy",
    secret: FAKE_TOKEN,
    settings: { topic: TOPIC, server: fake.root },
  });
  const ours = (): string[] => fake.kept.filter(({ isOurs }) => isOurs).map(({ text }) => text);
  return { rig, fake, ours };
}

const outbox = (rig: Rig) => read(rig.api.outbox.$get({ query: { limit: "10000" } }));
const toId = (text: string): string => /event_id="(evt_\w+)"/.exec(text)?.[1] ?? "";

test.concurrent("a message wakes the session; its answer, a file, a second answer and a note to a contact go out once each", async () => {
  const { rig, fake, ours } = await openScene();
  await using _rig = rig;
  writeFileSync(join(rig.folder, "plot.txt"), "a plot");
  writeFileSync(join(rig.folder, ".env"), "SECRET=1");
  fake.files.set("/file/in.png", Buffer.from("what they sent"));
  fake.openFiles = true;
  const answers: string[] = [];
  await openLane(rig, "monitor", {
    model: async (turn) => {
      if (!carriesEvent(turn) || answers.length > 0) return;
      const id = toId(turn.text);
      const call = async (name: string, input: Record<string, unknown>): Promise<void> => {
        answers.push((await turn.callTool(name, input)).text);
      };
      await call("download_attachment", { event_id: id, index: 1 });
      await call("reply", { event_id: id, text: "leak", files: [".env"] });
      await call("reply", { event_id: id, text: "here", files: ["plot.txt"] });
      await call("reply", { event_id: id, text: "here", files: ["plot.txt"] });
      await call("send", { channel: "ntfy", chat: TOPIC, text: "by the way" });
      await call("send", { channel: "ntfy", chat: "elsewhere", text: "psst" });
      await call("react", { event_id: id, reaction: "👍" });
    },
  });
  const attachment = { name: "in.png", type: "image/png", url: `${fake.root}/file/in.png` };
  fake.say(TOPIC, "how is the build?", { attachment });
  await until(
    "all calls returned",
    () => answers.length === 7,
    20_000,
    () => answers.join("\n"),
  );
  const [path = "", ...others] = answers;
  expect(readFileSync(path, "utf8")).toBe("what they sent");
  expect(path.startsWith(join(rig.home, "files"))).toBe(true);
  // It was there before the session was told.
  expect((await rig.events())[0]?.meta["image_path"]).toBe(path);
  expect(others).toMatchObject([
    expect.stringMatching(/\.env" is not sent: it is hidden/),
    expect.stringMatching(/^Sent\. \(message msg_\d+\)/),
    expect.stringMatching(/^Sent before/),
    expect.stringMatching(/^Sent\./),
    expect.stringMatching(/owner has not listed/),
    expect.stringMatching(/has no reactions/),
  ]);
  expect(ours()).toEqual(["here", "file plot.txt: a plot", "by the way"]);
  expect((await rig.events()).map(({ state }) => state)).toEqual(["done"]);
});

test.concurrent("a file that looks like a secret leaves when a person has said so, not on the session's word", async () => {
  const { rig, fake, ours } = await openScene();
  await using _rig = rig;
  writeFileSync(join(rig.folder, "tokens.json"), "{}");
  writeFileSync(join(rig.folder, "plot.txt"), "a plot");
  fake.openFiles = true;
  const answers: string[] = [];
  await openLane(rig, "monitor", {
    model: async (turn) => {
      if (!carriesEvent(turn) || answers.length > 0) return;
      const reply = async (files: string[]): Promise<void> => {
        const input = { event_id: toId(turn.text), text: "here", files };
        answers.push((await turn.callTool("reply", input)).text);
      };
      await reply(["plot.txt", "tokens.json"]);
      await reply(["plot.txt"]);
    },
  });
  fake.say(TOPIC, "send me everything");
  const prompts = () => read(rig.api.prompts.$get({ query: { limit: "10" } }));
  await until("a person is asked", async () => (await prompts()).length === 1, 60_000);
  const [prompt] = await prompts();
  expect(prompt).toMatchObject({ tool: "sluice: send files", risk: { isRisky: true } });
  expect(prompt?.arguments).toMatch(/^to: ntfy, chat builds\nfile_1: tokens\.json \(2 bytes/);
  const code = prompt?.code ?? "";
  expect((await rig.run("answer", code, "deny", "--reason", "keep it")).code).toBe(0);
  await until(
    "both calls returned",
    () => answers.length === 2,
    60_000,
    () => answers.join("\n"),
  );
  expect(answers).toEqual([
    expect.stringMatching(
      /^reply: file "tokens\.json" looks like a secret .*nothing was sent.*keep it/,
    ),
    expect.stringMatching(/^Sent\./),
  ]);
  // A chat that waits long enough is told of the approval as well.
  const sent = ours().filter((text) => /^(?:here|file )/.test(text));
  expect(sent).toEqual(["here", "file plot.txt: a plot"]);
});

test.concurrent("killed between send and commit: the message is told as maybe sent, and goes again only by hand", async () => {
  const { rig, fake, ours } = await openScene();
  await using _rig = rig;
  await openLane(rig, "monitor", {
    model: async (turn) => {
      if (carriesEvent(turn))
        await turn.callTool("reply", { event_id: toId(turn.text), text: "the answer" });
    },
  });
  // Owners hear of it on a stream of theirs.
  const owner = { kind: "webhook", name: "owner", scheme: "bearer" as const, twoWay: true };
  await rig.addChannel(owner);
  expect((await rig.run("notices", "owner")).code).toBe(0);
  fake.failPublish({ status: "hang" });
  fake.say(TOPIC, "question");
  await until("the platform has it", () => ours().length === 1);
  await rig.killHub();
  await rig.startHub();
  const find = async () => (await outbox(rig)).find(({ kind }) => kind === "reply");
  await until("it is told", async () => (await find())?.state === "maybe");
  const [event] = await rig.events();
  expect(event).toMatchObject({ state: "done", answer: "maybe" });
  expect((await rig.run("inbox")).stdout).toContain("done, answer maybe");
  expect((await rig.run("trace", event?.id ?? "")).stdout).toMatch(/answer may not have arrived/);
  await until("owners are told", async () =>
    (await outbox(rig)).some(
      ({ channel, text }) => channel === "owner" && /An answer .* may not have arrived/.test(text),
    ),
  );
  expect((await rig.status()).next.join("\n")).toMatch(/1 messages may have been sent/);
  await sleep(1_500);
  expect(ours()).toEqual(["the answer"]);
  const row = await find();
  const { stdout } = await rig.run("outbox", "retry", String(row?.id));
  expect(stdout).toMatch(/queued/);
  await until("it is sent again", () => ours().length === 2);
  await until("and known", async () => (await find())?.state === "sent");
  expect((await rig.events())[0]?.answer).toBeUndefined();
  expect((await rig.run("outbox", "retry", String(row?.id))).code).toBe(1);
});

test.concurrent("a hub that dies again and again under 1,000 messages and 200 sends: each message once, no send twice", async () => {
  const { rig, fake, ours } = await openScene();
  await using _rig = rig;
  const texts = Array.from({ length: 200 }, (_, i) => `progress ${i}`);
  const startedAt = Math.floor(Date.now() / 1_000) - 4_000;
  let sent = 0;
  await openLane(rig, "pull", {
    model: async (turn) => {
      if (turn.kind !== "typed") return;
      for (const text of texts) {
        const call = (): Promise<{ text: string }> =>
          turn.callTool("send", { channel: "ntfy", chat: TOPIC, text });
        // Whoever cannot be told what became of it asks again: the key makes it the same message.
        while (!/^(?:Sent|Queued)|may have been sent/.test((await call()).text)) await sleep(50);
        sent++;
      }
    },
  }).then((session) => session.type("report"));
  for (let i = 0; i < 1_000; i++) {
    // Said at a person's pace: what machines say to each other is dropped as a loop.
    fake.say(TOPIC, `update ${i}`, { time: startedAt + i * 4 });
    if (i % 200 === 150) {
      await until("some are sent", () => sent >= i / 8);
      await rig.killHub();
      // The shim may be quicker: one of the two starts it.
      await until(
        "a hub answers again",
        () =>
          rig.status().then(
            () => true,
            () => false,
          ),
        30_000,
      );
    }
  }
  await until(
    "all are sent",
    () => sent === texts.length,
    60_000,
    () => `${sent}`,
  );
  await until("all are in", async () => (await rig.events()).length >= 1_000);
  const events = await rig.events();
  expect(new Set(events.map(({ meta }) => meta["message_id"])).size).toBe(1_000);
  expect(events.length).toBe(1_000);
  await until("nothing is on its way", async () =>
    (await outbox(rig)).every(({ state }) => state === "sent" || state === "maybe"),
  );
  const rows = (await outbox(rig)).filter(({ kind }) => kind === "send");
  expect(rows.length).toBe(200);
  const out = ours().filter((text) => text.startsWith("progress"));
  expect(new Set(out).size).toBe(out.length);
  // What is not there is not claimed to be.
  const missing = rows.filter(({ text, state }) => state === "sent" && !out.includes(text));
  expect(missing).toEqual([]);
});
