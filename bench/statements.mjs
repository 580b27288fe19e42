/**
 * Loaded into a hub by profile.ts (`--import`): counts what every SQL statement takes, and writes it to STATEMENTS_FILE at the end.
 *
 * Owns: the wrapping of node:sqlite. Never: changes what a statement does.
 */
import { writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";

const counts = new Map();

function timed(sql, run) {
  const startedAt = performance.now();
  try {
    return run();
  } finally {
    const known = counts.get(sql) ?? { sql, count: 0, ms: 0 };
    known.count++;
    known.ms += performance.now() - startedAt;
    counts.set(sql, known);
  }
}

const { prepare, exec } = DatabaseSync.prototype;
DatabaseSync.prototype.exec = function (sql) {
  return timed(sql, () => exec.call(this, sql));
};
DatabaseSync.prototype.prepare = function (sql) {
  const statement = prepare.call(this, sql);
  for (const name of ["run", "get", "all"]) {
    const native = statement[name].bind(statement);
    statement[name] = (...values) => timed(sql, () => native(...values));
  }
  return statement;
};

// At this signal a new count begins: what a start reads is not an event's.
process.on("SIGUSR2", () => counts.clear());
process.on("exit", () => {
  const { STATEMENTS_FILE } = process.env;
  if (STATEMENTS_FILE) writeFileSync(STATEMENTS_FILE, JSON.stringify([...counts.values()]));
});
