/**
 * What a running channel talks to, and what is asked of it: the same alone and in the hub.
 *
 * Owns: these shapes. Never: behaviour.
 */
import type { ConnectionState, VerifiedRequest } from "../sdk/channel.ts";
import type { Clock } from "../sdk/clock.ts";
import type { Arrival } from "../sdk/event.ts";
import type { Logger } from "../sdk/log.ts";
import type { OutgoingFile, OutgoingMessage, SentMessage } from "../sdk/message.ts";
import type { ChatAct, ChatActInputs } from "../sdk/author/chat.ts";
import type { PushResult } from "../sdk/author/new-event.ts";

export type AuthorArrival = Arrival;

export type AuthorPort = {
  /** The configured name. */
  name: string;
  settings: Readonly<Record<string, string>>;
  /** Where an earlier life stopped, as `take` was last given it. */
  cursor: string | undefined;
  /**
   * Gate and inbox. Resolves after COMMIT of what was admitted and of `cursor`, with what became of each, in order. Rejects where it could
   * not be kept: nothing of it was then.
   */
  take(arrivals: readonly AuthorArrival[], cursor?: string): Promise<readonly PushResult[]>;
  /** The value of a secret; undefined where it is not set. */
  secret(name: string): string | undefined;
  /** How one source is doing. `alarm` and `paused` are for the owner, and for the session: events may be missing. */
  report(source: string, state: ConnectionState): void;
  /** Things that the author's code made nothing of, by a fault of its own. */
  leftBehind(count: number): void;
  /** As `Live.undelivered`. */
  undelivered(messageId: string, reason: string): Promise<void>;
  /** All of a file that is to go out now. */
  readFile(file: OutgoingFile): Promise<Buffer>;
  clock: Clock;
  log: Logger;
  /** Aborts when the channel ends. */
  signal: AbortSignal;
};

/** `refuse` keeps nothing: 400 and 415 with the reason, 401 without. */
export type AuthorReceived =
  | { kind: "arrivals"; arrivals: readonly AuthorArrival[] }
  | { kind: "ignore"; reason: string }
  | { kind: "refuse"; status: 400 | 401 | 415; reason: string };

export type OwnToolAnswer = { text: string; isError: boolean };

/** Members in the order of life. */
export type RunningChannel = {
  /** A request to a webhook source, whose proof is in order but for a check of the author's own. @throws SluiceError `channel_failed`. */
  receive(source: string, request: VerifiedRequest): Promise<AuthorReceived>;
  /** Carries a message out. @throws SluiceError where it did not arrive, or `unsupported` for a channel without a handler. */
  reply(message: OutgoingMessage): Promise<SentMessage>;
  /** What else a chat can do. Resolves with what `download` brought. @throws SluiceError as `reply`. */
  act<A extends ChatAct>(act: A, input: ChatActInputs[A]): Promise<Buffer | undefined>;
  /** Never rejects: a fault is an answer for the model. */
  callTool(name: string, input: unknown): Promise<OwnToolAnswer>;
  /** Ends every source and closes connections, within a few seconds whatever the author's code does. */
  close(): Promise<void>;
};
