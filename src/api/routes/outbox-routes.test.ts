/** Sending again by hand, over the route itself and a real file. */
import { expect, test } from "vitest";
import { addEffect, findEffect, markUnsent } from "../../store/outbox/outbox.ts";
import { openDatabase } from "../../store/sample.fixture.ts";
import { createOutboxRoutes } from "./outbox-routes.ts";
import { answerFault } from "./parse.ts";

const CALLER = { pid: 1, startTime: "x", tty: false, session: false };

async function open(caller: { isSession: boolean }) {
  const db = openDatabase();
  const queued: string[] = [];
  const ids = await db.write(() =>
    ["ops", "gone"].map((channel) => {
      const effect = { kind: "notice", event: null, channel, chatId: "1", session: "" } as const;
      const { row } = addEffect(db, { ...effect, text: "hello" }, 1);
      markUnsent(db, row.id, "maybe", "the connection broke");
      return row.id;
    }),
  );
  const routes = createOutboxRoutes({
    db,
    clock: { now: () => 9, after: () => () => {} },
    channels: { canReply: (channel) => channel === "ops" },
    outbox: { queued: (channel) => void queued.push(channel) },
    toCaller: () => ({ ...caller, isTerminal: false, origin: "a test" }),
  }).onError((thrown, context) => answerFault(thrown, context));
  const retry = async (id = 0) => {
    const answer = await routes.request(`/outbox/${id}/retry`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ caller: CALLER }),
    });
    return [answer.status, findEffect(db, id)?.state];
  };
  return { ids, retry, queued };
}

test("what may have been sent goes again by hand, where its channel still is, and for no session", async () => {
  const { ids, retry, queued } = await open({ isSession: false });
  const [ops, gone] = ids;
  expect(await retry(gone)).toEqual([409, "maybe"]);
  expect(await retry(ops)).toEqual([200, "queued"]);
  expect(await retry(ops)).toEqual([409, "queued"]);
  expect(queued).toEqual(["ops"]);
  const session = await open({ isSession: true });
  expect(await session.retry(session.ids[0])).toEqual([401, "maybe"]);
});
