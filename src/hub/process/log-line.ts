/**
 * One line of the log as a person reads it: `12:03:44 WARN  ingress: port taken port=8788`.
 *
 * Owns: that text. Never: where it goes.
 */

const NAMES: Readonly<Record<number, string>> = {
  10: "TRACE",
  20: "DEBUG",
  30: "INFO",
  40: "WARN",
  50: "ERROR",
  60: "FATAL",
};
const COLORS: Readonly<Record<number, string>> = {
  40: "\u001b[33m",
  50: "\u001b[31m",
  60: "\u001b[31m",
};
const DIM = "\u001b[2m";
const RESET = "\u001b[0m";
// A name from outside must not move the cursor, recolour the terminal or fake a second line.
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** Turns a JSON line of the log into text, with its line feed. */
export function toLogLine(json: string, color: boolean): string {
  // Made by pino from an object a moment ago.
  const { level, time, msg, err, ...rest } = JSON.parse(json) as Record<string, unknown>;
  const at = String(time).slice(11, 19);
  const name = (NAMES[Number(level)] ?? String(level)).padEnd(5);
  const facts = Object.entries(rest).map(
    ([key, value]) => `${key}=${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  const fault = toFaultText(err);
  const text = [msg ?? "", ...facts, fault]
    .filter((part) => part !== "")
    .join(" ")
    .replace(CONTROLS, "?");
  if (!color) return `${at} ${name} ${text}\n`;
  return `${DIM}${at}${RESET} ${COLORS[Number(level)] ?? ""}${name}${RESET} ${text}\n`;
}

function toFaultText(err: unknown): string {
  if (typeof err !== "object" || err === null) return err === undefined ? "" : String(err);
  const { message, code } = err as Record<string, unknown>;
  return `${String(message)}${code === undefined ? "" : ` (${String(code)})`}`;
}
