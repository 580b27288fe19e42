import { toNameField, toUrlField } from "../../sdk/field.js";
import { countAt, isTrueAt, listAt, textAt } from "../../sdk/json.js";
import { idAt } from "./wire.js";
const MAX_FILES = 20;
const MAX_FORWARDS = 10;
export function readContent(message, toPlain) {
    const files = listAt(message, "files").slice(0, MAX_FILES).map(readFile);
    const forwards = listAt(message, "attachments")
        .filter((one) => isTrueAt(one, "is_share") || isTrueAt(one, "is_msg_unfurl"))
        .slice(0, MAX_FORWARDS);
    const quotes = forwards.flatMap((one) => {
        const text = toPlain(textAt(one, "text") ?? textAt(one, "fallback") ?? "");
        return text === "" ? [] : [{ label: "forwarded", text }];
    });
    const inForwards = forwards.flatMap((one) => listAt(one, "files").map(readFile));
    const all = [...files, ...inForwards].slice(0, MAX_FILES);
    const author = forwards.map((one) => textAt(one, "author_name")).find((one) => one !== undefined);
    return {
        placeholder: all.map(({ placeholder }) => placeholder).join("\n"),
        quotes: [...quotes, ...all.flatMap((one) => one.quotes)],
        files: all.flatMap((one) => one.files),
        isForwarded: forwards.length > 0,
        forwardedFrom: forwards.length === 0 ? undefined : toNameField(author ?? "elsewhere"),
    };
}
function readFile(file) {
    const title = textAt(file, "name") ?? textAt(file, "title");
    const name = toNameField(title ?? "");
    const none = { quotes: [], files: [] };
    const mode = textAt(file, "mode");
    if (mode === "tombstone")
        return { placeholder: "(a file that was deleted)", ...none };
    if (mode === "hidden_by_limit")
        return { placeholder: "(a file that Slack hides: the workspace's plan is used up)", ...none };
    if (isTrueAt(file, "is_external") || mode === "external") {
        const address = toUrlField(textAt(file, "external_url") ?? textAt(file, "url_private") ?? "");
        const quotes = address === undefined ? [] : [{ label: "link", text: address }];
        return {
            placeholder: `(a file elsewhere${name === "" ? "" : `: ${name}`})`,
            quotes,
            files: [],
        };
    }
    const mime = textAt(file, "mimetype");
    const word = mime?.startsWith("image/") === true ? "photo" : "file";
    const placeholder = name === "" ? `(${word})` : `(${word}: ${name})`;
    const reference = idAt(file, "id");
    if (reference === undefined)
        return { placeholder, ...none };
    const bytes = countAt(file, "size");
    const ms = countAt(file, "duration_ms");
    return {
        placeholder,
        quotes: [],
        files: [
            {
                reference,
                name: title ?? "file",
                ...(mime === undefined ? {} : { mime }),
                ...(bytes === undefined ? {} : { bytes }),
                ...(ms === undefined ? {} : { seconds: ms / 1_000 }),
            },
        ],
    };
}
