/**
 * A secret that cannot be printed by accident.
 *
 * Owns: keeping a credential out of logs, JSON, template strings and `console.log`.
 * Never: stores or reads one (see store and hub).
 */
import { inspect } from "node:util";
/** Holds a credential. Every way of turning it to text gives `[secret]`; only `reveal` gives the value. */
export class Secret {
    #value;
    constructor(value) {
        this.#value = value;
    }
    /** The credential itself. Call it where it is used, never to pass it on. */
    reveal() {
        return this.#value;
    }
    toString() {
        return "[secret]";
    }
    toJSON() {
        return "[secret]";
    }
    [inspect.custom]() {
        return "[secret]";
    }
}
