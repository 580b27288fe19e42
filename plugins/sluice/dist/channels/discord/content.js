import { toNameField } from "../../sdk/field.js";
import { at, countAt, listAt, textAt } from "../../sdk/json.js";
import { optionalId, readName } from "./wire.js";
const MAX_NAMED = 5;
/** The content of a message, its words under `label`. */
export function readContent(message, label, source, toPlaceName) {
    const words = readWords(message, toPlaceName);
    const files = listAt(message, "attachments").flatMap((one) => readFile(one, source));
    const embeds = listAt(message, "embeds").flatMap(readEmbed);
    const poll = readPoll(at(message, "poll"));
    const stickers = [...listAt(message, "sticker_items"), ...listAt(message, "stickers")].map((one) => toNameField(textAt(one, "name") ?? ""));
    const placeholder = [
        toFilesLine(files),
        stickers.length === 0
            ? ""
            : `(sticker: ${[...new Set(stickers)].slice(0, MAX_NAMED).join(", ")})`,
        poll === undefined ? "" : "(poll)",
    ];
    return {
        placeholder: placeholder.filter(Boolean).join("\n"),
        quotes: [
            ...(words === undefined ? [] : [{ label, text: words }]),
            ...(poll === undefined ? [] : [poll]),
            ...embeds,
        ],
        files,
    };
}
/** Names in place of ids: `<@1>` says nothing to a reader. */
function readWords(message, toPlaceName) {
    const text = textAt(message, "content");
    if (text === undefined)
        return undefined;
    const people = new Map(listAt(message, "mentions").map((user) => [
        optionalId(user, "id"),
        readName(user, at(user, "member")),
    ]));
    return text
        .replace(/<@!?(\d{1,20})>/g, (whole, id) => {
        const name = people.get(id);
        return name === undefined ? whole : `@${name}`;
    })
        .replace(/<#(\d{1,20})>/g, (whole, id) => {
        const name = toPlaceName(id);
        return name === undefined || name === "" ? whole : `#${name}`;
    })
        .replace(/<a?:(\w{2,32}):\d{1,20}>/g, ":$1:");
}
function readFile(file, { chat, message }) {
    const id = optionalId(file, "id");
    if (id === undefined)
        return [];
    const mime = textAt(file, "content_type")?.replace(/;.*$/, "");
    const bytes = countAt(file, "size");
    const seconds = at(file, "duration_secs");
    return [
        {
            reference: `${chat}/${message}/${id}`,
            name: textAt(file, "filename") ?? "file.bin",
            ...(mime === undefined ? {} : { mime }),
            ...(bytes === undefined ? {} : { bytes }),
            ...(typeof seconds === "number" ? { seconds } : {}),
        },
    ];
}
function toFilesLine(files) {
    if (files.length === 0)
        return "";
    const names = files.slice(0, MAX_NAMED).map(({ name }) => toNameField(name));
    const more = files.length > MAX_NAMED ? `, and ${files.length - MAX_NAMED} more` : "";
    return `(${files.length === 1 ? "file" : `${files.length} files`}: ${names.join(", ")}${more})`;
}
/** What somebody built; a link's preview only says again what the link leads to. */
function readEmbed(embed) {
    if (textAt(embed, "type") !== "rich")
        return [];
    const fields = listAt(embed, "fields").map((field) => `${textAt(field, "name") ?? ""}: ${textAt(field, "value") ?? ""}`);
    const lines = [textAt(embed, "title"), textAt(embed, "description"), ...fields];
    const text = lines.filter((line) => line !== undefined && line !== "").join("\n");
    return text === "" ? [] : [{ label: "embed", text }];
}
function readPoll(poll) {
    const question = textAt(poll, "question.text");
    if (question === undefined)
        return undefined;
    const answers = listAt(poll, "answers").map((answer) => `- ${textAt(answer, "poll_media.text") ?? ""}`);
    return { label: "poll", text: [question, ...answers].join("\n") };
}
/** What a reply answers, and the id to answer to. */
export function readAnswered(message) {
    const id = isReply(message) ? optionalId(message, "message_reference.message_id") : undefined;
    const answered = at(message, "referenced_message");
    if (id === undefined || answered == null)
        return { id, quotes: [] };
    const { quotes, placeholder } = readContent(answered, "in reply to", { chat: "", message: "" }, () => undefined);
    const [first] = quotes;
    const text = first?.text ?? placeholder;
    return { id, quotes: text === "" ? [] : [{ label: "in reply to", text }] };
}
function isReply(message) {
    return at(message, "type") === 19 && !isForward(message);
}
/** https://docs.discord.com/developers/resources/message#message-reference-types */
export function isForward(message) {
    return (at(message, "message_reference.type") === 1 || listAt(message, "message_snapshots").length > 0);
}
