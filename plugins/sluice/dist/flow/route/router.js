/**
 * The router: knows the addresses of waiting events and their sessions, so that an event costs the same with one session as with a
 * thousand.
 *
 * Owns: the addresses at which something may wait, and for each who may have it. Never: decides by itself (route.ts); offers.
 *
 * ROUTER-1 Every address at which an event waits is known here; an address at which nothing waits any more may be known too.
 * ROUTER-2 The sessions that may have an address are computed again only when sessions, subscriptions or rules change, not for each
 *    event.
 */
import { listAddressesOf, listWaitingAddresses } from "../../store/events/waiting.js";
import { choose, mayTake, parseAddress, toIndex, toReach, } from "./route.js";
/** Up to so many are looked at one by one; more in one pass over all that waits. */
const FEW = 8;
export class Router {
    #options;
    /** Every address that may wait (ROUTER-1), with who may have it once that was asked. */
    #reaches = new Map();
    /** Addresses at which something began to wait since the last look. */
    #fresh = new Set();
    /** Events that may have begun to wait since their addresses were read: many share one, and all are read at once. */
    #changed = new Set();
    #index;
    constructor(options) {
        this.#options = options;
        for (const address of listWaitingAddresses(options.db))
            this.#reaches.set(address, undefined);
    }
    /** These events were stored or changed (ROUTER-1), of some of which it is known where they wait. Reads nothing yet. */
    note(events, added) {
        for (const id of events) {
            const address = added?.get(id);
            if (address === undefined)
                this.#changed.add(id);
            else
                this.#note(address);
        }
    }
    /** Sessions came, went or changed what they are called or do; subscriptions or rules did (ROUTER-2). */
    forget() {
        this.#index = undefined;
        for (const address of this.#reaches.keys())
            this.#reaches.set(address, undefined);
    }
    /**
     * Whom to look at, with what each gets: those with these ids, and who gets something that began to wait since this was asked before;
     * or everybody for whom something waits.
     */
    concerned(ids, isAll) {
        this.#learn();
        const concerned = new Map();
        if (isAll || ids.size + this.#fresh.size > FEW) {
            const owners = this.owners();
            for (const [owner, addresses] of owners) {
                if (owner !== undefined && (isAll || addresses.some((one) => this.#fresh.has(one))))
                    concerned.set(owner, { addresses });
            }
            for (const one of this.#find(ids))
                concerned.set(one, { addresses: owners.get(one) ?? [] });
        }
        else {
            const found = new Set(this.#find(ids));
            for (const address of this.#fresh) {
                const { attachment } = this.owner(address);
                if (attachment !== undefined)
                    found.add(attachment);
            }
            for (const one of found)
                concerned.set(one, this.claim(one));
        }
        this.#fresh.clear();
        return concerned;
    }
    /** Nothing waits for a claim any more; where the transaction that made it so is undone, it waits again. */
    drop(claim) {
        for (const address of claim.addresses)
            this.#reaches.delete(address);
        this.#options.db.afterUndo(() => claim.addresses.forEach((address) => this.#note(address)));
    }
    owner(address) {
        return this.#choose(this.#reach(address), () => this.#lastActive());
    }
    /** Why an attachment may have what waits at an address. */
    why(address, attachment) {
        const { why, candidates } = this.#reach(address);
        return candidates.includes(attachment) ? why : "active";
    }
    /** What one attachment gets. */
    claim(attachment) {
        this.#learn();
        let isLast;
        const addresses = [];
        for (const address of this.#reaches.keys()) {
            const { why, candidates, isBound, origin, agents } = this.#reach(address);
            const isFree = !isBound && !candidates.some((one) => mayTake(one, why));
            const isMine = candidates.includes(attachment)
                ? choose(candidates, why, origin) === attachment
                : isFree &&
                    (attachment.client.agent === undefined
                        ? (isLast ??= this.#lastActive() === attachment)
                        : this.#lastActive() === undefined && choose(agents) === attachment);
            if (isMine)
                addresses.push(address);
        }
        return { addresses };
    }
    /** Who gets what waits, by attachment; the addresses of `undefined` wait for somebody. */
    owners() {
        this.#learn();
        // At most once for all of them: it looks at every session.
        let last;
        const lastActive = () => (last ??= { attachment: this.#lastActive() }).attachment;
        const owners = new Map();
        for (const address of this.#reaches.keys()) {
            const { attachment } = this.#choose(this.#reach(address), lastActive);
            const list = owners.get(attachment);
            if (list === undefined)
                owners.set(attachment, [address]);
            else
                list.push(address);
        }
        return owners;
    }
    /**
     * What one who reads the inbox may take: it is active by that, so whatever is not another's is its own; and what it may have
     * beside others too, though one of them would be woken for it.
     */
    readerClaim(attachment) {
        this.#learn();
        const addresses = [...this.#reaches.keys()].filter((address) => {
            const { why, candidates, isBound, agents } = this.#reach(address);
            if (candidates.includes(attachment))
                return mayTake(attachment, why);
            if (attachment.client.agent !== undefined && !agents.includes(attachment))
                return false;
            const isTaken = isBound || choose(candidates, why) !== undefined;
            return !isTaken && mayTake(attachment, "active");
        });
        return { addresses };
    }
    #choose(reach, lastActive) {
        const { why, candidates, isBound, origin, agents } = reach;
        const found = candidates.length === 0 ? undefined : choose(candidates, why, origin);
        if (found !== undefined || isBound)
            return { attachment: found, why };
        return { attachment: lastActive() ?? choose(agents), why: "active" };
    }
    #reach(address) {
        const known = this.#reaches.get(address);
        if (known !== undefined)
            return known;
        const reach = toReach(parseAddress(address), this.#sessions, this.#options.watched);
        if (this.#reaches.has(address))
            this.#reaches.set(address, reach);
        return reach;
    }
    #find(ids) {
        return ids.size === 0 ? [] : this.#sessions.all.filter((one) => ids.has(one.id));
    }
    #lastActive() {
        return choose(this.#sessions.people);
    }
    get #sessions() {
        return (this.#index ??= toIndex(this.#options.attachments));
    }
    /** ROUTER-1: what is read in a turn that is undone is read again. */
    #learn() {
        if (this.#changed.size === 0)
            return;
        const { db } = this.#options;
        const events = [...this.#changed];
        for (const address of listAddressesOf(db, events))
            this.#note(address);
        this.#changed.clear();
        db.afterUndo(() => this.note(events));
    }
    /** Something waits at an address. */
    #note(address) {
        this.#fresh.add(address);
        if (!this.#reaches.has(address))
            this.#reaches.set(address, undefined);
    }
}
