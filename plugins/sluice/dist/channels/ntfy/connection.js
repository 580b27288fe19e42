/**
 * A live topic: its stream, and the way out.
 *
 * Owns: the cursor and the time of each try. Never: the wire (api.ts).
 * The cursor is the id of the last message that we stored; the server sends what came after it (it keeps messages for 12 hours).
 * When the server refuses the token, the channel waits for its owner.
 *
 * NTFY-1 The server sends something every 45 s. A stream that is silent for longer counts as dead and is opened again.
 */
import { sleep } from "../../sdk/clock.js";
import { isSluiceError, SluiceError, toMessage } from "../../sdk/errors.js";
import { fetchFile } from "../../sdk/net/fetch-file.js";
import { toPartFault } from "../../sdk/message.js";
import { checkFile, NtfyApi } from "./api.js";
import { toArrival } from "./receive.js";
import { readLine } from "./wire.js";
const DEFAULT_SERVER = "https://ntfy.sh";
/** A longer one becomes a file. https://docs.ntfy.sh/publish/#limitations */
export const MAX_TEXT_BYTES = 4_096;
const MAX_FILE_BYTES = 15 * 1024 ** 2;
/** A longer line is no message that could be kept. */
const MAX_LINE_CHARS = 1024 ** 2;
const MAX_SKIPPED_CHARS = 16 * 1024 ** 2;
const TIMINGS = { silentMs: 100_000, firstRetryMs: 1_000, lastRetryMs: 60_000 };
/** Opens the connection; the stream goes on by itself. Resolves once the server has answered, or has not: `report` says which. */
export async function openConnection(context, timings = TIMINGS, requestTimings = {}) {
    const { settings, secret } = context;
    const topic = settings["topic"];
    if (topic === undefined)
        throw new SluiceError("bad_config", 'ntfy: no topic; run "sluice add ntfy --set topic=NAME"');
    const server = settings["server"] ?? DEFAULT_SERVER;
    const api = new NtfyApi(server, topic, secret, requestTimings);
    const closing = new AbortController();
    const signal = AbortSignal.any([context.signal, closing.signal]);
    const first = Promise.withResolvers();
    const report = (state) => {
        if (!signal.aborted)
            context.report(state);
        first.resolve();
    };
    const streaming = follow(api, { ...context, signal, report }, timings);
    await Promise.race([first.promise, streaming]);
    return {
        maxFileBytes: MAX_FILE_BYTES,
        isShared: true,
        send: async (message) => ({ messageIds: await send(api, message, signal) }),
        download: (reference, maxBytes) => fetchFile(reference, {
            hosts: [api.server.hostname],
            maxBytes,
            signal,
            ...(settings["server"] === undefined ? {} : { ownOrigin: api.server.host }),
        }),
        async close() {
            closing.abort();
            await streaming;
        },
    };
}
/** Runs until the signal aborts or the token is refused. Rejects never. */
async function follow(api, context, timings) {
    const { clock, log, signal, report } = context;
    let { cursor } = context;
    let failures = 0;
    while (!signal.aborted) {
        try {
            if (cursor === undefined) {
                // From now on: kept, so that what comes before the first message is not missed by the next life.
                const start = String(Math.floor(clock.now() / 1_000));
                await context.take([], start);
                cursor = start;
            }
            const since = cursor;
            for await (const message of read(api, since, timings, context, () => {
                failures = 0;
                report({ kind: "connected" });
            })) {
                if (message.isOurs)
                    continue;
                const place = { channel: context.name, topic: api.topic, host: api.server.host };
                await context.take([toArrival(message, place)], message.id);
                cursor = message.id;
            }
            throw new SluiceError("send_failed", "ntfy: the server ended the stream", {
                retryable: true,
            });
        }
        catch (thrown) {
            if (signal.aborted)
                return;
            const reason = toMessage(thrown);
            if (isSluiceError(thrown, "unauthorized"))
                return report({ kind: "paused", reason });
            const asked = isSluiceError(thrown) ? thrown.retryAfterMs : undefined;
            const delayMs = asked ??
                Math.min(timings.lastRetryMs, timings.firstRetryMs * 2 ** Math.min(failures++, 10));
            log.debug({ reason, delayMs }, "the topic is opened again");
            report({ kind: "retrying", reason });
            await sleep(delayMs, clock, signal);
        }
    }
}
/** The messages of one stream, until it ends, breaks or is silent (NTFY-1). */
async function* read(api, since, { silentMs }, { clock, signal, leftBehind }, alive) {
    const silence = new AbortController();
    let cancel = () => { };
    const listen = () => {
        cancel();
        cancel = clock.after(silentMs, () => silence.abort(new Error("the stream is silent")));
    };
    listen();
    try {
        const stream = await api.subscribe(since, AbortSignal.any([signal, silence.signal]));
        alive();
        const decoder = new TextDecoder();
        let rest = "";
        let skipped = 0;
        for await (const chunk of stream) {
            listen();
            rest += decoder.decode(chunk, { stream: true });
            const lines = rest.split("\n");
            rest = lines.pop() ?? "";
            if (skipped > 0 && lines.length > 0) {
                // The server would send it again for ever: it is left behind, and what comes after it is read.
                lines.shift();
                skipped = 0;
                leftBehind?.(1);
            }
            if (rest.length > MAX_LINE_CHARS || skipped > 0) {
                skipped += rest.length;
                rest = "";
            }
            if (skipped > MAX_SKIPPED_CHARS)
                throw new SluiceError("send_failed", "ntfy: a line without an end", { retryable: true });
            for (const line of lines) {
                const found = line === "" ? undefined : readLine(line);
                if (found?.kind === "message")
                    yield found.message;
            }
        }
    }
    finally {
        cancel();
        silence.abort();
    }
}
async function send(api, message, signal) {
    // A contact may have been listed by another name: nothing but our own topic is ours to write to.
    if (message.chatId !== api.topic)
        throw new SluiceError("bad_input", `ntfy: this channel writes to its own topic only`);
    const parts = await toParts(message.text, MAX_TEXT_BYTES);
    const { files = [] } = message;
    await Promise.all(files.map(checkFile));
    const sent = [...(message.arrived ?? [])];
    try {
        for (const [index, part] of parts.entries()) {
            // Each part has one id.
            if (index < sent.length)
                continue;
            const isLast = index === parts.length - 1;
            sent.push(await api.publish(part, signal, isLast ? message.buttons : undefined));
        }
        for (const file of files.slice(Math.max(0, sent.length - parts.length)))
            sent.push(await api.publishFile(file, signal));
    }
    catch (thrown) {
        if (sent.length === 0 || !isSluiceError(thrown))
            throw thrown;
        throw toPartFault(thrown, sent);
    }
    return sent;
}
/** Pieces of at most `maxBytes` in UTF-8; cut where Markdown may be cut. Its reader is loaded for long texts alone. */
export async function toParts(text, maxBytes) {
    if (text.trim() === "")
        return [];
    if (Buffer.byteLength(text) <= maxBytes)
        return [text.toWellFormed().trimEnd()];
    const { chunkMarkdown } = await import("../../sdk/chunk.js");
    return chunkMarkdown(text, maxBytes, (piece) => Buffer.byteLength(piece));
}
