/**
 * A home in which much is kept: events that are over, events that wait, channels, sessions and their subscriptions.
 *
 * Owns: writing such a home before its hub starts. Never: runs a hub.
 * What is over has the rows of a whole life (a delivery and its steps). What waits is for sessions that are known and not open: it is not
 * what a measured session is given.
 */
import { randomBytes } from "node:crypto";
import { changeConfig } from "../src/hub/settings/config.ts";
import { writeSecrets } from "../src/hub/channels/secrets.ts";
import { openHome } from "../src/hub/process/home.ts";
import type { Env } from "../src/local/home.ts";
import type { Arrival } from "../src/sdk/event.ts";
import { Secret } from "../src/sdk/secret.ts";
import { addEvent } from "../src/store/events/add-event.ts";
import { addSubscription } from "../src/store/events/subscriptions.ts";
import { Database } from "../src/store/file/database.ts";
import { saveSession } from "../src/store/sessions/sessions.ts";

export type Size = { stored: number; waiting: number; channels: number; sessions: number };

/** The session that is measured has asked for all of LIVE; of SHELF nobody who is open has. */
export const LIVE = "live";
export const SHELF = "shelf";
const SESSION = "bench";

const BATCH = 10_000;
const QUOTA = 5_000_000;
const TEXT = "unit tests, 3 of 812; ".repeat(8);

/** Returns the tokens of LIVE and SHELF. */
export async function fillHome(env: Env, size: Size): Promise<Record<string, string>> {
  const home = openHome(env);
  const names = Array.from({ length: size.channels }, (_, index) => `ci-${index}`);
  const tokens: Record<string, string> = {};
  for (const name of [LIVE, SHELF, ...names]) {
    tokens[name] = randomBytes(24).toString("base64url");
    writeSecrets(home, name, { keys: [{ id: "k1", secret: new Secret(tokens[name]) }] });
  }
  changeConfig(home.config, (before) => ({
    ...before,
    channels: [LIVE, SHELF, ...names].map((name) => ({
      name,
      kind: "webhook",
      scheme: "bearer",
      twoWay: false,
      paused: false,
      rate: 0,
      quota: QUOTA,
    })),
  }));
  const db = new Database(home.database, { synchronous: "OFF" });
  const now = Date.now();
  await db.write(() => {
    addSubscription(db, SESSION, toAll(LIVE), now);
    addSubscription(db, "nobody", toAll(SHELF), now);
    for (let index = 0; index < size.sessions; index++) {
      const id = `known-${index}`;
      const at = { startedAt: now, lastActiveAt: now };
      const where = { attachment: "att_1_0", cwd: `/${id}`, repository: null, lane: "monitor" };
      saveSession(db, { id, name: id, ...where, ...at });
      addSubscription(db, id, toAll(names[index % names.length] ?? LIVE), now);
    }
  });
  for (let done = 0; done < size.stored; done += BATCH) {
    await db.write(() => {
      for (let index = done; index < Math.min(size.stored, done + BATCH); index++) {
        const channel = names[index % names.length] ?? SHELF;
        // As it is assigned: the ids of subscriptions begin with 1, after those of LIVE and SHELF.
        const watchers = size.sessions === 0 ? "2" : String(3 + (index % size.sessions));
        addEvent(db, toArrival(channel, index), "source", now, now, {
          assign: () => ({ watchers }),
        });
      }
    });
  }
  await db.write(() => endAll(db, size.stored - size.waiting, now));
  db.close();
  return tokens;
}

function toAll(channel: string): Parameters<typeof addSubscription>[2] {
  return { channel, entity: null, pattern: null, until: null };
}

function toArrival(channel: string, index: number): Arrival {
  return {
    channel,
    kind: "webhook",
    sender: { id: `webhook:${channel}` },
    text: `POST (text, ${TEXT.length} bytes)`,
    quotes: [{ label: "text", text: `build ${index} of octo/app failed: ${TEXT}` }],
    meta: { method: "POST" },
    priority: index % 10 === 0 ? "urgent" : "normal",
    ack: "auto",
    verified: "bearer",
  };
}

/** The oldest `count` went their way: each with a delivery and the steps of one. */
function endAll(db: Database, count: number, now: number): void {
  db.run(
    `INSERT INTO deliveries (event, attachment, session, lane, attempt, state, receipt, offered_at, seen_at, ended_at)
     SELECT id, 'att_1_0', 'known-0', 'monitor', 1, 'done', 'p', ?1, ?1, ?1 FROM events WHERE seq <= ?2`,
    now,
    count,
  );
  for (const stage of ["routed", "offered", "seen", "done"])
    db.run(
      "INSERT INTO steps (event, at, stage, session, attempt) SELECT id, ?, ?, 'known-0', 1 FROM events WHERE seq <= ?",
      now,
      stage,
      count,
    );
  db.run("UPDATE events SET state = 'done', attempts = 1 WHERE seq <= ?", count);
}
