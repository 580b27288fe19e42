/**
 * Everything that goes out: messages over the connections of channels, and replies on the streams of two-way webhooks.
 *
 * Owns: waking the sender once a message is on disk, and how long sent messages are kept. Never: sends by itself (flow/send/send.ts,
 * channels/replies.ts).
 */
import { join } from "node:path";
import { ensureInnerFolder } from "../local/safe-folder.js";
import { toMaybeText, toUndeliveredText } from "../flow/expiry/notices.js";
import { pruneCopies } from "../flow/tools/outgoing-file.js";
import { toPostButtons } from "../flow/prompt/chat/post-buttons.js";
import { Sending } from "../flow/send/send.js";
import { failDelivered, failQueued, listCopies, purgeOutbox } from "../store/outbox/outbox.js";
import { keepHourly } from "./upkeep/hourly.js";
import { Replies } from "./channels/replies.js";
const LIFE_MS = 30 * 24 * 3_600_000;
export class Outbox {
    replies;
    #core;
    #elapsed;
    #sending;
    #unsure = [];
    #stopTidying = () => { };
    constructor(core, { channels, connections, elapsed }) {
        const { db, clock, log } = core;
        this.#core = core;
        this.#elapsed = elapsed;
        this.replies = new Replies(db, clock);
        this.#sending = new Sending({
            db,
            clock,
            log,
            toBefore: (lifeMs) => elapsed.toBefore(lifeMs, clock.now()),
            connected: () => channels.connected(),
            connection: (channel) => connections.find(channel),
            toButtons: (row) => toPostButtons(db, row),
            unsure: (row) => {
                for (const tell of this.#unsure)
                    tell(toMaybeText(row));
            },
        });
        connections.onChange(() => this.#sending.changed());
        connections.onUndelivered((...facts) => this.#undelivered(...facts));
        channels.onRemoved(async (channel) => {
            await db.write(() => failQueued(db, channel, "its channel was removed"));
        });
    }
    /** Calls `listener` with a line about each message of a session that may not have arrived. */
    onUnsure(listener) {
        this.#unsure.push(listener);
    }
    /** Its platform had accepted a message, and takes that back. */
    async #undelivered(channel, messageId, reason) {
        const row = await this.#core.db.write(() => failDelivered(this.#core.db, channel, messageId, reason));
        if (row === undefined)
            return;
        for (const tell of this.#unsure)
            tell(toUndeliveredText(row));
    }
    /**
     * Settles what an earlier life of the hub left. Resolves with what owners are to be told once channels are there.
     * @throws SluiceError store_*, unsafe_home.
     */
    async open() {
        for (const folder of ["outbox", "outgoing"])
            ensureInnerFolder(join(this.#core.home.path, folder));
        const unsure = await this.#sending.open();
        this.#stopTidying = keepHourly(this.#core, "old messages", () => this.#tidy());
        return unsure.map(toMaybeText);
    }
    /** A message to this channel is on disk. */
    queued = (channel) => {
        this.replies.notify(channel);
        this.#sending.changed();
    };
    /** What became of a message, or what it is after a while. */
    settled = (id, waitMs) => this.#sending.settled(id, waitMs);
    async close() {
        this.#stopTidying();
        await this.#sending.close();
    }
    async #tidy() {
        const { db, clock, home } = this.#core;
        await db.write(() => purgeOutbox(db, this.#elapsed.toBefore(LIFE_MS, clock.now())));
        pruneCopies(join(home.path, "outgoing"), listCopies(db), clock.now());
    }
}
