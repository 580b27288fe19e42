/**
 * Messages on this Mac: its database is looked at, and Messages is asked to send.
 *
 * Owns: when the database is looked at, and its faults. Never: what a row means (receive.ts).
 */
import { constants, existsSync, openSync, closeSync, fstatSync, readFileSync, realpathSync, } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, sep } from "node:path";
import { sleep } from "../../sdk/clock.js";
import { isSluiceError, SluiceError, toMessage } from "../../sdk/errors.js";
import { MessagesFile, toAddress } from "./messages-file.js";
import { RowReader } from "./reader.js";
import { IMessageSender, MAX_FILE_BYTES, toOutFolder } from "./send.js";
/** A look at a file that has not changed costs microseconds. */
const TIMINGS = {
    lookMs: 500,
    retryMs: 60_000,
    proofMs: 10_000,
    holdMs: 5_000,
};
const RUNNER = ["/usr/bin/osascript"];
export function toDatabasePath(settings) {
    return settings["database"] ?? join(homedir(), "Library", "Messages", "chat.db");
}
/** Opens the connection; looking goes on by itself. Resolves once the database was opened, or was not: `report` says which. */
export async function openConnection(context, timings = TIMINGS, runner = RUNNER) {
    const { settings, clock } = context;
    const closing = new AbortController();
    const signal = AbortSignal.any([context.signal, closing.signal]);
    const path = toDatabasePath(settings);
    const first = Promise.withResolvers();
    const live = { file: undefined, own: new Set() };
    const report = (state) => {
        if (!signal.aborted)
            context.report(state);
        first.resolve();
    };
    const looking = look({ ...context, signal, report }, path, live, timings);
    await Promise.race([first.promise, looking]);
    const sender = new IMessageSender({
        file: () => requireFile(live, path),
        own: () => live.own,
        runner,
        outFolder: toOutFolder(path),
        clock,
        signal,
        proofMs: timings.proofMs,
    });
    return {
        maxFileBytes: MAX_FILE_BYTES,
        get account() {
            const [name] = live.own;
            return name === undefined ? undefined : { name };
        },
        send: async (message) => ({ messageIds: await sender.send(message) }),
        download: async (reference, maxBytes) => readAttachment(requireFile(live, path), reference, maxBytes),
        async close() {
            closing.abort();
            await looking;
        },
    };
}
function requireFile({ file }, path) {
    if (file !== undefined)
        return file;
    throw new SluiceError("send_failed", `imessage: ${path} is not open now`, { retryable: true });
}
/** Runs until the signal aborts. Rejects never. */
async function look(context, path, live, timings) {
    const { clock, log, signal, report } = context;
    let { cursor } = context;
    while (!signal.aborted) {
        try {
            const file = new MessagesFile(path);
            try {
                live.file = file;
                live.own = new Set([...readSet(context.settings["me"]), ...file.listOwnAddresses()]);
                // With it comes the reader of property lists.
                const { readEditedText } = await import("./summary-info.js");
                const place = {
                    channel: context.name,
                    own: live.own,
                    takesSms: context.settings["sms"] === "on",
                    readEdited: readEditedText,
                };
                const reader = new RowReader(file, place, {
                    cursor,
                    nowMs: clock.now(),
                    holdMs: timings.holdMs,
                });
                if (cursor === undefined)
                    await context.take([], reader.cursor);
                cursor = reader.cursor;
                report({ kind: "connected" });
                await follow(file, reader, context, timings, {
                    keep: (next) => (cursor = next),
                    // An address may be used for the first time.
                    look: () => {
                        for (const address of file.listOwnAddresses())
                            live.own.add(address);
                    },
                });
            }
            finally {
                live.file = undefined;
                file.close();
            }
        }
        catch (thrown) {
            if (signal.aborted)
                return;
            const reason = toMessage(thrown);
            log.warn({ reason }, "the database of Messages is opened again");
            // A right that the owner gives is seen by itself; a wrong path waits for them.
            report({ kind: "retrying", reason, alarm: isSluiceError(thrown, "unauthorized") });
            await sleep(timings.retryMs, clock, signal);
        }
    }
}
async function follow(file, reader, context, { lookMs }, { keep, look: lookAtAddresses }) {
    const { clock, signal } = context;
    let seen;
    while (!signal.aborted) {
        if (file.isReplaced)
            return;
        const version = file.readVersion();
        if (version !== seen || reader.isHolding) {
            lookAtAddresses();
            const batch = reader.read(clock.now());
            if (batch.leftBehind > 0)
                context.leftBehind?.(batch.leftBehind);
            if (batch.arrivals.length > 0 || batch.cursor !== reader.cursor) {
                await context.take(batch.arrivals, batch.cursor);
                keep(batch.cursor);
            }
            batch.commit();
            seen = version;
            if (batch.isMore) {
                seen = undefined;
                continue;
            }
        }
        await sleep(lookMs, clock, signal);
    }
}
/** A file of a message, from the folder of Messages and no other. */
function readAttachment(file, guid, maxBytes) {
    const found = file.findFile(guid);
    if (found?.path === undefined)
        throw new SluiceError("not_found", "imessage: Messages has no such file any more");
    const path = found.path.startsWith("~/") ? join(homedir(), found.path.slice(2)) : found.path;
    const root = `${realpathSync(dirname(file.path))}${sep}`;
    if (!existsSync(path))
        throw new SluiceError("send_failed", `imessage: ${found.name} is not on this Mac yet; Messages fetches it when the chat is opened`);
    if (!realpathSync(path).startsWith(root))
        throw new SluiceError("bad_input", "imessage: the file lies outside of the folder of Messages");
    const descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
        const stats = fstatSync(descriptor);
        if (!stats.isFile())
            throw new SluiceError("bad_input", "imessage: what was attached is no plain file");
        if (stats.size > maxBytes)
            throw new SluiceError("too_large", `imessage: the file is larger than ${maxBytes} bytes`);
        return readFileSync(descriptor);
    }
    finally {
        closeSync(descriptor);
    }
}
function readSet(text) {
    return (text ?? "").split(",").map(toAddress).filter(Boolean);
}
