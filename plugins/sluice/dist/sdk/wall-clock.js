/**
 * What a clock on the wall of a time zone shows.
 *
 * Owns: reading it. Never: chooses a zone.
 */
/** Whether a time can be read in it: a name such as `Europe/Berlin`, or an offset such as `+05:30`. */
export function isZone(name) {
    try {
        readFormat(name);
        return true;
    }
    catch {
        // A RangeError, for what is no zone.
        return false;
    }
}
/** Of the day, 0 to 1439; in the machine's zone where none is given. @throws RangeError for what is no zone. */
export function readMinute(at, zone) {
    if (zone !== undefined)
        return toMinutes(readFormat(zone).format(at));
    const date = new Date(at);
    return date.getHours() * 60 + date.getMinutes();
}
/** `HH:MM`. */
export function toWallTime(at, zone) {
    const minute = readMinute(at, zone);
    const two = (value) => String(value).padStart(2, "0");
    return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}
/** Of `HH:MM`. */
export function toMinutes(time) {
    const [hours = 0, minutes = 0] = time.split(":").map(Number);
    return hours * 60 + minutes;
}
const formats = new Map();
/** @throws RangeError for what is no zone. */
function readFormat(zone) {
    const kept = formats.get(zone);
    if (kept !== undefined)
        return kept;
    const format = new Intl.DateTimeFormat("en-GB", {
        timeZone: zone,
        hour: "2-digit",
        minute: "2-digit",
        hourCycle: "h23",
    });
    formats.set(zone, format);
    return format;
}
