/**
 * Permission prompts of the client, answered by people on the channel.
 *
 * Owns: which prompts are open, what people are shown, and which message is an answer. Never: decides by itself.
 *
 * RELAY-1 Only an approver's whole message `yes abcde` or `no abcde` is an answer, and only to a prompt that is open; the first one counts.
 *    It never reaches the model as a message.
 * RELAY-2 What a session wrote is shown with secrets masked and nothing invisible in it.
 */
import { readVerdict } from "../../flow/prompt/chat/words.js";
import { maskSecrets } from "../../flow/prompt/show/mask.js";
import { toVisible } from "../../flow/prompt/show/visible.js";
import { readOwnWords } from "../../sdk/words.js";
const OPEN_MAX = 100;
const FIELD_MAX_CHARS = 4_000;
const SHOWN_CHARS = 1_500;
export class PermissionRelay {
    #open = new Set();
    /** Undefined for what is no request: the client asks at the terminal all the same. */
    take(params) {
        const text = (key) => {
            const value = typeof params === "object" && params !== null ? Reflect.get(params, key) : undefined;
            return typeof value === "string" ? value.slice(0, FIELD_MAX_CHARS) : "";
        };
        const id = text("request_id").toLowerCase();
        const tool = text("tool_name");
        if (!/^[a-km-z]{5}$/.test(id) || tool === "")
            return undefined;
        this.#open.add(id);
        for (const oldest of this.#open) {
            if (this.#open.size <= OPEN_MAX)
                break;
            this.#open.delete(oldest);
        }
        return { id, tool, description: text("description"), preview: text("input_preview") };
    }
    /** RELAY-1. `late` is an answer to a prompt that is not open any more, or never was. */
    answer(arrival, isApprover) {
        const verdict = readVerdict(readOwnWords(arrival));
        if (verdict === undefined || !isApprover)
            return undefined;
        // "yes abcde, but only for tests" allows nothing.
        if (verdict.word === "yes" && verdict.rest !== "")
            return undefined;
        if (!this.#open.delete(verdict.code))
            return "late";
        return { id: verdict.code, behavior: verdict.word === "yes" ? "allow" : "deny" };
    }
}
/** RELAY-2 */
export function toPromptText({ id, tool, description, preview }) {
    const show = (text) => {
        const shown = toVisible(maskSecrets(text));
        return shown.length <= SHOWN_CHARS ? shown : `${shown.slice(0, SHOWN_CHARS)}… (cut)`;
    };
    const lines = [`Permission: ${show(tool)}`, show(description), show(preview)];
    return [...lines.filter((line) => line !== ""), `Answer: yes ${id}  or  no ${id}`].join("\n");
}
