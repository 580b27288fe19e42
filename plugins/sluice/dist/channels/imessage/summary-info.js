/**
 * The history of an edited message: `message_summary_info`, a binary property list.
 *
 * Owns: its current text. Never: earlier ones.
 */
import { parseBuffer } from "../../vendor/bplist-parser.js";
import { readAttributedText } from "./typedstream.js";
/**
 * The text as it stands after the last edit: `ec` holds, for each part of the message, its texts in their order (`t`), none where that part
 * was taken back. Undefined where nothing of that can be read. Never throws.
 */
export function readEditedText(info) {
    const edits = readEdits(info);
    if (edits === undefined)
        return undefined;
    const parts = Object.keys(edits).toSorted((a, b) => Number(a) - Number(b));
    const texts = parts.flatMap((part) => {
        const events = edits[part];
        const last = Array.isArray(events) ? events.at(-1) : undefined;
        const text = isRecord(last) ? last["t"] : undefined;
        return text instanceof Uint8Array ? [readAttributedText(text) ?? ""] : [];
    });
    const whole = texts.filter(Boolean).join("\n");
    return whole === "" ? undefined : whole;
}
function readEdits(info) {
    try {
        const [root] = parseBuffer(Buffer.from(info.buffer, info.byteOffset, info.byteLength));
        const edits = isRecord(root) ? root["ec"] : undefined;
        return isRecord(edits) ? edits : undefined;
    }
    catch {
        // Whatever else it may be: the message is told as one whose text cannot be read.
        return undefined;
    }
}
function isRecord(value) {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}
