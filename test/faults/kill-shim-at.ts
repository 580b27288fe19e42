/**
 * Loaded into a shim before its own code (`node --import`): kills it, once, at the step that KILL_AT names.
 *
 * Owns: the steps, found by what the shim reads and writes. Never: changes either.
 */
import { SHIM_STEPS } from "./steps.ts";

const wanted = process.env["KILL_AT"];
const step = SHIM_STEPS.find((name) => name === wanted);
if (step === undefined) throw new Error(`KILL_AT "${wanted}" is none of ${SHIM_STEPS.join(", ")}`);

function at(name: (typeof SHIM_STEPS)[number]): void {
  if (name === step) process.kill(process.pid, "SIGKILL");
}

let hasToldEvent = false;

const emit = process.stdin.emit;
process.stdin.emit = function (
  this: typeof process.stdin,
  name: string,
  ...rest: unknown[]
): boolean {
  const text = name === "data" ? String(rest[0]) : "";
  if (text.includes("Sluice bell")) at("the bell's hook is read");
  if (hasToldEvent && text.includes('"event":"Stop"')) at("the end of the turn is read");
  return Reflect.apply(emit, this, [name, ...rest]) as boolean;
} as typeof emit;

const write = process.stdout.write;
process.stdout.write = function (this: typeof process.stdout, ...rest: unknown[]): boolean {
  // JSON in JSON: the quote has come with its backslashes. Words of ours name the attribute as well.
  const tellsEvent = /event_id=[\\"]+evt_[0-9a-z]{26}/.test(String(rest[0]));
  if (tellsEvent) at("the hub has answered, nothing is said");
  const isFlushed = Reflect.apply(write, this, rest) as boolean;
  if (tellsEvent) at("the answer is out");
  hasToldEvent ||= tellsEvent;
  return isFlushed;
} as typeof write;
