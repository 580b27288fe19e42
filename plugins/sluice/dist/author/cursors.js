/**
 * Where each source of a channel stopped, as one text.
 *
 * Owns: that text. Never: writes it anywhere: it goes with the arrivals that it belongs to.
 */
import { parseObject } from "../sdk/json.js";
export class Cursors {
    #values = Object.create(null);
    constructor(text) {
        for (const [source, value] of Object.entries(parseObject(text ?? "") ?? {}))
            if (typeof value === "string")
                this.#values[source] = value;
    }
    get(source) {
        return this.#values[source];
    }
    /** Runs `keep` with the text as it will be; where that fails, nothing has moved. */
    async move(source, value, keep) {
        if (value === undefined)
            return keep();
        const before = this.#values[source];
        this.#values[source] = value;
        try {
            return await keep(JSON.stringify(this.#values));
        }
        catch (thrown) {
            if (before === undefined)
                delete this.#values[source];
            else
                this.#values[source] = before;
            throw thrown;
        }
    }
}
