/**
 * The time zone in which hours of the day count: the one of the system, or of TZ, followed where the system's changes under a running
 * hub.
 *
 * Owns: its name, and noticing the change. Never: the owner's own choice (settings.ts), or what an hour means (flow/deliver/quiet.ts).
 * Node reads the system's zone once; it looks again when TZ is set or deleted (https://nodejs.org/api/cli.html#tz).
 */
import { lstatSync, readFileSync, realpathSync } from "node:fs";
import { isZone } from "../../sdk/wall-clock.js";
const LOCALTIME = "/etc/localtime";
const LOOK_EVERY_MS = 30_000;
export class TimeZone {
    /** As it was when the hub started: nobody else sets it. */
    #tz;
    #localtime;
    #stamp = "";
    #view;
    constructor(tz = process.env["TZ"], localtime = LOCALTIME) {
        this.#tz = isSystems(tz) ? undefined : tz;
        this.#localtime = localtime;
        this.#view = { name: "UTC", from: "system" };
        this.look();
    }
    get view() {
        return this.#view;
    }
    /** True where it is another one than at the last look. */
    look() {
        if (this.#tz !== undefined) {
            this.#view = toNamed(this.#tz);
            return false;
        }
        const stamp = readStamp(this.#localtime);
        if (stamp === this.#stamp)
            return false;
        const before = this.#view;
        this.#stamp = stamp;
        // All of this process follows: the times in texts and "today", too.
        delete process.env["TZ"];
        this.#view = readSystems(this.#localtime);
        return before.name !== this.#view.name;
    }
}
/** Looks regularly; a change may begin or end quiet hours for everybody. */
export function followZone({ clock, log }, { settings, delivery }) {
    let cancel = () => { };
    const look = () => {
        if (settings.zone.look()) {
            log.info({ zone: settings.zone.view.name }, "the system has another time zone now");
            delivery.changed();
        }
        cancel = clock.after(LOOK_EVERY_MS, look);
    };
    cancel = clock.after(LOOK_EVERY_MS, look);
    return { close: () => cancel() };
}
/** `TZ=:/etc/localtime` spares the C library a look at the file, and means the system's zone. */
function isSystems(tz) {
    return tz === undefined || tz.replace(/^:/, "") === LOCALTIME;
}
function toNamed(tz) {
    const name = tz
        .replace(/^:/, "")
        .replace(/^.*\/zoneinfo\//, "")
        .replace(/^(?:posix|right)\//, "");
    if (isZone(name))
        return { name, from: "TZ" };
    // As POSIX has it.
    if (name === "")
        return { name: "UTC", from: "TZ" };
    return {
        name: "UTC",
        from: "TZ",
        problem: `TZ was ${JSON.stringify(tz)} when the hub started, which names no zone such as Europe/Berlin, so hours count in UTC`,
    };
}
function readSystems(localtime) {
    const name = [readLinked(localtime), readDefault(), readNamed()].find((one) => one !== undefined && isZone(one));
    return name === undefined
        ? {
            name: "UTC",
            from: "system",
            problem: "the system names no time zone, so hours count in UTC",
        }
        : { name, from: "system" };
}
/** A link says it by itself. */
function readLinked(localtime) {
    try {
        return /\/zoneinfo\/(?:posix\/|right\/)?(.+)$/.exec(realpathSync(localtime))?.[1];
    }
    catch {
        // None: then it is UTC for the C library, and for the next reader.
        return undefined;
    }
}
/** Of a copy of a zone's file Node finds the name by its content. */
function readDefault() {
    // Not always there, whatever the type says: undefined for a zone without a name.
    return Intl.DateTimeFormat().resolvedOptions().timeZone;
}
function readNamed() {
    try {
        return readFileSync("/etc/timezone", "utf8").trim();
    }
    catch {
        // Not on this system.
        return undefined;
    }
}
function readStamp(localtime) {
    const [link, file] = [localtime, readRealPath(localtime)].map((path) => {
        const stats = path === undefined ? undefined : lstatSync(path, { throwIfNoEntry: false });
        return stats === undefined ? "none" : `${path} ${stats.dev} ${stats.ino} ${stats.mtimeMs}`;
    });
    return `${link}, ${file}`;
}
function readRealPath(path) {
    try {
        return realpathSync(path);
    }
    catch {
        // A link to nowhere, or none.
        return undefined;
    }
}
