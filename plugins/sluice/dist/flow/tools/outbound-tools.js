/**
 * The common parts of the tools that send messages to the outside.
 *
 * Owns: the capability check, files, the wait for an outcome, and its words. Never: one tool's rules.
 *
 * OUTBOUND-1 An event id that this session was given is the key to that event's conversation; nothing else opens it.
 * OUTBOUND-2 Errors come before anything is sent: files are checked and copied first.
 * OUTBOUND-3 A file that looks like a secret leaves when a person has allowed it.
 */
import { rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isSluiceError, toMessage } from "../../sdk/errors.js";
import { isEventId } from "../../sdk/id.js";
import { findGivenCopy } from "../../store/events/copies.js";
import { listDeliveries } from "../../store/events/deliveries.js";
import { findEvent } from "../../store/events/inbox.js";
import { findEcho } from "../prompt/echo.js";
import { copyOutgoing, DEFAULT_MAX_FILE_BYTES } from "./outgoing-file.js";
import { findSecretSigns, LOOKED_AT_BYTES } from "./secret-file.js";
/** How long a tool waits to say what became of a message. */
const WAIT_MS = 8_000;
export const REPLY_MAX_CHARS = 32_000;
/** The event that an argument names, where this session was given it (OUTBOUND-1); of one with copies, this session's. */
export function findGiven(id, attachment, { db }) {
    const named = typeof id === "string" && isEventId(id) ? findEvent(db, id) : undefined;
    const copy = named?.copied && findGivenCopy(db, named.id, attachment.session);
    const event = copy === undefined ? named : findEvent(db, copy);
    const isGiven = event !== undefined &&
        listDeliveries(db, event.id).some((one) => one.session === attachment.session);
    return isGiven ? event : undefined;
}
/** What of a message can be told without knowing where it goes; a string says what is wrong. */
export function readWords(input) {
    const { text = "", files: paths = [] } = input;
    if (typeof text !== "string")
        return "text must be a text.";
    if (!Array.isArray(paths) || !paths.every((path) => typeof path === "string"))
        return "files must be a list of paths.";
    if (text.trim() === "" && paths.length === 0)
        return "text is missing.";
    if (text.length > REPLY_MAX_CHARS) {
        return `text has ${text.length} characters, at most ${REPLY_MAX_CHARS} can be sent; send it shorter.`;
    }
    return { text, paths };
}
/** The text and copies of the files of a message; a string says why there are none (OUTBOUND-2). */
export async function readMessage(input, to, attachment, { outbound, clock, db }) {
    const words = readWords(input);
    if (typeof words === "string")
        return words;
    const { text, paths } = words;
    const echo = findEcho(db, text);
    if (echo !== undefined)
        return echo;
    if (paths.length === 0)
        return { text, files: [], note: "" };
    if (outbound === undefined || !outbound.isConnected(to.channel))
        return `channel ${to.channel} takes no files.`;
    const { home } = outbound;
    try {
        const copies = await copyOutgoing(paths, {
            cwd: attachment.client.cwd,
            home,
            outbox: join(home, "outbox"),
            copies: join(home, "outgoing"),
            maxBytes: outbound.connection(to.channel)?.maxFileBytes ?? DEFAULT_MAX_FILE_BYTES,
            now: clock.now(),
        });
        return await judge(copies, text, to, attachment, outbound);
    }
    catch (thrown) {
        if (isSluiceError(thrown))
            return thrown.message;
        throw thrown;
    }
}
/** OUTBOUND-3 */
async function judge(copies, text, to, attachment, outbound) {
    const looked = await Promise.all(copies.map(lookAtCopy));
    const doubtful = looked.filter(({ signs }) => signs.length > 0);
    const refusal = doubtful.length === 0
        ? undefined
        : await outbound.askToSend(attachment, { ...to, files: doubtful });
    const files = copies.map(({ file }) => file);
    if (refusal !== undefined) {
        for (const { path } of files)
            rmSync(dirname(path), { recursive: true, force: true });
        return refusal;
    }
    const cut = looked.filter(({ isCut }) => isCut).map(({ path }) => JSON.stringify(path));
    const note = cut.length === 0 ? "" : `\nOnly the first 4 MiB were looked at for secrets: ${cut.join(", ")}.`;
    return { text, files, note };
}
/** The copy is what leaves, so it is what is judged. */
async function lookAtCopy({ file, given, below }) {
    const head = Buffer.alloc(Math.min(file.bytes, LOOKED_AT_BYTES));
    const copy = await open(file.path, "r");
    try {
        for (let at = 0; at < head.length;) {
            const { bytesRead } = await copy.read(head, at, head.length - at, at);
            if (bytesRead === 0)
                break;
            at += bytesRead;
        }
    }
    finally {
        await copy.close();
    }
    const signs = await findSecretSigns(below, head);
    const { bytes, digest = "" } = file;
    return { path: given, bytes, digest, signs, isCut: bytes > LOOKED_AT_BYTES };
}
/** Waits for what becomes of a row and says so. */
export async function tellOutcome(tool, row, duplicate, channel, { outbound }) {
    if (duplicate && row.state === "sent")
        return { text: `Sent before: the same goes out once.${toHandle(row)}`, isError: false };
    const isConnected = outbound?.isConnected(channel) ?? false;
    // On a stream it is for whoever listens, whenever that is; what a backup held may have been read there before.
    if (!isConnected && row.state !== "maybe")
        return {
            text: duplicate ? "Sent before: the same reply goes out once." : "Sent.",
            isError: false,
        };
    const outcome = (await outbound?.settled(row.id, WAIT_MS)) ?? row;
    switch (outcome.state) {
        case "sent":
            return { text: `Sent.${toHandle(outcome)}`, isError: false };
        case "failed":
            return {
                text: `${tool}: not sent: ${outcome.reason ?? "refused"}; the same call tries again.`,
                isError: true,
            };
        case "maybe":
            return {
                text: `${tool}: it may have been sent, nobody knows (${outcome.reason ?? "broken off"}); it is not repeated automatically. Tell your user: sluice outbox.`,
                isError: true,
            };
        case "queued":
        case "sending":
            return {
                text: `Queued: it leaves as soon as the channel can${outcome.reason === null ? "" : ` (${outcome.reason})`}; do not send it again.${toHandle(outcome)}`,
                isError: false,
            };
        default:
            return outcome.state;
    }
}
/** Names a message of ours for edit_message. No secret: whose it is is checked. */
function toHandle({ id }) {
    return ` (message msg_${id})`;
}
export function refuse(text) {
    return { text, isError: true };
}
/** What a fault says to a model. */
export function refuseFault(tool, thrown) {
    return refuse(`${tool}: ${toMessage(thrown)}`);
}
