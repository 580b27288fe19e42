import { toUrlField } from "../../sdk/field.js";
export function toArrival(message, { channel, topic, host }) {
    const { id, at, text, title, url, isUrgent, files } = message;
    const quotes = [
        ...(title === undefined ? [] : [{ label: "title", text: title }]),
        ...(text === "" ? [] : [{ label: "message", text }]),
    ];
    const link = url === undefined ? undefined : toUrlField(url);
    const meta = {
        user_id: topic,
        message_id: id,
        ...(link === undefined ? {} : { url: link }),
    };
    return {
        channel,
        kind: "message",
        sender: { id: topic },
        text: files.length === 0 ? "Message on the topic" : "Message on the topic, with a file",
        quotes,
        meta,
        priority: isUrgent ? "urgent" : "normal",
        ack: "reply",
        verified: "ntfy",
        deliveryId: `${host}/${topic}/${id}`,
        chatId: topic,
        chat: {
            place: "dm",
            account: host,
            isAddressed: true,
            isBot: false,
            isForwarded: false,
            isEdited: false,
            isShared: true,
        },
        ...(files.length === 0 ? {} : { files }),
        ...(at === undefined ? {} : { occurredAt: at }),
    };
}
