/**
 * The way out: Messages sends, by AppleScript.
 *
 * Owns: the script, its one run at a time, and the proof that a message left. Never: which chat may be written to.
 *
 * IMESSAGESEND-1 Nothing of a message stands in the script or on its command line, which every user of the machine can read: the text is in
 *    a file that only we may read.
 * IMESSAGESEND-2 A script that ends well proves nothing: a message counts as sent once Messages has written it down without an error. Where
 *    it has not after 10 s, the message is `maybe`, as it is where the script had to be ended.
 * IMESSAGESEND-3 Every text in the chat with oneself begins with our mark, and every name of a file (receive.ts).
 */
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync, } from "node:fs";
import { basename, dirname, join } from "node:path";
import { tmpdir } from "node:os";
import { sleep } from "../../sdk/clock.js";
import { SluiceError, isSluiceError } from "../../sdk/errors.js";
import { MaybeSent, toPartFault, } from "../../sdk/message.js";
import { toAddress } from "./messages-file.js";
import { FILE_MARK, MARK, readWords } from "./receive.js";
/** Messages takes more; so much is read at once on a phone, and is what its bubbles hold. */
export const MAX_TEXT_CHARS = 10_000;
export const MAX_FILE_BYTES = 100 * 1024 ** 2;
const SCRIPT_MS = 30_000;
const PROOF_MS = 10_000;
const LOOK_MS = 250;
const DAY_MS = 24 * 3_600_000;
const MAX_FAULT_CHARS = 200;
/** https://developer.apple.com/library/archive/documentation/AppleScript/Conceptual/AppleScriptLangGuide/reference/ASLR_error_codes.html */
const NO_AUTOMATION = -1743;
const SEND_TEXT = `on run argv
  set theText to read (POSIX file (item 1 of argv)) as «class utf8»
  tell application "Messages" to send theText to chat id (item 2 of argv)
end run
`;
const SEND_FILE = `on run argv
  set theFile to POSIX file (item 1 of argv)
  tell application "Messages" to send theFile to chat id (item 2 of argv)
end run
`;
export class IMessageSender {
    #options;
    #queue = Promise.resolve();
    constructor(options) {
        this.#options = options;
        clean(options.outFolder, options.clock.now());
    }
    /** One after the other: two of the same text could not be told apart. */
    send(message) {
        const sending = this.#queue.then(() => this.#send(message));
        this.#queue = sending.catch(() => undefined);
        return sending;
    }
    async #send(message) {
        const chat = this.#find(message.chatId);
        const isOwn = this.#options.own().has(toAddress(chat.identifier));
        const { chunkMarkdown, renderPlain } = await loadTexts();
        const texts = chunkMarkdown(message.text, MAX_TEXT_CHARS - MARK.length, (piece) => renderPlain(piece).length).map((piece) => (isOwn ? MARK : "") + renderPlain(piece));
        const sent = [...(message.arrived ?? [])];
        try {
            for (const text of texts.slice(sent.length))
                sent.push(await this.#sendText(chat, text));
            for (const file of (message.files ?? []).slice(Math.max(0, sent.length - texts.length)))
                sent.push(await this.#sendFile(chat, file, isOwn));
        }
        catch (thrown) {
            if (sent.length === 0 || !isSluiceError(thrown))
                throw thrown;
            throw toPartFault(thrown, sent);
        }
        return sent;
    }
    /** The newest conversation of that name; one by SMS only where that was meant. */
    #find(chatId) {
        const isSms = chatId.startsWith("sms:");
        const chats = this.#options.file().listChats(isSms ? chatId.slice(4) : chatId);
        const found = chats.find(({ service }) => /^(?:sms|rcs)$/i.test(service) === isSms);
        if (found !== undefined)
            return found;
        throw new SluiceError("send_failed", `imessage: Messages has no conversation ${chatId}; write there once by hand`);
    }
    async #sendText(chat, text) {
        const folder = mkdtempSync(join(tmpdir(), "sluice-"));
        try {
            const path = join(folder, "text");
            writeFileSync(path, text, { mode: 0o600, flag: "wx" });
            return await this.#run(SEND_TEXT, path, chat, text);
        }
        finally {
            rmSync(folder, { recursive: true, force: true });
        }
    }
    async #sendFile(chat, file, isOwn) {
        if (file.bytes > MAX_FILE_BYTES)
            throw new SluiceError("too_large", `imessage: a file takes at most 100 MB`);
        const name = (isOwn ? FILE_MARK : "") + basename(file.name);
        const folder = join(this.#options.outFolder, randomUUID());
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        const path = join(folder, name);
        copyFileSync(file.path, path);
        // It is read whenever Messages gets to it, and goes with the next start a day later.
        return await this.#run(SEND_FILE, path, chat, "");
    }
    async #run(script, path, chat, text) {
        const before = this.#options.file().readLastRow();
        await runScript(this.#options.runner, script, [path, chat.guid], this.#options.signal);
        return await this.#prove(before, chat, text);
    }
    /** IMESSAGESEND-2 */
    async #prove(before, chat, text) {
        const { clock, signal, file, proofMs = PROOF_MS } = this.#options;
        const end = clock.now() + proofMs;
        while (!signal.aborted) {
            // The owner may write there at the same time.
            const rows = file().listOwnAfter(before, chat.guid);
            const row = rows.find((one) => normalize(readWords(one)) === normalize(text));
            if (row !== undefined && row.error !== 0)
                throw new SluiceError("send_failed", `imessage: Messages could not deliver it (error ${row.error}); it shows a red mark beside it`);
            if (row?.isSent === true)
                return row.guid;
            if (clock.now() >= end)
                break;
            await sleep(LOOK_MS, clock, signal);
        }
        throw toMaybe("Messages was asked to send it, and does not say that it did");
    }
}
/** @throws SluiceError: with `MaybeSent` where it had to be ended. */
async function runScript([program = "", ...args], script, values, signal) {
    const child = spawn(program, [...args, "-", ...values], {
        stdio: ["pipe", "ignore", "pipe"],
        timeout: SCRIPT_MS,
        killSignal: "SIGKILL",
        signal,
        env: { PATH: "/usr/bin:/bin", LANG: "en_US.UTF-8" },
    });
    let said = "";
    child.stderr
        .setEncoding("utf8")
        .on("data", (text) => (said = (said + text).slice(-4_096)));
    // It may end before it has read the script.
    child.stdin.on("error", () => undefined);
    child.stdin.end(script);
    const end = await new Promise((resolve) => {
        child.once("error", (fault) => resolve({ code: null, fault }));
        child.once("close", (code) => resolve({ code }));
    });
    if (end.code === 0)
        return;
    if (end.fault !== undefined && child.pid === undefined)
        throw new SluiceError("send_failed", `imessage: ${program} cannot be started: ${end.fault.message}`);
    if (end.code === null)
        throw toMaybe("osascript was ended before it answered");
    throw toScriptFault(said, end.code);
}
/** AppleScript says its number at the end: `execution error: … (-1743)`. */
function toScriptFault(said, code) {
    const number = Number(/\((-?\d+)\)\s*$/.exec(said)?.[1] ?? 0);
    if (number === NO_AUTOMATION)
        return new SluiceError("unauthorized", "imessage: macOS does not let Sluice ask Messages; allow it: System Settings > Privacy & Security > Automation, Messages below the program that starts Sluice");
    const line = said.trim().split("\n").at(-1)?.slice(0, MAX_FAULT_CHARS) ?? "";
    return new SluiceError("send_failed", `imessage: osascript ended with ${code}: ${line}`);
}
/** As Messages may write it down: with curly quotes and other blanks. */
function normalize(text) {
    return text
        .replaceAll(/[\u2018\u2019]/gu, "'")
        .replaceAll(/[\u201c\u201d]/gu, '"')
        .replaceAll("\u2026", "...")
        .replaceAll(/\p{Pd}+/gu, "-")
        .replaceAll(/\s|\p{Default_Ignorable_Code_Point}/gu, "");
}
function toMaybe(reason) {
    const text = `imessage: ${reason}`;
    return new SluiceError("send_failed", text, { cause: new MaybeSent(text) });
}
/** Loaded with the first message: a hub that only listens does not wait for the reader of Markdown. */
async function loadTexts() {
    const [cutter, renderer] = await Promise.all([
        import("../../sdk/chunk.js"),
        import("./plain.js"),
    ]);
    return { chunkMarkdown: cutter.chunkMarkdown, renderPlain: renderer.renderPlain };
}
function clean(folder, now) {
    try {
        for (const name of readdirSync(folder)) {
            const path = join(folder, name);
            if (now - statSync(path).mtimeMs > DAY_MS)
                rmSync(path, { recursive: true, force: true });
        }
    }
    catch {
        // There is none yet, or Messages holds one of them: the next start tries again.
    }
}
/** Beside the database, as Messages keeps its own. */
export function toOutFolder(database) {
    return join(dirname(database), "Attachments", "sluice");
}
