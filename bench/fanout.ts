/**
 * What one event costs when many sessions are attached: `node bench/fanout.ts [--sessions 10,100,1000] [--dir FOLDER]`.
 *
 * The flow itself in this process, on a real file, with links that do what a client was seen to do: the bell rings, the prompt's
 * hook is answered with the event, the turn ends. Two ways: one session receives while all others are idle, and all of them
 * receive at once. Flushes are off, as they are the disk's and the same for each event: what is left is Sluice's own.
 *
 * Exits 1 where a receiving session costs more than 1.5 times as much among the most sessions as among the fewest.
 */
import { toHookCall } from "../src/flow/sample.fixture.ts";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { parseArgs } from "node:util";
import { accept } from "../src/flow/intake/accept.ts";
import { Delivery } from "../src/flow/deliver/deliver.ts";
import { answerHook } from "../src/flow/deliver/hook.ts";
import type { Attachment } from "../src/flow/session/attachment.ts";
import type { Clock } from "../src/sdk/clock.ts";
import { Database } from "../src/store/file/database.ts";
import { InboxLimit } from "../src/store/events/add-event.ts";
import { toMedian } from "./summary.ts";

const { values } = parseArgs({
  options: {
    sessions: { type: "string", default: "10,100,1000" },
    dir: { type: "string", default: tmpdir() },
  },
});

const DELIVERIES = 1_000;
const ROUNDS = 5;
const LIMIT = 1.5;
const HOUR_MS = 3_600_000;

type Client = { attachment: Attachment; lines: string[]; repository: string; prompts: number };

/** Time stands still but for `pass`: nothing rings again by itself in between. */
class BenchClock implements Clock {
  #now = Date.now();
  readonly #timers = new Map<object, { at: number; action: () => void }>();

  now(): number {
    return this.#now;
  }

  after(ms: number, action: () => void): () => void {
    const key = {};
    this.#timers.set(key, { at: this.#now + ms, action });
    return () => this.#timers.delete(key);
  }

  async pass(ms: number): Promise<void> {
    this.#now += ms;
    for (const [key, { at, action }] of this.#timers) {
      if (at > this.#now) continue;
      this.#timers.delete(key);
      action();
    }
    await turn();
    await turn();
  }
}

/** Milliseconds for each receiving session, by how they receive. */
async function measure(count: number): Promise<{ alone: number; together: number }> {
  const folder = mkdtempSync(join(values.dir, "sluice-fanout-"));
  const db = new Database(join(folder, "inbox.db"), { synchronous: "OFF" });
  const clock = new BenchClock();
  const ignore = (): void => {};
  const delivery = new Delivery({
    db,
    clock,
    log: { debug: ignore, info: ignore, warn: ignore, error: console.error },
    isAlive: () => true,
    readProject: (cwd) => ({ repository: `octo${cwd}`, branch: undefined }),
    readPolicy: () => undefined,
    burstMs: 0,
  });
  const options = { db, clock, delivery };
  const acceptOptions = {
    db,
    clock,
    limit: new InboxLimit(db, clock),
    access: { get: () => ({ paused: false, allowUnsigned: false }) },
    assign: delivery.watchers.assign,
    pressing: delivery.pressing,
  };

  const clients: Client[] = [];
  for (let index = 0; index < count; index++) {
    const cwd = `/${index}`;
    const lines: string[] = [];
    const { attachment } = delivery.leases.attach(
      {
        pid: 10_000 + index,
        startTime: "1",
        argv: ["claude"],
        name: "claude-code",
        version: "2.1.332",
        plugin: true,
        interactive: true,
        session: `session-${index}`,
        cwd,
        forcedLane: undefined,
      },
      { session: undefined, promptId: undefined, stops: 0 },
      { plugin: true, push: ignore },
    );
    delivery.leases.openBell(attachment.id, (line) => lines.push(line));
    clients.push({ attachment, lines, repository: `octo${cwd}`, prompts: 0 });
  }
  await clock.pass(1_000);

  const post = (client: Client, text: string): Promise<unknown> =>
    accept(
      {
        channel: "ci",
        kind: "build",
        sender: { id: "s" },
        text,
        quotes: [{ label: "log", text: "unit tests, 3 of 812; ".repeat(8) }],
        meta: {},
        priority: "normal",
        ack: "auto",
        verified: "bench",
        repository: client.repository,
      },
      clock.now(),
      acceptOptions,
    );
  const hook = (client: Client, event: string, promptId: string, prompt = ""): Promise<unknown> =>
    answerHook(
      client.attachment,
      toHookCall({ event, session: client.attachment.session, promptId, prompt }),
      options,
    );
  const hear = async (client: Client): Promise<void> => {
    const line = client.lines.at(-1);
    if (line === undefined) throw new Error("no bell rang");
    client.lines.length = 0;
    const prompt = `${client.attachment.session}-${client.prompts++}`;
    const frame = `<task-notification>\n<task-id>b</task-id>\n<summary>Monitor event: "Sluice bell"</summary>\n<event>${line}</event>\n</task-notification>`;
    const answer = JSON.stringify(await hook(client, "UserPromptSubmit", prompt, frame));
    if (!answer.includes("event_id=")) throw new Error(`no event in ${answer}`);
    await hook(client, "Stop", prompt);
  };

  const alone = async (): Promise<number> => {
    const took: number[] = [];
    for (let index = 0; index < Math.min(DELIVERIES, 10 * count); index++) {
      const client = clients[index % count];
      if (client === undefined) throw new Error("no client");
      if (index > 0 && index % count === 0) await clock.pass(HOUR_MS);
      const startedAt = performance.now();
      await post(client, `build ${index} failed`);
      await turn();
      await hear(client);
      took.push(performance.now() - startedAt);
    }
    return toMedian(took);
  };
  const together = async (): Promise<number> => {
    const startedAt = performance.now();
    await Promise.all(clients.map((client, index) => post(client, `build ${index} failed`)));
    await turn();
    for (const client of clients) await hear(client);
    return (performance.now() - startedAt) / count;
  };

  await alone(); // Warms up.
  await clock.pass(HOUR_MS);
  const times: { alone: number[]; together: number[] } = { alone: [], together: [] };
  for (let round = 0; round < ROUNDS; round++) {
    times.alone.push(await alone());
    await clock.pass(HOUR_MS);
    times.together.push(await together());
    await clock.pass(HOUR_MS);
  }
  delivery.close();
  db.close();
  rmSync(folder, { recursive: true, force: true });
  return { alone: toMedian(times.alone), together: toMedian(times.together) };
}

const counts = values.sessions.split(",").map(Number);
await measure(counts[0] ?? 10); // The first one pays for the compiler.
const rows: { count: number; alone: number; together: number }[] = [];
for (const count of counts) rows.push({ count, ...(await measure(count)) });

const [least] = rows;
let worst = 0;
console.log("| sessions attached | one receives, ms | ratio | all receive, ms each | ratio |");
console.log("| ---: | ---: | ---: | ---: | ---: |");
for (const { count, alone, together } of rows) {
  const ratios = [alone / (least?.alone ?? alone), together / (least?.together ?? together)];
  worst = Math.max(worst, ...ratios);
  const [one = 0, all = 0] = ratios;
  console.log(
    `| ${count} | ${alone.toFixed(3)} | ${one.toFixed(2)} | ${together.toFixed(3)} | ${all.toFixed(2)} |`,
  );
}
if (worst > LIMIT) {
  console.error(`a receiving session costs ${worst.toFixed(2)} times as much; at most ${LIMIT}`);
  process.exitCode = 1;
}
