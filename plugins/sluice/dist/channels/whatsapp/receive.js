import { MAX_META_CHARS, toNameField } from "../../sdk/field.js";
import { at, isTrueAt, listAt, textAt, toStorableText } from "../../sdk/json.js";
import { OWN_WORDS } from "../../sdk/words.js";
const ID = /^[A-Za-z0-9._:@=+/-]{1,256}$/;
const FILES = ["image", "video", "audio", "document", "sticker"];
/** `number` is the id of ours, as Meta's settings call it: `phone_number_id`. */
export function readRequest(body, channel, number) {
    const readings = { arrivals: [], failures: [], leftBehind: 0 };
    for (const entry of listAt(body, "entry"))
        for (const change of listAt(entry, "changes")) {
            const value = at(change, "value");
            if (textAt(change, "field") !== "messages")
                continue;
            if (textAt(value, "metadata.phone_number_id") !== number)
                continue; // WHATSAPP-3
            for (const message of listAt(value, "messages")) {
                const arrival = readMessage(message, value, channel, number);
                if (arrival === undefined)
                    readings.leftBehind++;
                else if (arrival !== "nothing")
                    readings.arrivals.push(arrival);
            }
            for (const status of listAt(value, "statuses")) {
                const failure = readFailure(status);
                if (failure !== undefined)
                    readings.failures.push(failure);
            }
        }
    return readings;
}
function readMessage(message, value, channel, number) {
    const id = textAt(message, "id");
    const phone = textAt(message, "from");
    const person = textAt(message, "from_user_id") ?? phone;
    const type = textAt(message, "type");
    if (!isId(id) || !isId(person) || type === undefined)
        return undefined;
    if (phone !== undefined && !isId(phone))
        return undefined;
    // Numbers and ids change: it is said beside, and what was allowed to the old one is not the new one's.
    if (type === "system")
        return "nothing";
    const group = textAt(message, "group_id");
    // A group of an unexpected form is no direct chat.
    if (at(message, "group_id") !== undefined && !isId(group))
        return undefined;
    const chatId = isId(group) ? group : (phone ?? person);
    const sender = { id: person, name: readName(value, person, phone) };
    const content = readContent(message, type);
    const isForwarded = isTrueAt(message, "context.forwarded") || isTrueAt(message, "context.frequently_forwarded");
    const answers = textAt(message, "context.id");
    const isReaction = type === "reaction";
    const isAddressed = !isId(group) || isOurs(message, value);
    const arrival = {
        channel,
        kind: content.button !== undefined ? "button" : isReaction ? "reaction" : "message",
        sender,
        text: toText(sender.name, content, { isForwarded, isGroup: isId(group) }),
        quotes: content.quotes.map(({ label, text }) => ({
            label: isForwarded && label === OWN_WORDS ? "forwarded" : label,
            text: toStorableText(text),
        })),
        meta: toMeta({
            user: sender.name,
            user_id: person,
            chat_id: chatId,
            // Of a tap: the message that holds the button.
            message_id: content.button === undefined ? id : (answers ?? id),
            reply_to_id: answers,
            reaction: content.reaction,
        }),
        priority: isReaction ? "low" : "normal",
        ack: content.button !== undefined || isReaction || !isAddressed ? "auto" : "reply",
        verified: "whatsapp",
        deliveryId: id,
        chatId,
        chat: {
            place: isId(group) ? "group" : "dm",
            ...(isId(group) ? { groupId: group } : {}),
            account: number,
            isAddressed,
            isBot: false,
            isForwarded,
            isEdited: false,
            ...(content.button === undefined ? {} : { button: content.button }),
        },
        ...(content.files.length === 0 ? {} : { files: content.files }),
    };
    const occurredAt = readTime(message);
    return occurredAt === undefined ? arrival : { ...arrival, occurredAt };
}
/** It answers a message of our number. */
function isOurs(message, value) {
    const digits = (path, from) => textAt(from, path)?.replaceAll(/\D/g, "");
    const answered = digits("context.from", message);
    return answered !== undefined && answered === digits("metadata.display_phone_number", value);
}
function readContent(message, type) {
    const words = (text, label = OWN_WORDS) => text === undefined ? [] : [{ label, text }];
    const only = (line, quotes = []) => ({ line, quotes, files: [] });
    const file = FILES.find((one) => one === type);
    if (file !== undefined)
        return readFile(message, file);
    switch (type) {
        case "text":
            return only("", words(textAt(message, "text.body")));
        case "interactive": {
            const reply = at(message, "interactive.button_reply") ?? at(message, "interactive.list_reply");
            const id = textAt(reply, "id");
            const title = words(textAt(reply, "title"), "button");
            return id === undefined
                ? only("(a form that was filled in)", words(textAt(message, "interactive.nfm_reply.body"), "form"))
                : { ...only("", title), button: id };
        }
        // A quick reply of a template: its text is what the person chose to say.
        case "button":
            return only("", words(textAt(message, "button.text")));
        case "reaction": {
            const emoji = textAt(message, "reaction.emoji");
            return { ...only(""), reaction: emoji === undefined ? "" : toNameField(emoji, 16) };
        }
        case "location": {
            const [latitude, longitude] = [
                at(message, "location.latitude"),
                at(message, "location.longitude"),
            ];
            const isPlace = typeof latitude === "number" && typeof longitude === "number";
            const name = [textAt(message, "location.name"), textAt(message, "location.address")];
            return only(isPlace ? `(location: ${latitude}, ${longitude})` : "(location)", words(name.filter(Boolean).join(", ") || undefined, "venue"));
        }
        case "contacts": {
            const names = listAt(message, "contacts").map((one) => {
                const phones = listAt(one, "phones").map((phone) => textAt(phone, "phone") ?? "");
                return [textAt(one, "name.formatted_name"), ...phones].filter(Boolean).join(" ");
            });
            return only("(contacts)", words(names.join("\n"), "contact"));
        }
        default:
            // It may have been edited, taken back, or be of a kind that is new: the person is owed a word all the same.
            return only(`(a message of the type ${toNameField(type, 40)}: open WhatsApp to see it)`);
    }
}
function readFile(message, type) {
    const id = textAt(message, `${type}.id`);
    const name = textAt(message, `${type}.filename`);
    const mime = textAt(message, `${type}.mime_type`)?.split(";")[0];
    const word = type === "image"
        ? "photo"
        : type === "audio" && isTrueAt(message, "audio.voice")
            ? "voice message"
            : type;
    const caption = textAt(message, `${type}.caption`);
    return {
        line: name === undefined ? `(${word})` : `(${word}: ${toNameField(name)})`,
        quotes: caption === undefined ? [] : [{ label: OWN_WORDS, text: caption }],
        files: isId(id)
            ? [
                {
                    reference: id,
                    name: name ?? `${type}.${toExtension(mime)}`,
                    ...(mime === undefined ? {} : { mime }),
                },
            ]
            : [],
    };
}
function toExtension(mime) {
    const end = mime?.split("/")[1]?.replace(/[^a-z0-9]/gi, "");
    return end === undefined || end === "" ? "bin" : end.slice(0, 8);
}
function toText(name, { line, button, reaction }, { isForwarded, isGroup }) {
    if (button !== undefined)
        return `${name} pressed a button`;
    if (reaction !== undefined)
        return reaction === "" ? `${name} took back a reaction` : `${name} reacted ${reaction}`;
    const head = `Message from ${name}${isGroup ? " in a group" : ""}${isForwarded ? ", forwarded" : ""}`;
    return line === "" ? head : `${head}\n${line}`;
}
function readName(value, person, phone) {
    const contact = listAt(value, "contacts").find((one) => textAt(one, "user_id") === person || textAt(one, "wa_id") === (phone ?? person));
    const name = textAt(contact, "profile.name") ?? textAt(contact, "profile.username");
    return name === undefined ? person : toNameField(name) || person;
}
/** Seconds, as text. */
function readTime(message) {
    const text = textAt(message, "timestamp");
    return text !== undefined && /^\d{9,11}$/.test(text) ? Number(text) * 1_000 : undefined;
}
function readFailure(status) {
    const messageId = textAt(status, "id");
    const chatId = textAt(status, "recipient_id") ?? textAt(status, "recipient_user_id");
    if (textAt(status, "status") !== "failed" || !isId(messageId) || !isId(chatId))
        return undefined;
    const [error] = listAt(status, "errors");
    const code = at(error, "code");
    const words = [textAt(error, "title"), textAt(error, "error_data.details")];
    return {
        messageId,
        chatId,
        code: typeof code === "number" ? code : 0,
        reason: words.filter(Boolean).join(": ").slice(0, 200) || "no reason given",
    };
}
function isId(text) {
    return text !== undefined && ID.test(text);
}
function toMeta(facts) {
    const meta = {};
    for (const [key, value] of Object.entries(facts))
        if (value !== undefined && value !== "")
            meta[key] = value.slice(0, MAX_META_CHARS).toWellFormed();
    return meta;
}
