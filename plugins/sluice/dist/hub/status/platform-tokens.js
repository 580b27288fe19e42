const SHOWN_MS = 3_600_000;
const MAX_CHARS = 512;
export class PlatformTokens {
    #clock;
    #tokens = new Map();
    constructor(clock) {
        this.#clock = clock;
    }
    note(channel, { what, text }) {
        if (!/^[\x21-\x7e]+$/.test(text) || text.length > MAX_CHARS)
            return;
        this.#tokens.set(channel, { what, text, at: this.#clock.now() });
    }
    find(channel) {
        const token = this.#tokens.get(channel);
        if (token === undefined || Math.abs(this.#clock.now() - token.at) < SHOWN_MS)
            return token;
        this.#tokens.delete(channel);
        return undefined;
    }
    forget(channel) {
        this.#tokens.delete(channel);
    }
}
