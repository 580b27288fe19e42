/**
 * Prompts that leave the machine: a real hub, the plugin's shim, a session, and people on Telegram and behind a bridge.
 */

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { FAKE_TOKEN, FakeTelegram } from "../fakes/telegram/fake-telegram.ts";
import type { ModelTurn } from "../../src/host/turns.ts";
import { listPrompts, typeCommand, untilAsked, untilPrompts } from "./people.ts";
import { openRig, type Rig, until } from "./rig.ts";
import { type Endpoint, listen, post } from "./senders.ts";
import { makeWorkFolder, openLane } from "./sessions.ts";

const ANN = 77;
const ROLES = ["--role", "chatter", "--role", "approver"];
const NOBODY = (): Promise<boolean> => new Promise(() => {});
// `script` opens a terminal as it does on Linux.
const inTerminals = process.platform === "linux" ? test : test.skip;

/** A hub that leaves a prompt to the desk for half a second. */
async function openHub(): Promise<Rig> {
  const rig = openRig();
  mkdirSync(rig.home, { recursive: true, mode: 0o700 });
  const config = {
    version: 1,
    ingress: { host: "127.0.0.1", port: Number(rig.env["SLUICE_INGRESS_PORT"]), frozen: false },
    channels: [],
    prompts: { afterMs: 500 },
  };
  writeFileSync(join(rig.home, "config.json"), JSON.stringify(config), { mode: 0o600 });
  await rig.startHub();
  return rig;
}

/** A session that runs `command` once it is typed at; `approve` is who sits at its terminal. */
async function work(rig: Rig, command: string, approve = NOBODY) {
  const outputs: { text: string; isError: boolean }[] = [];
  const session = await openLane(rig, "monitor", {
    cwd: makeWorkFolder(rig),
    approve,
    model: async (turn: ModelTurn) => {
      if (turn.kind !== "typed") return;
      const { text, isError } = await turn.useTool("Bash", { command });
      outputs.push({ text, isError });
    },
  });
  session.type("go");
  return { session, outputs };
}

async function openTelegram(rig: Rig): Promise<FakeTelegram> {
  const fake = await FakeTelegram.open();
  rig.add(() => fake.close());
  const settings = { "api-root": fake.root };
  await rig.addChannel({ kind: "telegram", secret: FAKE_TOKEN, settings });
  await typeCommand(rig, "access", "allow", "telegram", String(ANN), ...ROLES);
  // Listed by id alone: their chat is known once they write.
  say(fake, "/status");
  await until("the approver is answered", () => fake.sent("sendMessage").length === 1);
  return fake;
}

let nextMessage = 1;
function say(fake: FakeTelegram, text: string): void {
  fake.push({
    message: {
      message_id: nextMessage++,
      date: Math.floor(Date.now() / 1_000),
      text,
      from: { id: ANN, is_bot: false, first_name: "Ann" },
      chat: { id: ANN, type: "private" },
    },
  });
}

/** The message that asks, as it stands now. */
function find(
  fake: FakeTelegram,
  code: string,
): { id: string; text: string; buttons: string[] } | undefined {
  for (let id = 500; id < 600; id++) {
    const read = fake.read(String(ANN), String(id));
    if (read?.text.includes(code) === true) return { id: String(id), ...read };
  }
  return undefined;
}

inTerminals(
  "Telegram: a tap lets the command run, words deny it with a reason, an answer at the terminal ends it in the chat",
  async () => {
    await using rig = await openHub();
    const fake = await openTelegram(rig);
    const first = await work(rig, "npm test");
    const { code } = await untilAsked(rig);
    await until(
      "it is asked in the chat",
      () => find(fake, code)?.buttons.includes("Allow") === true,
    );
    await until("the message is known", () => find(fake, code) !== undefined);
    fake.tap(String(ANN), find(fake, code)?.id ?? "", "Allow");
    await first.session.idle();
    expect(first.outputs).toEqual([{ text: '{"command":"npm test"}', isError: false }]);
    await until("the message says so", () => find(fake, code)?.buttons.length === 0);
    expect(find(fake, code)?.text).toContain("allowed by Ann (telegram 77) in a chat");
    expect(fake.sent("answerCallbackQuery").at(-1)?.payload["text"]).toContain("Allowed: Bash");
    await first.session.close();

    const second = await work(rig, "npm run build");
    const asked = await untilAsked(rig);
    await until("it is asked in the chat", () => find(fake, asked.code) !== undefined);
    say(fake, `no ${asked.code} build it on the server`);
    await second.session.idle();
    expect(second.outputs).toEqual([
      { text: expect.stringContaining("build it on the server"), isError: true },
    ]);
    await second.session.close();

    const person = Promise.withResolvers<boolean>();
    await work(rig, "npm run lint", () => person.promise);
    const third = await untilAsked(rig);
    await until("it is asked in the chat", () => find(fake, third.code) !== undefined);
    person.resolve(true);
    await until(
      "the chat says so",
      () => find(fake, third.code)?.text.includes("answered at the terminal") === true,
      4_000,
    );
    expect(find(fake, third.code)?.buttons).toEqual([]);
    // What answered a prompt is no message to a session.
    expect(await rig.events()).toEqual([]);
  },
);

// STREAM-1
inTerminals(
  "a bridge: prompts leave on the stream of an approver's token alone, and typed answers come back over HTTP",
  async () => {
    await using rig = await openHub();
    const bridge = await rig.addChannel({
      kind: "webhook",
      name: "bridge",
      twoWay: true,
      listener: "ada",
    });
    const other = await rig.addChannel({
      kind: "webhook",
      name: "other",
      twoWay: true,
      listener: "bo",
    });
    const plain = await rig.addChannel({ kind: "webhook", name: "plain", twoWay: true });
    for (const name of ["bridge", "plain"])
      await typeCommand(rig, "access", "allow", name, "ada", "--role", "approver");
    const streams = [bridge, other, plain].map((one) => listen(one));
    for (const { close } of streams) rig.add(close);
    const [heard, ...others] = streams.map(({ replies }) => replies as unknown as Told[]);
    const { session, outputs } = await work(rig, "npm test");
    const prompt = await untilAsked(rig);
    await until("it is on the stream", () => heard?.length === 1);
    expect(heard?.[0]).toMatchObject({
      kind: "prompt",
      chat_id: "ada",
      event_id: null,
      prompt: { id: prompt.id, code: prompt.code, state: "pending", tool: "Bash", risky: false },
      text: expect.stringContaining("npm test"),
    });
    const yes = `yes ${prompt.code}`;
    // Who is no approver, another chat than their own, another channel: messages like any other.
    expect((await write(bridge, yes, "bo")).status).toBe(202);
    expect((await write(bridge, yes, "ada", "ops")).status).toBe(202);
    expect((await write(other, yes, "ada")).status).toBe(202);
    expect((await listPrompts(rig, "pending")).length).toBe(1);
    const answer = await write(bridge, `YES ${prompt.code.toUpperCase()}`, "ada");
    expect([answer.status, JSON.parse(answer.text)]).toEqual([200, { id: null, heard: true }]);
    await session.idle();
    expect(outputs).toMatchObject([{ isError: false }]);
    await until("the stream says how it ended", () => heard?.length === 3);
    expect(heard?.slice(1)).toContainEqual(
      expect.objectContaining({
        kind: "prompt",
        prompt: expect.objectContaining({ state: "answered" }),
        text: expect.stringContaining("allowed by ada (bridge ada) in a chat"),
      }),
    );
    expect(heard?.slice(1)).toContainEqual(
      expect.objectContaining({ kind: "notice", text: expect.stringContaining("Allowed: Bash") }),
    );
    // Late, and from an approver of another channel: told, and nothing changes.
    expect((await write(plain, `no ${prompt.code}`, "ada")).status).toBe(200);
    await until("it is told", () => others[1]?.length === 1);
    expect(others[1]?.[0]?.text).toContain("Too late, nothing was changed");
    expect(others[0]).toEqual([]);
    expect((await untilPrompts(rig, "answered", 1))[0]?.outcome?.by).toBe("ada (bridge ada)");
    expect(await rig.events()).toHaveLength(3);
  },
);

type Told = { kind: string; chat_id: string; event_id: null; text: string; prompt?: object };

function write({ url, secret }: Endpoint, text: string, sender: string, chat?: string) {
  return post(url, text, {
    authorization: `Bearer ${secret}`,
    "content-type": "text/plain",
    "x-sluice-sender": sender,
    ...(chat === undefined ? {} : { "x-sluice-chat": chat }),
  });
}

inTerminals(
  "being away is set over the API, and a hub that is killed with a message posted ends it truthfully",
  async () => {
    await using rig = await openHub();
    const fake = await openTelegram(rig);
    say(fake, "/away");
    await until("away", async () => (await (await rig.api.away.$get()).json()).isAway);
    const { session } = await work(rig, "npm test");
    // Typed at: whoever did so is not away any more.
    await until("here", async () => !(await (await rig.api.away.$get()).json()).isAway);
    const { code } = await untilAsked(rig);
    await until(
      "it is asked in the chat",
      () => find(fake, code)?.buttons.includes("Allow") === true,
    );
    await rig.killHub();
    await session.close();
    await rig.startHub();
    await until(
      "the message says how it ended",
      () => find(fake, code)?.buttons.length === 0,
      45_000,
    );
    expect(find(fake, code)?.text).toMatch(/Over|session is gone|has not come back/);
    expect(
      fake.sent("sendMessage").filter(({ payload }) => String(payload["text"]).includes(code)),
    ).toHaveLength(1);
  },
);
