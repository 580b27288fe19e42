import { listReplies, markSent, readQueuedFrom, } from "../../store/outbox/outbox.js";
import { findPostByOutbox } from "../../store/prompts/prompt-posts.js";
import { findPrompt } from "../../store/prompts/prompts.js";
const PAGE = 100;
export class Replies {
    #db;
    #clock;
    #waiting = new Map();
    constructor(db, clock) {
        this.#db = db;
        this.#clock = clock;
    }
    /** A reply of this channel is on disk. */
    notify(channel) {
        for (const wake of this.#waiting.get(channel) ?? [])
            wake();
    }
    /**
     * Replies after `afterId`, then new ones, until `signal` aborts. 0 starts at the first that nobody has had:
     * a listener that comes late misses nothing, one that comes again hears nothing twice.
     */
    async *stream(channel, afterId, signal) {
        let last = afterId > 0 ? afterId : readQueuedFrom(this.#db, channel);
        while (!signal.aborted) {
            const page = listReplies(this.#db, channel, last, PAGE);
            for (const reply of page) {
                yield {
                    id: reply.id,
                    data: {
                        ...this.#toKind(reply),
                        event_id: reply.event,
                        chat_id: reply.chatId,
                        text: reply.text,
                        ts: new Date(reply.createdAt).toISOString(),
                    },
                };
                last = reply.id;
                await this.#db.write(() => markSent(this.#db, reply.id, this.#clock.now()));
            }
            if (page.length === 0)
                await this.#next(channel, last, signal);
        }
    }
    /** Our own line to the owner is nobody's answer. Of a prompt, a bridge that has buttons of its own is told what they are to say. */
    #toKind({ id, kind, target }) {
        if (kind !== "notice" && kind !== "edit")
            return { kind: "reply" };
        const post = findPostByOutbox(this.#db, target === null ? id : Number(target));
        const prompt = post?.prompt == null ? undefined : findPrompt(this.#db, post.prompt)?.prompt;
        if (prompt === undefined)
            return { kind: "notice" };
        const { id: promptId, code, state, tool, sessionName, risk, expiresAt } = prompt;
        return {
            kind: "prompt",
            prompt: {
                id: promptId,
                code,
                kind: prompt.kind,
                state,
                tool,
                session: sessionName,
                /** One tap is not enough: it is allowed with its code typed. */
                risky: risk.isRisky,
                expires_at: new Date(expiresAt).toISOString(),
            },
            /** Of a change: the earlier message that this one takes the place of. */
            ...(target === null ? {} : { replaces: Number(target) }),
        };
    }
    #next(channel, last, signal) {
        return new Promise((resolve) => {
            const waiting = this.#waiting.get(channel) ?? new Set();
            this.#waiting.set(channel, waiting);
            const wake = () => {
                waiting.delete(wake);
                signal.removeEventListener("abort", wake);
                resolve();
            };
            waiting.add(wake);
            signal.addEventListener("abort", wake, { once: true });
            // A reply may have been written between the last look and this subscription.
            if (signal.aborted || listReplies(this.#db, channel, last, 1).length > 0)
                wake();
        });
    }
}
