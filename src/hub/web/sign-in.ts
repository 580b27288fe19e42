/**
 * Who is signed in on the page: launch links, sessions, and their end.
 *
 * Owns: making and checking credentials. Never: HTTP, or what a signed-in browser may do.
 *
 * S1 A launch link works once, within two minutes, and only in the hub that made it.
 * S2 A session is two halves: a cookie that no script can read, and a key that only our origin's storage holds. Cookies do not
 *    know ports: another program on this machine's loopback may be sent ours, and cannot use it without the key.
 * S3 Both halves are kept as hashes; 256 random bits each.
 */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { Clock } from "../../sdk/clock.ts";
import { SluiceError } from "../../sdk/errors.ts";
import type { Database } from "../../store/database.ts";
import {
  addWebSession,
  endWebSessions,
  findWebSession,
  listWebSessions,
  type WebSession,
} from "../../store/web-sessions.ts";

const LINK_LIFE_MS = 2 * 60_000;
const SESSION_LIFE_MS = 30 * 24 * 3_600_000;
const SESSIONS_MAX = 32;
const LINKS_MAX = 16;
const LABEL_MAX_CHARS = 120;

export type SignedIn = { session: WebSession; cookie: string; key: string };

export class SignIn {
  readonly #db: Database;
  readonly #clock: Clock;
  /** Hash to end of life, oldest first. */
  readonly #links = new Map<string, number>();
  readonly #ended = new Set<(id: string | undefined) => void>();

  constructor(db: Database, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  /** A new one-time token; the caller puts it behind `#`, where no server, log or Referer sees it. */
  newLink(): { token: string; expiresAt: number } {
    const token = newToken();
    const expiresAt = this.#clock.now() + LINK_LIFE_MS;
    this.#links.set(toHash(token), expiresAt);
    for (const hash of this.#links.keys()) {
      if (this.#links.size <= LINKS_MAX) break;
      this.#links.delete(hash);
    }
    return { token, expiresAt };
  }

  /** Swaps a launch token for a session (S1). @throws SluiceError `unauthorized`. */
  async redeem(token: string, userAgent: string): Promise<SignedIn> {
    const hash = toHash(token);
    const expiresAt = this.#links.get(hash);
    this.#links.delete(hash);
    const now = this.#clock.now();
    if (expiresAt === undefined || expiresAt <= now) {
      throw new SluiceError(
        "unauthorized",
        'this link was used or is too old; run "sluice open" for a new one',
      );
    }
    const [cookie, key] = [newToken(), newToken()];
    const session: WebSession = {
      id: randomBytes(4).toString("hex"),
      label: toLabel(userAgent),
      createdAt: now,
      expiresAt: now + SESSION_LIFE_MS,
    };
    const row = { ...session, cookie: toHash(cookie), key: toHash(key) };
    await this.#db.write(() => addWebSession(this.#db, row, SESSIONS_MAX));
    return { session, cookie, key };
  }

  /** The session of these two halves (S2); undefined when either is missing, wrong or too old. */
  find(cookie: string | undefined, key: string | undefined): WebSession | undefined {
    if (cookie === undefined || key === undefined) return undefined;
    const found = findWebSession(this.#db, toHash(cookie), this.#clock.now());
    if (found === undefined || !isSame(found.key, toHash(key))) return undefined;
    const { key: _hash, ...session } = found;
    return session;
  }

  list(): WebSession[] {
    return listWebSessions(this.#db, this.#clock.now());
  }

  /** Ends one session, or all; their open streams end with them. Returns how many. */
  async end(id?: string): Promise<number> {
    const count = await this.#db.write(() => endWebSessions(this.#db, id));
    for (const tell of this.#ended) tell(id);
    return count;
  }

  /** Calls back when a session is ended by hand; undefined stands for all. Returns how to stop. */
  onEnd(tell: (id: string | undefined) => void): () => void {
    this.#ended.add(tell);
    return () => this.#ended.delete(tell);
  }
}

export const SESSION_LIFE_SECONDS: number = SESSION_LIFE_MS / 1000;

function newToken(): string {
  return randomBytes(32).toString("base64url");
}

function toHash(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** `Firefox on Linux` would need a table that ages; the browser's own words, without what is unprintable. */
function toLabel(userAgent: string): string {
  return userAgent.replace(/[^\x20-\x7e]/g, "").slice(0, LABEL_MAX_CHARS) || "unknown browser";
}
