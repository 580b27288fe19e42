import { toNameField } from "../../sdk/field.js";
import { at, countAt, isTrueAt, listAt, textAt } from "../../sdk/json.js";
import { optionalId } from "./wire.js";
/** The content of a message; undefined for a service message, which is nobody's word. */
export function readContent(message, label) {
    const words = textAt(message, "text") ?? textAt(message, "caption");
    const media = readMedia(message) ?? readCard(message);
    if (words === undefined && media === undefined)
        return undefined;
    const links = readHiddenLinks(message, words ?? "");
    return {
        placeholder: media?.placeholder ?? "",
        files: media?.files ?? [],
        quotes: [
            ...(words === undefined ? [] : [{ label, text: words }]),
            ...(media?.quotes ?? []),
            ...(links === "" ? [] : [{ label: "links", text: links }]),
        ],
    };
}
/** Media that are files. The order matters: an animation has a document beside it, for older clients. */
const FILES = [
    ["animation", "animation", "mp4"],
    ["document", "document", "bin"],
    ["voice", "voice message", "ogg"],
    ["audio", "audio", "mp3"],
    ["video", "video", "mp4"],
    ["video_note", "video note", "mp4"],
];
function readMedia(message) {
    const sizes = listAt(message, "photo");
    if (sizes.length > 0) {
        // Sizes ascend; the last is the largest.
        const file = readFile(sizes.at(-1), "photo.jpg", "image/jpeg");
        return { placeholder: "(photo)", quotes: [], files: file };
    }
    if (at(message, "sticker") !== undefined)
        return readSticker(message);
    for (const [field, word, extension] of FILES) {
        if (at(message, field) === undefined)
            continue;
        const title = textAt(message, `${field}.file_name`) ?? textAt(message, `${field}.title`);
        const name = title === undefined ? "" : toNameField(title);
        const seconds = countAt(message, `${field}.duration`);
        const detail = [name, seconds === undefined ? "" : `${seconds} s`].filter(Boolean).join(", ");
        return {
            placeholder: detail === "" ? `(${word})` : `(${word}: ${detail})`,
            quotes: [],
            files: readFile(at(message, field), title ?? `${field}.${extension}`).map((file) => ({
                ...file,
                ...(seconds === undefined ? {} : { seconds }),
            })),
        };
    }
    return undefined;
}
function readSticker(message) {
    const emoji = textAt(message, "sticker.emoji") ?? "";
    const isMoving = isTrueAt(message, "sticker.is_animated") || isTrueAt(message, "sticker.is_video");
    return {
        placeholder: isEmoji(emoji) ? `(sticker ${emoji})` : "(sticker)",
        quotes: [],
        // A moving one is in a format that nobody here can look at.
        files: isMoving ? [] : readFile(at(message, "sticker"), "sticker.webp", "image/webp"),
    };
}
/** Content that is facts, not a file. */
function readCard(message) {
    const card = (placeholder, quotes = []) => ({
        placeholder,
        quotes,
        files: [],
    });
    if (at(message, "location") !== undefined) {
        const [latitude, longitude] = [
            at(message, "location.latitude"),
            at(message, "location.longitude"),
        ];
        const where = typeof latitude === "number" && typeof longitude === "number"
            ? `: ${latitude}, ${longitude}`
            : "";
        const venue = [textAt(message, "venue.title"), textAt(message, "venue.address")]
            .filter(Boolean)
            .join(", ");
        return card(`(location${where})`, venue === "" ? [] : [{ label: "venue", text: venue }]);
    }
    if (at(message, "contact") !== undefined) {
        const parts = ["first_name", "last_name", "phone_number"].map((field) => textAt(message, `contact.${field}`));
        return card("(contact)", [{ label: "contact", text: parts.filter(Boolean).join(" ") }]);
    }
    if (at(message, "poll") !== undefined) {
        const options = listAt(message, "poll.options").map((option) => `- ${textAt(option, "text") ?? ""}`);
        return card("(poll)", [
            { label: "poll", text: [textAt(message, "poll.question") ?? "", ...options].join("\n") },
        ]);
    }
    if (at(message, "dice") !== undefined)
        return card(`(dice: ${countAt(message, "dice.value") ?? "?"})`);
    for (const field of ["story", "paid_media", "checklist", "game", "giveaway", "rich_message"]) {
        if (at(message, field) !== undefined)
            return card(`(${field.replace("_", " ")}: open Telegram to see it)`);
    }
    return undefined;
}
function readFile(file, name, mime = textAt(file, "mime_type")) {
    const reference = textAt(file, "file_id");
    if (reference === undefined)
        return [];
    const bytes = countAt(file, "file_size");
    return [
        {
            reference,
            name,
            ...(mime === undefined ? {} : { mime }),
            ...(bytes === undefined ? {} : { bytes }),
        },
    ];
}
/** Links that stand behind words: the text alone does not show where they lead. */
function readHiddenLinks(message, words) {
    const entities = [...listAt(message, "entities"), ...listAt(message, "caption_entities")];
    const lines = entities.flatMap((entity) => {
        const url = textAt(entity, "url");
        const [offset, length] = [countAt(entity, "offset"), countAt(entity, "length")];
        if (textAt(entity, "type") !== "text_link" || url === undefined)
            return [];
        return [`${words.slice(offset ?? 0, (offset ?? 0) + (length ?? 0))}: ${url}`];
    });
    return lines.slice(0, 20).join("\n");
}
/** Made when first needed: V8 reads it, as a literal, for tens of milliseconds. */
let emoji;
export function isEmoji(text) {
    if (text.length > 16)
        return false;
    emoji ??= new RegExp("^\\p{RGI_Emoji}$", "v");
    return emoji.test(text);
}
/** What a reply answers, as quotes, and the id to answer to. */
export function readAnswered(message) {
    // In a topic every message "answers" the one that opened the topic.
    if (at(message, "reply_to_message.forum_topic_created") !== undefined)
        return { id: undefined, quotes: [] };
    const id = optionalId(message, "reply_to_message.message_id") ??
        optionalId(message, "external_reply.message_id");
    const part = textAt(message, "quote.text");
    if (part !== undefined)
        return { id, quotes: [{ label: "in reply to", text: part }] };
    const answered = at(message, "reply_to_message") ?? at(message, "external_reply");
    if (answered === undefined)
        return { id, quotes: [] };
    const content = readContent(answered, "in reply to");
    const placeholder = content?.placeholder ?? "";
    const quotes = (content?.quotes ?? []).filter(({ label }) => label === "in reply to");
    if (quotes.length === 0 && placeholder !== "")
        return { id, quotes: [{ label: "in reply to", text: placeholder }] };
    return { id, quotes };
}
