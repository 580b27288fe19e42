/**
 * One person in several places: which senders are one, and what each may do then.
 *
 * Owns: these rules, and their changes. Pure. Never: finds out by itself that two are one; only the owner says so.
 *
 * PERSON-1 What one place of a person may do, each may; nothing is written into the place's own row, so that an end of the link gives it
 *    back what it had. A role that is changed at one place is changed at all.
 * PERSON-2 Who is blocked at one place is blocked at all of them.
 * PERSON-3 Only who is on the list can be linked, so a link lets in nobody who never was; and it opens no group.
 * PERSON-4 Who is taken off the list at one place is out of the link there: the other places stay as they are.
 * PERSON-5 Nobody is linked but by name: a place that is linked anew meets none of those that it was linked to before.
 */
import { SluiceError } from "../../sdk/errors.js";
import { PERSON_ROLES } from "../../store/access/access.js";
/** With the roles that count. */
export function toCountingSenders({ senders, persons }) {
    if (persons.length === 0)
        return senders;
    const personOf = new Map(persons.map((one) => [toKey(one), one.person]));
    const byPerson = Map.groupBy(senders.filter((one) => personOf.has(toKey(one))), (one) => personOf.get(toKey(one)));
    return senders.map((one) => {
        const person = personOf.get(toKey(one));
        return person === undefined ? one : { ...one, roles: toRoles(byPerson.get(person) ?? [one]) };
    });
}
/** PERSON-1, PERSON-2. In the order of their list. */
function toRoles(rows) {
    if (rows.some(({ roles }) => roles.length === 0))
        return [];
    return PERSON_ROLES.filter((role) => rows.some(({ roles }) => roles.includes(role)));
}
/** All places of the person, this one among them. */
export function listPlaces({ persons }, place) {
    const person = persons.find((one) => isAt(one, place))?.person;
    if (person === undefined)
        return [{ channel: place.channel, id: place.id }];
    return persons.filter((one) => one.person === person).map(({ channel, id }) => ({ channel, id }));
}
/** @throws SluiceError `not_found` for who is on no list, `conflict` where they are one already. */
export function link(rules, place, to) {
    for (const one of [place, to])
        requireListed(rules, one);
    const [own, others] = [listPlaces(rules, place), listPlaces(rules, to)];
    if (own.some((one) => isAt(one, to)))
        throw new SluiceError("conflict", `${show(place)} and ${show(to)} are one person already`);
    const all = [...own, ...others];
    const rest = rules.persons.filter((one) => !all.some((other) => isAt(one, other)));
    const person = toFreeName(show(place), rest);
    const isPreferred = (one) => rules.persons.some((row) => isAt(row, one) && row.preferred);
    // Where both had a place that they prefer, that of the first counts.
    const prefers = own.some(isPreferred) ? own : others;
    const persons = all.map((one) => {
        const preferred = prefers.includes(one) && isPreferred(one);
        return { channel: one.channel, id: one.id, person, preferred };
    });
    return { ...rules, persons: [...rest, ...persons] };
}
/** PERSON-5: a person's name stays with those who are left when the place that gave it has gone. */
function toFreeName(name, others) {
    let free = name;
    for (let n = 2; others.some(({ person }) => person === free); n++)
        free = `${name} ${n}`;
    return free;
}
/** @throws SluiceError `not_found` for who is linked to nobody. */
export function unlink(rules, place) {
    if (!rules.persons.some((one) => isAt(one, place)))
        throw new SluiceError("not_found", `${show(place)} is linked to nobody`);
    return dropPlaces(rules, (one) => isAt(one, place));
}
/** @throws SluiceError `not_found` for who is linked to nobody. */
export function prefer(rules, place) {
    const person = rules.persons.find((one) => isAt(one, place))?.person;
    if (person === undefined)
        throw new SluiceError("not_found", `${show(place)} is linked to nobody, so they are told there in any case`);
    const persons = rules.persons.map((one) => one.person === person ? { ...one, preferred: isAt(one, place) } : one);
    return { ...rules, persons };
}
/** Without these places, and without what then links one place to nothing. */
export function dropPlaces(rules, isGone) {
    const left = rules.persons.filter((one) => !isGone(one));
    const persons = left.filter((one) => left.some((two) => two !== one && two.person === one.person));
    return { ...rules, persons };
}
/** Whose roles change, in words, row by row: who confirms it reads all that is granted. */
export function describeLink(rules, place, to) {
    const before = toCountingSenders(rules);
    let after;
    try {
        after = toCountingSenders(link(rules, place, to));
    }
    catch (thrown) {
        // Told when it is done or asked for.
        if (thrown instanceof SluiceError)
            after = before;
        else
            throw thrown;
    }
    const toWords = (one) => one?.roles.join(", ") || "blocked";
    const changes = before.flatMap((one, at) => {
        const [was, is] = [toWords(one), toWords(after[at])];
        if (was === is)
            return [];
        const isAlone = before.every((other) => other === one || !isAt(other, one));
        const account = isAlone ? "" : ` (account ${one.account})`;
        return [`${show(one)}${account} was ${was} and becomes ${is}`];
    });
    const what = changes.length === 0 ? "nobody's roles change" : changes.join("; ");
    return `${show(place)} and ${show(to)} are one person: ${what}`;
}
function requireListed({ senders }, place) {
    if (senders.some((one) => isAt(one, place)))
        return;
    throw new SluiceError("not_found", `${show(place)} is on no list: let them in first ("sluice access invite ${place.channel}"), then link them`);
}
function isAt(one, other) {
    return one.channel === other.channel && one.id === other.id;
}
function show({ channel, id }) {
    return `${channel}/${id}`;
}
function toKey({ channel, id }) {
    return `${channel}\0${id}`;
}
