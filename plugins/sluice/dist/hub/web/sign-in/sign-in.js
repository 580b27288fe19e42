/**
 * The sign-ins of the page: launch links, sessions, and their end. The passphrase is checked elsewhere (remote.ts).
 *
 * Owns: making and checking credentials. Never: HTTP, or what a signed-in browser may do.
 *
 * SIGNIN-1 A launch link works once, within two minutes, and only in the hub that made it.
 * SIGNIN-2 A session has two halves: a cookie that no script can read, and a key that only our origin's storage holds. Cookies do not
 *    distinguish ports: another program on this machine's loopback may be sent ours, and cannot use it without the key.
 * SIGNIN-3 Both halves are kept as hashes; 256 random bits each.
 * SIGNIN-4 A session counts only where it began: one of this machine not through the tunnel, and one of the tunnel nowhere else.
 * SIGNIN-5 Whether a browser may allow prompts is decided when its link is made, and never changes.
 */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { SluiceError } from "../../../sdk/errors.js";
import { addWebSession, endWebSessions, findWebSession, isWebSessionLive, keepWebSession, listWebSessions, } from "../../../store/page/web-sessions.js";
const LINK_LIFE_MS = 2 * 60_000;
const DAY_MS = 24 * 3_600_000;
const SESSION_LIFE_MS = 30 * DAY_MS;
/** A phone is lost sooner than a desk. */
const REMOTE_LIFE_MS = 14 * DAY_MS;
const REMOTE_IDLE_MS = 3 * DAY_MS;
/** A session's use is written down this seldom. */
const KEEP_EVERY_MS = 300_000;
const SESSIONS_MAX = 32;
const LINKS_MAX = 16;
const LABEL_MAX_CHARS = 120;
export class SignIn {
    #db;
    #clock;
    /** By hash, oldest first. */
    #links = new Map();
    #ended = new Set();
    #renewal;
    /** `renewal`: how a person gets another link. */
    constructor(db, clock, renewal = 'run "sluice open" in a terminal on this machine for a new one') {
        this.#db = db;
        this.#clock = clock;
        this.#renewal = renewal;
    }
    /** A new one-time token; the caller puts it behind `#`, where no server, log or Referer sees it. */
    newLink({ mayAllow = false } = {}) {
        const token = newToken();
        const expiresAt = this.#clock.now() + LINK_LIFE_MS;
        this.#links.set(toHash(token), { expiresAt, mayAllow });
        for (const hash of this.#links.keys()) {
            if (this.#links.size <= LINKS_MAX)
                break;
            this.#links.delete(hash);
        }
        return { token, expiresAt };
    }
    /** Swaps a launch token for a session (SIGNIN-1). @throws SluiceError `unauthorized`. */
    async redeem(token, userAgent) {
        const hash = toHash(token);
        const link = this.#links.get(hash);
        this.#links.delete(hash);
        const now = this.#clock.now();
        if (link === undefined || link.expiresAt <= now) {
            throw new SluiceError("unauthorized", `this link was used already, or is older than two minutes; ${this.#renewal}`);
        }
        return this.#open(userAgent, {
            place: "here",
            expiresAt: now + SESSION_LIFE_MS,
            idleAt: null,
            mayAllow: link.mayAllow,
        });
    }
    /**
     * A session for whoever has just given the right passphrase. A person at a terminal has set it: what sessions ask may be allowed.
     */
    openRemote(userAgent) {
        const now = this.#clock.now();
        return this.#open(userAgent, {
            place: "remote",
            expiresAt: now + REMOTE_LIFE_MS,
            idleAt: now + REMOTE_IDLE_MS,
            mayAllow: true,
        });
    }
    /** The session of these two halves (SIGNIN-2) in its place (SIGNIN-4); undefined when either is missing, wrong or too old. */
    find(cookie, key, place = "here") {
        if (key === undefined)
            return undefined;
        const found = this.#find(cookie, place);
        if (found === undefined || !isSame(found.key, toHash(key)))
            return undefined;
        this.#keep(found);
        const { key: _hash, ...session } = found;
        return session;
    }
    /**
     * The session of the one half that a service worker has. For nothing but an answer that carries a secret of its own instead: a
     * push's handle.
     */
    findWithoutKey(cookie, place) {
        const found = this.#find(cookie, place);
        if (found === undefined)
            return undefined;
        this.#keep(found);
        const { key: _hash, ...session } = found;
        return session;
    }
    isLive(id) {
        return isWebSessionLive(this.#db, id, this.#clock.now());
    }
    list() {
        return listWebSessions(this.#db, this.#clock.now());
    }
    /** Ends one session, or all; their open streams end with them. Returns how many. */
    end(id) {
        return this.#end({ id });
    }
    /** Ends all that came from elsewhere. */
    endRemote() {
        return this.#end({ place: "remote" });
    }
    /** Calls back when a session is ended by hand. Returns how to stop. */
    onEnd(tell) {
        this.#ended.add(tell);
        return () => this.#ended.delete(tell);
    }
    async #open(userAgent, session) {
        const [cookie, key] = [newToken(), newToken()];
        const opened = {
            ...session,
            id: randomBytes(4).toString("hex"),
            label: toLabel(userAgent),
            createdAt: this.#clock.now(),
        };
        const row = { ...opened, cookie: toHash(cookie), key: toHash(key) };
        await this.#db.write(() => addWebSession(this.#db, row, SESSIONS_MAX));
        return { session: opened, cookie, key };
    }
    #find(cookie, place) {
        if (cookie === undefined)
            return undefined;
        const found = findWebSession(this.#db, toHash(cookie), this.#clock.now());
        return found?.place === place ? found : undefined; // SIGNIN-4
    }
    /** It is used: its idle time begins again. */
    #keep({ id, idleAt }) {
        if (idleAt === null)
            return;
        const next = this.#clock.now() + REMOTE_IDLE_MS;
        if (next - idleAt < KEEP_EVERY_MS)
            return;
        // Not waited for: where it cannot be written, the next use tries again, and at worst the passphrase is asked for once more.
        this.#db.write(() => keepWebSession(this.#db, id, next)).catch(() => undefined);
    }
    async #end(which) {
        const ended = await this.#db.write(() => endWebSessions(this.#db, which));
        for (const id of ended)
            for (const tell of this.#ended)
                tell(id);
        return ended.length;
    }
}
/** How long a browser keeps the cookie. */
export function toCookieSeconds({ createdAt, expiresAt }) {
    return Math.floor((expiresAt - createdAt) / 1000);
}
function newToken() {
    return randomBytes(32).toString("base64url");
}
function toHash(token) {
    return createHash("sha256").update(token).digest("hex");
}
function isSame(one, other) {
    const [a, b] = [Buffer.from(one), Buffer.from(other)];
    return a.length === b.length && timingSafeEqual(a, b);
}
/** `Firefox on Linux` would need a table that ages; the browser's own words, without what is unprintable. */
function toLabel(userAgent) {
    return userAgent.replace(/[^\x20-\x7e]/g, "").slice(0, LABEL_MAX_CHARS) || "unknown browser";
}
