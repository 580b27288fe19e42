/**
 * Decides when two effects are the same one.
 *
 * Owns: the outbox's key, made of event, tool and normalised arguments, and how long it counts. Never: queues anything.
 */
import { createHash } from "node:crypto";
/** What goes to nobody's event is told apart for a day: the same words may be said again tomorrow. */
const SAME_LIFE_MS = 24 * 3_600_000;
const NOTICE_LIFE_MS = 3_600_000;
export function toKey(db, effect) {
    const { kind, event, channel, chatId, target = null, session } = effect;
    const text = effect.text.trim();
    const files = (effect.files ?? []).map(({ name, bytes, digest }) => [name, bytes, digest ?? ""]);
    const content = files.length === 0 ? [text] : [text, files];
    switch (kind) {
        case "reply":
            // Each session that has a copy may answer, also in the same words.
            return hash([effect.copy ?? event, kind, ...content]);
        case "send":
            return hash([channel, chatId, kind, session, ...content]);
        case "notice":
            // What answers another message is another answer.
            return hash([channel, chatId, kind, event, ...toList(effect.replyTo), ...content]);
        case "edit":
        case "react": {
            // Back to an earlier text is a change too: only the same as the latest one is the same.
            const place = [channel, chatId, kind, target];
            const before = db.get(`SELECT text, (SELECT COUNT(*) FROM outbox WHERE channel = ? AND chat_id IS ? AND kind = ? AND target = ?) AS count
         FROM outbox WHERE channel = ? AND chat_id IS ? AND kind = ? AND target = ? ORDER BY id DESC LIMIT 1`, ...place, ...place);
            const turn = before === undefined ? 0 : before.count - (before.text.trim() === text ? 1 : 0);
            return hash([channel, chatId, kind, target, text, turn]);
        }
        default:
            return kind;
    }
}
/** A reply is told apart for ever: its event is. What belongs to no event may be said again after a while. */
export function freeOldKey(db, { kind }, key, now) {
    if (kind !== "send" && kind !== "notice")
        return;
    const lifeMs = kind === "notice" ? NOTICE_LIFE_MS : SAME_LIFE_MS;
    db.run("UPDATE outbox SET key = key || '#' || id WHERE key = ? AND created_at <= ?", key, now - lifeMs);
}
function toList(value) {
    return value === undefined ? [] : [value];
}
function hash(parts) {
    return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}
