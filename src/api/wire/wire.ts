/**
 * What travels between the hub and its clients: the shapes of the API, in one place for both sides.
 *
 * Owns: schemas of requests, types of answers. Never: behaviour. Names of `--json` output stay as they are: scripts parse them.
 */
import { z } from "zod";
import { type AccessStateView, callerSchema } from "./access-wire.ts";
import { isZone } from "../../sdk/wall-clock.ts";
import type { AwayView } from "../../flow/prompt/notify/away.ts";
import { loginsSchema } from "./ignore-wire.ts";
import { DELIVERY_STATES, PRIORITIES } from "../../sdk/event.ts";
import { transcribeSchema } from "./transcribe-wire.ts";
import { ownTemplateSchema } from "./request-wire.ts";
import type { HookView, TunnelView } from "./tunnel-wire.ts";

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
    .record(
      z.string().regex(/^[a-z][a-z0-9_-]{0,31}$/, 'must be a name of letters, digits, "_" and "-"'),
      z.string().max(4_096),
    )
    .optional(),
});
export type AddChannelRequest = z.input<typeof addChannelSchema>;
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
/** `url`, `token` and `listenToken` as when it was added: a token only where the new code is the first to need it. */
export type ReloadView = { name: string; digest: string } & Partial<
  Pick<AddedChannel, "url" | "token" | "listenToken">
>;

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
export type IngressChange = z.infer<typeof ingressSchema>;
export const ingressCallSchema = ingressSchema.extend(setUpSchema.shape);

export const emitSchema = z.strictObject({
  channel: name,
  text: z.string().min(1).max(1_048_576),
  meta: z
    .record(
      z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, 'must be a name of letters, digits and "_"'),
      z.string(),
    )
    .default({}),
  entity: z.string().max(256).optional(),
  /** What it is a state of: a later one of the same supersedes it. */
  stateOf: z.string().min(1).max(256).optional(),
  priority: z.enum(PRIORITIES).default("normal"),
  /** The one session it is for, by id or label. */
  session: z.string().min(1).max(256).optional(),
  deliveryId: z.string().max(256).optional(),
});
export type EmitRequest = z.input<typeof emitSchema>;
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

/** `active`: they hold now. `zone` is there where the owner chose one; otherwise they count in the machine's (ClockView). */
export type QuietView = {
  from: string;
  to: string;
  zone?: string | undefined;
  active: boolean;
};

/** The machine's time zone, and where it comes from: TZ when the hub started, or the system. `problem`: why it is another than was meant. */
export type ZoneView = {
  name: string;
  from: "TZ" | "system";
  problem?: string | undefined;
};

export const probeSchema = z.strictObject({
  session: z.string().min(1).max(128).optional(),
  timeoutMs: z.int().min(1_000).max(3_600_000).default(60_000),
});
/** One hop of a probe's way; after the first that is not ok it went no further. */
export type ProbeHop = { hop: string; ok: boolean; detail: string; fix?: string | undefined };

/** Where the owner hears of events that expired or died; null for the log alone. */
export const noticesSchema = z
  .strictObject({ channel: name, chatId: z.string().min(1).max(256).optional() })
  .nullable();
export const noticesCallSchema = setUpSchema.extend({ notices: noticesSchema });
export type NoticesView = { channel: string; chatId?: string | undefined };

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
export type ReplayView = {
  events: { id: string; replayed: boolean; reason?: string | undefined }[];
  /** There is more in the range: ask again. */
  more: boolean;
};

export const idsSchema = z.strictObject({ ids: z.array(eventId).min(1).max(100) });

/** An event as `--json` prints it. `ts` is ISO 8601, `receivedAt` epoch ms. */
export type EventView = {
  id: string;
  channel: string;
  kind: string;
  ts: string;
  sender: { id: string; name?: string | undefined; role: string };
  text: string;
  meta: Record<string, string>;
  entity?: string | undefined;
  stateOf?: string | undefined;
  priority: string;
  state: string;
  /** Something failed, or is about to: by its own words, its end, or what became of its answer. */
  level?: "failed" | "warning" | undefined;
  /** The latest answer to it was not sent, or nobody knows: `sluice outbox`. Absent where it was, or waits, or there is none. */
  answer?: "failed" | "maybe" | undefined;
  receivedAt: number;
  /** The event that it is a copy of. */
  copyOf?: string | undefined;
  /** Of its copies too. */
  deliveries: { session: string; lane: string; state: string; attempt: number }[];
};

export type ListenerView = {
  state: "up" | "down" | "off";
  host: string;
  port: number;
  reason?: string | undefined;
};

export type HubView = {
  pid: number;
  version: string;
  /** Which build of that version; absent in hubs that knew of none. */
  build?: string | undefined;
  uptimeMs: number;
  home: string;
  socket: string;
  ingress: ListenerView;
  tunnel?: TunnelView | undefined;
  /** The browser's listener; off until the page was opened once. `remote`: where it may be opened besides this machine. */
  web: ListenerView & { remote?: string | undefined };
};

/** Of a channel of the owner's own: what runs, and what the owner should know of it. */
export type CodeView = {
  /** A path, or `npm:package@version`. */
  from: string;
  digest: string;
  /** Names of its secrets. */
  secrets: string[];
  version?: string | undefined;
  pid?: number | undefined;
  /** Files that are not any more what was added. */
  changed?: string[] | undefined;
  /** How often its process has ended by a fault since the hub's start. */
  ends: number;
  lastFault?: { at: number; text: string } | undefined;
  notes: string[];
};

export type ChannelView = {
  name: string;
  kind: string;
  /** `retrying`: not connected, tried again by itself. `paused` with a reason: waits for its owner. `refusing`: takes nothing. */
  state: "ok" | "refusing" | "retrying" | "paused" | "down";
  reason?: string | undefined;
  url?: string | undefined;
  /** As senders elsewhere call it, through the tunnel. */
  publicUrl?: string | undefined;
  /** Its platform's ends that Sluice has made. */
  hooks?: HookView[] | undefined;
  scheme: string;
  /** For its owner to type into the platform's settings. */
  platformToken?: { what: string; text: string; at: number } | undefined;
  twoWay: boolean;
  /** Accounts whose own acts become no events. */
  ignoreSenders?: string[] | undefined;
  transcribedBy?: string | undefined;
  /** Refused or dropped: how many by reason, and when the last time (epoch ms; absent in hubs that did not tell). */
  refused: Record<string, number>;
  refusedAt?: Record<string, number> | undefined;
  proofHeader?: string | undefined;
  lastEventAt?: number | undefined;
  /** When its platform last asked something that is no event, and was answered (epoch ms). */
  handshakeAt?: number | undefined;
  /** When its sender was first proved, by an event or a handshake (epoch ms). */
  connectedAt?: number | undefined;
  /** It has a connection of its own, which stands. */
  isConnected?: boolean | undefined;
  /** It is down only because ingress is. */
  waitsForIngress?: boolean | undefined;
  /** What the owner should know of it. */
  notes?: string[] | undefined;
  code?: CodeView | undefined;
};

export type SessionView = {
  id: string;
  label: string;
  cwd: string;
  lane: string;
  state: "proven" | "unproven" | "none";
  reason?: string | undefined;
  busy: boolean;
  wakesToday: number;
  charsToday: number;
  waiting: number;
  /** Why an ordinary event would not reach it now: quiet hours, a spent wake budget, a turn that runs. */
  held?: string | undefined;
  client: {
    name: string;
    version: string;
    pid: number;
    plugin: boolean;
    interactive: boolean;
    /** The revision of MCP. */
    protocol?: string | undefined;
    /** Its command line asks for our channel. */
    asksForChannel?: boolean | undefined;
    /** It runs in the client's background service. */
    background?: boolean | undefined;
  };
  bell: boolean;
  /** A turn runs, and its client gave no sign for a minute or more. */
  silence?: string | undefined;
  /** What else its lane says of it, each a few words. */
  laneFacts?: readonly string[] | undefined;
  /** Its lane is out of order, and a restart of the session is the cure. */
  isStuck?: boolean | undefined;
  target: boolean;
  repository?: string | undefined;
};

/** The oldest event that no session has seen. */
export type UnseenView = {
  id: string;
  channel: string;
  state: string;
  ageMs: number;
  /** Why it waits. */
  why?: string | undefined;
};

/** `wentForward`: lately the clock did (epoch ms), and this machine counted no time. */
export type ClockView = {
  now: number;
  zone: ZoneView;
  wentForward?: { from: number; to: number } | undefined;
};

/** How many files this hub may have open, and how many of them ingress takes for connections; `isLow`: fewer than it should. */
export type FilesView = { limit: number | undefined; connections: number; isLow: boolean };

export type StatusView = {
  hub: HubView;
  channels: ChannelView[];
  sessions: SessionView[];
  events: Record<string, number>;
  /** Messages on their way out, by state; `maybe`: nobody knows whether they arrived. */
  outbox?: Record<string, number> | undefined;
  oldestUnseen?: UnseenView | undefined;
  /** Arrivals refused or dropped; channel `-` for unknown names. */
  refused: { channel: string; reason: string; count: number; lastAt?: number | undefined }[];
  policy: { state: "open" | "closed" | "unknown"; detail: string };
  access?: AccessStateView | undefined;
  quiet?: QuietView | undefined;
  clock?: ClockView | undefined;
  files?: FilesView | undefined;
  away?: AwayView | undefined;
  next: string[];
};

export type AddedChannel = {
  name: string;
  kind: string;
  /** How its senders prove themselves. Absent where only its credential was renewed. */
  scheme?: string | undefined;
  /** Whose the credential is, as the platform says: `@botname`. */
  account?: string | undefined;
  url?: string | undefined;
  /** As senders elsewhere call it, through the tunnel. */
  publicUrl?: string | undefined;
  token?: string | undefined;
  listenToken?: string | undefined;
  /** Why its proof is weaker than it could be. */
  warning?: string | undefined;
  nextStep: string;
};

/** A fault as it travels. */
export type FaultView = {
  error: { code: string; message: string; retryable: boolean; retryAfterMs?: number | undefined };
};
