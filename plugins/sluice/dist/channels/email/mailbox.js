import { sleep, within } from "../../sdk/clock.js";
import { SluiceError } from "../../sdk/errors.js";
import { toMailboxFault } from "./faults.js";
import { parseHeaders } from "./headers.js";
const MAX_HEADER_BYTES = 256 * 1024;
const MAX_ANSWER_BYTES = 64 * 1024 ** 2;
const CHUNK_BYTES = 256 * 1024;
const CLOSE_MS = 1_000;
const AGAIN_MS = 50;
export class Mailbox {
    /** Changes when the server has numbered its mails anew. */
    uidValidity;
    count;
    /** The number that the next mail had when the folder was opened. */
    uidNext;
    #client;
    #options;
    #ended = Promise.withResolvers();
    #wake = () => { };
    #hasNews = false;
    constructor(client, options) {
        const { mailbox } = client;
        if (mailbox === false || mailbox === undefined)
            throw new SluiceError("send_failed", "email: the folder was closed at once", {
                retryable: true,
            });
        this.uidValidity = String(mailbox.uidValidity);
        this.uidNext = mailbox.uidNext;
        this.count = mailbox.exists;
        this.#client = client;
        this.#options = options;
        // Who waits hears of it; nobody may be waiting.
        this.#ended.promise.catch(() => undefined);
        client.on("exists", () => this.#tell());
        client.on("close", () => this.#ended.reject(this.#lost()));
        options.signal.addEventListener("abort", () => this.#ended.reject(this.#lost()), {
            once: true,
        });
    }
    /** @throws SluiceError `unauthorized`, `bad_config` for a folder that is not there, `send_failed`. */
    static async open(options) {
        const { account, signal } = options;
        const client = await newClient(options);
        const stopped = Promise.withResolvers();
        stopped.promise.catch(() => undefined);
        // A connection that is being made hears nothing of its closing.
        const stop = () => {
            client.close();
            stopped.reject(new Error("stopped"));
        };
        signal.addEventListener("abort", stop, { once: true });
        // Without a listener a broken socket ends the process; what it means is told by the call that waits, and by "close".
        client.on("error", () => undefined);
        try {
            await Promise.race([client.connect(), stopped.promise]);
            await client.mailboxOpen(account.folder, { readOnly: true }).catch((thrown) => {
                if (!client.usable)
                    throw thrown;
                throw new SluiceError("bad_config", `email: ${account.imap.host} has no folder ${account.folder} that can be opened; name another with --set folder=NAME`);
            });
            return new Mailbox(client, options);
        }
        catch (thrown) {
            client.close();
            throw toMailboxFault(thrown, account.imap);
        }
        finally {
            signal.removeEventListener("abort", stop);
        }
    }
    /** Resolves when the folder may have new mail, or after `waitMs`. @throws SluiceError when the connection is lost. */
    async changed(waitMs) {
        if (this.#hasNews)
            return void (this.#hasNews = false);
        const news = new Promise((resolve) => (this.#wake = resolve));
        const late = Promise.withResolvers();
        const cancel = this.#options.clock.after(waitMs, late.resolve);
        const over = new AbortController();
        void this.#listen(over.signal);
        try {
            await Promise.race([news, late.promise, this.#ended.promise]);
        }
        finally {
            over.abort();
            cancel();
        }
        this.#hasNews = false;
    }
    /** Every other command ends the IDLE that runs: it is begun again behind it. A server without IDLE is asked by the library. */
    async #listen(signal) {
        while (!signal.aborted && this.#client.usable) {
            // A connection that is lost meanwhile is told by "close".
            await this.#client.idle().catch(() => undefined);
            await sleep(AGAIN_MS, this.#options.clock, signal);
        }
    }
    /** The numbers of mails above `uid`, in order. */
    async listAfter(uid) {
        const found = await this.#search({ uid: `${uid + 1}:*` });
        // "*" is the last mail, whatever its number.
        return found.filter((one) => one > uid);
    }
    /** The numbers of mails that came since the day of `at`. */
    listSince(at) {
        return this.#search({ since: new Date(at) });
    }
    /** The number of the mail with this id, where it is still here. */
    async findById(id) {
        return (await this.#search({ header: { "message-id": id } })).at(-1);
    }
    /** Undefined where it is gone. */
    async fetch(uid) {
        const found = await this.#ask(() => this.#client.fetchOne(String(uid), {
            uid: true,
            envelope: true,
            bodyStructure: true,
            internalDate: true,
            bodyParts: [{ key: "HEADER", start: 0, maxLength: MAX_HEADER_BYTES }],
        }, { uid: true }));
        if (found === false || found === undefined || found.uid !== uid)
            return undefined;
        const { envelope = {}, bodyStructure, internalDate, headers } = found;
        return {
            uid,
            receivedAt: toTime(internalDate, this.#options.clock.now()),
            headers: parseHeaders(headers ?? Buffer.alloc(0)),
            from: (envelope.from ?? []).map(({ name = "", address = "" }) => ({ name, address })),
            subject: envelope.subject ?? "",
            structure: bodyStructure ?? { type: "text/plain" },
        };
    }
    /** A part without its transfer encoding, a text in UTF-8; at most `maxBytes` of it. */
    async read(uid, part, maxBytes) {
        return this.#ask(async () => {
            const found = await this.#client.download(String(uid), part, {
                uid: true,
                maxBytes,
                chunkSize: CHUNK_BYTES,
            });
            const chunks = [];
            let bytes = 0;
            // A part of no length is told as none at all.
            for await (const chunk of found?.content ?? []) {
                const piece = Buffer.from(chunk);
                bytes += piece.length;
                chunks.push(piece);
                if (bytes >= maxBytes)
                    break;
            }
            return Buffer.concat(chunks).subarray(0, maxBytes);
        });
    }
    /** A part as it stands in the mail; at most `maxBytes` of it. */
    async readRaw(uid, part, maxBytes) {
        const found = await this.#ask(() => this.#client.fetchOne(String(uid), { uid: true, bodyParts: [{ key: part, start: 0, maxLength: maxBytes }] }, { uid: true }));
        const parts = found === false || found === undefined ? undefined : found.bodyParts;
        return parts?.get(part.toLowerCase()) ?? Buffer.alloc(0);
    }
    get isLive() {
        return this.#client.usable;
    }
    async close() {
        // Politely while that is quick.
        if (this.#client.usable)
            await within(CLOSE_MS, this.#client.logout().catch(() => undefined), undefined);
        this.#client.close();
    }
    #tell() {
        this.#hasNews = true;
        this.#wake();
    }
    async #search(query) {
        const found = await this.#ask(() => this.#client.search(query, { uid: true }));
        if (found === false || found === undefined)
            throw new SluiceError("send_failed", "email: the server did not search the folder", {
                retryable: true,
            });
        return found.toSorted((one, other) => one - other);
    }
    /** The library answers nothing, and throws nothing, where the connection has ended meanwhile. */
    async #ask(command) {
        try {
            const answer = await Promise.race([command(), this.#ended.promise]);
            if (!this.#client.usable)
                throw this.#lost();
            return answer;
        }
        catch (thrown) {
            throw toMailboxFault(thrown, this.#options.account.imap);
        }
    }
    #lost() {
        const { host } = this.#options.account.imap;
        return new SluiceError("send_failed", `email: the connection to ${host} has ended`, {
            retryable: true,
        });
    }
}
/** The library is loaded with the first mailbox. */
async function newClient({ account, timings, ca }) {
    const { ImapFlow } = await import("../../vendor/imapflow.js");
    const { host, port, user, password } = account.imap;
    return new ImapFlow({
        host,
        port,
        ...toTlsOptions(account.imap),
        tls: { rejectUnauthorized: true, ...(ca === undefined ? {} : { ca }) },
        auth: { user, pass: password },
        clientInfo: { name: "sluice" },
        logger: false,
        maxIdleTime: timings.idleMs,
        connectionTimeout: timings.connectMs,
        greetingTimeout: timings.connectMs,
        socketTimeout: timings.silentMs,
        // MAILBOX-2
        maxLiteralSize: MAX_ANSWER_BYTES,
        maxResponseSize: 2 * MAX_ANSWER_BYTES,
        maxLineLength: MAX_ANSWER_BYTES,
        disableCompression: true,
        // Their texts come in chunks, which a server that decodes cannot cut alike.
        disableBinary: true,
    });
}
function toTlsOptions({ tls }) {
    if (tls === "implicit")
        return { secure: true };
    return tls === "starttls" ? { secure: false, doSTARTTLS: true } : { secure: false };
}
function toTime(at, now) {
    const time = at instanceof Date ? at.getTime() : Number.NaN;
    return Number.isFinite(time) ? time : now;
}
