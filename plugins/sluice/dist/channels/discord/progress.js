/**
 * How far what Discord says has been kept: the channel's cursor.
 *
 * Owns: the session with its last kept event, and the last kept message of each chat. Never: decides what is kept.
 *
 * PROGRESS-1 The number of an event is part of it only once the event is on disk: a death in between brings it again.
 * PROGRESS-2 A chat is followed once something of it was let in; only such chats are looked through after an outage.
 */
import { at, countAt, parseJson, textAt } from "../../sdk/json.js";
import { isLater, optionalId } from "./wire.js";
const MAX_CHATS = 200;
export class Progress {
    /** The bot whose session and chats these are. */
    bot;
    session;
    seq;
    /** By chat, the one written in most lately at the end: its last kept message. */
    #chats;
    constructor(bot, found) {
        this.bot = bot;
        const isOurs = textAt(found, "bot") === bot;
        const [id, url] = [textAt(found, "session.id"), textAt(found, "session.url")];
        this.session =
            isOurs && id !== undefined && url !== undefined && URL.canParse(url)
                ? { id, url }
                : undefined;
        this.seq = isOurs ? (countAt(found, "seq") ?? 0) : 0;
        this.#chats = new Map(isOurs ? readChats(found) : []);
    }
    /** What cannot be read, or is another bot's, begins anew. */
    static open(bot, cursor) {
        const parsed = cursor === undefined ? undefined : parseJson(cursor);
        return new Progress(bot, parsed?.kind === "ok" ? parsed.value : undefined);
    }
    get chats() {
        return [...this.#chats];
    }
    /** A message of a chat was kept, or need not be; `mayFollow`: it was let in. */
    note(chat, message, mayFollow) {
        const last = this.#chats.get(chat);
        if (last === undefined && !mayFollow)
            return;
        this.#chats.delete(chat);
        this.#chats.set(chat, last === undefined || isLater(message, last) ? message : last);
        const [oldest] = this.#chats.keys();
        if (this.#chats.size > MAX_CHATS && oldest !== undefined)
            this.#chats.delete(oldest);
    }
    /** It is gone, or not ours to read any more. */
    forget(chat) {
        this.#chats.delete(chat);
    }
    /** A copy that moves on its own, until it is on disk. */
    fork() {
        return Progress.open(this.bot, this.toString());
    }
    toString() {
        const { bot, session, seq } = this;
        return JSON.stringify({ bot, session, seq, chats: this.chats });
    }
}
function readChats(found) {
    const listed = at(found, "chats");
    if (!Array.isArray(listed))
        return [];
    return listed.flatMap((pair) => {
        const [chat, last] = [optionalId(pair, "0"), optionalId(pair, "1")];
        return chat === undefined || last === undefined ? [] : [[chat, last]];
    });
}
