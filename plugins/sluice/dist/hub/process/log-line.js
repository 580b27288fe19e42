/**
 * One line of the log as a person reads it: `12:03:44 WARN  ingress: port taken port=8788`.
 *
 * Owns: that text. Never: where it goes.
 */
import { replaceUnseen, toMark } from "../../sdk/unseen.js";
const NAMES = {
    10: "TRACE",
    20: "DEBUG",
    30: "INFO",
    40: "WARN",
    50: "ERROR",
    60: "FATAL",
};
const COLORS = {
    40: "\u001b[33m",
    50: "\u001b[31m",
    60: "\u001b[31m",
};
const DIM = "\u001b[2m";
const RESET = "\u001b[0m";
/** Turns a JSON line of the log into text, with its line feed. */
export function toLogLine(json, color) {
    // Made by pino from an object a moment ago.
    const { level, time, msg, err, ...rest } = JSON.parse(json);
    const at = String(time).slice(11, 19);
    const name = (NAMES[Number(level)] ?? String(level)).padEnd(5);
    const facts = Object.entries(rest).map(([key, value]) => `${key}=${typeof value === "string" ? value : JSON.stringify(value)}`);
    const fault = toFaultText(err);
    const line = [msg ?? "", ...facts, fault].filter((part) => part !== "").join(" ");
    // A name from outside must not move the cursor, recolour the terminal or fake a second line.
    const text = replaceUnseen(line, toMark).replace(/[\n\t]/g, toMark);
    if (!color)
        return `${at} ${name} ${text}\n`;
    return `${DIM}${at}${RESET} ${COLORS[Number(level)] ?? ""}${name}${RESET} ${text}\n`;
}
function toFaultText(err) {
    if (typeof err !== "object" || err === null)
        return err === undefined ? "" : String(err);
    const { message, code } = err;
    return `${String(message)}${code === undefined ? "" : ` (${String(code)})`}`;
}
