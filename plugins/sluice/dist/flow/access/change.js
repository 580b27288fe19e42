/**
 * Changes of the rules of who may speak: their kinds, and the rules that result.
 *
 * Owns: the shape of a change, its checks. Never: stores one, or decides whether it may be done. Pure.
 */
import { z } from "../../vendor/zod.js";
import { SluiceError } from "../../sdk/errors.js";
import { describeLink, dropPlaces, link, listPlaces, prefer, unlink } from "./persons.js";
import { PERSON_ROLES, POLICIES, } from "../../store/access/access.js";
// One line without control characters: ids and names are printed, announced and put into the audit.
const line = (max) => z
    .string()
    .min(1)
    .max(max)
    .regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+$/u, "must be one line of visible text")
    .refine((text) => text.trim() === text, "must not begin or end with a blank");
const channel = z.string().min(1).max(32);
const id = line(256);
const account = z.union([z.literal(""), line(256)]).default("");
const roles = z.array(z.enum(PERSON_ROLES)).min(1).max(PERSON_ROLES.length);
export const accessChangeSchema = z.discriminatedUnion("kind", [
    z.strictObject({
        kind: z.literal("allow"),
        channel,
        id,
        account,
        roles,
        name: line(80).optional(),
    }),
    z.strictObject({ kind: z.literal("role"), channel, id, account, roles }),
    z.strictObject({
        // On every account: who is taken off the list should not be left on it by an oversight.
        kind: z.literal("revoke"),
        channel,
        id,
        /** Keeps them out where everybody else may speak. */
        block: z.boolean().default(false),
    }),
    z.strictObject({ kind: z.literal("policy"), channel, policy: z.enum(POLICIES) }),
    z.strictObject({
        kind: z.literal("group"),
        channel,
        id,
        senders: z.array(id).min(1).max(1_000),
        requireMention: z.boolean().default(true),
        patterns: z.array(line(64)).max(20).default([]),
    }),
    z.strictObject({ kind: z.literal("ungroup"), channel, id }),
    z.strictObject({ kind: z.literal("contact"), channel, chatId: id, name: line(80).optional() }),
    z.strictObject({ kind: z.literal("uncontact"), channel, chatId: id }),
    /** They are one person; `to` is another place. */
    z.strictObject({ kind: z.literal("person"), channel, id, to: z.strictObject({ channel, id }) }),
    z.strictObject({ kind: z.literal("unperson"), channel, id }),
    /** Where a person in several places is told. */
    z.strictObject({ kind: z.literal("prefer"), channel, id }),
    /** Roles absent: chatter, or all three for the first person of all. */
    z.strictObject({ kind: z.literal("invite"), channel, roles: roles.optional() }),
    /** `pairing` is the hash of a pairing's code. */
    z.strictObject({
        kind: z.literal("pair"),
        pairing: z.string().max(64),
        roles: roles.optional(),
    }),
    z.strictObject({ kind: z.literal("restore") }),
]);
/**
 * The rules after a change.
 * @throws SluiceError `not_found` or `bad_input` for one that makes no sense; nothing is half done.
 */
export function applyChange(rules, change, by) {
    switch (change.kind) {
        case "link":
        case "allow": {
            const known = findSender(rules, change);
            const sender = {
                channel: change.channel,
                account: change.account,
                id: change.id,
                roles: toRoles(change.roles),
                name: toName(change.name ?? known?.name ?? ""),
                chatId: change.kind === "link" ? change.chatId : (known?.chatId ?? ""),
                addedAt: by.at,
                addedBy: by.actor,
            };
            return { ...rules, senders: [...rules.senders.filter((one) => one !== known), sender] };
        }
        case "role": {
            requireSenders(rules, change);
            // PERSON-1
            const known = listPlaces(rules, change).flatMap((place) => requireSenders(rules, isSame(place, change) ? change : { ...place, account: "" }));
            const changed = (one) => ({ ...one, roles: toRoles(change.roles) });
            return {
                ...rules,
                senders: rules.senders.map((one) => (known.includes(one) ? changed(one) : one)),
            };
        }
        case "revoke":
            return revoke(rules, change, by);
        case "person":
            return link(rules, change, change.to);
        case "unperson":
            return unlink(rules, change);
        case "prefer":
            return prefer(rules, change);
        case "policy": {
            const { channel, policy } = change;
            const others = rules.policies.filter((one) => one.channel !== channel);
            return { ...rules, policies: [...others, { channel, policy }] };
        }
        case "group": {
            const { kind: _, ...group } = change;
            if (group.senders.includes("*") && group.senders.length > 1)
                throw new SluiceError("bad_input", 'a group\'s senders are ids, or "*" alone for everybody');
            const others = rules.groups.filter((one) => !isSame(one, group));
            const senders = [...new Set(group.senders)];
            return { ...rules, groups: [...others, { ...group, senders }] };
        }
        case "ungroup": {
            const groups = rules.groups.filter((one) => !isSame(one, change));
            if (groups.length === rules.groups.length)
                throw new SluiceError("not_found", `no group ${change.id} is listed on ${change.channel}`);
            return { ...rules, groups };
        }
        case "contact": {
            const { channel, chatId, name = "" } = change;
            const others = rules.contacts.filter((one) => !isContact(one, change));
            return { ...rules, contacts: [...others, { channel, chatId, name }] };
        }
        case "move":
            return move(rules, change);
        case "uncontact": {
            const contacts = rules.contacts.filter((one) => !isContact(one, change));
            if (contacts.length === rules.contacts.length)
                throw new SluiceError("not_found", `${change.chatId} is no contact on ${change.channel}`);
            return { ...rules, contacts };
        }
        default:
            return change;
    }
}
/** What holds in `from` holds in `to`. What the owner has set for `to` stays. */
function move(rules, { channel, from, to }) {
    const isHere = (one, id, other) => one.channel === channel && id === other;
    const hasGroup = rules.groups.some((one) => isHere(one, one.id, to));
    const hasContact = rules.contacts.some((one) => isHere(one, one.chatId, to));
    return {
        ...rules,
        senders: rules.senders.map((one) => isHere(one, one.chatId, from) ? { ...one, chatId: to } : one),
        groups: rules.groups.flatMap((one) => {
            if (!isHere(one, one.id, from))
                return [one];
            return hasGroup ? [] : [{ ...one, id: to }];
        }),
        contacts: rules.contacts.flatMap((one) => {
            if (!isHere(one, one.chatId, from))
                return [one];
            return hasContact ? [] : [{ ...one, chatId: to }];
        }),
    };
}
/** Takes away all that names a channel which is no more. */
export function forgetChannel(rules, channel) {
    const others = (list) => list.filter((one) => one.channel !== channel);
    const left = {
        senders: others(rules.senders),
        groups: others(rules.groups),
        policies: others(rules.policies),
        contacts: others(rules.contacts),
        persons: rules.persons,
    };
    return dropPlaces(left, (place) => place.channel === channel);
}
function revoke(rules, change, by) {
    const { channel, id, block } = change;
    const named = rules.senders.filter((one) => isSame(one, change));
    const inGroups = rules.groups.some((one) => one.channel === channel && one.senders.includes(id));
    if (named.length === 0 && !inGroups && !block)
        throw new SluiceError("not_found", `${id} is not listed on ${channel}; "sluice access list" shows who is`);
    const blocked = block
        ? [
            {
                channel,
                account: "",
                id,
                roles: [],
                name: named[0]?.name ?? "",
                chatId: "",
                addedAt: by.at,
                addedBy: by.actor,
            },
        ]
        : [];
    return {
        // PERSON-4; who is blocked stays one person, so that all of them is (PERSON-2).
        ...(block ? rules : dropPlaces(rules, (place) => isSame(place, change))),
        senders: [...rules.senders.filter((one) => !named.includes(one)), ...blocked],
        // A group with nobody left in it stays listed: nobody speaks there, and nobody new by accident.
        groups: rules.groups.map((one) => one.channel === channel
            ? { ...one, senders: one.senders.filter((sender) => sender !== id) }
            : one),
    };
}
function findSender(rules, { channel, account, id }) {
    return rules.senders.find((one) => one.channel === channel && one.account === account && one.id === id);
}
function requireSenders(rules, change) {
    const known = rules.senders.filter((one) => isSame(one, change) && (change.account === "" || one.account === change.account));
    if (known.length === 0)
        throw new SluiceError("not_found", `${change.id} is not listed on ${change.channel}; "sluice access allow" lists them`);
    return known;
}
function isSame(one, other) {
    return one.channel === other.channel && one.id === other.id;
}
function isContact(one, other) {
    return one.channel === other.channel && one.chatId === other.chatId;
}
/** In one order, each once. */
function toRoles(roles) {
    return PERSON_ROLES.filter((role) => roles.includes(role));
}
/** One line for the audit, for owners, and for who confirms. `rules`: as they are before it. */
export function describeChange(change, rules) {
    switch (change.kind) {
        case "person":
            return describeLink(rules, change, change.to);
        case "unperson":
            return `${toPerson(change)} is no longer one person with others, and may do what it may alone`;
        case "prefer":
            return `${toPerson(change)} is where this person is told`;
        case "link":
        case "allow":
            return `${toPerson(change)} is ${change.roles.join(", ")}`;
        case "role":
            return `${toPlaces(rules, change)} is now ${change.roles.join(", ")}`;
        case "revoke":
            return change.block
                ? `${toPlaces(rules, change)} is blocked`
                : `${toPerson(change)} may no longer speak`;
        case "policy":
            return `policy of ${change.channel} is ${change.policy}`;
        case "group": {
            const who = change.senders.includes("*")
                ? "everybody in it (*)"
                : `${change.senders.length} of its members (${change.senders.join(", ").slice(0, 200)})`;
            const how = change.requireMention ? "when they name us" : "without naming us";
            return `group ${change.id} on ${change.channel}: ${who} may speak ${how}`;
        }
        case "ungroup":
            return `group ${change.id} on ${change.channel} is no longer heard`;
        case "contact":
            return `a session may write to ${change.chatId} on ${change.channel} first`;
        case "uncontact":
            return `a session may no longer write to ${change.chatId} on ${change.channel} first`;
        case "move":
            return `what holds in ${change.from} on ${change.channel} holds in ${change.to}, which it became`;
        case "invite":
            return `an invite for ${change.channel}${change.roles === undefined ? "" : ` as ${change.roles.join(", ")}`}`;
        case "pair":
            return "a person who asked for a pairing code";
        case "restore":
            return "the last good copy of the rules is put back";
        default:
            return change;
    }
}
/** With the other places of that person, where it holds there as well. */
function toPlaces(rules, change) {
    const others = listPlaces(rules, change).filter((place) => !isSame(place, change));
    const more = others.map(({ channel, id }) => `${channel}/${id}`).join(", ");
    return more === "" ? toPerson(change) : `${toPerson(change)}, who is ${more} too,`;
}
function toPerson({ channel, id, ...rest }) {
    const name = rest.name === undefined || rest.name === "" ? "" : ` (${toName(rest.name)})`;
    return `${channel} ${id}${name}`;
}
/** Display names are written by strangers: one visible line of at most 80 characters. */
export function toName(name) {
    return [
        ...name
            .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, " ")
            .replace(/ +/g, " ")
            .trim(),
    ]
        .slice(0, 80)
        .join("");
}
