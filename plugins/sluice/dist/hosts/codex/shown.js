/** What a thread of a terminal has said of where it comes from. Others belong to other programs that use the app-server. */
const TERMINAL_SOURCES = new Set(["vscode", "cli"]);
/**
 * Codex does not say which terminal shows which thread, and keeps one that was left loaded for a while. Where no more are loaded than the
 * folder has terminals, all are shown. Else only the one in which a person was seen last is known to be. `loaded`: that one stands last.
 */
export function chooseShown(loaded, terminals) {
    const unclear = [];
    const threads = [...Map.groupBy(terminals, ({ cwd }) => cwd)].flatMap(([cwd, { length }]) => {
        const own = loaded.filter(({ thread }) => thread.cwd === cwd && isConversation(thread));
        const last = own.at(-1);
        const known = own.length <= length ? own : last?.hasTrace === true ? [last] : [];
        if (known.length < Math.min(length, own.length))
            unclear.push(cwd);
        return known.map(({ thread }) => thread);
    });
    return { threads, unclear };
}
/** Of a person at a terminal: no helper of another thread, and none that Codex opens for a title. */
function isConversation({ parent, isEphemeral, status, source }) {
    return (parent === undefined && !isEphemeral && status !== "notLoaded" && TERMINAL_SOURCES.has(source));
}
