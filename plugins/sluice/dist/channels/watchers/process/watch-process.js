import { SluiceError } from "../../../sdk/errors.js";
import { toNameField } from "../../../sdk/field.js";
import { at, listAt } from "../../../sdk/json.js";
import { openWatcher } from "../../../sdk/inward/watcher.js";
import { readEvery, toBase } from "../settings.js";
import { findProcess, isOpen, listNamed, parsePort } from "./processes.js";
const USUAL_EVERY_MS = 2_000;
const LEAST_EVERY_MS = 500;
export function openProcess(context) {
    return openWatcher(context, toProcessWatcher(context));
}
export function toProcessWatcher(context) {
    const { settings } = context;
    const subject = toSubject(settings);
    const isWanted = (change) => {
        const until = settings["until"] ?? (subject.kind === "pid" ? "ends" : "both");
        if (until === "both" || change === "restarted")
            return true;
        return change === (until === "ends" ? "ended" : "began");
    };
    return {
        everyMs: readEvery(context, USUAL_EVERY_MS, LEAST_EVERY_MS),
        parse: parseState,
        async look(before) {
            const state = await subject.read(context.signal, before);
            const isOver = subject.kind === "pid" && !state.isUp;
            const change = before === undefined ? toFirst(subject, state) : toChange(before, state);
            if (change === undefined || !isWanted(change))
                return { state, arrivals: [], isOver };
            const arrival = toArrival(context, subject, change, state);
            return { state, arrivals: [arrival], isOver };
        },
    };
}
/** @throws SluiceError `bad_config` where it names none or several. */
export function toSubject(settings) {
    const { pid, name, port, started } = settings;
    if ([pid, name, port].filter((one) => one !== undefined).length !== 1)
        throw new SluiceError("bad_config", "process: give one of --pid 1234, --port 5432, or a name");
    if (pid !== undefined) {
        return {
            kind: "pid",
            words: `process ${pid}`,
            async read(_signal, before) {
                const found = findProcess(Number(pid));
                const meant = started ?? before?.running[0]?.startTime ?? found?.startTime;
                // PROCESS-1
                if (found === undefined || found.startTime !== meant)
                    return DOWN;
                return { isUp: true, running: [{ pid: found.pid, startTime: found.startTime }] };
            },
        };
    }
    if (name !== undefined) {
        return {
            kind: "name",
            words: `process ${toNameField(name)}`,
            async read() {
                const running = await listNamed(name);
                return { isUp: running.length > 0, running: running.slice(0, 100) };
            },
        };
    }
    const parsed = parsePort(port ?? "");
    if (parsed === undefined)
        throw new SluiceError("bad_config", `process: "${port}" is no port such as 5432 or db:5432`);
    return {
        kind: "port",
        words: `port ${parsed.host}:${parsed.port}`,
        read: async (signal) => ({ isUp: await isOpen(parsed, signal), running: [] }),
    };
}
const DOWN = { isUp: false, running: [] };
/** A process that was to be watched, and had ended before the first look, has ended all the same. */
function toFirst(subject, state) {
    return subject.kind === "pid" && !state.isUp ? "ended" : undefined;
}
function toChange(before, now) {
    if (before.isUp !== now.isUp)
        return now.isUp ? "began" : "ended";
    if (!now.isUp || before.running.length === 0)
        return undefined;
    const known = new Set(before.running.map(({ pid, startTime }) => `${pid} ${startTime}`));
    const isSame = now.running.some(({ pid, startTime }) => known.has(`${pid} ${startTime}`));
    return isSame ? undefined : "restarted";
}
function toArrival(context, { kind, words }, change, { running }) {
    const isPort = kind === "port";
    const verb = {
        ended: isPort ? "is closed: nothing answers there" : "has ended",
        began: isPort ? "is open: something answers there" : "runs",
        restarted: "was started anew",
    }[change];
    const pids = running.slice(0, 5).map(({ pid }) => pid);
    return {
        ...toBase(context, "local"),
        kind: `${isPort ? "port" : "process"}.${change}`,
        text: `${words.charAt(0).toUpperCase()}${words.slice(1)} ${verb}${pids.length === 0 ? "" : ` (pid ${pids.join(", ")})`}`,
        quotes: [],
        meta: { status: change === "ended" ? "down" : "up" },
        entity: words,
        occurredAt: context.clock.now(),
    };
}
function parseState(state) {
    const isUp = at(state, "isUp");
    if (typeof isUp !== "boolean")
        return undefined;
    const running = listAt(state, "running").flatMap((one) => {
        const [pid, startTime] = [at(one, "pid"), at(one, "startTime")];
        return typeof pid === "number" && typeof startTime === "string" ? [{ pid, startTime }] : [];
    });
    return { isUp, running };
}
