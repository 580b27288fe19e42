/**
 * What the power-loss rig cuts: it stores events through the real store and names each one that was accepted.
 *
 * Owns: one process that writes until it is killed. argv: database file, FULL or OFF.
 */
import { randomBytes } from "node:crypto";
import { writeSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { isSluiceError } from "../../src/sdk/errors.ts";
import { Database } from "../../src/store/file/database.ts";
import { addEvent } from "../../src/store/events/add-event.ts";
import type { Arrival } from "../../src/sdk/event.ts";

const [, , path = "", synchronous] = process.argv;
const db = new Database(path, {
  synchronous: synchronous === "OFF" ? "OFF" : "FULL",
  checkpoints: "thread",
});

for (;;) {
  // Lone writes and bursts that share a commit.
  const burst = 1 + Math.floor(Math.random() ** 3 * 20);
  const fault = await Promise.all(
    Array.from({ length: burst }, async () => {
      const { id } = await db.write(() =>
        addEvent(db, toArrival(), "source", Date.now(), Date.now()),
      );
      // Synchronous: what stands in the pipe outlives the process. This is the 2xx.
      say(id);
    }),
  ).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (fault === undefined) continue;
  if (!isSluiceError(fault, "store_readonly")) throw fault;
  // This is the 503; its sender comes again.
  say("refused");
  await sleep(2);
}

/** Whoever reads may be slow: then the pipe is full for a while. */
function say(line: string): void {
  for (;;) {
    try {
      writeSync(1, `${line}\n`);
      return;
    } catch (thrown) {
      if (!(thrown instanceof Error && "code" in thrown && thrown.code === "EAGAIN")) throw thrown;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

function toArrival(): Arrival {
  return {
    channel: "github",
    kind: "push",
    sender: { id: "1" },
    text: randomBytes(Math.floor(Math.random() * 1_500)).toString("hex"),
    quotes: [],
    meta: {},
    priority: "normal",
    ack: "auto",
    verified: "github",
    deliveryId: randomBytes(16).toString("hex"),
  };
}
