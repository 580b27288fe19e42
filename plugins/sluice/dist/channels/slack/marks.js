/**
 * What people see at their own messages: our reactions, and that somebody works.
 *
 * Owns: replacing one mark by the next. Never: which mark there is to be (flow/send).
 * https://docs.slack.dev/reference/methods/reactions.add
 */
import { listAt, textAt } from "../../sdk/json.js";
import { toFault } from "./api.js";
import { TS } from "./cursor.js";
import { SIGNS, toReaction } from "./emoji.js";
const MAX_MARKED = 500;
/** There is nothing left to say, or nothing to take back. */
const FINE = new Set(["already_reacted", "no_reaction", "message_not_found", "no_item_specified"]);
/** Where the app may not, the marks are left out. */
const NEVER = new Set(["missing_scope", "not_reactable", "too_many_reactions", "thread_locked"]);
export class Marks {
    #sender;
    #user;
    #marked = new Map();
    #hasStatus = true;
    constructor(sender, user) {
        this.#sender = sender;
        this.#user = user;
    }
    /** Empty takes back what we gave. @throws SluiceError. */
    async react(channel, timestamp, reaction) {
        const name = toReaction(reaction);
        if (name !== "")
            return this.#change("reactions.add", channel, timestamp, name);
        const found = await this.#sender.call("reactions.get", { channel, timestamp, full: "true" });
        if (found.kind !== "ok")
            throw toFault("reactions.get", found);
        for (const one of listAt(found.body, "message.reactions")) {
            const given = textAt(one, "name");
            if (given !== undefined && listAt(one, "users").includes(this.#user))
                await this.#change("reactions.remove", channel, timestamp, given);
        }
    }
    async mark(channel, ts, sign) {
        // A command leaves no message behind.
        if (!TS.test(ts))
            return;
        const key = `${channel}/${ts}`;
        const name = SIGNS[sign];
        const before = this.#marked.get(key);
        if (before === name)
            return;
        // Before what is taken away, or the message would stand without any for a moment.
        if (name !== "")
            await this.#quietly("reactions.add", channel, ts, name);
        const earlier = before ?? (sign === "received" ? "" : SIGNS.received);
        if (earlier !== "" && earlier !== name)
            await this.#quietly("reactions.remove", channel, ts, earlier);
        if (before === undefined && (sign === "answered" || sign === "done" || sign === "lost"))
            await this.#quietly("reactions.remove", channel, ts, SIGNS.approval);
        this.#marked.delete(key);
        this.#marked.set(key, name);
        const [oldest = ""] = this.#marked.keys();
        if (this.#marked.size > MAX_MARKED)
            this.#marked.delete(oldest);
    }
    /** Slack shows it in threads alone, and to nobody of some apps: then it is left out. */
    async typing(channel_id, thread_ts) {
        if (!this.#hasStatus || thread_ts === undefined || !TS.test(thread_ts))
            return;
        const status = "is working on it…";
        const method = "assistant.threads.setStatus";
        const outcome = await this.#sender.call(method, { channel_id, thread_ts, status });
        if (outcome.kind === "refused" && outcome.retryAfterMs === undefined)
            this.#hasStatus = false;
    }
    async #quietly(method, channel, timestamp, name) {
        const outcome = await this.#sender.call(method, { channel, timestamp, name });
        if (outcome.kind !== "ok" && !isFine(outcome) && !isNever(outcome))
            throw toFault(method, outcome);
    }
    async #change(method, channel, timestamp, name) {
        const outcome = await this.#sender.call(method, { channel, timestamp, name });
        const isThere = outcome.kind === "refused" && outcome.error !== "message_not_found" && isFine(outcome);
        if (outcome.kind !== "ok" && !isThere)
            throw toFault(method, outcome);
    }
}
function isFine(outcome) {
    return outcome.kind === "refused" && FINE.has(outcome.error);
}
function isNever(outcome) {
    return outcome.kind === "refused" && NEVER.has(outcome.error);
}
