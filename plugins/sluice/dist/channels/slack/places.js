import { toNameField } from "../../sdk/field.js";
import { textAt } from "../../sdk/json.js";
import { toFault } from "./api.js";
import { idAt } from "./wire.js";
const LIFE_MS = 60 * 60_000;
const MAX_KNOWN = 1_000;
const ASK_MS = 3_000;
export class SlackPlaces {
    #options;
    #names = new Map();
    #direct = new Map();
    constructor(options) {
        this.#options = options;
    }
    /** `#general`; the id where Slack does not say it at once. */
    async nameOf(channel) {
        const { api, clock, signal } = this.#options;
        const known = this.#names.get(channel);
        if (known !== undefined && known.until > clock.now())
            return known.name;
        const limits = { signal, timeoutMs: ASK_MS };
        const outcome = await api.call("conversations.info", { channel }, limits);
        const found = outcome.kind === "ok" ? textAt(outcome.body, "channel.name") : undefined;
        // A fault is remembered for as long, or each message would wait for another one.
        const name = found === undefined ? toNameField(channel) : `#${toNameField(found)}`;
        this.#names.set(channel, { name, until: clock.now() + LIFE_MS });
        trim(this.#names);
        return name;
    }
    /** Our conversation with somebody. A command may be typed anywhere, in one with somebody else too. @throws SluiceError. */
    async directWith(user) {
        const known = this.#direct.get(user);
        if (known !== undefined)
            return known;
        const { api, signal } = this.#options;
        const limits = { signal, timeoutMs: ASK_MS };
        const outcome = await api.call("conversations.open", { users: user }, limits);
        if (outcome.kind !== "ok")
            throw toFault("conversations.open", outcome);
        const channel = idAt(outcome.body, "channel.id");
        if (channel === undefined)
            throw toFault("conversations.open", NOTHING);
        this.#direct.set(user, channel);
        trim(this.#direct);
        return channel;
    }
}
const NOTHING = { kind: "refused", error: "no conversation was named" };
function trim(known) {
    const [oldest = ""] = known.keys();
    if (known.size > MAX_KNOWN)
        known.delete(oldest);
}
