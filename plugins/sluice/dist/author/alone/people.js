/**
 * Who may speak and who may answer prompts on a channel that runs alone: its own lists.
 *
 * Owns: the gate of such a channel. Pure, but for reading a list. Never: stores a dropped text.
 *
 * PEOPLE-1 Without a list nobody speaks: a person who is not named is dropped before anything is kept, and the owner reads the id.
 * PEOPLE-2 A verdict counts in a direct chat alone, in new words of an approver's own: never in a group, from a bot, or by an edit.
 */
import { isEnvRef } from "../../sdk/author/define.js";
export class PeopleGate {
    #senders;
    #approvers;
    #told = new Set();
    #say;
    constructor({ senders, approvers }, secret, say) {
        this.#approvers = read(approvers, secret);
        // Whoever may answer may speak.
        this.#senders = new Set([...read(senders, secret), ...this.#approvers]);
        this.#say = say;
    }
    /** A machine's events are proved by the channel's credential alone. Of a group only what is said to us. */
    admits({ chat, sender }) {
        if (chat === undefined)
            return true;
        if (chat.isBot || chat.isShared === true || chat.place === "broadcast")
            return false;
        if (this.#senders.has(sender.id))
            return chat.place === "dm" || chat.isAddressed;
        this.#tell(sender.id);
        return false;
    }
    /** PEOPLE-2 */
    approves({ chat, sender }) {
        if (chat === undefined || !this.#approvers.has(sender.id) || chat.place !== "dm")
            return false;
        return !(chat.isForwarded || chat.isEdited || chat.isOutsider === true);
    }
    get approvers() {
        return [...this.#approvers];
    }
    /** Once for each, and not for many: a flood of strangers must not fill a log. */
    #tell(id) {
        if (this.#told.size >= 20 || this.#told.has(id))
            return;
        this.#told.add(id);
        this.#say(`a message of sender ${JSON.stringify(id.slice(0, 128))} was dropped: the id is not in senders`);
    }
}
function read(people, secret) {
    const list = isEnvRef(people) ? (secret(people.env) ?? "").split(",") : (people ?? []);
    return new Set(list.map((id) => id.trim()).filter((id) => id !== ""));
}
