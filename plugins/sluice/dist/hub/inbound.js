/**
 * Everything that comes in: from senders of webhooks, from the connections of chats, from the page and from the user's own scripts.
 *
 * Owns: the order: messages of people to the hub itself are taken out, images are fetched, the other arrivals are accepted, and refused
 * ones are counted. Never: answers a request (ingress/), reads an answer to a prompt (flow/prompt/chat/reply-handler.ts), decides who is
 * admitted (flow/intake/gate.ts), or writes (flow/intake/accept.ts, flow/intake/take.ts).
 */
import { join } from "node:path";
import { ensureInnerFolder } from "../local/safe-folder.js";
import { accept, isFromMachine, toIntake, } from "../flow/intake/accept.js";
import { CLOSED, gate } from "../flow/intake/gate.js";
import { IncomingFiles } from "../flow/intake/incoming-file.js";
import { requireSession } from "../flow/route/session-book.js";
import { DEAD_LETTER, take } from "../flow/intake/take.js";
import { isSluiceError, toMessage } from "../sdk/errors.js";
import { addCount } from "../store/events/counters.js";
import { forgetCursor } from "../store/events/cursors.js";
import { InboxLimit } from "../store/events/add-event.js";
import { forgetDirectChats } from "../store/prompts/prompt-posts.js";
import { HANDLED } from "./authored/handled.js";
import { toEmitted } from "./channels/emit.js";
import { keepHourly } from "./upkeep/hourly.js";
import { Transcriber } from "./transcribe/transcriber.js";
export class Inbound {
    files;
    transcriber;
    /** One request that ingress has verified. */
    receive;
    #core;
    #needs;
    #accept;
    #stopTidying;
    /** @throws SluiceError `unsafe_home`. */
    constructor(core, needs) {
        const { db, clock, log, home } = core;
        const { delivery, channels, authored, connections, access, elapsed } = needs;
        this.#core = core;
        this.#needs = needs;
        const folder = join(home.path, "files");
        ensureInnerFolder(folder);
        const connection = connections.find.bind(connections);
        const toBefore = (lifeMs) => elapsed.toBefore(lifeMs, clock.now());
        this.files = new IncomingFiles({ db, clock, log, folder, connection, toBefore });
        this.transcriber = new Transcriber(core, { channels, delivery, files: this.files });
        this.#accept = {
            db,
            clock,
            access: channels.access,
            pairing: access.pairing,
            loops: access.loops,
            limit: new InboxLimit(db, clock),
            assign: delivery.watchers.assign,
            pressing: delivery.pressing,
        };
        this.receive = toIntake(this.#accept, (arrival, receivedAt) => this.#hear(arrival, receivedAt));
        connections.onBatch(this);
        authored.onTake(this.takeAuthored);
        channels.onRemoved((channel) => this.#forget(channel));
        this.#stopTidying = keepHourly(core, "old files", () => this.files.prune());
    }
    /** One arrival that is for sessions, whoever sent it. @throws SluiceError store_*: nothing is kept. */
    async accept(arrival, receivedAt) {
        if (arrival.files === undefined)
            return accept(arrival, receivedAt, this.#accept);
        return this.#withFiles(arrival.channel, [arrival], (options) => accept(arrival, receivedAt, options));
    }
    /** A batch of a connection, with the place where it ended. Resolves with what is to be told to who tapped a button. */
    async take(channel, arrivals, cursor) {
        const { log } = this.#core;
        const handled = [];
        // One after the other: what a person says first counts first.
        for (const arrival of arrivals)
            handled.push(await this.#handle({ ...arrival, channel }));
        const rest = handled.flatMap((one) => (one.kind === "pass" ? [one.arrival] : []));
        await this.#withFiles(channel, rest, (options) => take(channel, rest, cursor, { ...options, log }));
        return handled.map((one) => (one.kind === "handled" ? one.answer : undefined));
    }
    /** A batch of an author's channel. Resolves with what became of each. @throws SluiceError store_*: nothing is kept. */
    takeAuthored = async (channel, arrivals, cursor, mayAnswer) => {
        const { log } = this.#core;
        const handled = [];
        for (const arrival of arrivals)
            // Where people are not asked, nothing that they write is an answer.
            handled.push(mayAnswer && !isFromMachine(arrival)
                ? await this.#handle(arrival)
                : { kind: "pass", arrival });
        const rest = handled.flatMap((one) => (one.kind === "pass" ? [one.arrival] : []));
        const taken = await this.#withFiles(channel, rest, (options) => take(channel, rest, cursor, { ...options, log }));
        return handled.map((one) => one.kind === "pass"
            ? toPushResult(taken.shift())
            : {
                ...toPushResult(undefined),
                ...(one.answer === undefined ? {} : { answer: one.answer }),
            });
    };
    /** An event of the user's own script. @throws SluiceError `not_found` for a channel or a session that nobody has, store_*. */
    async emit(request) {
        const { db, clock } = this.#core;
        const { delivery, channels } = this.#needs;
        const arrival = toEmitted(request, channels);
        // A script should hear of a name that nobody has. Who gets it is found when it is stored, and again when sessions come.
        if (arrival.session !== undefined)
            requireSession(arrival.session, { db, delivery });
        return this.accept(arrival, clock.now());
    }
    /** Whether the gate would let it in, without a trace of it. */
    admits(arrival) {
        return gate(arrival, this.#accept.access.get(arrival.channel) ?? CLOSED).kind === "admit";
    }
    /** Something was refused. A count that cannot be written is not worth a fault: the disk's trouble is told by the next event. */
    count(channel, reason, count = 1) {
        const { db, clock, log } = this.#core;
        db.write(() => addCount(db, channel, reason, clock.now(), count)).catch((thrown) => {
            log.warn({ channel, reason, error: toMessage(thrown) }, "a refusal could not be counted");
        });
    }
    /** What a channel could not read. */
    leftBehind(channel, count) {
        this.count(channel, DEAD_LETTER, count);
    }
    moved(channel, from, to) {
        return this.#needs.access.moved(channel, from, to);
    }
    async close() {
        this.#stopTidying();
        await this.transcriber.close();
    }
    /** A channel is removed: another one of its name begins anew. */
    async #forget(channel) {
        const { db } = this.#core;
        await db.write(() => {
            forgetCursor(db, channel);
            forgetDirectChats(db, channel);
        });
    }
    /** One request behind which a person may stand, or that has files. */
    async #hear(arrival, receivedAt) {
        const handled = isFromMachine(arrival) ? undefined : await this.#handle(arrival);
        if (handled?.kind === "handled")
            return { kind: "handled" };
        return this.accept(handled?.arrival ?? arrival, receivedAt);
    }
    /** @throws SluiceError store_*: it may come again. Whatever else goes wrong, it is then what any message is. */
    async #handle(arrival) {
        try {
            return await this.#needs.chats.handle(arrival);
        }
        catch (thrown) {
            if (isSluiceError(thrown) && thrown.code.startsWith("store_"))
                throw thrown;
            const facts = { channel: arrival.channel, error: toMessage(thrown) };
            this.#core.log.error(facts, "an arrival could not be handled as a reply; the gate decides");
            return { kind: "pass", arrival };
        }
    }
    /**
     * Images are there when their event is: whoever is handed it finds them. Where the channel has voice notes listened to, their events wait
     * for that. Only of arrivals that the gate lets in.
     */
    async #withFiles(channel, arrivals, keep) {
        const options = this.#accept;
        const filed = arrivals.filter((arrival) => arrival.files !== undefined && this.admits({ ...arrival, channel }));
        if (filed.length === 0)
            return keep(options);
        const transcriber = this.transcriber;
        const fetched = await this.files.fetchImages(channel, filed);
        try {
            return await keep({
                ...options,
                assign: (arrival) => transcriber.wants(arrival) ? transcriber.assign(arrival) : options.assign(arrival),
                stored: (id, arrival) => {
                    this.files.adopt(id, arrival, fetched);
                    if (transcriber.wants(arrival))
                        transcriber.hold(id, arrival);
                },
            });
        }
        finally {
            this.files.discard(fetched);
        }
    }
}
function toPushResult(taken) {
    switch (taken?.kind) {
        case undefined:
            return { kind: "dropped", reason: HANDLED };
        case "stored":
            return { kind: taken.duplicate ? "duplicate" : "stored", id: taken.id };
        case "dropped":
            return { kind: "dropped", reason: taken.reason };
        case "dead-letter":
            return { kind: "dropped", reason: "it could not be stored as it is" };
        default:
            return taken;
    }
}
