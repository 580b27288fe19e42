/**
 * A day in the life: thousands of events at 50 a second, a real hub, and one session on the monitor lane.
 *
 * Owns: the run and its figures. Never: judges them (day.test.ts, main.ts).
 *
 * Hub, ingress, shim and bell are the product's, and so is every decision of the pace. The hub runs in this process for the sake of
 * its clock: the real one, but that it skips half an hour whenever nothing has happened for a while after the last event was posted,
 * since nobody wants to wait for the wake budget of the next hour.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { openHub } from "../../src/hub/hub.ts";
import type { ModelTurn } from "../../src/host/turns.ts";
import { PREAMBLE } from "../../src/flow/text/note.ts";
import { toTag } from "../../src/flow/text/shape.ts";
import { Database } from "../../src/store/file/database.ts";
import { listDeliveries } from "../../src/store/events/deliveries.ts";
import { findEvent, type StoredEvent } from "../../src/store/events/inbox.ts";
import { openRig, type Rig } from "../e2e/rig.ts";
import { GITHUB_SECRET } from "../e2e/senders.ts";
import { openLane } from "../e2e/sessions.ts";
import {
  type DayChannels,
  type DayEvent,
  listEvents,
  loadRows,
  newRandom,
  SENDERS,
} from "./events.ts";
import { SkippingClock } from "./skipping-clock.ts";
import { toTokens } from "./tokens.ts";

export type DayOptions = { events: number; perSecond: number; seed: number };

export type Day = {
  accepted: number;
  /** Events by what became of them. */
  states: Record<string, number>;
  /** Accepted, but neither shown, told in a line, nor merged into one that was. */
  lost: string[];
  /** Requests to the model that a bell caused. */
  wakes: number;
  /** Notes with events in them. */
  notes: number;
  digests: number;
  shown: number;
  inLines: number;
  merged: number;
  /** Of those told by none of their own words: what people wrote, and failures that no later state of the same thing stands for. */
  silenced: string[];
  /** Read more than once without a word that it was. */
  repeated: string[];
  tokens: { merged: number; unmerged: number };
  postingMs: number;
  skippedMs: number;
};

const SKIP_MS = 30 * 60_000;
const IDLE_MS = 4_000;
const SKIPS_MAX = 100;
const OPEN_STATES = ["stored", "offered"];
const NOTE_QUOTE_MAX_CHARS = 600;

export async function runDay(options: DayOptions): Promise<Day> {
  await using rig = openRig();
  const clock = new SkippingClock();
  const quiet = (): void => {};
  const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
  const hub = await openHub({ env: rig.env, log, stop: quiet, clock });
  rig.add(() => hub.close());
  const channels: DayChannels = {
    github: await rig.addChannel({ kind: "github", secret: GITHUB_SECRET, rate: 0 }),
    deploys: await rig.addChannel({ kind: "webhook", name: "deploys", rate: 0 }),
    ops: await rig.addChannel({ kind: "webhook", name: "ops", twoWay: true, rate: 0 }),
    alertmanager: await rig.addChannel({ kind: "alertmanager", rate: 0 }),
    pagerduty: await rig.addChannel({ kind: "pagerduty", secret: SENDERS.pagerduty, rate: 0 }),
    sentry: await rig.addChannel({ kind: "sentry", secret: SENDERS.sentry, rate: 0 }),
    gitlab: await rig.addChannel({ kind: "gitlab", secret: SENDERS.gitlab, rate: 0 }),
  };
  const session = await openLane(rig, "monitor", { model: acknowledge });
  const startedAt = Date.now();
  const ids = await postAll(
    options,
    listEvents(channels, await loadRows(), newRandom(options.seed)),
  );
  const postingMs = Date.now() - startedAt;
  await drain(rig, clock);
  await session.idle();
  const contexts = session.reads.filter(({ how }) => how === "context").map(({ text }) => text);
  const bells = session.reads.filter(({ text }) => /Sluice bell [0-9a-f]{8}:/.test(text));
  using db = openDatabase(hub.home.database);
  return {
    ...count(
      ids,
      contexts,
      bells.map(({ text }) => text),
      db,
    ),
    postingMs,
    skippedMs: clock.skippedMs,
  };
}

/** Who waits for an answer gets one; all else is only read. */
async function acknowledge(turn: ModelTurn): Promise<void> {
  const owed = [...turn.text.matchAll(/<channel [^>]*event_id="(evt_\w+)"[^>]* chat_id="/g)];
  const ids = owed.map(([, id]) => id ?? "");
  if (ids.length > 0) await turn.callTool("ack", { event_ids: ids });
}

async function postAll(
  { events, perSecond }: DayOptions,
  source: Generator<DayEvent>,
): Promise<string[]> {
  const startedAt = Date.now();
  const answers: Promise<string>[] = [];
  for (let index = 0; index < events; index++) {
    const dueIn = startedAt + (index * 1_000) / perSecond - Date.now();
    if (dueIn > 0) await sleep(dueIn);
    const { value } = source.next() as { value: DayEvent };
    answers.push(post(value));
  }
  return Promise.all(answers);
}

/** What a sender tries again: too slow, too much, not now. */
const AGAIN = new Set([408, 429, 503]);

/** As senders do: what was not answered, or was answered so, is sent again, under the same id. */
async function post({ url, body, headers }: DayEvent, tries = 5): Promise<string> {
  const request = { method: "POST", body: new Uint8Array(body), headers };
  const answer = await fetch(url, request).catch((thrown: unknown) => {
    if (tries === 1) throw thrown;
    return undefined;
  });
  if (answer === undefined || (AGAIN.has(answer.status) && tries > 1)) {
    await sleep(1_000);
    return post({ url, body, headers }, tries - 1);
  }
  if (!answer.ok) throw new Error(`the hub answered ${answer.status}`);
  return ((await answer.json()) as { id: string }).id;
}

/** Until nothing waits any more. */
async function drain(rig: Rig, clock: SkippingClock): Promise<void> {
  let last = "";
  let since = Date.now();
  for (let skips = 0; skips < SKIPS_MAX;) {
    await sleep(200);
    const { events } = await rig.status();
    if (OPEN_STATES.every((state) => (events[state] ?? 0) === 0)) return;
    const now = JSON.stringify(events);
    if (now !== last) {
      last = now;
      since = Date.now();
    } else if (Date.now() - since > IDLE_MS) {
      clock.skip(SKIP_MS);
      skips++;
      since = Date.now();
    }
  }
}

type Counts = Omit<Day, "postingMs" | "skippedMs">;

function count(ids: string[], contexts: string[], bells: string[], db: Database): Counts {
  const notes = contexts.filter((text) => text.includes(PREAMBLE));
  const times = new Map<string, number>();
  const tell = (pattern: RegExp): number => {
    let told = 0;
    for (const text of notes)
      for (const [, id = ""] of text.matchAll(pattern)) {
        told++;
        times.set(id, (times.get(id) ?? 0) + 1);
      }
    return told;
  };
  const shown = tell(/<channel [^>]*event_id="(evt_\w+)"/g);
  const inLines = tell(/^ *- (evt_\w+) /gm);
  const states: Record<string, number> = {};
  const lost: string[] = [];
  const repeated: string[] = [];
  const silenced: string[] = [];
  let merged = 0;
  let unmergedTokens = 0;
  for (const id of ids) {
    const event = findEvent(db, id);
    if (event === undefined) {
      lost.push(id);
      continue;
    }
    states[event.state] = (states[event.state] ?? 0) + 1;
    unmergedTokens += toTokens(toTag(event, { attempt: 1 }, NOTE_QUOTE_MAX_CHARS));
    const into = findStandIns(db, id);
    if (!times.has(id) && into.some((one) => times.has(one))) {
      merged++;
      if (
        isHeavy(event) &&
        !isReplaced(
          event,
          into.filter((one) => times.has(one)),
          db,
        )
      )
        silenced.push(id);
    } else if (!times.has(id)) lost.push(id);
    if ((times.get(id) ?? 0) > Math.max(1, listDeliveries(db, id).length)) repeated.push(id);
  }
  return {
    accepted: ids.length,
    states,
    lost,
    wakes: bells.length,
    notes: notes.length,
    digests: notes.filter((text) => text.includes('kind="digest"')).length,
    shown,
    inLines,
    merged,
    repeated,
    silenced,
    tokens: {
      merged: [...notes, ...bells].reduce((sum, text) => sum + toTokens(text), 0),
      unmerged: unmergedTokens,
    },
  };
}

/** What went wrong, or what somebody has written. */
function isHeavy({ kind, meta, chatId }: StoredEvent): boolean {
  const isWritten = /comment|review|issues|discussion|pull_request\.opened/.test(kind);
  return isWritten || chatId !== undefined || (meta["severity"] ?? "info") !== "info";
}

/** A later state of the same thing is told in its place. What people write is a state of nothing. */
function isReplaced({ channel, stateOf }: StoredEvent, told: string[], db: Database): boolean {
  return (
    stateOf !== undefined &&
    told.some((one) => {
      const other = findEvent(db, one);
      return other?.channel === channel && other.stateOf === stateOf;
    })
  );
}

function findStandIns(db: Database, id: string): string[] {
  return db
    .all<{ shown: string }>(
      "SELECT merged_into AS shown FROM deliveries WHERE event = ? AND merged_into IS NOT NULL",
      id,
    )
    .map((row) => row.shown);
}

function openDatabase(path: string): Database & Disposable {
  const db = new Database(path);
  return Object.assign(db, { [Symbol.dispose]: () => db.close() });
}
