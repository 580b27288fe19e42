import { isPreviewOf } from "./call.js";
/** Both ways leave the client within milliseconds; a machine that stands still for a moment makes it more. */
const PAIR_MS = 3_000;
export class RequestDedup {
    #clock;
    #seen = [];
    constructor(clock) {
        this.#clock = clock;
    }
    /** The prompt that the same call has come in for by its other way; it is taken once. */
    take(way, call) {
        this.#forget();
        const other = this.#seen.find((seen) => !seen.isPaired &&
            seen.way !== way &&
            seen.session === call.session &&
            seen.tool === call.tool &&
            isSameCall(seen.arguments, call.arguments));
        if (other === undefined)
            return undefined;
        other.isPaired = true;
        return other.prompt;
    }
    note(way, call) {
        this.#seen.push({ ...call, way, at: this.#clock.now(), isPaired: false });
        this.#clock.after(PAIR_MS + 1, () => this.#forget());
    }
    /** A clock that was set back makes no pair of what lies apart. */
    #forget() {
        const now = this.#clock.now();
        this.#seen = this.#seen.filter(({ at }) => at <= now && now - at <= PAIR_MS);
    }
}
function isSameCall(a, b) {
    if (typeof a === "string")
        return typeof b !== "string" && isPreviewOf(a, b);
    return typeof b === "string" && isPreviewOf(b, a);
}
