/**
 * Forgets a person: their words, files and names go, in one transaction; what stays is named.
 *
 * Owns: that order, and the words for what stays. Never: knows the tables (store/access/forget-person.ts).
 */
import { rmSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { SluiceError } from "../sdk/errors.js";
import { countAudit, findPeople, findTraces, forgetPerson, } from "../store/access/forget-person.js";
import { listBackups } from "../store/file/backup.js";
export function openPeople(core, { policy }) {
    const { db, clock, home, log } = core;
    return {
        find: (text, channel) => findPeople(db, text, channel),
        async forget({ channel, id, isDry, backups: isWithBackups }, actor) {
            const person = { channel, id };
            const isListed = isKnown(policy, person);
            const backups = listBackups(home.database);
            if (isDry) {
                const found = findTraces(db, person);
                if (!isListed && isNothing(found))
                    throw toUnknown(person);
                const kept = toKept(person, countAudit(db, person), isWithBackups ? 0 : backups.length);
                return { channel, id, isDone: false, isListed, ...toCounts(found), kept };
            }
            const found = await db.write(() => {
                // What is overwritten is overwritten on the disk as well.
                db.get("PRAGMA secure_delete = ON");
                const traces = forgetPerson(db, person, clock.now());
                if (!isListed && isNothing(traces))
                    throw toUnknown(person);
                if (isListed)
                    policy.write({ kind: "revoke", channel, id, block: false }, actor);
                // Which person it was is what is to be forgotten.
                policy.note(actor, "forget", `a person on ${channel} was forgotten`);
                return traces;
            });
            // The log of the inbox holds earlier writes until it begins anew.
            db.get("PRAGMA wal_checkpoint(TRUNCATE)");
            db.get("PRAGMA secure_delete = OFF");
            removeFiles(core, found);
            if (isWithBackups)
                for (const path of backups)
                    rmSync(path, { force: true });
            log.info({ channel, events: found.events, files: found.files }, "a person was forgotten");
            const kept = toKept(person, countAudit(db, person), isWithBackups ? 0 : backups.length);
            return { channel, id, isDone: true, isListed, ...toCounts(found), kept };
        },
    };
}
function isKnown({ rules }, { channel, id }) {
    return (rules.senders.some((one) => one.channel === channel && one.id === id) ||
        rules.groups.some((one) => one.channel === channel && one.senders.includes(id)));
}
function isNothing({ events, messages, prompts }) {
    return events + messages + prompts === 0;
}
function toCounts({ events, files, messages, quotes, prompts }) {
    return { events, files, messages, quotes, prompts };
}
/** Only what lies in the home. */
function removeFiles({ home, log }, { folders, copies }) {
    const paths = [
        ...folders.map((event) => join(home.path, "files", event)),
        ...copies.map((path) => dirname(path)),
    ].filter((path) => path.startsWith(`${home.path}${sep}`));
    for (const path of new Set(paths)) {
        try {
            rmSync(path, { recursive: true, force: true });
        }
        catch (thrown) {
            log.error({ path, error: String(thrown) }, "a file of a forgotten person is still there");
        }
    }
}
function toKept({ channel }, audit, backups) {
    return [
        "the rows of these events and messages, without words, names and ids: when they came, on which channel, and what became of them",
        ...(audit === 0
            ? []
            : [
                `${audit} lines of the audit, which say who was let in and is never changed: sluice access log`,
            ]),
        ...(backups === 0
            ? []
            : [
                `${backups} daily backups from before; the oldest goes each day, or all at once with --backups`,
            ]),
        "what others wrote about them, what sessions have read already, and the hub's log of the last days",
        `what ${channel} itself keeps`,
    ];
}
function toUnknown({ channel, id }) {
    return new SluiceError("not_found", `nothing is known of ${channel}/${id}; nothing was changed`);
}
