/**
 * Reads the database of Messages in the order in which it was written, a batch at a time.
 *
 * Owns: the cursor, rows that are not whole yet, and both rows of a message to oneself. Never: waits (connection.ts).
 *
 * READER-1 A row enters in the order of its number, once. One that is still being written (its chat or its files stand in tables of their
 *    own) holds those behind it, for 5 s at most.
 * READER-2 What is older than the channel, or than ids of deliveries are remembered, is no news: a synchronisation writes old messages
 *    anew, under new numbers.
 * READER-3 A message to oneself is two rows, in whatever order: the second says nothing new.
 */
import type { Arrival } from "../../sdk/event.ts";
import type { MessageRow, MessagesFile } from "./messages-file.ts";
import {
  isOwnChat,
  type RowPlace,
  type RowReading,
  receive,
  receiveChange,
  toAppleDate,
  toEpochMs,
} from "./receive.ts";

const TWIN_MS = 15_000;
const FORGET_MS = 29 * 24 * 3_600_000;

/** `row` was the last one read, `change` the last change in place, and nothing before `since` is news. As the file counts. */
type Cursor = { row: bigint; change: bigint; since: bigint };

export type Batch = { arrivals: Arrival[]; cursor: string; leftBehind: number; isMore: boolean };

type Recent = { isFromMe: boolean; untilMs: number };

export class RowReader {
  readonly #file: MessagesFile;
  readonly #place: Omit<RowPlace, "listFiles" | "find">;
  readonly #holdMs: number;
  #cursor: Cursor;
  #held: { row: bigint; untilMs: number } | undefined;
  /** Changes that were read with the row itself. */
  readonly #told = new Set<string>();
  readonly #recent = new Map<string, Recent>();

  constructor(
    file: MessagesFile,
    place: Omit<RowPlace, "listFiles" | "find">,
    { cursor, nowMs, holdMs }: { cursor: string | undefined; nowMs: number; holdMs: number },
  ) {
    this.#file = file;
    this.#place = place;
    this.#holdMs = holdMs;
    const now = toAppleDate(nowMs);
    this.#cursor = readCursor(cursor) ?? { row: file.readLastRow(), change: now, since: now };
  }

  get cursor(): string {
    const { row, change, since } = this.#cursor;
    return `${row}:${change}:${since}`;
  }

  /** A row is waited for: look again soon, whether the file changes or not. */
  get isHolding(): boolean {
    return this.#held !== undefined;
  }

  /** What is new. Nothing is forgotten until `commit`. */
  read(nowMs: number): Batch & { commit: () => void } {
    const next = { ...this.#cursor };
    const arrivals: Arrival[] = [];
    const twins = new Map<string, Recent>();
    const told: string[] = [];
    let leftBehind = 0;
    let isHeld = false;
    const rows = this.#file.listAfter(next.row);
    for (const row of rows) {
      const reading = this.#isOld(row, nowMs) ? OLD : receive(row, this.#full);
      if (reading.kind === "unfinished" && this.#hold(row.row, nowMs)) {
        isHeld = true;
        break;
      }
      // What has neither chat nor content after that long is nothing that could be told.
      if (reading.kind === "unfinished" && row.chat === undefined) leftBehind++;
      next.row = row.row;
      if (reading.kind !== "arrival" || this.#isTwin(row, reading.arrival, twins, nowMs)) continue;
      if (row.editedAt > 0n) told.push(`${row.guid}@${row.editedAt}`);
      arrivals.push(reading.arrival);
    }
    if (!isHeld) this.#held = undefined;
    const changes = isHeld ? [] : this.#file.listChanged(next.change, this.#cursor.row);
    for (const row of changes) {
      const at = row.retractedAt > row.editedAt ? row.retractedAt : row.editedAt;
      if (at > next.change) next.change = at;
      if (this.#told.has(`${row.guid}@${at}`) || this.#isOld(row, nowMs)) continue;
      const reading = receiveChange(row, this.#full);
      if (reading.kind === "arrival") arrivals.push(reading.arrival);
    }
    return {
      arrivals,
      leftBehind,
      isMore: !isHeld && rows.length > 0,
      cursor: `${next.row}:${next.change}:${next.since}`,
      commit: () => {
        this.#cursor = next;
        for (const one of told) this.#told.add(one);
        for (const [key, one] of twins) this.#recent.set(key, one);
        this.#forget(nowMs);
      },
    };
  }

  get #full(): RowPlace {
    const file = this.#file;
    return {
      ...this.#place,
      listFiles: (row) => file.listFiles(row),
      find: (guid) => file.find(guid),
    };
  }

  /** READER-1 */
  #hold(row: bigint, nowMs: number): boolean {
    if (this.#held?.row !== row) this.#held = { row, untilMs: nowMs + this.#holdMs };
    if (nowMs < this.#held.untilMs) return true;
    this.#held = undefined;
    return false;
  }

  /** READER-2 */
  #isOld({ date }: MessageRow, nowMs: number): boolean {
    const at = toEpochMs(date);
    const since = toEpochMs(this.#cursor.since) ?? 0;
    return at !== undefined && at < Math.max(since, nowMs - FORGET_MS);
  }

  /** READER-3 */
  #isTwin(row: MessageRow, arrival: Arrival, twins: Map<string, Recent>, nowMs: number): boolean {
    if (row.chat === undefined || !isOwnChat(row.chat, this.#place)) return false;
    const { kind, quotes, files = [], chat } = arrival;
    const words = quotes.map(({ text }) => text);
    const names = files.map(({ name }) => name);
    // Whoever forges an SMS to us is no second row of what was said by iMessage.
    const key = JSON.stringify([chat?.isShared === true, kind, words, names]);
    const earlier = twins.get(key) ?? this.#recent.get(key);
    const isTwin =
      earlier !== undefined && earlier.isFromMe !== row.isFromMe && earlier.untilMs > nowMs;
    // A third row of that text is a new message.
    twins.set(key, { isFromMe: row.isFromMe, untilMs: isTwin ? 0 : nowMs + TWIN_MS });
    return isTwin;
  }

  #forget(nowMs: number): void {
    for (const [key, { untilMs }] of this.#recent) if (untilMs <= nowMs) this.#recent.delete(key);
    if (this.#told.size > 1_000) this.#told.clear();
  }
}

const OLD: RowReading = { kind: "ignore", reason: "older than the channel" };

function readCursor(text: string | undefined): Cursor | undefined {
  const [, row, change, since] = /^(\d{1,19}):(\d{1,19}):(\d{1,19})$/.exec(text ?? "") ?? [];
  if (row === undefined || change === undefined || since === undefined) return undefined;
  return { row: BigInt(row), change: BigInt(change), since: BigInt(since) };
}
