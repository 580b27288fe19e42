import { cut } from "../../sdk/field.js";
import { at, textAt } from "../../sdk/json.js";
import { OWN_WORDS } from "../../sdk/words.js";
import { toWords } from "./commands.js";
import { readForm, readPress } from "./components.js";
import { toArrival } from "./receive.js";
import { toWhere } from "./where.js";
import { DM, isBot, NotDiscords, optionalId, readName, requireId, toTime } from "./wire.js";
const COMMAND = 2;
const PRESS = 3;
const FORM = 5;
const BOT_DM = 1;
/** Pure but for what is known of places. */
export function readInteraction(data, options) {
    try {
        const type = at(data, "type");
        if (type === COMMAND)
            return readCommand(data, options);
        if (type === PRESS)
            return readPressed(data, options);
        if (type === FORM)
            return readSent(data, options);
        return { kind: "ignore", reason: "an interaction of no kind that we offer" };
    }
    catch (thrown) {
        // Only our own words: another error's may quote the content.
        const reason = thrown instanceof NotDiscords ? thrown.message : "it cannot be read";
        return { kind: "malformed", reason };
    }
}
function readCommand(data, options) {
    const words = toWords(at(data, "data"));
    if (words === undefined)
        return { kind: "ignore", reason: "a command that is none of ours" };
    const base = toBase(data, options);
    const arrival = toArrival(options, {
        ...base,
        kind: "message",
        ack: "reply",
        text: `Message from ${base.sender.name}`,
        quotes: [{ label: OWN_WORDS, text: words }],
        chat: { ...base.chat, isCommand: true },
    });
    return { kind: "arrival", arrival, isPress: false };
}
function readPressed(data, options) {
    const press = readPress(at(data, "data"));
    if (press === undefined)
        return { kind: "ignore", reason: "a press on no button of ours" };
    const arrival = toPressed(data, options, press.id);
    return press.form === undefined
        ? { kind: "arrival", arrival, isPress: true }
        : { kind: "form", arrival, form: press.form };
}
function readSent(data, options) {
    const sent = readForm(at(data, "data"));
    if (sent === undefined)
        return { kind: "ignore", reason: "a form that is none of ours" };
    return { kind: "arrival", arrival: toPressed(data, options, sent.id, sent.words), isPress: true };
}
function toPressed(data, options, button, words = "") {
    const base = toBase(data, options);
    const messageId = optionalId(data, "message.id");
    const under = messageId === undefined ? "" : ` under message ${messageId}`;
    return toArrival(options, {
        ...base,
        kind: "button",
        ack: "auto",
        text: `${base.sender.name} pressed a button${under}`,
        quotes: [
            { label: "button", text: button },
            ...(words.trim() === "" ? [] : [{ label: OWN_WORDS, text: words }]),
        ],
        chat: { ...base.chat, button },
        meta: { ...base.meta, message_id: messageId },
    });
}
/** INTERACT-2, INTERACT-3 */
function toBase(data, { places }) {
    const id = requireId(data, "id");
    const inGuild = optionalId(data, "guild_id") !== undefined || at(data, "member") !== undefined;
    const user = at(data, "member.user") ?? at(data, "user");
    const sender = { id: requireId(user, "id"), name: readName(user, at(data, "member")) };
    const chatId = optionalId(data, "channel_id") ?? requireId(data, "channel.id");
    const [context, type] = [at(data, "context"), at(data, "channel.type")];
    const isDirect = !inGuild && (context === undefined ? type === DM : context === BOT_DM && (type ?? DM) === DM);
    const known = places.peek(chatId);
    const parentId = optionalId(data, "channel.parent_id");
    const found = known ?? {
        id: chatId,
        type,
        name: "",
        ...(parentId === undefined ? {} : { parentId }),
    };
    const where = isDirect
        ? { place: "dm", group: {}, threadId: undefined }
        : toWhere(chatId, found, places);
    return {
        sender,
        chatId,
        deliveryId: `interaction:${id}`,
        occurredAt: toTime(id),
        chat: {
            place: where.place,
            ...where.group,
            isAddressed: true,
            isBot: isBot({}, user),
            isForwarded: false,
            isEdited: false,
        },
        meta: { thread_id: where.threadId },
    };
}
/** Discord takes a first answer for three seconds; the way there takes some of them. */
const PATIENCE_MS = 1_800;
const EPHEMERAL = 64;
const MAX_CHARS = 2_000;
/** One interaction that is to be answered. */
export class PendingAnswer {
    #options;
    #id;
    #token;
    #isPress;
    #cancel;
    /** The put-off answer, once it has left. */
    #deferred;
    #isDone = false;
    constructor(data, isPress, options) {
        this.#options = options;
        this.#id = optionalId(data, "id") ?? "";
        this.#token = textAt(data, "token") ?? "";
        this.#isPress = isPress;
        // INTERACT-1. Of a button nothing is seen to happen; of a command, that it is worked on.
        this.#cancel = options.clock.after(PATIENCE_MS, () => {
            if (this.#isDone)
                return;
            const body = isPress ? { type: 6 } : { type: 5, data: { flags: EPHEMERAL } };
            this.#deferred = this.#callback(body);
        });
    }
    /** `text` undefined: nothing is said, and the button's wait ends; `isSilent`: not even that (INTERACT-4). */
    async end(text, isSilent) {
        this.#isDone = true;
        this.#cancel();
        const message = text === undefined ? undefined : await toMessage(text);
        if (this.#deferred === undefined) {
            if (message !== undefined)
                return this.#callback({ type: 4, data: message });
            if (isSilent)
                return;
            if (this.#isPress)
                return this.#callback({ type: 6 });
            return this.#callback({ type: 4, data: await toMessage("Passed on to the session.") });
        }
        await this.#deferred;
        const path = `/webhooks/${this.#options.application}/${encodeURIComponent(this.#token)}`;
        // A command's placeholder waits to be filled.
        if (!this.#isPress)
            await this.#say("PATCH", `${path}/messages/@original`, message ?? (await toMessage("Done.")));
        else if (message !== undefined)
            await this.#say("POST", path, message);
    }
    /** INTERACT-5 */
    async openForm(form) {
        this.#isDone = true;
        this.#cancel();
        await this.#callback({ type: 9, data: form });
    }
    #callback(body) {
        const path = `/interactions/${this.#id}/${encodeURIComponent(this.#token)}/callback`;
        return this.#say("POST", path, body);
    }
    /** Nothing waits for it: a fault is logged. One that came too late is Discord's to forget. */
    async #say(method, path, body) {
        const { api, log, signal } = this.#options;
        const outcome = await api.call(method, path, { body, signal, isOpen: true });
        if (outcome.kind === "ok")
            return;
        const code = outcome.kind === "refused" ? outcome.code : 0;
        log.warn({ code }, "an answer to a press or a command did not reach Discord");
    }
}
async function toMessage(text) {
    const { renderDiscord } = await import("./render.js");
    return {
        content: cut(renderDiscord(text), MAX_CHARS),
        flags: EPHEMERAL,
        allowed_mentions: { parse: [] },
    };
}
