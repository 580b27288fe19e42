/**
 * `events/subscribe` and `events/unsubscribe`: callbacks of clients, from the first challenge to the end.
 *
 * Owns: what a subscription is granted, its secrets, its renewal. Never: delivers an event (deliver-callbacks.ts).
 *
 * SUBSCRIBE-1 No event is posted to an address that has not answered a challenge: nobody is flooded who did not ask for it.
 * SUBSCRIBE-2 The same call again renews a subscription and loses nothing of it: a live one goes on where it was.
 */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { countCallbacks, findCallback, listCallbacks, readVerified, removeCallback, saveCallback, } from "../store/clients/event-callbacks.js";
import { findEventClient } from "../store/clients/event-clients.js";
import { checkSecret, checkUrl, post, toControlId } from "./callback-post.js";
import { toCursor } from "./cursor.js";
import { EventFault } from "./protocol.js";
const MIN_TTL_MS = 60_000;
const DEFAULT_TTL_MS = 3_600_000;
/** Also of one that asks for none: what nobody renews ends. */
const MAX_TTL_MS = 24 * 3_600_000;
/** Longer than a receiver believes a signature. */
const ROTATION_MS = 10 * 60_000;
const VERIFIED_MS = 24 * 3_600_000;
const MAX_CALLBACKS = 50;
export class Callbacks {
    #options;
    constructor(options) {
        this.#options = options;
    }
    /** @throws EventFault `invalidParams`, `unsupported`, `resourceExhausted`, `callbackEndpoint`. */
    async subscribe(client, covered, asked) {
        const { mode, url, secret } = asked.delivery;
        if (mode !== "webhook")
            throw new EventFault("unsupported", `delivery.mode: "${mode}" needs no subscription`, {
                feature: "deliveryMode",
                value: mode,
            });
        checkUrl(url, client.loopback);
        checkSecret(secret);
        const id = toId(client.name, url, covered.name, covered.args);
        return this.#options.serial(id, () => this.#subscribe(client, covered, asked, id));
    }
    /** @throws EventFault `notFound` where there is none. */
    async unsubscribe(client, { name, args, url }) {
        const { db, serial } = this.#options;
        const id = toId(client.name, url, name, args);
        const isGone = await serial(id, () => db.write(() => removeCallback(db, id)));
        if (!isGone)
            throw new EventFault("notFound", "there is no such subscription", { kind: "subscription" });
    }
    async #subscribe(client, covered, asked, id) {
        const { db, clock, delivery } = this.#options;
        const { url, secret } = asked.delivery;
        await this.#dropOver(client.name);
        const known = findCallback(db, id);
        if (known === undefined && countCallbacks(db, client.name) >= MAX_CALLBACKS)
            throw new EventFault("resourceExhausted", `a client has at most ${MAX_CALLBACKS} subscriptions; end one`, { limit: "subscriptions", max: MAX_CALLBACKS });
        const verifiedAt = await this.#verify(client.name, url, secret, id);
        const start = await this.#toStart(known, asked);
        const now = clock.now();
        const callback = {
            id,
            client: client.name,
            url,
            name: covered.name,
            args: covered.args,
            ...toSecrets(known, secret, now),
            scope: JSON.stringify(covered.scope),
            since: Math.min(known?.since ?? start.position, start.position),
            position: start.position,
            attempts: 0,
            retryAt: null,
            active: true,
            failedSince: null,
            lastError: known?.lastError ?? null,
            lastAt: known?.lastAt ?? null,
            verifiedAt,
            expiresAt: now + toTtl(asked.ttlMs),
        };
        await db.write(() => {
            // It may have been removed while its address was asked.
            if (findEventClient(db, client.name) === undefined)
                throw new EventFault("forbidden", "this client was removed by the owner");
            saveCallback(db, callback);
        });
        delivery.wake(id);
        return {
            id,
            refreshBefore: new Date(callback.expiresAt).toISOString(),
            cursor: toCursor(db, start.position, start.told),
            truncated: start.truncated,
            deliveryStatus: toStatus(known ?? callback, true),
        };
    }
    /** SUBSCRIBE-2 */
    async #toStart(known, asked) {
        const hasCursor = asked.cursor !== null && asked.cursor !== undefined;
        if (known !== undefined && (known.active || !hasCursor)) {
            // What was taken meanwhile counts: it was asked for before the address was.
            const { position = known.position } = findCallback(this.#options.db, known.id) ?? {};
            return { position, truncated: false, told: 0 };
        }
        return asked.begin();
    }
    /** SUBSCRIBE-1. Resolves to when the address last proved that it wants events. @throws EventFault `callbackEndpoint`. */
    async #verify(client, url, secret, subscription) {
        const { db, clock } = this.#options;
        const now = clock.now();
        const before = readVerified(db, client, url);
        if (before !== undefined && now - before < VERIFIED_MS)
            return before;
        const challenge = randomBytes(24).toString("base64url");
        const posted = await post({
            url,
            subscription,
            secrets: [secret],
            id: toControlId("verification"),
            sentAt: now,
            body: JSON.stringify({ type: "verification", challenge }),
        }, this.#options);
        const reason = "error" in posted ? posted.error : toRefusal(posted, challenge);
        if (reason === undefined)
            return now;
        throw new EventFault("callbackEndpoint", `the callback was not verified: ${reason}`, {
            reason,
        });
    }
    async #dropOver(client) {
        const { db, clock } = this.#options;
        const now = clock.now();
        const over = listCallbacks(db).filter((one) => one.client === client && one.expiresAt <= now);
        if (over.length === 0)
            return;
        await db.write(() => {
            for (const { id } of over)
                removeCallback(db, id);
        });
    }
}
function toRefusal({ status, body }, challenge) {
    if (status >= 500)
        return "http_5xx";
    if (status < 200 || status >= 300)
        return "http_4xx";
    let answer;
    try {
        answer = JSON.parse(body);
    }
    catch {
        return "challenge_failed";
    }
    const given = typeof answer === "object" && answer !== null && "challenge" in answer ? answer.challenge : "";
    const [got, wanted] = [Buffer.from(String(given)), Buffer.from(challenge)];
    return got.length === wanted.length && timingSafeEqual(got, wanted)
        ? undefined
        : "challenge_failed";
}
export function toStatus(callback, active = callback.active) {
    const { lastAt, lastError, failedSince } = callback;
    return {
        active,
        lastDeliveryAt: lastAt === null ? null : new Date(lastAt).toISOString(),
        lastError,
        ...(failedSince === null ? {} : { failedSince: new Date(failedSince).toISOString() }),
    };
}
/** Never an input, and no right of its own: whoever knows it can do nothing by it. */
function toId(client, url, name, args) {
    const hash = createHash("sha256").update(JSON.stringify([client, url, name, args]));
    return `sub_${hash.digest("hex").slice(0, 40)}`;
}
function toSecrets(known, secret, now) {
    if (known === undefined)
        return { secret, oldSecret: null, oldUntil: null };
    if (known.secret === secret)
        return { secret, oldSecret: known.oldSecret, oldUntil: known.oldUntil };
    return { secret, oldSecret: known.secret, oldUntil: now + ROTATION_MS };
}
function toTtl(asked) {
    if (asked === undefined)
        return DEFAULT_TTL_MS;
    return Math.min(Math.max(asked ?? MAX_TTL_MS, MIN_TTL_MS), MAX_TTL_MS);
}
