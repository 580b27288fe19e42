/**
 * A message for a session as one text: the block that the instructions of our MCP server speak of.
 *
 * Owns: that text. Never: what a message holds (flow/deliver/messages.ts), where tags of others in it are made harmless.
 */
import { escape } from "../flow/text/shape.js";
export function toBlock({ content, meta }) {
    const attributes = Object.entries(meta).map(([key, value]) => ` ${key}="${escape(value)}"`);
    return `<channel source="sluice"${attributes.join("")}>\n${content}\n</channel>`;
}
/** Of a message: the id by which it goes. */
export function toCarrier({ meta }) {
    return meta["event_id"] ?? "";
}
