import { cut, MAX_META_CHARS, toNameField } from "../../sdk/field.js";
const COMMAND_MAX_CHARS = 160;
export function toJobArrival(channel, job) {
    const { id, cwd, startedAt, endedAt, outcome, lines = "", repository, session } = job;
    const durationMs = Math.max(0, endedAt - startedAt);
    const command = toNameField(job.command, COMMAND_MAX_CHARS);
    const { kind, words, status } = toWords(outcome);
    const took = outcome.kind === "lost" ? "" : ` after ${toLength(durationMs)}`;
    return {
        channel,
        kind,
        sender: { id: "local", name: "sluice run" },
        text: `${command} ${words}${took}\nin ${toNameField(cwd, 200)}`,
        quotes: lines === "" ? [] : [{ label: "last lines", text: lines }],
        meta: {
            status,
            ...(status === "success" ? {} : { severity: outcome.kind === "lost" ? "warning" : "error" }),
            ...(outcome.kind === "exit" ? { exit_code: String(outcome.code) } : {}),
            ...(outcome.kind === "signal" ? { signal: outcome.signal } : {}),
            duration_ms: String(durationMs),
            cwd: cut(cwd, MAX_META_CHARS),
            command: cut(job.command, MAX_META_CHARS),
        },
        priority: "normal",
        ack: "auto",
        verified: "local",
        deliveryId: id,
        entity: toNameField(`${command} in ${cwd}`, 250),
        occurredAt: endedAt,
        ...(repository === undefined ? {} : { repository }),
        ...(session === undefined ? {} : { session }),
    };
}
function toWords(outcome) {
    switch (outcome.kind) {
        case "exit":
            return outcome.code === 0
                ? { kind: "run.succeeded", words: "succeeded", status: "success" }
                : {
                    kind: "run.failed",
                    words: `failed with exit code ${outcome.code}`,
                    status: "failure",
                };
        case "signal":
            return {
                kind: "run.killed",
                words: `was ended by ${toNameField(outcome.signal, 20)}`,
                status: "failure",
            };
        case "lost":
            return {
                kind: "run.lost",
                words: "has ended, and nobody saw how: its sluice run was killed, or the machine went down",
                status: "unknown",
            };
        default:
            return outcome;
    }
}
/** `850 ms`, `42 s`, `3 min 5 s`, `2 h 4 min`. */
export function toLength(ms) {
    if (ms < 1_000)
        return `${Math.round(ms)} ms`;
    if (ms < 10_000)
        return `${(ms / 1_000).toFixed(1)} s`;
    const seconds = Math.round(ms / 1_000);
    if (seconds < 60)
        return `${seconds} s`;
    const minutes = Math.floor(seconds / 60);
    if (minutes < 60)
        return toPair(minutes, "min", seconds % 60, "s");
    return toPair(Math.floor(minutes / 60), "h", minutes % 60, "min");
}
function toPair(large, unit, small, smallUnit) {
    return small === 0 ? `${large} ${unit}` : `${large} ${unit} ${small} ${smallUnit}`;
}
export function toTurnArrival(channel, turn) {
    const { session, label, cwd, asker, how, id, at } = turn;
    const name = toNameField(label, 80);
    const text = {
        ended: `Session ${name} has ended its turn`,
        failed: `Session ${name} has ended its turn by a fault of its client`,
        subagent: `A subagent of session ${name} has ended`,
    }[how];
    return {
        channel,
        kind: { ended: "turn.completed", failed: "turn.failed", subagent: "subagent.completed" }[how],
        sender: { id: session, name },
        text: `${text}\nin ${toNameField(cwd, 200)}`,
        quotes: [],
        meta: {
            ...(how === "failed" ? { status: "failure" } : {}),
            session: cut(session, MAX_META_CHARS),
            cwd: cut(cwd, MAX_META_CHARS),
        },
        priority: "normal",
        ack: "auto",
        verified: "local",
        deliveryId: id,
        entity: name,
        session: asker,
        occurredAt: at,
    };
}
