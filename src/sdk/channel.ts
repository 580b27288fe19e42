/**
 * The interface of a kind of channel that is built in, and `defineKind`, with which one is made. An author's own: author/define.ts.
 *
 * Owns: the one shape of all channels. Never: transport, storage, or the decision who may speak.
 */
import type { Clock } from "./clock.ts";
import type { AckPolicy, Arrival } from "./event.ts";
import type { Logger } from "./log.ts";
import type { Activity, OutgoingMessage, SentMessage, Sign } from "./message.ts";
import type { Page } from "./page.ts";
import type { PlatformHooks } from "./platform-hooks.ts";
import type { Scheme, SignatureReach } from "./scheme.ts";
import type { Secret } from "./secret.ts";

/** What a channel may be sent by. POST is always among them. */
export type IngressMethod = "POST" | "PUT" | "GET" | "HEAD" | "OPTIONS";

/** A request whose signature, size and headers are already in order. */
export type VerifiedRequest = {
  /** The configured name of the channel it was posted to. */
  channel: string;
  /** What follows the channel's name in the URL, without a slash in front; empty for none. Text, not a file path. Without a secret in it. */
  path: string;
  /** What stands behind the `?`, as sent and without a secret in it; empty for none. */
  query?: string;
  method: string;
  /** Lower-case names; one value each: a repeated security header was refused before. */
  headers: Readonly<Record<string, string>>;
  /** The raw bytes that were signed. */
  body: Buffer;
  /** Which scheme proved it. */
  verified: string;
  /** The delivery id that the signature scheme itself carries (Standard Webhooks' `webhook-id`). */
  signedId?: string;
  /** How much of it the proof covers. */
  reach?: SignatureReach;
  /** HMAC-SHA-256 of a text under the key that proved it: what Zoom and X ask for in a handshake. Absent where no secret is shared. */
  mac?: (text: string) => Buffer;
  /** Epoch ms. */
  receivedAt: number;
};

/**
 * What a channel makes of a request. `refuse` answers the sender with a 4xx and keeps nothing. With a `code` (`[a-z_]+`) it is what
 * no honest sender does: it is counted under that, and its reason, which must hold nothing of the body, stands in the log.
 */
export type Received =
  /** `more`: further ones that the same request brought. Each has an id of its own, for all of them come again where one could not be kept. */
  | { kind: "arrival"; arrival: Arrival; more?: readonly Arrival[] }
  | { kind: "ignore"; reason: string }
  | { kind: "refuse"; status: 400 | 415; reason: string; code?: string }
  | HandshakeAnswer;

/** An answer as the platform wants it, whole. `type` is the content type, `application/json` where it is left out. */
export type PlatformAnswer = { status: 200 | 202 | 204; type?: string; body?: string };

/**
 * A proven request that is no event: the platform tries the address, or asks to be answered. Nothing is stored; it is counted as
 * `handshake_<code>` (`[a-z_]+`), which shows that the channel is connected.
 */
export type HandshakeAnswer = PlatformAnswer & {
  kind: "answer";
  code: string;
  /** Of `[a-z0-9-]+`; none that ingress sets itself. */
  headers?: Readonly<Record<string, string>>;
  /**
   * Done by the hub before the answer: a GET of `url`, which must be https, on a host that matches `host` whole, without redirects. Where
   * it fails the sender is answered 503, so that it asks again.
   */
  confirm?: { url: string; host: RegExp };
  /**
   * A token that its owner is to type into the platform's settings, as Notion hands one out: `what` names it. "sluice channels" shows it for
   * an hour; it is kept in memory alone, and no session reads it.
   */
  tell?: { what: string; text: string };
};

/**
 * A GET without a proof of its own, as Meta and WebSub subscribe: where all of `when` is in the query, and `token` holds the channel's
 * verify token, what `echo` holds is answered as plain text. Only `[A-Za-z0-9_-]{1,128}` is echoed. `sluice add` prints the token.
 * (HEAD of any name is answered 200, and OPTIONS as CloudEvents asks: neither needs a word here.)
 */
export type Preflight = {
  when: Readonly<Record<string, string>>;
  token: string;
  echo: string;
  /** As `HandshakeAnswer.code`. */
  code: string;
};

/** What a channel knows of its own configuration. */
export type ChannelOptions = {
  /** The configured name. */
  name: string;
  /** Replies are accepted and carried back. */
  twoWay: boolean;
  /** Its senders may name the session that an event is for: the owner said so. */
  allowTarget?: boolean;
  /** Accounts of the platform whose own acts are not to become events: the owner's, so that a session does not hear itself. */
  ignoreSenders?: readonly string[];
  /** How the owner wants requests told that the channel does not know by itself. */
  template?: RequestTemplate;
  /** Called with the paths of the template that a request does not have; for the owner's status. */
  noteMissing?: (paths: readonly string[]) => void;
};

/** Templates such as `{{event.title}}`, and paths such as `event.level`. */
export type RequestTemplate = {
  /** What is told, in place of what the channel would tell. */
  text?: string | undefined;
  /** Facts by their names. */
  meta?: Readonly<Record<string, string>> | undefined;
  entity?: string | undefined;
  /** The path of a word that says how bad it is. */
  severity?: string | undefined;
  /** The path of the sender's own id of a delivery. */
  id?: string | undefined;
};

/** How a connection is doing, for status and doctor. `paused` needs the user: it is not tried again by itself. */
export type ConnectionState =
  | { kind: "connected" }
  /** `alarm`: it will hardly mend by itself, so the owner is told. */
  | { kind: "retrying"; reason: string; alarm?: boolean }
  | { kind: "paused"; reason: string };

/** Passes on each state that is not the one before it. */
export function onChange(
  report: (state: ConnectionState) => void,
): (state: ConnectionState) => void {
  let last = "";
  return (state) => {
    const key = JSON.stringify(state);
    if (key !== last) report(state);
    last = key;
  };
}

/** What a channel with a connection of its own (a poll, a socket) gets from the hub. */
export type ChannelContext = {
  /** The configured name. */
  name: string;
  secret: Secret;
  /** Those of `moreSecrets` that were given, by name. */
  secrets?: Readonly<Record<string, Secret>>;
  /** Settings of this channel besides its secret, as `sluice add` took them. */
  settings: Readonly<Record<string, string>>;
  /** As `ChannelOptions.ignoreSenders`. */
  ignoreSenders?: readonly string[];
  /** Where an earlier life stopped, as `take` was last given it. */
  cursor: string | undefined;
  /**
   * Hands arrivals to the gate. Resolves after COMMIT of what was admitted and of `cursor`, in one transaction:
   * what the platform is then told to forget is on disk. Rejects when it could not be kept: try again later.
   * May resolve with a line for each arrival, in order, for whoever tapped a button, at most 200 characters, for platforms that can show
   * one; and with the answer to a command of the platform's own (`ChatFacts.isCommand`), which may be longer.
   */
  take(
    arrivals: readonly Arrival[],
    cursor: string,
  ): Promise<void | readonly (string | undefined)[]>;
  /** Which of these delivery ids the inbox has had an event of, in the last 30 days. */
  knows?(deliveryIds: readonly string[]): ReadonlySet<string>;
  /** Whether the gate would let this arrival in now. A question only: nothing is kept, counted or answered. */
  admits?(arrival: Arrival): boolean;
  /**
   * The platform gave a chat another id: what the owner allowed in it moves along, and the owner is told. Called again for the same
   * chat it does nothing. Rejects when it could not be kept.
   */
  moved?(from: string, to: string): Promise<void>;
  /** Counts things that are not what they must be and were left behind: the owner's status tells of them as dead letters. */
  leftBehind?(count: number): void;
  /**
   * The platform had accepted a message of ours, and says now that it did not arrive: it has failed, and the owner is told. For a message
   * that nobody here sent, or that is told already, nothing is done. Resolves after COMMIT.
   */
  undelivered?(messageId: string, reason: string): Promise<void>;
  /** All that it was added for has happened: the channel is removed, as its owner would remove it. */
  over?(): void;
  /** Tells the owner's status how the connection is doing. */
  report(state: ConnectionState): void;
  /** The hub's own page in the browser, for the channel that lives on it. */
  page?: Page;
  clock: Clock;
  log: Logger;
  /** Aborts when the hub stops or the channel is removed. */
  signal: AbortSignal;
};

/** A live connection. Members in the order of life. */
/** The account of ours that people write to. */
export type Account = {
  /** As people find it on the platform: `@my_ci_bot`. */
  name: string;
  /** A link that opens a conversation in which a code is sent, up to the code. */
  codeLink?: string | undefined;
};

export type ChannelConnection = {
  /** Absent until the platform has told it, and where people have no account to write to. */
  readonly account?: Account | undefined;
  /** The largest file that the platform takes, in bytes. Default 25 MiB. */
  readonly maxFileBytes?: number;
  /** Its people cannot be told apart (`ChatFacts.isShared`). */
  readonly isShared?: boolean;
  /** A button of it can open a form (`OutgoingButton.asks`). */
  readonly hasForms?: boolean;
  /**
   * @throws SluiceError `send_failed` or `rate_limited`, retryable or not; `unauthorized` for a credential that was refused.
   * A fault after which the message may have arrived has a `MaybeSent` as its `cause`; one of which it is known that a part arrived and no
   * more, a `PartlySent`. Without either nothing has arrived: calls by `request` (request.ts) throw accordingly.
   */
  send(message: OutgoingMessage): Promise<SentMessage>;
  /** Replaces the text of a message of ours, and its buttons: where none are given it has none any more. */
  edit?(
    chatId: string,
    messageId: string,
    text: string,
    buttons?: OutgoingMessage["buttons"],
  ): Promise<void>;
  react?(chatId: string, messageId: string, reaction: string): Promise<void>;
  /** Shows what the session does about an answer, in the part of the chat where it is waited for; the platform forgets it by itself after a few seconds. Default `working`. */
  typing?(chatId: string, activity?: Activity, threadId?: string): Promise<void>;
  /** Shows a person at their own message how far it got, in place of an earlier sign. Absent where they see it by other means. */
  mark?(chatId: string, messageId: string, sign: Sign): Promise<void>;
  /** Fetches a file that an arrival referred to. Stops with `too_large` beyond `maxBytes`. */
  download?(reference: string, maxBytes: number): Promise<Buffer>;
  /**
   * Takes a request that ingress has proved, in place of the definition's `receive`, while this connection is there. Resolves after COMMIT.
   * Rejects where it could not be kept: the platform is told to come again.
   */
  receive?(request: VerifiedRequest): Promise<Received>;
  close(): Promise<void>;
};

/** What the platform told of a secret. `nextStep`: steps that only it could tell, such as an invite link, before those of the kind. */
export type CheckedAccount = { account: string; nextStep?: string };

/** A setting that `sluice add` takes as `--set name=value`. Never a secret. */
export type ChannelSetting = {
  name: string;
  description: string;
  /** What a value must match, whole. */
  pattern: RegExp;
  /** No channel of this kind opens without it. */
  isRequired?: true;
};

/** One of several secrets that a platform hands out. */
export type NamedSecret = {
  /** `[a-z][a-z0-9_]*`: given by `--secret-env name=VARIABLE`. */
  name: string;
  /** How `sluice add` asks for it. */
  prompt: string;
  isOptional?: boolean;
};

/** An event that a kind tells of. */
export type EventOutline = {
  /** As the `kind` of an arrival is, or begins before a `.`, `:` or `/`. */
  name: string;
  /** Keys of meta that it may have besides those of every event. */
  meta?: readonly string[];
};

export type ChannelDefinition = {
  /** The kind a user types after `sluice add`. Lower case. */
  kind: string;
  title: string;
  /** One line for `sluice add --help`. */
  description: string;
  /** What makes this channel's events done, unless configured. */
  ack: AckPolicy;
  /** Signature schemes that it may be verified with; the first is the default. Names of `ownSchemes`, or of rows in verify/. */
  schemes: readonly [string, ...string[]];
  /** Schemes of its own, by names that are in no other table. */
  ownSchemes?: Readonly<Record<string, Scheme>>;
  /** What it is sent by besides POST. */
  methods?: readonly IngressMethod[];
  preflight?: Preflight;
  /** How a stored event (new or known already) is answered, where 202 with JSON is wrong: Twilio takes TwiML alone. */
  answer?: PlatformAnswer;
  /** Largest body accepted, in bytes; more than 1 MiB only with the scheme `github`. */
  maxBodyBytes: number;
  /** Whether `--two-way` makes sense. Such a channel's replies go out on its own stream. */
  canReply: boolean;
  /** `receive` goes by `ignoreSenders`. */
  canIgnore?: boolean;
  /** What to do on the platform's side, with the URL and the secret in hand, a step a line: printed by `sluice add`. `{url}` is filled in, or its halves `{origin}` and `{path}`, and `{name}`. */
  nextStep: string;
  /** The events that it knows; it may tell of others. */
  events?: readonly EventOutline[];
  /** Turns a verified request into an arrival. Pure and fast; throws nothing for bad input, it returns `refuse`. */
  receive?(request: VerifiedRequest, options: ChannelOptions): Received;
  /** What `sluice add` may be given besides a secret. */
  settings?: readonly ChannelSetting[];
  /** How `sluice add` asks for the secret where the platform hands it out: `bot token from @BotFather`. Absent: Sluice makes one. */
  secretPrompt?: string;
  /** Secrets besides the first. */
  moreSecrets?: readonly NamedSecret[];
  /**
   * The definition that counts with these settings, where they decide how it works: whether it receives, or has a connection of its own.
   * What is read before any setting is known (`settings`, `description`) stands in the definition itself.
   */
  forSettings?(settings: Readonly<Record<string, string>>): ChannelDefinition;
  /** The settings that count where its owner left some to what the secrets are: asked before `forSettings`, of the definition itself. */
  settle?(
    settings: Readonly<Record<string, string>>,
    secret: string | undefined,
    named: Readonly<Record<string, string>>,
  ): Readonly<Record<string, string>>;
  /** What is pasted into the platform's own form before there is a secret: `sluice add <kind> --manifest` prints it. */
  manifest?(settings: Readonly<Record<string, string>>): string;
  /**
   * Tries a secret on the platform before it is kept. Resolves to who it belongs to, for the owner to see: `@botname`.
   * @throws SluiceError `unauthorized` where the platform refuses it, `bad_config` for settings that do not go together.
   */
  check?(
    secret: Secret,
    settings: Readonly<Record<string, string>>,
    secrets?: Readonly<Record<string, Secret>>,
  ): Promise<string | CheckedAccount | undefined>;
  /**
   * False where nobody is asked by it and no word that comes by it is a verdict or a command: an approver's role counts for nothing there.
   */
  carriesVerdicts?: false;
  /** Makes the platform's own end of the webhook, where the platform lets a program do that. Loaded when somebody asks for it. */
  hooks?: () => Promise<PlatformHooks>;
  /** It runs programs of this machine, with some settings or with all: only a person at a terminal adds it. */
  runsPrograms?: (settings: Readonly<Record<string, string>>) => boolean;
  /** Opens the platform's own connection; a channel has this, or `receive`, or both. */
  open?(context: ChannelContext): Promise<ChannelConnection>;
};

/** The definition with those of `receive` and `open` that it has. */
type Defined<D> = ChannelDefinition &
  Required<Pick<ChannelDefinition, Extract<keyof D, "receive" | "open">>>;

/** A channel that takes requests at ingress. */
export type ReceivingChannel = ChannelDefinition & Required<Pick<ChannelDefinition, "receive">>;

/**
 * Declares a kind of channel that is built in. Checks the definition and returns it frozen; has no other effect.
 * @throws TypeError when the kind is not `[a-z][a-z0-9-]*` or the cap is not a positive integer.
 */
export function defineKind<D extends ChannelDefinition>(definition: D): Readonly<Defined<D>> {
  if (!/^[a-z][a-z0-9-]{0,31}$/.test(definition.kind)) {
    throw new TypeError(
      `channel kind "${definition.kind}" must match [a-z][a-z0-9-]*, at most 32 characters`,
    );
  }
  if (definition.receive === undefined && definition.open === undefined) {
    throw new TypeError(`channel ${definition.kind} needs receive or open`);
  }
  if (!Number.isSafeInteger(definition.maxBodyBytes) || definition.maxBodyBytes <= 0) {
    throw new TypeError(
      `channel ${definition.kind}: maxBodyBytes must be a positive integer, got ${definition.maxBodyBytes}`,
    );
  }
  // The narrower type is what the definition was given as.
  return Object.freeze(definition) as unknown as Readonly<Defined<D>>;
}
