export class OldKeys {
    #clock;
    #timers = new Map();
    #ended = () => { };
    constructor(clock) {
        this.#clock = clock;
    }
    /** Called when a key's time is over: the channel is to be opened anew. */
    onEnded(ended) {
        this.#ended = ended;
    }
    /** The secrets without those whose time is over; of the others it is kept in mind. */
    watch(channel, secrets) {
        this.forget(channel);
        const now = this.#clock.now();
        const keys = secrets.keys.filter(({ until }) => until === undefined || until > now);
        const next = Math.min(...keys.map(({ until }) => until ?? Number.POSITIVE_INFINITY));
        if (Number.isFinite(next)) {
            const cancel = this.#clock.after(next - now, () => {
                this.#timers.delete(channel);
                this.#ended(channel);
            });
            this.#timers.set(channel, cancel);
        }
        return { ...secrets, keys };
    }
    forget(channel) {
        this.#timers.get(channel)?.();
        this.#timers.delete(channel);
    }
    close() {
        for (const channel of this.#timers.keys())
            this.forget(channel);
    }
}
