import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { MaybeSent, type OutgoingFile } from "../../sdk/message.ts";
import { Rig } from "./rig.fixture.ts";

const folder = mkdtempSync(join(tmpdir(), "sluice-tg-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, bytes = 10): OutgoingFile {
  const path = join(folder, name);
  writeFileSync(path, "x");
  truncateSync(path, bytes);
  return { path, name, bytes };
}

const MB = 1024 * 1024;

test("Markdown is rendered, and a text that Telegram refuses goes out as it was written", async () => {
  await using rig = await Rig.open();
  await rig.connection.send({ chatId: "77", text: "**done**: 1 < 2." });
  rig.fake.fail("sendMessage", {
    kind: "error",
    status: 400,
    description: "Bad Request: can't parse entities: x",
  });
  await rig.connection.send({ chatId: "77", text: "**again**" });
  expect(
    rig.fake.sent("sendMessage").map(({ payload }) => [payload["text"], payload["parse_mode"]]),
  ).toEqual([
    ["<b>done</b>: 1 &lt; 2.", "HTML"],
    ["**again**", undefined],
  ]);
});

test("a caption that Telegram refuses goes out as it was written", async () => {
  await using rig = await Rig.open();
  const refused = {
    kind: "error",
    status: 400,
    description: "Bad Request: can't parse entities: x",
  } as const;
  for (const [name, method] of [
    ["report.pdf", "sendDocument"],
    ["plot.png", "sendPhoto"],
  ] as const) {
    rig.fake.fail(method, refused);
    await rig.connection.send({ chatId: "77", text: "**see**", files: [file(name)] });
    expect(
      rig.fake.sent(method).map(({ payload }) => [payload["caption"], payload["parse_mode"]]),
    ).toEqual([["**see**", undefined]]);
  }
});

test("an answer stands under its question and in its topic; only its first part quotes", async () => {
  await using rig = await Rig.open();
  const { messageIds } = await rig.connection.send({
    chatId: "-100123",
    threadId: "5",
    replyTo: "30",
    text: "word ".repeat(2_000),
  });
  expect(messageIds).toHaveLength(3);
  const sent = rig.fake.sent("sendMessage").map(({ payload }) => payload);
  expect(sent.map((payload) => payload["message_thread_id"])).toEqual([5, 5, 5]);
  expect(sent.map((payload) => payload["reply_parameters"])).toEqual([
    { message_id: 30, allow_sending_without_reply: true },
    undefined,
    undefined,
  ]);
});

// req:field.58
test.each([
  ["off", [undefined, undefined]],
  ["first", [30, undefined]],
  ["all", [30, 30]],
] as const)("quotes=%s: which parts of an answer quote their message", async (quotes, expected) => {
  await using rig = await Rig.open({ settings: { quotes, "max-text": "200" } });
  const text = `${"words ".repeat(30)}\n\n${"more ".repeat(30)}`;
  await rig.connection.send({ chatId: "77", text, answering: "30" });
  const quoted = rig.fake
    .sent("sendMessage")
    .map(({ payload }) => (payload["reply_parameters"] as { message_id?: number })?.message_id);
  expect(quoted).toEqual(expected);
});

test("what was received is shown by the reaction of its owner's choice; another one than Telegram's is refused", async () => {
  await using rig = await Rig.open({ settings: { received: "🫡" } });
  await rig.connection.mark?.("77", "30", "received");
  expect(rig.fake.sent("setMessageReaction").map(({ payload }) => payload["reaction"])).toEqual([
    [{ type: "emoji", emoji: "🫡" }],
  ]);
  await expect(Rig.open({ settings: { received: "✅" } })).rejects.toThrow(/no reaction/);
});

test("emoji at 4096, a code block over it, unescaped marks: all of it arrives", async () => {
  await using rig = await Rig.open();
  await rig.connection.send({ chatId: "77", text: `${"x".repeat(4_095)}😀${"y".repeat(10)}.` });
  await rig.connection.send({
    chatId: "77",
    text: `\`\`\`ts\n${"const a = 1; // <&>\n".repeat(500)}\`\`\``,
  });
  await rig.connection.send({ chatId: "77", text: "1. a_b * c! (d) [e] ~f~ `g" });
  const html = rig.fake.sent("sendMessage").map(({ payload }) => String(payload["text"]));
  expect(html.filter((part) => part.includes("😀"))).toHaveLength(1);
  for (const part of html.filter((each) => each.includes("const"))) {
    expect(part.startsWith('<pre><code class="language-ts">')).toBe(true);
  }
  expect(rig.fake.calls.every(({ method, ok }) => method !== "sendMessage" || ok)).toBe(true);
});

test("each file goes as what shows it best", async () => {
  await using rig = await Rig.open();
  const files = [file("a.png"), file("b.gif"), file("c.pdf"), file("large.png", 12 * MB)];
  const { messageIds } = await rig.connection.send({ chatId: "77", text: "**look**", files });
  expect(messageIds).toHaveLength(4);
  expect(
    rig.fake.calls.filter(({ method }) => method.startsWith("send")).map(({ method }) => method),
  ).toEqual(["sendPhoto", "sendAnimation", "sendMediaGroup"]);
  expect(rig.fake.sent("sendPhoto")[0]?.payload["caption"]).toBe("<b>look</b>");
});

// req:field.58
test("pictures go as an album; a file without a text goes alone; a long text goes first", async () => {
  await using rig = await Rig.open();
  await rig.connection.send({
    chatId: "77",
    text: "",
    files: [file("a.png"), file("b.jpg"), file("c.webp")],
  });
  expect(rig.fake.sent("sendMediaGroup")[0]?.payload["media"]).toHaveLength(3);
  await rig.connection.send({ chatId: "77", text: "", files: [file("c.pdf")] });
  expect(rig.fake.sent("sendDocument")).toHaveLength(1);
  await rig.connection.send({ chatId: "77", text: "x".repeat(2_000), files: [file("c.pdf")] });
  expect(
    rig.fake.calls
      .slice(-2)
      .map(({ method }) => method)
      .filter((method) => method !== "getUpdates")
      .at(-1),
  ).toBe("sendDocument");
  expect(rig.fake.sent("sendMessage")).toHaveLength(1);
});

test("a picture that Telegram cannot show goes as a document", async () => {
  await using rig = await Rig.open();
  await rig.connection.send({ chatId: "77", text: "see", files: [file("wide.png")] });
  expect(rig.fake.sent("sendDocument")[0]?.payload["caption"]).toBe("see");
});

test("what cannot be sent is refused before anything is (BOTSEND-1)", async () => {
  await using rig = await Rig.open();
  const { connection } = rig;
  const good = file("a.pdf");
  const bad: [OutgoingFile, string][] = [
    [file("huge.bin", 50 * MB + 1), "too_large"],
    [file("empty.txt", 0), "bad_input"],
    [{ path: join(folder, "gone"), name: "gone", bytes: 1 }, "not_found"],
  ];
  for (const [broken, code] of bad) {
    await expect(
      connection.send({ chatId: "77", text: "hi", files: [good, broken] }),
    ).rejects.toMatchObject({ code });
  }
  await expect(connection.send({ chatId: "77", text: " " })).rejects.toMatchObject({
    code: "bad_input",
  });
  const buttons = [[{ id: "x".repeat(65), label: "no" }]];
  await expect(connection.send({ chatId: "77", text: "hi", buttons })).rejects.toMatchObject({
    code: "bad_input",
  });
  expect(rig.fake.calls.filter(({ method }) => method.startsWith("send"))).toEqual([]);
});

test("buttons stand under the last part", async () => {
  await using rig = await Rig.open();
  const buttons = [[{ id: "ok:1", label: "OK" }]];
  await rig.connection.send({ chatId: "77", text: "word ".repeat(1_000), buttons });
  await rig.connection.send({
    chatId: "77",
    text: "two",
    buttons,
    files: [file("a.png"), file("b.png")],
  });
  const markup = { inline_keyboard: [[{ text: "OK", callback_data: "ok:1" }]] };
  const with_ = (method: string): unknown[] =>
    rig.fake.sent(method).map(({ payload }) => payload["reply_markup"]);
  expect(with_("sendMessage")).toEqual([undefined, markup]);
  expect(with_("sendPhoto")).toEqual([undefined, markup]);
});

test("429 is kept to the second: nothing is sent meanwhile, and the caller hears how long (BOTSEND-3)", async () => {
  await using rig = await Rig.open();
  rig.fake.fail("sendMessage", {
    kind: "error",
    status: 429,
    description: "Too Many Requests",
    retryAfter: 3,
  });
  const send = (): Promise<unknown> => rig.connection.send({ chatId: "77", text: "hi" });
  await expect(send()).rejects.toMatchObject({
    code: "send_failed",
    retryable: true,
    retryAfterMs: 3_000,
  });
  const calls = rig.fake.calls.filter(({ method }) => method === "sendMessage").length;
  await expect(send()).rejects.toMatchObject({ retryable: true });
  expect(rig.fake.calls.filter(({ method }) => method === "sendMessage")).toHaveLength(calls);
  await new Promise((resolve) => setTimeout(resolve, 3_050));
  await send();
});

test("429 between two parts is sat out: no part twice, none lost", async () => {
  await using rig = await Rig.open();
  rig.fake.fail(
    "sendMessage",
    { kind: "error", status: 429, description: "Too Many Requests", retryAfter: 1 },
    1,
    1,
  );
  const { messageIds } = await rig.connection.send({ chatId: "77", text: "word ".repeat(2_000) });
  expect(messageIds).toHaveLength(3);
  expect(rig.fake.sent("sendMessage")).toHaveLength(3);
});

test("a connection that breaks behind the request may have sent it: never again by itself (BOTSEND-2)", async () => {
  await using rig = await Rig.open();
  rig.fake.fail("sendMessage", { kind: "break" });
  const thrown: unknown = await rig.connection
    .send({ chatId: "77", text: "hi" })
    .catch((error: unknown) => error);
  expect(thrown).toMatchObject({ code: "send_failed", retryable: false });
  expect((thrown as Error).cause).toBeInstanceOf(MaybeSent);
});

test("a fault after the first part says what arrived (BOTSEND-2)", async () => {
  await using rig = await Rig.open();
  const files = [file("a.gif"), file("b.gif")];
  rig.fake.fail(
    "sendAnimation",
    { kind: "error", status: 403, description: "Forbidden: bot was blocked by the user" },
    1,
  );
  await expect(rig.connection.send({ chatId: "77", text: "x", files })).rejects.toMatchObject({
    retryable: false,
    message: "telegram: sendAnimation: Forbidden: bot was blocked by the user (403)",
  });
  rig.fake.heal();
  const sending = rig.connection.send({ chatId: "77", text: "y".repeat(3_000), files });
  rig.fake.fail(
    "sendAnimation",
    { kind: "error", status: 403, description: "Forbidden: bot was blocked by the user" },
    1,
  );
  const thrown: unknown = await sending.catch((error: unknown) => error);
  const { cause } = thrown as { cause: MaybeSent };
  expect(cause).toBeInstanceOf(MaybeSent);
  expect(cause.messageIds).toHaveLength(1);
});

// BOTAPI-2
test("never connected is surely not sent; 5xx of the API may be tried again", async () => {
  await using rig = await Rig.open();
  rig.fake.fail("sendMessage", {
    kind: "error",
    status: 500,
    description: "Internal Server Error",
  });
  await expect(rig.connection.send({ chatId: "77", text: "hi" })).rejects.toMatchObject({
    retryable: true,
  });
  await rig.fake.close();
  const thrown: unknown = await rig.connection
    .send({ chatId: "77", text: "hi" })
    .catch((error: unknown) => error);
  expect(thrown).toMatchObject({
    retryable: true,
    message: "telegram: sendMessage: no connection (ECONNREFUSED)",
  });
});

test("a group that became a supergroup is written to under its new id", async () => {
  await using rig = await Rig.open();
  rig.fake.fail("sendMessage", {
    kind: "error",
    status: 400,
    description: "Bad Request: group chat was upgraded to a supergroup chat",
    migrateTo: -100_777,
  });
  await rig.connection.send({ chatId: "-5", text: "hi" });
  expect(rig.fake.sent("sendMessage")[0]?.payload["chat_id"]).toBe("-100777");
});

// req:field.58
test("an edit is rendered, its repetition is no fault, a long one is refused", async () => {
  await using rig = await Rig.open();
  const { messageIds } = await rig.connection.send({ chatId: "77", text: "one" });
  const [id = ""] = messageIds;
  await rig.connection.edit?.("77", id, "**two**");
  await rig.connection.edit?.("77", id, "**two**");
  expect(rig.fake.sent("editMessageText")).toHaveLength(1);
  await expect(rig.connection.edit?.("77", id, "x".repeat(4_097))).rejects.toMatchObject({
    code: "too_large",
  });
  await expect(rig.connection.edit?.("77", "1", "x")).rejects.toMatchObject({
    code: "send_failed",
    retryable: false,
  });
});

// req:field.58
test("reactions come from Telegram's list, however the keyboard spells them", async () => {
  await using rig = await Rig.open();
  for (const emoji of ["👍", "❤️", "👍🏽", "👨‍💻", ""]) await rig.connection.react?.("77", "9", emoji);
  expect(rig.fake.sent("setMessageReaction")).toHaveLength(5);
  for (const emoji of ["✅", "❌", "ok", "👍👍"]) {
    await expect(rig.connection.react?.("77", "9", emoji)).rejects.toMatchObject({
      code: "bad_input",
    });
  }
});

test("typing is shown, and its failure is nobody's trouble", async () => {
  await using rig = await Rig.open();
  await rig.connection.typing?.("77");
  rig.fake.fail("sendChatAction", { kind: "gateway", status: 502 });
  await rig.connection.typing?.("77");
  expect(rig.fake.sent("sendChatAction")).toHaveLength(1);
});

test("how far a message got stands at it as one reaction, taken back once it is answered", async () => {
  await using rig = await Rig.open();
  for (const sign of ["received", "approval", "done", "lost", "answered"] as const)
    await rig.connection.mark?.("77", "9", sign);
  expect(rig.fake.sent("setMessageReaction").map(({ payload }) => payload)).toEqual(
    [["👀"], ["✍"], ["👌"], ["🤷"], []].map((emojis) => ({
      chat_id: "77",
      message_id: 9,
      reaction: emojis.map((emoji) => ({ type: "emoji", emoji })),
    })),
  );
});

test("a chat without reactions refuses a sign for good, a platform that is busy for now, and a deleted message not at all", async () => {
  await using rig = await Rig.open();
  const refuse = (status: number, description: string, retryAfter?: number): void =>
    rig.fake.fail("setMessageReaction", {
      kind: "error",
      status,
      description,
      ...(retryAfter === undefined ? {} : { retryAfter }),
    });
  refuse(400, "Bad Request: message to react not found");
  await rig.connection.mark?.("77", "9", "answered");
  refuse(400, "Bad Request: REACTION_INVALID");
  await expect(rig.connection.mark?.("77", "9", "received")).rejects.toMatchObject({
    code: "send_failed",
    retryable: false,
  });
  refuse(429, "Too Many Requests: retry after 1", 1);
  await expect(rig.connection.mark?.("77", "9", "received")).rejects.toMatchObject({
    retryable: true,
    retryAfterMs: 1_000,
  });
});

test("while a person is asked nobody is said to be typing", async () => {
  await using rig = await Rig.open();
  await rig.connection.typing?.("77", "approval");
  await rig.connection.typing?.("77", "working");
  expect(rig.fake.sent("sendChatAction")).toHaveLength(1);
});
