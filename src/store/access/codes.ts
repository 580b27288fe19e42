/**
 * Codes that admit a person: pairings that strangers asked for, invites that the owner made, and wrong tries.
 *
 * Owns: the tables pairings, invites, code_tries, code_locks. Never: makes or compares a code; only hashes come here.
 * Functions that change something run inside `database.write`.
 */
import type { Database } from "../file/database.ts";

export type Pairing = {
  hash: string;
  channel: string;
  account: string;
  sender: string;
  name: string;
  chatId: string | null;
  createdAt: number;
  expiresAt: number;
};

export type Invite = {
  hash: string;
  channel: string;
  /** JSON, as the hash covers it. */
  roles: string;
  createdAt: number;
  expiresAt: number;
};

const PAIRING = `hash, channel, account, sender, name, chat_id AS chatId, created_at AS createdAt, expires_at AS expiresAt`;

/** Those still alive, oldest first. */
export function listPairings(db: Database, now: number): Pairing[] {
  return db.all<Pairing>(
    `SELECT ${PAIRING} FROM pairings WHERE expires_at > ? ORDER BY created_at`,
    now,
  );
}

/** Adds a pairing; one of the same sender is replaced, what is over its time goes. */
export function addPairing(db: Database, pairing: Pairing, now: number): void {
  db.run("DELETE FROM pairings WHERE expires_at <= ?", now);
  db.run(
    "DELETE FROM pairings WHERE channel = ? AND account = ? AND sender = ?",
    pairing.channel,
    pairing.account,
    pairing.sender,
  );
  db.run(
    "INSERT INTO pairings VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    pairing.hash,
    pairing.channel,
    pairing.account,
    pairing.sender,
    pairing.name,
    pairing.chatId,
    pairing.createdAt,
    pairing.expiresAt,
  );
}

export function removePairing(db: Database, hash: string): void {
  db.run("DELETE FROM pairings WHERE hash = ?", hash);
}

/** Those still alive. */
export function listInvites(db: Database, now: number): Invite[] {
  return db.all<Invite>(
    "SELECT hash, channel, roles, created_at AS createdAt, expires_at AS expiresAt FROM invites WHERE expires_at > ?",
    now,
  );
}

export function addInvite(db: Database, invite: Invite, now: number): void {
  db.run("DELETE FROM invites WHERE expires_at <= ?", now);
  db.run(
    "INSERT INTO invites VALUES (?, ?, ?, ?, ?)",
    invite.hash,
    invite.channel,
    invite.roles,
    invite.createdAt,
    invite.expiresAt,
  );
}

export function removeInvite(db: Database, hash: string): void {
  db.run("DELETE FROM invites WHERE hash = ?", hash);
}

/** How often a code was wrong since a time: by this sender, and on the channel. */
export function countTries(
  db: Database,
  channel: string,
  sender: string,
  since: number,
): { sender: number; channel: number } {
  const row = db.get<{ mine: number | null; total: number }>(
    "SELECT SUM(sender = ?) AS mine, COUNT(*) AS total FROM code_tries WHERE channel = ? AND at > ?",
    sender,
    channel,
    since,
  );
  return { sender: row?.mine ?? 0, channel: row?.total ?? 0 };
}

export function addTry(
  db: Database,
  channel: string,
  sender: string,
  now: number,
  forgetBefore: number,
): void {
  db.run("DELETE FROM code_tries WHERE at <= ?", forgetBefore);
  db.run("DELETE FROM code_locks WHERE until <= ?", now);
  db.run("INSERT INTO code_tries (channel, sender, at) VALUES (?, ?, ?)", channel, sender, now);
}

/** Until when no code is looked at: of this sender (`sender`), or of anybody on the channel. 0 when it is not locked. */
export function readLock(db: Database, channel: string, sender: string, now: number): number {
  const row = db.get<{ until: number | null }>(
    "SELECT MAX(until) AS until FROM code_locks WHERE channel = ? AND sender IN (?, '') AND until > ?",
    channel,
    sender,
    now,
  );
  return row?.until ?? 0;
}

/** `sender` empty: the whole channel. */
export function addLock(db: Database, channel: string, sender: string, until: number): void {
  db.run("INSERT OR REPLACE INTO code_locks VALUES (?, ?, ?)", channel, sender, until);
}

/** Somebody there was right: what was wrong before no longer counts. */
export function clearTries(db: Database, channel: string): void {
  db.run("DELETE FROM code_tries WHERE channel = ?", channel);
  db.run("DELETE FROM code_locks WHERE channel = ?", channel);
}
