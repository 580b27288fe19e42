import { SluiceError } from "../../../sdk/errors.js";
import { openWatcher } from "../../../sdk/inward/watcher.js";
import { listAt } from "../../../sdk/json.js";
import { Secret } from "../../../sdk/secret.js";
import { Enriched } from "./enriched.js";
import { GithubApi } from "./github-api.js";
import { parsePollState } from "./poll-state.js";
import { toPolledArrival, toPolledEvent, toRunEvent } from "./polled.js";
import { readRepository } from "./repository.js";
const EVERY_MS = 60_000;
/** GHPOLL-2: 24 looks of an hour at events and 12 at runs, and the rest for their further pages. */
const EVERY_WITHOUT_TOKEN_MS = 150_000;
const RUNS_EVERY_LOOKS = 2;
/** GitHub lists 300 events. */
const MAX_PAGES = 3;
const MAX_SEEN = 900;
/** So late an event may be listed, says GitHub. What is older moved up as others were deleted. */
const LATEST_MS = 6 * 3_600_000;
const MAX_RUNS_SEEN = 400;
const REPOSITORY_EVERY_MS = 24 * 3_600_000;
export function openPoll(context) {
    return openWatcher(context, new Poll(context));
}
class Poll {
    everyMs;
    looksAtOnce = true;
    parse = parsePollState;
    #context;
    #api;
    #path;
    #repository;
    #looks = 0;
    #hasRuns = true;
    constructor(context) {
        const { settings, secret, secrets = {}, clock, signal } = context;
        this.#context = context;
        const name = settings["poll"];
        if (name === undefined || !name.includes("/"))
            throw new SluiceError("bad_config", "github: the setting poll is missing; it is owner/name");
        this.#path = `repos/${name}`;
        // One token, under whichever name it was given.
        const token = secrets["token"] ?? secret ?? new Secret("");
        this.#api = new GithubApi({ base: settings["api"], token, clock, signal });
        this.everyMs = this.#api.hasToken ? EVERY_MS : EVERY_WITHOUT_TOKEN_MS;
    }
    look = async (before) => {
        const { clock } = this.#context;
        const repository = await this.#readRepository();
        const from = before?.from ?? clock.now();
        const events = await this.#lookAtEvents(before);
        const isTurn = this.#api.hasToken || this.#looks++ % RUNS_EVERY_LOOKS === 0;
        const runs = isTurn ? await this.#lookAtRuns(before) : undefined;
        const state = {
            from,
            seen: events.seen,
            etag: events.etag,
            runs: runs?.seen ?? before?.runs,
            runsEtag: runs?.etag ?? before?.runsEtag,
        };
        const nextAt = clock.now() + Math.max(this.everyMs, events.pollMs ?? 0);
        // The lists begin with the newest, and seconds are all that GitHub tells.
        const fresh = [events.fresh, runs?.fresh ?? []]
            .flatMap((list) => list.toReversed())
            .toSorted((a, b) => a.at - b.at);
        return { state, arrivals: await this.#tell(fresh, repository), nextAt };
    };
    async #readRepository() {
        const now = this.#context.clock.now();
        const known = this.#repository;
        if (known !== undefined && now - known.at < REPOSITORY_EVERY_MS)
            return known.value;
        const value = await readRepository(this.#api, this.#path);
        this.#repository = { value, at: now };
        // What the token may read can have changed.
        this.#hasRuns = true;
        return value;
    }
    async #lookAtEvents(before) {
        const path = `${this.#path}/events?per_page=100`;
        const first = await this.#api.get(path, { etag: before?.etag });
        if (first.kind === "same" && before !== undefined)
            return { seen: before.seen, etag: before.etag, fresh: [], pollMs: first.pollMs };
        const page = requireList(first, "its events");
        const seen = new Set(before?.seen);
        const listed = await this.#readOn(page, seen);
        const fresh = listed.filter(({ id }) => !seen.has(id));
        const from = (before?.from ?? 0) - LATEST_MS;
        // The oldest first, so that the newest are kept longest.
        for (const { id } of fresh.toReversed())
            seen.add(id);
        return {
            seen: [...seen].slice(-MAX_SEEN),
            etag: page.etag,
            fresh: before === undefined ? [] : fresh.filter(({ at }) => at >= from),
            pollMs: page.pollMs,
        };
    }
    /** The further pages, where all of a page is new: more has happened than one holds. At the first look all of them (GHPOLL-1). */
    async #readOn(first, seen) {
        const found = new Map();
        let page = first;
        for (let pages = 1;; pages++) {
            const events = toEvents(page.value);
            for (const event of events)
                if (!found.has(event.id))
                    found.set(event.id, event);
            const isAllNew = events.length > 0 && events.every(({ id }) => !seen.has(id));
            if (!isAllNew || page.next === undefined || pages >= MAX_PAGES)
                return [...found.values()];
            const next = await this.#api.get(page.next);
            // Beyond the last page GitHub answers 422.
            if (next.kind !== "ok")
                return [...found.values()];
            page = next;
        }
    }
    /** GHPOLL-3 */
    async #lookAtRuns(before) {
        if (!this.#hasRuns)
            return undefined;
        const path = `${this.#path}/actions/runs?per_page=100`;
        const answer = await this.#api.get(path, { etag: before?.runsEtag });
        if (answer.kind === "same")
            return undefined;
        if (answer.kind !== "ok") {
            this.#hasRuns = false;
            const why = answer.kind === "refused" ? answer.why : "they are not there (404)";
            this.#context.log.warn({ channel: this.#context.name, why }, "runs are not told");
            return undefined;
        }
        const seen = new Set(before?.runs);
        const fresh = listAt(answer.value, "workflow_runs")
            .flatMap((run) => toRunEvent(run) ?? [])
            .filter(({ id }) => !seen.has(id));
        for (const { id } of fresh.toReversed())
            seen.add(id);
        const isFirst = before?.runs === undefined;
        return {
            seen: [...seen].slice(-MAX_RUNS_SEEN),
            etag: answer.etag,
            fresh: isFirst ? [] : fresh,
        };
    }
    async #tell(fresh, repository) {
        const { name, ignoreSenders = [] } = this.#context;
        const enriched = new Enriched(this.#api, this.#path);
        const arrivals = [];
        for (const event of fresh) {
            const whole = await enriched.complete(event);
            const arrival = toPolledArrival(whole, { channel: name, repository, ignoreSenders });
            if (arrival !== undefined)
                arrivals.push(arrival);
        }
        return arrivals;
    }
}
function toEvents(value) {
    return listAt({ list: value }, "list").flatMap((one) => toPolledEvent(one) ?? []);
}
function requireList(answer, what) {
    if (answer.kind === "ok")
        return answer;
    const why = answer.kind === "refused"
        ? answer.why
        : answer.kind === "missing"
            ? `${what} are not there, or not for this token (${answer.status})`
            : "the API answers that nothing has changed to a first question";
    throw new SluiceError("send_failed", `github: ${why}`, {
        retryable: true,
        retryAfterMs: EVERY_MS,
    });
}
