/**
 * Loaded into a hub before its own code (`node --import`): kills it, once, at the step that KILL_AT names.
 *
 * Owns: the steps, found by what the hub asks of node: a request, a statement, a commit. Never: changes what the hub does before.
 * Steps count from the first delivery to an ingress on: what a start writes is not meant.
 */
import { Server, ServerResponse } from "node:http";
import { DatabaseSync, StatementSync } from "node:sqlite";
import { STEPS, type StepName } from "./steps.ts";

const wanted = process.env["KILL_AT"];
const step = STEPS.find((name): name is StepName => name === wanted);
if (step === undefined) throw new Error(`KILL_AT "${wanted}" is none of ${STEPS.join(", ")}`);

let isArmed = false;
/** What this turn's transaction has written, by the steps that wait for its commit. */
const written = new Set<"event" | "offer" | "seen">();

function at(name: StepName): void {
  if (isArmed && name === step) process.kill(process.pid, "SIGKILL");
}

const emit = Server.prototype.emit;
Server.prototype.emit = function (
  this: Server,
  name: string | symbol,
  ...rest: unknown[]
): boolean {
  const [request, response] = rest;
  if (name === "request" && isDelivery(request)) {
    isArmed = true;
    at("headers are read");
    request.once("data", () => at("a part of the body is read"));
    if (response instanceof ServerResponse) response.once("finish", () => at("the answer is out"));
  }
  return Reflect.apply(emit, this, [name, ...rest]) as boolean;
} as typeof emit;

function isDelivery(value: unknown): value is NodeJS.ReadableStream & { url: string } {
  return (
    typeof value === "object" &&
    value !== null &&
    "url" in value &&
    typeof value.url === "string" &&
    value.url.startsWith("/in/")
  );
}

const exec = DatabaseSync.prototype.exec;
DatabaseSync.prototype.exec = function (this: DatabaseSync, sql: string): void {
  if (sql === "BEGIN IMMEDIATE") at("before the transaction");
  if (sql !== "COMMIT") return exec.call(this, sql);
  if (written.has("event")) at("the event is written, not committed");
  if (written.has("offer")) at("the offer is written, not committed");
  if (written.has("seen")) at("the receipt is written, not committed");
  exec.call(this, sql);
  if (written.has("event")) at("the event is committed, not answered");
  if (written.has("offer")) {
    at("the offer is committed, not handed over");
    setTimeout(() => at("the offer is handed over"), 20);
  }
  if (written.has("seen")) at("the receipt is committed");
  written.clear();
};

const run = StatementSync.prototype.run;
StatementSync.prototype.run = function (this: StatementSync, ...values) {
  const sql = this.sourceSQL;
  if (sql.startsWith("INSERT INTO deliveries ")) at("before the offer");
  if (sql.startsWith("UPDATE deliveries SET state = ?, seen_at")) at("before the receipt");
  const result = Reflect.apply(run, this, values) as ReturnType<typeof run>;
  if (sql.startsWith("INSERT INTO events ")) written.add("event");
  if (sql.startsWith("INSERT INTO deliveries ")) written.add("offer");
  if (sql.startsWith("UPDATE deliveries SET state = ?, seen_at")) written.add("seen");
  return result;
} as typeof run;
