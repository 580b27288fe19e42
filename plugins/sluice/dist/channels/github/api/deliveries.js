import { isSluiceError, SluiceError } from "../../../sdk/errors.js";
import { openWatcher } from "../../../sdk/inward/watcher.js";
import { at, textAt } from "../../../sdk/json.js";
import { Secret } from "../../../sdk/secret.js";
import { receive } from "../receive.js";
import { GithubApi } from "./github-api.js";
import { findHook, toHooksPath, toRefused } from "./hooks.js";
import { addListed, parseReconcileState, sortByTime, toListed, } from "./listed.js";
const EVERY_MS = 5 * 60_000;
/** What is listed this long before the last one that was handled is looked at again: the list need not be in the order of delivery. */
const OVERLAP_MS = 10 * 60_000;
const BATCH = 25;
/** Of 100 each: more than three days of a busy repository. */
const MAX_PAGES = 300;
const MAX_HANDLED = 2_000;
const MAX_TRIES = 10;
/** So many in one batch, and it is GitHub that cannot. */
const MAX_FAILED = 3;
export function openDeliveries(context) {
    return openWatcher(context, new Deliveries(context));
}
class Deliveries {
    everyMs = EVERY_MS;
    looksAtOnce = true;
    parse = parseReconcileState;
    #context;
    #api;
    #hooks;
    /** What is still to be fetched, the oldest first. */
    #waiting = [];
    /** What the first page says once all of `#waiting` is done. */
    #end;
    /** The last batch, which perhaps was not kept. */
    #handed;
    #tries = new Map();
    constructor(context) {
        const { settings, secrets = {}, clock, signal } = context;
        this.#context = context;
        this.#hooks = toHooksPath(settings);
        const token = secrets["token"] ?? new Secret("");
        this.#api = new GithubApi({ base: settings["api"], token, clock, signal });
    }
    look = async (state) => {
        const now = this.#context.clock.now();
        // Where it begins is kept before GitHub is asked: the webhook may be made, and miss us, meanwhile.
        if (state === undefined)
            return { state: { since: now, isOurTime: true, handled: [] }, arrivals: [], nextAt: now };
        const handed = this.#handed;
        if (handed !== undefined) {
            // WATCHER-1: a batch that was not kept is handed over again.
            if (handed.result.state !== state)
                return handed.result;
            this.#waiting = this.#waiting.filter((one) => !handed.done.has(one));
            this.#handed = undefined;
        }
        return this.#waiting.length > 0 ? this.#fetchBatch(state) : this.#list(state);
    };
    /** What never arrived, since where the last look ended. */
    async #list(before) {
        const { settings, name, clock } = this.#context;
        const hook = settings["hook"] ?? before.hook ?? (await findHook(this.#api, this.#hooks, name));
        const path = `${this.#hooks}/${hook}/deliveries?per_page=100`;
        const first = await this.#api.get(path, { etag: before.etag });
        const state = { ...before, hook };
        if (first.kind === "same")
            return { state, arrivals: [] };
        if (first.kind === "missing")
            return this.#forgetHook(before, hook);
        if (first.kind === "refused")
            throw toRefused(first.why);
        // Times in the list are GitHub's: our clock may differ.
        const since = state.isOurTime === true
            ? state.since + (first.at ?? clock.now()) - clock.now()
            : state.since;
        const from = state.isOurTime === true ? since : since - OVERLAP_MS;
        const found = new Map();
        const newest = Math.max(since, ...addListed(found, first.value).map(({ at }) => at));
        await this.#readOn(found, first, from);
        this.#waiting = this.#findMissing(found, from, state);
        this.#end = { since: newest, etag: first.etag };
        const { isOurTime: _ours, etag: _tag, ...rest } = state;
        return this.#fetchBatch({ ...rest, since });
    }
    /** The pages behind the first, as far as anything in them is new. */
    async #readOn(found, first, from) {
        let page = first;
        const read = new Set();
        for (let pages = 1; pages < MAX_PAGES; pages++) {
            if (!Array.isArray(page.value))
                throw toBrokenOff("holds no list");
            const isOld = toListed(page.value).some(({ at }) => at < from);
            if (page.next === undefined || page.value.length === 0 || isOld)
                return;
            if (read.has(page.next))
                throw toBrokenOff("leads back to a page that was read");
            read.add(page.next);
            const answer = await this.#api.get(page.next);
            if (answer.kind === "refused")
                throw toRefused(answer.why);
            if (answer.kind === "missing")
                throw toBrokenOff(`answered ${answer.status}`);
            if (answer.kind === "same")
                throw toBrokenOff("answered 304");
            addListed(found, answer.value);
            page = answer;
        }
    }
    #findMissing(found, from, { handled }) {
        const done = new Set(handled.map(({ guid }) => guid));
        const open = [...found.values()].filter(({ guid, at }) => at >= from && !done.has(guid));
        // DELIVERIES-1
        const known = this.#context.knows?.(open.map(({ guid }) => guid)) ?? new Set();
        return sortByTime(open.filter(({ guid }) => !known.has(guid)));
    }
    async #fetchBatch(state) {
        const { done, handled, arrivals } = await this.#fetchSome(state.hook ?? "");
        const left = this.#waiting.filter((one) => !done.includes(one));
        const [next] = left;
        const since = next === undefined ? (this.#end?.since ?? state.since) : Math.max(state.since, next.at);
        const after = {
            since,
            handled: [...state.handled, ...handled.map(({ guid, at }) => ({ guid, at }))]
                .filter(({ at }) => at >= since - OVERLAP_MS)
                .slice(-MAX_HANDLED),
            hook: state.hook,
            ...(next === undefined && this.#end?.etag !== undefined && { etag: this.#end.etag }),
        };
        const result = {
            state: after,
            arrivals,
            ...(next === undefined ? {} : { nextAt: this.#context.clock.now() }),
        };
        this.#handed = { result, done: new Set(done) };
        return result;
    }
    /** As many as the API gives now. @throws SluiceError where it gives none. */
    async #fetchSome(hook) {
        const fetched = { done: [], handled: [], arrivals: [] };
        const failed = [];
        for (const delivery of this.#waiting.slice(0, BATCH)) {
            try {
                const arrival = await this.#fetch(hook, delivery);
                fetched.done.push(delivery);
                if (arrival === undefined)
                    fetched.handled.push(delivery);
                else
                    fetched.arrivals.push(arrival);
            }
            catch (thrown) {
                if (!isSluiceError(thrown) || this.#context.signal.aborted)
                    throw thrown;
                const isForAll = thrown.code === "rate_limited" || thrown.code === "unauthorized";
                if (isForAll && fetched.done.length === 0)
                    throw thrown;
                if (isForAll)
                    break;
                failed.push({ delivery, thrown });
                if (failed.length >= MAX_FAILED)
                    break;
            }
        }
        this.#judge(fetched, failed);
        return fetched;
    }
    /** DELIVERIES-4. @throws SluiceError where nothing of the batch is done. */
    #judge(fetched, failed) {
        const { name, log, leftBehind } = this.#context;
        const [first] = failed;
        const isAlone = failed.length === 1;
        for (const { delivery, thrown } of failed) {
            // Where nothing else was asked for, the list was: GitHub does answer.
            if (fetched.done.length === 0 && !isAlone)
                break;
            const tries = (this.#tries.get(delivery.id) ?? 0) + 1;
            this.#tries.set(delivery.id, tries);
            if (thrown.code !== "too_large" && tries < MAX_TRIES)
                continue;
            log.warn({ channel: name, delivery: delivery.id, error: thrown.message }, "left behind");
            leftBehind?.(1);
            fetched.done.push(delivery);
            fetched.handled.push(delivery);
        }
        if (fetched.done.length > 0 || first === undefined)
            return;
        // Listed anew next time: what came meanwhile need not wait for it.
        this.#waiting = [];
        throw first.thrown;
    }
    /** Undefined for what is no event. @throws SluiceError. */
    async #fetch(hook, { id, guid }) {
        const path = `${this.#hooks}/${hook}/deliveries/${id}`;
        const answer = await this.#api.get(path).catch((thrown) => {
            // A single fault in thousands of answers would have it told behind the others.
            if (isSluiceError(thrown, "send_failed"))
                return this.#api.get(path);
            throw thrown;
        });
        this.#tries.delete(id);
        if (answer.kind === "refused")
            throw toRefused(answer.why);
        if (answer.kind === "ok")
            return this.#toArrival(answer.value, guid);
        // Three days have passed meanwhile.
        this.#context.leftBehind?.(1);
        return undefined;
    }
    #toArrival(delivery, guid) {
        const { name, clock, ignoreSenders = [], leftBehind } = this.#context;
        const event = textAt(delivery, "event") ?? "";
        const headers = {
            "content-type": "application/json",
            "x-github-event": event,
            "x-github-delivery": guid,
        };
        // The same bytes, mostly, as GitHub has signed: JSON without blanks.
        const body = Buffer.from(JSON.stringify(at(delivery, "request.payload") ?? null));
        const [path, method, verified] = ["", "POST", "github-api"];
        const receivedAt = clock.now();
        const received = receive({ channel: name, path, method, headers, body, verified, receivedAt }, { ignoreSenders });
        if (received.kind === "refuse")
            leftBehind?.(1);
        return received.kind === "arrival" ? received.arrival : undefined;
    }
    /** It was deleted; the channel may have another one now. */
    #forgetHook({ hook: known, etag: _tag, ...rest }, hook) {
        if (known !== undefined && this.#context.settings["hook"] === undefined)
            return { state: rest, arrivals: [], nextAt: this.#context.clock.now() };
        throw new SluiceError("send_failed", `github: webhook ${hook} is not there, or not for this token (404)`, { retryable: true, retryAfterMs: EVERY_MS });
    }
}
function toBrokenOff(why) {
    return new SluiceError("send_failed", `github: the list of deliveries broke off: a page ${why}; it is read anew`, { retryable: true });
}
