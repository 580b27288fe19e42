import { MAX_META_CHARS } from "../../sdk/field.js";
import { toStorableText } from "../../sdk/json.js";
import { toAccount } from "./wire.js";
export function toKept(channel, me, draft) {
    const { id, person, chatId, key, ts, quotes, files = [], occurredAt, chat, meta } = draft;
    const facts = {};
    const all = { user: person.name, user_id: id, chat_id: chatId, ...meta };
    for (const [name, value] of Object.entries(all))
        if (value !== undefined && value !== "")
            facts[name] = value.slice(0, MAX_META_CHARS).toWellFormed();
    const whole = `${me.team}:${key}`;
    return {
        key: whole,
        ...(ts === undefined ? {} : { ts }),
        arrival: {
            channel,
            kind: draft.kind,
            sender: { id, name: person.name },
            text: draft.text,
            quotes: quotes.map(({ label, text }) => ({ label, text: toStorableText(text) })),
            meta: facts,
            priority: draft.priority ?? "normal",
            ack: draft.ack,
            verified: "slack",
            deliveryId: whole,
            chatId,
            chat: {
                isForwarded: false,
                isEdited: false,
                ...chat,
                account: toAccount(me),
                isBot: person.isBot,
                ...(person.isOutsider ? { isOutsider: true } : {}), // SLACKWHO-1
            },
            ...(files.length === 0 ? {} : { files }),
            ...(occurredAt === undefined ? {} : { occurredAt }),
        },
    };
}
