/**
 * MCP as far as its extension Events needs it: versions, error codes, names, and the faults that a client is answered.
 *
 * Owns: these words. Never: behaviour.
 * https://modelcontextprotocol.io/specification/2026-07-28 https://modelcontextprotocol.io/seps/3415-events-extension
 */
import { z } from "../vendor/zod.js";
export const EXTENSION = "io.modelcontextprotocol/events";
export const SUBSCRIPTION_ID = "io.modelcontextprotocol/subscriptionId";
const META = "io.modelcontextprotocol/";
export const META_VERSION = `${META}protocolVersion`;
export const META_CAPABILITIES = `${META}clientCapabilities`;
export const META_SERVER = `${META}serverInfo`;
/** Without a handshake: each request says what it speaks. */
export const MODERN_VERSION = "2026-07-28";
/** With `initialize`; the newest first. Events are not defined there, and clients use them there. */
export const LEGACY_VERSIONS = ["2025-11-25", "2025-06-18", "2025-03-26"];
export const CODES = {
    parse: -32_700,
    invalidRequest: -32_600,
    noMethod: -32_601,
    invalidParams: -32_602,
    internal: -32_603,
    headerMismatch: -32_020,
    unsupportedVersion: -32_022,
    // The extension's own.
    notFound: -32_023,
    forbidden: -32_024,
    resourceExhausted: -32_025,
    unsupported: -32_026,
    callbackEndpoint: -32_027,
};
/** An answer that is an error of the protocol. Its message is read by the client's people and holds no secret. */
export class EventFault extends Error {
    code;
    data;
    constructor(code, message, data) {
        super(message);
        this.code = CODES[code];
        this.data = data;
    }
    toError() {
        return {
            code: this.code,
            message: this.message,
            ...(this.data === undefined ? {} : { data: this.data }),
        };
    }
}
export function isFields(value) {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}
const cursor = z.string().max(512).nullish();
const subscription = {
    name: z.string().min(1).max(200),
    arguments: z.record(z.string(), z.unknown()).default({}),
    cursor,
    maxAgeMs: z.int().min(0).nullish(),
};
export const listParams = z.object({ cursor });
export const pollParams = z.object({ ...subscription, maxEvents: z.int().min(1).nullish() });
export const streamParams = z.object(subscription);
export const subscribeParams = z.object({
    ...subscription,
    delivery: z.object({
        mode: z.string().max(64),
        url: z.string().max(2_048),
        secret: z.string().max(512),
    }),
    ttlMs: z.int().min(0).nullish(),
});
export const unsubscribeParams = z.object({
    name: subscription.name,
    arguments: subscription.arguments,
    delivery: z.object({ url: z.string().max(2_048) }),
});
export const listenParams = z.object({ notifications: z.record(z.string(), z.unknown()) });
/** @throws EventFault `invalidParams` that names the field. */
export function parseParams(schema, params) {
    const parsed = schema.safeParse(params);
    if (parsed.success)
        return parsed.data;
    const [issue] = parsed.error.issues;
    const place = issue?.path.join(".") ?? "";
    throw new EventFault("invalidParams", `${place === "" ? "params" : place}: ${issue?.message ?? "has a wrong shape"}`);
}
/** JSON whose keys are in order at every depth, so that one meaning is one text. */
export function toCanonical(value) {
    if (Array.isArray(value))
        return `[${value.map(toCanonical).join(",")}]`;
    if (!isFields(value))
        return JSON.stringify(value) ?? "null";
    const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, one]) => `${JSON.stringify(key)}:${toCanonical(one)}`).join(",")}}`;
}
