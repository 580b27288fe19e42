/**
 * What travels between the hub and its clients: the shapes of the API, in one place for both sides.
 *
 * Owns: schemas of requests, types of answers. Never: behaviour. Names of `--json` output stay as they are: scripts parse them.
 */
import { z } from "../../vendor/zod.js";
import { callerSchema } from "./access-wire.js";
import { isZone } from "../../sdk/wall-clock.js";
import { loginsSchema } from "./ignore-wire.js";
import { DELIVERY_STATES, PRIORITIES } from "../../sdk/event.js";
import { transcribeSchema } from "./transcribe-wire.js";
import { ownTemplateSchema } from "./request-wire.js";
const name = z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'must be 1 to 32 of a-z, 0-9 and "-"');
export const eventId = z.string().regex(/^evt_[0-9a-z]{26}$/, "must be an event id");
export const addChannelSchema = z.strictObject({
    kind: name,
    name: name.optional(),
    /** Absent: the hub makes one and returns it once. */
    secret: z.string().max(4_096).optional(),
    /** Those besides the first, by name. */
    secrets: z
        .record(z.string().regex(/^[a-z][a-z0-9_]{0,31}$/), z.string().min(1).max(4_096))
        .optional(),
    scheme: z.string().max(64).optional(),
    header: z.string().max(64).optional(),
    /** A signature in one line: `sha256:hex:X-Signature:{body}`. */
    hmac: z.string().max(512).optional(),
    twoWay: z.boolean().default(false),
    /** Two-way only: the sender allowed to listen. */
    listener: z.string().max(128).optional(),
    rate: z.number().min(0).optional(),
    /** How long its events may wait; 0 is for ever. */
    ttlMs: z.int().min(0).optional(),
    /** How many of its events may wait at once. */
    quota: z.int().min(1).optional(),
    allowUnsigned: z.boolean().default(false),
    allowTarget: z.boolean().optional(),
    /** Accounts whose own acts become no events. */
    ignoreSenders: loginsSchema.optional(),
    /** How requests of a sender that nobody knows are told. */
    template: ownTemplateSchema.optional(),
    transcribe: transcribeSchema.optional(),
    /** For channels with a connection of their own. */
    settings: z
        .record(z.string().regex(/^[a-z][a-z0-9_-]{0,31}$/, 'must be a name of letters, digits, "_" and "-"'), z.string().max(4_096))
        .optional(),
});
/** Code of a channel that a person has confirmed: it lies in the home already. */
export const addCodeSchema = z.strictObject({
    folder: z.string().max(64),
    digest: z.string().regex(/^[0-9a-f]{64}$/, "must be a SHA-256 in hex"),
    name: name.optional(),
    secrets: z.record(z.string().max(128), z.string().max(16_384)).default({}),
    listener: z.string().max(128).optional(),
    rate: z.number().min(0).optional(),
    ttlMs: z.int().min(0).optional(),
    quota: z.int().min(1).optional(),
    settings: z.record(z.string().max(32), z.string().max(4_096)).optional(),
});
/** A change of set-up names who asks for it: no session does. */
export const setUpSchema = z.strictObject({ caller: callerSchema });
export const addChannelCallSchema = addChannelSchema.extend(setUpSchema.shape);
export const addCodeCallSchema = addCodeSchema.extend(setUpSchema.shape);
export const reloadCallSchema = addCodeCallSchema.pick({
    caller: true,
    folder: true,
    digest: true,
    secrets: true,
});
const path = z.string().min(1).max(4_096).startsWith("/", "must be an absolute path");
export const ingressSchema = z.strictObject({
    /** A literal address. Anything but loopback is open to the network. */
    host: z.union([z.ipv4(), z.ipv6()], "must be an IP address, as 127.0.0.1").optional(),
    port: z.int().min(1).max(65_535).optional(),
    tls: z.strictObject({ cert: path, key: path }).optional(),
    clientCa: path.optional(),
});
export const ingressCallSchema = ingressSchema.extend(setUpSchema.shape);
export const emitSchema = z.strictObject({
    channel: name,
    text: z.string().min(1).max(1_048_576),
    meta: z
        .record(z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, 'must be a name of letters, digits and "_"'), z.string())
        .default({}),
    entity: z.string().max(256).optional(),
    /** What it is a state of: a later one of the same supersedes it. */
    stateOf: z.string().min(1).max(256).optional(),
    priority: z.enum(PRIORITIES).default("normal"),
    /** The one session it is for, by id or label. */
    session: z.string().min(1).max(256).optional(),
    deliveryId: z.string().max(256).optional(),
});
export const eventsQuerySchema = z.object({
    state: z.enum(DELIVERY_STATES).optional(),
    channel: name.optional(),
    limit: z.coerce.number().int().min(1).max(10_000).default(50),
    /** Only events accepted before this one. */
    before: eventId.optional(),
    /** Only these, joined by commas. */
    ids: z
        .string()
        .max(6_500)
        .transform((ids) => ids.split(","))
        .pipe(z.array(eventId).max(200))
        .optional(),
    /** Only events with this in their text, id, kind, entity or sender; among the newest 20,000. */
    text: z.string().min(1).max(200).optional(),
    /** Only what failed outside, on its way here, or in its answer; among the newest 20,000. */
    failed: z
        .enum(["true", "false"])
        .transform((value) => value === "true")
        .optional(),
    /** So much of each text, and no meta: for lists. */
    maxChars: z.coerce.number().int().min(1).max(100_000).optional(),
});
const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "must be a time such as 22:00");
/** Hours of the day in which only what is urgent wakes a session; in the machine's zone where none is given. */
export const quietSchema = z
    .strictObject({
    from: time,
    to: time,
    zone: z.string().max(64).refine(isZone, "must be a time zone such as Europe/Berlin").optional(),
})
    .refine(({ from, to }) => from !== to, "begin and end at the same time");
/** Null: at no hour. */
export const quietCallSchema = setUpSchema.extend({ quiet: quietSchema.nullable() });
export const probeSchema = z.strictObject({
    session: z.string().min(1).max(128).optional(),
    timeoutMs: z.int().min(1_000).max(3_600_000).default(60_000),
});
/** Where the owner hears of events that expired or died; null for the log alone. */
export const noticesSchema = z
    .strictObject({ channel: name, chatId: z.string().min(1).max(256).optional() })
    .nullable();
export const noticesCallSchema = setUpSchema.extend({ notices: noticesSchema });
/** By ids, or by a range of time (epoch ms) of their acceptance. */
export const replaySchema = z.union([
    z.strictObject({
        ids: z.array(eventId).min(1).max(1_000),
        session: z.string().min(1).max(128).optional(),
    }),
    z.strictObject({
        since: z.number().min(0),
        until: z.number().min(0).optional(),
        channel: name.optional(),
        state: z.enum(["seen", "done", "expired", "dead"]).optional(),
        session: z.string().min(1).max(128).optional(),
        /** When the first page was asked for: what was replayed since is left out. */
        startedAt: z.number().min(0),
    }),
]);
export const idsSchema = z.strictObject({ ids: z.array(eventId).min(1).max(100) });
