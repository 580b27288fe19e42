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
            // One person, wherever they are.
            const places = policy.listPlaces({ channel, id });
            const isListed = places.some((place) => isKnown(policy, place));
            const backups = listBackups(home.database);
            const toView = (found, isDone) => {
                const audit = places.reduce((sum, place) => sum + countAudit(db, place), 0);
                const kept = toKept(places, audit, isWithBackups ? 0 : backups.length);
                return { channel, id, places, isDone, isListed, ...toCounts(found), kept };
            };
            if (isDry) {
                const found = places.map((place) => findTraces(db, place));
                if (!isListed && found.every(isNothing))
                    throw toUnknown({ channel, id });
                return toView(found, false);
            }
            const found = await db.write(() => {
                // What is overwritten is overwritten on the disk as well.
                db.get("PRAGMA secure_delete = ON");
                const traces = places.map((place) => forgetPerson(db, place, clock.now()));
                if (!isListed && traces.every(isNothing))
                    throw toUnknown({ channel, id });
                for (const place of places) {
                    if (isKnown(policy, place))
                        policy.write({ kind: "revoke", ...place, block: false }, actor);
                    // Which person it was is what is to be forgotten.
                    policy.note(actor, "forget", `a person on ${place.channel} was forgotten`);
                }
                return traces;
            });
            // The log of the inbox holds earlier writes until it begins anew.
            db.get("PRAGMA wal_checkpoint(TRUNCATE)");
            db.get("PRAGMA secure_delete = OFF");
            for (const traces of found)
                removeFiles(core, traces);
            if (isWithBackups)
                for (const path of backups)
                    rmSync(path, { force: true });
            const { events, files } = toCounts(found);
            log.info({ channel, events, files }, "a person was forgotten");
            return toView(found, true);
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
function toCounts(found) {
    const sum = (count) => found.reduce((total, one) => total + one[count], 0);
    return {
        events: sum("events"),
        files: sum("files"),
        messages: sum("messages"),
        quotes: sum("quotes"),
        prompts: sum("prompts"),
    };
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
function toKept(places, audit, backups) {
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
        `what ${places.map(({ channel }) => channel).join(", ")} itself keeps`,
    ];
}
function toUnknown({ channel, id }) {
    return new SluiceError("not_found", `nothing is known of ${channel}/${id}; nothing was changed`);
}
