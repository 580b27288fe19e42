function newCounters() {
    return {
        turns: 0,
        interrupts: 0,
        dropped: 0,
        droppedKeys: 0,
        toolCalls: 0,
        hookCalls: 0,
        hookFailures: 0,
        dialogs: 0,
        bellLinesLost: 0,
        garbageLines: 0,
    };
}
/** What of all that was read still stands in the conversation: without what Esc took back, from the last /clear on. */
export function toConversation(notes) {
    let standing = [];
    for (const note of notes) {
        if (note.kind === "read")
            standing.push(note);
        if (note.kind === "cleared")
            standing = [];
        if (note.kind === "taken-back") {
            standing = standing.filter(({ promptId }) => promptId !== note.promptId);
        }
    }
    return standing;
}
/** `keep`: up to twice as many notes are held, then the oldest go. */
export function newNotebook(keep = Infinity) {
    const notes = [];
    const observers = new Set();
    const observe = (observer) => {
        observers.add(observer);
        return () => observers.delete(observer);
    };
    return {
        notes,
        counters: newCounters(),
        write(note) {
            notes.push(note);
            if (notes.length >= keep * 2)
                notes.splice(0, notes.length - keep);
            for (const observer of observers)
                observer(note);
        },
        observe,
        until(fits, timeoutMs) {
            const past = notes.find(fits);
            if (past !== undefined)
                return Promise.resolve(past);
            const { promise, resolve, reject } = Promise.withResolvers();
            const seen = () => notes.map(({ kind }) => kind).join(" ") || "none";
            const timer = setTimeout(() => reject(new Error(`no such note within ${timeoutMs} ms; seen: ${seen()}`)), timeoutMs);
            const stop = observe((note) => {
                if (fits(note))
                    resolve(note);
            });
            return promise.finally(() => {
                clearTimeout(timer);
                stop();
            });
        },
    };
}
