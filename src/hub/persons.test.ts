/** One person in several places: where they are told, and what is forgotten of them. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { AccessPolicy } from "../flow/access/policy.ts";
import type { RuleChange } from "../flow/access/change.ts";
import { systemClock } from "../sdk/clock.ts";
import { addEvent } from "../store/events/add-event.ts";
import { findEvent } from "../store/events/inbox.ts";
import { makeFolder, openDatabase, toArrival } from "../store/sample.fixture.ts";
import { openPeople } from "./forget.ts";
import { listOwnerPlaces, type OwnerPlaceOptions } from "./owner-places.ts";
import { openHome } from "./process/home.ts";

const PLACES = [
  { channel: "telegram", id: "77" },
  { channel: "discord", id: "880" },
  { channel: "slack", id: "U1" },
] as const;

async function openScene() {
  const home = openHome({ SLUICE_HOME: join(makeFolder(), "home") });
  const db = openDatabase(home.database);
  const policy = new AccessPolicy({ db, clock: systemClock, isStatic: false });
  const write = (change: RuleChange) => db.write(() => policy.write(change, "owner"));
  for (const place of PLACES)
    await write({
      kind: "link",
      ...place,
      account: "a",
      name: "",
      chatId: place.id,
      roles: ["owner"],
    });
  await write({ kind: "person", ...PLACES[0], to: PLACES[1] });
  const say = ({ channel, id }: (typeof PLACES)[number]) =>
    db.write(() => addEvent(db, toArrival({ channel, sender: { id } }), "chatter", 1, 1).id);
  const told = (options: Partial<OwnerPlaceOptions> = {}) => {
    const none = { notices: undefined, except: undefined, isEverywhere: false };
    const places = listOwnerPlaces({ db, policy, has: () => true, ...none, ...options });
    return places.map(({ channel }) => channel).toSorted();
  };
  return { home, db, policy, write, say, told };
}

// OWNER-1
test("an owner in two places is told once: where they wrote last, at the place for notices, or where they want it", async () => {
  const { write, say, told } = await openScene();
  expect(told()).toEqual(["slack", "telegram"]);
  await say(PLACES[1]);
  expect(told()).toEqual(["discord", "slack"]);
  await say(PLACES[0]);
  expect(told()).toEqual(["slack", "telegram"]);
  const at = { channel: "discord", chatId: "880" };
  expect(told({ notices: at })).toEqual(["discord", "slack"]);
  expect(told({ except: at })).toEqual(["slack"]);
  expect(told({ has: (channel) => channel !== "telegram" })).toEqual(["discord", "slack"]);
  await write({ kind: "prefer", ...PLACES[1] });
  expect(told({ notices: { channel: "telegram", chatId: "77" } })).toEqual(["discord", "slack"]);
  expect(told({ isEverywhere: true })).toEqual(["discord", "slack", "telegram"]);
});

test("a person who is forgotten is forgotten in all their places", async () => {
  const { home, db, policy, say } = await openScene();
  const events = [await say(PLACES[0]), await say(PLACES[1])];
  const other = await say(PLACES[2]);
  const ignore = (): void => {};
  const log = { debug: ignore, info: ignore, warn: ignore, error: ignore };
  const people = openPeople({ db, home, log, clock: systemClock }, { policy });
  const request = { ...PLACES[1], isDry: true, backups: false };
  expect(await people.forget(request, "me")).toMatchObject({ events: 2, isListed: true });
  const done = await people.forget({ ...request, isDry: false }, "me");
  expect(done).toMatchObject({ events: 2, isDone: true, places: [PLACES[0], PLACES[1]] });
  for (const id of events) expect(findEvent(db, id)?.text).toBe("(forgotten)");
  expect(findEvent(db, other)?.sender.id).toBe("U1");
  expect([policy.rules.senders.map(({ id }) => id), policy.rules.persons]).toEqual([["U1"], []]);
});
