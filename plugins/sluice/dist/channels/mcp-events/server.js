/**
 * An MCP server as this channel speaks to it, whichever way it is reached.
 *
 * Owns: that shape, what a fault of it means, and how an owner names one. Never: a transport.
 */
import { SluiceError } from "../../sdk/errors.js";
/** An error that the server answered. */
export class ServerFault extends Error {
    code;
    data;
    constructor({ code, message, data }) {
        super(typeof message === "string" ? message.slice(0, 200) : "no message");
        this.code = typeof code === "number" ? code : 0;
        this.data = isFields(data) ? data : {};
    }
    /** The event is gone, or never was. Codes of the SEP, and of the sketch before it. */
    get isNotFound() {
        return this.code === -32_023 || this.code === -32_011;
    }
    get isForbidden() {
        return this.code === -32_024 || this.code === -32_012;
    }
    /** The event has another form now: the same subscription may be asked for anew. */
    get isSchemaChange() {
        return this.data["reason"] === "schema_changed";
    }
}
export const MODERN_REVISION = "2026-07-28";
export const LEGACY_REVISION = "2025-11-25";
/** In each request of the revision without a handshake. */
export function toModernParams(params, version) {
    return {
        ...params,
        _meta: {
            "io.modelcontextprotocol/protocolVersion": MODERN_REVISION,
            "io.modelcontextprotocol/clientCapabilities": {
                extensions: { "io.modelcontextprotocol/events": {} },
            },
            "io.modelcontextprotocol/clientInfo": { name: "sluice", version },
        },
    };
}
export function toInitialize(version) {
    return {
        protocolVersion: LEGACY_REVISION,
        capabilities: {},
        clientInfo: { name: "sluice", version },
    };
}
/** Whether it offers events, in either place where servers say so. @throws SluiceError `unsupported`. */
export function requireEvents(answer, server) {
    const capabilities = isFields(answer["capabilities"]) ? answer["capabilities"] : {};
    const { extensions, events } = capabilities;
    const isOffered = isFields(events) ||
        (isFields(extensions) && isFields(extensions["io.modelcontextprotocol/events"]));
    if (!isOffered)
        throw new SluiceError("unsupported", `${server} is an MCP server that offers no events`);
}
/** What a server answered one request. @throws ServerFault. */
export function takeResult(message) {
    if (isFields(message["error"]))
        throw new ServerFault(message["error"]);
    return isFields(message["result"]) ? message["result"] : {};
}
export function isFields(value) {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}
/** Not an address: what starts a program of this machine. */
export function isCommand(server) {
    return !/^https?:\/\//i.test(server.trim());
}
/** The program and its arguments; no shell reads them. @throws SluiceError `bad_config`. */
export function parseCommand(server) {
    const text = server.trim();
    if (!text.startsWith("["))
        return text.split(/\s+/);
    try {
        const argv = JSON.parse(text);
        if (Array.isArray(argv) && argv.length > 0 && argv.every((one) => typeof one === "string"))
            return argv;
    }
    catch {
        // Said below.
    }
    throw new SluiceError("bad_config", `the setting server is no command: write it as words, or as a JSON list of texts`);
}
