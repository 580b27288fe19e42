import { readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { gzipSync } from "node:zlib";
import { toArrival } from "../../channels/chat/receive.ts";
import { listChatMessages } from "../../store/page/chats.ts";
import { markDone } from "../../store/events/deliveries.ts";
import { addEffect, markSent, markUnsent, retryEffect } from "../../store/outbox/outbox.ts";
import { readAssets } from "./assets.ts";
import { tidyChats } from "./chat/chat-tidy.ts";
import { WebListener } from "./listener.ts";
import { openStage } from "./page-rig.fixture.ts";

const HOUR_MS = 3_600_000;

const typed = (text: string) => ({ key: crypto.randomUUID(), text });

// SIGNIN-2
test("every route of the page needs both halves of a sign-in that is still good", async () => {
  await using stage = await openStage();
  await stage.page.list();
  const { cookie, "x-sluice-key": key } = stage.credentials;
  const wrong = "A".repeat(43);
  const name = cookie.split("=", 1)[0] ?? "";
  const bad: Record<string, Record<string, string>> = {
    none: {},
    "cookie only": { cookie },
    "key only": { "x-sluice-key": key },
    "wrong cookie": { cookie: `${name}=${wrong}`, "x-sluice-key": key },
    "wrong key": { cookie, "x-sluice-key": wrong },
    "empty key": { cookie, "x-sluice-key": "" },
    "halves in each other's place": {
      cookie: `${name}=${key}`,
      "x-sluice-key": cookie.slice(name.length + 1),
    },
    "another port's cookie": { cookie: cookie.replace(name, "sluice_1"), "x-sluice-key": key },
  };
  const routes = stage.app.routes.filter(
    ({ method, path }) =>
      path.startsWith("/v1/") &&
      path !== "/v1/*" &&
      !path.startsWith("/v1/sign-in") &&
      // A service worker has no key: push.test.ts.
      path !== "/v1/push/answer" &&
      method !== "ALL",
  );
  const asked = new Set(
    routes.map(({ method, path }) => `${method} ${path.replace(/:\w+/g, "chat-1")}`),
  );
  expect(asked.size).toBeGreaterThanOrEqual(10);
  const check = async (label: string, headers: Record<string, string>) => {
    for (const one of asked) {
      const [method = "", path = ""] = one.split(" ");
      const type =
        path === "/v1/files" && method === "POST"
          ? { "content-type": "application/octet-stream" }
          : {};
      const answer = await stage.ask(`${path}?name=a`, {
        method,
        headers: { ...headers, ...type },
        body: typed("no"),
      });
      expect([label, one, answer.status]).toEqual([label, one, 401]);
    }
  };
  for (const [label, headers] of Object.entries(bad)) await check(label, headers);
  expect((await stage.ask("/v1/page")).status).toBe(200);
  stage.move(31 * 24 * HOUR_MS);
  await check("expired", stage.credentials);
  stage.move(-31 * 24 * HOUR_MS);
  await stage.signIn.end(stage.session.id);
  await check("revoked", stage.credentials);
  expect(stage.db.all("SELECT id FROM events")).toEqual([]);
  expect(stage.db.all("SELECT id FROM chat_messages")).toEqual([]);
});

// SIGNIN-1
test("a launch link works once, and not after two minutes", async () => {
  await using stage = await openStage();
  const swap = (token: string) =>
    stage.ask("/v1/sign-in", { method: "POST", headers: {}, body: { token } });
  const { token } = stage.signIn.newLink();
  const first = await swap(token);
  expect(first.status).toBe(200);
  expect(first.headers.get("set-cookie")).toMatch(
    /^sluice_\d+=[\w-]{43}; Max-Age=\d+; Path=\/v1; HttpOnly; SameSite=Strict$/,
  );
  expect((await swap(token)).status).toBe(401);
  const late = stage.signIn.newLink().token;
  stage.move(121_000);
  expect((await swap(late)).status).toBe(401);
  expect((await swap("guess")).status).toBe(401);
});

// SIGNIN-3
test("no credential is on disk in the clear", async () => {
  await using stage = await openStage();
  const rows = JSON.stringify(stage.db.all("SELECT * FROM web_sessions"));
  const { cookie, "x-sluice-key": key } = stage.credentials;
  expect(rows).not.toContain(key);
  expect(rows).not.toContain(cookie.split("=")[1]);
});

test("every answer carries the policy, and none a CORS header", async () => {
  await using stage = await openStage();
  for (const path of ["/", "/v1/page", "/nothing", "/v1/nothing"]) {
    const { headers } = await stage.ask(path);
    expect(headers.get("content-security-policy")).toContain("script-src 'self'");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect([...headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
  }
});

// PAGECHAT-1
test("a typed message becomes one event of the owner, however often it is sent", async () => {
  await using stage = await openStage();
  await stage.page.list();
  const message = typed("hello");
  const post = () => stage.ask("/v1/chats/chat-1/messages", { method: "POST", body: message });
  const [first, second] = [await post(), await post()];
  expect([first.status, second.status]).toEqual([200, 200]);
  expect(await second.json()).toEqual(await first.json());
  expect(
    stage.db.all("SELECT channel, sender_id, sender_role, verified, chat_id FROM events"),
  ).toMatchObject([
    {
      channel: "chat",
      sender_id: "owner",
      sender_role: "chatter",
      verified: "web",
      chat_id: "chat-1",
    },
  ]);
  const history = await (await stage.ask("/v1/chats/chat-1/messages")).json();
  expect(history).toMatchObject([{ author: "you", text: "hello", state: "stored" }]);
  const stray = await stage.ask("/v1/chats/chat-9/messages", { method: "POST", body: typed("x") });
  expect(stray.status).toBe(404);
  expect(
    (await stage.ask("/v1/chats/chat-1/messages", { method: "POST", body: typed(" ") })).status,
  ).toBe(400);
});

test("a session edits its own messages only, and only in their chat", async () => {
  await using stage = await openStage();
  await stage.page.list();
  await stage.page.add("another");
  const id = await stage.page.show({ chatId: "chat-1", text: "first" });
  const own = await stage.page.type("chat-1", typed("mine"));
  await stage.page.edit("chat-1", id, "second");
  await stage.page.react("chat-1", own.id, "👀");
  await expect(stage.page.edit("chat-2", id, "x")).rejects.toThrow(/no message/);
  await expect(stage.page.edit("chat-1", own.id, "x")).rejects.toThrow(/no message/);
  await expect(stage.page.edit("chat-1", "m0123456789", "x")).rejects.toThrow(/no message/);
  expect(await (await stage.ask("/v1/chats/chat-1/messages")).json()).toMatchObject([
    { text: "second", editedAt: expect.any(Number) },
    { text: "mine", reactions: [{ by: "session", reaction: "👀" }] },
  ]);
});

test("the user edits their own words: one event for one edit, in the same commit; nobody else's, nowhere else", async () => {
  await using stage = await openStage();
  await stage.page.list();
  await stage.page.add("another");
  const own = await stage.page.type("chat-1", typed("deploy at nine"));
  const theirs = await stage.page.show({ chatId: "chat-1", text: "of the session" });
  const edit = (chat: string, id: string, body: object) =>
    stage.ask(`/v1/chats/${chat}/messages/${id}/text`, { method: "POST", body });
  const change = typed("deploy at ten");
  const answers = [await edit("chat-1", own.id, change), await edit("chat-1", own.id, change)];
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  expect(await answers[0]?.json()).toMatchObject({ text: "deploy at ten", author: "you" });
  expect(
    stage.db.all("SELECT kind, ack, quotes, meta FROM events WHERE kind = 'message.edited'"),
  ).toMatchObject([
    {
      ack: "auto",
      quotes: JSON.stringify([{ label: "edited message", text: "deploy at ten" }]),
      meta: expect.stringContaining(own.id),
    },
  ]);
  expect(await (await stage.ask("/v1/chats/chat-1/messages")).json()).toMatchObject([
    { text: "deploy at ten", editedAt: expect.any(Number), state: "stored" },
    { text: "of the session" },
  ]);
  const bad = [
    await edit("chat-1", theirs, typed("x")),
    await edit("chat-2", own.id, typed("x")),
    await edit("chat-1", "m0123456789", typed("x")),
    await edit("chat-1", own.id, typed("  ")),
    await edit("chat-1", own.id, { text: "no key" }),
  ];
  expect(bad.map(({ status }) => status)).toEqual([404, 404, 404, 400, 400]);
  // The same words again are no edit.
  await edit("chat-1", own.id, typed("deploy at ten"));
  expect(stage.db.all("SELECT id FROM events")).toHaveLength(2);
});

test("what the user thinks of a session's message is told to the session; of their own it stays on the page", async () => {
  await using stage = await openStage();
  await stage.page.list();
  const own = await stage.page.type("chat-1", typed("mine"));
  const theirs = await stage.page.show({ chatId: "chat-1", text: "It is done." });
  const react = async (id: string, reaction: string): Promise<number> => {
    const path = `/v1/chats/chat-1/messages/${id}/reaction`;
    return (await stage.ask(path, { method: "POST", body: { reaction } })).status;
  };
  for (const reaction of ["👍", "👍", ""]) expect(await react(theirs, reaction)).toBe(200);
  expect(await react(own.id, "🎉")).toBe(200);
  expect(await react("m0123456789", "🎉")).toBe(404);
  expect(
    stage.db.all("SELECT priority, ack, text, quotes FROM events WHERE kind = 'reaction'"),
  ).toEqual(
    [`Reacted 👍 to`, "Took back the reaction to"].map((did) => ({
      priority: "low",
      ack: "auto",
      text: `${did} message ${theirs} on the chat page`,
      quotes: JSON.stringify([{ label: "that message", text: "It is done." }]),
    })),
  );
  const [mine, done] = (await (await stage.ask("/v1/chats/chat-1/messages")).json()) as object[];
  expect(mine).toMatchObject({ reactions: [{ by: "you", reaction: "🎉" }] });
  expect(done).toMatchObject({ reactions: [] });
});

test("a message whose answer may be missing does not stand as answered, and tabs hear of it", async () => {
  await using stage = await openStage();
  const { db, page } = stage;
  await page.list();
  const { event = "" } = await page.type("chat-1", typed("well?"));
  const pushed: unknown[] = [];
  page.open((change) => pushed.push(change));
  const effect = { kind: "reply", event, channel: "chat", chatId: "chat-1", session: "s" } as const;
  const id = await db.write(() => {
    markDone(db, event, "the session has answered", "s", 5);
    return addEffect(db, { ...effect, text: "yes" }, 5).row.id;
  });
  const read = () => listChatMessages(db, "chat-1", 1_000, 9).map(({ answer }) => answer);
  expect(read()).toEqual([undefined]);
  await db.write(() => markUnsent(db, id, "maybe", "the hub ended while it was being sent"));
  expect(read()).toEqual(["maybe"]);
  expect(pushed.at(-1)).toMatchObject({ kind: "message", message: { answer: "maybe" } });
  await db.write(() => retryEffect(db, id, 6));
  await db.write(() => markSent(db, id, 7, ["m1"]));
  expect(read()).toEqual([undefined]);
});

test("messages and their files go with the history; what is open, new, or still shown stays", async () => {
  await using stage = await openStage();
  const { db, files, page } = stage;
  await page.list();
  const attach = (name: string) => files.add(name, Buffer.from(name));
  const [sent, open, unsent] = [await attach("sent"), await attach("open"), await attach("unsent")];
  const old = await page.type("chat-1", { ...typed("old"), files: [sent.id] });
  await page.type("chat-1", { ...typed("not answered yet"), files: [open.id] });
  await db.write(() => db.run("UPDATE events SET state = 'done' WHERE id = ?", old.event ?? ""));
  await page.add("empty, and soon old");
  writeFileSync(join(stage.home.path, "chat", "0".repeat(24)), "left by a death");
  const kept = (): string[] => readdirSync(join(stage.home.path, "chat")).toSorted();
  const tidy = () => tidyChats({ ...stage, historyDays: () => 30 });
  await tidy();
  expect(kept()).toHaveLength(4);
  // Files on the disk have the true time, not the test's.
  stage.move(2 * 24 * HOUR_MS);
  await tidy();
  expect(kept()).toEqual([sent.id, open.id].toSorted());
  expect(() => files.read(unsent.id)).toThrow(/no file/);
  stage.move(29 * 24 * HOUR_MS);
  await page.type("chat-1", typed("fresh"));
  await tidy();
  expect(kept()).toEqual([open.id]);
  expect(listChatMessages(db, "chat-1", 1_000, 9)).toMatchObject([
    { text: "not answered yet" },
    { text: "fresh" },
  ]);
  expect(db.all("SELECT id FROM chats")).toEqual([{ id: "chat-1" }]);
  expect(() => files.read(sent.id)).toThrow(/no file/);
});

// PAGEFILE-1, PAGEFILE-2
test("files are private, typed by their content, and saved rather than shown", async () => {
  await using stage = await openStage();
  const html = await stage.files.add("../../evil.html", Buffer.from("<script>alert(1)</script>"));
  const svg = await stage.files.add(
    "a.svg",
    Buffer.from("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
  );
  const gif = await stage.files.add("a.txt", Buffer.from("GIF89a,,,,,"));
  expect([html.mime, svg.mime, gif.mime]).toEqual([
    "application/octet-stream",
    "application/octet-stream",
    "image/gif",
  ]);
  expect(html.name).toBe("evil.html");
  const folder = join(stage.home.path, "chat");
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  for (const name of readdirSync(folder))
    expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
  const answer = await stage.ask(`/v1/files/${html.id}`);
  expect(answer.headers.get("content-type")).toBe("application/octet-stream");
  expect(answer.headers.get("content-disposition")).toBe("attachment; filename*=UTF-8''evil.html");
  expect(answer.headers.get("content-security-policy")).toBe("default-src 'none'; sandbox");
  for (const id of ["../config.json", "..%2f..%2fconfig.json", "%2e%2e", "x"])
    expect((await stage.ask(`/v1/files/${id}`)).status).toBeGreaterThanOrEqual(400);
});

test("nobody but the page's own user is heard on its channel, however they come", async () => {
  await using stage = await openStage();
  const typedArrival = toArrival({
    channel: "chat",
    chatId: "chat-1",
    messageId: "m1",
    text: "hello",
    deliveryId: "a-key-of-its-own",
    files: [],
  });
  const { chat } = typedArrival;
  if (chat === undefined) throw new Error("a typed message has facts of its chat");
  const send = async (id: string, facts: Partial<typeof chat>): Promise<string> => {
    const arrival = { ...typedArrival, sender: { id }, chat: { ...chat, ...facts } };
    const taken = await stage.take({ ...arrival, deliveryId: crypto.randomUUID() });
    return taken.kind === "dropped" ? taken.reason : taken.kind;
  };
  const strangers = ["stranger", "Owner", "owner ", "", "0"];
  for (const id of strangers) {
    for (const facts of [{}, { isForwarded: true }, { isEdited: true }, { button: "allow" }])
      expect([id, await send(id, facts)]).not.toEqual([id, "stored"]);
  }
  for (const facts of [
    { isBot: true },
    { place: "broadcast" },
    { place: "group" },
    { place: "thread" },
  ] as const)
    expect(await send("owner", facts)).not.toBe("stored");
  expect(stage.db.all("SELECT id FROM events")).toEqual([]);
  expect(await send("owner", {})).toBe("stored");
});

test("an answer names a message of its chat, nothing else", async () => {
  await using stage = await openStage();
  await stage.page.list();
  await stage.page.add("another");
  const there = await stage.page.show({ chatId: "chat-2", text: "there" });
  for (const replyTo of ["<img src=x onerror=1>", "m0", there]) {
    const body = { ...typed("x"), replyTo };
    const answer = await stage.ask("/v1/chats/chat-1/messages", { method: "POST", body });
    expect([replyTo, answer.status]).toEqual([replyTo, 404]);
  }
});

// PAGEPORT-1, PAGEPORT-2
test("a taken port gives way to a free one, on the same literal address", async () => {
  await using stage = await openStage();
  const second = new WebListener({ SLUICE_WEB_PORT: String(stage.listener.view.port) }, stage.log);
  await second.open(stage.app);
  expect(second.view).toMatchObject({ state: "up", host: "127.0.0.1" });
  expect(second.view.port).not.toBe(stage.listener.view.port);
  await second.close();
  expect(() => new WebListener({ SLUICE_WEB_PORT: "http" }, stage.log)).toThrow(/SLUICE_WEB_PORT/);
});

test("the page is at most 24 kB, compressed, until another page of it is opened, and holds no inline script or style", () => {
  const assets = readAssets();
  const html = Buffer.from(assets.get("/")?.bytes ?? new Uint8Array()).toString();
  const sizes = [...assets].map(([path, { bytes }]) => ({ path, bytes: gzipSync(bytes).length }));
  const isFirst = (path: string): boolean => path === "/" || html.includes(`"${path}"`);
  const sum = (list: typeof sizes): number => list.reduce((total, { bytes }) => total + bytes, 0);
  const first = sum(sizes.filter(({ path }) => isFirst(path)));
  // The reader of Markdown comes with the first chat, and is the standard's whole grammar.
  const isReader = (path: string): boolean => path.includes("/markdown-elements");
  const reader = sum(sizes.filter(({ path }) => isReader(path)));
  const later = sum(sizes.filter(({ path }) => !isFirst(path) && !isReader(path)));
  console.log(`the page: ${assets.size} files, ${first} bytes compressed, later ${later}`);
  expect(first).toBeGreaterThan(1_000);
  expect(first).toBeLessThanOrEqual(24_000);
  expect(later).toBeLessThanOrEqual(25_000);
  expect(reader).toBeLessThanOrEqual(35_000);
  expect(html).not.toMatch(/<style|style=|<script(?![^>]* src=)|\son\w+=/);
});

test("bodies over their cap, or of no stated length, are refused before they are read", async () => {
  await using stage = await openStage();
  await stage.page.list();
  const big = { key: crypto.randomUUID(), text: "x".repeat(300_000) };
  expect((await stage.ask("/v1/chats/chat-1/messages", { method: "POST", body: big })).status).toBe(
    413,
  );
  const stream = new ReadableStream({
    start(end) {
      end.enqueue(Buffer.from("{}"));
      end.close();
    },
  });
  const chunked = await fetch(`${stage.listener.url}/v1/chats`, {
    method: "POST",
    headers: { "content-type": "application/json", ...stage.credentials },
    body: stream,
    // What undici wants for a body of no stated length.
    duplex: "half",
  } as RequestInit);
  expect(chunked.status).toBe(411);
});
