import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import type { OutgoingButton } from "../../sdk/message.ts";
import { OWN_WORDS } from "../../sdk/words.ts";
import { ANN, ME } from "../../../test/fakes/slack/fake-slack.ts";
import { readFormLabel, toBlocks } from "./blocks.ts";
import { Rig, until } from "./rig.fixture.ts";

const HANDLE = "B".repeat(22);
const BUTTONS: OutgoingButton[][] = [
  [
    { id: `${HANDLE}.a`, label: "Allow" },
    {
      id: `${HANDLE}.w`,
      label: "Deny and say why",
      asks: { title: "Deny this call, which is a long title", label: "What the session is told" },
    },
  ],
];

test("SLACKINTAKE-1: a tap: acknowledged after it is kept, with a line for who tapped", async () => {
  await using rig = await Rig.open();
  rig.answers = ["Allowed."];
  await rig.connection.send({ chatId: ANN.dm, text: "may I?", buttons: BUTTONS });
  const prompt = rig.fake.written()[0]!;
  rig.fake.tap(prompt, "Allow");
  await until(() => rig.fake.ephemeral.length === 1);
  expect(rig.fake.ephemeral).toEqual([{ channel: ANN.dm, user: ANN.id, text: "Allowed." }]);
  expect(rig.taken[0]).toMatchObject({
    kind: "button",
    sender: { id: ANN.id },
    chatId: ANN.dm,
    chat: { button: `${HANDLE}.a`, place: "dm" },
    meta: { message_id: prompt.ts },
  });
});

test("a form: its title is cut, its words come as the sender's own with the button, also after a restart", async () => {
  await using rig = await Rig.open();
  await rig.connection.send({ chatId: ANN.dm, text: "may I?", buttons: BUTTONS });
  await rig.drop();
  await rig.connect();
  const prompt = rig.fake.written()[0]!;
  rig.fake.tap(prompt, "Deny and say why");
  await until(() => rig.fake.views.length === 1);
  expect(rig.taken.filter(({ kind }) => kind === "button")).toEqual([]);
  rig.fake.submit("use the other branch\nplease");
  await until(() => rig.taken.some(({ kind }) => kind === "button"));
  expect(rig.taken.at(-1)).toMatchObject({
    sender: { id: ANN.id },
    chatId: ANN.dm,
    chat: { button: `${HANDLE}.w`, place: "dm" },
    meta: { message_id: prompt.ts },
    quotes: [{ label: "button" }, { label: OWN_WORDS, text: "use the other branch\nplease" }],
  });
  const { payload } = rig.fake.sockets.acks.at(-1) ?? {};
  expect(payload).toBeUndefined();
});

test("the same tap twice is one; two taps are two", async () => {
  await using rig = await Rig.open();
  await rig.connection.send({ chatId: ANN.dm, text: "may I?", buttons: BUTTONS });
  const prompt = rig.fake.written()[0]!;
  const [action] = rig.fake.buttons(prompt);
  const more = { actions: [{ ...action, action_ts: "1767603900.000001" }] };
  rig.fake.act(prompt, action!, ANN.id, more);
  rig.fake.act(prompt, action!, ANN.id, more);
  rig.fake.tap(prompt, "Allow");
  await until(() => rig.fake.sockets.acks.length >= 3);
  await wait(50);
  expect(rig.taken.filter(({ kind }) => kind === "button")).toHaveLength(2);
});

test("SLACKTAP-2: /sluice: in our direct chat wherever it was typed, answered in place to its sender alone", async () => {
  await using rig = await Rig.open();
  rig.answers = ["1 session is open <here>."];
  const answers = async (text: string, fields: object = {}): Promise<unknown> => {
    const id = rig.fake.command(text, fields);
    await until(() => rig.fake.sockets.acks.some((one) => one.id === id));
    return rig.fake.sockets.acks.find((one) => one.id === id)?.payload;
  };
  // D0OTHER is a conversation of two other people.
  expect(await answers("status", { channel_id: "D0OTHER" })).toEqual({
    response_type: "ephemeral",
    text: "1 session is open &lt;here&gt;.",
  });
  expect(rig.taken[0]).toMatchObject({
    chatId: ANN.dm,
    chat: { place: "dm", isCommand: true },
    quotes: [{ text: "/status" }],
  });
  await answers("deny ABCDE not on Fridays");
  await answers("allow abcde");
  await answers("/stop all");
  expect(rig.texts).toEqual(["/status", "no ABCDE not on Fridays", "yes abcde", "/stop all"]);
  for (const text of ["", "help", "frobnicate", "constructor"])
    expect(JSON.stringify(await answers(text))).toContain("/sluice status");
  expect(rig.taken).toHaveLength(4);
  rig.answers = undefined;
  rig.admits = () => false;
  expect(await answers("status")).toBeUndefined();
  expect(await answers("status", { team_id: "T0OTHER" })).toBeUndefined();
  expect(rig.fake.written()).toEqual([]);
});

test("SLACKINTAKE-2: a tap is not held up by a message whose picture takes long", async () => {
  await using rig = await Rig.open();
  await rig.connection.send({ chatId: ANN.dm, text: "may I?", buttons: BUTTONS });
  await until(() => rig.fake.sockets.waiting === 0);
  const gate = Promise.withResolvers<void>();
  rig.beforeTake = ([arrival]) => (arrival?.kind === "message" ? gate.promise : Promise.resolve());
  rig.fake.say("a large picture");
  rig.fake.tap(rig.fake.written()[0]!, "Allow");
  await until(() => rig.taken.some(({ kind }) => kind === "button"));
  gate.resolve();
  await until(() => rig.taken.some(({ kind }) => kind === "message"));
});

test("what a form asks fits the id of its button, however long it is", () => {
  for (const label of ["", "x", "ä".repeat(500), "🎉".repeat(300), '\u0000"\\'.repeat(100)]) {
    const [block] = toBlocks([], [[{ id: "x", label: "y", asks: { title: label, label } }]]) as {
      elements: { action_id: string }[];
    }[];
    const id = block?.elements[0]?.action_id ?? "";
    expect(id.length).toBeLessThanOrEqual(255);
    expect(readFormLabel(id)).toBeDefined();
  }
  for (const id of ["", "form.", "form.0.0.", "form.0.0.e30", "form.0.0.W10", "tap.0.0"])
    expect(readFormLabel(id) ?? undefined).toBe(undefined);
});

test("taps of another workspace where the same app is installed are not ours", async () => {
  await using rig = await Rig.open();
  await rig.connection.send({ chatId: ANN.dm, text: "may I?", buttons: BUTTONS });
  const prompt = rig.fake.written()[0]!;
  rig.fake.act(prompt, rig.fake.buttons(prompt)[0]!, ANN.id, { team: { id: "T0OTHER" } });
  await until(() => rig.fake.sockets.waiting === 0);
  expect(rig.taken.filter(({ kind }) => kind === "button")).toEqual([]);
  expect(ME.team).not.toBe("T0OTHER");
});

test("where our direct conversation cannot be opened, who typed the command reads why", async () => {
  await using rig = await Rig.open();
  rig.fake.fail("conversations.open", {
    kind: "error",
    error: "missing_scope",
    needed: "im:write",
  });
  const id = rig.fake.command("status");
  await until(() => rig.fake.sockets.acks.some((one) => one.id === id));
  const { payload } = rig.fake.sockets.acks.find((one) => one.id === id) ?? {};
  expect(JSON.stringify(payload)).toContain("needs the scope im:write");
  expect(rig.taken).toEqual([]);
});
