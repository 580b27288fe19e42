/**
 * How far a workspace has been read, as it is kept with what was read.
 *
 * Owns: that text, and what of it is worth keeping. Never: asks Slack.
 *
 * SLACKCURSOR-1 Slack delivers in no promised order, so the look back begins some time before the latest message that is kept; what is
 *    known of that time stands here, and is not taken twice.
 */
import { isTrueAt, listAt, parseJson, textAt } from "../../sdk/json.js";
/** Messages of so long before the latest one are looked at again. */
export const OVERLAP_S = 120;
const MAX_SEEN = 400;
const MAX_THREADS = 100;
/** `1767603600.000100`: seconds and a number. Never read as one number: it has too many digits. */
export const TS = /^\d{1,12}\.\d{1,9}$/;
export class Cursor {
    /** The latest message that was kept. */
    #latest;
    /** No message was kept yet: it is our own clock's word, which the first message's replaces. */
    #isGuess;
    #team;
    /** Keys of what was kept lately, oldest first. */
    #seen;
    /** `C1/1767603600.000100`: threads in which we were spoken to or wrote, oldest first. */
    #threads;
    constructor({ team, latest, isGuess }, seen, threads) {
        this.#team = team;
        this.#latest = latest;
        this.#isGuess = isGuess;
        this.#seen = seen;
        this.#threads = threads;
    }
    /** Of another workspace, or without one: from now on. `isNew`: nothing is to be looked up. */
    static read(text, team, nowMs) {
        const parsed = text === undefined ? undefined : parseJson(text);
        const value = parsed?.kind === "ok" ? parsed.value : undefined;
        const latest = textAt(value, "latest") ?? "";
        if (textAt(value, "team") !== team || !TS.test(latest))
            return {
                cursor: new Cursor({ team, latest: toTs(nowMs / 1_000), isGuess: true }, new Set(), new Set()),
                isNew: true,
            };
        const read = (path) => new Set(listAt(value, path).filter((one) => typeof one === "string"));
        const isGuess = isTrueAt(value, "isGuess");
        return {
            cursor: new Cursor({ team, latest, isGuess }, read("seen"), read("threads")),
            isNew: false,
        };
    }
    /** Whether it is kept already. */
    has(key) {
        return this.#seen.has(key);
    }
    get since() {
        return toTs(Number(this.#latest.split(".")[0]) - OVERLAP_S);
    }
    get threads() {
        return [...this.#threads].map((thread) => {
            const [channel = "", ts = ""] = thread.split("/");
            return [channel, ts];
        });
    }
    isOurs(channel, thread) {
        return this.#threads.has(`${channel}/${thread}`);
    }
    /** We were spoken to there, or wrote there. */
    noteThread(channel, ts) {
        if (!TS.test(ts))
            return;
        put(this.#threads, `${channel}/${ts}`, MAX_THREADS);
    }
    /** As it will be once this is kept. */
    with(key, ts) {
        const isAhead = this.#isAhead(ts);
        const seen = [...this.#seen, ...(key === undefined ? [] : [key])].slice(-MAX_SEEN);
        return JSON.stringify({
            team: this.#team,
            latest: isAhead ? ts : this.#latest,
            ...(this.#isGuess && !isAhead ? { isGuess: true } : {}),
            seen,
            threads: [...this.#threads],
        });
    }
    /** It is kept. */
    note(key, ts) {
        if (ts !== undefined && this.#isAhead(ts)) {
            this.#latest = ts;
            this.#isGuess = false;
        }
        put(this.#seen, key, MAX_SEEN);
    }
    #isAhead(ts) {
        if (ts === undefined || !TS.test(ts))
            return false;
        return this.#isGuess || isLater(ts, this.#latest);
    }
}
function put(set, key, max) {
    set.delete(key);
    set.add(key);
    if (set.size <= max)
        return;
    const [oldest = ""] = set;
    set.delete(oldest);
}
export function isLater(ts, than) {
    const [[a = "", x = ""], [b = "", y = ""]] = [ts.split("."), than.split(".")];
    return Number(a) === Number(b) ? x.padEnd(9, "0") > y.padEnd(9, "0") : Number(a) > Number(b);
}
function toTs(seconds) {
    return `${Math.max(0, Math.floor(seconds))}.000000`;
}
/** Epoch ms of a message. */
export function toTime(ts) {
    if (ts === undefined || !TS.test(ts))
        return undefined;
    const [seconds, fraction = ""] = ts.split(".");
    return Number(seconds) * 1_000 + Number(fraction.padEnd(3, "0").slice(0, 3));
}
