import { sleep } from "../../sdk/clock.js";
import { toMessage } from "../../sdk/errors.js";
import { at, listAt } from "../../sdk/json.js";
import { readHistory } from "./history.js";
import { PendingAnswer, readInteraction } from "./interaction.js";
import { receive } from "./receive.js";
const BATCH = 50;
export class Intake {
    #options;
    #queue = [];
    #progress;
    #sessionId;
    #running;
    #failures = 0;
    #savedAt;
    constructor(options) {
        this.#options = options;
        this.#progress = options.progress;
        this.#sessionId = options.progress.session?.id ?? "";
        this.#savedAt = options.clock.now();
    }
    /** A new session, in place of one whose events are lost (DISINTAKE-2). */
    begun(session) {
        this.#sessionId = session.id;
        this.#push({ kind: "gap", session, seq: 0 });
    }
    push(event) {
        if (event.type === "MESSAGE_DELETE_BULK") {
            const { seq, data } = event;
            const channel_id = at(data, "channel_id");
            for (const id of listAt(data, "ids"))
                this.#push(this.#toItem({ seq, type: "MESSAGE_DELETE", data: { id, channel_id } }));
            return;
        }
        const { api, read, clock, log, signal } = this.#options;
        const item = this.#toItem(event);
        if (event.type === "INTERACTION_CREATE") {
            const { me } = read;
            const reading = readInteraction(event.data, this.#toRead(item.sessionId));
            const options = { api, application: me.application, clock, log, signal };
            // Whom the gate does not let in sees no sign of us, in time or later; unless the hub has an answer.
            if (reading.kind === "form" && this.#options.admits(reading.arrival))
                void new PendingAnswer(event.data, true, options).openForm(reading.form);
            else if (reading.kind === "arrival" && this.#options.admits(reading.arrival))
                item.answer = new PendingAnswer(event.data, reading.isPress, options);
        }
        this.#push(item);
    }
    #toItem(event) {
        return { kind: "event", event, sessionId: this.#sessionId };
    }
    /** Resolves once nothing runs any more. */
    async close() {
        await this.#running;
    }
    #push(item) {
        if (this.#options.signal.aborted)
            return;
        this.#queue.push(item);
        this.#running ??= this.#run().finally(() => {
            this.#running = undefined;
            if (this.#queue.length > 0 && !this.#options.signal.aborted)
                this.#wake();
        });
    }
    #wake() {
        this.#running ??= this.#run().finally(() => (this.#running = undefined));
    }
    async #run() {
        const { signal, report, log, timings, clock } = this.#options;
        while (this.#queue.length > 0 && !signal.aborted) {
            try {
                await this.#step();
                if (this.#failures > 0 && !signal.aborted)
                    report({ kind: "connected" });
                this.#failures = 0;
            }
            catch (thrown) {
                if (signal.aborted)
                    return;
                // DISINTAKE-1
                const reason = `messages could not be kept: ${toMessage(thrown)}`;
                if (this.#failures === 0)
                    log.warn({ error: toMessage(thrown) }, "messages could not be kept; trying again");
                report({ kind: "retrying", reason });
                const [first, last] = timings.keepMs;
                await sleep(Math.min(last, first * 2 ** Math.min(this.#failures, 16)), clock, signal);
                this.#failures += 1;
            }
        }
    }
    /** What stands at the head: a gap, or as many events as are there. */
    async #step() {
        const [head] = this.#queue;
        if (head?.kind === "gap") {
            await this.#close(head);
            this.#queue.shift();
            return;
        }
        const gap = this.#queue.findIndex(({ kind }) => kind === "gap");
        const batch = this.#queue.slice(0, gap < 0 ? BATCH : Math.min(BATCH, gap));
        await this.#keep(batch);
        this.#queue.splice(0, batch.length);
    }
    async #keep(batch) {
        const { read, take, admits, leftBehind, clock, log, timings } = this.#options;
        const next = this.#progress.fork();
        const given = [];
        let unreadable = 0;
        for (const { event, sessionId, answer } of batch) {
            read.places.note(event.type, event.data, read.me.id);
            const reading = await this.#read(event, sessionId);
            next.seq = event.seq;
            if (reading.kind === "malformed") {
                unreadable += 1;
                log.warn({ type: event.type, reason: reading.reason }, "an event that cannot be read is left behind");
            }
            if (reading.kind !== "arrival")
                continue;
            const { arrival } = reading;
            const isIn = admits(arrival);
            given.push({ arrival, answer, isIn });
            follow(next, arrival, isIn);
        }
        const isIdle = given.length === 0 && clock.now() - this.#savedAt < timings.idleMs;
        if (isIdle) {
            // DISINTAKE-3: with what comes next.
            this.#progress = next;
            if (unreadable > 0)
                leftBehind(unreadable);
            return;
        }
        const answers = await take(given.map(({ arrival }) => arrival), next.toString());
        this.#progress = next;
        this.#savedAt = clock.now();
        if (unreadable > 0)
            leftBehind(unreadable);
        for (const [index, { answer, isIn }] of given.entries())
            void answer?.end(answers?.[index], !isIn);
    }
    async #read(event, sessionId) {
        const options = this.#toRead(sessionId);
        return event.type === "INTERACTION_CREATE"
            ? readInteraction(event.data, options)
            : receive(event, options);
    }
    #toRead(sessionId) {
        return { ...this.#options.read, sessionId };
    }
    /** DISINTAKE-2 */
    async #close({ session, seq }) {
        const { api, take, admits, signal, log } = this.#options;
        const start = this.#progress.fork();
        start.session = session.url === "" ? undefined : session;
        start.seq = seq;
        for (const [chat, last] of this.#progress.chats) {
            const read = this.#toRead(session.id);
            for await (const page of readHistory(api, { chat, last, read, signal, log })) {
                if (page === "gone") {
                    start.forget(chat);
                    continue;
                }
                const next = this.#progress.fork();
                for (const { arrival, message } of page) {
                    const isIn = arrival !== undefined && admits(arrival);
                    next.note(chat, message, isIn);
                    start.note(chat, message, isIn);
                }
                await take(page.flatMap(({ arrival }) => (arrival === undefined ? [] : [arrival])), next.toString());
                this.#progress = next;
            }
        }
        await take([], start.toString());
        this.#progress = start;
    }
}
/** PROGRESS-2 */
function follow(progress, { kind, chatId, meta }, isIn) {
    const message = meta["message_id"];
    if (kind === "message" && chatId !== undefined && message !== undefined)
        progress.note(chatId, message, isIn);
}
