/** Passes on each state that is not the one before it. */
export function onChange(report) {
    let last = "";
    return (state) => {
        const key = JSON.stringify(state);
        if (key !== last)
            report(state);
        last = key;
    };
}
/**
 * Declares a kind of channel that is built in. Checks the definition and returns it frozen; has no other effect.
 * @throws TypeError when the kind is not `[a-z][a-z0-9-]*` or the cap is not a positive integer.
 */
export function defineKind(definition) {
    if (!/^[a-z][a-z0-9-]{0,31}$/.test(definition.kind)) {
        throw new TypeError(`channel kind "${definition.kind}" must match [a-z][a-z0-9-]*, at most 32 characters`);
    }
    if (definition.receive === undefined && definition.open === undefined) {
        throw new TypeError(`channel ${definition.kind} needs receive or open`);
    }
    if (!Number.isSafeInteger(definition.maxBodyBytes) || definition.maxBodyBytes <= 0) {
        throw new TypeError(`channel ${definition.kind}: maxBodyBytes must be a positive integer, got ${definition.maxBodyBytes}`);
    }
    // The narrower type is what the definition was given as.
    return Object.freeze(definition);
}
