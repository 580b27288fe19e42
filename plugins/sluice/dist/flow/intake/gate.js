import { readOwnWords } from "../../sdk/words.js";
import { INVITE_CHARS, parseCode } from "../access/code.js";
export const DROP_REASONS = [
    "unverified",
    "paused",
    "no-text",
    "no-rules", // nothing is known of who may speak: the rules are damaged, or the channel has none
    "disabled",
    "broadcast",
    "bot",
    "outsider", // a guest, or somebody of another organisation
    "stranger",
    "blocked",
    "not-chatter",
    "group-not-listed",
    "not-listed", // a member of a listed group whom its list does not name
    "not-addressed",
    "loop",
];
/** Of a channel that nobody knows. */
export const CLOSED = { paused: true, allowUnsigned: false };
export function gate(arrival, access) {
    if (access.paused)
        return drop("paused");
    if (arrival.verified === "none" && !access.allowUnsigned)
        return drop("unverified");
    if (arrival.chat !== undefined)
        return gateChat(arrival, arrival.chat, access.chat);
    if (isEmpty(arrival))
        return drop("no-text");
    // GATE-1: whoever holds the channel's credential is its source, and nothing more.
    return { kind: "admit", role: "source" };
}
function gateChat(arrival, chat, rules) {
    if (rules === undefined)
        return drop("no-rules");
    if (rules.policy === "disabled")
        return drop("disabled");
    if (chat.place === "broadcast" || arrival.sender.id === "")
        return drop("broadcast"); // GATE-3
    if (chat.isBot)
        return drop("bot");
    if (chat.isOutsider === true)
        return drop("outsider");
    const known = rules.findSender(chat.account, arrival.sender.id);
    // Before the group's list: who is blocked stays so where everybody else may speak.
    if (known?.roles.length === 0)
        return drop("blocked");
    const refused = chat.place === "dm"
        ? gateDirect(arrival, chat, rules, known?.roles)
        : gateGroup(arrival, chat, rules);
    if (refused !== undefined)
        return refused;
    // A tap on a button carries no words.
    if (isEmpty(arrival) && chat.button === undefined)
        return drop("no-text");
    const isNamed = chat.place !== "dm" && !chat.isAddressed && hasPattern(arrival, chat, rules);
    const isListed = findGroup(arrival, chat, rules)?.senders.includes(arrival.sender.id) === true;
    const isKnown = known !== undefined || isListed;
    return {
        kind: "admit",
        role: "chatter",
        ...(isNamed ? { isNamed } : {}),
        ...(isKnown ? { isKnown } : {}),
    };
}
function gateDirect(arrival, chat, rules, roles) {
    if (roles !== undefined)
        return roles.includes("chatter") ? undefined : drop("not-chatter");
    if (rules.isStatic || !isAsking(arrival, chat))
        return drop("stranger");
    const code = rules.hasInvite ? parseCode(readOwnWords(arrival), INVITE_CHARS) : undefined;
    if (code !== undefined)
        return { kind: "redeem", code };
    return rules.policy === "pairing" ? { kind: "pair" } : drop("stranger");
}
/** Only what somebody wrote just now, themselves and to us, can ask to be let in: what a program or a list sends is no such word. */
function isAsking({ kind }, chat) {
    const isWritten = !chat.isForwarded && !chat.isEdited && chat.button === undefined;
    return isWritten && chat.isAddressed && kind !== "reaction";
}
function gateGroup(arrival, chat, rules) {
    const group = findGroup(arrival, chat, rules);
    if (group === undefined)
        return drop("group-not-listed");
    if (!group.senders.includes(arrival.sender.id) && !group.senders.includes("*"))
        return drop("not-listed"); // GATE-4
    const isAddressed = !group.requireMention ||
        chat.isAddressed ||
        chat.button !== undefined ||
        hasPattern(arrival, chat, rules);
    return isAddressed ? undefined : drop("not-addressed");
}
/** A thread is its group's: the channel names the parent. */
function findGroup(arrival, chat, rules) {
    const id = chat.groupId ?? arrival.chatId;
    return id === undefined ? undefined : rules.findGroup(id);
}
function hasPattern(arrival, chat, rules) {
    const { patterns = [] } = findGroup(arrival, chat, rules) ?? {};
    // Words in a forwarded message are somebody else's. Literal words, no patterns: nothing in a message can make this slow.
    if (chat.isForwarded || patterns.length === 0)
        return false;
    const lower = readOwnWords(arrival).toLowerCase();
    return patterns.some((pattern) => lower.includes(pattern.toLowerCase()));
}
function isEmpty({ text, quotes }) {
    return text.trim() === "" && quotes.every((quote) => quote.text.trim() === "");
}
function drop(reason) {
    return { kind: "drop", reason };
}
