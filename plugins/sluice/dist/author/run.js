/**
 * Runs an author's channel against a port: alone (alone/) or in the hub.
 *
 * Owns: the sources' lives, replies and tools. Never: a port, a proof, a database, or who may speak.
 *
 * LIFE-1 After `close` nothing is taken and nothing of the author's is called but `disconnect`.
 */
import { within } from "../sdk/clock.js";
import { isSluiceError, SluiceError, toMessage } from "../sdk/errors.js";
import { fit } from "../sdk/author/schema.js";
import { ChannelCore, InOrder } from "./core.js";
import { callAuthor, toAuthorFault } from "./limit.js";
import { findWebhook, receiveRequest } from "./receive.js";
import { Supervisor } from "./supervise.js";
import { keepTime } from "./timetable.js";
import { watch } from "./watch.js";
const REPLY_TIMEOUT_MS = 60_000;
const TOOL_TIMEOUT_MS = 60_000;
const CLOSE_MS = 5_000;
/** Clients cut at 25,000 tokens. */
const TOOL_TEXT_MAX_CHARS = 80_000;
/** Starts every source at once and returns; how they are doing is reported. */
export function runChannel(channel, port) {
    const end = new AbortController();
    const signal = AbortSignal.any([port.signal, end.signal]);
    const core = new ChannelCore(channel, { ...port, signal });
    const orders = new Map(channel.sources.map(({ name }) => [name, new InOrder()]));
    const lives = channel.sources.map((source) => live(core, source).catch((thrown) => {
        const { name, log, report } = core.port;
        log.error({ channel: name, source: source.name, error: toMessage(thrown) }, "a source has ended by a fault");
        report(source.name, { kind: "paused", reason: toMessage(thrown) });
    }));
    return {
        async receive(source, request) {
            signal.throwIfAborted();
            const webhook = findWebhook(core, source);
            const order = orders.get(source) ?? new InOrder();
            return order.run(async () => {
                try {
                    return await receiveRequest(core, webhook, request);
                }
                catch (thrown) {
                    core.tellFault(source, thrown);
                    throw thrown;
                }
            });
        },
        reply: (message) => reply(core, message),
        act: (act, input) => runAct(core, act, input),
        callTool: (name, input) => callTool(core, name, input),
        async close() {
            end.abort();
            await within(CLOSE_MS, Promise.allSettled(lives), undefined);
        },
    };
}
function live(core, source) {
    switch (source.type) {
        case "webhook":
            return Promise.resolve();
        case "service":
            return new Supervisor(core, source).run();
        case "observe":
            return watch(core, source.name, source.source);
        case "schedule":
            return keepTime(core, source.name, source.source);
        default:
            return source;
    }
}
async function reply(core, message) {
    const { reply: handler } = core.channel.definition;
    if (typeof handler !== "function")
        throw new SluiceError("unsupported", `channel ${core.port.name} has no reply handler`);
    const { files, ...rest } = message;
    const read = (file) => ({ ...file, read: () => core.port.readFile(file) });
    const whole = files === undefined ? rest : { ...rest, files: files.map(read) };
    const sent = await callAuthor("reply", REPLY_TIMEOUT_MS, () => handler(whole, core.live));
    if (typeof sent === "string")
        return { messageIds: [sent] };
    return { messageIds: sent?.messageIds ?? [] };
}
/** A chat's own function is told to the sender by its name. */
async function runAct(core, act, input) {
    const { chat } = core.channel.definition;
    const run = chat?.[act];
    if (run === undefined)
        throw new SluiceError("unsupported", `channel ${core.port.name} has no chat.${act}`);
    const what = `chat.${act}`;
    const brought = await callAuthor(what, REPLY_TIMEOUT_MS, () => run.call(chat, { ...input }, core.live));
    if (act !== "download")
        return undefined;
    const { maxBytes } = input;
    if (!(brought instanceof Uint8Array))
        throw toAuthorFault(what, new Error("it must bring bytes: a Uint8Array"));
    if (brought.byteLength > maxBytes)
        throw new SluiceError("too_large", `the file has more than ${maxBytes} bytes`);
    return Buffer.from(brought.buffer, brought.byteOffset, brought.byteLength);
}
async function callTool(core, name, input) {
    const found = core.channel.tools.get(name);
    if (found === undefined)
        return { text: `there is no tool ${name}`, isError: true };
    const { tool } = found;
    try {
        const fitted = await toInput(tool, input);
        if (fitted.kind === "unfit")
            return { text: `${name}: ${fitted.reason}`, isError: true };
        const result = await callAuthor(name, tool.timeoutMs ?? TOOL_TIMEOUT_MS, () => tool.run(fitted.value, core.live));
        return { text: toText(result), isError: false };
    }
    catch (thrown) {
        const again = isSluiceError(thrown) && thrown.retryable ? " (it may work later)" : "";
        return { text: `${toMessage(thrown)}${again}`, isError: true };
    }
}
async function toInput(tool, input) {
    if (tool.input === undefined)
        return { kind: "fits", value: input ?? {} };
    return callAuthor("input", TOOL_TIMEOUT_MS, () => fit(tool.input, input ?? {}));
}
function toText(result) {
    const text = typeof result === "string" ? result : (JSON.stringify(result, undefined, 2) ?? "done");
    if (text.length <= TOOL_TEXT_MAX_CHARS)
        return text;
    return `${text.slice(0, TOOL_TEXT_MAX_CHARS)}\n(${text.length - TOOL_TEXT_MAX_CHARS} more characters are left out)`;
}
