/**
 * Events with voice notes that are to become text first.
 *
 * Owns: the table transcriptions, and the one change of such an event. Never: transcribes, or decides who gets an event.
 * Functions that change something run inside `database.write`.
 *
 * HEARD-1 Such an event is in the inbox from the moment it came, and at no session's address until its text is known: its row changes
 *    once, in the write that gives it an address.
 */
import type { Quote } from "../../sdk/event.ts";
import type { Database } from "../file/database.ts";
import { addCopies } from "./copies.ts";
import { HELD, KNOWN } from "./copied-state.ts";
import { addStep } from "./inbox.ts";
import { type Assignment, assignEvent } from "./subscriptions.ts";

/** A file of an event, by its position (from 1). */
export type VoiceNote = { position: number; seconds?: number };

export type PendingTranscription = {
  event: string;
  channel: string;
  notes: VoiceNote[];
  /** How often it was begun. */
  attempts: number;
  storedAt: number;
};

/** What is known of an event once its notes were listened to. */
export type HeardEvent = { text: string; quotes: Quote[]; meta: Record<string, string> };

const HELD_AND_KNOWN = `${HELD},${KNOWN}`;

/** Who it is for until then: nobody. Whether it is known to be of the owner's own stands with it. */
export function toHeldAssignment(isKnown: boolean): Assignment {
  return { watchers: isKnown ? HELD_AND_KNOWN : HELD };
}

/** Whether it is known to be so, of an event that is held. */
export function isHeldAndKnown(db: Database, event: string): boolean {
  const found = db.get("SELECT 1 FROM events WHERE id = ? AND watchers = ?", event, HELD_AND_KNOWN);
  return found !== undefined;
}

export function addTranscription(db: Database, event: string, notes: readonly VoiceNote[]): void {
  db.run(
    "INSERT INTO transcriptions (event, notes, attempts) VALUES (?, ?, 0)",
    event,
    JSON.stringify(notes),
  );
}

/** Oldest first. */
export function listTranscriptions(db: Database, limit: number): PendingTranscription[] {
  return db
    .all<Omit<PendingTranscription, "notes"> & { notes: string }>(
      `SELECT t.event, e.channel, t.notes, t.attempts, e.stored_at AS storedAt
       FROM transcriptions t JOIN events e ON e.id = t.event ORDER BY t.event LIMIT ?`,
      limit,
    )
    .map((row) => ({ ...row, notes: JSON.parse(row.notes) as VoiceNote[] }));
}

export function countAttempt(db: Database, event: string): void {
  db.run("UPDATE transcriptions SET attempts = attempts + 1 WHERE event = ?", event);
}

/** False once it has its text, or was forgotten. */
export function isTranscribing(db: Database, event: string): boolean {
  return db.get("SELECT 1 FROM transcriptions WHERE event = ?", event) !== undefined;
}

/**
 * HEARD-1. `isOpen`: it waits still. Returns what waits for sessions from now on: the event, or its copies.
 */
export function settleTranscription(
  db: Database,
  event: string,
  { heard, assignment, isOpen, reason }: Settled,
  now: number,
): readonly string[] {
  db.run(
    "UPDATE events SET text = ?, quotes = ?, meta = ? WHERE id = ?",
    heard.text,
    JSON.stringify(heard.quotes),
    JSON.stringify(heard.meta),
    event,
  );
  db.run("DELETE FROM transcriptions WHERE event = ?", event);
  const isKnown = isHeldAndKnown(db, event);
  const { copies, ...own } = assignment;
  // One that is over has nobody to go to; should it be replayed, it is for whoever is there.
  if (!isOpen) assignEvent(db, event, { watchers: isKnown ? KNOWN : "" });
  else assignEvent(db, event, own);
  addStep(db, event, { at: now, stage: "held", reason });
  if (!isOpen) return [];
  return copies === undefined ? [event] : addCopies(db, event, copies, now);
}

type Settled = { heard: HeardEvent; assignment: Assignment; isOpen: boolean; reason: string };
