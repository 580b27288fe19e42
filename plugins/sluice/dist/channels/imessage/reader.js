import { isOwnChat, receive, receiveChange, toAppleDate, toEpochMs, } from "./receive.js";
const TWIN_MS = 15_000;
const FORGET_MS = 29 * 24 * 3_600_000;
export class RowReader {
    #file;
    #place;
    #holdMs;
    #cursor;
    #held;
    /** Changes that were read with the row itself. */
    #told = new Set();
    #recent = new Map();
    constructor(file, place, { cursor, nowMs, holdMs }) {
        this.#file = file;
        this.#place = place;
        this.#holdMs = holdMs;
        const now = toAppleDate(nowMs);
        this.#cursor = readCursor(cursor) ?? { row: file.readLastRow(), change: now, since: now };
    }
    get cursor() {
        const { row, change, since } = this.#cursor;
        return `${row}:${change}:${since}`;
    }
    /** A row is waited for: look again soon, whether the file changes or not. */
    get isHolding() {
        return this.#held !== undefined;
    }
    /** What is new. Nothing is forgotten until `commit`. */
    read(nowMs) {
        const next = { ...this.#cursor };
        const arrivals = [];
        const twins = new Map();
        const told = [];
        let leftBehind = 0;
        let isHeld = false;
        const rows = this.#file.listAfter(next.row);
        for (const row of rows) {
            const reading = this.#isOld(row, nowMs) ? OLD : receive(row, this.#full);
            if (reading.kind === "unfinished" && this.#hold(row.row, nowMs)) {
                isHeld = true;
                break;
            }
            // What has neither chat nor content after that long is nothing that could be told.
            if (reading.kind === "unfinished" && row.chat === undefined)
                leftBehind++;
            next.row = row.row;
            if (reading.kind !== "arrival" || this.#isTwin(row, reading.arrival, twins, nowMs))
                continue;
            if (row.editedAt > 0n)
                told.push(`${row.guid}@${row.editedAt}`);
            arrivals.push(reading.arrival);
        }
        if (!isHeld)
            this.#held = undefined;
        const changes = isHeld ? [] : this.#file.listChanged(next.change, this.#cursor.row);
        for (const row of changes) {
            const at = row.retractedAt > row.editedAt ? row.retractedAt : row.editedAt;
            if (at > next.change)
                next.change = at;
            if (this.#told.has(`${row.guid}@${at}`) || this.#isOld(row, nowMs))
                continue;
            const reading = receiveChange(row, this.#full);
            if (reading.kind === "arrival")
                arrivals.push(reading.arrival);
        }
        return {
            arrivals,
            leftBehind,
            isMore: !isHeld && rows.length > 0,
            cursor: `${next.row}:${next.change}:${next.since}`,
            commit: () => {
                this.#cursor = next;
                for (const one of told)
                    this.#told.add(one);
                for (const [key, one] of twins)
                    this.#recent.set(key, one);
                this.#forget(nowMs);
            },
        };
    }
    get #full() {
        const file = this.#file;
        return {
            ...this.#place,
            listFiles: (row) => file.listFiles(row),
            find: (guid) => file.find(guid),
        };
    }
    /** READER-1 */
    #hold(row, nowMs) {
        if (this.#held?.row !== row)
            this.#held = { row, untilMs: nowMs + this.#holdMs };
        if (nowMs < this.#held.untilMs)
            return true;
        this.#held = undefined;
        return false;
    }
    /** READER-2 */
    #isOld({ date }, nowMs) {
        const at = toEpochMs(date);
        const since = toEpochMs(this.#cursor.since) ?? 0;
        return at !== undefined && at < Math.max(since, nowMs - FORGET_MS);
    }
    /** READER-3 */
    #isTwin(row, arrival, twins, nowMs) {
        if (row.chat === undefined || !isOwnChat(row.chat, this.#place))
            return false;
        const { kind, quotes, files = [], chat } = arrival;
        const words = quotes.map(({ text }) => text);
        const names = files.map(({ name }) => name);
        // Whoever forges an SMS to us is no second row of what was said by iMessage.
        const key = JSON.stringify([chat?.isShared === true, kind, words, names]);
        const earlier = twins.get(key) ?? this.#recent.get(key);
        const isTwin = earlier !== undefined && earlier.isFromMe !== row.isFromMe && earlier.untilMs > nowMs;
        // A third row of that text is a new message.
        twins.set(key, { isFromMe: row.isFromMe, untilMs: isTwin ? 0 : nowMs + TWIN_MS });
        return isTwin;
    }
    #forget(nowMs) {
        for (const [key, { untilMs }] of this.#recent)
            if (untilMs <= nowMs)
                this.#recent.delete(key);
        if (this.#told.size > 1_000)
            this.#told.clear();
    }
}
const OLD = { kind: "ignore", reason: "older than the channel" };
function readCursor(text) {
    const [, row, change, since] = /^(\d{1,19}):(\d{1,19}):(\d{1,19})$/.exec(text ?? "") ?? [];
    if (row === undefined || change === undefined || since === undefined)
        return undefined;
    return { row: BigInt(row), change: BigInt(change), since: BigInt(since) };
}
