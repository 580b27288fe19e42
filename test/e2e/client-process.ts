/**
 * A client in a process of its own: what `spawnClient` forks. It opens one reference session and tells what happens in it.
 *
 * Owns: that process. Never: checks anything (the test does).
 */
import { setTimeout as sleep } from "node:timers/promises";
import { openSession, type ReferenceSession } from "../../src/host/session.ts";
import type { Model } from "../../src/host/turns.ts";
import { carriesEvent, ringBy } from "./sessions.ts";
import type { ClientCommand, ClientOrder, ClientReport, ModelName } from "./sessions.ts";

const MODELS: Record<ModelName, Model> = {
  read: () => {},
  hold: async (turn) => {
    if (carriesEvent(turn)) await sleep(600_000, undefined, { signal: turn.signal, ref: false });
  },
};

let session: ReferenceSession | undefined;
const tell = (report: ClientReport): void => void process.send?.(report);

process.on("message", (message: ClientOrder | ClientCommand) => {
  if (message === "close") void close();
  else if ("type" in message) session?.type(message.type);
  else void open(message);
});
// Whoever forked us is gone: so is the session.
process.on("disconnect", () => void close());

async function open(order: ClientOrder): Promise<void> {
  session = await openSession({ ...order.session, model: MODELS[order.model] });
  session.observe((note) => tell({ kind: "note", note }));
  const bell = order.lane === "monitor" ? ringBy(session) : undefined;
  tell({ kind: "open", serverPid: session.serverPid, bellPid: bell?.pid });
}

async function close(): Promise<void> {
  await session?.close();
  process.exit(0);
}
