import { findVoiceNotes, toHeard } from "../../flow/intake/voice-note.js";
import { TRANSCRIBE_SECRET } from "../../api/wire/transcribe-wire.js";
import { isSluiceError, toMessage } from "../../sdk/errors.js";
import { Secret } from "../../sdk/secret.js";
import { addStep, findEvent } from "../../store/events/inbox.js";
import { addTranscription, countAttempt, isHeldAndKnown, isTranscribing, listTranscriptions, settleTranscription, toHeldAssignment, } from "../../store/events/transcriptions.js";
import { readSecrets } from "../channels/secrets.js";
import { changeTranscribe } from "./change.js";
import { listen } from "./listen.js";
const LIMITS = {
    tryMs: 5 * 60_000,
    waitMs: 15 * 60_000,
    pausesMs: [2_000, 15_000],
};
const MAX_RUNNING = 2;
const MAX_BEGUN = 5;
const LIST_MAX = 1_000;
/** Connections, by which files are fetched, are just being opened. */
const FIRST_LOOK_MS = 500;
/** The disk did not take it. */
const AGAIN_MS = 10_000;
export class Transcriber {
    #core;
    #needs;
    #limits;
    #startedAt;
    #over = new AbortController();
    #running = new Map();
    #progress = new Map();
    #cancel;
    constructor(core, needs) {
        this.#core = core;
        this.#needs = needs;
        this.#limits = { ...LIMITS, ...needs.limits };
        this.#startedAt = core.clock.now();
        this.#cancel = core.clock.after(FIRST_LOOK_MS, this.#look);
    }
    /** @throws SluiceError `not_found`, `bad_input`. */
    change(name, change) {
        return changeTranscribe(this.#core, this.#needs.channels, name, change);
    }
    /** Whether this arrival is to wait. */
    wants(arrival) {
        return (arrival.session === undefined &&
            this.#find(arrival.channel)?.transcribe !== undefined &&
            findVoiceNotes(arrival).length > 0);
    }
    /** Who it is for until then: nobody. */
    assign({ isKnown }) {
        return toHeldAssignment(isKnown === true);
    }
    /** Inside the write that stores the event of an arrival that is wanted (TRANSCRIBE-1). */
    hold(event, arrival) {
        const { db, clock } = this.#core;
        addTranscription(db, event, findVoiceNotes(arrival));
        addStep(db, event, { at: clock.now(), stage: "held", reason: "its voice note is listened to" });
        db.afterCommit(this.#look);
    }
    /** Ends what runs; it is begun again in the next life. */
    async close() {
        this.#over.abort();
        this.#cancel();
        await Promise.all(this.#running.values());
    }
    #look = () => {
        if (this.#over.signal.aborted)
            return;
        this.#cancel();
        const now = this.#core.clock.now();
        const pending = listTranscriptions(this.#core.db, LIST_MAX).filter(({ event }) => !this.#running.has(event));
        let nextAt = Number.POSITIVE_INFINITY;
        for (const one of pending) {
            const { notBefore } = this.#progressOf(one);
            // A clock that was set back must not make this a long wait.
            const isDue = notBefore <= now || notBefore > now + this.#limits.waitMs;
            if (isDue && this.#running.size < MAX_RUNNING)
                this.#run(one);
            // When one of the running ends, all are looked at again.
            else if (!isDue)
                nextAt = Math.min(nextAt, notBefore);
        }
        if (Number.isFinite(nextAt))
            this.#cancel = this.#core.clock.after(Math.max(1, nextAt - now), this.#look);
    };
    #progressOf({ event, storedAt }) {
        const known = this.#progress.get(event);
        if (known !== undefined)
            return known;
        const since = Math.max(storedAt, this.#startedAt);
        const fresh = { tries: 0, since, notBefore: 0 };
        this.#progress.set(event, fresh);
        return fresh;
    }
    #run(pending) {
        const { event, channel } = pending;
        const running = this.#work(pending)
            .catch((thrown) => {
            if (this.#over.signal.aborted)
                return;
            const { log, clock } = this.#core;
            this.#progressOf(pending).notBefore = clock.now() + AGAIN_MS;
            log.warn({ channel, event, error: toMessage(thrown) }, "a voice note waits on");
        })
            .finally(() => {
            this.#running.delete(event);
            this.#look();
        });
        this.#running.set(event, running);
    }
    async #work(pending) {
        const { event, notes, attempts } = pending;
        const { db, clock } = this.#core;
        const waits = findEvent(db, event)?.state === "stored";
        const end = (why) => this.#settle(pending, notes.map((note) => ({ note, failure: why })));
        const config = this.#find(pending.channel);
        if (!waits)
            return end("nobody waits for it any more");
        if (config?.transcribe === undefined)
            return end("its channel transcribes nothing any more");
        const progress = this.#progressOf(pending);
        if (attempts >= MAX_BEGUN && progress.tries === 0)
            return end(`the hub ended ${MAX_BEGUN} times while it was listened to`);
        if (clock.now() - progress.since > this.#limits.waitMs)
            return end("it waited too long for its turn");
        if (progress.tries === 0)
            await db.write(() => countAttempt(db, event));
        progress.tries += 1;
        const listened = [];
        for (const note of notes) {
            const one = await this.#listen(pending, config, note);
            if (this.#over.signal.aborted)
                return;
            if (one === "again")
                return;
            listened.push(one);
        }
        await this.#settle(pending, listened);
    }
    /** `again`: another try is due later. */
    async #listen(pending, config, note) {
        const { home, clock } = this.#core;
        const { tryMs, waitMs, pausesMs } = this.#limits;
        const { signal } = this.#over;
        try {
            const by = config.transcribe;
            if (by === undefined)
                throw new TypeError("nothing listens");
            const path = await this.#needs.files.fetch(pending.event, note.position);
            signal.throwIfAborted();
            const key = readSecrets(home, config.name)?.named?.[TRANSCRIBE_SECRET];
            const text = await listen(path, {
                by,
                key: key === undefined ? undefined : new Secret(key),
                cwd: home.path,
                timeoutMs: tryMs,
                signal,
            });
            return { note, text };
        }
        catch (thrown) {
            const progress = this.#progressOf(pending);
            const pause = pausesMs[progress.tries - 1];
            const isRetryable = isSluiceError(thrown) && thrown.retryable;
            if (isRetryable && pause !== undefined && clock.now() - progress.since + pause < waitMs) {
                progress.notBefore = clock.now() + pause;
                return "again";
            }
            // What is no fault of ours may quote anything.
            return { note, failure: isSluiceError(thrown) ? thrown.message : "it could not be read" };
        }
    }
    async #settle(pending, listened) {
        const { db, clock, log } = this.#core;
        const { delivery } = this.#needs;
        const { event: id, channel } = pending;
        const failure = listened.find((one) => one.failure !== undefined)?.failure;
        await db.write(() => {
            // Forgotten meanwhile.
            const event = isTranscribing(db, id) ? findEvent(db, id) : undefined;
            if (event === undefined)
                return;
            const isOpen = event.state === "stored";
            const heard = toHeard(event, listened);
            const isKnown = isHeldAndKnown(db, id);
            const assignment = isOpen
                ? delivery.watchers.assign({ ...event, meta: heard.meta, isKnown })
                : toHeldAssignment(isKnown);
            const reason = failure === undefined
                ? "its voice note was transcribed"
                : `transcription failed: ${failure}`;
            const ids = settleTranscription(db, id, { heard, assignment, isOpen, reason }, clock.now());
            if (event.priority === "urgent" || event.ack === "reply")
                for (const one of ids)
                    delivery.pressing(one);
        });
        this.#progress.delete(id);
        if (failure !== undefined)
            log.warn({ channel, event: id, reason: failure }, "a voice note was not transcribed");
    }
    #find(channel) {
        return this.#needs.channels.list().find(({ config }) => config.name === channel)?.config;
    }
}
