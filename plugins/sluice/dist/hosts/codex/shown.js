/**
 * Codex does not say which terminal shows which thread. A terminal shows one of its folder, and what it opened last was loaded last: of
 * each folder as many threads are shown as it has terminals. `loaded`: in the order in which they were loaded.
 */
export function chooseShown(loaded, terminals) {
    const free = new Map();
    for (const { cwd } of terminals)
        free.set(cwd, (free.get(cwd) ?? 0) + 1);
    const shown = [];
    for (const thread of loaded.toReversed()) {
        const left = free.get(thread.cwd) ?? 0;
        if (left === 0 || !isConversation(thread))
            continue;
        free.set(thread.cwd, left - 1);
        shown.unshift(thread);
    }
    return shown;
}
/** Of a person: no helper of another thread, and none that Codex opens for a title. */
function isConversation({ parent, isEphemeral, status }) {
    return parent === undefined && !isEphemeral && status !== "notLoaded";
}
