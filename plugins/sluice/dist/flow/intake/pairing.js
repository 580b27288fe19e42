import { SluiceError } from "../../sdk/errors.js";
import { PERSON_ROLES } from "../../store/access/access.js";
import { addPairing, listPairings, removeInvite, removePairing } from "../../store/access/codes.js";
import { toName } from "../access/change.js";
import { showCode } from "../access/code.js";
import { addWrongTry, findInvite, mintPairing } from "../access/invite.js";
import { setLru } from "../lru.js";
const MAX_WAITING = 3;
const KEEPS_PLACE_MS = 600_000;
const MAX_REPLIES = 2;
const REPLY_WINDOW_MS = 3_600_000;
const MAX_REMEMBERED = 1_000;
export class PairingHandler {
    #options;
    #replies = new Map();
    constructor(options) {
        this.#options = options;
    }
    /** Gives a code to one who may ask. Inside `db.write`. Returns what to count it as. */
    pair(arrival) {
        const { db, clock } = this.#options;
        const now = clock.now();
        const asker = toAsker(arrival);
        if (!this.#mayReply(asker, now))
            return "pairing-silent";
        const waiting = listPairings(db, now).filter((one) => one.channel === asker.channel);
        const isWaiting = waiting.some((one) => isSameSender(one, asker));
        // PAIRING-1: a place is not held for an hour against everybody else, and not taken from one who is about to use it.
        const oldest = !isWaiting && waiting.length >= MAX_WAITING ? waiting[0] : undefined;
        if (oldest !== undefined && now - oldest.createdAt < KEEPS_PLACE_MS)
            return "pairing-full";
        const { code, pairing } = mintPairing(asker, now);
        if (oldest !== undefined)
            removePairing(db, oldest.hash);
        addPairing(db, pairing, now);
        const shown = showCode(code);
        this.#answer(asker, `Your pairing code is ${shown}, good for one hour. The owner of this agent approves it in a terminal: sluice access pair ${shown}`, now);
        return "pairing";
    }
    /** Links one who brings an invite. Inside `db.write`. Returns what to count it as. */
    redeem(arrival, code) {
        const { db, clock, policy, notifyOwner } = this.#options;
        const now = clock.now();
        const asker = toAsker(arrival);
        const { channel, account, sender, name } = asker;
        const chatId = asker.chatId ?? "";
        const who = `${account} ${sender}`;
        const found = findInvite(db, channel, who, code, now);
        if (found.kind === "locked")
            return "code-locked";
        if (found.kind === "wrong") {
            addWrongTry(db, channel, who, now);
            if (this.#mayReply(asker, now))
                this.#answer(asker, WRONG, now);
            return "code-wrong";
        }
        const roles = parseRoles(found.invite.roles);
        const summary = policy.write({ kind: "link", channel, account, id: sender, name, chatId, roles }, "invite");
        removeInvite(db, found.invite.hash);
        // They are told themselves, below.
        notifyOwner(`Access: ${summary}. Linked by an invite from the terminal.`, { channel, chatId });
        this.#answer(asker, `You are linked as ${roles.join(", ")}. Say hello.`, now);
        return "linked";
    }
    #answer(asker, text, now) {
        this.#countReply(asker, now);
        const { db, say } = this.#options;
        const { channel, chatId } = asker;
        // A code that was not kept opens nothing.
        if (chatId !== null)
            db.afterCommit(() => say(channel, chatId, text));
    }
    #mayReply(asker, now) {
        const known = this.#replies.get(toSenderKey(asker));
        return known === undefined || now - known.since >= REPLY_WINDOW_MS || known.count < MAX_REPLIES;
    }
    #countReply(asker, now) {
        const key = toSenderKey(asker);
        const known = this.#replies.get(key);
        const isFresh = known === undefined || now - known.since >= REPLY_WINDOW_MS;
        const counted = isFresh ? { count: 1, since: now } : { ...known, count: known.count + 1 };
        setLru(this.#replies, key, counted, MAX_REMEMBERED);
    }
}
const WRONG = "This code is not valid, or no longer. Ask for a new one.";
function toAsker({ channel, sender, chat, chatId }) {
    return {
        channel,
        account: chat?.account ?? "",
        sender: sender.id,
        name: toName(sender.name ?? ""),
        chatId: chatId ?? null,
    };
}
function parseRoles(text) {
    const listed = JSON.parse(text);
    const roles = PERSON_ROLES.filter((role) => Array.isArray(listed) && listed.includes(role));
    if (roles.length === 0)
        throw new SluiceError("store_corrupt", "an invite names no role");
    return roles;
}
function isSameSender(one, other) {
    return toSenderKey(one) === toSenderKey(other);
}
function toSenderKey({ channel, account, sender }) {
    return [channel, account, sender].join("\0");
}
