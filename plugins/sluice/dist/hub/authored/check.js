/**
 * What the process of an author's channel says, checked: sizes, counts, types.
 *
 * Owns: what is believed of it. Never: what is done with it.
 *
 * CHECK-1 Nothing that a channel's process says names another channel or account, or another proof than its request had: those are set
 *    here. What it says of a chat (a group, a bot, a forward) is checked, and what it leaves out is a direct chat.
 */
import { z } from "../../vendor/zod.js";
import { ACK_POLICIES, PRIORITIES } from "../../sdk/event.js";
import { MAX_RETRY_AFTER_MS, PIECE_BYTES } from "../../author/child/wire.js";
import { CHAT_ACTS } from "../../sdk/author/chat.js";
const MAX_ARRIVALS = 100;
const MAX_PIECE_CHARS = Math.ceil(PIECE_BYTES / 3) * 4;
const MAX_TEXT = 1024 * 1024 + 200;
/** Every session reads them. */
const MAX_SCHEMA_CHARS = 50_000;
const text = (max) => z.string().max(max);
const name = z.string().regex(/^[a-z][a-z0-9-]{0,31}$/);
const count = z.int().min(0).max(1_000_000);
export const outlineSchema = z.object({
    kind: name,
    title: text(200),
    description: text(1_000),
    instructions: text(2_000),
    attributes: z.record(text(200), text(1_000)),
    sources: z
        .array(z.discriminatedUnion("type", [
        z.object({
            type: z.literal("webhook"),
            name,
            suffix: z.string().regex(/^(?:\.[a-z][a-z0-9-]{0,31})?$/),
            proof: z.discriminatedUnion("kind", [
                z.object({
                    kind: z.literal("scheme"),
                    scheme: text(64),
                    header: z
                        .string()
                        .regex(/^[A-Za-z0-9-]{1,64}$/)
                        .optional(),
                    secrets: z.array(text(128)).min(1).max(10),
                }),
                z.object({ kind: z.literal("made") }),
                z.object({ kind: z.literal("local") }),
                z.object({ kind: z.literal("own") }),
            ]),
            maxBodyBytes: z
                .int()
                .min(1)
                .max(25 * 1024 * 1024),
            timeoutMs: z.int().min(1),
        }),
        z.object({ type: z.literal("service"), name }),
        z.object({ type: z.literal("observe"), name }),
        z.object({ type: z.literal("schedule"), name }),
    ]))
        .min(1)
        .max(100),
    secrets: z.array(z.string().regex(/^(?!__proto__$)[A-Za-z_][A-Za-z0-9_]{0,127}$/)).max(100),
    reply: z.enum(["none", "stream", "handler"]),
    chat: z
        .object({
        acts: z.array(z.enum(CHAT_ACTS)).max(CHAT_ACTS.length),
        maxFileBytes: z.int().min(1).optional(),
        hasForms: z.literal(true).optional(),
    })
        .optional(),
    tools: z
        .array(z.object({
        name: z.string().regex(/^[a-zA-Z][a-zA-Z0-9_-]{0,47}$/),
        description: text(10_000),
        inputSchema: z
            .record(z.string(), z.unknown())
            .refine((schema) => JSON.stringify(schema).length <= MAX_SCHEMA_CHARS),
    }))
        .max(50),
    permission: z.boolean(),
    ack: z.enum(ACK_POLICIES),
    priority: z.enum(PRIORITIES),
    ttlMs: z.int().min(1).optional(),
    target: text(256).optional(),
});
/** Without the account, which is the channel. */
const chatSchema = z.object({
    place: z.enum(["dm", "group", "thread", "broadcast"]),
    groupId: text(256).min(1).optional(),
    isAddressed: z.boolean(),
    isBot: z.boolean(),
    isForwarded: z.boolean(),
    isEdited: z.boolean(),
    isOutsider: z.boolean().optional(),
    isShared: z.boolean().optional(),
    button: text(256).optional(),
    isCommand: z.boolean().optional(),
});
const arrivalSchema = z.object({
    kind: text(128),
    sender: z.object({ id: text(256).min(1), name: text(512).optional() }),
    text: text(MAX_TEXT),
    quotes: z.array(z.object({ label: text(128), text: text(MAX_TEXT) })).max(100),
    meta: z.record(z.string().regex(/^(?!source$)[a-zA-Z_][a-zA-Z0-9_]{0,127}$/), text(65_536)),
    priority: z.enum(PRIORITIES),
    ack: z.enum(ACK_POLICIES),
    deliveryId: text(512).optional(),
    bodyDigest: text(128).optional(),
    entity: text(256).optional(),
    stateOf: text(256).optional(),
    chatId: text(256).optional(),
    chat: chatSchema.optional(),
    files: z
        .array(z.object({
        reference: text(4_096).min(1),
        name: text(256),
        mime: text(256).optional(),
        bytes: z.int().min(0).optional(),
    }))
        .max(50)
        .optional(),
    answering: text(2_000).optional(),
    session: text(256).optional(),
    ttlMs: z.int().min(1).optional(),
    occurredAt: z.int().min(0).optional(),
});
const arrivals = z.array(arrivalSchema).max(MAX_ARRIVALS);
const fault = z.object({
    code: text(64),
    message: text(2_000),
    retryable: z.boolean(),
    retryAfterMs: z.number().min(0).max(MAX_RETRY_AFTER_MS).optional(),
    isTooLate: z.boolean().optional(),
    sent: z
        .object({
        kind: z.enum(["maybe", "part"]),
        message: text(1_000),
        messageIds: z.array(text(256)).max(100),
    })
        .optional(),
});
const state = z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("connected") }),
    z.object({
        kind: z.literal("retrying"),
        reason: text(4_000),
        alarm: z.boolean().optional(),
    }),
    z.object({ kind: z.literal("paused"), reason: text(4_000) }),
]);
const id = z.int().min(1);
const messageSchema = z.discriminatedUnion("kind", [
    z.object({
        kind: z.literal("ready"),
        outline: outlineSchema,
        files: z.array(text(4_096)).max(20_000),
    }),
    z.object({ kind: z.literal("failed"), fault }),
    z.object({
        kind: z.literal("result"),
        id,
        value: z.unknown().optional(),
        fault: fault.optional(),
    }),
    z.object({
        kind: z.literal("take"),
        id,
        arrivals,
        cursor: text(1024 * 1024).optional(),
    }),
    z.object({ kind: z.literal("file"), id, path: text(4_096), from: z.int().min(0) }),
    z.object({ kind: z.literal("piece"), id, data: text(MAX_PIECE_CHARS) }),
    z.object({ kind: z.literal("undelivered"), id, messageId: text(256), reason: text(1_000) }),
    z.object({ kind: z.literal("report"), source: text(64), state }),
    z.object({ kind: z.literal("left"), count }),
    z.object({
        kind: z.literal("log"),
        level: z.enum(["debug", "info", "warn", "error"]),
        fields: z.unknown(),
        message: text(4_000),
    }),
    z.object({ kind: z.literal("pong"), n: z.int() }),
    z.object({ kind: z.literal("closed") }),
]);
export const receivedSchema = z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("arrivals"), arrivals }),
    z.object({ kind: z.literal("ignore"), reason: text(1_000) }),
    z.object({
        kind: z.literal("refuse"),
        status: z.union([z.literal(400), z.literal(401), z.literal(415)]),
        reason: text(1_000),
    }),
]);
export const toolAnswerSchema = z.object({ text: text(200_000), isError: z.boolean() });
export const sentSchema = z.object({ messageIds: z.array(text(256)).max(100) });
/** One line. The kinds of message are those of `FromChild`. @throws Error with the place, never with what stood there. */
export function parseLine(line) {
    const parsed = messageSchema.safeParse(parseJson(line));
    if (parsed.success)
        return parsed.data;
    const [issue] = parsed.error.issues;
    throw new Error(`${issue?.path.join(".") || "the whole"}: ${issue?.code ?? "wrong"}`);
}
function parseJson(line) {
    try {
        return JSON.parse(line.toString("utf8"));
    }
    catch {
        // No shape fits undefined.
        return undefined;
    }
}
/** CHECK-1. `source`: whoever holds the channel's credential. */
export function toHubArrival({ chat, sender, ...given }, channel, verified) {
    const isPerson = chat !== undefined;
    const own = { id: `${channel.kind}:${channel.name}` };
    const person = { id: sender.id, ...(sender.name === undefined ? {} : { name: sender.name }) };
    // Of JSON: an optional field is there with a value, or is not there.
    const rest = given;
    return {
        ...rest,
        channel: channel.name,
        verified,
        sender: isPerson ? person : own,
        ...(isPerson
            ? // Of JSON, as above.
                { chat: { ...chat, account: channel.name } }
            : {}),
    };
}
