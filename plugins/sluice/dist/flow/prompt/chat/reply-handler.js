import { findDirectChat, findPostByMessage, listPosts, setDirectChat, } from "../../../store/prompts/prompt-posts.js";
import { toLine } from "../show/render.js";
import { findSpeaker } from "./speaker.js";
import { CHANGED, handleTap } from "./taps.js";
import { toOutcomeMessage } from "./outcome-message.js";
import { readVerdict, readWords, STALE_MS, toAnswers, toTypedVerdict, } from "./words.js";
/** Platforms tell seconds, and no two clocks are the same. */
const SKEW_MS = 2_000;
/** Nobody has read a message that changed so lately. */
const READ_MS = 5_000;
export class ReplyHandler {
    #options;
    constructor(options) {
        this.#options = options;
    }
    /** Takes an arrival that answers a prompt or is a command; passes on all others. @throws SluiceError store_*: it may come again. */
    async handle(arrival) {
        const pass = { kind: "pass", arrival };
        const speaker = findSpeaker(arrival, this.#options);
        if (speaker === undefined)
            return pass;
        await this.#noteChat(speaker.by);
        const button = arrival.chat?.button;
        if (button !== undefined) {
            const answer = await handleTap(this.#options, arrival, button, speaker.by);
            return answer === undefined ? pass : { kind: "handled", answer };
        }
        const command = await this.#options.command(arrival, speaker);
        if (command !== undefined)
            return command;
        if (!speaker.isApprover)
            return pass;
        const words = readWords(arrival);
        const typed = readVerdict(words);
        const handled = typed === undefined
            ? await this.#handleReply(arrival, words, speaker.by)
            : await this.#handleTyped(arrival, typed, speaker.by);
        return handled ?? pass;
    }
    /** An approver who was listed by id alone is asked where they write. */
    async #noteChat({ channel = "", account = "", senderId = "", chatId = "" }) {
        const { db } = this.#options;
        const place = { channel, account, sender: senderId };
        if (findDirectChat(db, place) === chatId)
            return;
        await db.write(() => setDirectChat(db, { ...place, chatId }));
    }
    /** `yes abcde`: taken when it names a prompt, or cannot have been meant otherwise. */
    async #handleTyped(arrival, typed, by) {
        const { prompts, say } = this.#options;
        // Of the menu: it is no talk, and its sender waits for a word.
        const isCommand = arrival.chat?.isCommand === true;
        const prompt = prompts.find(typed.code);
        if (prompt === undefined) {
            // "yes great" while nothing waits, or with more words, is talk.
            const isTalk = typed.rest !== "" || prompts.list({ state: "pending", limit: 1 }).length === 0;
            if (isTalk && !isCommand)
                return undefined;
            const outcome = await prompts.decide(by, typed.code, { kind: "deny" });
            return say(arrival, toOutcomeMessage(outcome, undefined, undefined, typed.code));
        }
        if (this.#isStale(arrival, prompt)) {
            const said = await say(arrival, STALE);
            return isCommand ? said : undefined;
        }
        return this.#decide(arrival, prompt, toTypedVerdict(prompt, typed), by, typed.code);
    }
    /** An answer to the message of a prompt, without its code. */
    async #handleReply(arrival, words, by) {
        const post = this.#findAnswered(arrival);
        const prompt = post?.prompt == null ? undefined : this.#options.prompts.find(post.prompt);
        if (post === undefined || prompt === undefined || post.sender !== by.senderId)
            return undefined;
        if (words.trim() === "" || this.#isStale(arrival, prompt))
            return undefined;
        const verdict = toReplied(prompt, words.trim());
        return verdict === undefined ? undefined : this.#decide(arrival, prompt, verdict, by);
    }
    async #decide(arrival, prompt, verdict, by, typedCode) {
        const { prompts, say, refresh } = this.#options;
        if (verdict.kind !== "deny" && this.#hasChanged(prompt, by)) {
            await refresh(prompt.id);
            return say(arrival, CHANGED); // CHATREPLY-4
        }
        if (verdict.kind === "unclear") {
            const isOver = prompt.state !== "pending";
            const text = isOver
                ? toOutcomeMessage({ kind: "late", prompt }, prompt, undefined)
                : verdict.reason;
            return say(arrival, toLine(text));
        }
        const outcome = await prompts.decide(by, prompt.id, verdict, typedCode);
        return say(arrival, toOutcomeMessage(outcome, prompt, verdict));
    }
    /** The post that a message answers, in the platform's own way. */
    #findAnswered({ channel, chatId, meta }) {
        const answered = meta["reply_to_id"];
        if (answered === undefined || chatId === undefined)
            return undefined;
        return findPostByMessage(this.#options.db, channel, chatId, answered);
    }
    /** What this approver was shown is not what is asked now, or became so a moment ago. */
    #hasChanged(prompt, { channel, senderId }) {
        const { db, clock } = this.#options;
        return listPosts(db, prompt.id).some((post) => post.channel === channel &&
            post.sender === senderId &&
            (post.digest !== prompt.digest ||
                (post.changedAt !== null && Math.abs(clock.now() - post.changedAt) < READ_MS)));
    }
    /** Written before the prompt was asked, or long ago. */
    #isStale({ occurredAt }, { createdAt }) {
        if (occurredAt === undefined)
            return false;
        const ageMs = this.#options.clock.now() - occurredAt;
        return ageMs > STALE_MS || occurredAt < createdAt - SKEW_MS;
    }
}
const STALE = "That message is too old to count as an answer; send it again if you mean it. If it is new, this computer's clock is wrong.";
/** To a question and to a plan any words are an answer; to a call only yes and no are, and others are ordinary chat. */
function toReplied(prompt, words) {
    if (prompt.kind === "question")
        return toAnswers(prompt, words);
    const [, word, rest = ""] = /^(yes|no)[.!]?(?:[\s,:;-]+([\s\S]+))?$/iu.exec(words) ?? [];
    if (word !== undefined)
        return toTypedVerdict(prompt, { word: /^y/i.test(word) ? "yes" : "no", rest: rest.trim() });
    return prompt.kind === "plan" ? { kind: "deny", reason: words } : undefined;
}
