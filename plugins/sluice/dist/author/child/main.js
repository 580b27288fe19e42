/**
 * The process of one author's channel in the hub: loads the file, and runs it against the pipe.
 *
 * Owns: this process, to its end. Never: a port, a proof, the inbox: the hub has them.
 *
 * PIPE-1 It ends with the pipe: a hub that dies leaves no channel behind.
 */
import { Socket } from "node:net";
import { describeChannel } from "../../sdk/author/describe.js";
import { isSluiceError, SluiceError, toMessage } from "../../sdk/errors.js";
import { isTooLate } from "../limit.js";
import { loadChannel, prepareLoader } from "../load.js";
import { runChannel } from "../run.js";
import { fence } from "./fence.js";
import { Lines } from "./lines.js";
import { recordFiles } from "./record.js";
import { MAX_LINE_BYTES, MAX_RETRY_AFTER_MS, PIECE_BYTES, WIRE_FD, } from "./wire.js";
/** Only the hub's own lines are longer than a channel's: a body of 1 MiB in base64, 25 MiB from GitHub. */
const MAX_HUB_LINE_BYTES = 64 * 1024 * 1024;
const socket = new Socket({ fd: WIRE_FD, readable: true, writable: true });
const lines = new Lines(MAX_HUB_LINE_BYTES);
const files = new Set();
const waiting = new Map();
const asking = new Map();
const end = new AbortController();
let running;
let lastId = 0;
socket.on("data", (chunk) => {
    for (const line of lines.push(chunk))
        hear(JSON.parse(line.toString("utf8")));
});
// PIPE-1
for (const event of ["end", "error", "close"])
    socket.on(event, () => process.exit(0));
function hear(message) {
    switch (message.kind) {
        case "start":
            void start(message);
            return;
        case "call":
            void answer(message.id, message);
            return;
        case "taken": {
            const asked = waiting.get(message.id);
            waiting.delete(message.id);
            if (message.results !== undefined)
                asked?.resolve(message.results);
            else
                asked?.reject(toError(message.fault));
            return;
        }
        case "told": {
            const asked = asking.get(message.id);
            asking.delete(message.id);
            if (message.fault === undefined)
                asked?.resolve(Buffer.from(message.data ?? "", "base64"));
            else
                asked?.reject(toError(message.fault));
            return;
        }
        case "ping":
            say({ kind: "pong", n: message.n });
            return;
        case "close":
            void close();
            return;
        default:
            message;
    }
}
async function start(message) {
    Object.assign(process.env, message.secrets);
    // A promise that nobody caught costs nobody more than itself; what was thrown outside of one may have left anything half done.
    process.on("unhandledRejection", (thrown) => sayLog("error", { error: toMessage(thrown) }, "a promise was rejected and nobody caught it"));
    try {
        recordFiles((path) => files.add(path));
        prepareLoader();
        fence(socket, message.mode === "run");
        const channel = await loadChannel(message.entry);
        say({ kind: "ready", outline: describeChannel(channel), files: [...files] });
        if (message.mode === "run")
            running = runChannel(channel, toPort(message));
    }
    catch (thrown) {
        say({ kind: "failed", fault: toFault(thrown) });
    }
}
function toPort({ name, settings, cursor, secrets }) {
    return {
        name,
        settings,
        cursor,
        take: (arrivals, next) => new Promise((resolve, reject) => {
            const id = ++lastId;
            waiting.set(id, { resolve, reject });
            const said = say({
                kind: "take",
                id,
                arrivals,
                ...(next === undefined ? {} : { cursor: next }),
            });
            if (said !== undefined) {
                waiting.delete(id);
                reject(said);
            }
        }),
        secret: (key) => secrets[key],
        report: (source, state) => void say({ kind: "report", source, state }),
        undelivered: async (messageId, reason) => {
            await ask({ kind: "undelivered", id: ++lastId, messageId, reason });
        },
        readFile,
        leftBehind: (count) => void say({ kind: "left", count }),
        clock: {
            now: () => Date.now(),
            after: (ms, run) => {
                const timer = setTimeout(run, ms);
                return () => clearTimeout(timer);
            },
        },
        log: toLogger(),
        signal: end.signal,
    };
}
function ask(message) {
    return new Promise((resolve, reject) => {
        asking.set(message.id, { resolve, reject });
        say(message);
    });
}
/** Of a file that is to go out: this process may not open it. */
async function readFile({ path, bytes, name }) {
    const parts = [];
    for (let from = 0; from < bytes;) {
        const part = await ask({ kind: "file", id: ++lastId, path, from });
        if (part.length === 0)
            throw new SluiceError("send_failed", `the file ${name} ended after ${from} of ${bytes} bytes`);
        parts.push(part);
        from += part.length;
    }
    return Buffer.concat(parts);
}
async function answer(id, call) {
    try {
        const brought = await run(call);
        const value = Buffer.isBuffer(brought) ? sayPieces(id, brought) : brought;
        const fault = say({ kind: "result", id, value });
        if (fault !== undefined)
            throw fault;
    }
    catch (thrown) {
        say({ kind: "result", id, fault: toFault(thrown) });
    }
}
/** A file in pieces, and what its result says of it. */
function sayPieces(id, content) {
    for (let from = 0; from < content.length; from += PIECE_BYTES) {
        const data = content.subarray(from, from + PIECE_BYTES).toString("base64");
        say({ kind: "piece", id, data });
    }
    return { bytes: content.length };
}
async function run(call) {
    if (running === undefined)
        throw new SluiceError("channel_failed", "it is not running yet", { retryable: true });
    switch (call.op) {
        case "receive": {
            const { body, ...request } = call.request;
            return running.receive(call.source, {
                ...request,
                channel: "",
                method: "POST",
                body: Buffer.from(body, "base64"),
            });
        }
        case "reply":
            return running.reply(call.message);
        case "act":
            return running.act(call.act, call.input);
        case "tool":
            return running.callTool(call.tool, call.input);
        default:
            return call;
    }
}
async function close() {
    end.abort();
    await running?.close();
    say({ kind: "closed" });
    socket.end(() => process.exit(0));
}
/** What was wrong with the message, where it did not leave. */
function say(message) {
    const text = `${JSON.stringify(message)}\n`;
    const bytes = Buffer.byteLength(text);
    if (bytes > MAX_LINE_BYTES)
        return new SluiceError("too_large", `${bytes} bytes at once; a channel may hand over ${MAX_LINE_BYTES} at most`);
    socket.write(text);
    return undefined;
}
function toLogger() {
    const at = (level) => (fields, message) => sayLog(level, fields, message);
    return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}
function sayLog(level, fields, message) {
    say({ kind: "log", level, fields, message: message.slice(0, 4_000) });
}
function toFault(thrown) {
    const message = toMessage(thrown).replaceAll(/\s+/g, " ").slice(0, 1_000);
    if (!isSluiceError(thrown))
        return { code: "channel_failed", message, retryable: true };
    const { code, retryable, retryAfterMs, cause } = thrown;
    return {
        code,
        message,
        retryable,
        ...(retryAfterMs !== undefined && retryAfterMs >= 0 && Number.isFinite(retryAfterMs)
            ? { retryAfterMs: Math.min(retryAfterMs, MAX_RETRY_AFTER_MS) }
            : {}),
        ...(isTooLate(thrown) ? { isTooLate: true } : {}),
        ...toSent(cause),
    };
}
const KNOWN_OF = new Map([
    ["MaybeSent", "maybe"],
    ["PartlySent", "part"],
]);
/** By its name: a package of the author's may have brought a `sluice` of its own. */
function toSent(cause) {
    if (!(cause instanceof Error) || !("messageIds" in cause))
        return {};
    const kind = KNOWN_OF.get(cause.name);
    const ids = Array.isArray(cause.messageIds) ? cause.messageIds.slice(0, 100).map(String) : [];
    if (kind === undefined)
        return {};
    return { sent: { kind, message: cause.message.slice(0, 1_000), messageIds: ids } };
}
function toError(fault) {
    const { message = "the hub did not keep it", retryable = true } = fault ?? {};
    return new SluiceError("channel_failed", message, { retryable });
}
