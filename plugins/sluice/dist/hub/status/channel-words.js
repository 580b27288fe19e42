export function toUrls({ name, hooks }, channels) {
    const publicUrl = channels.toPublicUrl(name);
    return {
        url: channels.toUrl(name),
        ...(publicUrl === undefined ? {} : { publicUrl }),
        ...(hooks === undefined || hooks.length === 0
            ? {}
            : { hooks: hooks.map(({ target, id, url, events }) => ({ target, id, url, events })) }),
    };
}
/** `missing`: paths of its template that the last request did not have; `hook`: why its platform's end does not lead here. */
export function toNotes(missing, hook) {
    const notes = [
        ...(missing === undefined || missing.size === 0 ? [] : [toMissingNote(missing)]),
        ...(hook === undefined ? [] : [hook]),
    ];
    return notes.length === 0 ? {} : { notes };
}
function toMissingNote(missing) {
    return `its template names ${[...missing].join(", ")}, which the last request did not have; "sluice replay-request <event>" tries another`;
}
