import { SluiceError } from "../../sdk/errors.js";
import { checkRules, NO_RULES, noteAccess, readAccess, writeAccess, } from "../../store/access/access.js";
import { listInvites } from "../../store/access/codes.js";
import { findDirectChat } from "../../store/prompts/prompt-posts.js";
import { applyChange, forgetChannel } from "./change.js";
import { describeChange } from "./change.js";
import { listPlaces, toCountingSenders } from "./persons.js";
/** What holds where the owner has set nothing: strangers hear nothing, and the owner can let somebody in. */
const DEFAULT_POLICY = "invite";
export class AccessPolicy {
    #options;
    /** Undefined once a change that stood in it was undone: then it is read again. */
    #read;
    constructor(options) {
        this.#options = options;
        this.#read = toIndex(readAccess(options.db));
    }
    /** The rules as they count now: none if the policy is damaged (POLICY-1). */
    get rules() {
        const { reading } = this.#index;
        return reading.kind === "intact" ? reading.rules : NO_RULES;
    }
    get state() {
        const { reading } = this.#index;
        return reading.kind === "damaged"
            ? { kind: "damaged", reason: reading.reason, hasCopy: reading.copy !== undefined }
            : { kind: this.#options.isStatic ? "static" : "ok" };
    }
    /** What the gate may know of one channel; undefined where nothing can be believed (POLICY-1). */
    toChatRules(channel) {
        const { reading, chats } = this.#index;
        if (reading.kind === "damaged")
            return undefined;
        // Kept: every arrival asks several times, and V8 gives an object with a getter of its own a hidden class of its own each time.
        let rules = chats.get(channel);
        if (rules === undefined)
            chats.set(channel, (rules = this.#makeChatRules(channel)));
        return rules;
    }
    #makeChatRules(channel) {
        const { senders, groups } = this.#index;
        const { db, clock, isStatic } = this.#options;
        return {
            policy: this.readPolicy(channel),
            isStatic,
            // Looked up for strangers only, so not before it is asked for.
            get hasInvite() {
                return listInvites(db, clock.now()).some((invite) => invite.channel === channel);
            },
            findSender: (account, id) => senders.get(toKey(channel, account, id)) ?? senders.get(toKey(channel, "", id)),
            findGroup: (id) => groups.get(toKey(channel, id)),
        };
    }
    /** Everybody on the list, with the roles that count: what one place of a person may do, each may (persons.ts). */
    get counting() {
        return this.#index.counting;
    }
    /** All places of a person, this one among them. */
    listPlaces(place) {
        return listPlaces(this.rules, place);
    }
    readPolicy(channel) {
        return this.#index.policies.get(channel) ?? DEFAULT_POLICY;
    }
    /** Roles of a person on one account of ours; none for a stranger, and none if the policy is damaged. */
    readRoles(channel, account, id) {
        return this.toChatRules(channel)?.findSender(account, id)?.roles ?? [];
    }
    /** Whether this is the chat in which somebody who may approve is asked. */
    isApproverChat(channel, chatId) {
        const { db } = this.#options;
        return this.counting.some((one) => one.channel === channel &&
            one.roles.includes("approver") &&
            // Listed by id alone: asked where they write.
            (one.chatId || findDirectChat(db, { channel, account: one.account, sender: one.id })) ===
                chatId);
    }
    /** Whether any rule names this chat. */
    isRuled(channel, chatId) {
        const { senders, groups, contacts } = this.rules;
        return (groups.some((one) => one.channel === channel && one.id === chatId) ||
            [...senders, ...contacts].some((one) => one.channel === channel && one.chatId === chatId));
    }
    /** Whether a session may begin a conversation there. */
    isContact(channel, chatId) {
        return this.rules.contacts.some((one) => one.channel === channel && one.chatId === chatId);
    }
    /**
     * Whether `change` could be written now.
     * @throws SluiceError as `write` would.
     */
    check(change) {
        this.requireOpen();
        checkRules(applyChange(this.rules, change, { at: 0, actor: "" }));
    }
    /** @throws SluiceError `conflict` if the policy is static, `store_corrupt` if it is damaged. */
    requireOpen() {
        const { state } = this;
        if (state.kind === "static")
            throw new SluiceError("conflict", 'access is static ("access": "static" in config.json): take that out and restart the hub to change it');
        if (state.kind === "damaged")
            throw new SluiceError("store_corrupt", `the rules of access are damaged (${state.reason}); nobody is admitted until "sluice access restore"`);
    }
    /** Writes a change down; inside `db.write`. Returns it in words. @throws as `check`, before anything is written. */
    write(change, actor) {
        this.requireOpen();
        const at = this.#options.clock.now();
        const after = applyChange(this.rules, change, { at, actor });
        checkRules(after);
        const detail = describeChange(change, this.rules);
        this.#keep(after, actor, change.kind, detail);
        return detail;
    }
    /** Puts a line into the audit for what changes no rule; inside `db.write`. Works on a static and on a damaged policy too. */
    note(actor, action, detail) {
        noteAccess(this.#options.db, { at: this.#options.clock.now(), actor, action, detail });
    }
    /** @throws SluiceError where there is nothing to restore. */
    requireDamaged() {
        if (this.#index.reading.kind === "intact")
            throw toWhole();
    }
    /** Puts the last good copy back; inside `db.write`. @throws SluiceError where nothing is damaged, or no copy is whole. */
    restore(actor) {
        const { reading } = this.#index;
        if (reading.kind === "intact")
            throw toWhole();
        if (reading.copy === undefined)
            throw new SluiceError("store_corrupt", "the copy of the rules is damaged too; put a backup of the inbox file in its place");
        const detail = `the last good copy of the rules is put back (${reading.reason})`;
        this.#keep(reading.copy, actor, "restore", detail);
        return detail;
    }
    /** A channel is gone, and with it what was allowed on it: a later one of that name may be another bot. */
    async forget(channel) {
        const before = this.rules;
        const after = forgetChannel(before, channel);
        if (Object.values(after).flat().length === Object.values(before).flat().length)
            return;
        await this.#options.db.write(() => this.#keep(after, "hub", "forget", `channel ${channel} was removed`));
    }
    #keep(rules, actor, action, detail) {
        const { db, clock } = this.#options;
        writeAccess(db, rules, { at: clock.now(), actor, action, detail });
        // At once: who was just linked may have more in the same batch.
        this.#read = toIndex({ kind: "intact", rules });
        db.afterUndo(() => (this.#read = undefined));
    }
    get #index() {
        return (this.#read ??= toIndex(readAccess(this.#options.db)));
    }
}
function toIndex(reading) {
    const rules = reading.kind === "intact" ? reading.rules : NO_RULES;
    const { groups, policies } = rules;
    const counting = toCountingSenders(rules);
    return {
        reading,
        counting,
        senders: new Map(counting.map((one) => [toKey(one.channel, one.account, one.id), one])),
        groups: new Map(groups.map((one) => [toKey(one.channel, one.id), one])),
        policies: new Map(policies.map((one) => [one.channel, one.policy])),
        chats: new Map(),
    };
}
/** No part can hold what stands between them: ids are one visible line. */
function toKey(...parts) {
    return parts.join("\0");
}
function toWhole() {
    return new SluiceError("conflict", "the rules of access are whole; nothing is to be restored");
}
