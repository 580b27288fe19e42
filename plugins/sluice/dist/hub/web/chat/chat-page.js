/**
 * The chats of the page: a text that the user types becomes an arrival; a message of a session is stored and shown on every open tab.
 *
 * Owns: the page's half of the channel `chat`. Never: decides who is admitted (flow/intake/gate.ts) or who is signed in (sign-in.ts).
 *
 * PAGECHAT-1 A typed message and its event are one commit: a message that the page shows as sent is in the inbox.
 * PAGECHAT-2 Tabs hear of a change only after its commit; a tab that was away reads the history again.
 */
import { randomUUID } from "node:crypto";
import { PAGE_USER, toArrival, toEdit, toReaction } from "../../../channels/chat/receive.js";
import { SluiceError } from "../../../sdk/errors.js";
import { toMessageId } from "../../../sdk/page.js";
import { addChat, addChatMessage, editChatMessage, findChat, findChatFile, findChatMessage, findEventOfDelivery, findMessageOfEvent, listChats, reactToChatMessage, renameChat, } from "../../../store/page/chats.js";
import { CHAT_CHANNEL } from "../../settings/channel-name.js";
import { toDropped, toTitle } from "./chat-words.js";
/** The page's one user is known without a list: their sign-in began in the owner's terminal. */
export const PAGE_RULES = {
    policy: "allowlist",
    isStatic: true,
    hasInvite: false,
    findSender: (_account, id) => findPageUser(id),
    findGroup: () => undefined,
};
const NEW_TITLE = "New chat";
export class ChatPage {
    #options;
    #tabs = new Set();
    #stopWatching;
    constructor(options) {
        this.#options = options;
        const { db } = options;
        this.#stopWatching = db.watch((events) => {
            if (this.#tabs.size === 0)
                return;
            for (const event of events)
                this.#push(findMessageOfEvent(db, event));
        }, "chats");
    }
    /** Calls `push` with every change from now on. Returns how to stop. */
    open(push) {
        this.#tabs.add(push);
        return () => this.#tabs.delete(push);
    }
    /** Tells every open tab. */
    tell(change) {
        for (const push of this.#tabs)
            push(change);
    }
    /** The chats, newest first; there is always one. */
    async list() {
        const chats = listChats(this.#options.db);
        return chats.length > 0 ? chats : [await this.add(NEW_TITLE)];
    }
    async add(title) {
        const { db, clock } = this.#options;
        const chat = await db.write(() => {
            const numbers = listChats(db).map(({ id }) => Number(id.replace("chat-", "")));
            const id = `chat-${Math.max(0, ...numbers) + 1}`;
            addChat(db, id, title, clock.now());
            return { id, title, createdAt: clock.now(), changedAt: clock.now() };
        });
        this.tell({ kind: "chat", chat });
        return chat;
    }
    async rename(id, title) {
        const { db } = this.#options;
        await db.write(() => renameChat(db, id, title));
        const chat = this.#require(id);
        this.tell({ kind: "chat", chat });
        return chat;
    }
    /** Takes what the user typed (PAGECHAT-1). @throws SluiceError `not_found`, `bad_input` where the gate drops it, `store_*`. */
    async type(chatId, typed) {
        const { db, clock } = this.#options;
        const chat = this.#require(chatId);
        const files = (typed.files ?? []).map((id) => {
            const file = findChatFile(db, id);
            if (file === undefined)
                throw new SluiceError("not_found", `no file ${id}; attach it again`);
            return file;
        });
        const answered = typed.replyTo === undefined ? undefined : findChatMessage(db, typed.replyTo);
        if (typed.replyTo !== undefined && answered?.chat !== chatId)
            throw new SluiceError("not_found", `no message ${typed.replyTo} in this chat`);
        const messageId = toMessageId(typed.key);
        const arrival = toArrival({
            channel: CHAT_CHANNEL,
            chatId,
            text: typed.text,
            messageId,
            deliveryId: typed.key,
            replyTo: answered,
            files: files.map(({ id, ...file }) => ({ reference: id, ...file })),
        });
        const message = await this.#accept(arrival, (event) => {
            const known = findMessageOfEvent(db, event);
            if (known !== undefined)
                return known;
            const { text, replyTo } = typed;
            const author = "you";
            const row = { id: messageId, chat: chatId, author, text, files, replyTo, event };
            addChatMessage(db, row, clock.now());
            if (chat.title === NEW_TITLE && text.trim() !== "")
                renameChat(db, chatId, toTitle(text));
            return findChatMessage(db, messageId);
        });
        this.#push(findChatMessage(db, message.id));
        this.tell({ kind: "chat", chat: this.#require(chatId) });
        return findChatMessage(db, message.id) ?? message;
    }
    /** The user's new words for a message of theirs (PAGECHAT-1). @throws SluiceError as `type`. */
    async correct(chatId, messageId, { key, text }) {
        const { db, clock } = this.#options;
        const own = { chat: chatId, id: messageId, author: "you" };
        const before = findChatMessage(db, messageId);
        if (before?.chat !== chatId || before.author !== "you")
            throw new SluiceError("not_found", `no message ${messageId} of yours in this chat`);
        if (text.trim() === "" && before.files.length === 0)
            throw new SluiceError("bad_input", "the new text is empty");
        if (text === before.text)
            return before;
        const arrival = toEdit({ channel: CHAT_CHANNEL, chatId, messageId, text, deliveryId: key });
        const message = await this.#accept(arrival, () => {
            editChatMessage(db, own, text, clock.now());
            return findChatMessage(db, messageId);
        });
        this.#push(message);
        return message;
    }
    /** What the user thinks of a message: of a session's, the session hears of it. @throws SluiceError as `type`. */
    async mark(chatId, messageId, reaction) {
        const { db } = this.#options;
        const message = findChatMessage(db, messageId);
        const before = message?.reactions.find(({ by }) => by === "you")?.reaction ?? "";
        if (message?.author !== "session" || message.chat !== chatId || before === reaction)
            return this.#setReaction(chatId, messageId, { by: "you", reaction });
        const { text } = message;
        const deliveryId = randomUUID();
        const base = { channel: CHAT_CHANNEL, chatId, messageId, deliveryId };
        const marked = await this.#accept(toReaction({ ...base, reaction, text }), () => {
            reactToChatMessage(db, { chat: chatId, id: messageId }, { by: "you", reaction });
            return findChatMessage(db, messageId);
        });
        this.#push(marked);
    }
    async show(message) {
        const { db, clock, files } = this.#options;
        const { chatId, text, replyTo } = message;
        this.#require(chatId);
        const copies = await Promise.all((message.files ?? []).map((file) => files.copy(file)));
        const id = toMessageId(randomUUID());
        await db.write(() => addChatMessage(db, {
            id,
            chat: chatId,
            author: message.isNotice === true ? "hub" : "session",
            text,
            files: copies,
            replyTo,
        }, clock.now()));
        this.#push(findChatMessage(db, id));
        this.tell({ kind: "chat", chat: this.#require(chatId) });
        return id;
    }
    async edit(chatId, messageId, text) {
        const { db, clock } = this.#options;
        const key = { chat: chatId, id: messageId, author: "session" };
        const changed = await db.write(() => editChatMessage(db, key, text, clock.now()));
        if (!changed)
            throw new SluiceError("not_found", `no message ${messageId} of yours in chat ${chatId}`);
        this.#push(findChatMessage(db, messageId));
    }
    async react(chatId, messageId, reaction) {
        await this.#setReaction(chatId, messageId, { by: "session", reaction });
    }
    showTyping(chatId, activity = "working") {
        this.tell({ kind: "typing", chat: chatId, activity });
    }
    async readFile(reference, maxBytes) {
        const { file, bytes } = this.#options.files.read(reference);
        if (bytes.length > maxBytes) {
            throw new SluiceError("too_large", `${file.name} has ${bytes.length} bytes, more than ${maxBytes}`);
        }
        return bytes;
    }
    close() {
        this.#stopWatching();
        this.#tabs.clear();
    }
    /** PAGECHAT-1: an arrival of this page, and what the page keeps with its event. @throws SluiceError where the gate drops it. */
    async #accept(arrival, keep) {
        const { db, take } = this.#options;
        const accepting = take(arrival);
        const keepWithEvent = () => {
            const event = findEventOfDelivery(db, CHAT_CHANNEL, arrival.deliveryId ?? "");
            return event === undefined ? undefined : keep(event);
        };
        // In the turn, and so in the transaction, in which the event is added; later only where that took another turn.
        const [accepted, kept] = await Promise.all([accepting, db.write(keepWithEvent)]);
        if (accepted.kind === "dropped")
            throw toDropped(accepted.reason);
        const message = kept ?? (await db.write(keepWithEvent));
        if (message === undefined)
            throw new SluiceError("internal", "a typed message was not kept");
        return message;
    }
    async #setReaction(chatId, messageId, reaction) {
        const { db } = this.#options;
        const key = { chat: chatId, id: messageId };
        const changed = await db.write(() => reactToChatMessage(db, key, reaction));
        if (!changed)
            throw new SluiceError("not_found", `no message ${messageId} in chat ${chatId}`);
        this.#push(findChatMessage(db, messageId));
    }
    #require(id) {
        const chat = findChat(this.#options.db, id);
        if (chat === undefined)
            throw new SluiceError("not_found", `no chat ${id.slice(0, 64)}`);
        return chat;
    }
    #push(message) {
        if (message !== undefined)
            this.tell({ kind: "message", message });
    }
}
/** Whom the gate finds in the chats of the page: its one user, and nobody else. */
export function findPageUser(id) {
    return id === PAGE_USER ? { roles: ["chatter", "owner"] } : undefined;
}
