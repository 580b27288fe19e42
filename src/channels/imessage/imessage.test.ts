import { existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isSluiceError } from "../../sdk/errors.ts";
import type { Arrival } from "../../sdk/event.ts";
import { MaybeSent } from "../../sdk/message.ts";
import { readOwnWords } from "../../sdk/words.ts";
import { FakeMessages, toDate } from "../../../test/fakes/imessage/fake-messages.ts";
import { toSummaryInfo, toTypedStream } from "../../../test/fakes/imessage/typed-stream.ts";
import { imessage } from "./index.ts";
import { MessagesFile, toOpenFault } from "./messages-file.ts";
import { Rig, until } from "./rig.fixture.ts";
import { readEditedText } from "./summary-info.ts";
import { readAttributedText } from "./typedstream.ts";

const ME = "+15550001111";
const words = (arrivals: readonly Arrival[]): string[] => arrivals.map(readOwnWords);

test.each([0, 1, 127, 128, 129, 255, 256, 300, 32_767, 32_768, 65_535, 65_536, 70_000])(
  "ATTRIBUTED-1: a text of %i bytes is read whole",
  (length) => {
    const text = "x".repeat(length);
    expect(readAttributedText(toTypedStream(text))).toBe(text);
  },
);

test("ATTRIBUTED-1: marks in the text end nothing, files leave no mark, and what is cut short gives what it has", () => {
  const odd = "a + b \u0086\u0084 NSString 🙂 + é".repeat(9);
  expect(readAttributedText(toTypedStream(odd))).toBe(odd);
  expect(readAttributedText(toTypedStream("\uFFFCtwo\uFFFC"))).toBe("two");
  const whole = toTypedStream("y".repeat(400));
  expect(readAttributedText(whole.subarray(0, whole.length - 306))).toMatch(/^y{90,110}$/);
  for (let end = 0; end < whole.length; end++) readAttributedText(whole.subarray(0, end));
  expect(readAttributedText(Buffer.from("bplist00"))).toBeUndefined();
});

test("the history of an edited message ends with its current text; anything else is not read", () => {
  expect(readEditedText(toSummaryInfo(["first", "second 🙂".repeat(40)]))).toBe(
    "second 🙂".repeat(40),
  );
  expect(readEditedText(toSummaryInfo([]))).toBeUndefined();
  const whole = toSummaryInfo(["first"]);
  for (let end = 0; end < whole.length; end++) readEditedText(whole.subarray(0, end));
  expect(readEditedText(Buffer.alloc(64, 0xff))).toBeUndefined();
});

test("a direct message, an attributed one, a group's, a reply and a voice message", async () => {
  await using rig = await Rig.open();
  const { fake } = rig;
  fake.addChat("chat900", 43, "iMessage", 'Dev "team" <b>');
  fake.say({ text: "plain" });
  fake.say({ text: "é".repeat(200), isAttributed: true });
  fake.say({ text: "to all", chat: "chat900", from: "+15557770000" });
  const ours = fake.say({ text: "from here", isFromMe: true, chat: "chat900" });
  fake.say({
    text: "and?",
    chat: "chat900",
    from: "+15557770000",
    columns: { thread_originator_guid: ours.guid },
  });
  fake.say({
    text: "\uFFFC",
    files: [{ name: "Audio Message.caf", mime: "audio/x-caf", content: "sound" }],
    columns: { is_audio_message: 1 },
  });
  const taken = await rig.settle();
  expect(words(taken)).toEqual(["plain", "é".repeat(200), "to all", "and?", ""]);
  expect(taken[2]).toMatchObject({
    text: "Message from +15557770000 in Dev ?team? ?b?",
    chatId: "chat900",
    chat: { place: "group", groupId: "chat900", isAddressed: false },
    ack: "auto",
  });
  // It answers us.
  expect(taken[3]?.chat).toMatchObject({ isAddressed: true });
  expect(taken[3]?.quotes[1]).toEqual({ label: "in reply to", text: "from here" });
  expect(taken[4]?.text).toBe("Message from ann@example.com\n(voice message)");
});

test("a file is fetched by reference, from the folder of Messages alone, and no larger than asked", async () => {
  await using rig = await Rig.open();
  const { fake, connection } = rig;
  fake.say({ files: [{ name: "plan.pdf", mime: "application/pdf", content: "%PDF-" }] });
  const [arrival] = await rig.settle();
  const { reference = "" } = arrival?.files?.[0] ?? {};
  expect(arrival?.text).toContain("(file: plan.pdf)");
  expect((await connection.download?.(reference, 100))?.toString()).toBe("%PDF-");
  await expect(connection.download?.(reference, 4)).rejects.toMatchObject({ code: "too_large" });
  await expect(connection.download?.("FILE-none", 100)).rejects.toMatchObject({
    code: "not_found",
  });
  for (const path of ["/etc/passwd", join(fake.folder, "..", "..", "etc/passwd")]) {
    fake.db.prepare("UPDATE attachment SET filename = ?").run(path);
    await expect(connection.download?.(reference, 100_000)).rejects.toThrow(/outside|not on this/);
  }
  const link = join(fake.folder, "Attachments", "link");
  symlinkSync("/etc/passwd", link);
  fake.db.prepare("UPDATE attachment SET filename = ?").run(link);
  await expect(connection.download?.(reference, 100_000)).rejects.toThrow("outside");
});

test("READER-1: a row whose chat is joined later is read in its place; one that never is holds nobody for long", async () => {
  await using rig = await Rig.open();
  const late = rig.fake.say({ text: "late", isLate: true });
  rig.fake.say({ text: "behind it" });
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(rig.taken).toEqual([]);
  rig.fake.join(late.row, "ann@example.com");
  expect(words(await rig.settle())).toEqual(["late", "behind it"]);
  rig.fake.say({ text: "lost", isLate: true });
  expect(words(await rig.settle())).toEqual(["late", "behind it"]);
  expect(rig.leftBehind).toBe(1);
});

test("READER-2: old messages that a synchronisation writes anew are no news", async () => {
  await using rig = await Rig.open();
  rig.fake.say({ text: "from last year", at: Date.now() - 300 * 24 * 3_600_000 });
  rig.fake.say({ text: "from before the channel", at: Date.now() - 60_000 });
  expect(words(await rig.settle())).toEqual([]);
});

test("READER-3, IMESSAGE-1, IMESSAGESEND-3: in the chat with oneself a message counts once, and our own answers never", async () => {
  await using rig = await Rig.open();
  const { fake, connection } = rig;
  fake.say({ text: "note", chat: ME, isFromMe: true });
  fake.say({ text: "note", chat: ME, from: ME });
  // From another device, and nothing comes back.
  fake.say({ text: "only once", chat: ME, isFromMe: true });
  const path = join(fake.folder, "out.txt");
  writeFileSync(path, "x");
  await connection.send({
    chatId: ME,
    text: "yes abcde",
    files: [{ path, name: "out.txt", bytes: 1 }],
  });
  // Whatever an answer says, and however the next life reads it again.
  fake.say({ text: "Sluice: yes abcde", chat: ME, isFromMe: true });
  fake.say({ text: "“sluice : yes abcde", chat: ME, from: ME });
  await rig.drop();
  await rig.connect();
  fake.say({ text: "note", chat: ME, from: ME });
  const taken = await rig.settle();
  expect(words(taken)).toEqual(["note", "only once", "note"]);
  expect(new Set(taken.map(({ sender }) => sender.id))).toEqual(new Set([ME]));
  expect(fake.runs.map(({ text }) => text)).toEqual(["Sluice: yes abcde", ""]);
});

test("READER-3: an SMS to oneself counts once as well, and is no row of what was said by iMessage", async () => {
  await using rig = await Rig.open({ sms: "on" });
  const { fake } = rig;
  fake.addChat(ME, 45, "SMS");
  for (const isFromMe of [true, false])
    fake.say({ text: "note", chat: ME, from: ME, isFromMe, service: "SMS" });
  fake.say({ text: "both ways", chat: ME, isFromMe: true });
  fake.say({ text: "both ways", chat: ME, from: ME, service: "SMS" });
  fake.say({ text: "both ways", chat: ME, from: ME });
  const taken = await rig.settle();
  expect(taken.map((one) => [readOwnWords(one), one.chatId, one.chat?.isShared])).toEqual([
    ["note", `sms:${ME}`, true],
    ["both ways", ME, undefined],
    ["both ways", `sms:${ME}`, true],
  ]);
});

test("IMESSAGE-1: what this account writes to others is nobody's word", async () => {
  await using rig = await Rig.open();
  rig.fake.addChat("chat900", 43);
  rig.fake.say({ text: "yes abcde", isFromMe: true });
  rig.fake.say({ text: "yes abcde", isFromMe: true, chat: "chat900" });
  expect(await rig.settle()).toEqual([]);
});

test("IMESSAGE-2: an edit is told apart, a message taken back too, and a text that was edited before it was read is no fresh word", async () => {
  await using rig = await Rig.open();
  const { fake } = rig;
  const first = fake.say({ text: "no abcde" });
  await rig.settle();
  fake.change(first.row, {
    text: null,
    date_edited: toDate(Date.now() + 1),
    message_summary_info: toSummaryInfo(["no abcde", "yes abcde"]),
  });
  await until(() => rig.taken.some(({ kind }) => kind === "message.edited"));
  fake.change(first.row, {
    date_retracted: toDate(Date.now() + 2_000),
    message_summary_info: null,
  });
  await until(() => rig.taken.some(({ kind }) => kind === "message.deleted"));
  fake.say({
    columns: {
      date_edited: toDate(Date.now() + 3_000),
      message_summary_info: toSummaryInfo(["wait", "yes abcde"]),
    },
  });
  const [, ...changes] = (await rig.settle()).filter(
    ({ text }) => !text.startsWith("Message from x"),
  );
  const told = changes.filter(
    ({ quotes, kind }) => kind !== "message" || quotes[0]?.label !== "message",
  );
  expect(told.map(({ kind, quotes }) => [kind, quotes[0]?.label, quotes[0]?.text])).toEqual([
    ["message.edited", "edited message", "yes abcde"],
    ["message.deleted", undefined, undefined],
    ["message", "edited message", "yes abcde"],
  ]);
  expect(told.every(({ chat }) => chat?.isEdited === true)).toBe(true);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(rig.taken.filter(({ kind }) => kind === "message.edited")).toHaveLength(1);
});

test("IMESSAGE-3: an SMS is left out; where the owner wants it, it allows nothing and is answered by SMS", async () => {
  {
    await using rig = await Rig.open();
    rig.fake.addChat("+15559990000", 45, "SMS");
    rig.fake.say({ text: "hi", from: "+15559990000", service: "SMS" });
    rig.fake.say({ text: "hi", from: "+15559990000", service: "RCS", chat: "ann@example.com" });
    expect(await rig.settle()).toEqual([]);
  }
  await using rig = await Rig.open({ sms: "on" });
  rig.fake.addChat("+15559990000", 45, "SMS");
  rig.fake.addChat("+15559990000", 45);
  rig.fake.say({ text: "hi", from: "+15559990000", service: "SMS" });
  const [arrival] = await rig.settle();
  expect(arrival).toMatchObject({ chatId: "sms:+15559990000", chat: { isShared: true } });
  await rig.connection.send({ chatId: "sms:+15559990000", text: "ho" }).catch(() => undefined);
  expect(rig.fake.runs[0]?.argv[2]).toBe("SMS;-;+15559990000");
  await rig.connection.send({ chatId: "+15559990000", text: "ho" });
  expect(rig.fake.runs[1]?.argv[2]).toBe("iMessage;-;+15559990000");
});

test("an answer in a group goes to the group, and of its conversations to the one where something was said, not to an empty one", async () => {
  await using rig = await Rig.open();
  const { fake } = rig;
  fake.addChat("chat901", 43);
  fake.say({ text: "all of us", chat: "chat901", from: "+15557770000" });
  // What Messages leaves behind where a group changes its service, or somebody wrote to it by its name.
  fake.addChat("chat901", 43, "any");
  fake.addChat("+15557770000", 45);
  const taken = await rig.settle();
  const chatId = taken.find((one) => readOwnWords(one) === "all of us")?.chatId ?? "";
  await rig.connection.send({ chatId, text: "yes" });
  expect(fake.runs.map(({ argv }) => argv[2])).toEqual(["iMessage;+;chat901"]);
});

test("a tapback is a reaction and never words; joins, renames and other apps' rows are no messages", async () => {
  await using rig = await Rig.open();
  const { fake } = rig;
  const first = fake.say({ text: "shall I?" });
  const tap = (type: number, rest: object = {}): void =>
    void fake.say({
      text: "Liked “yes abcde”",
      columns: {
        associated_message_type: type,
        associated_message_guid: `p:0/${first.guid}`,
        ...rest,
      },
    });
  tap(2_001);
  tap(3_001);
  tap(2_006, { associated_message_emoji: "🚀" });
  fake.say({ text: "x", columns: { item_type: 1 } });
  fake.say({
    columns: { balloon_bundle_id: "com.apple.messages.MSMessageExtensionBalloonPlugin:x" },
  });
  const [, ...taken] = await rig.settle();
  expect(taken.map(({ text }) => text)).toEqual([
    `ann@example.com reacted 👍 to message ${first.guid}`,
    `ann@example.com took back the reaction 👍 to message ${first.guid}`,
    `ann@example.com reacted 🚀 to message ${first.guid}`,
    "Message from ann@example.com\n(a message of an app: open Messages to see it)",
  ]);
  expect(taken.every((one) => readOwnWords(one) === "")).toBe(true);
});

test("IMESSAGESEND-1: nothing of a message stands in the script or on the command line; Markdown goes as plain text", async () => {
  await using rig = await Rig.open();
  const text =
    '# Done\n\n**3** of `a*b`, see [log](https://ci.example/1)\n\n- one" & do shell script "x\n\n```\nx  = 1\n```';
  await rig.connection.send({ chatId: "ann@example.com", text });
  const [run] = rig.fake.runs;
  expect(run?.text).toBe(
    'Done\n\n3 of a*b, see log (https://ci.example/1)\n\n• one" & do shell script "x\n\nx  = 1',
  );
  expect(JSON.stringify([run?.argv, run?.script])).not.toMatch(/shell|Done/);
  expect(existsSync(run?.argv[1] ?? "")).toBe(false);
});

test.each([
  ["it is refused: not sent", { code: 1, stderr: "execution error: x (-1728)" }, "not", "-1728"],
  [
    "the right is missing: the owner's to mend",
    { code: 1, stderr: "Not authorized (-1743)" },
    "not",
    "Automation",
  ],
  ["it is written down with an error: not sent", { error: 22 }, "not", "error 22"],
  ["nothing is written down: nobody knows", { silent: true }, "maybe", "does not say"],
  ["it stays unsent: nobody knows", { unsent: true }, "maybe", "does not say"],
])("IMESSAGESEND-2: %s", async (_, plan, what, said) => {
  await using rig = await Rig.open();
  rig.fake.next = plan;
  const fault = await rig.connection.send({ chatId: "ann@example.com", text: "hi" }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(isSluiceError(fault) && fault.message).toContain(said);
  expect((fault as Error).cause instanceof MaybeSent ? "maybe" : "not").toBe(what);
});

test("of a message of several parts it is known which arrived, and the next try goes on behind them", async () => {
  await using rig = await Rig.open();
  const message = {
    chatId: "ann@example.com",
    text: "a".repeat(9_000) + "\n\n" + "b".repeat(9_000),
  };
  const send = rig.connection.send(message);
  await until(() => rig.fake.runs.length === 1);
  rig.fake.next = { error: 22 };
  const fault = await send.then(
    () => undefined,
    (thrown: Error) => thrown,
  );
  expect(fault?.cause).toMatchObject({ messageIds: [expect.stringMatching(/^OUT-/)] });
  expect(rig.fake.runs.map(({ text }) => text[0])).toEqual(["a", "b"]);
});

test("two of the same text at once go out one after the other, each with an id of its own", async () => {
  await using rig = await Rig.open();
  const one = { chatId: "ann@example.com", text: "same" };
  const sent = await Promise.all([rig.connection.send(one), rig.connection.send(one)]);
  expect(new Set(sent.flatMap(({ messageIds }) => messageIds)).size).toBe(2);
});

test("osascript that cannot be started, and a chat that Messages does not have", async () => {
  await using rig = await Rig.open();
  await expect(rig.connection.send({ chatId: "nobody@example.com", text: "x" })).rejects.toThrow(
    "no conversation nobody@example.com",
  );
  await rig.drop();
  rig.runner = ["/nowhere/osascript"];
  await rig.connect();
  await expect(rig.connection.send({ chatId: "ann@example.com", text: "x" })).rejects.toThrow(
    "cannot be started",
  );
});

test.each([
  { code: "EPERM" },
  { code: "EACCES" },
  { errcode: 14 },
  { errcode: 23 },
  { errcode: 526 },
])("macOS denies with %o: the click is named, and it is the owner's to mend", (thrown) => {
  const fault = toOpenFault(thrown, "/Users/ann/Library/Messages/chat.db");
  expect(fault.code).toBe("unauthorized");
  expect(fault.message).toContain("Full Disk Access");
});

test("without its database the channel waits, and goes on by itself", async () => {
  await using rig = new Rig();
  const { path } = rig.fake;
  rig.settings = { database: `${path}.gone` };
  await rig.connect();
  expect(rig.states.at(-1)).toMatchObject({ reason: expect.stringContaining("there is no") });
  rig.fake.db.exec(`VACUUM INTO '${path}.gone'`);
  await until(() => rig.states.at(-1)?.kind === "connected");
});

test("MESSAGESFILE-1: what stands in the log alone is read, and nothing can be written", () => {
  using fake = new FakeMessages();
  const { row } = fake.say({ text: "in the log" });
  expect(existsSync(`${fake.path}-wal`)).toBe(true);
  const before = readFileSync(fake.path);
  const file = new MessagesFile(fake.path);
  expect(file.listAfter(row - 1n)).toMatchObject([{ text: "in the log" }]);
  file.close();
  expect(readFileSync(fake.path).equals(before)).toBe(true);
});

test("a database that is replaced under us is opened anew", async () => {
  await using rig = await Rig.open();
  const { path, folder } = rig.fake;
  rig.fake.say({ text: "before" });
  await rig.settle();
  const copy = join(folder, "copy.db");
  rig.fake.db.exec(`VACUUM INTO '${copy}'`);
  rig.fake.db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  rmSync(path);
  writeFileSync(path, readFileSync(copy));
  await until(() => rig.states.filter(({ kind }) => kind === "connected").length === 2);
});

test("MESSAGESFILE-2: an older macOS without the newer columns is read as well; another database is refused", () => {
  using fake = new FakeMessages();
  for (const column of ["date_edited", "date_retracted", "associated_message_emoji"])
    fake.db.exec(`ALTER TABLE message DROP COLUMN ${column}`);
  const { row } = fake.say({ text: "old" });
  const file = new MessagesFile(fake.path);
  expect(file.listAfter(row - 1n)).toMatchObject([{ text: "old", editedAt: 0n }]);
  expect(file.listChanged(0n, row)).toEqual([]);
  expect(file.listOwnAddresses()).toEqual([ME]);
  file.close();
  fake.db.exec("DROP TABLE message; CREATE TABLE message (id)");
  expect(() => new MessagesFile(fake.path)).toThrow("no database of Messages");
});

test.skipIf(process.platform === "darwin")("on another system add says why not", async () => {
  await expect(imessage.check?.({} as never, {})).rejects.toThrow("only on macOS");
});

test("IMESSAGE-1: an address that is used for the first time while the hub runs is one's own at once", async () => {
  await using rig = await Rig.open();
  const { fake } = rig;
  const other = "me@example.com";
  fake.addChat(other, 45);
  fake.say({ text: "hi", chat: other, isFromMe: true, columns: { account: `E:${other}` } });
  fake.say({ text: "hi", chat: other, from: other });
  await rig.settle();
  fake.say({ text: "Sluice: yes abcde", chat: other, from: other });
  expect(words(await rig.settle())).toEqual(["hi"]);
});
