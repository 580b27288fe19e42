/**
 * What is left when everything but keeping is taken away: `node:http`, one INSERT for each POST, and the disk's own flush.
 *
 * MODE `group` answers all POSTs of an event-loop turn after one COMMIT; `plain` commits each by itself, the way it is done everywhere.
 * The table has what any inbox needs: two unique indexes and one over what waits. PORT says where it listens, on loopback only; FILE is
 * the database. Verifies nothing, knows no session.
 */
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { DatabaseSync } from "node:sqlite";

const { MODE = "group", PORT = "0", FILE = "" } = process.env;
const db = new DatabaseSync(FILE);
db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
  CREATE TABLE events (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, delivery TEXT NOT NULL UNIQUE, body TEXT NOT NULL, state TEXT NOT NULL) STRICT;
  CREATE INDEX waiting ON events (seq) WHERE state = 'stored'`);
const insert = db.prepare(
  "INSERT INTO events (id, delivery, body, state) VALUES (?, ?, ?, 'stored')",
);

let waiting = [];
function commit() {
  const answers = waiting;
  waiting = [];
  db.exec("COMMIT");
  for (const answer of answers) answer();
}

createServer((request, response) => {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    const id = randomUUID();
    const keep = () => insert.run(id, randomUUID(), Buffer.concat(chunks).toString("utf8"));
    const answer = () => response.writeHead(202).end(id);
    if (MODE === "plain") {
      keep();
      return answer();
    }
    if (waiting.length === 0) {
      db.exec("BEGIN IMMEDIATE");
      setImmediate(commit);
    }
    keep();
    waiting.push(answer);
  });
}).listen(Number(PORT), "127.0.0.1");
