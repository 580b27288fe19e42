/**
 * A live mailbox: its mails in, and answers out.
 *
 * Owns: how the parts work together. Never: the wires (mailbox.ts, smtp.ts).
 */
import { access, constants } from "node:fs/promises";
import { onChange } from "../../sdk/channel.js";
import { SluiceError } from "../../sdk/errors.js";
import { Follower } from "./follow.js";
import { OwnMessageIds } from "./message-id.js";
import { readMail } from "./read-mail.js";
import { parseAnswered, toMail } from "./reply.js";
import { toAccount } from "./settings.js";
import { deliver } from "./smtp.js";
export const TIMINGS = {
    in: {
        connectMs: 20_000,
        silentMs: 120_000,
        // Servers end a connection that says nothing for half an hour, and routers much sooner.
        idleMs: 240_000,
        pollMs: 300_000,
        firstRetryMs: 1_000,
        lastRetryMs: 60_000,
    },
    out: { connectMs: 20_000, silentMs: 300_000, laterMs: 60_000 },
};
/** With its writing a third larger; most servers take mails of 25 MB. */
const MAX_FILE_BYTES = 17 * 1024 ** 2;
/** Mails whose thread is known without the inbox: for lines of our own. */
const MAX_RECENT = 1_000;
/** Opens the connection; the mailbox is followed from then on. Resolves once the server has answered, or has not: `report` says which. */
export async function openConnection(context, timings = TIMINGS, 
/** For tests: the certificate to believe. */
ca) {
    const account = toAccount(context.settings, context.secret, context.secrets);
    if (account.authserv === "")
        throw new SluiceError("bad_config", 'email: no authserv-id is set, so no mail could be known to be from who it names; add the channel again with --set authserv-id=NAME (README of the channel: "Who wrote it")');
    const own = new OwnMessageIds(account.imap.password, account.domain);
    const closing = new AbortController();
    const signal = AbortSignal.any([context.signal, closing.signal]);
    const first = Promise.withResolvers();
    const recent = new RecentMails();
    const follower = new Follower({
        account,
        context: {
            ...context,
            signal,
            report: onChange((state) => {
                if (!signal.aborted)
                    context.report(state);
                first.resolve();
            }),
            take: async (arrivals, cursor) => {
                const answers = await context.take(arrivals, cursor);
                for (const arrival of arrivals)
                    recent.add(arrival);
                return answers;
            },
        },
        timings: timings.in,
        ca,
        read: (box, uid) => readMail(box, uid, {
            channel: context.name,
            address: account.address,
            authserv: account.authserv,
            own,
            log: context.log,
        }),
    });
    const following = follower.run();
    await Promise.race([first.promise, following]);
    return {
        account: { name: account.address },
        maxFileBytes: MAX_FILE_BYTES,
        send: (message) => send(message, { account, own, timings: timings.out, signal, ca, recent }),
        download: (reference, maxBytes) => download(follower, reference, maxBytes),
        async close() {
            closing.abort();
            await following;
        },
    };
}
async function send(message, { account, own, timings, signal, ca, recent }) {
    const { smtp, address } = account;
    if (smtp === undefined)
        throw new SluiceError("unsupported", "email: this channel has no way out; add it again with --set smtp=HOST");
    const answered = parseAnswered(message.answering) ?? recent.find(message);
    const id = own.make();
    const { references, inReplyTo, ...mail } = toMail(message, answered, {
        from: address,
        messageId: id,
    });
    const files = message.files ?? [];
    for (const file of files)
        await checkFile(file);
    await deliver({
        ...mail,
        ...(inReplyTo === undefined ? {} : { inReplyTo }),
        ...(references === undefined ? {} : { references: [...references] }),
        attachments: files.map(({ path, name }) => ({ path, filename: name })),
    }, { server: smtp, timings, signal, ca });
    return { messageIds: [id] };
}
/** Before anything is sent. */
async function checkFile({ path, name }) {
    await access(path, constants.R_OK).catch((cause) => {
        throw new SluiceError("not_found", `email: ${name} cannot be read; the mail was not sent`, {
            cause,
        });
    });
}
async function download(follower, reference, maxBytes) {
    const { box } = follower;
    if (box === undefined)
        throw new SluiceError("send_failed", "email: the mailbox is not open; try again later", {
            retryable: true,
        });
    const [, validity, number = "", part = "", id = ""] = /^(\d+)\/(\d+)\/([\d.]+)\/(.*)$/.exec(reference) ?? [];
    const uid = validity === box.uidValidity ? Number(number) : id === "" ? undefined : await box.findById(id);
    const found = uid === undefined || part === "" ? undefined : await box.fetch(uid);
    if (uid === undefined || found === undefined)
        throw new SluiceError("not_found", "email: the mail with this file is not in the folder any more");
    const content = await box.read(uid, part, maxBytes + 1);
    if (content.length > maxBytes)
        throw new SluiceError("too_large", `email: the file is larger than ${maxBytes} bytes`);
    return content;
}
class RecentMails {
    #mails = new Map();
    add({ answering, meta }) {
        const mail = parseAnswered(answering);
        if (mail === undefined)
            return;
        for (const key of [meta["message_id"], meta["thread_id"]]) {
            if (key === undefined)
                continue;
            this.#mails.delete(key);
            this.#mails.set(key, mail);
        }
        for (const key of this.#mails.keys()) {
            if (this.#mails.size <= MAX_RECENT)
                break;
            this.#mails.delete(key);
        }
    }
    find({ replyTo = "", threadId = "" }) {
        return this.#mails.get(replyTo) ?? this.#mails.get(threadId);
    }
}
