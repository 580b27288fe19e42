/**
 * A mutex by key: work for one name runs one after the other.
 *
 * Owns: that order. Never: knows the work. Work that has none before it begins at once, synchronously.
 */
export class KeyedMutex {
    #last = new Map();
    /** Runs `work` after all earlier work for this name has ended, whether it succeeded or failed. */
    run(name, work) {
        const before = this.#last.get(name);
        const result = before === undefined ? work() : before.then(work);
        const over = result.then(() => undefined, () => undefined);
        this.#last.set(name, over);
        void over.then(() => {
            if (this.#last.get(name) === over)
                this.#last.delete(name);
        });
        return result;
    }
    /** Names for which something runs. */
    names() {
        return [...this.#last.keys()];
    }
}
