/**
 * The hub's log: JSON lines in the home, and in the foreground one plain line each on stderr.
 *
 * Owns: the destinations of lines; a lost line stops nothing. Never: decides what is worth a line.
 *
 * LOG-1 No fault of a log's destination (disk full, folder gone, closed terminal) throws or ends the hub.
 * LOG-2 Lines are written at once, not collected: the last line before a crash is the most useful one.
 * LOG-3 Secrets print as `[secret]` by themselves; credentials in a request's headers are removed here, in case the headers are logged
 *    whole.
 */
import pino from "../../vendor/pino.js";
import { toMessage } from "../../sdk/errors.js";
import { toLogLine } from "./log-line.js";
import { RollingFile } from "./rolling-file.js";
const LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"];
const CREDENTIALS = [
    "authorization",
    "Authorization",
    "cookie",
    "Cookie",
    "set-cookie",
    "proxy-authorization",
    "x-sluice-token",
];
const MAX_FILE_BYTES = 10 * 1024 * 1024;
const FILES_KEPT = 5;
// While the disk is full this much waits in memory; newer lines are dropped.
const MAX_WAITING_BYTES = 1024 * 1024;
export function openLog(options) {
    const level = toLevel(options.env["SLUICE_LOG"]);
    const streams = [];
    if (options.foreground)
        streams.push({ level: "trace", stream: toStderr(options.env) });
    const file = openFile(options);
    if (typeof file === "object")
        streams.push({ level: "trace", stream: { write: (line) => file.write(line) } });
    const log = pino({
        level,
        base: null,
        redact: { paths: toRedactPaths(), censor: "[secret]" },
        timestamp: pino.stdTimeFunctions.isoTime,
    }, pino.multistream(streams));
    if (typeof file === "string")
        log.warn({ reason: file }, "no log file; going on without one");
    return { log, close: () => (typeof file === "string" ? undefined : file.close()) };
}
/** A level that pino knows; a wrong word must not keep the hub from starting. */
function toLevel(wanted) {
    return wanted !== undefined && LEVELS.includes(wanted) ? wanted : "info";
}
function openFile(options) {
    try {
        return new RollingFile({
            folder: options.home.logDir,
            maxBytes: options.maxFileBytes ?? MAX_FILE_BYTES,
            kept: FILES_KEPT,
            maxWaitingBytes: MAX_WAITING_BYTES,
        });
    }
    catch (thrown) {
        return toMessage(thrown);
    }
}
function toStderr(env) {
    const color = process.stderr.isTTY && (env["NO_COLOR"] ?? "") === "";
    // EPIPE when the terminal or the pipe's reader is gone: the file still has every line.
    process.stderr.on("error", () => { });
    return { write: (line) => void process.stderr.write(toLogLine(line, color)) };
}
function toRedactPaths() {
    return CREDENTIALS.flatMap((name) => ["", "headers", "*", "*.headers"].map((parent) => `${parent}["${name}"]`));
}
