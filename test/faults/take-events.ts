/**
 * A client of MCP Events that polls while the hub dies again and again under load.
 *
 * Owns: the load, the kills, the client, and counting afterwards. Never: how a hub is started (test/e2e/rig.ts).
 *
 * The client keeps a page and its cursor together, as a careful client does, and asks again from there whatever happened.
 */
import { randomUUID } from "node:crypto";
import { Agent, request } from "node:http";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { join } from "node:path";
import { endProcess, openRigWithHub, type Rig } from "../e2e/rig.ts";
import type { Endpoint } from "../e2e/senders.ts";

export type TakeEventsResult = {
  accepted: number;
  kills: number;
  /** In the inbox, and never given to the client. */
  missing: number;
  /** Given to it more than once. */
  doubled: number;
  /** Given to it in another order than that of the inbox. */
  disordered: number;
  /** A page said that something may be missing. */
  truncated: number;
  polls: number;
};

export async function takeEvents(options: {
  events: number;
  kills: number;
  senders: number;
}): Promise<TakeEventsResult> {
  const { events, kills, senders } = options;
  const port = 30_000 + Math.floor(Math.random() * 2_000);
  await using rig = await openRigWithHub({ env: { SLUICE_EVENTS_PORT: String(port) } });
  const ops = await rig.addChannel({ kind: "webhook", name: "ops", rate: 0, quota: 1_000_000 });
  const client = await openClient(rig);
  const load = { left: events, accepted: 0 };
  const sending = Promise.all(Array.from({ length: senders }, () => send(ops, load)));
  const over = new AbortController();
  const polling = client.run(over.signal);
  let hub = await rig.hubPid();
  for (let round = 1; round <= kills; round++) {
    const goal = Math.floor((events * round) / (kills + 1));
    while (load.accepted < goal) await sleep(2);
    await sleep(Math.random() * 100);
    await endProcess(hub, "SIGKILL");
    hub = await rig.startHub();
  }
  await sending;
  over.abort();
  await polling;
  await endProcess(hub, "SIGKILL");
  const db = new DatabaseSync(join(rig.home, "sluice.db"));
  const stored = db.prepare("SELECT delivery_id AS id FROM events ORDER BY seq").all();
  db.close();
  const { got, polls, truncated } = client;
  const ids = stored.map(({ id }) => String(id));
  const given = new Set(got);
  return {
    accepted: load.accepted,
    kills,
    missing: ids.filter((id) => !given.has(id)).length,
    doubled: got.length - given.size,
    disordered: [...given].filter((id, index) => id !== ids[index]).length,
    truncated,
    polls,
  };
}

async function openClient(rig: Rig) {
  const added = await rig.run("access", "client", "add", "taker", "--channel", "ops", "--json");
  const { url, token } = JSON.parse(added.stdout) as { url: string; token: string };
  const client = { got: [] as string[], polls: 0, truncated: 0, run };
  let cursor: string | null = null;
  type Page = {
    events: { eventId: string }[];
    cursor: string;
    hasMore: boolean;
    truncated: boolean;
  };
  const poll = async (): Promise<Page> => {
    const answer = await fetch(url, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({
        jsonrpc: "2.0",
        id: 1,
        method: "events/poll",
        params: { name: "sluice.event", arguments: {}, cursor, maxEvents: 500 },
      }),
    });
    const { result } = (await answer.json()) as { result?: Page };
    if (result === undefined) throw new Error(`poll: ${answer.status}`);
    return result;
  };
  ({ cursor } = await poll());
  /** Until there is nothing more after `signal`. */
  async function run(signal: AbortSignal): Promise<void> {
    for (;;) {
      const isLast = signal.aborted;
      const page = await poll().catch(() => undefined);
      // The hub is down, or died with the answer on its way.
      if (page === undefined) {
        await sleep(20);
        continue;
      }
      client.polls++;
      client.got.push(...page.events.map(({ eventId }) => eventId));
      cursor = page.cursor;
      if (page.truncated) client.truncated++;
      if (page.hasMore) continue;
      if (isLast) return;
      await sleep(10);
    }
  }
  return client;
}

/** One event after the other, each until it is accepted. */
async function send(endpoint: Endpoint, load: { left: number; accepted: number }): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  while (load.left > 0) {
    load.left--;
    const id = randomUUID();
    while (!(await post(agent, endpoint, id).catch(() => false))) await sleep(5);
    load.accepted++;
  }
  agent.destroy();
}

function post(agent: Agent, { url, secret }: Endpoint, id: string): Promise<boolean> {
  const body = Buffer.from(JSON.stringify({ text: `event ${id}` }));
  return new Promise((resolve, reject) => {
    const asked = request(url, {
      agent,
      method: "POST",
      headers: {
        authorization: `Bearer ${secret}`,
        "content-type": "application/json",
        "content-length": body.length,
        "idempotency-key": id,
      },
    });
    asked.on("response", (answer) => {
      answer.resume();
      answer.on("end", () => resolve((answer.statusCode ?? 500) < 300));
      answer.on("error", reject);
    });
    asked.on("error", reject);
    asked.end(body);
  });
}
