export class ThreadTraces {
    /** Loaded threads. Those with a trace stand last, the latest one at the end. */
    #threads = new Map();
    #active = new Map();
    #terminals = [];
    /** `isJoined`: the app-server was joined just now, so what is new here was loaded at any time before. */
    noteLoaded(ids, isJoined) {
        for (const id of this.#threads.keys())
            if (!ids.includes(id))
                this.#threads.delete(id);
        for (const id of this.#active.keys())
            if (!ids.includes(id))
                this.#active.delete(id);
        for (const id of ids)
            if (!this.#threads.has(id))
                this.#threads.set(id, { cwd: undefined, hasTrace: !isJoined });
    }
    /** The folder of a thread, and whether a turn ran when it was first looked at. */
    noteFacts(id, cwd, isActive) {
        const thread = this.#threads.get(id);
        if (thread !== undefined)
            thread.cwd = cwd;
        if (!this.#active.has(id))
            this.#active.set(id, isActive);
    }
    /** A turn began or ended. `isOurs`: one that an event has begun says nothing of a person. */
    noteStatus(id, isActive, isOurs) {
        const wasActive = this.#active.get(id) ?? false;
        this.#active.set(id, isActive);
        if (!isActive || wasActive || isOurs)
            return;
        const { cwd } = this.#threads.get(id) ?? {};
        this.#threads.delete(id);
        this.#threads.set(id, { cwd, hasTrace: true });
    }
    /** To be told before the threads that are loaded: with a terminal that was closed, nobody knows which thread of its folder it showed. */
    noteTerminals(terminals) {
        const isThere = new Set(terminals.map(({ pid }) => pid));
        const left = new Set(this.#terminals.flatMap(({ pid, cwd }) => (isThere.has(pid) ? [] : [cwd])));
        for (const thread of this.#threads.values())
            if (thread.cwd !== undefined && left.has(thread.cwd))
                thread.hasTrace = false;
        this.#terminals = terminals;
    }
    /** All that are loaded; of those with a trace the latest is the last one. */
    list() {
        return [...this.#threads].map(([id, { hasTrace }]) => ({ id, hasTrace }));
    }
}
