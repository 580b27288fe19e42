/**
 * Lines that are added to files, and those among them that matter.
 *
 * Owns: which lines are told, and how. Never: how far a file is read (tail.ts).
 *
 * LINES-1 A pattern takes time in proportion to a line, whatever somebody writes into the log: RE2's syntax, without back references.
 */
import { RE2JS } from "../../../vendor/re2js.js";
import { SluiceError } from "../../../sdk/errors.js";
import { toNameField } from "../../../sdk/field.js";
import { at, countAt, listAt, textAt } from "../../../sdk/json.js";
import {} from "../../../sdk/inward/watcher.js";
import { toBase } from "../settings.js";
import { findFiles } from "./patterns.js";
import { Tail } from "./tail.js";
const MAX_FILES = 200;
const LINE_CHARS = 2_000;
const FIRST_LINES = 20;
const LAST_LINES = 30;
const PAYLOAD_CHARS = 200_000;
export function toTailWatcher(context, patterns) {
    const isWanted = toLineTest(context.settings["match"]);
    const tail = new Tail();
    context.signal.addEventListener("abort", () => void tail.close(), { once: true });
    return {
        parse: parseState,
        async look(given) {
            // What `parse` has made of it.
            const before = given;
            const files = await findFiles(patterns, MAX_FILES);
            const { places, found, hasMore } = await tail.look(files, before?.places);
            const arrivals = found.flatMap((one) => {
                const lines = one.lines.filter(isWanted);
                const isNews = lines.length > 0 || one.leftOutBytes > 0;
                return isNews ? [toArrival(context, { ...one, lines })] : [];
            });
            return { state: { places }, arrivals, ...(hasMore ? { nextAt: context.clock.now() } : {}) };
        },
    };
}
/** LINES-1. @throws SluiceError `bad_config`. */
export function toLineTest(pattern) {
    if (pattern === undefined)
        return () => true;
    try {
        const compiled = RE2JS.compile(pattern);
        return (line) => compiled.matcher(line.slice(0, LINE_CHARS)).find();
    }
    catch (cause) {
        throw new SluiceError("bad_config", `file: --match ${pattern} is no pattern of RE2 (as in "ERROR|FATAL"; it has no look-ahead and no back references)`, { cause });
    }
}
function toArrival(context, { path, lines, leftOutBytes }) {
    const name = toNameField(path, 250);
    const cut = lines.map((line) => line.length <= LINE_CHARS ? line : `${line.slice(0, LINE_CHARS - 1)}…`);
    const isLong = cut.length > FIRST_LINES + LAST_LINES;
    const left = cut.length - FIRST_LINES - LAST_LINES;
    const shown = isLong
        ? [...cut.slice(0, FIRST_LINES), `(${left} lines between)`, ...cut.slice(-LAST_LINES)]
        : cut;
    const missed = leftOutBytes > 0 ? `; ${leftOutBytes} bytes before them were not read` : "";
    return {
        ...toBase(context, "local"),
        kind: "file.lines",
        text: `${name}: ${lines.length} new ${lines.length === 1 ? "line" : "lines"}${missed}`,
        quotes: shown.length === 0 ? [] : [{ label: "lines", text: shown.join("\n").toWellFormed() }],
        meta: { path: name, lines: String(lines.length) },
        entity: name,
        occurredAt: context.clock.now(),
        ...(isLong ? { payload: cut.join("\n").slice(0, PAYLOAD_CHARS).toWellFormed() } : {}),
    };
}
function parseState(state) {
    if (!Array.isArray(at(state, "places")))
        return undefined;
    const places = listAt(state, "places").flatMap((one) => {
        const [path, print] = [textAt(one, "path"), at(one, "print")];
        const [dev, ino, offset] = ["dev", "ino", "offset"].map((key) => at(one, key));
        const isPlace = typeof dev === "number" && typeof ino === "number" && typeof offset === "number";
        return path !== undefined && typeof print === "string" && isPlace
            ? [{ path, dev, ino, offset, print, looksLeft: countAt(one, "looksLeft") }]
            : [];
    });
    return { places };
}
