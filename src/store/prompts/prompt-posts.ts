/**
 * Prompts on their way to people, on disk: escalations, the messages that show them, and whether the user is away.
 *
 * Owns: the tables prompt_pushes, prompt_posts, direct_chats, away. Never: decides who is told, or what an answer means.
 * Functions that change something run inside `database.write`.
 */
import type { Database } from "../file/database.ts";

/** Records that people were notified of a prompt. False if that was recorded before. */
export function addEscalation(db: Database, prompt: string, session: string, at: number): boolean {
  return (
    db.run(
      "INSERT OR IGNORE INTO prompt_pushes (prompt, session, at) VALUES (?, ?, ?)",
      prompt,
      session,
      at,
    ) === 1
  );
}

export function isEscalated(db: Database, prompt: string): boolean {
  return db.get("SELECT 1 FROM prompt_pushes WHERE prompt = ?", prompt) !== undefined;
}

/** When people were told of prompts of a session, within a time up to now; oldest first. What a clock that was set back left ahead counts not. */
export function listEscalationTimes(
  db: Database,
  session: string,
  since: number,
  now: number,
): number[] {
  return db
    .all<{ at: number }>(
      "SELECT at FROM prompt_pushes WHERE session = ? AND at > ? AND at <= ? ORDER BY at",
      session,
      since,
      now,
    )
    .map(({ at }) => at);
}

/** Prompts that people were notified of, but not of their end. */
export function listOpenEscalations(db: Database): string[] {
  return db
    .all<{ prompt: string }>("SELECT prompt FROM prompt_pushes WHERE is_open = 1")
    .map(({ prompt }) => prompt);
}

export function endEscalation(db: Database, prompt: string): void {
  db.run("UPDATE prompt_pushes SET is_open = 0 WHERE prompt = ?", prompt);
}

/** Options chosen so far: positions from 0, by the position of the question. */
export type Choice = Readonly<Record<string, readonly number[]>>;

/** One message in the chat of one approver. */
export type Post = {
  id: number;
  handle: string;
  /** Null: a summary. */
  prompt: string | null;
  session: string;
  channel: string;
  account: string;
  sender: string;
  chatId: string;
  outbox: number;
  message: string | null;
  /** Of the arguments that it shows. */
  digest: string;
  /** When it last began to show other ones. */
  changedAt: number | null;
  choice: Choice;
  usedAt: number | null;
  at: number;
};

const COLUMNS = `id, handle, prompt, session, channel, account, sender, chat_id AS chatId, outbox, message, digest, changed_at AS changedAt, choice, used_at AS usedAt, at`;
type Raw = Omit<Post, "choice"> & { choice: string };

export type NewPost = Omit<Post, "id" | "message" | "changedAt" | "choice" | "usedAt">;

export function addPost(db: Database, post: NewPost): void {
  db.run(
    `INSERT INTO prompt_posts (handle, prompt, session, channel, account, sender, chat_id, outbox, digest, at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    post.handle,
    post.prompt,
    post.session,
    post.channel,
    post.account,
    post.sender,
    post.chatId,
    post.outbox,
    post.digest,
    post.at,
  );
}

export function findPostByHandle(db: Database, handle: string): Post | undefined {
  return toPost(db.get<Raw>(`SELECT ${COLUMNS} FROM prompt_posts WHERE handle = ?`, handle));
}

export function findPostByOutbox(db: Database, outbox: number): Post | undefined {
  return toPost(db.get<Raw>(`SELECT ${COLUMNS} FROM prompt_posts WHERE outbox = ?`, outbox));
}

export function findPostByMessage(
  db: Database,
  channel: string,
  chatId: string,
  message: string,
): Post | undefined {
  return toPost(
    db.get<Raw>(
      `SELECT ${COLUMNS} FROM prompt_posts WHERE channel = ? AND chat_id = ? AND message = ? ORDER BY id DESC LIMIT 1`,
      channel,
      chatId,
      message,
    ),
  );
}

export function listPosts(db: Database, prompt: string): Post[] {
  return db
    .all<Raw>(`SELECT ${COLUMNS} FROM prompt_posts WHERE prompt = ? ORDER BY id`, prompt)
    .map(toPostOf);
}

/** Those that do not yet say how their prompt ended. */
export function listOpenPosts(db: Database): Post[] {
  return db
    .all<Raw>(`SELECT ${COLUMNS} FROM prompt_posts WHERE is_open = 1 ORDER BY +id`)
    .map(toPostOf);
}

/** The latest summary for one approver about a session. */
export function findSummary(
  db: Database,
  { session, channel, sender }: Pick<Post, "session" | "channel" | "sender">,
): Post | undefined {
  return toPost(
    db.get<Raw>(
      `SELECT ${COLUMNS} FROM prompt_posts WHERE prompt IS NULL AND session = ? AND channel = ? AND sender = ? ORDER BY id DESC LIMIT 1`,
      session,
      channel,
      sender,
    ),
  );
}

/** The platform's id of the message; a first one stays. */
export function setPostMessage(db: Database, id: number, message: string): void {
  db.run("UPDATE prompt_posts SET message = ? WHERE id = ? AND message IS NULL", message, id);
}

/** It shows other arguments from now on: what was chosen under the earlier ones, and their handle, count no more. */
export function setPostShown(
  db: Database,
  id: number,
  { handle, digest, at }: Pick<Post, "handle" | "digest" | "at">,
): void {
  db.run(
    "UPDATE prompt_posts SET handle = ?, digest = ?, changed_at = ?, choice = '{}' WHERE id = ?",
    handle,
    digest,
    at,
    id,
  );
}

export function setPostChoice(db: Database, id: number, choice: Choice): void {
  db.run("UPDATE prompt_posts SET choice = ? WHERE id = ?", JSON.stringify(choice), id);
}

/** Its handle has given a verdict. False when it had before. */
export function usePost(db: Database, id: number, now: number): boolean {
  return (
    db.run("UPDATE prompt_posts SET used_at = ? WHERE id = ? AND used_at IS NULL", now, id) === 1
  );
}

/** It says how its prompt ended, or will: the change is in the outbox. False when it did before. */
export function closePost(db: Database, id: number): boolean {
  return db.run("UPDATE prompt_posts SET is_open = 0 WHERE id = ? AND is_open = 1", id) === 1;
}

export function isPostOpen(db: Database, id: number): boolean {
  return db.get("SELECT 1 FROM prompt_posts WHERE id = ? AND is_open = 1", id) !== undefined;
}

/** Somebody's own chat with us, on any of our accounts where `account` is empty. */
export function findDirectChat(
  db: Database,
  { channel, account, sender }: Pick<Post, "channel" | "account" | "sender">,
): string | undefined {
  return db.get<{ chatId: string }>(
    "SELECT chat_id AS chatId FROM direct_chats WHERE channel = ? AND sender = ? AND ? IN ('', account) LIMIT 1",
    channel,
    sender,
    account,
  )?.chatId;
}

export function setDirectChat(
  db: Database,
  { channel, account, sender, chatId }: Pick<Post, "channel" | "account" | "sender" | "chatId">,
): void {
  db.run(
    "INSERT OR REPLACE INTO direct_chats (channel, account, sender, chat_id) VALUES (?, ?, ?, ?)",
    channel,
    account,
    sender,
    chatId,
  );
}

/** A channel is removed: whoever bears its name later is another one. */
export function forgetDirectChats(db: Database, channel: string): void {
  db.run("DELETE FROM direct_chats WHERE channel = ?", channel);
}

export const AWAY_MODES = ["on", "off", "auto"] as const;
export type AwayMode = (typeof AWAY_MODES)[number];
export type AwayRow = { mode: AwayMode; by: string; at: number };

export function readAway(db: Database): AwayRow | undefined {
  return db.get<AwayRow>("SELECT mode, by, at FROM away WHERE id = 1");
}

export function setAway(db: Database, { mode, by, at }: AwayRow): void {
  db.run("INSERT OR REPLACE INTO away (id, mode, by, at) VALUES (1, ?, ?, ?)", mode, by, at);
}

/** Forgets summaries that are older than `before` (epoch ms); what tells of a prompt goes with it. Returns how many. */
export function purgeSummaries(db: Database, before: number, limit: number): number {
  return db.run(
    "DELETE FROM prompt_posts WHERE id IN (SELECT id FROM prompt_posts WHERE prompt IS NULL AND at < ? LIMIT ?)",
    before,
    limit,
  );
}

function toPost(raw: Raw | undefined): Post | undefined {
  return raw === undefined ? undefined : toPostOf(raw);
}

function toPostOf(raw: Raw): Post {
  // Written by this file only.
  return { ...raw, choice: JSON.parse(raw.choice) as Choice };
}
