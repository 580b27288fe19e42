import fc from "fast-check";
import { expect, test } from "vitest";
import type { Arrival } from "../../sdk/event.ts";
import { readOwnWords } from "../../sdk/words.ts";
import { receive } from "./receive.ts";
import samples from "./samples.json" with { type: "json" };
import type { Me } from "./wire.ts";
import { toRuns } from "../../sdk/runs.fixture.ts";

const ME: Me = { id: "4242", username: "sluice_bot" };

function read(name: keyof typeof samples): Arrival {
  const reading = receive({ update_id: 1, ...samples[name] }, "tg", ME);
  if (reading.kind !== "arrival") throw new Error(`${name}: ${JSON.stringify(reading)}`);
  return reading.arrival;
}

test("a text: who, where, and the words apart from our line", () => {
  expect(read("text")).toEqual({
    channel: "tg",
    kind: "message",
    sender: { id: "77", name: "Ann Lee" },
    text: "Message from Ann Lee",
    quotes: [{ label: "message", text: "deploy the fix, please" }],
    meta: { user: "Ann Lee", user_id: "77", chat_id: "77", message_id: "11" },
    priority: "normal",
    ack: "reply",
    verified: "telegram",
    deliveryId: "4242:1",
    chatId: "77",
    occurredAt: 1_767_603_600_000,
    chat: {
      place: "dm",
      account: "4242",
      isAddressed: true,
      isBot: false,
      isForwarded: false,
      isEdited: false,
    },
  });
});

test.each([
  ["photo with caption", "(photo)", [["large", "photo.jpg", "image/jpeg", 84_000]]],
  [
    "document",
    "(document: report ?1?.pdf)",
    [["doc", "report <1>.pdf", "application/pdf", 12_000]],
  ],
  ["voice", "(voice message: 7 s)", [["voice", "voice.ogg", "audio/ogg", 9_000]]],
  ["audio", "(audio: Song, 180 s)", [["audio", "Song", "audio/mpeg", 3_000_000]]],
  ["video", "(video: 12 s)", [["video", "video.mp4", "video/mp4", 900_000]]],
  ["video note", "(video note: 5 s)", [["note", "video_note.mp4", undefined, 80_000]]],
  ["animation", "(animation: cat.gif.mp4, 2 s)", [["anim", "cat.gif.mp4", "video/mp4", undefined]]],
  ["sticker", "(sticker 😀)", [["stick", "sticker.webp", "image/webp", undefined]]],
  ["location", "(location: 52.52, 13.405)", []],
  ["contact", "(contact)", []],
  ["poll", "(poll)", []],
] as const)("%s has a placeholder and its file by reference", (name, placeholder, files) => {
  const arrival = read(name);
  expect(arrival.text).toBe(`Message from Ann\n${placeholder}`);
  expect(
    (arrival.files ?? []).map(({ reference, name, mime, bytes }) => [reference, name, mime, bytes]),
  ).toEqual(files.map((file) => [...file]));
});

// CONTENT-1
test("a caption, a venue, a contact and a poll are other people's words: quotes", () => {
  expect(read("photo with caption").quotes).toEqual([{ label: "message", text: "look at this" }]);
  expect(read("location").quotes).toEqual([{ label: "venue", text: "Tower, Square 1" }]);
  expect(read("contact").quotes).toEqual([{ label: "contact", text: "Bob +100" }]);
  expect(read("poll").quotes).toEqual([{ label: "poll", text: "Ship it?\n- yes\n- no" }]);
  expect(read("hidden link").quotes[1]).toEqual({
    label: "links",
    text: "the docs: https://example.com/x",
  });
});

test("what is answered travels as a marked quote, the chosen part where there is one", () => {
  expect(read("quote").quotes[1]).toEqual({
    label: "in reply to",
    text: "I changed <img onerror=x>",
  });
  expect(read("quote").meta).toMatchObject({
    reply_to_id: "9",
    reply_to_text: "I changed <img onerror=x>",
  });
  expect(read("quoted part").quotes[1]).toEqual({ label: "in reply to", text: "long" });
});

// BOTCOMMAND-1
test("forwarded and edited words are nobody's new words, so no code and no command is read from them", () => {
  for (const name of ["forwarded", "edited"] as const) {
    expect(readOwnWords(read(name))).toBe("");
  }
  expect(read("forwarded")).toMatchObject({
    text: "Message from Ann, forwarded from Mallory",
    quotes: [{ label: "forwarded", text: "yes abcde" }],
    meta: { forwarded_from: "Mallory" },
    chat: { isForwarded: true },
  });
  expect(read("edited")).toMatchObject({
    kind: "message.edited",
    ack: "auto",
    meta: { edited: "true", message_id: "11" },
    chat: { isEdited: true },
    occurredAt: 1_767_603_700_000,
  });
});

test("reactions and taps are events that owe no answer", () => {
  expect(read("reaction")).toMatchObject({
    kind: "reaction",
    text: "Ann reacted ❤ to message 9",
    ack: "auto",
    priority: "low",
  });
  expect(read("button")).toMatchObject({
    kind: "button",
    ack: "auto",
    chat: { button: "ok:1", isAddressed: true },
  });
  expect(receive({ update_id: 1, ...samples.button }, "tg", ME)).toMatchObject({ tap: "cb1" });
});

// UPDATE-1
test.each([
  ["group, not to us", { place: "group", isAddressed: false, groupId: "-100123" }],
  ["group, named", { place: "group", isAddressed: true, groupId: "-100123" }],
  ["group, named in words only", { place: "group", isAddressed: false }],
  ["group, answers us", { place: "group", isAddressed: true }],
  ["topic", { place: "thread", isAddressed: false, groupId: "-100123" }],
  ["anonymous admin", { place: "broadcast" }],
  ["channel post in a discussion group", { place: "broadcast", isForwarded: true }],
  ["channel post", { place: "broadcast" }],
  ["another bot", { place: "group", isBot: true }],
] as const)("%s: the gate sees what it is", (name, facts) => {
  expect(read(name).chat).toMatchObject(facts);
});

test("a topic is kept, so that the answer goes there", () => {
  expect(read("topic")).toMatchObject({ chatId: "-100123", meta: { thread_id: "5" } });
  expect(read("topic").meta).not.toHaveProperty("reply_to_id");
});

// UPDATE-2
test.each([
  ["by way of an inline bot", "a message by way of another bot"],
  ["business", "a message of a business account"],
  ["service", "a service message"],
] as const)("%s is left out", (name, reason) => {
  expect(receive({ update_id: 1, ...samples[name] }, "tg", ME)).toEqual({ kind: "ignore", reason });
});

test("a live location is read once: where it moves to wakes nobody", () => {
  const { message } = samples.location;
  const moved = { ...message, edit_date: 1_767_603_660 };
  expect(receive({ update_id: 2, edited_message: moved }, "tg", ME)).toEqual({
    kind: "ignore",
    reason: "a live location that moves",
  });
});

test("whatever an update holds, reading it throws nothing and quotes nothing of it", () => {
  const names = Object.keys(samples) as (keyof typeof samples)[];
  fc.assert(
    fc.property(fc.constantFrom(...names), fc.jsonValue(), fc.nat(), (name, junk, at) => {
      // One field anywhere in a good update is replaced.
      const text = JSON.stringify({ update_id: 1, ...samples[name] });
      const colons = [...text.matchAll(/":/g)];
      const cut = colons[at % colons.length]?.index ?? 0;
      let update: unknown;
      try {
        const key = /"([^"]*)$/.exec(text.slice(0, cut))?.[1] ?? "";
        update = JSON.parse(text, (field, value: unknown) => (field === key ? junk : value));
      } catch {
        return; // Not every cut leaves a key; those that do are enough.
      }
      const reading = receive(update, "tg", ME);
      if (reading.kind === "malformed") expect(reading.reason).toMatch(/^[\w. ]+$/);
    }),
    { numRuns: toRuns(2_000) },
  );
  for (const update of [null, 1, "x", [], {}, { update_id: 1 }, { update_id: 1, message: 5 }]) {
    expect(receive(update, "tg", ME).kind).not.toBe("arrival");
  }
});
