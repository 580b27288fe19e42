/**
 * Shows a reference session in a terminal: each turn as a model reads it, and what it did.
 *
 * Owns: frames, colours, and making text from outside harmless to a terminal. Never: acts on the session.
 */
import { replaceUnseen, toMark } from "../sdk/unseen.js";
const RESET = "\u001B[0m";
const DIM = "\u001B[2m";
const CYAN = "\u001B[36m";
const GREEN = "\u001B[32m";
const YELLOW = "\u001B[33m";
const TURN_TITLES = {
    channel: "an event woke the session",
    typed: "you typed",
    bell: "the bell woke the session",
};
const READ_TITLES = {
    channel: "",
    typed: "",
    bell: "",
    context: "added by the hook",
    tool: "",
};
/** Whether a stream wants colour: a terminal, and no NO_COLOR (https://no-color.org: present and not empty). */
export function wantsColour(stream, env) {
    return stream.isTTY === true && !env["NO_COLOR"] && env["TERM"] !== "dumb";
}
/** Takes a session's notes and writes those that a person wants to see. */
export function newRenderer({ write, colour, isPlain = false, }) {
    const paint = (code, text) => (colour ? `${code}${text}${RESET}` : text);
    const line = (text) => write(`${text}\n`);
    const framed = (text) => {
        for (const row of toPrintable(text).split("\n"))
            line(`${paint(DIM, "│")} ${row}`);
    };
    return (note) => {
        switch (note.kind) {
            case "turn-start":
                return line(`${paint(DIM, "╭─")} ${paint(CYAN, TURN_TITLES[note.turn])}`);
            case "read":
                if (note.how === "tool")
                    return;
                if (READ_TITLES[note.how] !== "")
                    line(paint(DIM, `├─ ${READ_TITLES[note.how]}`));
                return framed(note.how === "bell" ? toShortBell(note.text) : note.text);
            case "tool": {
                const mark = note.isError ? paint(YELLOW, "✗") : paint(GREEN, "→");
                const input = isPlain ? toWords(note.input) : JSON.stringify(note.input);
                line(`${paint(DIM, "├─")} ${mark} ${toPrintable(note.name)} ${toOneLine(input)}`);
                return framed(note.output);
            }
            case "dialog":
                return line(`${paint(DIM, "├─")} ${paint(YELLOW, `permission asked for ${toPrintable(note.name)}: ${note.answer}`)}`);
            case "halted":
                return line(`${paint(DIM, "├─")} ${paint(YELLOW, `stopped: ${toOneLine(note.reason)}`)}`);
            case "turn-end": {
                const reason = note.reason === undefined ? "" : `: ${toOneLine(note.reason)}`;
                return line(paint(DIM, `╰─ turn ended (${note.how})${reason}`));
            }
            case "hook-failed":
                return line(paint(YELLOW, `! ${note.moment} hook failed: ${toOneLine(note.reason)}`));
            case "dropped":
                return line(paint(YELLOW, `! a notification was lost: ${toOneLine(note.reason)}`));
            case "dropped-keys":
                return line(paint(YELLOW, `! meta keys left out: ${toOneLine(note.keys.join(", "))}`));
            case "bell-lost":
                return line(paint(YELLOW, `! ${note.lines.length} bell lines suppressed: too many in a short time`));
            case "garbage":
                return line(paint(YELLOW, `! not JSON-RPC on the server's stdout: ${toOneLine(note.line)}`));
            case "server-gone":
                return line(paint(YELLOW, `! the server ${toOneLine(note.reason)}`));
            case "channel":
                if (note.outcome.kind === "open")
                    return;
                return line(paint(YELLOW, `! ${toOneLine(note.server)} is no channel here: ${toOneLine(note.outcome.reason)}`));
            case "notice":
                return line(paint(YELLOW, `! ${toOneLine(note.text)}`));
            case "cleared":
                return line(paint(DIM, "a new session begins"));
            case "taken-back":
            case "hook":
            case "queued":
            case "relayed":
            case "verdict":
                return;
            default:
                return note;
        }
    };
}
/** `event_id evt_…, text Two tests left.` */
function toWords(input) {
    if (typeof input !== "object" || input === null)
        return JSON.stringify(input);
    return Object.entries(input)
        .map(([name, value]) => `${name} ${typeof value === "string" ? value : JSON.stringify(value)}`)
        .join(", ");
}
/** A bell's reading is mostly the client's fixed warning: a person needs the notification only. */
function toShortBell(text) {
    return /<task-notification>.*<\/task-notification>/s.exec(text)?.[0] ?? text;
}
/** Text without what a terminal would obey and what nobody sees: that is shown by its number. */
export function toPrintable(text) {
    return replaceUnseen(text.replaceAll("\r\n", "\n"), toMark);
}
function toOneLine(text) {
    const flat = toPrintable(text).replace(/\s+/g, " ");
    return flat.length > 160 ? `${flat.slice(0, 159)}…` : flat;
}
