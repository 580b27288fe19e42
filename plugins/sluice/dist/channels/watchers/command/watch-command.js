/**
 * A command that is run again and again: its output, or that it fails, is the news.
 *
 * Owns: what counts as a change. Never: runs it (run.ts).
 */
import { isAbsolute } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { SluiceError } from "../../../sdk/errors.js";
import { toNameField } from "../../../sdk/field.js";
import { at, textAt } from "../../../sdk/json.js";
import { toShellCommand } from "../../../sdk/shell-word.js";
import { toChanges, toKeptText } from "../changes.js";
import { openWatcher } from "../../../sdk/inward/watcher.js";
import { parseLength, readEvery, requireSetting, toBase } from "../settings.js";
import { runCommand } from "./run.js";
const USUAL_EVERY_MS = 5 * 60_000;
const LEAST_EVERY_MS = 1_000;
const USUAL_TIMEOUT_MS = 60_000;
const COMMAND_MAX_CHARS = 160;
const SHOWN_CHARS = 4_000;
export function openCommand(context) {
    return openWatcher(context, toCommandWatcher(context));
}
/** @throws SluiceError `bad_config`. */
export function parseArgv(text) {
    let argv;
    try {
        argv = JSON.parse(text);
    }
    catch {
        // Refused below, like a list of something else.
    }
    const isTexts = (value) => Array.isArray(value) && value.every((one) => typeof one === "string");
    if (isTexts(argv) && (argv[0] ?? "") !== "")
        return argv;
    throw new SluiceError("bad_config", 'command: "run" is a JSON list of texts, the program first; type it as: sluice add command --every 5m -- git fetch --dry-run');
}
export function toCommandWatcher(context) {
    const { settings, signal } = context;
    const argv = parseArgv(requireSetting(context, "run"));
    const cwd = settings["cwd"] ?? "/";
    if (!isAbsolute(cwd))
        throw new SluiceError("bad_config", `command: cwd ${cwd} is not absolute`);
    const timeoutMs = parseLength(settings["timeout"]) ?? USUAL_TIMEOUT_MS;
    const tell = settings["tell"] ?? "change";
    return {
        everyMs: readEvery(context, USUAL_EVERY_MS, LEAST_EVERY_MS),
        parse: parseState,
        async look(before) {
            const ran = await runCommand({ argv, cwd, timeoutMs, signal });
            const output = stripVTControlCharacters(ran.output);
            const { isOk, status } = ran;
            const state = { output: toKeptText(output), status, isOk };
            if (!isNews(tell, before, state))
                return { state, arrivals: [] };
            return { state, arrivals: [toArrival(context, argv, before, { ...ran, output })] };
        },
    };
}
function isNews(tell, before, now) {
    if (tell === "always")
        return true;
    const hasTurned = before !== undefined && before.isOk !== now.isOk;
    if (tell === "failure")
        return hasTurned || (before === undefined && !now.isOk);
    if (before === undefined)
        return false;
    return before.output.digest !== now.output.digest || before.status !== now.status;
}
function toArrival(context, argv, before, { isOk, status, output, leftOut }) {
    const command = toNameField(toShellCommand(argv), COMMAND_MAX_CHARS);
    const hasTurned = before !== undefined && before.isOk !== isOk;
    const what = hasTurned
        ? isOk
            ? "succeeds again"
            : "fails now"
        : before === undefined || before.output.digest === toKeptText(output).digest
            ? isOk
                ? "has run"
                : "has failed"
            : "gives another output";
    const changes = before === undefined ? undefined : toChanges(before.output, output);
    const shown = changes ?? toEnd(output);
    return {
        ...toBase(context, "local"),
        kind: hasTurned || !isOk ? (isOk ? "command.succeeded" : "command.failed") : "command.changed",
        text: `${command} ${what} (${status})`,
        quotes: shown.trim() === ""
            ? []
            : [{ label: changes === undefined ? "output" : "changed lines", text: shown }],
        meta: {
            status: isOk ? "success" : "failure",
            ...(isOk ? {} : { severity: "error" }),
            result: status,
            ...(leftOut > 0 ? { left_out_bytes: String(leftOut) } : {}),
        },
        entity: toNameField(context.name),
        occurredAt: context.clock.now(),
    };
}
/** The last lines tell most. */
function toEnd(output) {
    const text = output.trimEnd();
    return text.length <= SHOWN_CHARS ? text : `…${text.slice(text.length - SHOWN_CHARS + 1)}`;
}
function parseState(state) {
    const [isOk, status, digest] = [
        at(state, "isOk"),
        textAt(state, "status"),
        textAt(state, "output.digest"),
    ];
    if (typeof isOk !== "boolean" || status === undefined || digest === undefined)
        return undefined;
    const text = at(state, "output.text");
    return { isOk, status, output: { digest, text: typeof text === "string" ? text : undefined } };
}
