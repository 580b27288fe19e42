/**
 * What an author writes: a kind, one or more sources, and what the session may do with it.
 *
 * Owns: these shapes. Never: behaviour (define.ts checks, src/author runs).
 *
 * Life: a channel has one instance in a process. Its functions are called on it from the start until `signal` aborts, so what they keep
 * in the file's own variables stays between events.
 */
import type { AckPolicy, Priority } from "../event.ts";
import type { Logger } from "../log.ts";
import type { SentMessage } from "../message.ts";
import type { NewEvent, PushResult, ReceiveResult } from "./new-event.ts";
import type { AuthorMessage, ChatActs } from "./chat.ts";
import type { EnvRef, OwnCheck, ProofRule } from "./proof.ts";
import type { AnySchema, OutputOf } from "./schema.ts";

type Awaitable<T> = T | Promise<T>;

/** What the functions of a channel get. `C` is what `service.connect` resolved to. */
export type Live<C = unknown> = {
  /** The configured name; alone it is the kind. */
  readonly name: string;
  /** @throws SluiceError `send_failed`, retryable, while the service is not connected. */
  readonly connection: C;
  /** Hands in an event. Resolves once it is kept, with what became of it; rejects where it could not be kept. */
  push(event: NewEvent | string): Promise<PushResult>;
  /**
   * The platform had accepted a message of ours, and says now that it did not arrive: its owner is told. Resolves once that is kept; for a
   * message that nobody here sent nothing is done.
   */
  undelivered(messageId: string, reason: string): Promise<void>;
  /** The value of a secret that the definition names. @throws SluiceError `bad_secret` where it is not set. */
  secret(of: EnvRef | string): string;
  readonly settings: Readonly<Record<string, string>>;
  readonly log: Logger;
  /** Aborts when the channel ends. */
  readonly signal: AbortSignal;
};

/** What `connect` gets besides. Its `connection` is none before it has resolved. */
export type ServiceLive = Live & {
  /** The connection is gone: it is closed and opened again, later and later. */
  lost(reason: string): void;
  /** Where the last `push` with a cursor stopped, in this life or an earlier one. */
  readonly cursor: string | undefined;
  push(event: NewEvent | string, cursor?: string): Promise<PushResult>;
  /**
   * Hands in several events, and where they end: kept all together with that, or not at all. More than 100 are kept a hundred at a time,
   * and `cursor` with the last. Without events only the place is kept.
   */
  pushAll(events: readonly (NewEvent | string)[], cursor?: string): Promise<readonly PushResult[]>;
};

/** A verified request. */
export type WebhookDelivery<P = unknown> = {
  /** The parsed body as the schema made it. Without a schema: the value of JSON, the fields of a form, or the text. */
  readonly payload: P;
  /** The body as text. */
  readonly text: string;
  /** The raw bytes. */
  readonly raw: Uint8Array;
  /** Lower-case names; a header that came twice is left out. */
  readonly headers: Readonly<Record<string, string>>;
  /** What follows the address of the source, without a slash in front. */
  readonly path: string;
  /** Which scheme proved it. */
  readonly verified: string;
  /** Epoch ms. */
  readonly receivedAt: number;
};

/** Requests that others send. The address is `/in/<channel>`, or `/in/<channel>.<name>` for a source with a name. */
export type WebhookSource<S extends AnySchema = AnySchema, C = unknown> = {
  name?: string;
  /** Default: a bearer token that Sluice makes. */
  verify?: ProofRule | OwnCheck;
  /** What the body must be: else the sender reads 400 and why, and nothing is kept. */
  payload?: S;
  /** Default 1 MiB. */
  maxBodyBytes?: number;
  /** How long `receive` may take. Default 10,000. The sender reads 503 after that. */
  timeoutMs?: number;
  receive(delivery: WebhookDelivery<OutputOf<S>>, live: Live<C>): Awaitable<ReceiveResult>;
};

/** A connection of the channel's own. It is opened again when it is lost, after 1 s and later and later, up to a minute. */
export type ServiceSource<C = unknown> = {
  name?: string;
  /** Resolves once connected. What is pushed before that is kept as well, in order. */
  connect(live: ServiceLive): Awaitable<C>;
  /** Called on every connection once: at a loss, and at the end. */
  disconnect?(connection: C): Awaitable<void>;
  /** Asked every 30 s. Rejects, or resolves to false, where the connection is of no use any more. */
  isHealthy?(connection: C): Awaitable<boolean | void>;
  /** How long `connect` may take. Default 30,000. */
  timeoutMs?: number;
};

/** The part of an EventEmitter that is used. */
export type Emitter = {
  on(event: string, listener: (...args: unknown[]) => void): unknown;
  off?(event: string, listener: (...args: unknown[]) => void): unknown;
  close?(): unknown;
};

/** Anything that yields. Exactly one of `items`, `emitter` and `poll`. */
export type ObserveSource<O = unknown, C = unknown> = {
  name?: string;
  /** Iterated to its end; begun again after an error, later and later. */
  items?(live: Live<C>): Awaitable<AsyncIterable<O>>;
  /** Its arguments arrive as one list. */
  emitter?(live: Live<C>): Awaitable<Emitter>;
  /** Default `data`. */
  events?: string | readonly string[];
  /** Asked each `everyMs`. Those that were not in the list before are new; what the first list ever holds is known. */
  poll?(live: Live<C>): Awaitable<readonly O[]>;
  everyMs?: number;
  /** What tells one of a list from another. Default: all of it. */
  key?(item: O): string;
  receive(item: O, live: Live<C>): Awaitable<ReceiveResult>;
};

/** By the clock: `everyMs`, or once a day. What was missed while nothing ran is not made up for. */
export type ScheduleSource<C = unknown> = {
  name?: string;
  everyMs?: number;
  /** `HH:MM`. */
  dailyAt?: string;
  /** `Europe/Berlin`. Default: the machine's. */
  zone?: string;
  receive(at: Date, live: Live<C>): Awaitable<ReceiveResult>;
};

/** A tool that the session may call. */
export type ChannelTool<S extends AnySchema = AnySchema, C = unknown> = {
  /** For the model; cut at 2 KB by clients. */
  description: string;
  /** An object of a library that gives a JSON Schema (zod 4.2 or later). Default: no arguments. */
  input?: S;
  /** How long `run` may take. Default 60,000. */
  timeoutMs?: number;
  /** The result for the model: a text, or anything that JSON can hold. A throw is an error that the model reads. */
  run(input: OutputOf<S>, live: Live<C>): Awaitable<unknown>;
};

/** Carries a message out. Throw where it did not arrive: the model is told. Return the platform's id of it, where there is one. */
export type SendReply<C = unknown> = (
  message: AuthorMessage,
  live: Live<C>,
) => Awaitable<SentMessage | string | void>;

/** People, by the ids that the channel gives as `sender.id`: listed here, or with commas between in an environment variable. */
export type PeopleList = readonly string[] | EnvRef;

export type AuthorDefinition<
  S extends AnySchema = AnySchema,
  C = unknown,
  O = unknown,
  T extends Record<string, AnySchema> = Record<string, AnySchema>,
> = {
  /** Lower case, digits, dashes. */
  kind: string;
  title?: string;
  /** One line, for lists. */
  description?: string;
  /** For the model: what comes, and what to do with it. */
  instructions?: string;
  /** What the keys of meta mean, for the model. */
  attributes?: Readonly<Record<string, string>>;

  webhook?: WebhookSource<S, NoInfer<C>> | readonly AnyWebhookSource[];
  service?: ServiceSource<C>;
  observe?: ObserveSource<O, NoInfer<C>> | readonly AnyObserveSource[];
  schedule?: ScheduleSource<NoInfer<C>> | readonly ScheduleSource<NoInfer<C>>[];

  /** `true`: replies go out on the channel's own stream, `/out/<channel>`. */
  reply?: true | SendReply<NoInfer<C>>;
  tools?: { readonly [K in keyof T]: ChannelTool<T[K], NoInfer<C>> };
  /** What else it can do where people talk. Needs a `reply` that sends. */
  chat?: ChatActs<Live<NoInfer<C>>>;
  /** People may answer the session's permission prompts on this channel. Needs `reply`. */
  permission?: boolean;

  /** Who may speak, where events have a `sender`. In the hub the owner's list counts instead. Default: nobody. */
  senders?: PeopleList;
  /** Who of them may answer permission prompts. Default: nobody. */
  approvers?: PeopleList;

  /** Of all its events, where they say nothing else. */
  ack?: AckPolicy;
  priority?: Priority;
  target?: string;
  ttlMs?: number;
  meta?: NewEvent["meta"];
  /** Secrets that are used by `live.secret` alone. */
  secrets?: readonly EnvRef[];
  /** Of the listener, alone. Default 8788. */
  port?: number;
};

// A list holds sources of different payloads, each of which `webhook` or `observe` has typed.
// oxlint-disable-next-line typescript/no-explicit-any
export type AnyWebhookSource = WebhookSource<any, any>;
// oxlint-disable-next-line typescript/no-explicit-any
export type AnyObserveSource = ObserveSource<any, any>;
// oxlint-disable-next-line typescript/no-explicit-any
export type AnyTool = ChannelTool<any, any>;

/** A source with its name, its proof and its defaults. */
export type NamedSource =
  | {
      type: "webhook";
      name: string;
      proof: ProofRule;
      maxBodyBytes: number;
      timeoutMs: number;
      source: AnyWebhookSource;
    }
  // oxlint-disable-next-line typescript/no-explicit-any
  | { type: "service"; name: string; timeoutMs: number; source: ServiceSource<any> }
  | { type: "observe"; name: string; source: AnyObserveSource }
  // oxlint-disable-next-line typescript/no-explicit-any
  | { type: "schedule"; name: string; source: ScheduleSource<any> };

/** A definition that was checked. */
export type AuthorChannel = {
  readonly definition: AuthorDefinition;
  readonly kind: string;
  readonly sources: readonly NamedSource[];
  readonly tools: ReadonlyMap<string, { tool: AnyTool; inputSchema: Record<string, unknown> }>;
  /** Names of all its secrets. */
  readonly secrets: readonly string[];
};
