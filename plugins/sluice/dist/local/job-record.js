/**
 * The record of a command that runs below `sluice run`, from its start until the hub has its end.
 *
 * Owns: the folder of these records, their form, and writing and listing them. Never: makes an event of one (hub/jobs), or runs anything.
 *
 * JOB-1 The record is on disk before the hub hears of it, and stays until the hub has committed its event: a hub that is down, or killed at
 *    any moment, loses no end and tells none twice (the event's delivery id is the record's).
 * JOB-2 A record without an end whose `sluice run` is gone is an end of which nobody knows more.
 */
import { closeSync, fsyncSync, openSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeSync, } from "node:fs";
import { join } from "node:path";
import { readErrorCode } from "../sdk/errors.js";
import { at, isTrueAt, textAt } from "../sdk/json.js";
import { ensureInnerFolder } from "./safe-folder.js";
const JOB_ID = /^job_[0-9a-z]{26}$/;
const MAX_BYTES = 256 * 1024;
/** More of them than any machine runs at once: then the hub is down for long, and what is told is the older ends. */
const MAX_RECORDS = 1_000;
function toFolder(home) {
    return join(home.path, "jobs");
}
/** False where there are too many already. @throws a fault of the folder or the disk. */
export function writeJob(home, record) {
    const folder = toFolder(home);
    ensureInnerFolder(folder);
    const path = join(folder, `${record.id}.json`);
    if (record.end === undefined && readdirSync(folder).length >= MAX_RECORDS)
        return false;
    const temporary = `${path}.tmp`;
    const fd = openSync(temporary, "w", 0o600);
    try {
        writeSync(fd, `${JSON.stringify(record)}\n`);
        // Of a start nothing is lost with the power: the command has ended by that as well.
        if (record.end !== undefined)
            fsyncSync(fd);
    }
    finally {
        closeSync(fd);
    }
    renameSync(temporary, path);
    return true;
}
/** In the order of their starts. */
export function listJobs(home) {
    const folder = toFolder(home);
    return readNames(folder)
        .filter((name) => name.endsWith(".json"))
        .toSorted()
        .flatMap((name) => readJob(join(folder, name), name.slice(0, -".json".length)) ?? []);
}
export function removeJob(path) {
    rmSync(path, { force: true });
}
/** Kept beside, for a person to look at; it is not read again. */
export function setJobAside(path) {
    renameSync(path, path.replace(/\.json$/, ".bad"));
}
function readNames(folder) {
    try {
        return readdirSync(folder);
    }
    catch (thrown) {
        // No command has run below Sluice yet.
        if (readErrorCode(thrown) === "ENOENT")
            return [];
        throw thrown;
    }
}
function readJob(path, id) {
    let text;
    try {
        if (statSync(path).size > MAX_BYTES)
            return { kind: "damaged", path };
        text = readFileSync(path, "utf8");
    }
    catch (thrown) {
        // Taken by another look meanwhile.
        if (readErrorCode(thrown) === "ENOENT")
            return undefined;
        throw thrown;
    }
    const job = parseJob(text);
    return job?.id === id ? { kind: "job", path, job } : { kind: "damaged", path };
}
function parseJob(text) {
    let json;
    try {
        json = JSON.parse(text);
    }
    catch {
        // Half a file, as a full disk leaves it: the caller sets it aside.
        return undefined;
    }
    const command = at(json, "command");
    const id = textAt(json, "id");
    const cwd = textAt(json, "cwd");
    const startTime = textAt(json, "startTime");
    const [startedAt, pid] = [numberAt(json, "startedAt"), numberAt(json, "pid")];
    if (id === undefined || !JOB_ID.test(id) || !isTexts(command) || command.length === 0)
        return undefined;
    if (cwd === undefined || startTime === undefined)
        return undefined;
    if (startedAt === undefined || pid === undefined)
        return undefined;
    const end = at(json, "end") === undefined ? undefined : parseEnd(at(json, "end"));
    if (end === "damaged")
        return undefined;
    const [channel, session] = [textAt(json, "channel"), textAt(json, "session")];
    const isOwn = isTrueAt(json, "isOwn");
    return { id, command, cwd, startedAt, pid, startTime, channel, session, isOwn, end };
}
function parseEnd(json) {
    const [endedAt, code] = [numberAt(json, "at"), numberAt(json, "code")];
    const [signal, lines] = [textAt(json, "signal"), textAt(json, "lines")];
    if (endedAt === undefined || (code === undefined) === (signal === undefined))
        return "damaged";
    return { at: endedAt, code, signal, lines };
}
function numberAt(json, key) {
    const value = at(json, key);
    return typeof value === "number" && Number.isSafeInteger(value) ? value : undefined;
}
function isTexts(value) {
    return Array.isArray(value) && value.every((one) => typeof one === "string");
}
