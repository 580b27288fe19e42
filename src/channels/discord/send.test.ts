/** What leaves for Discord, within its limits, and what is known when it does not. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { SluiceError } from "../../sdk/errors.ts";
import {
  MaybeSent,
  type OutgoingFile,
  type OutgoingMessage,
  PartlySent,
} from "../../sdk/message.ts";
import {
  ANN,
  CHANNEL,
  DIRECT,
  FORUM,
  SERVER,
  THREAD,
} from "../../../test/fakes/discord/fake-discord.ts";
import { readDiscord } from "../../../test/fakes/discord/fake-wire.ts";
import { Limits } from "./limits.ts";
import { Rig, until } from "./rig.fixture.ts";

const POSTS = /^POST \/channels\/\d+\/messages$/;

function toFile(name: string, content: string | Buffer): OutgoingFile {
  const folder = mkdtempSync(join(tmpdir(), "sluice-discord-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, name);
  writeFileSync(path, content);
  return { path, name, bytes: content.length };
}

async function fail(rig: Rig, message: Partial<OutgoingMessage> = {}): Promise<SluiceError> {
  return rig.connection.send({ chatId: DIRECT, text: "x", ...message }).then(
    () => expect.fail("it was sent"),
    (thrown: unknown) => thrown as SluiceError,
  );
}

// DISAPI-1
test("the whole request of an answer, letter for letter", async () => {
  await using rig = await Rig.open();
  await rig.connection.send({
    chatId: DIRECT,
    replyTo: "123",
    text: "Done: **3** of `x_y`, @everyone",
  });
  const [call] = rig.fake.done(POSTS);
  expect(call?.path).toBe(`/channels/${DIRECT}/messages`);
  expect(call?.headers).toMatchObject({
    authorization: `Bot ${rig.fake.token}`,
    "content-type": "application/json",
    "user-agent": expect.stringMatching(/^DiscordBot \(https:\/\/\S+, \S+\)$/),
  });
  expect(call?.payload).toEqual({
    content: "Done: **3** of `x_y`, @everyone",
    flags: 4,
    nonce: expect.stringMatching(/^s[0-9a-f]{12}\.1$/),
    enforce_nonce: true,
    allowed_mentions: { parse: [] },
    message_reference: { message_id: "123", fail_if_not_exists: false },
  });
});

test("in a thread it stands in the thread; only the first part answers; in a forum it begins a post", async () => {
  await using rig = await Rig.open();
  await rig.connection.send({
    chatId: CHANNEL,
    threadId: THREAD,
    replyTo: "5",
    text: "a ".repeat(1_500),
  });
  const calls = rig.fake.done(POSTS);
  expect(calls.map(({ path, payload }) => [path, "message_reference" in payload])).toEqual([
    [`/channels/${THREAD}/messages`, true],
    [`/channels/${THREAD}/messages`, false],
  ]);
  await rig.connection.send({ chatId: FORUM, text: `# An idea\n${"b ".repeat(1_500)}` });
  const [post] = rig.fake.done(/\/threads$/);
  expect(post?.payload).toMatchObject({
    name: "An idea",
    message: { allowed_mentions: { parse: [] } },
  });
  // What does not fit follows in the post, not in the forum.
  expect(rig.fake.done(POSTS).at(-1)?.path).not.toContain(FORUM);
});

test("DISSEND-3: an answer that is lost is asked for again under its nonce: there is one message, and its id is known", async () => {
  await using rig = await Rig.open();
  for (const fault of [{ kind: "break" }, { kind: "page", status: 502 }] as const) {
    rig.fake.fail(POSTS, fault);
    const { messageIds } = await rig.connection.send({
      chatId: DIRECT,
      text: `once ${fault.kind}`,
    });
    expect(rig.fake.ours().filter(({ content }) => content === `once ${fault.kind}`)).toHaveLength(
      1,
    );
    expect(messageIds).toEqual([rig.fake.ours().at(-1)?.["id"]]);
  }
});

test("what Discord refuses is never taken for sent; what it never answers always may be", async () => {
  await using rig = await Rig.open();
  const rows = [
    [{ kind: "status", status: 500 }, true, false],
    [{ kind: "status", status: 403, code: 50013, message: "Missing Permissions" }, false, false],
    [{ kind: "status", status: 404, code: 10003, message: "Unknown Channel" }, false, false],
    [{ kind: "page", status: 503 }, false, true],
    [{ kind: "break" }, false, true],
  ] as const;
  for (const [fault, retryable, maybe] of rows) {
    rig.fake.fail(POSTS, fault, 3);
    const thrown = await fail(rig);
    expect([fault.kind, thrown.retryable, thrown.cause instanceof MaybeSent]).toEqual([
      fault.kind,
      retryable,
      maybe,
    ]);
    rig.fake.heal();
  }
});

test.each([
  [50007, "takes no direct messages from the bot"],
  [50013, "lacks a permission there: Send Messages"],
  [50001, "View Channel"],
  [50083, "archived"],
])("code %i is told in words that can be acted on", async (code, words) => {
  await using rig = await Rig.open();
  rig.fake.fail(POSTS, { kind: "status", status: 403, code, message: "Cannot" });
  const { message } = await fail(rig);
  expect(message).toContain(words);
  expect(message).toContain(`(${code})`);
});

test("a token that is refused is the owner's to mend", async () => {
  await using rig = await Rig.open();
  rig.fake.fail(POSTS, { kind: "status", status: 401, message: "401: Unauthorized" });
  const thrown = await fail(rig);
  expect(thrown.code).toBe("unauthorized");
  expect(thrown.message).toContain("Reset Token");
});

// DISLIMIT-1 DISAPI-3
test("DISLIMIT: 429 by route, for all, and without a word: nothing is asked before the time is over", async () => {
  await using rig = await Rig.open();
  rig.fake.fail(POSTS, { kind: "limit", seconds: 30 });
  expect((await fail(rig)).retryAfterMs).toBeGreaterThan(29_000);
  const before = rig.fake.calls.length;
  expect((await fail(rig)).retryAfterMs).toBeGreaterThan(25_000);
  expect(rig.fake.calls).toHaveLength(before);
  // Another chat has a pace of its own.
  await rig.connection.send({ chatId: CHANNEL, text: "elsewhere" });
  rig.fake.fail(POSTS, { kind: "limit", seconds: 40, scope: "global" });
  expect((await fail(rig, { chatId: CHANNEL })).code).toBe("rate_limited");
  const global = rig.fake.calls.length;
  expect((await fail(rig, { chatId: THREAD })).retryAfterMs).toBeGreaterThan(35_000);
  expect(rig.fake.calls).toHaveLength(global);
});

test("DISLIMIT-3: a refusal that names no time is a second, not none", async () => {
  await using rig = await Rig.open();
  rig.fake.fail(POSTS, { kind: "limit", seconds: 0, isBare: true }, 2);
  expect((await fail(rig)).retryAfterMs).toBe(1_000);
});

// DISSEND-4
test("a chat of five messages in its time is written to at that pace, without one refusal", async () => {
  await using rig = await Rig.open();
  rig.fake.perRoute = 5;
  const { messageIds } = await rig.connection.send({ chatId: DIRECT, text: "word ".repeat(2_800) });
  expect(messageIds.length).toBeGreaterThan(5);
  expect(rig.fake.calls.filter(({ status }) => status === 429)).toEqual([]);
});

test("DISSEND-2: a part that failed is where the next try goes on", async () => {
  await using rig = await Rig.open();
  const text = "word ".repeat(1_000);
  rig.fake.fail(/^never$/, { kind: "hang" });
  let posts = 0;
  rig.fake.fail(POSTS, { kind: "status", status: 500 });
  const first = await fail(rig, { text });
  expect([first.retryable, first.cause]).toEqual([true, undefined]);
  const done = rig.connection.send({ chatId: DIRECT, text });
  await until(() => (posts = rig.fake.done(POSTS).length) >= 1);
  const { messageIds } = await done;
  expect(messageIds).toHaveLength(3);
  expect(posts).toBeGreaterThan(0);
  const { messageIds: again } = await rig.connection.send({
    chatId: DIRECT,
    text,
    arrived: messageIds.slice(0, 2),
  });
  expect(again.slice(0, 2)).toEqual(messageIds.slice(0, 2));
  expect(rig.fake.done(POSTS)).toHaveLength(4);
});

// DISSEND-1
test("files go beside the last words, up to ten in a message; what is too large is told before anything leaves", async () => {
  await using rig = await Rig.open();
  const files = Array.from({ length: 12 }, (_, i) => toFile(`f${i}.txt`, `content ${i}`));
  const { messageIds } = await rig.connection.send({
    chatId: DIRECT,
    text: "a ".repeat(1_500),
    files,
  });
  expect(rig.fake.done(POSTS).map(({ files: sent }) => sent.length)).toEqual([0, 10, 2]);
  expect(messageIds).toHaveLength(3);
  expect(rig.fake.done(POSTS)[1]?.files[3]).toEqual({
    name: "f3.txt",
    bytes: Buffer.from("content 3"),
  });
  const before = rig.fake.calls.length;
  const large = toFile("large.bin", Buffer.alloc(10 * 1024 ** 2 + 1));
  expect((await fail(rig, { files: [large] })).message).toContain(
    "that chat takes 10 MB; nothing was sent",
  );
  expect((await fail(rig, { files: [toFile("none", "")] })).message).toContain("is empty");
  expect((await fail(rig, { files: [{ ...large, path: "/nowhere" }] })).code).toBe("not_found");
  expect((await fail(rig, { text: " " })).message).toContain("the message is empty");
  expect((await fail(rig, { chatId: "not a chat" })).code).toBe("bad_input");
  expect(rig.fake.calls).toHaveLength(before);
});

test("a boosted server takes larger files, up to what one request holds", async () => {
  await using rig = await Rig.open();
  rig.fake.gateway.push("GUILD_UPDATE", { id: SERVER, premium_tier: 3 });
  rig.fake.write("settle");
  await until(() => rig.taken.length === 1);
  const file = toFile("large.bin", Buffer.alloc(11 * 1024 ** 2));
  rig.fake.fail(POSTS, {
    kind: "status",
    status: 413,
    code: 40005,
    message: "Request entity too large",
  });
  expect((await fail(rig, { chatId: CHANNEL, files: [file] })).code).toBe("too_large");
  expect(
    (
      await fail(rig, {
        chatId: CHANNEL,
        files: [toFile("more.bin", Buffer.alloc(26 * 1024 ** 2))],
      })
    ).message,
  ).toContain("takes 24.9 MB");
});

test("a prompt stays one message, however long: what its words do not hold stands below them, and an edit as well", async () => {
  await using rig = await Rig.open();
  const text = `**Permission: abcde**\n\`\`\`\n${"x".repeat(3_400)}\n\`\`\``;
  const buttons = [[{ id: "a", label: "Allow" }]];
  const { messageIds } = await rig.connection.send({ chatId: DIRECT, text, buttons });
  expect(messageIds).toHaveLength(1);
  const message = rig.fake.ours()[0] as { content: string; embeds: { description: string }[] };
  expect(message.content).toBe("**Permission: abcde**");
  expect(message.embeds[0]?.description).toContain("x".repeat(3_400));
  await rig.connection.edit?.(DIRECT, messageIds[0] ?? "", "**Allowed: abcde**");
  expect(rig.fake.ours()[0]).toMatchObject({
    content: "**Allowed: abcde**",
    embeds: [],
    components: [],
  });
  const edit = rig.connection.edit?.(DIRECT, messageIds[0] ?? "", "y".repeat(5_000));
  await expect(edit).rejects.toThrow("about 4096 characters, not 5000");
});

test("a message of somebody else is not edited, one that is gone is told", async () => {
  await using rig = await Rig.open();
  const id = rig.fake.write("hers");
  await expect(rig.connection.edit?.(DIRECT, id, "ours")).rejects.toThrow(
    "authored by another user",
  );
  await expect(rig.connection.edit?.(DIRECT, "123", "x")).rejects.toThrow("not there any more");
});

// DISREACT-1
test("signs at a message: the next takes the place of the one before; one that is gone needs none", async () => {
  await using rig = await Rig.open();
  const id = rig.fake.write("hello");
  for (const sign of ["received", "approval", "answered"] as const)
    await rig.connection.mark?.(DIRECT, id, sign);
  const path = (emoji: string): string =>
    `/channels/${DIRECT}/messages/${id}/reactions/${encodeURIComponent(emoji)}/@me`;
  const calls = rig.fake.done(/reactions/).map((call) => `${call.method} ${call.path}`);
  expect(calls).toEqual([
    `PUT ${path("👀")}`,
    `PUT ${path("✍️")}`,
    `DELETE ${path("👀")}`,
    `DELETE ${path("✍️")}`,
  ]);
  await rig.connection.mark?.(DIRECT, "123", "received");
});

test("reactions of a session: an emoji, one of the server's, none; anything else is refused", async () => {
  await using rig = await Rig.open();
  const id = rig.fake.write("hello");
  await rig.connection.react?.(DIRECT, id, "👍");
  await rig.connection.react?.(DIRECT, id, "<:party:123456>");
  expect(
    rig.fake.done(/^PUT/).map(({ path }) => decodeURIComponent(path).split("/").at(-2)),
  ).toEqual(["👍", "party:123456"]);
  await expect(rig.connection.react?.(DIRECT, id, "good")).rejects.toThrow('"good" is no emoji');
});

test("typing is shown where it is waited for, once in eight seconds, and not while a person is asked", async () => {
  await using rig = await Rig.open();
  await rig.connection.typing?.(CHANNEL, "working", THREAD);
  await rig.connection.typing?.(CHANNEL, "working", THREAD);
  await rig.connection.typing?.(DIRECT, "approval");
  expect(rig.fake.done(/typing/).map(({ path }) => path)).toEqual([`/channels/${THREAD}/typing`]);
});

// DISCONTENT-2
test("DISFILE-1: a file is fetched by its message, with nothing of ours; another host's is refused", async () => {
  await using rig = await Rig.open();
  const url = `http://127.0.0.1:${rig.fake.port}/attachments/1/a.txt`;
  rig.fake.files.set("/attachments/1/a.txt", Buffer.from("hello"));
  const attachments = [
    { id: "31", filename: "a.txt", size: 5, url: `${url}?ex=1&is=2&hm=3` },
    { id: "32", filename: "b.txt", size: 5, url: "https://evil.example/b.txt" },
    { id: "33", filename: "c.txt", size: 5, url: "http://169.254.169.254/c.txt" },
  ];
  rig.fake.write("see", { attachments });
  await until(() => rig.taken.length === 1);
  const [first, second, third] = rig.taken[0]?.files ?? [];
  const get = (reference = "", max = 100): Promise<Buffer> | undefined =>
    rig.connection.download?.(reference, max);
  expect((await get(first?.reference))?.toString()).toBe("hello");
  await expect(get(second?.reference)).rejects.toThrow("its host is not the platform's");
  await expect(get(third?.reference)).rejects.toThrow("refused");
  await expect(get(first?.reference, 3)).rejects.toThrow("larger than 3 bytes");
  await expect(get("../../etc/passwd")).rejects.toThrow("no file of a message");
  await expect(get(`${DIRECT}/123/31`)).rejects.toThrow("not there any more");
});

test("DISSEND-5: every text that leaves pings nobody, an edit and an answer to a press as well", async () => {
  await using rig = await Rig.open();
  rig.answer = () => `<@${ANN}> @everyone`;
  const { messageIds } = await rig.connection.send({
    chatId: DIRECT,
    text: "@here",
    buttons: [[{ id: "a", label: "A" }]],
  });
  await rig.connection.edit?.(DIRECT, messageIds[0] ?? "", "@everyone", [
    [{ id: "a", label: "A" }],
  ]);
  const press = rig.fake.press(messageIds[0] ?? "", "A");
  await until(() => rig.fake.answers(press).length === 1);
  for (const { payload } of rig.fake.calls.filter(
    ({ method, path }) => /PATCH|POST/.test(method) && /messages|callback/.test(path),
  ))
    expect((payload["data"] ?? payload) as object).toMatchObject({
      allowed_mentions: { parse: [] },
    });
});

test("a long text arrives whole, in order, with whole code blocks", async () => {
  await using rig = await Rig.open();
  const code = Array.from({ length: 120 }, (_, i) => `const line_${i} = "${"z".repeat(30)}";`).join(
    "\n",
  );
  const { messageIds } = await rig.connection.send({
    chatId: DIRECT,
    text: `Before\n\n\`\`\`ts\n${code}\n\`\`\`\n\nAfter`,
  });
  const parts = rig.fake.ours().map(({ content }) => String(content));
  expect(messageIds).toHaveLength(parts.length);
  for (const part of parts) expect((part.match(/```/g) ?? []).length % 2).toBe(0);
  const shown = parts.join("\n").replaceAll(/```(?:ts)?\n?/g, "");
  expect(readDiscord(shown).replaceAll(/\s+/g, " ")).toContain(code.replaceAll(/\s+/g, " "));
  expect(new PartlySent("x", []).name).toBe("PartlySent");
});

test("DISLIMIT-2: routes of one bucket share its quiet, places keep theirs apart; a token in a path is no route", () => {
  let now = 1_000_000;
  const limits = new Limits({ now: () => now, after: () => () => undefined });
  const [one, other] = ["/channels/11111111111111111", "/channels/22222222222222222"];
  const note = (method: string, path: string, remaining: string): void =>
    void limits.note(method, path, {
      status: 200,
      headers: {
        "x-ratelimit-bucket": "abcd",
        "x-ratelimit-remaining": remaining,
        "x-ratelimit-reset-after": "2.5",
      },
      body: undefined,
    });
  note("PATCH", `${one}/messages/33333333333333333`, "4");
  note("POST", `${one}/messages`, "0");
  expect(limits.quietMs("POST", `${one}/messages`)).toBe(2_500);
  expect(limits.quietMs("PATCH", `${one}/messages/44444444444444444`)).toBe(2_500);
  expect(limits.quietMs("POST", `${other}/messages`)).toBe(0);
  expect(
    limits.quietMs("PUT", `${one}/messages/33333333333333333/reactions/%F0%9F%91%8D/@me`),
  ).toBe(0);
  now += 2_500;
  expect(limits.quietMs("POST", `${one}/messages`)).toBe(0);
  const bad = { status: 429, headers: { "retry-after": "soon" }, body: { retry_after: -5 } };
  expect(limits.note("POST", "/interactions/11111111111111111/tok/callback", bad)).toBe(1_000);
  expect(limits.quietMs("POST", "/interactions/22222222222222222/other/callback")).toBe(0);
});
