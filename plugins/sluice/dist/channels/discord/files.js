/**
 * Files on their way to Discord and from it.
 *
 * Owns: which files may be sent to a place, and where the address of a received one is found. Never: whether a file may leave this machine.
 *
 * DISFILE-1 A file's address is asked of its message, and must lead to Discord's own hosts; nothing of ours goes with that request.
 * Limits: https://docs.discord.com/developers/reference#uploading-files
 */
import { readFile, stat } from "node:fs/promises";
import { SluiceError, toMessage } from "../../sdk/errors.js";
import { at, listAt, textAt } from "../../sdk/json.js";
import { fetchFile } from "../../sdk/net/fetch-file.js";
import { toFault } from "./api.js";
import { optionalId } from "./wire.js";
/** Of one request, its words included. */
export const MAX_REQUEST_BYTES = 25 * 1024 ** 2;
const MAX_FILES = 10;
const ROOM_BYTES = 64 * 1024;
const DOWNLOAD_MS = 120_000;
const HOSTS = ["cdn.discordapp.com", "media.discordapp.net"];
/** @throws SluiceError `too_large`, `not_found` or `bad_input`, before anything is sent. */
export async function checkFiles(files, maxBytes) {
    const limit = Math.min(maxBytes, MAX_REQUEST_BYTES - ROOM_BYTES);
    const checked = [];
    for (const file of files) {
        const { size } = await stat(file.path).catch((thrown) => {
            throw toUnreadable(file, thrown);
        });
        if (size === 0)
            throw new SluiceError("bad_input", `discord: ${file.name} is empty; nothing was sent`);
        if (size > limit)
            throw new SluiceError("too_large", `discord: ${file.name} has ${toMegabytes(size)} MB and that chat takes ${toMegabytes(limit)} MB; nothing was sent`);
        checked.push({ ...file, bytes: size });
    }
    return checked;
}
/** As many together as one message takes. */
export function toGroups(files) {
    const groups = [];
    let room = 0;
    for (const file of files) {
        const last = groups.at(-1);
        if (last !== undefined && last.length < MAX_FILES && file.bytes <= room)
            last.push(file);
        else {
            groups.push([file]);
            room = MAX_REQUEST_BYTES - ROOM_BYTES;
        }
        room -= file.bytes;
    }
    return groups;
}
/** @throws SluiceError `not_found`: it went away since it was checked. */
export async function toUploads(files) {
    return Promise.all(files.map(async (file) => ({
        name: file.name,
        content: await readFile(file.path).catch((thrown) => {
            throw toUnreadable(file, thrown);
        }),
    })));
}
/**
 * The content of a received file.
 * @param ownOrigin the `host:port` of a server of the owner's own, whose files may lie there.
 * @throws SluiceError `not_found`, `too_large`, `send_failed`.
 */
export async function downloadFile(api, reference, limits) {
    const [chat, message, id] = reference.split("/");
    if (![chat, message, id].every((one) => /^\d{1,20}$/.test(one ?? "")))
        throw new SluiceError("bad_input", "discord: that is no file of a message");
    const { signal, ownOrigin, maxBytes } = limits;
    const found = await api.call("GET", `/channels/${chat}/messages/${message}`, { signal });
    if (found.kind !== "ok")
        throw toFault("looking for a file", found);
    const url = findUrl(found.result, id ?? "");
    if (url === undefined)
        throw new SluiceError("not_found", "discord: the message does not have that file any more");
    return fetchFile(url, {
        hosts: HOSTS,
        maxBytes,
        timeoutMs: DOWNLOAD_MS,
        signal,
        ...(ownOrigin === undefined ? {} : { ownOrigin }),
    });
}
/** In the message, or in the one that it forwards. */
function findUrl(message, id) {
    const forwarded = listAt(message, "message_snapshots").map((one) => at(one, "message"));
    const files = [message, ...forwarded].flatMap((one) => listAt(one, "attachments"));
    return textAt(files.find((one) => optionalId(one, "id") === id), "url");
}
function toUnreadable({ name }, thrown) {
    return new SluiceError("not_found", `discord: ${name} cannot be read; nothing was sent`, {
        cause: new Error(toMessage(thrown)),
    });
}
function toMegabytes(bytes) {
    return (bytes / 1024 / 1024).toFixed(bytes % (1024 * 1024) === 0 ? 0 : 1);
}
