/**
 * The long poll: it takes updates in, and confirms one batch after the other.
 *
 * Owns: the offset, the pauses after a fault, waiting for whole albums. Never: reads an update, or decides who may speak.
 *
 * POLL-1 Telegram forgets an update once we ask for a higher offset, so the offset moves only after `take` has resolved. If the hub
 *    dies in between, the same updates come again, and their ids make them duplicates.
 * POLL-2 An album comes as one update for each picture. From its first picture on nothing is confirmed until no picture has come for a
 *    while, or it has ten.
 * POLL-3 Every wait has a limit: a poll without an answer for `pollMs + graceMs` counts as a dead connection and is made again.
 * POLL-4 While another program polls the same bot, we keep trying with long pauses, without end. When the token is refused, the channel
 *    waits for its owner.
 * https://core.telegram.org/bots/api#getupdates
 */
import { sleep } from "../../sdk/clock.js";
import { toMessage } from "../../sdk/errors.js";
import { countAt, parseJson, textAt } from "../../sdk/json.js";
import { toFaultLine, } from "./api.js";
import { toBatch } from "./batch.js";
import { ALLOWED_UPDATES, optionalId } from "./wire.js";
export const TIMINGS = {
    pollMs: 30_000,
    graceMs: 15_000,
    conflictMs: [1_000, 60_000],
    faultMs: [3_000, 60_000],
    albumMs: 1_000,
};
/** Conflicts in a row after which the owner is told. */
const ALARM_AFTER = 3;
const BATCH = 100;
const CURSOR_LIFE_MS = 3_600_000;
/** Updates are kept for a day. https://core.telegram.org/bots/api#getting-updates */
const UPDATE_LIFE_MS = 86_400_000;
/** Runs until the signal aborts, or the token is refused. Rejects never. */
export async function poll(options) {
    const { api, timings, clock, log, signal } = options;
    const pause = new Pause(options);
    let me;
    let cursor = openCursor(options);
    let looks;
    // The first answer comes at once, so that "connected" is known at once.
    let isFresh = true;
    while (!signal.aborted) {
        if (me === undefined) {
            const outcome = await api.call("getMe", {}, { timeoutMs: timings.graceMs, signal });
            me = outcome.kind === "ok" ? readMe(outcome) : undefined;
            if (me !== undefined) {
                options.known(me);
                // Another bot's token under the same name: its updates are counted anew.
                if (cursor.bot !== undefined && cursor.bot !== me.id)
                    cursor = newCursor(clock.now());
            }
            else if (outcome.kind === "ok")
                await pause.after({ kind: "lost", reason: "an answer that is no bot", maybeDone: false }, "getMe");
            else if (!(await pause.after(outcome, "getMe")))
                return;
            continue;
        }
        const outcome = await api.call("getUpdates", {
            ...toOffset(cursor, clock.now()),
            limit: BATCH,
            timeout: looks === undefined && !isFresh ? timings.pollMs / 1_000 : 0,
            allowed_updates: [...ALLOWED_UPDATES],
        }, { timeoutMs: timings.pollMs + timings.graceMs, signal });
        if (outcome.kind !== "ok") {
            if (!(await pause.after(outcome, "getUpdates")))
                return;
            isFresh = outcome.kind === "lost";
            continue;
        }
        isFresh = false;
        const updates = Array.isArray(outcome.result) ? outcome.result : [];
        const batch = toBatch(updates, me, options, looks);
        looks = batch.looks;
        // Without a single id nothing can be confirmed, and asking again brings the same.
        const isStuck = updates.length > 0 && batch.offset === undefined;
        if (isStuck)
            await pause.wait();
        const next = batch.offset ?? cursor.offset;
        const isOld = clock.now() - cursor.at > CURSOR_LIFE_MS;
        if (next !== cursor.offset || batch.taken.length > 0 || (isOld && next !== undefined)) {
            const now = clock.now();
            const updateAt = updates.length > 0 ? now : cursor.updateAt;
            const moved = { offset: next, at: now, updateAt, bot: me.id };
            const given = batch.taken.filter(({ isOurs }) => !isOurs);
            try {
                for (const { from, to } of batch.moves)
                    await options.moved(from, to);
                const answers = await options.take(given.map(({ arrival }) => arrival), toCursor(moved));
                for (const [index, one] of given.entries())
                    one.answer = answers?.[index];
            }
            catch (thrown) {
                // POLL-1: the offset stays, so Telegram keeps them.
                log.warn({ error: toMessage(thrown) }, "updates could not be kept; asking for them again");
                options.report({
                    kind: "retrying",
                    reason: `updates could not be kept: ${toMessage(thrown)}`,
                });
                await pause.wait();
                continue;
            }
            cursor = moved;
            if (batch.unreadable > 0)
                options.leftBehind(batch.unreadable);
            options.taken(batch.taken);
        }
        if (!isStuck)
            pause.reset();
        options.report({ kind: "connected" });
        if (looks !== undefined)
            await sleep(timings.albumMs, clock, signal);
    }
}
function openCursor({ cursor: text, clock, log }) {
    const cursor = parseCursor(text, clock.now());
    const awayMs = clock.now() - cursor.at;
    if (text !== undefined && awayMs > UPDATE_LIFE_MS) {
        log.warn({ hours: Math.round(awayMs / 3_600_000) }, "away for more than a day: older messages are gone at Telegram");
    }
    return cursor;
}
/** The wait after a fault, and the word of it. */
class Pause {
    #options;
    #conflicts = 0;
    #faults = 0;
    constructor(options) {
        this.#options = options;
    }
    reset() {
        this.#conflicts = 0;
        this.#faults = 0;
    }
    /** False: there is no sense in another try. */
    async after(outcome, method) {
        const { report, timings, signal, clock, log } = this.#options;
        if (signal.aborted)
            return false;
        const reason = toFaultLine({ method, outcome });
        const status = outcome.kind === "refused" ? outcome.status : 0;
        if (status === 401 || status === 404) {
            // A token of a wrong shape is "Not Found".
            report({ kind: "paused", reason: toFaultLine({ method: "getMe", outcome }) });
            log.error({ status }, "the token is rejected; not polling");
            return false;
        }
        if (status === 409) {
            this.#conflicts += 1;
            const isAlarm = this.#conflicts >= ALARM_AFTER;
            if (this.#conflicts === 1 || this.#conflicts === ALARM_AFTER)
                log.warn({ conflicts: this.#conflicts }, reason);
            report({ kind: "retrying", reason, ...(isAlarm ? { alarm: true } : {}) });
            await sleep(toDelay(timings.conflictMs, this.#conflicts), clock, signal);
            return true;
        }
        report({ kind: "retrying", reason });
        if (this.#faults === 0)
            log.warn({ status }, reason);
        if (outcome.kind === "refused" && outcome.retryAfterMs !== undefined)
            await sleep(outcome.retryAfterMs, clock, signal);
        else
            await this.wait();
        return true;
    }
    async wait() {
        const { timings, signal, clock } = this.#options;
        this.#faults += 1;
        const delayMs = toDelay(timings.faultMs, this.#faults);
        // Jitter upwards only: the first wait is the shortest one promised.
        await sleep(Math.min(timings.faultMs[1], delayMs * (1 + Math.random() / 4)), clock, signal);
    }
}
function toDelay([first, last], attempt) {
    return Math.min(last, first * 2 ** Math.min(attempt - 1, 16));
}
function readMe(outcome) {
    const id = optionalId(outcome.result, "id");
    const username = textAt(outcome.result, "username");
    return id === undefined || username === undefined ? undefined : { id, username };
}
/** After a week without updates Telegram goes on with a random id, which may be lower: https://core.telegram.org/bots/api#update */
const OFFSET_LIFE_MS = 6 * 86_400_000;
function newCursor(now) {
    return { offset: undefined, at: now, updateAt: now, bot: undefined };
}
function toCursor(cursor) {
    return JSON.stringify(cursor);
}
/** What cannot be read starts with what Telegram still has: ids make known updates duplicates. */
function parseCursor(text, now) {
    const parsed = text === undefined ? undefined : parseJson(text);
    const value = parsed?.kind === "ok" ? parsed.value : undefined;
    const at = countAt(value, "at") ?? now;
    return {
        offset: countAt(value, "offset"),
        at,
        updateAt: countAt(value, "updateAt") ?? at,
        bot: textAt(value, "bot"),
    };
}
/** What to ask for. Without an offset Telegram gives what nobody has confirmed, which after a long silence is what is new. */
function toOffset({ offset, updateAt }, now) {
    return offset === undefined || now - updateAt > OFFSET_LIFE_MS ? {} : { offset };
}
