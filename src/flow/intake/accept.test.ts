import { expect, test } from "vitest";
import { isSluiceError, SluiceError } from "../../sdk/errors.ts";
import { countByState } from "../../store/events/figures.ts";
import { InboxLimit } from "../../store/events/add-event.ts";
import { failTurn, openDatabase, toArrival } from "../../store/sample.fixture.ts";
import type { Arrival } from "../../sdk/event.ts";
import { accept } from "./accept.ts";
import type { ChatRules } from "./gate.ts";
import { VirtualClock } from "../virtual-clock.fixture.ts";

const start = (access = { paused: false, allowUnsigned: false }) => {
  const db = openDatabase();
  const calls: string[] = [];
  const clock = new VirtualClock();
  const options = {
    db,
    clock,
    limit: new InboxLimit(db, clock),
    access: { get: () => access },
    assign: () => ({ watchers: "" }),
    pressing: () => {},
    stored: () => void calls.push("stored"),
  };
  return { db, calls, options };
};

test("what is stored is told of once; its duplicate is not", async () => {
  const { db, calls, options } = start();
  const first = await accept(toArrival({ deliveryId: "d" }), 1, options);
  const second = await accept(toArrival({ deliveryId: "d" }), 2, options);
  expect(second).toEqual({ ...first, duplicate: true });
  expect([calls, countByState(db).stored]).toEqual([["stored"], 1]);
});

test("GATE-2: of what is dropped nothing is in the file", async () => {
  const { db, calls, options } = start({ paused: true, allowUnsigned: false });
  expect(await accept(toArrival({ text: "NEVER-KEPT" }), 1, options)).toEqual({
    kind: "dropped",
    reason: "paused",
  });
  const tables = db.all<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table'");
  const rows = tables.flatMap(({ name }) => db.all(`SELECT * FROM "${name}"`));
  expect([JSON.stringify(rows).includes("NEVER-KEPT"), calls]).toEqual([false, []]);
});

test("a failed transaction is a fault for the sender, and nothing is kept", async () => {
  const { db, options } = start();
  const accepted = accept(toArrival({ deliveryId: "d" }), 1, options);
  const [outcome] = await Promise.allSettled([accepted, failTurn(db)]);
  expect(outcome?.status === "rejected" && isSluiceError(outcome.reason, "internal")).toBe(true);
  expect(countByState(db).stored).toBe(0);
  expect(await accept(toArrival({ deliveryId: "d" }), 1, options)).toMatchObject({
    duplicate: false,
  });
});

test("another's refusal in the same turn is none of the sender's: the event is kept", async () => {
  const { db, options } = start();
  const accepted = accept(toArrival({ deliveryId: "d" }), 1, options);
  const refused = db.write(() => {
    throw new SluiceError("conflict", "a test's refusal");
  });
  const outcomes = await Promise.allSettled([accepted, refused]);
  expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
  expect(countByState(db).stored).toBe(1);
});

test("what is stored is marked as known where its channel, or the owner's list, says so, and where nobody could", async () => {
  const chat = {
    place: "group",
    account: "bot",
    isAddressed: true,
    isBot: false,
    isForwarded: false,
    isEdited: false,
  } as const;
  const rules: ChatRules = {
    policy: "allowlist",
    isStatic: false,
    hasInvite: false,
    findSender: (_, id) => (id === "ann" ? { roles: ["chatter"] } : undefined),
    findGroup: () => ({ senders: ["*", "bob"], requireMention: false }) as never,
  };
  const { options } = start();
  const isMarked = async (changes: Partial<Arrival>): Promise<boolean | undefined> => {
    let marked: boolean | undefined;
    const accepted = await accept(toArrival(changes), 1, {
      ...options,
      access: { get: () => ({ paused: false, allowUnsigned: false, chat: rules }) },
      assign: ({ isKnown }) => {
        marked = isKnown;
        return { watchers: "" };
      },
    });
    expect(accepted.kind).toBe("stored");
    return marked;
  };
  const said = (id: string): Partial<Arrival> => ({ chat, chatId: "g", sender: { id } });
  expect(await isMarked(said("ann"))).toBe(true);
  expect(await isMarked(said("bob"))).toBe(true);
  expect(await isMarked(said("zoe"))).toBe(false);
  expect(await isMarked({ ...said("zoe"), isKnown: true })).toBe(false);
  expect(await isMarked({})).toBe(true);
  expect(await isMarked({ isKnown: false })).toBe(false);
});
