import { SluiceError, toMessage } from "../../sdk/errors.js";
import { toFault } from "./api.js";
import { checkFiles, toGroups } from "./files.js";
import { isUnreadable, Run, Silence, toNumber, toQuiet, } from "./message-run.js";
import { SIGNS } from "./reactions.js";
import { MAX_TEXT_CHARS } from "./settings.js";
import { loadTexts } from "./texts.js";
const MAX_CAPTION_CHARS = 1_024;
/** Telegram's own limit is 64 bytes. https://core.telegram.org/bots/api#inlinekeyboardbutton */
const MAX_BUTTON_BYTES = 64;
export class TelegramSender {
    #options;
    #silence;
    #tell;
    /** Groups that became supergroups in this life, and their new ids. */
    #moved = new Map();
    constructor(options) {
        this.#options = { ...options, moved: (from, to) => this.#note(from, to) };
        this.#tell = options.moved;
        this.#silence = new Silence(options.clock);
    }
    async send(message) {
        const groups = toGroups(await checkFiles(message.files ?? []), message.buttons === undefined);
        const { style } = this.#options;
        const { texts, caption } = await toTexts(message.text, groups, style.maxTextChars);
        if (texts.length === 0 && groups.length === 0) {
            throw new SluiceError("bad_input", "telegram: the message is empty; give it a text or a file");
        }
        const keyboard = toKeyboard(message.buttons);
        const run = new Run(this.#relocate(toQuoting(message, style.quotes)), this.#options, this.#silence);
        // BOTSEND-2
        let arrived = run.messageIds.length;
        for (const [index, text] of texts.entries()) {
            if (arrived-- > 0)
                continue;
            const isLast = groups.length === 0 && index === texts.length - 1;
            await run.text(text, isLast ? keyboard : {});
        }
        arrived = Math.max(0, arrived);
        for (const [index, group] of groups.entries()) {
            const files = group.files.slice(arrived);
            const isFirst = index === 0 && files.length === group.files.length;
            arrived = Math.max(0, arrived - group.files.length);
            await run.files({ ...group, files }, isFirst ? caption : undefined, index === groups.length - 1 ? keyboard : {});
        }
        return { messageIds: run.messageIds };
    }
    /** The buttons are always named: an edit that is silent about them leaves it to the platform which ones stay. */
    async edit(chatId, messageId, text, buttons) {
        if (text.trim() === "")
            throw new SluiceError("bad_input", "telegram: the new text is empty");
        if (text.length > MAX_TEXT_CHARS) {
            throw new SluiceError("too_large", `telegram: an edited message takes ${MAX_TEXT_CHARS} characters, not ${text.length}; shorten it or send a new one`);
        }
        const target = {
            chat_id: chatId,
            message_id: toNumber("message", messageId),
            ...toKeyboard(buttons ?? []),
        };
        const edit = (parts) => this.#call("editMessageText", {
            ...target,
            text,
            link_preview_options: { is_disabled: !this.#options.style.hasPreviews },
            ...parts,
        });
        const { renderHtml } = await loadTexts();
        const html = renderHtml(text);
        let outcome = await edit({ text: html, parse_mode: "HTML" });
        if (isUnreadable(outcome))
            outcome = await edit({});
        if (outcome.kind === "ok" || isSame(outcome))
            return;
        throw toFault("editMessageText", outcome);
    }
    async react(chatId, messageId, emoji) {
        const outcome = await this.#call("setMessageReaction", {
            chat_id: chatId,
            message_id: toNumber("message", messageId),
            reaction: emoji === "" ? [] : [{ type: "emoji", emoji: emoji }],
        });
        if (outcome.kind !== "ok")
            throw toFault("setMessageReaction", outcome);
    }
    async mark(chatId, messageId, sign) {
        try {
            const { receivedSign } = this.#options.style;
            await this.react(chatId, messageId, sign === "received" ? receivedSign : SIGNS[sign]);
        }
        catch (thrown) {
            // Deleted meanwhile: there is nothing left to say.
            if (!/message (to react )?not found/i.test(toMessage(thrown)))
                throw thrown;
        }
    }
    async typing(chatId, threadId) {
        // Not worth a fault, and never worth a wait.
        if (this.#silence.leftMs > 0)
            return;
        const { chatId: id, threadId: thread } = this.#relocate({
            chatId,
            ...(threadId === undefined ? {} : { threadId }),
        });
        await this.#call("sendChatAction", {
            chat_id: id,
            action: "typing",
            ...(thread === undefined ? {} : { message_thread_id: toNumber("thread", thread) }),
        });
    }
    /** Any call but those of `Run`, under the same silence. */
    async #call(method, payload) {
        const quietMs = this.#silence.leftMs;
        if (quietMs > 0)
            return toQuiet(quietMs);
        const { api, signal } = this.#options;
        const outcome = await api.call(method, payload, { signal });
        if (outcome.kind === "refused" && outcome.retryAfterMs !== undefined)
            this.#silence.extend(outcome.retryAfterMs);
        // The message that was meant has no id there that anybody knows: it is not tried again.
        const { chat_id: from } = payload;
        if (outcome.kind === "refused" && outcome.movedTo !== undefined && from !== undefined)
            await this.#note(String(from), outcome.movedTo);
        return outcome;
    }
    async #note(from, to) {
        if (from === to || this.#moved.get(from) === to)
            return;
        this.#moved.set(from, to);
        await this.#tell?.(from, to);
    }
    /** BOTSEND-5 */
    #relocate(message) {
        const to = this.#moved.get(message.chatId);
        if (to === undefined)
            return message;
        const { threadId: _, replyTo: __, ...rest } = message;
        return { ...rest, chatId: to };
    }
}
/** With the message that it answers, or without, as its owner wants it. */
function toQuoting(message, quotes) {
    const { replyTo, ...rest } = message;
    if (quotes === "off")
        return rest;
    const quoted = replyTo ?? (quotes === undefined ? undefined : message.answering);
    return quoted === undefined ? rest : { ...rest, replyTo: quoted };
}
/** The text as messages of its own, or as the caption of what follows. */
async function toTexts(text, groups, maxTextChars) {
    const isCaption = groups.length > 0 && text.length <= MAX_CAPTION_CHARS && text.trim() !== "";
    if (isCaption)
        return { texts: [], caption: text };
    const { chunkMarkdown } = await loadTexts();
    return { texts: chunkMarkdown(text, maxTextChars) };
}
function toKeyboard(buttons) {
    if (buttons === undefined)
        return {};
    const rows = buttons.map((row) => row.map(({ id, label }) => {
        if (id === "" || Buffer.byteLength(id) > MAX_BUTTON_BYTES) {
            throw new SluiceError("bad_input", `telegram: a button's id takes 1 to ${MAX_BUTTON_BYTES} bytes`);
        }
        return { text: label, callback_data: id };
    }));
    return { reply_markup: { inline_keyboard: rows } };
}
function isSame(outcome) {
    return outcome.kind === "refused" && /message is not modified/i.test(outcome.description);
}
