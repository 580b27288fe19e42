/**
 * Web Push as a notifier: which browser is notified of which prompt, and the effect of its buttons.
 *
 * Owns: subscriptions, the content of a message, handles, retries. Never: when somebody is notified (flow/prompt/notify/escalation.ts), or
 * decides a prompt (flow/prompt/prompt.ts).
 *
 * PUSH-1 A message holds the tool, the session's name and a short line, masked and made visible; anybody who sees the phone may read a
 *    notification.
 * PUSH-2 Approve is offered only where that line shows the whole call and the call is known to be harmless. Any other prompt is opened
 *    on the page.
 * PUSH-3 A button carries a handle: 256 random bits, for one prompt as it was shown in one browser, good once; the browser's cookie is
 *    needed as well.
 * PUSH-4 A subscription that its service reports as gone is removed; a busy service is asked again, while the prompt waits.
 */
import { createHash, randomBytes } from "node:crypto";
import { SluiceError, toMessage } from "../../../sdk/errors.js";
import { addShown, addWebSubscription, findWebSubscription, listShown, listWebSubscriptions, removeShown, removeWebSubscription, takeHandle, } from "../../../store/page/web-push.js";
import { isWebSessionLive } from "../../../store/page/web-sessions.js";
import { toEndPayload, toPromptPayload, toSumPayload } from "./push-words.js";
import { checkEndpoint, sendPush } from "./push-send.js";
import { readVapidKeys } from "./vapid.js";
const END_TTL_SECONDS = 3_600;
/** Of a service that does not say when. */
const PAUSES_MS = [2_000, 10_000, 60_000, 300_000];
const CONTACT = "mailto:owner@sluice.invalid";
export class WebPush {
    name = "web push";
    #options;
    /** By prompt and browser: a message that is on its way, or waits for its next try. */
    #open = new Map();
    #keys;
    #isClosed = false;
    constructor(options) {
        this.#options = options;
    }
    /** What a browser ties its subscription to. */
    async readPublicKey() {
        return (await this.#readKeys()).publicKey;
    }
    isOn(session) {
        return findWebSubscription(this.#options.db, session) !== undefined;
    }
    /** @throws SluiceError `bad_input` for an endpoint or keys that are none. */
    async subscribe({ id: session, label }, target) {
        const { db, clock, note } = this.#options;
        const { hostname } = checkEndpoint(target.endpoint);
        checkKeys(target);
        const known = findWebSubscription(db, session);
        if (known?.endpoint === target.endpoint && known.auth === target.auth)
            return;
        const id = randomBytes(8).toString("hex");
        await db.write(() => {
            addWebSubscription(db, { ...target, id, session, createdAt: clock.now() });
            note(`browser ${session}`, "push-on", `notifications by ${hostname}: ${label}`);
        });
    }
    async unsubscribe({ id: session }) {
        const { db, note } = this.#options;
        const known = findWebSubscription(db, session);
        if (known === undefined)
            return;
        await db.write(() => {
            removeWebSubscription(db, known.id);
            note(`browser ${session}`, "push-off", "notifications switched off");
        });
    }
    show(prompt) {
        this.#each((to) => this.#show(to, prompt));
    }
    change(prompt) {
        for (const { digest, ...to } of listShown(this.#options.db, prompt.id))
            if (digest !== prompt.digest)
                this.#settle(this.#show(to, prompt));
    }
    end(prompt) {
        const { db } = this.#options;
        const shown = listShown(db, prompt.id);
        const payload = toEndPayload(prompt);
        for (const to of shown) {
            const unsent = this.#open.get(toKey(to, prompt.id));
            // Nobody there has heard of it yet: it is simply not said.
            if (unsent !== undefined)
                unsent();
            else
                this.#send(to, prompt.id, payload, END_TTL_SECONDS);
        }
        if (shown.length > 0)
            this.#settle(db.write(() => removeShown(db, prompt.id)));
    }
    sum(waiting) {
        const [first] = waiting;
        if (first === undefined)
            return;
        const id = `sum_${createHash("sha256").update(first.session).digest("hex").slice(0, 26)}`;
        const payload = toSumPayload(id, waiting);
        this.#each(async (to) => this.#send(to, id, payload, END_TTL_SECONDS));
    }
    /** A button of a notification (PUSH-3). Undefined for a handle that is not of this browser, or was used. */
    async answer({ id: session, mayAllow }, handle, verdict) {
        const { db, prompts } = this.#options;
        const taken = await db.write(() => takeHandle(db, toHash(handle), session));
        if (taken === undefined)
            return undefined;
        const prompt = prompts.find(taken.prompt);
        if (verdict === "allow" && prompt?.state === "pending" && prompt.digest !== taken.digest)
            return { kind: "refused", reason: "the call has changed since it was shown; open it" };
        const by = { who: `browser ${session}`, via: "push", mayAllow };
        return prompts.decide(by, taken.prompt, { kind: verdict });
    }
    close() {
        this.#isClosed = true;
        for (const cancel of this.#open.values())
            cancel();
        this.#open.clear();
    }
    async #show(to, prompt) {
        const { db, clock, prompts } = this.#options;
        const handle = randomBytes(32).toString("base64url");
        const payload = toPromptPayload(prompt, handle);
        await db.write(() => addShown(db, {
            prompt: prompt.id,
            subscription: to.id,
            digest: prompt.digest,
            handle: payload.handle === undefined ? undefined : toHash(handle),
        }));
        // It may have ended while that was written.
        if (prompts.find(prompt.id)?.state !== "pending") {
            await db.write(() => removeShown(db, prompt.id));
            return;
        }
        this.#send(to, prompt.id, payload, (prompt.expiresAt - clock.now()) / 1_000);
    }
    /** Every browser whose sign-in is good. One whose sign-in is over is told so once, and no more. */
    #each(tell) {
        const { db, clock } = this.#options;
        for (const to of listWebSubscriptions(db)) {
            if (isWebSessionLive(db, to.session, clock.now())) {
                this.#settle(tell(to));
                continue;
            }
            const payload = {
                kind: "sum",
                id: "signed-out",
                title: "Sluice",
                body: "A session asks something. You are signed out here: open the page and sign in to see it.",
            };
            this.#send(to, payload.id, payload, END_TTL_SECONDS);
            this.#settle(db.write(() => void removeWebSubscription(db, to.id)));
        }
    }
    #send(to, about, payload, ttlSeconds) {
        const key = toKey(to, about);
        this.#open.get(key)?.();
        const message = {
            payload: JSON.stringify(payload),
            ttlSeconds,
            topic: about,
            urgency: payload.kind === "end" ? "normal" : "high",
        };
        let cancelPause = () => undefined;
        let isOver = this.#isClosed;
        const cancel = () => {
            isOver = true;
            cancelPause();
            if (this.#open.get(key) === cancel)
                this.#open.delete(key);
        };
        const attempt = async (tries) => {
            if (isOver)
                return;
            const outcome = await sendPush(to, message, await this.#toSender(), this.#options.network);
            if (isOver)
                return;
            const pauseMs = PAUSES_MS[tries];
            if (outcome.kind === "later" && pauseMs !== undefined) {
                const waitMs = Math.max(pauseMs, outcome.retryAfterMs ?? 0);
                cancelPause = this.#options.clock.after(waitMs, () => this.#settle(attempt(tries + 1), cancel));
                return;
            }
            cancel();
            await this.#note(to, outcome);
        };
        this.#open.set(key, cancel);
        this.#settle(attempt(0), cancel);
    }
    /** PUSH-4 */
    async #note(to, outcome) {
        const { db, log, note } = this.#options;
        switch (outcome.kind) {
            case "taken":
                return;
            case "gone":
                await db.write(() => {
                    if (removeWebSubscription(db, to.id))
                        note("hub", "push-gone", `browser ${to.session} no longer takes notifications`);
                });
                return;
            case "later":
            case "refused":
                log.warn({ browser: to.session, reason: outcome.why }, "a browser could not be notified");
                return;
            default:
                outcome;
        }
    }
    async #toSender() {
        return { keys: await this.#readKeys(), subject: this.#options.readOrigin() ?? CONTACT };
    }
    #readKeys() {
        this.#keys ??= readVapidKeys(this.#options.home).catch((thrown) => {
            // The next one tries again: its owner may have put the file right.
            this.#keys = undefined;
            throw thrown;
        });
        return this.#keys;
    }
    #settle(work, failed) {
        work.catch((thrown) => {
            failed?.();
            this.#options.log.error({ error: toMessage(thrown) }, "a browser could not be notified");
        });
    }
}
/** As the library will want them: told to whoever sends them, not to the log. */
function checkKeys({ p256dh, auth }) {
    const [point, secret] = [Buffer.from(p256dh, "base64url"), Buffer.from(auth, "base64url")];
    if (point.length !== 65 || point[0] !== 4 || secret.length !== 16)
        throw new SluiceError("bad_input", "the browser's push keys are of a wrong shape");
}
function toHash(handle) {
    return createHash("sha256").update(handle).digest("hex");
}
function toKey({ id }, about) {
    return `${id} ${about}`;
}
