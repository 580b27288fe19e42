import { readOwnWords } from "../../../sdk/words.js";
import { findPostByHandle, setPostChoice, setPostMessage, usePost, } from "../../../store/prompts/prompt-posts.js";
import { isOneTap, readTap, toChosen, toggle } from "./buttons.js";
import { toOutcomeMessage } from "./outcome-message.js";
import { toAnswers } from "./words.js";
/** What who tapped is told; undefined for a button that is none of ours. */
export async function handleTap(options, arrival, button, by) {
    const read = readTap(button);
    if (read === undefined)
        return undefined;
    const { db, prompts } = options;
    const post = findPostByHandle(db, read.handle);
    // Somebody else's, or forgotten: no session has anything to read in it. TAP-1
    if (post === undefined || !isOwn(post, arrival, by))
        return "This button is not yours, or it is too old.";
    const message = arrival.meta["message_id"];
    if (post.message !== null && message !== undefined && post.message !== message)
        return "This button belongs to another message.";
    // A death while it was sent: the tap is the first to name the message.
    if (post.message === null && message !== undefined)
        await db.write(() => setPostMessage(db, post.id, message));
    const prompt = post.prompt === null ? undefined : prompts.find(post.prompt);
    if (post.prompt === null)
        return denySummary(options, post, by);
    if (prompt === undefined)
        return "This is over, and forgotten.";
    return tapPrompt(options, post, prompt, { tap: read.tap, words: readOwnWords(arrival), by });
}
async function tapPrompt(options, post, prompt, { tap, words, by }) {
    const { db, clock, prompts } = options;
    if (prompt.state !== "pending")
        return toOutcomeMessage({ kind: "late", prompt }, prompt, undefined); // TAP-2
    if (tap.kind === "deny-all") {
        if (!mayStill(options, post, by))
            return NOT_ANY_MORE;
        await db.write(() => usePost(db, post.id, clock.now()));
        return denyAll(options, post, by);
    }
    if (tap.kind === "option" && !isOneTap(prompt))
        return choose(options, post, prompt, tap, by);
    const verdict = tap.kind === "words" ? toWorded(prompt, words) : toTapped(prompt, tap, post);
    if (verdict === undefined)
        return "There is no such option.";
    if (verdict.kind === "unclear")
        return verdict.reason;
    if (verdict.kind !== "deny" && post.digest !== prompt.digest) {
        await options.refresh(prompt.id);
        return CHANGED; // TAP-4
    }
    const outcome = await prompts.decide(by, prompt.id, verdict);
    if (outcome.kind === "done")
        await db.write(() => usePost(db, post.id, clock.now()));
    return toOutcomeMessage(outcome, prompt, verdict);
}
async function choose(options, post, prompt, tap, by) {
    const { db, refresh } = options;
    if (!mayStill(options, post, by))
        return NOT_ANY_MORE;
    const choice = toggle(prompt, post.choice, tap);
    if (choice === undefined)
        return "There is no such option.";
    await db.write(() => setPostChoice(db, post.id, choice));
    await refresh(prompt.id);
    return "Chosen; tap Send when you are done.";
}
async function denySummary(options, post, by) {
    const { db, clock, answerSummary } = options;
    if (!mayStill(options, post, by))
        return NOT_ANY_MORE;
    // TAP-2
    if (!(await db.write(() => usePost(db, post.id, clock.now()))))
        return "Done before.";
    const text = await denyAll(options, post, by);
    await answerSummary(post, text);
    return text;
}
async function denyAll({ prompts }, post, by) {
    const { denied } = await prompts.holds.denyAll(post.session, by);
    return `Denied ${denied} now, and all that this session asks for 15 minutes.`;
}
/** Told to who answers what has changed since it was shown. */
export const CHANGED = "It has changed since it was shown here: read it again, then answer.";
const NOT_ANY_MORE = "You may not answer this any more.";
/** TAP-3 */
function mayStill({ readRoles }, { channel, sender }, by) {
    return readRoles(channel, by.account ?? "", sender).includes("approver");
}
/** TAP-1 */
function isOwn(post, { channel }, by) {
    return (post.channel === channel &&
        post.sender === by.senderId &&
        post.chatId === by.chatId &&
        (post.account === "" || post.account === by.account));
}
function toTapped(prompt, tap, post) {
    switch (tap.kind) {
        case "allow":
        case "deny":
            return { kind: tap.kind };
        case "send":
            return { kind: "answers", answers: toChosen(prompt, post.choice) };
        case "option": {
            const choice = toggle(prompt, {}, tap);
            return choice === undefined
                ? undefined
                : { kind: "answers", answers: toChosen(prompt, choice) };
        }
        case "deny-all":
        case "words":
            return undefined;
        default:
            return tap;
    }
}
/** What a filled-in form means (BUTTON-2). */
function toWorded(prompt, words) {
    const text = words.trim();
    if (prompt.kind === "question")
        return toAnswers(prompt, text);
    return text === "" ? { kind: "deny" } : { kind: "deny", reason: text };
}
