/**
 * Administers access: the owner's changes of who may speak.
 *
 * Owns: the conditions of a change (a terminal, an existing channel, the last four characters of an id), invites, and notifying owners.
 * Never: sees an arrival; nothing that comes through a channel gets here.
 *
 * ADMIN-1 A change without a person at a terminal is written down and waits until the owner confirms it at a terminal. It is never
 *    carried out at once.
 * ADMIN-2 A pairing links the code that was typed to the id that was confirmed. Neither is ever chosen by the program.
 * ADMIN-3 Owners are notified of every change, carried out or asked for.
 */
import { z } from "../../vendor/zod.js";
import { SluiceError } from "../../sdk/errors.js";
import { addAccessRequest, listAccessRequests, removeAccessRequest, } from "../../store/access/access-requests.js";
import { addInvite, listPairings, removePairing } from "../../store/access/codes.js";
import { accessChangeSchema, } from "./change.js";
import { showCode } from "./code.js";
import { describeChange } from "./change.js";
import { findPairing, INVITE_LIFE_MS, mintInvite } from "./invite.js";
const REQUEST_LIFE_MS = 24 * 3_600_000;
const MAX_REQUESTS = 20;
const LAST_CHARS = 4;
export class AccessAdmin {
    #options;
    constructor(options) {
        this.#options = options;
    }
    /**
     * Does a change, or writes it down for the owner (ADMIN-1).
     * @throws SluiceError `bad_input`, `not_found`, `conflict`, `store_*`; then nothing has changed.
     */
    async ask(change, caller, lastFour) {
        const { db, clock, notifyOwner } = this.#options;
        const now = clock.now();
        const text = JSON.stringify(change);
        const waiting = listAccessRequests(db, now);
        if (caller.isTerminal) {
            const outcome = await this.#do(change, lastFour);
            const met = waiting.filter((one) => one.change === text);
            if (met.length > 0)
                await db.write(() => {
                    for (const { id } of met)
                        removeAccessRequest(db, id);
                });
            return outcome;
        }
        this.#check(change);
        const summary = this.#describe(change);
        const same = waiting.find((one) => one.change === text);
        if (same !== undefined)
            return { kind: "pending", number: same.id, summary };
        if (waiting.length >= MAX_REQUESTS)
            throw new SluiceError("conflict", `${MAX_REQUESTS} changes of access wait already; "sluice access list" shows them`);
        const row = {
            change: text,
            origin: caller.origin,
            createdAt: now,
            expiresAt: now + REQUEST_LIFE_MS,
        };
        const number = await db.write(() => addAccessRequest(db, row, now));
        notifyOwner(`Access: ${caller.origin} asks for a change: ${summary}. Nothing is changed unless you run "sluice access confirm ${number}" in a terminal.`);
        return { kind: "pending", number, summary };
    }
    /** What a change would do, in words. @throws SluiceError where it could not be done now. */
    explain(change) {
        this.#check(change);
        return this.#describe(change);
    }
    /** @throws SluiceError `unauthorized` without a terminal, `not_found`, and what the change throws. */
    async confirm(number, caller, lastFour) {
        requireTerminal(caller);
        const outcome = await this.#do(this.#require(number), lastFour);
        await this.#options.db.write(() => removeAccessRequest(this.#options.db, number));
        return outcome;
    }
    /** Also a person's to do: whoever may ask and take back without end could ring the owner's phone without end. */
    async reject(number, caller) {
        requireTerminal(caller);
        this.#require(number);
        await this.#options.db.write(() => removeAccessRequest(this.#options.db, number));
    }
    listWaiting() {
        const { db, clock } = this.#options;
        const now = clock.now();
        const pairings = listPairings(db, now);
        return listAccessRequests(db, now).map(({ change: text, ...row }) => {
            const change = parseChange(text);
            const person = change?.kind === "pair" ? pairings.find((one) => one.hash === change.pairing) : undefined;
            return { ...row, summary: this.#describe(change), person };
        });
    }
    /** Who asked for this code (ADMIN-2). @throws SluiceError `not_found`, `rate_limited` after wrong tries. */
    find(code, { isTerminal }) {
        const { db, clock } = this.#options;
        // Counted apart: a session that guesses must not lock the owner out.
        return findPairing(db, code, isTerminal ? "terminal" : "program", clock.now());
    }
    /** What somebody gets whom the owner names no roles for: the first of all is the owner. */
    toDefaultRoles() {
        const hasOwner = this.#options.policy.rules.senders.some((one) => one.roles.includes("owner"));
        return hasOwner ? ["chatter"] : ["chatter", "approver", "owner"];
    }
    async #do(change, lastFour) {
        const { db, clock, policy, notifyOwner, say } = this.#options;
        this.#check(change);
        const now = clock.now();
        if (change.kind === "restore") {
            const summary = await db.write(() => policy.restore("terminal"));
            notifyOwner(`Access: ${summary}.`);
            return { kind: "done", summary };
        }
        if (change.kind === "invite") {
            const roles = change.roles ?? this.toDefaultRoles();
            const summary = describeChange({ ...change, roles: [...roles] }, policy.rules);
            const { code, invite } = mintInvite(change.channel, roles, now);
            await db.write(() => {
                addInvite(db, invite, now);
                policy.note("terminal", "invite", summary);
            });
            const expiresAt = now + INVITE_LIFE_MS;
            const account = this.#options.findAccount?.(change.channel);
            return { kind: "invited", summary, code: showCode(code), expiresAt, account };
        }
        const pairing = change.kind === "pair" ? this.#requirePairing(change.pairing) : undefined;
        const rule = change.kind === "pair" ? this.#toLink(change.pairing, change.roles, lastFour) : change;
        const summary = await db.write(() => {
            if (pairing !== undefined)
                removePairing(db, pairing.hash);
            return policy.write(rule, "terminal");
        });
        const { channel = "", chatId = null } = pairing ?? {};
        // Who is linked is told so, and hears it once.
        const linked = chatId === null ? undefined : { channel, chatId };
        const isOfPerson = change.kind === "person" || change.kind === "unperson" || change.kind === "prefer";
        // Before and after it they may be told in other places.
        notifyOwner(`Access: ${summary}. Changed in the terminal.`, linked, isOfPerson);
        if (linked !== undefined)
            say(linked.channel, linked.chatId, "You are linked. Say hello.");
        return { kind: "done", summary };
    }
    /** @throws SluiceError when it could not be done now. */
    #check(change) {
        const { policy, hasChannel, peopleOf } = this.#options;
        if (change.kind === "restore")
            return policy.requireDamaged();
        policy.requireOpen();
        if (change.kind === "pair") {
            this.#requirePairing(change.pairing);
            return;
        }
        // Taking away is possible for a channel that is no more.
        const takes = change.kind === "revoke" ||
            change.kind === "ungroup" ||
            change.kind === "uncontact" ||
            change.kind === "unperson";
        const missing = takes
            ? undefined
            : [change.channel, ...(change.kind === "person" ? [change.to.channel] : [])].find((name) => !hasChannel(name));
        if (missing !== undefined)
            throw new SluiceError("not_found", `no channel "${missing}"; "sluice channels" lists them`);
        const refusal = takes
            ? undefined
            : findRefusal(change.kind, change.channel, peopleOf?.(change.channel) ?? "chats");
        if (refusal !== undefined)
            throw new SluiceError("bad_input", refusal);
        if (change.kind !== "invite")
            policy.check(change);
    }
    #toLink(hash, roles, lastFour) {
        const { channel, account, sender, name, chatId } = this.#requirePairing(hash);
        if (lastFour !== sender.slice(-LAST_CHARS))
            throw new SluiceError("bad_input", `these are not the last ${LAST_CHARS} characters of the id; nothing was changed`);
        return {
            kind: "link",
            channel,
            account,
            id: sender,
            name,
            chatId: chatId ?? "",
            roles: roles ?? this.toDefaultRoles(),
        };
    }
    #describe(change) {
        const { db, clock, policy } = this.#options;
        if (change === undefined)
            return "a change that cannot be understood";
        if (change.kind !== "pair")
            return describeChange(change, policy.rules);
        const person = listPairings(db, clock.now()).find((one) => one.hash === change.pairing);
        if (person === undefined)
            return "a pairing that is over";
        const { channel, account, sender, name } = person;
        const roles = change.roles ?? this.toDefaultRoles();
        const link = { kind: "link", channel, account, id: sender, name, chatId: "", roles };
        return describeChange(link, policy.rules);
    }
    #requirePairing(hash) {
        const { db, clock } = this.#options;
        const pairing = listPairings(db, clock.now()).find((one) => one.hash === hash);
        if (pairing === undefined)
            throw new SluiceError("not_found", "this pairing is over; the person has to ask again");
        return pairing;
    }
    #require(number) {
        const { db, clock } = this.#options;
        const row = listAccessRequests(db, clock.now()).find((one) => one.id === number);
        const change = row === undefined ? undefined : parseChange(row.change);
        if (change === undefined)
            throw new SluiceError("not_found", `no change of access waits as ${number}; "sluice access list" shows those that do`);
        return change;
    }
}
/** Why nothing would follow from a change; undefined where something does. */
function findRefusal(kind, channel, people) {
    if (people === "page" && kind !== "contact")
        return `${channel} has one user, who signs in with "sluice open"; nobody else can be admitted, and "sluice web revoke" signs that user out`;
    if (people === "source")
        return `${channel} has no people: the holder of its secret is its source; "sluice pause ${channel}" closes it`;
    if (people === "bridge" && (kind === "invite" || kind === "policy" || kind === "group"))
        return `the holder of the token of ${channel} vouches for its people, who can only be given roles: sluice access allow ${channel} <id> --role approver`;
    return undefined;
}
function requireTerminal({ isTerminal }) {
    if (isTerminal)
        return;
    throw new SluiceError("unauthorized", "a change of access is confirmed or rejected by a person at a terminal, outside of any session");
}
/** Undefined where the row was damaged: then it is no change at all. */
function parseChange(text) {
    const parsed = z
        .string()
        .transform((json, context) => {
        try {
            return JSON.parse(json);
        }
        catch {
            context.addIssue("not JSON");
            return z.NEVER;
        }
    })
        .pipe(accessChangeSchema)
        .safeParse(text);
    return parsed.success ? parsed.data : undefined;
}
