/**
 * The database of Messages, read only.
 *
 * Owns: every query to it, and the faults of opening it. Never: what a row means (receive.ts).
 *
 * MESSAGESFILE-1 Nothing is written to it: it is opened read-only, beside the app that owns it, and with its log (`immutable` would not see
 *    what stands in that alone).
 * MESSAGESFILE-2 Columns that this macOS does not have are read as NULL: Apple adds some with every version and documents none.
 */
import { statSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { SluiceError, toMessage } from "../../sdk/errors.js";
/** Of a chat. */
const DIRECT = 45;
const GROUP = 43;
const BATCH = 200;
/** Edits come within 15 minutes; nobody receives as many messages in that time. */
const EDITABLE_ROWS = 2_000;
const MAX_FILES = 20;
const BUSY_MS = 5_000;
const OPTIONAL = [
    "date_edited",
    "date_retracted",
    "associated_message_emoji",
    "message_summary_info",
    "thread_originator_guid",
    "is_audio_message",
    "balloon_bundle_id",
    "destination_caller_id",
];
export class MessagesFile {
    path;
    #db;
    #columns;
    #statements = new Map();
    #inode;
    /** @throws SluiceError `unauthorized` without Full Disk Access, `bad_config` where there is no such file or it is another one. */
    constructor(path) {
        this.path = path;
        let db;
        try {
            this.#inode = statSync(path, { bigint: true }).ino;
            db = new DatabaseSync(path, { readOnly: true });
            this.#db = db;
            db.exec(`PRAGMA busy_timeout = ${BUSY_MS}`);
            const names = db.prepare("PRAGMA table_info(message)").all();
            this.#columns = new Set(names.map(({ name }) => String(name)));
        }
        catch (thrown) {
            db?.close();
            throw toOpenFault(thrown, path);
        }
        if (this.#columns.has("attributedBody") && this.#columns.has("handle_id"))
            return;
        db.close();
        throw new SluiceError("bad_config", `imessage: ${path} is no database of Messages`);
    }
    close() {
        this.#db.close();
    }
    /** Another file stands at its path now, as after a restored backup. */
    get isReplaced() {
        return statSync(this.path, { bigint: true, throwIfNoEntry: false })?.ino !== this.#inode;
    }
    /** Changes whenever another process has committed. https://sqlite.org/pragma.html#pragma_data_version */
    readVersion() {
        return toBigint(this.#get("PRAGMA data_version")?.["data_version"]);
    }
    readLastRow() {
        return toBigint(this.#get("SELECT MAX(ROWID) AS last FROM message")?.["last"]);
    }
    /** In the order in which they came, at most 200. */
    listAfter(row) {
        const sql = `${this.#select} WHERE m.ROWID > ? ORDER BY m.ROWID LIMIT ${BATCH}`;
        return this.#all(sql, row).map(toMessageRow);
    }
    /** Those that were changed in place since, among the newest. */
    listChanged(since, lastRow) {
        if (!this.#columns.has("date_edited"))
            return [];
        const changed = "MAX(COALESCE(m.date_edited, 0), COALESCE(m.date_retracted, 0))";
        const sql = `${this.#select} WHERE m.ROWID > ? AND m.ROWID <= ? AND ${changed} > ? ORDER BY ${changed} LIMIT ${BATCH}`;
        return this.#all(sql, lastRow - BigInt(EDITABLE_ROWS), lastRow, since).map(toMessageRow);
    }
    find(guid) {
        const [found] = this.#all(`${this.#select} WHERE m.guid = ?`, guid);
        return found === undefined ? undefined : toMessageRow(found);
    }
    /** What this account wrote into a chat since a row. */
    listOwnAfter(row, chatGuid) {
        const sql = `SELECT m.guid, m.text, m.attributedBody AS body, m.error, m.is_sent FROM message m
      JOIN chat_message_join j ON j.message_id = m.ROWID JOIN chat c ON c.ROWID = j.chat_id
      WHERE m.ROWID > ? AND m.is_from_me = 1 AND c.guid = ? ORDER BY m.ROWID`;
        return this.#all(sql, row, chatGuid).map((raw) => ({
            guid: toText(raw["guid"]) ?? "",
            text: toText(raw["text"]),
            body: toBytes(raw["body"]),
            error: Number(raw["error"] ?? 0),
            isSent: Number(raw["is_sent"] ?? 0) === 1,
        }));
    }
    /** The conversations under that name, one for each service: first where something was said last, as Messages cannot send to empty ones. */
    listChats(identifier) {
        const sql = `SELECT guid, chat_identifier, style, display_name, service_name FROM chat WHERE chat_identifier = ?
      ORDER BY (SELECT MAX(j.message_id) FROM chat_message_join j WHERE j.chat_id = chat.ROWID) DESC, ROWID DESC`;
        return this.#all(sql, identifier).map((raw) => toChat(raw, ""));
    }
    listFiles(row) {
        const sql = `SELECT a.guid, a.filename, a.transfer_name, a.mime_type, a.total_bytes FROM attachment a
      JOIN message_attachment_join j ON j.attachment_id = a.ROWID
      WHERE j.message_id = ? AND COALESCE(a.hide_attachment, 0) = 0 ORDER BY a.ROWID LIMIT ${MAX_FILES}`;
        return this.#all(sql, row).map(toFile);
    }
    findFile(guid) {
        const [found] = this.#all("SELECT guid, filename, transfer_name, mime_type, total_bytes FROM attachment WHERE guid = ?", guid);
        return found === undefined ? undefined : toFile(found);
    }
    /** The addresses under which the owner writes, in lower case. */
    listOwnAddresses() {
        const sql = `SELECT DISTINCT m.account AS account, ${this.#column("destination_caller_id")} AS caller
      FROM message m WHERE m.is_from_me = 1 AND m.ROWID > (SELECT MAX(ROWID) - 5000 FROM message)`;
        const found = this.#all(sql).flatMap((raw) => [
            toText(raw["account"])?.replace(/^[A-Za-z]:/, ""),
            toText(raw["caller"]),
        ]);
        return [
            ...new Set(found
                .filter((one) => one !== undefined)
                .filter(Boolean)
                .map(toAddress)),
        ];
    }
    /** MESSAGESFILE-2 */
    #column(name) {
        return this.#columns.has(name) ? `m.${name}` : "NULL";
    }
    get #select() {
        return `SELECT m.ROWID AS id, m.guid, m.text, m.attributedBody AS body, m.is_from_me, m.service, m.date, m.item_type,
      m.associated_message_type, m.associated_message_guid, m.cache_has_attachments, h.id AS handle,
      ${OPTIONAL.map((name) => `${this.#column(name)} AS ${name}`).join(", ")},
      c.guid AS chat_guid, c.chat_identifier, c.style, c.display_name, c.service_name
      FROM message m LEFT JOIN handle h ON h.ROWID = m.handle_id
      LEFT JOIN chat c ON c.ROWID = (SELECT MAX(j.chat_id) FROM chat_message_join j WHERE j.message_id = m.ROWID)`;
    }
    #get(sql) {
        return this.#prepare(sql).get();
    }
    #all(sql, ...values) {
        return this.#prepare(sql).all(...values);
    }
    #prepare(sql) {
        let statement = this.#statements.get(sql);
        if (statement === undefined) {
            statement = this.#db.prepare(sql);
            // Dates are beyond what a number holds.
            statement.setReadBigInts(true);
            this.#statements.set(sql, statement);
        }
        return statement;
    }
}
/** As two spellings of one address are compared. */
export function toAddress(text) {
    return text.trim().toLowerCase();
}
function toMessageRow(raw) {
    return {
        row: toBigint(raw["id"]),
        guid: toText(raw["guid"]) ?? "",
        text: toText(raw["text"]),
        body: toBytes(raw["body"]),
        info: toBytes(raw["message_summary_info"]),
        isFromMe: Number(raw["is_from_me"] ?? 0) === 1,
        service: toText(raw["service"]) ?? "",
        date: toBigint(raw["date"]),
        editedAt: toBigint(raw["date_edited"]),
        retractedAt: toBigint(raw["date_retracted"]),
        handle: toText(raw["handle"]),
        chat: raw["chat_guid"] === null ? undefined : toChat(raw, "chat_"),
        itemType: Number(raw["item_type"] ?? 0),
        associatedType: Number(raw["associated_message_type"] ?? 0),
        associatedGuid: toText(raw["associated_message_guid"]),
        associatedEmoji: toText(raw["associated_message_emoji"]),
        balloon: toText(raw["balloon_bundle_id"]),
        isAudio: Number(raw["is_audio_message"] ?? 0) === 1,
        hasFiles: Number(raw["cache_has_attachments"] ?? 0) === 1,
        answers: toText(raw["thread_originator_guid"]),
    };
}
function toChat(raw, prefix) {
    const style = Number(raw["style"]);
    const identifier = toText(raw["chat_identifier"]) ?? "";
    return {
        guid: toText(raw[`${prefix}guid`]) ?? "",
        identifier,
        kind: style === DIRECT ? "direct" : style === GROUP ? "group" : "other",
        name: toText(raw["display_name"]) ?? identifier,
        service: toText(raw["service_name"]) ?? "",
    };
}
function toFile(raw) {
    return {
        guid: toText(raw["guid"]) ?? "",
        path: toText(raw["filename"]),
        name: toText(raw["transfer_name"]) ?? "file",
        mime: toText(raw["mime_type"]),
        bytes: Number(raw["total_bytes"] ?? 0),
    };
}
function toText(value) {
    return typeof value === "string" && value !== "" ? value : undefined;
}
function toBytes(value) {
    return value instanceof Uint8Array ? value : undefined;
}
function toBigint(value) {
    return typeof value === "bigint" ? value : 0n;
}
/** https://sqlite.org/rescode.html: 14 cannot open, 23 denied, 26 no database. macOS says EPERM or EACCES for what it guards. */
export function toOpenFault(thrown, path) {
    const { code, errcode } = thrown;
    if (code === "ENOENT")
        return new SluiceError("bad_config", `imessage: there is no ${path}; open Messages once and sign in, or name another file: --set database=PATH`);
    const primary = typeof errcode === "number" ? errcode & 0xff : undefined;
    const isDenied = code === "EPERM" || code === "EACCES" || primary === 14 || primary === 23;
    if (isDenied)
        return new SluiceError("unauthorized", `imessage: macOS does not let Sluice read ${path}; give Full Disk Access to the program that starts it (your terminal, or node): System Settings > Privacy & Security > Full Disk Access; then run "sluice down" and "sluice up"`);
    return new SluiceError("bad_config", `imessage: ${path} cannot be read: ${toMessage(thrown)}`);
}
