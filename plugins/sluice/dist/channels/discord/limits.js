import { at, isTrueAt } from "../../sdk/json.js";
const LEAST_MS = 1_000;
/** Longer than any wait that Discord asks for. */
const MOST_MS = 24 * 3_600_000;
const MAX_BUCKETS = 2_000;
export class Limits {
    #clock;
    #globalUntil = 0;
    /** By route: the name of its bucket. */
    #buckets = new Map();
    /** By bucket and place: until when nothing remains. */
    #until = new Map();
    constructor(clock) {
        this.#clock = clock;
    }
    /** How long a request of this kind has to wait. */
    quietMs(method, path) {
        const until = Math.max(this.#globalUntil, this.#until.get(this.#toKey(method, path)) ?? 0);
        return Math.max(0, until - this.#clock.now());
    }
    /** Reads what an answer says. For a refusal (429), how long to wait. */
    note(method, path, { status, headers, body }) {
        const now = this.#clock.now();
        const bucket = headers["x-ratelimit-bucket"];
        const route = toRoute(method, path);
        if (typeof bucket === "string")
            keep(this.#buckets, route, bucket);
        const afterMs = toMs(headers["x-ratelimit-reset-after"]);
        if (headers["x-ratelimit-remaining"] === "0" && afterMs !== undefined)
            this.#quiet(method, path, now + afterMs);
        if (status !== 429)
            return 0;
        const asked = toMs(at(body, "retry_after")) ?? toMs(headers["retry-after"]);
        const waitMs = Math.min(MOST_MS, Math.max(LEAST_MS, asked ?? 0)); // DISLIMIT-3
        const isGlobal = isTrueAt(body, "global") ||
            headers["x-ratelimit-global"] === "true" ||
            headers["x-ratelimit-scope"] === "global";
        if (isGlobal)
            this.#globalUntil = Math.max(this.#globalUntil, now + waitMs);
        else
            this.#quiet(method, path, now + waitMs);
        return waitMs;
    }
    #quiet(method, path, until) {
        const key = this.#toKey(method, path);
        keep(this.#until, key, Math.max(this.#until.get(key) ?? 0, until));
    }
    /** DISLIMIT-2 */
    #toKey(method, path) {
        const route = toRoute(method, path);
        return `${this.#buckets.get(route) ?? route} ${toPlace(path)}`;
    }
}
/** A path without its ids; that of a reaction without its emoji. */
function toRoute(method, path) {
    const bare = path
        .replace(/\?.*$/, "")
        .replace(/\/reactions\/[^/]+/, "/reactions/:emoji")
        .replace(/^\/(interactions|webhooks)\/(\d+)\/[^/]+/, "/$1/$2/:token")
        .replace(/\d{15,20}/g, ":id");
    return `${method} ${bare}`;
}
/** What a route is counted by. https://docs.discord.com/developers/topics/rate-limits */
function toPlace(path) {
    return (/^\/(?:channels|guilds)\/\d+|^\/(?:webhooks|interactions)\/\d+\/[^/?]+/.exec(path)?.[0] ?? "");
}
function toMs(seconds) {
    const found = typeof seconds === "string" ? Number(seconds) : seconds;
    return typeof found === "number" && Number.isFinite(found) && found >= 0
        ? Math.ceil(found * 1_000)
        : undefined;
}
/** The oldest goes first: what it said is long over. */
function keep(map, key, value) {
    map.delete(key);
    map.set(key, value);
    const [oldest] = map.keys();
    if (map.size > MAX_BUCKETS && oldest !== undefined)
        map.delete(oldest);
}
