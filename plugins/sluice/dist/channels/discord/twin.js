/**
 * Another program with the same bot: both hear everything, and both answer.
 *
 * Owns: noticing it by what the bot writes, and telling the owner. Never: stops it.
 */
import { randomBytes } from "node:crypto";
import { at, textAt } from "../../sdk/json.js";
import { optionalId, toTime } from "./wire.js";
/** Another program is told of once in a while. */
const TELL_EVERY_MS = 3_600_000;
/** Two programs with one token both hear everything, and both answer; Discord says nothing of it. */
export class Twin {
    noncePrefix = `s${randomBytes(6).toString("hex")}.`;
    #context;
    #me;
    #since;
    #toldAt = Number.NEGATIVE_INFINITY;
    constructor(context, me) {
        this.#context = context;
        this.#me = me;
        this.#since = context.clock.now();
    }
    /** A message of this bot that this program has not sent. */
    look({ type, data }) {
        const { clock, report, log, signal } = this.#context;
        const id = optionalId(data, "id");
        if (type !== "MESSAGE_CREATE" ||
            id === undefined ||
            optionalId(data, "author.id") !== this.#me.id)
            return;
        const nonce = textAt(data, "nonce") ?? "";
        const isAnswer = at(data, "interaction_metadata") != null || at(data, "webhook_id") != null;
        // The first words of a post in a forum have the number of the post, and no nonce.
        const isPost = optionalId(data, "channel_id") === id;
        const isWritten = !isPost && [0, 19].includes(Number(at(data, "type")));
        // What an earlier life has sent comes again with its session.
        const isNew = toTime(id) > this.#since + TWIN_SKEW_MS;
        if (nonce.startsWith(this.noncePrefix) || isAnswer || !isWritten || !isNew || signal.aborted)
            return;
        const now = clock.now();
        if (now - this.#toldAt < TELL_EVERY_MS)
            return;
        this.#toldAt = now;
        const reason = "discord: another program writes as this bot, so people may be answered twice; stop it, or make a bot of its own for Sluice";
        log.warn({}, reason);
        report({ kind: "retrying", reason, alarm: true });
        report({ kind: "connected" });
    }
}
const TWIN_SKEW_MS = 60_000;
