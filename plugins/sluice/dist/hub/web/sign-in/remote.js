/**
 * Remote access to the page: the one origin of the user's own tunnel, and the passphrase that signs in there.
 *
 * Owns: the file `secrets/web.remote`, and how often a passphrase may be tried. Never: opens a port or a tunnel; knows a session.
 *
 * REMOTE-1 Remote access is off until a person at a terminal has set a passphrase and named the origin. With a damaged file it is off,
 *    too.
 * REMOTE-2 Tries are counted for everybody together, since anybody can claim any address through a tunnel. A try is counted before the
 *    passphrase is compared, so a thousand at once are five. Five wrong ones in 15 minutes lock for 15, fifteen in an hour for six
 *    hours.
 * REMOTE-3 While the sign-in is locked, the right passphrase is not compared either. Browsers that are signed in stay signed in, and so
 *    does this machine's page.
 */
import { isIP } from "node:net";
import { join } from "node:path";
import { z } from "../../../vendor/zod.js";
import { SluiceError, toMessage } from "../../../sdk/errors.js";
import { addLock, addTry, clearTries, countTries, readLock } from "../../../store/access/codes.js";
import { readPrivateFile, writePrivateFile } from "../../settings/private-file.js";
import { findWeakness, isPassphrase, keepPassphrase, keptPassphraseSchema, } from "./passphrase.js";
const MINUTE_MS = 60_000;
const SHORT = { tries: 5, windowMs: 15 * MINUTE_MS, lockMs: 15 * MINUTE_MS };
const LONG = { tries: 15, windowMs: 60 * MINUTE_MS, lockMs: 360 * MINUTE_MS };
/** A space keeps it apart from every channel's name. */
const PLACE = "web remote";
const file = z.strictObject({
    version: z.literal(1),
    origin: z.string().optional(),
    passphrase: keptPassphraseSchema.optional(),
});
export class Remote {
    #options;
    #path;
    #kept;
    #checking = Promise.resolve();
    constructor(options) {
        this.#options = options;
        // A dot: no channel's secret has such a name.
        this.#path = join(options.home.secretsDir, "web.remote");
        this.#kept = this.#read();
    }
    /** Where the page may be asked for besides this machine; undefined while that is off (REMOTE-1). */
    get origin() {
        const { origin, passphrase } = this.#kept;
        return origin === undefined || passphrase === undefined
            ? undefined
            : { origin, host: new URL(origin).host };
    }
    get hasPassphrase() {
        return this.#kept.passphrase !== undefined;
    }
    /** Until when no passphrase is looked at (epoch ms); undefined when they are. */
    get lockedUntil() {
        const until = this.#readLock();
        return until === 0 ? undefined : until;
    }
    /** @throws SluiceError `bad_secret` for a weak one, `store_*`. */
    async setPassphrase(typed, actor) {
        const { db, clock, note, derive } = this.#options;
        const weakness = findWeakness(typed);
        if (weakness !== undefined)
            throw new SluiceError("bad_secret", `the passphrase was not set: ${weakness}`);
        const passphrase = await keepPassphrase(typed, clock.now(), derive);
        this.#write({ ...this.#kept, passphrase });
        await db.write(() => {
            clearTries(db, PLACE);
            note(actor, "web-passphrase", "the passphrase of the page was set");
        });
    }
    /** @throws SluiceError `bad_input` for an origin that is none, `conflict` without a passphrase, `store_*`. */
    async turnOn(text, actor) {
        const { db, note } = this.#options;
        const origin = parseOrigin(text);
        if (!this.hasPassphrase) {
            throw new SluiceError("conflict", 'set a passphrase first: "sluice web passphrase"; without one nobody could sign in from elsewhere');
        }
        this.#write({ ...this.#kept, origin: origin.origin });
        await db.write(() => note(actor, "web-remote", `the page may be opened at ${origin.origin}`));
        return origin;
    }
    /** False where it was off already. */
    async turnOff(actor) {
        const { db, note } = this.#options;
        const { origin, ...rest } = this.#kept;
        if (origin === undefined)
            return false;
        this.#write(rest);
        await db.write(() => note(actor, "web-remote", `the page is no longer open at ${origin}`));
        return true;
    }
    /** @throws SluiceError `unauthorized` for a wrong passphrase, `rate_limited` while nobody may try (REMOTE-2, REMOTE-3). */
    async check(typed) {
        const { db, clock } = this.#options;
        const locked = await db.write(() => {
            const until = this.#readLock();
            if (until === 0)
                this.#count();
            return until;
        });
        if (locked > 0) {
            const retryAfterMs = locked - clock.now();
            throw new SluiceError("rate_limited", `too many wrong passphrases; remote sign-in is locked for ${toMinutes(retryAfterMs)}`, { retryable: true, retryAfterMs });
        }
        if (await this.#isRight(typed)) {
            await db.write(() => clearTries(db, PLACE));
            return;
        }
        await this.#tellWrong();
        throw new SluiceError("unauthorized", "this is not the passphrase");
    }
    /** Counts a try; the one that fills a budget locks, and opens again only if it was right. */
    #count() {
        const { db, clock } = this.#options;
        const now = clock.now();
        addTry(db, PLACE, "", now, now - LONG.windowMs);
        for (const { tries, windowMs, lockMs } of [SHORT, LONG])
            if (countTries(db, PLACE, "", now - windowMs).channel >= tries)
                addLock(db, PLACE, "", now + lockMs);
    }
    #readLock() {
        const { db, clock } = this.#options;
        const now = clock.now();
        const until = readLock(db, PLACE, "", now);
        // A lock that lies further away than one can be was set by a clock that has been set back since.
        return until - now > LONG.lockMs ? 0 : until;
    }
    /** One at a time: each takes 32 MiB and a thread. */
    #isRight(typed) {
        const check = async () => {
            const { passphrase } = this.#kept;
            return (passphrase !== undefined && (await isPassphrase(typed, passphrase, this.#options.derive)));
        };
        const checked = this.#checking.then(check, check);
        this.#checking = checked;
        return checked;
    }
    async #tellWrong() {
        const { db, clock, note, notifyOwner } = this.#options;
        const until = this.#readLock();
        const what = until === 0
            ? "a wrong passphrase"
            : `a wrong passphrase; locked for ${toMinutes(until - clock.now())}`;
        await db.write(() => note("remote page", "sign-in-refused", what));
        if (until === 0)
            return;
        notifyOwner(`Sluice: somebody typed a wrong passphrase ${SHORT.tries} times at ${this.#kept.origin ?? "your page"}. Signing in there is locked for ${toMinutes(until - clock.now())}. If it was not you: sluice web remote off`);
    }
    #read() {
        try {
            const text = readPrivateFile(this.#path);
            const kept = file.parse(text === undefined ? { version: 1 } : JSON.parse(text));
            if (kept.origin !== undefined)
                parseOrigin(kept.origin);
            return kept;
        }
        catch (thrown) {
            // REMOTE-1. Not the parser's own words: they quote what stands there.
            const reason = thrown instanceof SluiceError ? toMessage(thrown) : `${this.#path} cannot be understood`;
            this.#options.log.error({ reason }, "the page stays closed to other machines");
            return { version: 1 };
        }
    }
    #write(kept) {
        writePrivateFile(this.#path, `${JSON.stringify(kept)}\n`);
        this.#kept = kept;
    }
}
/** @throws SluiceError `bad_input`: an https origin with a full name, and nothing else. */
export function parseOrigin(text) {
    const refuse = (why) => {
        throw new SluiceError("bad_input", `${JSON.stringify(text.slice(0, 200))} is no origin for the page: ${why}; give one like https://sluice.example.org`);
    };
    if (!URL.canParse(text))
        return refuse("it is no URL");
    const { protocol, hostname, host, origin, ...rest } = toParts(new URL(text));
    if (protocol !== "https:")
        return refuse("it must begin with https://");
    if (rest.username !== "" || rest.password !== "")
        return refuse("it holds credentials");
    if (rest.pathname !== "/" || rest.search !== "" || rest.hash !== "" || /[?#]/.test(text))
        return refuse("it must end after the host");
    if (isIP(hostname.replace(/^\[|\]$/g, "")) !== 0)
        return refuse("it names an address, not a host");
    if (!/^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/.test(hostname) || hostname.endsWith(".localhost"))
        return refuse("its host is no full name");
    return { origin, host };
}
/** Of a URL, which shows none of its parts to a spread. */
function toParts({ protocol, hostname, host, origin, username, password, pathname, search, hash, }) {
    return { protocol, hostname, host, origin, username, password, pathname, search, hash };
}
function toMinutes(ms) {
    const minutes = Math.max(1, Math.ceil(ms / MINUTE_MS));
    return minutes === 1 ? "1 minute" : `${minutes} minutes`;
}
