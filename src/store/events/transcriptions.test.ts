import { expect, test } from "vitest";
import { forgetPerson } from "../access/forget-person.ts";
import { openDatabase, toArrival } from "../sample.fixture.ts";
import { addEvent } from "./add-event.ts";
import { listCopiesOf } from "./copies.ts";
import { findEvent, moveEvent } from "./inbox.ts";
import { replayEvent } from "./replay.ts";
import { listNewestWaiting } from "./subscriptions.ts";
import { toTargetText } from "./target.ts";
import {
  addTranscription,
  isTranscribing,
  listTranscriptions,
  settleTranscription,
  toHeldAssignment,
} from "./transcriptions.ts";

async function openScene(isKnown = false) {
  const db = openDatabase();
  const id = await db.write(() => {
    const arrival = toArrival({ channel: "tg", sender: { id: "77" } });
    const added = addEvent(db, arrival, "chatter", 1, 1, {
      assign: () => toHeldAssignment(isKnown),
    });
    addTranscription(db, added.id, [{ position: 1, seconds: 3 }]);
    return added.id;
  });
  return { db, id };
}

const HEARD = {
  text: "Message",
  quotes: [{ label: "voice note, transcribed", text: "hi" }],
  meta: {},
};

// HEARD-1
test.each([
  ["a stranger's", false],
  ["a known person's", true],
])(
  "%s event that waits for its text is given to nobody by a new subscription, nor by a replay",
  async (_, isKnown) => {
    const { db, id } = await openScene(isKnown);
    expect(listNewestWaiting(db, "tg", 10)).toEqual([]);
    const target = toTargetText({ session: "s", name: "s" });
    const replayed = await db.write(() => replayEvent(db, { id, state: "stored" }, target, 2));
    expect(replayed).toMatchObject({
      replayed: false,
      reason: "its voice note is being transcribed",
    });
    expect(listTranscriptions(db, 9)).toMatchObject([
      { event: id, channel: "tg", notes: [{ position: 1, seconds: 3 }], attempts: 0 },
    ]);
  },
);

// HEARD-1
test("with its text it goes to whom it is for, or out in copies, which have the text as well", async () => {
  const { db, id } = await openScene();
  const copies = ["a", "b"].map((session) => ({
    target: toTargetText({ session, name: session }),
    watchers: "copy",
  }));
  const assignment = { watchers: "copies", copies };
  const ids = await db.write(() =>
    settleTranscription(db, id, { heard: HEARD, assignment, isOpen: true, reason: "" }, 3),
  );
  expect(ids).toEqual(listCopiesOf(db, id).map((copy) => copy.id));
  for (const one of [id, ...ids]) expect(findEvent(db, one)?.quotes).toEqual(HEARD.quotes);
  expect(isTranscribing(db, id)).toBe(false);
});

test.each([
  ["a stranger's", false, "null"],
  ["a known person's", true, '"known"'],
])(
  "%s that is over is held no more: a replay finds it, as known as it was",
  async (_, isKnown, mark) => {
    const { db, id } = await openScene(isKnown);
    const assignment = { watchers: "9" };
    await db.write(() => {
      moveEvent(db, id, "expired", { at: 2, stage: "expired" });
      settleTranscription(db, id, { heard: HEARD, assignment, isOpen: false, reason: "" }, 3);
    });
    const replayed = await db.write(() => replayEvent(db, { id, state: "expired" }, undefined, 4));
    expect([replayed.replayed, findEvent(db, id)?.address]).toEqual([
      true,
      `[null,${mark},null,"tg"]`,
    ]);
  },
);

test("of a person who was forgotten nothing is listened to any more", async () => {
  const { db, id } = await openScene();
  await db.write(() => forgetPerson(db, { channel: "tg", id: "77" }, 2));
  expect([isTranscribing(db, id), listTranscriptions(db, 9)]).toEqual([false, []]);
});
