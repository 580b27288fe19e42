/**
 * Reads one mail of the mailbox, as far as it is wanted.
 *
 * Owns: what is fetched of it. Never: what it means (receive.ts, bounce.ts).
 *
 * READMAIL-1 Of a mail that is not authentic nothing but the header is fetched, and of files nothing until they are wanted.
 */
import { isUtf8 } from "node:buffer";
import { textAt } from "../../sdk/json.js";
import { judgeAuth } from "./auth-results.js";
import { toBounce } from "./bounce.js";
import { findHeader, readMessageIds } from "./headers.js";
import { readOrigin } from "./origin.js";
import { readFrom, toArrival } from "./receive.js";
import { readParts } from "./structure.js";
const MAX_TEXT_BYTES = 256 * 1024;
const MAX_HTML_BYTES = 512 * 1024;
const MAX_REPORT_BYTES = 32 * 1024;
/** Undefined for what is not there any more, and for what we sent ourselves. */
export async function readMail(box, uid, { channel, address, authserv, own, log }) {
    const mail = await box.fetch(uid);
    if (mail === undefined)
        return undefined;
    const { headers, structure, receivedAt } = mail;
    const from = readFrom(mail.from, headers);
    if (isOwn(mail, from, address, own))
        return undefined;
    const type = structure.type.toLowerCase();
    const reportType = (textAt(structure.parameters, "report-type") ?? "").toLowerCase();
    const origin = readOrigin(headers, from, { type, reportType });
    const parts = readParts(structure);
    if (origin === "bounce") {
        const bounce = await readBounce(box, mail, parts, { channel, own });
        if (bounce !== undefined)
            return bounce;
    }
    const auth = judgeAuth(headers, from, authserv);
    const isKnown = auth.by !== undefined && from !== "";
    if (!isKnown) {
        const reason = from === "" ? "its From names not one address" : auth.reason;
        log.info({ channel, uid, reason }, "a mail is not known to be from who it names");
    }
    return toArrival({
        channel,
        address,
        from: mail.from,
        subject: mail.subject,
        headers,
        receivedAt,
        auth,
        origin,
        text: isKnown ? await readText(box, uid, parts) : "",
        isEncrypted: parts.isEncrypted,
        files: isKnown ? toFiles(box, mail, parts) : [],
    });
}
/** A copy of what we sent: by its id, or, where a server gave it another one, by what we write into it. */
function isOwn({ headers }, from, address, own) {
    const [id = ""] = readMessageIds(findHeader(headers, "message-id"));
    const auto = (findHeader(headers, "auto-submitted") ?? "no").toLowerCase();
    return own.isOurs(id) || (from === address && !auto.startsWith("no"));
}
async function readBounce(box, { uid, headers, receivedAt }, parts, { channel, own }) {
    const { facts, original } = parts.report;
    const read = async (part) => part === undefined ? Buffer.alloc(0) : box.readRaw(uid, part, MAX_REPORT_BYTES);
    const report = {
        channel,
        headers,
        receivedAt,
        facts: await read(facts),
        original: await read(original),
        text: "",
    };
    if (toBounce(report, own) === undefined)
        return undefined;
    return toBounce({ ...report, text: await readText(box, uid, parts) }, own);
}
async function readText(box, uid, { texts }) {
    const pieces = [];
    let left = MAX_TEXT_BYTES;
    for (const { plain, html } of texts) {
        let text = plain === undefined ? "" : toString(await box.read(uid, plain, left));
        if (text.trim() === "" && html !== undefined) {
            const { toText } = await import("./html.js");
            text = toText(toString(await box.read(uid, html, MAX_HTML_BYTES))).slice(0, left);
        }
        left -= Buffer.byteLength(text);
        if (text.trim() !== "")
            pieces.push(text.replace(/\r\n?/g, "\n").trimEnd());
        if (left <= 0)
            break;
    }
    return pieces.join("\n\n");
}
/** Some programs name no charset, and some a wrong one. */
function toString(bytes) {
    const text = isUtf8(bytes) ? bytes.toString("utf8") : new TextDecoder("utf-8").decode(bytes);
    return text.replaceAll("\0", "").replace(/^\ufeff/, "");
}
function toFiles({ uidValidity }, { uid, headers }, { files }) {
    const [id = ""] = readMessageIds(findHeader(headers, "message-id"));
    return files.map(({ part, name, mime, bytes }) => ({
        // The id finds the mail again once the server has numbered its mails anew.
        reference: `${uidValidity}/${uid}/${part}/${id}`,
        name,
        mime,
        bytes,
    }));
}
