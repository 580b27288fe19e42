/**
 * `osascript FILE.db - PATH GUID` with the script on stdin: what Messages does with it. The file beside the database says what goes wrong:
 * `{"stderr", "code"}` it refuses, `{"hangs"}`, `{"error"}` it is written down with that error, `{"silent"}` nothing is, `{"unsent"}`.
 */
import { appendFileSync, existsSync, readFileSync, rmSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { basename } from "node:path";

const [database, dash, path, chat] = process.argv.slice(2);
const script = readFileSync(0, "utf8");
const isText = script.includes("«class utf8»");
const text = isText ? readFileSync(path, "utf8") : "";
appendFileSync(
  `${database}.runs`,
  `${JSON.stringify({ argv: [dash, path, chat], script, text })}\n`,
);
const plan = takePlan();
if (plan.hangs) setTimeout(() => {}, 600_000);
else if (plan.code) {
  process.stderr.write(plan.stderr);
  process.exitCode = plan.code;
} else if (!plan.silent) write();

function takePlan() {
  const file = `${database}.plan`;
  if (!existsSync(file)) return {};
  const plan = JSON.parse(readFileSync(file, "utf8"));
  rmSync(file);
  return plan;
}

function write() {
  const db = new DatabaseSync(database);
  db.exec("PRAGMA busy_timeout = 5000; BEGIN IMMEDIATE");
  const found = db
    .prepare("SELECT ROWID AS id, chat_identifier FROM chat WHERE guid = ?")
    .get(chat);
  if (found === undefined) {
    process.stderr.write(
      `execution error: Messages got an error: Can’t get chat id "${chat}". (-1728)`,
    );
    process.exitCode = 1;
    return;
  }
  const own = db.prepare("SELECT 1 FROM message WHERE destination_caller_id = ?");
  // A message to oneself is written down twice.
  const copies = own.get(found.chat_identifier) === undefined ? [1] : [1, 0];
  for (const isFromMe of copies) {
    const guid = `OUT-${process.pid}-${isFromMe}`;
    const date = BigInt(Date.now() - 978_307_200_000) * 1_000_000n;
    const handle = isFromMe ? 0 : toHandle(db, found.chat_identifier);
    const { lastInsertRowid } = db
      .prepare(
        "INSERT INTO message (guid, text, service, date, is_from_me, is_sent, error, handle_id, cache_has_attachments) VALUES (?, ?, 'iMessage', ?, ?, ?, ?, ?, ?)",
      )
      .run(
        guid,
        isText ? text : "\ufffc",
        date,
        isFromMe,
        isFromMe && !plan.unsent ? 1 : 0,
        plan.error ?? 0,
        handle,
        isText ? 0 : 1,
      );
    db.prepare("INSERT INTO chat_message_join (chat_id, message_id) VALUES (?, ?)").run(
      found.id,
      lastInsertRowid,
    );
    if (isText) continue;
    const file = db
      .prepare(
        "INSERT INTO attachment (guid, filename, transfer_name, mime_type, total_bytes) VALUES (?, ?, ?, 'text/plain', 1)",
      )
      .run(`FILE-${guid}`, path, basename(path));
    db.prepare("INSERT INTO message_attachment_join VALUES (?, ?)").run(
      lastInsertRowid,
      file.lastInsertRowid,
    );
  }
  db.exec("COMMIT");
  db.close();
}

function toHandle(db, id) {
  db.prepare("INSERT OR IGNORE INTO handle (id, service) VALUES (?, 'iMessage')").run(id);
  return db.prepare("SELECT ROWID AS id FROM handle WHERE id = ?").get(id).id;
}
