/**
 * kill -9 of a real hub at random moments, under senders that do not give up.
 *
 * Owns: the load, the kills, and counting afterwards. Never: how a hub is started (test/e2e/rig.ts).
 *
 * Each sender repeats an event under the same delivery id until it hears a 2xx, as a careful sender does. So a kill between
 * COMMIT and answer shows as a duplicate that the hub absorbs; one before COMMIT as nothing at all.
 */
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { Agent, request } from "node:http";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { join } from "node:path";
import { endProcess, openRigWithHub } from "../e2e/rig.ts";
import type { Endpoint } from "../e2e/senders.ts";

export type KillHubOptions = { rounds: number; senders: number };

export type KillHubResult = {
  rounds: number;
  /** Events whose sender heard a 2xx. */
  accepted: number;
  /** Accepted, and not in the database under the id that was told. */
  lost: number;
  /** Delivery ids with more than one event. */
  doubled: number;
  /** Repeated after a kill and answered as known: stored before, but the answer was lost. */
  duplicatesAbsorbed: number;
  /** Attempts that ended without an answer, or with a 503. */
  retries: number;
  /** What SQLite says of the file. */
  integrity: string;
};

export async function killHub({ rounds, senders }: KillHubOptions): Promise<KillHubResult> {
  await using rig = await openRigWithHub();
  // No rate limit: the load is the test.
  const ops = await rig.addChannel({ kind: "webhook", name: "ops", rate: 0, quota: 1_000_000 });
  const tally = { accepted: new Map<string, string>(), absorbed: 0, retries: 0 };
  const stop = new AbortController();
  const load = Array.from({ length: senders }, () => send(ops, tally, stop.signal));
  let hub = await rig.hubPid();
  for (let round = 0; round < rounds; round++) {
    // The hub is under load when it has accepted some, however slow the machine is; then any moment is good.
    const goal = tally.accepted.size + 2 * senders;
    while (tally.accepted.size < goal) await sleep(2);
    await sleep(Math.random() * 150);
    await endProcess(hub, "SIGKILL");
    hub = await rig.startHub();
  }
  stop.abort();
  await Promise.all(load);
  await endProcess(hub, "SIGKILL");

  const db = new DatabaseSync(join(rig.home, "sluice.db"));
  const rows = db.prepare("SELECT id, delivery_id FROM events").all();
  const integrity = String(db.prepare("PRAGMA integrity_check").get()?.["integrity_check"]);
  db.close();
  const stored = new Map(rows.map((row) => [String(row["delivery_id"]), String(row["id"])]));
  return {
    rounds,
    accepted: tally.accepted.size,
    lost: [...tally.accepted].filter(([deliveryId, id]) => stored.get(deliveryId) !== id).length,
    doubled: rows.length - stored.size,
    duplicatesAbsorbed: tally.absorbed,
    retries: tally.retries,
    integrity,
  };
}

type Tally = { accepted: Map<string, string>; absorbed: number; retries: number };

/** One event after the other, each until it is accepted. */
async function send(endpoint: Endpoint, tally: Tally, signal: AbortSignal): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  while (!signal.aborted) {
    const deliveryId = randomUUID();
    for (;;) {
      const answer = await post(agent, endpoint, deliveryId).catch(() => undefined);
      if (answer?.status === 202 || answer?.status === 200) {
        const { id, duplicate } = JSON.parse(answer.text) as { id: string; duplicate: boolean };
        tally.accepted.set(deliveryId, id);
        if (duplicate) tally.absorbed++;
        break;
      }
      if (answer !== undefined && answer.status !== 503)
        throw new Error(`a sender was told ${answer.status}: ${answer.text}`);
      tally.retries++;
      await sleep(10 + Math.random() * 20);
    }
  }
  agent.destroy();
}

async function post(
  agent: Agent,
  { url, secret }: Endpoint,
  deliveryId: string,
): Promise<{ status: number; text: string }> {
  const outgoing = request(url, {
    agent,
    method: "POST",
    headers: {
      authorization: `Bearer ${secret}`,
      "content-type": "text/plain",
      "idempotency-key": deliveryId,
    },
  });
  outgoing.end(`event ${deliveryId} ${"x".repeat(500)}`);
  const [answer] = await once(outgoing, "response");
  let text = "";
  for await (const chunk of answer) text += String(chunk);
  return { status: answer.statusCode ?? 0, text };
}
