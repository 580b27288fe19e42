/**
 * What leaves, as Slack gets it: each request is held against the documented limits by the fake, and here against its golden form.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isSluiceError } from "../../sdk/errors.ts";
import { MaybeSent, type OutgoingButton, type PartlySent } from "../../sdk/message.ts";
import { ANN, BOT_TOKEN, GENERAL } from "../../../test/fakes/slack/fake-slack.ts";
import { Rig, until } from "./rig.fixture.ts";

const HANDLE = "A".repeat(22);
const BUTTONS: OutgoingButton[][] = [
  [
    { id: `${HANDLE}.a`, label: "Allow" },
    { id: `${HANDLE}.d`, label: "Deny", says: "no abcde" },
    {
      id: `${HANDLE}.w`,
      label: "Deny and say why",
      asks: { title: "Deny this call", label: "What the session is told" },
    },
  ],
  [{ id: `${HANDLE}.h`, label: "Deny all for 15 min", says: "/denyall" }],
];

async function faultOf(work: Promise<unknown>) {
  const fault = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!isSluiceError(fault)) throw new Error(`a SluiceError, not ${String(fault)}`);
  return fault;
}

test("golden: a plain message", async () => {
  await using rig = await Rig.open();
  await rig.connection.send({ chatId: ANN.dm, text: "**Done**: 3 < 4" });
  expect(rig.fake.done("chat.postMessage").map(({ args }) => args)).toEqual([
    { channel: ANN.dm, text: "*Done*: 3 &lt; 4", unfurl_links: "false", unfurl_media: "false" },
  ]);
});

test("golden: a prompt with buttons, and its end without", async () => {
  await using rig = await Rig.open();
  const text = "**Permission: abcde**\n```\nrm -rf <dir> && echo\n```";
  const { messageIds } = await rig.connection.send({ chatId: ANN.dm, text, buttons: BUTTONS });
  const shown = "*Permission: abcde*\n```\nrm -rf &lt;dir&gt; &amp;&amp; echo\n```";
  const button = (label: string, action_id: unknown, value: string) => ({
    type: "button",
    text: { type: "plain_text", text: label, emoji: false },
    action_id,
    value,
  });
  const section = { type: "section", text: { type: "mrkdwn", text: shown } };
  expect(rig.fake.done("chat.postMessage")[0]?.args).toEqual({
    channel: ANN.dm,
    text: shown,
    unfurl_links: "false",
    unfurl_media: "false",
    blocks: [
      section,
      {
        type: "actions",
        elements: [
          button("Allow", "tap.0.0", `${HANDLE}.a`),
          button("Deny", "tap.0.1", `${HANDLE}.d`),
          button("Deny and say why", expect.stringMatching(/^form\.0\.2\.[\w-]+$/), `${HANDLE}.w`),
        ],
      },
      { type: "actions", elements: [button("Deny all for 15 min", "tap.1.0", `${HANDLE}.h`)] },
    ],
  });
  await rig.connection.edit?.(ANN.dm, messageIds[0] ?? "", "**Denied: abcde**");
  expect(rig.fake.done("chat.update")[0]?.args).toEqual({
    channel: ANN.dm,
    ts: messageIds[0],
    text: "*Denied: abcde*",
    blocks: [{ type: "section", text: { type: "mrkdwn", text: "*Denied: abcde*" } }],
  });
});

test("BLOCKS-1: forty options, long labels and a text of 9,000 characters that escaping makes longer stay within the limits", async () => {
  await using rig = await Rig.open();
  const buttons = Array.from({ length: 40 }, (_, n) => [
    { id: `${HANDLE}.o0.${n}`, label: `${n} ${"🎉".repeat(60)}` },
  ]);
  const text = Array.from({ length: 300 }, (_, n) => `line ${n}: a < b && c > d`).join("\n");
  await rig.connection.send({ chatId: ANN.dm, text, buttons });
  const last = rig.fake.written().at(-1);
  expect(rig.fake.buttons(last!)).toHaveLength(40);
  expect(rig.fake.written().every((one) => one.text.length <= 4_000)).toBe(true);
});

test("SLACKSEND-4: in a channel an answer stands in the thread of what it answers; in a direct chat only where that is one", async () => {
  await using rig = await Rig.open();
  const ts = "1767603600.000001";
  for (const message of [
    { chatId: GENERAL, replyTo: ts },
    { chatId: GENERAL, threadId: "1767603500.000001", replyTo: ts },
    { chatId: GENERAL },
    { chatId: ANN.dm, replyTo: ts },
    { chatId: ANN.dm, threadId: ts },
    // The id of a command, which is no message.
    { chatId: GENERAL, replyTo: "T1:command:U1:1" },
  ])
    await rig.connection.send({ ...message, text: "x" });
  expect(rig.fake.done("chat.postMessage").map(({ args }) => args["thread_ts"])).toEqual([
    ts,
    "1767603500.000001",
    undefined,
    undefined,
    ts,
    undefined,
  ]);
});

test("SLACKSEND-4: a thread that is locked or gone stops no message", async () => {
  await using rig = await Rig.open();
  rig.fake.fail("chat.postMessage", { kind: "error", error: "cannot_reply_to_message" });
  await rig.connection.send({ chatId: GENERAL, threadId: "1767603500.000001", text: "x" });
  expect(rig.fake.done("chat.postMessage")[0]?.args["thread_ts"]).toBeUndefined();
});

test("SLACKSEND-5: where Slack refuses the blocks, the text with its code goes alone", async () => {
  await using rig = await Rig.open();
  rig.fake.fail("chat.postMessage", { kind: "error", error: "invalid_blocks" });
  await rig.connection.send({ chatId: ANN.dm, text: "yes abcde or no abcde", buttons: BUTTONS });
  expect(rig.fake.written().map(({ text, blocks }) => [text, blocks])).toEqual([
    ["yes abcde or no abcde", []],
  ]);
});

test("SLACKSEND-1, SLACKAPI-1: files: three steps, no token to the place of the upload, into the thread, after the text", async () => {
  await using rig = await Rig.open();
  const folder = await mkdtemp(join(tmpdir(), "sluice-slack-"));
  try {
    const path = join(folder, "a.txt");
    await writeFile(path, "content");
    const threadId = "1767603500.000001";
    const files = [
      { path, name: "report.txt", bytes: 7 },
      { path, name: "b.txt", bytes: 7 },
    ];
    const { messageIds } = await rig.connection.send({
      chatId: GENERAL,
      threadId,
      text: "here",
      files,
    });
    expect(
      rig.fake.files
        .shown()
        .map(({ name, bytes, channel, thread }) => [name, bytes?.toString(), channel, thread]),
    ).toEqual([
      ["report.txt", "content", GENERAL, threadId],
      ["b.txt", "content", GENERAL, threadId],
    ]);
    expect(messageIds).toHaveLength(3);
    expect(rig.fake.files.seen.map(({ authorization }) => authorization)).toEqual([
      undefined,
      undefined,
    ]);
    // A file that breaks off on its way is sent again without the text.
    rig.fake.fail("files.completeUploadExternal", { kind: "gateway", status: 503 });
    const lost = await faultOf(rig.connection.send({ chatId: GENERAL, text: "again", files }));
    expect(lost.cause).toBeInstanceOf(MaybeSent);
    rig.fake.fail("files.getUploadURLExternal", { kind: "limited", seconds: 1 });
    const waits = await faultOf(rig.connection.send({ chatId: GENERAL, text: "more", files }));
    expect(waits).toMatchObject({ retryable: true, retryAfterMs: 1_000 });
    const { messageIds: arrived = [] } = waits.cause as PartlySent;
    expect(arrived).toHaveLength(1);
    await rig.connection.send({ chatId: GENERAL, text: "more", files, arrived });
    expect(rig.fake.written(GENERAL).map(({ text }) => text)).toEqual(["here", "again", "more"]);
    for (const [name, bytes] of [
      ["gone.txt", undefined],
      ["empty.txt", ""],
    ] as const) {
      if (bytes !== undefined) await writeFile(join(folder, name), bytes);
      const fault = await faultOf(
        rig.connection.send({
          chatId: GENERAL,
          text: "no",
          files: [{ path: join(folder, name), name, bytes: 0 }],
        }),
      );
      expect(fault.message).toContain("nothing was sent");
    }
    expect(rig.fake.written(GENERAL)).toHaveLength(3);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("SLACKSEND-2, SLACKAPI-2: a text whose second part may have arrived is a maybe; one that was refused goes on behind the first", async () => {
  await using rig = await Rig.open();
  const text = `${"a".repeat(3_900)}\n\n${"b".repeat(3_900)}`;
  rig.fake.fail("chat.postMessage", { kind: "break" }, 1, 1);
  const maybe = await faultOf(rig.connection.send({ chatId: ANN.dm, text }));
  expect(maybe.cause).toBeInstanceOf(MaybeSent);
  expect((maybe.cause as MaybeSent).messageIds).toHaveLength(1);
  rig.fake.fail("chat.postMessage", { kind: "error", error: "internal_error" });
  expect((await faultOf(rig.connection.send({ chatId: ANN.dm, text: "x" }))).cause).toBeInstanceOf(
    MaybeSent,
  );
  rig.fake.fail("chat.postMessage", { kind: "error", error: "service_unavailable" });
  const down = await faultOf(rig.connection.send({ chatId: ANN.dm, text: "x" }));
  expect([down.retryable, down.cause]).toEqual([true, undefined]);
});

test("SLACKSEND-3: between parts the wait that Slack asks for is sat out; a 429 that names no time waits as well", async () => {
  await using rig = await Rig.open();
  rig.fake.fail("chat.postMessage", { kind: "limited", seconds: 1 }, 1, 1);
  await rig.connection.send({
    chatId: ANN.dm,
    text: `${"a".repeat(3_900)}\n\n${"b".repeat(3_900)}`,
  });
  expect(rig.fake.written()).toHaveLength(2);
  rig.fake.fail("chat.postMessage", { kind: "limited" });
  expect(await faultOf(rig.connection.send({ chatId: ANN.dm, text: "x" }))).toMatchObject({
    retryable: true,
    retryAfterMs: 30_000,
  });
});

test("what Slack refuses is said in words, with what to do", async () => {
  await using rig = await Rig.open();
  for (const [fault, words] of [
    [{ error: "not_in_channel" }, "/invite"],
    [{ error: "missing_scope", needed: "chat:write" }, "needs the scope chat:write"],
    [{ error: "channel_not_found" }, "channel_not_found"],
    [{ error: "is_archived" }, "is_archived"],
  ] as const) {
    rig.fake.fail("chat.postMessage", { kind: "error", ...fault });
    const { message, retryable } = await faultOf(
      rig.connection.send({ chatId: GENERAL, text: "x" }),
    );
    expect([message.includes(words), retryable]).toEqual([true, false]);
  }
});

test("a token that is refused while something is sent waits for its owner, and the message waits with it", async () => {
  await using rig = await Rig.open();
  rig.fake.botToken = "xoxb-other-other-other";
  expect(await faultOf(rig.connection.send({ chatId: ANN.dm, text: "x" }))).toMatchObject({
    code: "unauthorized",
  });
  await until(() => rig.state?.kind === "paused");
  await until(() => rig.fake.sockets.count === 0);
});

test("SLACKFILE-1, SLACKFILE-2: the token goes to no other host, and a page to sign in is no file", async () => {
  await using rig = await Rig.open();
  const { fake } = rig;
  const hosts = [
    "https://evil.example/x",
    "https://files.slack.com.evil.example/x",
    "http://files.slack.com/x",
    "https://files.slack.com@evil.example/x",
    "https://127.0.0.1/x",
    "",
  ];
  for (const url_private_download of hosts) {
    const file = fake.files.give("a.png", Buffer.from("x"), {
      url_private_download,
      mimetype: "image/png",
    }) as { id: string };
    await expect(rig.connection.download?.(file.id, 1_000)).rejects.toThrow(/refused/);
  }
  const external = fake.files.give("doc", Buffer.from("x"), {
    is_external: true,
    mode: "external",
  }) as { id: string };
  await expect(rig.connection.download?.(external.id, 1_000)).rejects.toThrow("lies elsewhere");
  expect(fake.files.seen).toEqual([]);
  const page = fake.files.give("a.pdf", Buffer.from("<!DOCTYPE html><html>sign in</html>"), {
    mimetype: "application/pdf",
  }) as { id: string };
  await expect(rig.connection.download?.(page.id, 1_000)).rejects.toThrow("a page to sign in");
  const html = fake.files.give("a.html", Buffer.from("<!DOCTYPE html>"), {
    mimetype: "text/html",
  }) as { id: string };
  expect(String(await rig.connection.download?.(html.id, 1_000))).toBe("<!DOCTYPE html>");
  const large = fake.files.give("big.bin", Buffer.alloc(2_000), { size: 1 }) as { id: string };
  await expect(rig.connection.download?.(large.id, 1_000)).rejects.toMatchObject({
    code: "too_large",
  });
  expect(fake.files.seen.at(-1)?.authorization).toBe(`Bearer ${BOT_TOKEN}`);
});

test("marks take each other's place, also one of an earlier life; reactions by emoji or name", async () => {
  await using rig = await Rig.open();
  const { ts } = rig.fake.say("hi");
  const marks = () => [...(rig.fake.reactions.get(`${ANN.dm}/${ts}`) ?? [])];
  for (const [sign, shown] of [
    ["received", ["eyes"]],
    ["approval", ["hand"]],
    ["answered", []],
    ["maybe", ["question"]],
  ] as const) {
    await rig.connection.mark?.(ANN.dm, ts, sign);
    expect(marks()).toEqual(shown);
  }
  await rig.connection.mark?.(ANN.dm, ts, "answered");
  await rig.connection.mark?.(ANN.dm, ts, "received");
  await rig.drop();
  await rig.connect();
  await rig.connection.mark?.(ANN.dm, ts, "answered");
  expect(marks()).toEqual([]);
  await rig.connection.react?.(ANN.dm, ts, "👍🏽");
  await rig.connection.react?.(ANN.dm, ts, ":party_parrot:");
  expect(marks()).toEqual(["+1", "party_parrot"]);
  await rig.connection.react?.(ANN.dm, ts, "");
  expect(marks()).toEqual([]);
  await expect(rig.connection.react?.(ANN.dm, ts, "hello there")).rejects.toMatchObject({
    code: "bad_input",
  });
  await rig.connection.mark?.(ANN.dm, "1767000000.000001", "received");
});
