/**
 * Files, up and down.
 *
 * Owns: which files are sent, and where the token may go. Never: whether a file may leave this machine.
 *
 * SLACKFILE-1 The bot's token goes to Slack's own hosts for files and to no other, whatever address a message names; an upload carries none.
 * SLACKFILE-2 Slack answers a request that it does not trust with a page to sign in: what is a page and was announced as no page is no file.
 * https://docs.slack.dev/messaging/working-with-files
 */
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { SluiceError, toMessage } from "../../sdk/errors.js";
import { isTrueAt, textAt } from "../../sdk/json.js";
import { fetchFile } from "../../sdk/net/fetch-file.js";
import { request } from "../../sdk/net/request.js";
import { toFault } from "./api.js";
const UPLOAD_MS = 180_000;
const DOWNLOAD_MS = 120_000;
const HOSTS = ["files.slack.com", "files.slack-gov.com"];
/** Of one message. */
const MAX_FILES = 10;
/** @throws SluiceError `too_large`, `not_found` or `bad_input`, before anything is sent. */
export async function checkFiles(files) {
    if (files.length > MAX_FILES)
        throw new SluiceError("bad_input", `slack: ${MAX_FILES} files go with one message, not ${files.length}`);
    return Promise.all(files.map(async (file) => {
        const { size } = await stat(file.path).catch((thrown) => {
            throw new SluiceError("not_found", `slack: ${file.name} cannot be read; nothing was sent`, {
                cause: new Error(toMessage(thrown)),
            });
        });
        if (size === 0)
            throw new SluiceError("bad_input", `slack: ${file.name} is empty; nothing was sent`);
        return { ...file, bytes: size };
    }));
}
/** Brings a file to Slack, where nobody sees it yet. Resolves to its id. @throws SluiceError: nothing has been shown. */
export async function upload(api, file, signal) {
    const method = "files.getUploadURLExternal";
    const asked = await api.call(method, { filename: file.name, length: String(file.bytes) }, { signal });
    if (asked.kind !== "ok")
        throw toFault(method, asked);
    const [address, id] = [textAt(asked.body, "upload_url"), textAt(asked.body, "file_id")];
    if (address === undefined || id === undefined || !mayUpload(address, api.root))
        throw toUploadFault(file, "Slack named no place for it");
    const { status } = await request(address, {
        method: "POST",
        headers: { "content-type": "application/octet-stream", "content-length": file.bytes },
        body: createReadStream(file.path),
        timeoutMs: UPLOAD_MS,
        signal,
    }).catch((thrown) => {
        // It may be there; but without the next step nobody sees it.
        throw toUploadFault(file, toMessage(thrown));
    });
    if (status !== 200)
        throw toUploadFault(file, `${status}`);
    return id;
}
function mayUpload(address, root) {
    if (!URL.canParse(address))
        return false;
    const { protocol, host } = new URL(address);
    return protocol === "https:" || host === new URL(root).host;
}
function toUploadFault(file, why) {
    return new SluiceError("send_failed", `slack: ${file.name} was not taken: ${why}`, {
        retryable: true,
    });
}
/** SLACKFILE-1 */
export async function download(reference, maxBytes, { api, token, ownOrigin, signal }) {
    const found = await api.call("files.info", { file: reference }, { signal });
    if (found.kind !== "ok")
        throw toFault("files.info", found);
    const { body } = found;
    if (isTrueAt(body, "file.is_external") || textAt(body, "file.mode") === "external")
        throw new SluiceError("bad_input", "slack: the file lies elsewhere, and Slack only links to it");
    const address = textAt(body, "file.url_private_download") ?? textAt(body, "file.url_private") ?? "";
    const bytes = await fetchFile(address, {
        hosts: HOSTS,
        maxBytes,
        timeoutMs: DOWNLOAD_MS,
        headers: { authorization: `Bearer ${token.reveal()}` },
        ...(ownOrigin === undefined ? {} : { ownOrigin }),
        signal,
    });
    // SLACKFILE-2
    const mime = textAt(body, "file.mimetype") ?? "";
    if (isPage(bytes) && !/html|xml|text\/plain/i.test(mime))
        throw new SluiceError("send_failed", "slack: the file was not given: a page to sign in came in its place; the app may lack the scope files:read");
    return bytes;
}
function isPage(bytes) {
    const start = bytes.subarray(0, 512).toString("latin1").trimStart().toLowerCase();
    return start.startsWith("<!doctype html") || start.startsWith("<html");
}
