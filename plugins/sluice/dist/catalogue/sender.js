/** Checks a row and returns it frozen. @throws TypeError for one that could not work. */
export function defineSender(row) {
    if (!/^[a-z][a-z0-9-]{0,31}$/.test(row.kind))
        throw new TypeError(`sender "${row.kind}" must match [a-z][a-z0-9-]*, at most 32 characters`);
    for (const [name, { stateOf, entity }] of Object.entries(row.events)) {
        // What is shown of a state is its entity: a key is for no reader.
        if ((stateOf ?? row.common?.stateOf) !== undefined &&
            (entity ?? row.common?.entity) === undefined)
            throw new TypeError(`sender ${row.kind}: ${name} is a state of something, so it needs an entity`);
    }
    return Object.freeze(row);
}
