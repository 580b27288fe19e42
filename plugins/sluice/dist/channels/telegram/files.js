/**
 * Which files Telegram takes, and as what.
 *
 * Owns: sizes, kinds, and which files may share an album. Never: whether a file may leave this machine.
 * Limits: https://core.telegram.org/bots/api#sending-files, https://core.telegram.org/bots/api#sendmediagroup
 */
import { stat } from "node:fs/promises";
import { extname } from "node:path";
import { InputFile } from "../../vendor/grammy.js";
import { SluiceError, toMessage } from "../../sdk/errors.js";
export const MAX_UPLOAD_BYTES = 50 * 1024 * 1024;
export const MAX_DOWNLOAD_BYTES = 20 * 1024 * 1024;
const MAX_PHOTO_BYTES = 10 * 1024 * 1024;
const MAX_ALBUM = 10;
/** @throws SluiceError `too_large`, `not_found` or `bad_input`, before anything is sent. */
export async function checkFiles(files) {
    const checked = [];
    for (const file of files) {
        let bytes;
        try {
            bytes = (await stat(file.path)).size;
        }
        catch (thrown) {
            throw new SluiceError("not_found", `telegram: ${file.name} cannot be read; nothing was sent`, {
                cause: new Error(toMessage(thrown)),
            });
        }
        if (bytes === 0)
            throw new SluiceError("bad_input", `telegram: ${file.name} is empty; nothing was sent`);
        if (bytes > MAX_UPLOAD_BYTES) {
            throw new SluiceError("too_large", `telegram: ${file.name} has ${toMegabytes(bytes)} MB and a bot may send ${toMegabytes(MAX_UPLOAD_BYTES)}; nothing was sent`);
        }
        checked.push({ ...file, bytes });
    }
    return checked;
}
/** Neighbours of one kind as albums of up to ten, where `mayGroup`; an album takes no buttons. */
export function toGroups(files, mayGroup) {
    const groups = [];
    for (const file of files) {
        const kind = toKind(file);
        const last = groups.at(-1);
        const joins = mayGroup && kind !== "animation" && last?.kind === kind && last.files.length < MAX_ALBUM;
        if (joins)
            last.files.push(file);
        else
            groups.push({ kind, files: [file] });
    }
    return groups;
}
function toKind({ name, bytes }) {
    const extension = extname(name).toLowerCase();
    if (extension === ".gif")
        return "animation";
    const isPicture = [".jpg", ".jpeg", ".png", ".webp"].includes(extension);
    return isPicture && bytes <= MAX_PHOTO_BYTES ? "photo" : "document";
}
export function toInputFile({ path, name }) {
    return new InputFile(path, name);
}
function toMegabytes(bytes) {
    return (bytes / 1024 / 1024).toFixed(bytes % (1024 * 1024) === 0 ? 0 : 1);
}
