import { MAX_META_CHARS } from "../../sdk/field.js";
import { at, isTrueAt, listAt, textAt, timeAt, toStorableText } from "../../sdk/json.js";
import { OWN_WORDS } from "../../sdk/words.js";
import { isEmoji, readAnswered, readContent } from "./content.js";
import { isBotAt, Malformed, optionalId, readName, requireId } from "./wire.js";
export function receive(update, channel, me) {
    try {
        const updateId = requireId(update, "update_id");
        const base = { channel, me, deliveryId: `${me.id}:${updateId}` };
        for (const field of ["message", "edited_message", "channel_post", "edited_channel_post"]) {
            if (at(update, field) !== undefined)
                return readMessage(at(update, field), field.startsWith("edited"), base);
        }
        if (at(update, "callback_query") !== undefined)
            return readTap(at(update, "callback_query"), base);
        if (at(update, "message_reaction") !== undefined)
            return readReaction(at(update, "message_reaction"), base);
        return { kind: "ignore", reason: "an update of no kind that we asked for" };
    }
    catch (thrown) {
        // UPDATE-3. Only our own words: another error's may quote the content.
        return {
            kind: "malformed",
            reason: thrown instanceof Malformed ? thrown.message : "it cannot be read",
        };
    }
}
function readMessage(message, isEdited, base) {
    const chatId = requireId(message, "chat.id");
    const messageId = requireId(message, "message_id");
    const moved = readMove(message, chatId);
    if (moved !== undefined)
        return moved;
    const where = readPlace(message, chatId);
    const foreign = findForeign(message);
    if (foreign !== undefined)
        return { kind: "ignore", reason: foreign };
    const { sender, isNobody } = readSender(message);
    if (sender.id === base.me.id)
        return { kind: "ignore", reason: "our own message" };
    // Each step of it is an edit, several a minute for hours; the only location that can be edited is one that lives.
    if (isEdited && at(message, "location") !== undefined)
        return { kind: "ignore", reason: "a live location that moves" };
    const origin = at(message, "forward_origin");
    const isForwarded = origin !== undefined || isTrueAt(message, "is_automatic_forward");
    const content = readContent(message, isForwarded ? "forwarded" : isEdited ? "edited message" : OWN_WORDS);
    if (content === undefined)
        return { kind: "ignore", reason: "a service message" };
    const answered = readAnswered(message);
    const from = isForwarded ? readOrigin(origin) : undefined;
    const place = isNobody ? "broadcast" : where.place;
    const isAddressed = place === "dm" || isNamed(message, base.me);
    const album = textAt(message, "media_group_id");
    const head = [
        isEdited ? `${sender.name} edited message ${messageId}` : `Message from ${sender.name}`,
        place === "dm" ? "" : ` in ${where.title}`,
        from === undefined ? "" : `, forwarded from ${from}`,
    ].join("");
    const arrival = toArrival(base, {
        kind: isEdited ? "message.edited" : "message",
        sender,
        chatId,
        // An edit is told, and owes no answer: the message that it changes does.
        ack: isAddressed && !isEdited ? "reply" : "auto",
        text: [head, content.placeholder].filter(Boolean).join("\n"),
        quotes: [...content.quotes, ...answered.quotes],
        occurredAt: timeAt(message, isEdited ? "edit_date" : "date"),
        chat: {
            place,
            ...where.group,
            isAddressed,
            isBot: isBotAt(message, "from"),
            isForwarded,
            isEdited,
        },
        meta: {
            user: sender.name,
            user_id: sender.id,
            chat_id: chatId,
            message_id: messageId,
            thread_id: where.threadId,
            reply_to_id: answered.id,
            reply_to_text: answered.quotes[0]?.text,
            edited: isEdited ? "true" : undefined,
            forwarded_from: from,
        },
    });
    if (content.files.length > 0)
        arrival.files = content.files;
    return {
        kind: "arrival",
        arrival,
        ...(album === undefined || isEdited ? {} : { album: `${chatId}:${album}` }),
    };
}
/** Telegram says so in both groups. https://core.telegram.org/bots/api#message */
function readMove(message, chatId) {
    const [to, from] = [
        optionalId(message, "migrate_to_chat_id"),
        optionalId(message, "migrate_from_chat_id"),
    ];
    if (to !== undefined)
        return { kind: "moved", from: chatId, to };
    return from === undefined ? undefined : { kind: "moved", from, to: chatId };
}
function readTap(query, base) {
    const id = textAt(query, "id");
    const data = textAt(query, "data");
    const message = at(query, "message");
    if (id === undefined)
        throw new Malformed("callback_query.id is missing");
    if (message === undefined || data === undefined)
        return { kind: "ignore", reason: "a tap on no button of ours" };
    const chatId = requireId(message, "chat.id");
    const where = readPlace(message, chatId);
    const sender = { id: requireId(query, "from.id"), name: readName(query, "from") };
    const arrival = toArrival(base, {
        kind: "button",
        sender,
        chatId,
        ack: "auto",
        text: `${sender.name} pressed a button under message ${requireId(message, "message_id")}`,
        quotes: [{ label: "button", text: data }],
        occurredAt: undefined,
        chat: {
            place: where.place,
            ...where.group,
            isAddressed: true,
            isBot: isBotAt(query, "from"),
            isForwarded: false,
            isEdited: false,
            button: data,
        },
        meta: {
            user: sender.name,
            user_id: sender.id,
            chat_id: chatId,
            message_id: requireId(message, "message_id"),
            thread_id: where.threadId,
        },
    });
    return { kind: "arrival", arrival, tap: id };
}
function readReaction(reaction, base) {
    const chatId = requireId(reaction, "chat.id");
    const messageId = requireId(reaction, "message_id");
    const where = readPlace(reaction, chatId);
    const isNobody = at(reaction, "user") === undefined;
    const path = isNobody ? "actor_chat" : "user";
    const sender = { id: requireId(reaction, `${path}.id`), name: readName(reaction, path) };
    if (sender.id === base.me.id)
        return { kind: "ignore", reason: "our own reaction" };
    const marks = listAt(reaction, "new_reaction").map((item) => {
        const emoji = textAt(item, "emoji") ?? "";
        return isEmoji(`${emoji}\uFE0F`) || isEmoji(emoji) ? emoji : "a custom emoji";
    });
    const did = marks.length === 0 ? "took back the reaction to" : `reacted ${marks.join(" ")} to`;
    const place = isNobody ? "broadcast" : where.place;
    return {
        kind: "arrival",
        arrival: toArrival(base, {
            kind: "reaction",
            sender,
            chatId,
            ack: "auto",
            priority: "low",
            text: `${sender.name} ${did} message ${messageId}`,
            quotes: [],
            occurredAt: timeAt(reaction, "date"),
            chat: {
                place,
                ...where.group,
                // Whose message it is, Telegram does not say.
                isAddressed: place === "dm",
                isBot: isBotAt(reaction, path),
                isForwarded: false,
                isEdited: false,
            },
            meta: {
                user: sender.name,
                user_id: sender.id,
                chat_id: chatId,
                message_id: messageId,
                reaction: marks.join(" "),
            },
        }),
    };
}
/** UPDATE-1: of a message for a chat, that chat is the sender, and nobody who could be known. */
function readSender(message) {
    const isNobody = at(message, "sender_chat") !== undefined || at(message, "from") === undefined;
    const path = at(message, "sender_chat") !== undefined ? "sender_chat" : isNobody ? "chat" : "from";
    return {
        sender: { id: requireId(message, `${path}.id`), name: readName(message, path) },
        isNobody,
    };
}
function readPlace(message, chatId) {
    const type = textAt(message, "chat.type");
    const title = readName(message, "chat");
    // Outside of topics this id only groups the answers to a message.
    const threadId = isTrueAt(message, "is_topic_message")
        ? optionalId(message, "message_thread_id")
        : undefined;
    if (type === "private")
        return { place: "dm", title, threadId, group: {} };
    if (type === "channel")
        return { place: "broadcast", title, threadId: undefined, group: {} };
    if (type !== "group" && type !== "supergroup")
        throw new Malformed("chat.type is of no known kind");
    return {
        place: threadId === undefined ? "group" : "thread",
        title,
        threadId,
        group: { groupId: chatId },
    };
}
/** UPDATE-2: why a message is not its sender's own. */
function findForeign(message) {
    if (at(message, "business_connection_id") !== undefined)
        return "a message of a business account";
    if (at(message, "guest_query_id") !== undefined)
        return "a message to a guest bot";
    if (at(message, "via_bot") !== undefined)
        return "a message by way of another bot";
    return undefined;
}
/** Whether a message names us or answers us. */
function isNamed(message, me) {
    const isOurs = optionalId(message, "reply_to_message.from.id") === me.id;
    if (isOurs && at(message, "reply_to_message.forum_topic_created") === undefined)
        return true;
    const words = textAt(message, "text") ?? textAt(message, "caption") ?? "";
    const name = `@${me.username.toLowerCase()}`;
    return [...listAt(message, "entities"), ...listAt(message, "caption_entities")].some((entity) => {
        const type = textAt(entity, "type");
        if (type === "text_mention")
            return optionalId(entity, "user.id") === me.id;
        if (type !== "mention" && type !== "bot_command")
            return false;
        const [offset, length] = [Number(at(entity, "offset")), Number(at(entity, "length"))];
        const named = words.slice(offset, offset + length).toLowerCase();
        return type === "mention" ? named === name : named.endsWith(name);
    });
}
/** Where a forwarded message came from, in a field of ours. */
function readOrigin(origin) {
    for (const path of ["sender_user", "sender_chat", "chat"]) {
        if (at(origin, path) !== undefined)
            return readName(origin, path);
    }
    const hidden = textAt(origin, "sender_user_name");
    return hidden === undefined ? "elsewhere" : readName({ hidden: { title: hidden } }, "hidden");
}
function toArrival(base, draft) {
    const { occurredAt, meta: facts, chat, quotes, ...rest } = draft;
    const meta = {};
    for (const [key, value] of Object.entries(facts)) {
        if (value !== undefined && value !== "")
            meta[key] = value.slice(0, MAX_META_CHARS).toWellFormed();
    }
    return {
        channel: base.channel,
        priority: "normal",
        verified: "telegram",
        deliveryId: base.deliveryId,
        ...rest,
        quotes: quotes.map(({ label, text }) => ({ label, text: toStorableText(text) })),
        chat: { ...chat, account: base.me.id },
        meta,
        ...(occurredAt === undefined ? {} : { occurredAt }),
    };
}
