/**
 * What a conversation's history says of the events in it.
 *
 * Owns: that reading. Pure. Never: reads a file.
 */
import { listAt, textAt } from "../sdk/json.js";
const HEAD = /^Data from outside, not from your user:\n<channel source="sluice"([^>]*)>\n/;
const AGAIN = /^((?:evt_[0-9a-z]{26}(?:, )?)+) stands above\./;
/** An answer that was broken off ends with a call of a tool, or with nothing. */
const WHOLE = new Set(["end_turn", "stop_sequence", "max_tokens", "refusal"]);
export function findFates(history, events) {
    const fates = new Map();
    let current = [];
    for (const { type, message, parent_tool_use_id } of history) {
        if (typeof parent_tool_use_id === "string")
            continue;
        if (type === "user") {
            const text = toText(message);
            if (text === undefined)
                continue;
            current = listGiven(text).filter((id) => events.includes(id));
            for (const id of current)
                if (!fates.has(id))
                    fates.set(id, "stored");
        }
        else if (type === "assistant") {
            // What the client itself writes where the model did not answer.
            const isReal = textAt(message, "model") !== "<synthetic>";
            if (isReal && WHOLE.has(textAt(message, "stop_reason") ?? ""))
                for (const id of current)
                    fates.set(id, "answered");
        }
    }
    return fates;
}
/** Undefined: the result of a tool. */
function toText(message) {
    const content = textAt(message, "content");
    if (content !== undefined)
        return content;
    const texts = listAt(message, "content").flatMap((part) => textAt(part, "text") ?? []);
    return texts.length === 0 ? undefined : texts.join("\n");
}
function listGiven(text) {
    const [, again] = AGAIN.exec(text) ?? [];
    if (again !== undefined)
        return again.split(", ");
    const [head, attributes = ""] = HEAD.exec(text) ?? [];
    if (head === undefined)
        return [];
    const own = /\bevent_id="(evt_[0-9a-z]{26})"/.exec(attributes)?.[1];
    const isDigest = attributes.includes(' kind="digest"');
    const lines = isDigest ? text.matchAll(/^ *- (evt_[0-9a-z]{26}) /gm) : [];
    return [...(own === undefined ? [] : [own]), ...[...lines].map(([, id]) => id ?? "")];
}
