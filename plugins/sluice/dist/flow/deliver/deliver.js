import { listOpen, listOpenAttachments } from "../../store/events/deliveries.js";
import { listCopiesOf } from "../../store/events/copies.js";
import { findEvent } from "../../store/events/inbox.js";
import { readLabel } from "../../store/sessions/session-names.js";
import { addWakeChars } from "../../store/sessions/sessions.js";
import { summariseWaiting } from "../../store/events/waiting.js";
import { noteActive, prove } from "../session/attachment.js";
import { makeNote, makePage, toScreenLines } from "../text/bundles.js";
import { COUNT_CAP, Dispatch } from "./dispatch.js";
import { LANES } from "../lanes/choose-lane.js";
import { toBellOffer } from "../lanes/monitor.js";
import { toPageOffer } from "../lanes/pull.js";
import { Leases } from "../session/leases.js";
import { addAttempts, applyReceipts, markCarried, noteQueued, withdrawBell, } from "./attempts.js";
import { toDue } from "./pace.js";
import { toReceipts } from "./receipt.js";
import { Requeue } from "./requeue.js";
import { WAITS_FOR } from "../route/route.js";
import { Router } from "../route/router.js";
import { toTarget } from "../route/session-book.js";
import { Watchers } from "../route/watchers.js";
import { RetryWrites } from "../retry-write.js";
/** After a restart: how long open deliveries wait for their shims to come back. */
const REATTACH_MS = 15_000;
export class Delivery {
    leases;
    router;
    watchers;
    #options;
    #writes;
    #requeue;
    #dispatch;
    #lost = [];
    #turns = [];
    #stopWatching;
    #cancelRecovery;
    constructor(options) {
        const { lanes = [] } = options;
        const findLane = (name) => [...LANES, ...lanes].find((lane) => lane.name === name);
        this.#options = { ...options, findLane, why: (address, one) => this.router.why(address, one) };
        this.#writes = new RetryWrites(options, () => this.changed());
        this.#requeue = new Requeue({
            ...this.#options,
            writes: this.#writes,
            isThere: (id) => this.leases.find(id) !== undefined,
            changed: () => this.changed(),
        });
        this.leases = new Leases({
            ...options,
            readLabel: (session) => readLabel(options.db, session),
            events: {
                changed: () => this.rerouted(),
                lost: (attachment, reason) => {
                    this.rerouted();
                    this.#requeue.giveUpAll(attachment.id, reason);
                    for (const tell of this.#lost)
                        tell(attachment, reason);
                },
                cut: (attachment) => this.#requeue.giveBackCut(attachment),
            },
        });
        this.watchers = new Watchers({
            ...options,
            findTarget: (session) => toTarget(session, options.db, this.leases),
            changed: () => this.rerouted(),
        });
        this.router = new Router({ ...options, attachments: this.leases, watched: this.watchers });
        this.#dispatch = new Dispatch({
            ...this.#options,
            leases: this.leases,
            router: this.router,
            requeue: this.#requeue,
            writes: this.#writes,
        });
        this.#stopWatching = options.db.watch((events, added) => {
            this.router.note(events, added);
            this.#dispatch.arrived();
        });
        this.#recover();
    }
    /** Calls `listener` when an attachment is gone for good. */
    onLost(listener) {
        this.#lost.push(listener);
    }
    /** Calls `listener` at the end of each turn, once its receipts are written. */
    onTurn(listener) {
        this.#turns.push(listener);
    }
    noteTurn(attachment, end) {
        for (const tell of this.#turns)
            tell(attachment, end);
    }
    /**
     * Something changed, for one attachment (a hook came) or for all: look again before this turn of the event loop commits.
     * Events that begin to wait are found by themselves, once they are committed.
     */
    changed(attachment) {
        this.#dispatch.changed(attachment);
    }
    /** Who may have what has changed: sessions came, went or changed their names; subscriptions or rules did. */
    rerouted() {
        this.router.forget();
        this.changed();
    }
    /** An event that waits for no company is being stored: it is looked at before this turn commits, and its offer shares that. */
    pressing = (id) => {
        this.router.note([id]);
        this.#dispatch.arrived();
    };
    /** What a session may take now, and how much of it waits. */
    readWaitingFor(attachment) {
        const claim = this.router.claim(attachment);
        return { claim, waiting: summariseWaiting(this.#options.db, claim, COUNT_CAP) };
    }
    /** Why no lane may deliver to a session now, by the organisation's policy; undefined where it may. Without one: to any. */
    readPolicy(attachment) {
        return this.#options.readPolicy(attachment?.client.argv);
    }
    /** The person at a terminal is shown what comes and goes. */
    get isShown() {
        return this.#options.isShown ?? true;
    }
    /**
     * Offers what waits as one note in a turn that our bell started, with lines for the person at the terminal. Undefined when nothing waits
     * any more.
     */
    async offerNote(attachment, promptId, bell) {
        const { db, clock } = this.#options;
        const note = await this.#writes.write(() => {
            // The same bell again: the shim had no answer to the first call (the hub died in it) and asks once more.
            withdrawBell(this.#options, attachment, bell, "its hook call was repeated");
            const { claim, waiting } = this.readWaitingFor(attachment);
            const made = makeNote(db, claim, waiting);
            const offer = { ...toBellOffer(promptId, bell), how: made.how };
            addAttempts(this.#options, attachment, made.taken, offer);
            addWakeChars(db, bell, made.taken.length === 0 ? 0 : made.text.length);
            return { ...made, screen: this.isShown ? toScreenLines(db, made.taken) : [] };
        });
        noteActive(attachment, clock.now());
        return note.taken.length === 0 ? undefined : note;
    }
    /** Offers a page of what waits as the result of a tool call. */
    async offerPage(attachment, toolUseId) {
        const { db } = this.#options;
        const note = await this.#writes.write(() => {
            const claim = this.router.readerClaim(attachment);
            const open = listOpen(db, attachment.id).map((delivery) => delivery.event);
            const made = makePage(db, claim, summariseWaiting(db, claim, COUNT_CAP), open);
            const offer = { ...toPageOffer(toolUseId), how: made.how };
            addAttempts(this.#options, attachment, made.taken, offer);
            return made;
        });
        return note.text;
    }
    /**
     * The answer to the latest prompt of an attachment came too late to be used: what it carried has not left.
     * Of an answer by an earlier life of the hub that is not certain: then the attempt counts, and the next one says `replayed`.
     */
    async withdraw(attachment, promptId) {
        const { lastPrompt } = attachment;
        const reason = "the hook answer came too late";
        await this.#writes.write(() => {
            if (lastPrompt === undefined) {
                const late = { kind: "too-late", promptId };
                applyReceipts(this.#options, this.#judge(attachment, late));
            }
            else if (lastPrompt.promptId === promptId && lastPrompt.bell !== undefined) {
                withdrawBell(this.#options, attachment, lastPrompt.bell, reason);
            }
        });
        this.changed();
    }
    /** Writes down what a signal proves. Returns the receipts. */
    async receive(attachment, signal) {
        // What an inbox call brought says nothing of whether the session hears its own lane.
        const isProof = ({ to, delivery }) => to === "seen" && delivery.lane === attachment.lane.name;
        const receipts = await this.#writes.write(() => {
            const found = this.#judge(attachment, signal);
            applyReceipts(this.#options, found);
            if (signal.kind === "stop")
                noteQueued(this.#options, attachment);
            // Before this turn's look: an event that leaves on a lane not known to be open would not be counted as a turn of its own.
            if (found.some(isProof))
                prove(attachment);
            return found;
        });
        this.changed(attachment);
        return receipts;
    }
    /** A turn ended well; `turnSince` is as in the signal. Returns the receipts. */
    async ended(attachment, promptId, turnSince) {
        const { stops, showsPrompts, health, lastPromptAt } = attachment;
        const proven = health === "proven";
        const receipts = await this.receive(attachment, {
            kind: "stop",
            promptId,
            stops,
            turnSince,
            showsPrompts,
            proven,
            lastPromptAt,
        });
        this.noteTurn(attachment, { how: "ended", id: promptId });
        return receipts;
    }
    /** A prompt that hooks were shown names these events. False where it carried none of them. */
    markCarried(attachment, promptId, events) {
        return markCarried(this.#options, attachment, promptId, events);
    }
    /** Why an event that waits does so, for its trace. */
    explain(event) {
        if (event.copied === true)
            return this.#explainCopies(event);
        const { attachment, why } = this.router.owner(event.address);
        if (attachment === undefined)
            return this.#options.readPolicy() ?? WAITS_FOR[why];
        const decision = this.judge(attachment, toDue(event));
        return decision.kind === "go" ? "about to leave" : decision.reason;
    }
    /** The first of its copies that waits tells. */
    #explainCopies({ id }) {
        const { db } = this.#options;
        const waiting = listCopiesOf(db, id).find(({ state }) => state === "stored");
        const copy = waiting && findEvent(db, waiting.id);
        return copy === undefined ? "none of its copies waits" : this.explain(copy);
    }
    /** Whether what is so pressing would reach a session now. */
    judge = (attachment, due) => this.#dispatch.judge(attachment, due);
    close() {
        this.#stopWatching();
        this.#dispatch.close();
        this.#writes.close();
        this.#cancelRecovery?.();
        this.leases.close();
    }
    #judge(attachment, signal) {
        const { db, findLane } = this.#options;
        return toReceipts(listOpen(db, attachment.id), signal, findLane);
    }
    /** Deliveries of an earlier life of the hub: their shims come back soon, or never. */
    #recover() {
        const { db, clock } = this.#options;
        const open = listOpenAttachments(db);
        if (open.length === 0)
            return;
        this.#cancelRecovery = clock.after(REATTACH_MS, () => {
            for (const id of open) {
                if (this.leases.find(id) === undefined) {
                    this.#requeue.giveUpAll(id, "its client did not come back after a restart of the hub");
                }
            }
        });
    }
}
