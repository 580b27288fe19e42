/**
 * An MCP server over streamable HTTP, in both generations of the protocol.
 *
 * Owns: requests, answers and streams of it. Never: follows a redirect, which would carry the token elsewhere.
 */
import { createParser } from "../../vendor/eventsource-parser.js";
import { SluiceError } from "../../sdk/errors.js";
import { parseJson } from "../../sdk/json.js";
import { openRequest, readBody } from "../../sdk/net/request.js";
import { isFields, LEGACY_REVISION, MODERN_REVISION, requireEvents, ServerFault, takeResult, toInitialize, toModernParams, } from "./server.js";
const VERSION = "1";
const MAX_ANSWER_BYTES = 8 * 1024 ** 2;
const MAX_FRAME_CHARS = 8 * 1024 ** 2;
const ANSWER_MS = 30_000;
/** @throws SluiceError `unsupported` where it offers no events; as `ask`. */
export async function connectHttp(server) {
    const modern = new HttpConnection(server, true);
    try {
        requireEvents(await modern.ask("server/discover", {}), server.url.host);
        return modern;
    }
    catch (thrown) {
        // It knows no such method, or no such revision: then there is a handshake.
        if (!(thrown instanceof ServerFault))
            throw thrown;
    }
    const legacy = new HttpConnection(server, false);
    requireEvents(await legacy.ask("initialize", toInitialize(VERSION)), server.url.host);
    await legacy.notify("notifications/initialized");
    return legacy;
}
class HttpConnection {
    #server;
    #isModern;
    #session;
    #nextId = 1;
    constructor(server, isModern) {
        this.#server = server;
        this.#isModern = isModern;
    }
    async ask(method, params) {
        let answer;
        const { signal } = this.#server;
        await this.#send(method, params, signal, async (message) => {
            if ("id" in message && !("method" in message))
                answer = message;
        });
        if (answer === undefined)
            throw this.#toFault("it answered no result");
        return takeResult(answer);
    }
    async stream(method, params, hear, signal) {
        await this.#send(method, params, AbortSignal.any([signal, this.#server.signal]), async (message) => {
            if ("method" in message)
                await hear(message);
            else
                takeResult(message);
        });
    }
    async notify(method) {
        await this.#post({ jsonrpc: "2.0", method }, method, this.#server.signal).then((answer) => answer.destroy());
    }
    async close() {
        // Nothing is open between two requests.
    }
    async #send(method, params, signal, hear) {
        const id = this.#nextId++;
        const given = this.#isModern ? toModernParams(params, VERSION) : params;
        const answer = await this.#post({ jsonrpc: "2.0", id, method, params: given }, method, signal);
        const { statusCode: status = 0, headers } = answer;
        try {
            if (status === 401 || status === 403)
                throw new SluiceError("unauthorized", this.#server.token.reveal() === ""
                    ? `${this.#server.url.host} lets nobody in without a token (${status})`
                    : `${this.#server.url.host} refused the token (${status})`);
            const session = headers["mcp-session-id"];
            if (typeof session === "string")
                this.#session = session;
            const isStream = headers["content-type"]?.startsWith("text/event-stream") === true;
            if (isStream && status < 300)
                return await readFrames(answer, hear);
            const body = await readBody(answer, MAX_ANSWER_BYTES, "an answer that is too large");
            const message = parse(body.toString("utf8"));
            if (message !== undefined)
                return await hear(message);
            // A server of before may say so by its status alone.
            if (status === 400 || status === 404 || status === 405)
                throw new ServerFault({ code: -32_601, message: `${status}` });
            throw this.#toFault(`it answered ${status} without a message`);
        }
        finally {
            answer.destroy();
        }
    }
    #post(message, method, signal) {
        const token = this.#server.token.reveal();
        const body = JSON.stringify(message);
        return openRequest(this.#server.url, {
            method: "POST",
            headers: {
                "content-type": "application/json",
                "content-length": Buffer.byteLength(body),
                accept: "application/json, text/event-stream",
                ...(token === "" ? {} : { authorization: `Bearer ${token}` }),
                ...(this.#session === undefined ? {} : { "mcp-session-id": this.#session }),
                ...(method === "initialize"
                    ? {}
                    : { "mcp-protocol-version": this.#isModern ? MODERN_REVISION : LEGACY_REVISION }),
                ...(this.#isModern ? { "mcp-method": method } : {}),
            },
            body,
            timeoutMs: ANSWER_MS,
            signal,
        });
    }
    #toFault(why) {
        return new SluiceError("send_failed", `${this.#server.url.host}: ${why}`, { retryable: true });
    }
}
/** One message after the other: what comes is kept before more is read. */
async function readFrames(answer, hear) {
    const messages = [];
    let pending = 0;
    const parser = createParser({
        onEvent: ({ data }) => {
            pending = 0;
            const message = parse(data);
            if (message !== undefined)
                messages.push(message);
        },
    });
    const decoder = new TextDecoder();
    for await (const chunk of answer) {
        pending += chunk.length;
        if (pending > MAX_FRAME_CHARS)
            throw new SluiceError("too_large", "a message of the stream is too large");
        parser.feed(decoder.decode(chunk, { stream: true }));
        for (let next = messages.shift(); next !== undefined; next = messages.shift())
            await hear(next);
    }
}
/** Undefined for what is no message; what lies too deep in one is left out. */
function parse(text) {
    const parsed = parseJson(text);
    return parsed.kind === "ok" && isFields(parsed.value) ? parsed.value : undefined;
}
