/**
 * Messages on a Mac: its database with its real tables, and an `osascript` that does what Messages does with ours.
 *
 * Owns: rows as Messages writes them. Never: macOS; no Mac was used.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { toTypedStream } from "./typed-stream.ts";

const APPLE_EPOCH_MS = 978_307_200_000;
const RUNNER = join(import.meta.dirname, "osascript.mjs");

export type Said = {
  text?: string;
  /** As newer versions write it: `text` is NULL. */
  isAttributed?: boolean;
  from?: string;
  isFromMe?: boolean;
  chat?: string;
  service?: string;
  files?: readonly { name: string; mime: string; content: string | Buffer }[];
  at?: number;
  /** The join row comes later. */
  isLate?: boolean;
  columns?: Readonly<Record<string, string | number | bigint | Uint8Array | null>>;
};

export class FakeMessages implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), "messages-"));
  readonly path = join(this.folder, "chat.db");
  readonly db: DatabaseSync;
  #count = 0;

  constructor(own = "+15550001111") {
    mkdirSync(join(this.folder, "Attachments"));
    this.db = new DatabaseSync(this.path);
    this.db.exec("PRAGMA journal_mode = WAL; PRAGMA busy_timeout = 5000");
    this.db.exec(readFileSync(join(import.meta.dirname, "schema.sql"), "utf8"));
    this.addChat("ann@example.com", 45);
    this.addChat(own, 45);
    // What the owner once wrote: the file knows their address by it.
    this.say({
      text: "hello",
      isFromMe: true,
      columns: { account: `P:${own}`, destination_caller_id: own },
    });
  }

  get runner(): string[] {
    return [process.execPath, RUNNER, this.path];
  }

  /** What osascript does next: its form is read by osascript.mjs. */
  set next(plan: object) {
    writeFileSync(`${this.path}.plan`, JSON.stringify(plan));
  }

  /** What it was given, run by run. */
  get runs(): { argv: string[]; script: string; text: string }[] {
    try {
      const lines = readFileSync(`${this.path}.runs`, "utf8").trim().split("\n");
      return lines.map((line) => JSON.parse(line));
    } catch {
      return [];
    }
  }

  addChat(identifier: string, style: number, service = "iMessage", name = ""): void {
    const sign = style === 43 ? "+" : "-";
    this.db
      .prepare(
        "INSERT INTO chat (guid, style, chat_identifier, service_name, display_name) VALUES (?, ?, ?, ?, ?)",
      )
      .run(`${service};${sign};${identifier}`, style, identifier, service, name);
  }

  /** A message; its number and guid. */
  say(said: Said): { row: bigint; guid: string } {
    const { text, from = "ann@example.com", isFromMe = false, service = "iMessage" } = said;
    const guid = `GUID-${++this.#count}`;
    const date = toDate(said.at ?? Date.now());
    const columns: NonNullable<Said["columns"]> = {
      guid,
      service,
      date,
      is_from_me: isFromMe ? 1 : 0,
      is_sent: isFromMe ? 1 : 0,
      handle_id: isFromMe ? 0n : this.#handle(from, service),
      text: said.isAttributed === true ? null : (text ?? null),
      attributedBody: said.isAttributed === true ? toTypedStream(text ?? "") : null,
      cache_has_attachments: said.files === undefined ? 0 : 1,
      ...said.columns,
    };
    const names = Object.keys(columns);
    const marks = names.map(() => "?").join(", ");
    const { lastInsertRowid } = this.db
      .prepare(`INSERT INTO message (${names.join(", ")}) VALUES (${marks})`)
      .run(...Object.values(columns));
    const row = BigInt(lastInsertRowid);
    for (const file of said.files ?? []) this.#attach(row, file);
    if (said.isLate !== true) this.join(row, said.chat ?? from, service);
    return { row, guid };
  }

  join(row: bigint, chat: string, service = "iMessage"): void {
    this.db
      .prepare(
        "INSERT INTO chat_message_join (chat_id, message_id) SELECT ROWID, ? FROM chat WHERE chat_identifier = ? AND service_name = ?",
      )
      .run(row, chat, service);
  }

  change(row: bigint, columns: NonNullable<Said["columns"]>): void {
    const names = Object.keys(columns).map((name) => `${name} = ?`);
    this.db
      .prepare(`UPDATE message SET ${names.join(", ")} WHERE ROWID = ?`)
      .run(...Object.values(columns), row);
  }

  [Symbol.dispose](): void {
    this.db.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #handle(id: string, service: string): bigint {
    this.db.prepare("INSERT OR IGNORE INTO handle (id, service) VALUES (?, ?)").run(id, service);
    const found = this.db
      .prepare("SELECT ROWID AS id FROM handle WHERE id = ? AND service = ?")
      .get(id, service);
    return BigInt(Number(found?.["id"]));
  }

  #attach(row: bigint, file: NonNullable<Said["files"]>[number]): void {
    const path = join(this.folder, "Attachments", `${row}-${file.name}`);
    writeFileSync(path, file.content);
    const { lastInsertRowid } = this.db
      .prepare(
        "INSERT INTO attachment (guid, filename, transfer_name, mime_type, total_bytes) VALUES (?, ?, ?, ?, ?)",
      )
      .run(`FILE-${row}-${file.name}`, path, file.name, file.mime, Buffer.byteLength(file.content));
    this.db
      .prepare("INSERT INTO message_attachment_join (message_id, attachment_id) VALUES (?, ?)")
      .run(row, lastInsertRowid);
  }
}

export function toDate(epochMs: number): bigint {
  return BigInt(Math.round(epochMs - APPLE_EPOCH_MS)) * 1_000_000n;
}
