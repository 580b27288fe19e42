import { SluiceError } from "../../sdk/errors.js";
import { toFault } from "./api.js";
import { toId } from "./send.js";
const SIGNS = {
    received: "👀",
    approval: "✍️",
    answered: "",
    maybe: "🤔",
    done: "👌",
    lost: "🤷",
};
/** Those that another sign follows. */
const PASSING = [SIGNS.received, SIGNS.approval];
const MAX_KNOWN = 2_000;
/** Unknown message, unknown emoji: it is not there, so it need not be taken back. */
const GONE = new Set([10008, 10014]);
const CUSTOM = /^<?a?:?(\w{2,32}:\d{1,20})>?$/;
let emojis;
/**
 * An emoji as Discord's paths hold it; empty takes back the one there is.
 * @throws SluiceError `bad_input` for what is none.
 */
export function toReaction(text) {
    const given = text.trim();
    if (given === "")
        return "";
    const custom = CUSTOM.exec(given)?.[1];
    if (custom !== undefined)
        return custom;
    // Made when first needed: V8 reads it, as a literal, for tens of milliseconds.
    emojis ??= new RegExp("^\\p{RGI_Emoji}$", "v");
    if (given.length <= 16 && (emojis.test(given) || emojis.test(`${given}\uFE0F`)))
        return given;
    throw new SluiceError("bad_input", `discord: ${JSON.stringify(given.slice(0, 20))} is no emoji; give one such as 👍, or one of the server's as <:name:id>`);
}
export class Reactions {
    #sender;
    /** By chat and message: what stands there. */
    #shown = new Map();
    constructor(sender) {
        this.#sender = sender;
    }
    async react(chatId, messageId, text) {
        await this.#show(chatId, toId(messageId), toReaction(text));
    }
    /** A message that is gone needs no sign. */
    async mark(chatId, messageId, sign) {
        await this.#show(chatId, toId(messageId), SIGNS[sign], true);
    }
    /** DISREACT-1 */
    async #show(chat, message, emoji, isSign = false) {
        const key = `${chat}/${message}`;
        const shown = this.#shown.get(key);
        const before = shown === undefined ? (isSign && emoji !== SIGNS.received ? PASSING : []) : [shown];
        this.#note(key, emoji);
        if (emoji !== "")
            this.#check(await this.#call("PUT", key, emoji), isSign);
        for (const one of before)
            if (one !== "" && one !== emoji)
                this.#check(await this.#call("DELETE", key, one), true);
    }
    #call(method, key, emoji) {
        const [chat, message] = key.split("/");
        const path = `/channels/${chat}/messages/${message}/reactions/${encodeURIComponent(emoji)}/@me`;
        return this.#sender.call(method, path);
    }
    #check(outcome, mayBeGone) {
        if (outcome.kind === "ok")
            return;
        if (mayBeGone && outcome.kind === "refused" && GONE.has(outcome.code))
            return;
        throw toFault("reacting to a message", outcome);
    }
    #note(key, emoji) {
        this.#shown.delete(key);
        this.#shown.set(key, emoji);
        const [oldest] = this.#shown.keys();
        if (this.#shown.size > MAX_KNOWN && oldest !== undefined)
            this.#shown.delete(oldest);
    }
}
