/**
 * config.json: the ingress and the channels, as their owner set them.
 *
 * Owns: its shape, and reading and replacing it. Never: secrets, access, or what a setting does.
 *
 * CONFIG-1 A file that cannot be understood is refused with the field's name, and is never repaired, emptied or overwritten.
 * CONFIG-2 The file is the truth: a change starts from the file on disk, so an edit made by hand is kept.
 */
import { z } from "../../vendor/zod.js";
import { hostSettingSchema } from "../../api/wire/host-wire.js";
import { loginsSchema } from "../../api/wire/ignore-wire.js";
import { ownTemplateSchema } from "../../api/wire/request-wire.js";
import { transcribeSchema } from "../../api/wire/transcribe-wire.js";
import { TUNNEL_TOOL_NAMES } from "../../api/wire/tunnel-wire.js";
import { quietSchema } from "../../api/wire/wire.js";
import { VERSION } from "../../local/version.js";
import { SluiceError } from "../../sdk/errors.js";
import { keptRuleSchema } from "../../api/wire/subscription-wire.js";
import { CHANNEL_NAME, PROBE_CHANNEL } from "./channel-name.js";
import { readPrivateFile, writePrivateFile } from "./private-file.js";
import { readPlainShell } from "../../flow/prompt/risk/plain-shell.js";
const WORDS = "<words>";
/** For people; undefined where it can. */
function findEntryFault(entry) {
    if (/["']/.test(entry))
        return `it holds a quote; ${WORDS} stands for one text in quotes`;
    const words = entry.trim().split(/ +/);
    const shell = readPlainShell(words.map((word) => (word === WORDS ? "'words'" : word)).join(" "));
    if (shell.kind === "unread")
        return shell.why;
    return shell.commands.length === 1 ? undefined : "it is more than one command";
}
const CONFIG_VERSION = 1;
const MAX_TTL_MS = 366 * 24 * 3_600_000;
const HISTORY_DAYS = 30;
const MAX_HISTORY_DAYS = 3_650;
/** As `X-Sluice-Sender` may be. */
export const SENDER_ID = /^[A-Za-z0-9._@:+-]{1,128}$/;
const filePath = z.string().min(1).startsWith("/", "must be an absolute path");
const ingress = z.strictObject({
    host: z.string().min(1),
    port: z.int().min(0).max(65_535),
    /** Set at the first `add`: from then on senders know the port. */
    frozen: z.boolean(),
    tls: z.strictObject({ cert: filePath, key: filePath }).optional(),
    /** A certificate authority whose clients alone may connect. */
    clientCa: filePath.optional(),
});
const channel = z.strictObject({
    name: z
        .string()
        .regex(CHANNEL_NAME, 'must be 1 to 32 of a-z, 0-9 and "-", not beginning with "-"')
        .refine((name) => name !== PROBE_CHANNEL, "is the name of Sluice's own probe"),
    kind: z.string().min(1).max(64),
    /** A row of the table of signature schemes, a scheme of its kind, or `hmac`. */
    scheme: z.string().min(1).max(64),
    /** Which header, or query parameter, carries the token, where the scheme lets one choose. */
    header: z
        .string()
        .regex(/^[A-Za-z0-9._-]{1,64}$/, "must be the name of a header or a query parameter")
        .optional(),
    /** With the scheme `hmac`: where its signature is, and what is signed. */
    hmac: z.string().min(1).max(512).optional(),
    twoWay: z.boolean(),
    /** The sender allowed to listen: if they are an approver, prompts are sent on this stream. */
    listener: z.string().regex(SENDER_ID, 'must be 1 to 128 of A-Z a-z 0-9 . _ @ : + "-"').optional(),
    paused: z.boolean(),
    /** Events per second that are let in; 0 is no limit. */
    rate: z.number().min(0).max(1_000_000),
    allowUnsigned: z.boolean().optional(),
    /** Its senders may name the session that an event is for. */
    allowTarget: z.boolean().optional(),
    /** Accounts whose own acts become no events. */
    ignoreSenders: loginsSchema.optional(),
    /** How long its events may wait; 0 is for ever. By default news waits a day, a chat a week. */
    ttlMs: z.int().min(0).max(MAX_TTL_MS).optional(),
    /** How many of its events may wait at once. */
    quota: z.int().min(1).max(10_000_000).optional(),
    /** What a channel with a connection of its own wants to know besides its secret. */
    settings: z.record(z.string().regex(/^[a-z][a-z0-9_-]{0,31}$/), z.string().max(4_096)).optional(),
    /** How requests of a sender that nobody knows are told. */
    template: ownTemplateSchema.optional(),
    /** What makes text of its voice notes. */
    transcribe: transcribeSchema.optional(),
    /** The platform's ends of this webhook that Sluice has made; `program`: by which it did. */
    hooks: z
        .array(z.strictObject({
        target: z.string().min(1).max(256),
        id: z.string().min(1).max(64),
        url: z.string().min(1).max(1_024),
        events: z.array(z.string().min(1).max(64)).max(100),
        program: filePath.optional(),
    }))
        .max(100)
        .optional(),
    /** An author's channel: which code was confirmed, and where it came from. */
    code: z
        .strictObject({
        digest: z.string().regex(/^[0-9a-f]{64}$/, "must be a SHA-256 in hex"),
        from: z.string().min(1).max(4_096),
    })
        .optional(),
});
/** How senders elsewhere reach ingress. `lastUrl`: the address that they were told last. */
const tunnel = z.strictObject({
    by: z.enum([...TUNNEL_TOOL_NAMES, "own"]),
    program: filePath.optional(),
    name: z.string().min(1).max(128).optional(),
    url: z.string().min(1).max(512).optional(),
    lastUrl: z.string().min(1).max(512).optional(),
});
/** Where the owner wants to hear of events that expired or died: a channel that carries messages out. */
const notices = z.strictObject({
    channel: z.string().regex(CHANNEL_NAME, "must be the name of a channel"),
    chatId: z.string().min(1).max(256).optional(),
});
/** Below the 3,600 s that the plugin's PermissionRequest hook may take: beyond that the client prints an error. */
const MAX_PROMPT_MS = 55 * 60_000;
const afterMs = z.int().min(1_000).max(MAX_PROMPT_MS);
const projectCommand = z
    .string()
    .min(1)
    .max(256)
    .superRefine((entry, context) => {
    const fault = findEntryFault(entry);
    if (fault !== undefined)
        context.addIssue({
            code: "custom",
            message: `${JSON.stringify(entry)} fits no command: ${fault}; write one command of plain words, such as "npm test"`,
        });
});
/** What sessions ask people. */
const prompts = z.strictObject({
    /** Then the hook ends without an opinion, and the dialog at the terminal stays. 10 minutes by default. */
    expireAfterMs: z.int().min(10_000).max(MAX_PROMPT_MS).optional(),
    /** How long whoever sits at the terminal is left alone with it. 20 s by default. */
    afterMs: z.int().min(0).max(MAX_PROMPT_MS).optional(),
    /** How long nothing was typed when the user counts as away. 10 minutes by default. */
    idleMs: z.int().min(60_000).max(MAX_TTL_MS).optional(),
    /** Commands of projects that one tap allows, word for word; `<words>` stands for one text in quotes. They run code of the folder. */
    projectCommands: z.array(projectCommand).max(500).optional(),
    /** What happens when nobody has answered for so long. */
    unattended: z
        .discriminatedUnion("action", [
        z.strictObject({ action: z.enum(["deny", "wait"]), afterMs }),
        /** `to`: a second approver, `channel` or `channel/id`. */
        z.strictObject({ action: z.literal("hand"), afterMs, to: z.string().min(1).max(256) }),
    ])
        .optional(),
});
const config = z
    .strictObject({
    version: z.literal(CONFIG_VERSION),
    ingress,
    tunnel: tunnel.optional(),
    channels: z.array(channel).max(1_000),
    notices: notices.optional(),
    /** Local hours in which only what is urgent wakes a session. */
    quiet: quietSchema.optional(),
    /** Which session gets what: the first rule that covers an event counts. */
    routes: z.array(keptRuleSchema).max(1_000).optional(),
    /** After how many minutes of waiting for a session that is not open the owner is told; 0 is never. 30 by default. */
    waitingNoticeMinutes: z.int().min(0).max(100_000).optional(),
    /** `false`: the terminal of a session shows no line for what comes, is sent, or was approved. */
    headlines: z.boolean().optional(),
    /** `static`: who may speak cannot change while the hub runs. `live` by default. */
    access: z.enum(["live", "static"]).optional(),
    prompts: prompts.optional(),
    /** Agents whose sessions the hub finds by itself. */
    hosts: z
        .strictObject({ codex: hostSettingSchema.optional(), opencode: hostSettingSchema.optional() })
        .optional(),
    /** How long events that are over are kept. 30 by default. */
    historyDays: z.int().min(1).max(MAX_HISTORY_DAYS).optional(),
})
    .superRefine((value, context) => {
    const refuse = (path, message) => context.addIssue({ code: "custom", path, message });
    const { frozen, port, clientCa, tls } = value.ingress;
    if (frozen && port === 0)
        refuse(["ingress", "port"], "cannot be 0 once it is frozen");
    if (clientCa !== undefined && tls === undefined)
        refuse(["ingress", "clientCa"], "needs tls beside it");
    const names = value.channels.map(({ name }) => name);
    for (const [index, name] of names.entries()) {
        if (names.indexOf(name) !== index)
            refuse(["channels", index, "name"], `"${name}" is taken by another channel`);
    }
});
/** What holds before anything was set. */
export function toDefaultConfig() {
    return {
        version: CONFIG_VERSION,
        ingress: { host: "127.0.0.1", port: 8788, frozen: false },
        channels: [],
    };
}
/**
 * Reads the file; the defaults when there is none.
 * @throws SluiceError `bad_config` with the file and the field (CONFIG-1).
 */
export function readConfig(path) {
    const text = readPrivateFile(path);
    return text === undefined ? toDefaultConfig() : parseConfig(text, path);
}
/**
 * Changes the file, and returns what it now holds. Runs to its end in one turn, so changes cannot overlap.
 * `edit` gets a copy of its own and returns the new whole.
 * @throws SluiceError `bad_config` when the file, or the result, is not valid; what `edit` throws; `store_*`. Then nothing has changed.
 */
export function changeConfig(path, edit) {
    const text = `${JSON.stringify(edit(readConfig(path)), undefined, 2)}\n`;
    const after = parseConfig(text, path);
    writePrivateFile(path, text);
    return after;
}
function parseConfig(text, path) {
    let json;
    try {
        json = JSON.parse(text);
    }
    catch (thrown) {
        // The parser quotes the text; only the place is passed on, in case a secret was pasted into the wrong file.
        const place = /line \d+ column \d+/.exec(thrown instanceof Error ? thrown.message : "")?.[0];
        throw new SluiceError("bad_config", `${path} is not valid JSON${place === undefined ? "" : ` (${place})`}; correct it, nothing was changed`);
    }
    const parsed = config.safeParse(json);
    if (parsed.success)
        return parsed.data;
    const issue = parsed.error.issues[0];
    throw new SluiceError("bad_config", `${path}: ${explain(issue, json)}, nothing was changed`);
}
/** What is wrong, and what to do. A file of another version is a file of this one but for a name. */
function explain(issue, json) {
    const version = isObject(json) ? json["version"] : undefined;
    if (typeof version === "number" && version > CONFIG_VERSION)
        return `version ${version} is of a newer Sluice; update Sluice`;
    const place = toPlace(issue?.path ?? []);
    if (issue?.code === "unrecognized_keys") {
        const name = toPlace([...issue.path, issue.keys[0] ?? ""]);
        return `"${name}" is no setting that Sluice ${VERSION} knows; take it out, or update Sluice`;
    }
    return `${place === "" ? "the whole" : place}: ${issue?.message ?? "wrong shape"}; correct it`;
}
function isObject(value) {
    return typeof value === "object" && value !== null;
}
/** As `channels[0].name`. */
function toPlace(path) {
    return path
        .map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`))
        .join("")
        .replace(/^\./, "");
}
/** How long what is over is kept. @throws SluiceError `bad_config`. */
export function readHistoryDays(path) {
    return readConfig(path).historyDays ?? HISTORY_DAYS;
}
