/**
 * Who x where on the page: what exists there is its one user, signed in, in their own chats. Everything else is refused twice: at the
 * door, where a browser cannot even say it, and at the gate, should it ever get that far.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { PAGE_ACCOUNT, PAGE_USER } from "../../channels/chat/receive.ts";
import type { ChatFacts } from "../../sdk/event.ts";
import { openStage } from "./page-rig.fixture.ts";

let stage: Awaited<ReturnType<typeof openStage>>;
let mine = "";
let answer = "";
beforeAll(async () => {
  stage = await openStage();
  await stage.page.list();
  mine = (await stage.page.type("chat-1", { key: crypto.randomUUID(), text: "mine" })).id;
  answer = await stage.page.show({ chatId: "chat-1", text: "an answer" });
});
afterAll(() => stage[Symbol.asyncDispose]());

type Credentials = Record<string, string>;
/** What each brings to the door, and who they would be at the gate. */
const SENDERS: Record<
  string,
  { door: (own: Credentials) => Credentials; id: string; facts?: Partial<ChatFacts> }
> = {
  owner: { door: (own) => own, id: PAGE_USER },
  // Half a sign-in each: a cookie that another program's page may have sent along, a key without it.
  chatter: { door: ({ cookie = "" }) => ({ cookie }), id: "4711" },
  member: { door: ({ "x-sluice-key": key = "" }) => ({ "x-sluice-key": key }), id: "4712" },
  stranger: { door: () => ({}), id: "Owner" },
  bot: {
    door: (own) => ({ ...own, "x-sluice-key": "A".repeat(43) }),
    id: PAGE_USER,
    facts: { isBot: true },
  },
  "anonymous admin": {
    door: (own) => ({ ...own, cookie: "sluice_1=x" }),
    id: PAGE_USER,
    facts: { place: "broadcast" },
  },
  "channel post": {
    door: (own) => ({ ...own, origin: "https://example.com" }),
    id: PAGE_USER,
    facts: { place: "broadcast" },
  },
};

const words = (): object => ({ key: crypto.randomUUID(), text: "deploy" });
const MESSAGES = "/v1/chats/chat-1/messages";
/** `says`: the one way a browser has to say it; absent, there is none, and what comes closest is refused. */
const PLACES: Record<
  string,
  { path: () => string; body: () => object; exists: boolean; facts: Partial<ChatFacts> }
> = {
  DM: { path: () => MESSAGES, body: words, exists: true, facts: {} },
  group: {
    path: () => "/v1/chats/-1001234/messages",
    body: words,
    exists: false,
    facts: { place: "group", groupId: "-1001234" },
  },
  thread: {
    path: () => MESSAGES,
    body: () => ({ ...words(), threadId: "7" }),
    exists: false,
    facts: { place: "thread", groupId: "chat-1" },
  },
  forwarded: {
    path: () => MESSAGES,
    body: () => ({ ...words(), forwardedFrom: "Owner", chat: { isForwarded: true } }),
    exists: false,
    facts: { isForwarded: true },
  },
  edited: { path: () => `${MESSAGES}/${mine}/text`, body: words, exists: true, facts: {} },
  reply: {
    path: () => MESSAGES,
    body: () => ({ ...words(), replyTo: answer }),
    exists: true,
    facts: {},
  },
  button: {
    path: () => `${MESSAGES}/${answer}/button`,
    body: () => ({ button: "allow" }),
    exists: false,
    facts: { button: "allow" },
  },
};

const CELLS = Object.keys(SENDERS).flatMap((who) =>
  Object.keys(PLACES).map((place) => {
    const isIn = who === "owner" && PLACES[place]?.exists === true;
    return { who, place, expected: isIn ? "in" : "refused" };
  }),
);

test("the table has 49 cells, of which three are open", () => {
  expect(CELLS).toHaveLength(49);
  expect(CELLS.filter(({ expected }) => expected === "in").map(({ place }) => place)).toEqual([
    "DM",
    "edited",
    "reply",
  ]);
});

const countEvents = (): number => stage.db.all("SELECT id FROM events").length;

test.each(CELLS)("the door: $who, $place: $expected", async ({ who, place, expected }) => {
  const { door } = SENDERS[who] ?? { door: () => ({}) };
  const { path, body } = PLACES[place] ?? { path: () => "/", body: words };
  const before = countEvents();
  const answered = await stage.ask(path(), {
    method: "POST",
    body: body(),
    headers: door(stage.credentials),
  });
  if (expected === "in") {
    expect(answered.status).toBe(200);
    expect(countEvents()).toBe(before + 1);
  } else {
    expect(answered.status).toBeGreaterThanOrEqual(400);
    expect(answered.status).toBeLessThan(500);
    expect(countEvents()).toBe(before);
  }
});

const GATE = CELLS.filter(
  // What only the door can tell apart: the page's user in their own chat, in ways that a browser cannot say.
  ({ who, place }) => !(who === "owner" && ["forwarded", "button"].includes(place)),
);

test.each(GATE)("the gate: $who, $place: $expected", async ({ who, place, expected }) => {
  const { id, facts } = SENDERS[who] ?? { id: "" };
  const before = countEvents();
  const taken = await stage.take({
    channel: "chat",
    kind: "message",
    sender: { id, name: "owner" },
    text: "",
    quotes: [{ label: "message", text: "deploy" }],
    meta: {},
    priority: "normal",
    ack: "reply",
    verified: "web",
    chatId: "chat-1",
    chat: {
      place: "dm",
      account: PAGE_ACCOUNT,
      isAddressed: true,
      isBot: false,
      isForwarded: false,
      isEdited: false,
      ...PLACES[place]?.facts,
      ...facts,
    },
  });
  expect(taken.kind).toBe(expected === "in" ? "stored" : "dropped");
  expect(countEvents()).toBe(before + (expected === "in" ? 1 : 0));
});

test("no rule of the owner's list opens the page: its people are nobody there", async () => {
  const access = stage.access("chat", {
    paused: false,
    allowUnsigned: false,
    chat: {
      policy: "pairing",
      isStatic: false,
      hasInvite: true,
      findSender: () => ({ roles: ["chatter", "approver", "owner"] }),
      findGroup: (id) => ({
        channel: "chat",
        id,
        senders: ["*"],
        requireMention: false,
        patterns: [],
      }),
    },
  });
  expect(access.chat).toMatchObject({ policy: "allowlist", isStatic: true, hasInvite: false });
  expect(access.chat?.findSender(PAGE_ACCOUNT, "4711")).toBeUndefined();
  expect(access.chat?.findGroup("chat-1")).toBeUndefined();
});
