/**
 * Who may speak and who may answer prompts on a channel that runs alone: its own lists.
 *
 * Owns: the gate of such a channel. Pure, but for reading a list. Never: stores a dropped text.
 *
 * PEOPLE-1 Without a list nobody speaks: a person who is not named is dropped before anything is kept, and the owner reads the id.
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
    /** A machine's events are proved by the channel's credential alone. */
    admits({ chat, sender }) {
        if (chat === undefined || this.#senders.has(sender.id))
            return true;
        this.#tell(sender.id);
        return false;
    }
    approves({ chat, sender }) {
        return chat !== undefined && this.#approvers.has(sender.id);
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
