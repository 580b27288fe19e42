/**
 * The rules of who may speak, on disk: senders, which of them are one person, groups, policies, contacts.
 *
 * Owns: the five sealed tables and their copy. Never: decides who is admitted, or whether a change is allowed.
 * Functions that change something run inside `database.write`.
 *
 * ACCESS-1 Rules count only while their digest is the one in the last row of the audit: anything else is damage, and admits nobody.
 * ACCESS-2 A change writes the tables, the copy and the audit in one transaction.
 */
import { createHash } from "node:crypto";
import { z } from "../../vendor/zod.js";
import { SluiceError } from "../../sdk/errors.js";
import { ROLES } from "../../sdk/event.js";
import { appendAudit, checkAudit } from "./audit.js";
/** What a stranger's message leads to. `pairing` a code in reply; `invite` and `allowlist` silence; `disabled` nobody is heard. */
export const POLICIES = ["pairing", "allowlist", "invite", "disabled"];
/** Roles of people. `source` belongs to a channel's credential and is given to nobody. */
export const PERSON_ROLES = ROLES.filter((role) => role !== "source");
const person = z.enum(PERSON_ROLES);
const id = z.string().min(1).max(256);
const label = z.string().max(256);
const rulesSchema = z.strictObject({
    senders: z.array(z.strictObject({
        channel: id,
        account: label,
        id,
        roles: z.array(person),
        name: label,
        chatId: label,
        addedAt: z.int(),
        addedBy: label,
    })),
    groups: z.array(z.strictObject({
        channel: id,
        id,
        senders: z.array(id),
        requireMention: z.boolean(),
        patterns: z.array(id),
    })),
    policies: z.array(z.strictObject({ channel: id, policy: z.enum(POLICIES) })),
    contacts: z.array(z.strictObject({ channel: id, chatId: id, name: label })),
    /** Places of one person, each in one person at most; a copy of earlier versions has none. */
    persons: z
        .array(z.strictObject({
        channel: id,
        id,
        person: z.string().min(1).max(600),
        preferred: z.boolean(),
    }))
        .default([]),
});
export const NO_RULES = {
    senders: [],
    groups: [],
    policies: [],
    contacts: [],
    persons: [],
};
/** Reads and checks everything (ACCESS-1). Throws nothing for damage: it is told. */
export function readAccess(db) {
    const audit = checkAudit(db);
    const sealed = audit.rules ?? toDigest(NO_RULES);
    const copy = readCopy(db, sealed);
    const damaged = (reason) => ({ kind: "damaged", reason, copy });
    if (audit.damage !== undefined)
        return damaged(audit.damage);
    const rules = parseRows(db);
    if (rules === undefined)
        return damaged("a row cannot be understood");
    if (toDigest(rules) !== sealed)
        return damaged("the rules are not those that were last changed");
    return { kind: "intact", rules };
}
/** @throws SluiceError `bad_input` for rules that could not be read back. */
export function checkRules(rules) {
    const [issue] = rulesSchema.safeParse(rules).error?.issues ?? [];
    if (issue !== undefined)
        throw new SluiceError("bad_input", `access: ${issue.path.join(".")}: ${issue.message}`);
}
/** Puts `rules` in place of what stood there (ACCESS-2). */
export function writeAccess(db, rules, entry) {
    for (const table of ["senders", "groups", "policies", "contacts", "persons"])
        db.run(`DELETE FROM ${table}`);
    for (const sender of rules.senders) {
        db.run("INSERT INTO senders VALUES (?, ?, ?, ?, ?, ?, ?, ?)", sender.channel, sender.account, sender.id, JSON.stringify(sender.roles), sender.name, sender.chatId, sender.addedAt, sender.addedBy);
    }
    for (const group of rules.groups) {
        db.run("INSERT INTO groups VALUES (?, ?, ?, ?, ?)", group.channel, group.id, JSON.stringify(group.senders), group.requireMention ? 1 : 0, JSON.stringify(group.patterns));
    }
    for (const { channel, policy } of rules.policies)
        db.run("INSERT INTO policies VALUES (?, ?)", channel, policy);
    for (const { channel, chatId, name } of rules.contacts)
        db.run("INSERT INTO contacts VALUES (?, ?, ?)", channel, chatId, name);
    for (const { channel, id, person, preferred } of rules.persons)
        db.run("INSERT INTO persons VALUES (?, ?, ?, ?)", channel, id, person, preferred ? 1 : 0);
    db.run("INSERT OR REPLACE INTO access_copy VALUES (1, ?)", JSON.stringify(rules));
    appendAudit(db, entry, toDigest(rules));
}
/** Adds a row to the audit that tells of something else than the rules: they are not touched, damaged or not. Only inside `database.write`. */
export function noteAccess(db, entry) {
    const last = db.get("SELECT rules FROM audit ORDER BY seq DESC LIMIT 1");
    appendAudit(db, entry, last?.rules ?? toDigest(NO_RULES));
}
/** Undefined unless it is whole and the one that was sealed. */
function readCopy(db, sealed) {
    const row = db.get("SELECT rules FROM access_copy WHERE id = 1");
    if (row === undefined)
        return sealed === toDigest(NO_RULES) ? NO_RULES : undefined;
    const parsed = rulesSchema.safeParse(parseJson(row.rules));
    return parsed.success && toDigest(parsed.data) === sealed ? parsed.data : undefined;
}
function parseRows(db) {
    const parsed = rulesSchema.safeParse({
        senders: db
            .all("SELECT channel, account, id, roles, name, chat_id AS chatId, added_at AS addedAt, added_by AS addedBy FROM senders")
            .map((row) => ({ ...row, roles: parseJson(row.roles) })),
        groups: db
            .all("SELECT channel, id, senders, require_mention AS requireMention, patterns FROM groups")
            .map((row) => ({
            ...row,
            senders: parseJson(row.senders),
            requireMention: row.requireMention !== 0,
            patterns: parseJson(row.patterns),
        })),
        policies: db.all("SELECT channel, policy FROM policies").map((row) => ({ ...row })),
        contacts: db
            .all("SELECT channel, chat_id AS chatId, name FROM contacts")
            .map((row) => ({ ...row })),
        persons: db
            .all("SELECT channel, id, person, preferred FROM persons")
            .map((row) => ({ ...row, preferred: row.preferred !== 0 })),
    });
    return parsed.success ? parsed.data : undefined;
}
function parseJson(text) {
    try {
        return JSON.parse(String(text));
    }
    catch {
        // Not JSON is damage; the schema refuses it.
        return undefined;
    }
}
function toDigest(rules) {
    return createHash("sha256").update(toCanonical(rules)).digest("hex");
}
/** The same rules give the same text, in whichever order the tables gave them. */
function toCanonical({ senders, groups, policies, contacts, persons }) {
    const sort = (rows) => rows.map((row) => JSON.stringify(row)).toSorted();
    const keyed = {
        senders: sort(senders.map((one) => [
            one.channel,
            one.account,
            one.id,
            one.roles,
            one.name,
            one.chatId,
            one.addedAt,
            one.addedBy,
        ])),
        groups: sort(groups.map((one) => [one.channel, one.id, one.senders, one.requireMention, one.patterns])),
        policies: sort(policies.map((one) => [one.channel, one.policy])),
        contacts: sort(contacts.map((one) => [one.channel, one.chatId, one.name])),
        // Left out where there are none: the digests of earlier versions stay true.
        ...(persons.length > 0 && {
            persons: sort(persons.map((one) => [one.channel, one.id, one.person, one.preferred])),
        }),
    };
    return JSON.stringify(keyed);
}
