/**
 * The way out of WhatsApp's Cloud API.
 *
 * Owns: what a message of ours becomes, and the limits of each form. Never: the wire (api.ts).
 *
 * WASEND-1 A text with buttons is one interactive message at its end; what does not fit into that stands before it. Up to three are
 *    buttons, up to ten a list; more are left to the code in the text.
 * WASEND-2 Meta names a message in its answer; that it was not delivered comes later (intake.ts).
 * Limits: https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/interactive-reply-buttons-messages
 */
import { openAsBlob } from "node:fs";
import { isSluiceError, SluiceError } from "../../sdk/errors.js";
import { textAt } from "../../sdk/json.js";
import { MaybeSent, toPartFault, } from "../../sdk/message.js";
import { toMaybe } from "./api.js";
export const MAX_TEXT_CHARS = 4_096;
const MAX_BODY_CHARS = 1_024;
const MAX_BUTTONS = 3;
const MAX_ROWS = 10;
const MAX_TITLE_CHARS = 20;
const MAX_ROW_CHARS = 24;
const MIB = 1024 ** 2;
export const MAX_FILE_BYTES = 100 * MIB;
/** Others go as documents. https://developers.facebook.com/documentation/business-messaging/whatsapp/business-phone-numbers/media */
const MEDIA = {
    jpg: { type: "image", mime: "image/jpeg", max: 5 * MIB },
    jpeg: { type: "image", mime: "image/jpeg", max: 5 * MIB },
    png: { type: "image", mime: "image/png", max: 5 * MIB },
    mp4: { type: "video", mime: "video/mp4", max: 16 * MIB },
    "3gp": { type: "video", mime: "video/3gpp", max: 16 * MIB },
    mp3: { type: "audio", mime: "audio/mpeg", max: 16 * MIB },
    ogg: { type: "audio", mime: "audio/ogg", max: 16 * MIB },
    m4a: { type: "audio", mime: "audio/mp4", max: 16 * MIB },
};
export class WhatsAppSender {
    #api;
    #number;
    constructor(api, number) {
        this.#api = api;
        this.#number = number;
    }
    async send(message) {
        const { chatId, replyTo, files = [] } = message;
        const bodies = await toBodies(message.text, message.buttons?.flat() ?? []);
        const sent = [...(message.arrived ?? [])];
        const context = replyTo === undefined ? {} : { context: { message_id: replyTo } };
        try {
            for (const [index, body] of bodies.entries())
                if (index >= sent.length)
                    sent.push(await this.#post(chatId, { ...(index === 0 ? context : {}), ...body }));
            for (const file of files.slice(Math.max(0, sent.length - bodies.length)))
                sent.push(await this.#post(chatId, await this.#upload(file)));
        }
        catch (thrown) {
            if (sent.length === 0 || !isSluiceError(thrown))
                throw thrown;
            throw toPartFault(thrown, sent);
        }
        return sent;
    }
    async react(chatId, messageId, emoji) {
        await this.#post(chatId, { type: "reaction", reaction: { message_id: messageId, emoji } });
    }
    /** Read marks, and "typing" below: it goes with the next message, or after 25 s. */
    async read(messageId, isTyping) {
        await this.#api.call("POST", `${this.#number}/messages`, {
            messaging_product: "whatsapp",
            status: "read",
            message_id: messageId,
            ...(isTyping ? { typing_indicator: { type: "text" } } : {}),
        });
    }
    /** For a person who last wrote more than 24 hours ago. */
    async sendTemplate(chatId, template) {
        const [name = "", language = "en_US"] = template.split(":");
        return [
            await this.#post(chatId, {
                type: "template",
                template: { name, language: { code: language } },
            }),
        ];
    }
    async #post(chatId, body) {
        const answer = await this.#api.call("POST", `${this.#number}/messages`, {
            messaging_product: "whatsapp",
            ...toAddress(chatId),
            ...body,
        });
        const id = textAt(answer, "messages.0.id");
        if (id !== undefined)
            return id;
        throw toMaybe("whatsapp: the API took the message and named none");
    }
    async #upload(file) {
        const known = MEDIA[file.name.split(".").at(-1)?.toLowerCase() ?? ""];
        const media = known !== undefined && file.bytes <= known.max ? known : undefined;
        if (file.bytes > MAX_FILE_BYTES)
            throw new SluiceError("too_large", "whatsapp: a file takes at most 100 MB");
        const mime = media?.mime ?? "application/octet-stream";
        const form = new FormData();
        form.set("messaging_product", "whatsapp");
        form.set("type", mime);
        form.set("file", new Blob([await (await openAsBlob(file.path)).arrayBuffer()], { type: mime }), file.name);
        const id = textAt(await this.#api.call("POST", `${this.#number}/media`, form).catch(toUnseen), "id");
        if (id === undefined)
            toUnseen(toMaybe("whatsapp: the API took the file and named none"));
        const type = media?.type ?? "document";
        return { type, [type]: { id, ...(type === "document" ? { filename: file.name } : {}) } };
    }
}
/** WAAPI-2: what was only uploaded nobody has seen, and may be sent again. */
function toUnseen(thrown) {
    if (!isSluiceError(thrown) || !(thrown.cause instanceof MaybeSent))
        throw thrown;
    throw new SluiceError(thrown.code, thrown.message, { retryable: true });
}
/** A phone number, a business-scoped id, or a group. */
function toAddress(chatId) {
    if (/^\d{5,20}$/.test(chatId))
        return { recipient_type: "individual", to: chatId };
    if (/^[A-Z]{2}\./.test(chatId))
        return { recipient_type: "individual", recipient: chatId };
    return { recipient_type: "group", to: chatId };
}
/** WASEND-1 */
async function toBodies(text, buttons) {
    const { chunkMarkdown: cut, renderWhatsApp: render } = await loadTexts();
    const action = toAction(buttons);
    const limit = action === undefined ? MAX_TEXT_CHARS : MAX_BODY_CHARS;
    const pieces = cut(text, limit, (piece) => Math.max(piece.length, render(piece).length));
    return pieces.map((piece, index) => {
        const body = render(piece);
        return action === undefined || index < pieces.length - 1
            ? { type: "text", text: { body, preview_url: false } }
            : { type: "interactive", interactive: { ...action, body: { text: body } } };
    });
}
function toAction(buttons) {
    if (buttons.length === 0 || buttons.length > MAX_ROWS)
        return undefined;
    if (buttons.length <= MAX_BUTTONS) {
        const titles = toTitles(buttons, MAX_TITLE_CHARS);
        const list = buttons.map(({ id }, index) => ({
            type: "reply",
            reply: { id, title: titles[index] },
        }));
        return { type: "button", action: { buttons: list } };
    }
    const titles = toTitles(buttons, MAX_ROW_CHARS);
    const rows = buttons.map(({ id }, index) => ({ id, title: titles[index] }));
    return { type: "list", action: { button: "Answer", sections: [{ title: "Answer", rows }] } };
}
/** Two titles must differ, and none may be empty. */
function toTitles(buttons, max) {
    const taken = new Set();
    return buttons.map(({ label }, index) => {
        const whole = label.trim() === "" ? `${index + 1}` : label.trim();
        let title = cutTitle(whole, max);
        if (taken.has(title))
            title = `${index + 1} ${cutTitle(whole, max - 3)}`;
        taken.add(title);
        return title;
    });
}
function cutTitle(text, max) {
    if (text.length <= max)
        return text;
    return `${text
        .slice(0, max - 1)
        .toWellFormed()
        .replace(/\uFFFD$/u, "")}…`;
}
/** Loaded with the first message: a hub that only listens does not wait for the reader of Markdown. */
async function loadTexts() {
    const [cutter, renderer] = await Promise.all([
        import("../../sdk/chunk.js"),
        import("./render.js"),
    ]);
    return { chunkMarkdown: cutter.chunkMarkdown, renderWhatsApp: renderer.renderWhatsApp };
}
