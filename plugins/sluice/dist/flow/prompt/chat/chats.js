import { addEffect, findEffect, markUnsent } from "../../../store/outbox/outbox.js";
import { addPost, closePost, findPostByOutbox, findSummary, isPostOpen, listOpenPosts, listPosts, setPostMessage, setPostShown, } from "../../../store/prompts/prompt-posts.js";
import { RetryWrites } from "../../retry-write.js";
import { newHandle, toChoiceText } from "./buttons.js";
import { chooseRecipients, isSameRecipient } from "./recipient.js";
import { CHAT_MAX_CHARS, renderEnd, renderPrompt, renderSummary, toBlock, toEndText, toLine, } from "../show/render.js";
const EDIT_EVERY_MS = 5_000;
export class Chats {
    name = "chats";
    #options;
    #edits = new Map();
    #writes;
    #isClosed = false;
    constructor(options) {
        this.#options = options;
        this.#writes = new RetryWrites(options);
    }
    /** Takes up what an earlier life has left: messages on their way, and those whose prompt has ended since. */
    open() {
        for (const post of listOpenPosts(this.#options.db))
            this.#follow(post);
    }
    close() {
        this.#isClosed = true;
        this.#writes.close();
        for (const cancel of this.#edits.values())
            cancel();
    }
    show(prompt) {
        this.#runWithRetry(prompt.id, () => this.#post(prompt, this.#chooseRecipients(prompt)));
    }
    change(prompt) {
        if (prompt.handedTo !== undefined)
            this.show(prompt);
        const { db } = this.#options;
        // Other arguments are shown at once; how many wait for the same, after a while.
        if (listPosts(db, prompt.id).some(({ digest }) => digest !== prompt.digest))
            return this.#runWithRetry(prompt.id, () => this.refresh(prompt.id));
        if (this.#edits.has(prompt.id))
            return;
        const edit = () => {
            this.#edits.delete(prompt.id);
            this.#runWithRetry(prompt.id, () => this.refresh(prompt.id));
        };
        this.#edits.set(prompt.id, this.#options.clock.after(EDIT_EVERY_MS, edit));
    }
    end(prompt) {
        this.#edits.get(prompt.id)?.();
        this.#edits.delete(prompt.id);
        this.#runWithRetry(prompt.id, () => this.#endAll(prompt));
    }
    sum(waiting) {
        this.#runWithRetry(waiting[0]?.session ?? "", () => this.#sum(waiting));
    }
    /** Shows the prompt as it is now in the messages that tell of it. */
    async refresh(id) {
        const { db, clock, findPrompt } = this.#options;
        const prompt = findPrompt(id);
        if (prompt?.state !== "pending")
            return;
        await this.#write((queue) => {
            for (const post of listPosts(db, id)) {
                const recipient = this.#findRecipient(post);
                if (post.message === null || recipient?.canEdit !== true)
                    continue;
                const isOther = post.digest !== prompt.digest;
                // CHATPROMPT-4
                if (isOther)
                    setPostShown(db, post.id, {
                        handle: newHandle(),
                        digest: prompt.digest,
                        at: clock.now(),
                    });
                queue(this.#edit(post, toText(prompt, recipient, isOther ? undefined : post)));
            }
        });
    }
    /** A summary was answered: it says so. */
    async answerSummary(post, text) {
        await this.#write((queue) => {
            closePost(this.#options.db, post.id);
            if (post.message !== null)
                queue(this.#edit(post, text));
        });
    }
    async #post(prompt, recipients) {
        const { db, findPrompt } = this.#options;
        const rows = await this.#write((queue) => {
            // It may have ended a moment ago (CHATPROMPT-2).
            if (findPrompt(prompt.id)?.state !== "pending")
                return [];
            const known = listPosts(db, prompt.id);
            return recipients
                .filter((recipient) => !known.some((post) => isSameRecipient(post, recipient)))
                .map((recipient) => queue(this.#add(recipient, toText(prompt, recipient), prompt)));
        });
        for (const row of rows)
            this.#followRow(row);
    }
    async #sum(waiting) {
        const [first] = waiting;
        if (first === undefined)
            return;
        const { db } = this.#options;
        const rows = await this.#write((queue) => this.#chooseRecipients(first).map((recipient) => {
            const earlier = findSummary(db, { session: first.session, ...recipient });
            if (earlier !== undefined)
                closePost(db, earlier.id);
            return queue(this.#add(recipient, renderSummary(waiting), undefined, first.session));
        }));
        for (const row of rows)
            this.#followRow(row);
    }
    /** Queues a message with a handle of its own; inside `database.write`. */
    #add(recipient, text, prompt, session = prompt?.session ?? "") {
        const { db, clock } = this.#options;
        const { channel, account, sender, chatId, isStream } = recipient;
        const now = clock.now();
        // Nobody's session: one that could change this message could say anything in our name.
        const effect = { kind: "notice", event: null, channel, chatId, session: "", text };
        const { row, duplicate } = addEffect(db, effect, now);
        if (duplicate && findPostByOutbox(db, row.id) !== undefined)
            return row;
        addPost(db, {
            handle: newHandle(),
            digest: prompt?.digest ?? "",
            prompt: prompt?.id ?? null,
            session,
            channel,
            account,
            sender,
            chatId,
            outbox: row.id,
            at: now,
        });
        const post = findPostByOutbox(db, row.id);
        // On a stream a message is known by its number there.
        if (isStream && post !== undefined)
            setPostMessage(db, post.id, String(row.id));
        return row;
    }
    #edit(post, text) {
        const { db, clock } = this.#options;
        const { channel, chatId, message } = post;
        return addEffect(db, { kind: "edit", event: null, channel, chatId, target: message ?? "", session: "", text }, clock.now()).row;
    }
    async #endAll(prompt) {
        const { db } = this.#options;
        await this.#write((queue) => {
            for (const post of listPosts(db, prompt.id))
                this.#endOne(post, prompt, queue);
        });
    }
    /** CHATPROMPT-2; inside `database.write`. */
    #endOne(post, prompt, queue) {
        const { db, clock } = this.#options;
        const row = findEffect(db, post.outbox);
        // On its way: it is changed once it has arrived.
        if (row?.state === "sending" || !isPostOpen(db, post.id))
            return;
        closePost(db, post.id);
        if (row === undefined || row.state === "failed")
            return;
        if (row.state === "queued")
            return markUnsent(db, row.id, "failed", "over before it was sent");
        const recipient = this.#findRecipient(post);
        if (post.message !== null && recipient?.canEdit !== false) {
            queue(this.#edit(post, renderEnd(prompt, { maxChars: CHAT_MAX_CHARS })));
            return;
        }
        // Nobody knows whether it arrived; if it did, a tap on it is told (reply-handler.ts).
        if (row.state === "maybe")
            return;
        // CHATPROMPT-3
        const text = `${prompt.code}:\n${toBlock(toLine(toEndText(prompt)))}`;
        const { channel, chatId } = post;
        const effect = { kind: "notice", event: null, channel, chatId, session: "", text };
        queue(addEffect(db, effect, clock.now()).row);
    }
    #followRow(row) {
        const post = findPostByOutbox(this.#options.db, row.id);
        if (post !== undefined)
            this.#follow(post);
    }
    /** Waits until a message has arrived, and ends it where its prompt has ended meanwhile. */
    #follow(post) {
        this.#runWithRetry(post.prompt ?? post.session, () => this.#arrive(post));
    }
    async #arrive(post) {
        const { db, findPrompt, settled } = this.#options;
        const outcome = await settled(post.outbox);
        if (this.#isClosed)
            return;
        const message = outcome?.messageIds.at(-1);
        if (message !== undefined)
            await db.write(() => setPostMessage(db, post.id, message));
        const prompt = post.prompt === null ? undefined : findPrompt(post.prompt);
        if (prompt === undefined)
            return;
        if (prompt.state !== "pending")
            return this.#endAll(prompt);
        // Others became known on the way.
        if (post.digest !== prompt.digest)
            await this.refresh(prompt.id);
    }
    #chooseRecipients(prompt) {
        const { listRecipients, readSecond } = this.#options;
        return chooseRecipients(prompt, listRecipients(), readSecond());
    }
    #findRecipient(post) {
        return this.#options.listRecipients().find((recipient) => isSameRecipient(post, recipient));
    }
    /** Runs `change` in one transaction; what it queued may leave after COMMIT. */
    async #write(change) {
        const { db, queued } = this.#options;
        const channels = new Set();
        const result = await db.write(() => change((row) => {
            channels.add(row.channel);
            return row;
        }));
        for (const channel of channels)
            queued(channel);
        return result;
    }
    /** CHATPROMPT-5 */
    #runWithRetry(of, work) {
        this.#writes.runWithRetry(of, work, work);
    }
}
function toText(prompt, { isDenyOnly }, post) {
    const text = renderPrompt(prompt, { maxChars: CHAT_MAX_CHARS, isDenyOnly });
    const chosen = post === undefined ? "" : toChoiceText(prompt, post.choice);
    return chosen === "" ? text : `${text}\nChosen: ${chosen}`;
}
