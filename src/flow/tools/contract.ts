/**
 * The types of tools: the call, the answer, and the parts of the hub that a tool may use.
 *
 * Owns: these shapes. Never: behaviour.
 */
import type { ChannelConnection } from "../../sdk/channel.ts";
import type { Clock } from "../../sdk/clock.ts";
import type { Database } from "../../store/file/database.ts";
import type { Delivery } from "../deliver/deliver.ts";
import type { SendOutcome } from "../send/send.ts";
import type { Attachment } from "../session/attachment.ts";
import type { SendQuestion } from "./ask-to-send.ts";

export type ToolCall = { arguments: Record<string, unknown>; toolUseId: string | undefined };
export type ToolAnswer = { text: string; isError: boolean };

export type ToolOptions = {
  db: Database;
  clock: Clock;
  delivery: Delivery;
  /** True where replies on this channel have somewhere to go. */
  canReply: (channel: string) => boolean;
  /** Tells the channel's listeners that a reply is on disk. */
  replied: (channel: string) => void;
  /** What the configured channels say of themselves. Absent: nothing. */
  aboutChannels?: () => string;
  /** Absent: no channel has a connection of its own. */
  outbound?: OutboundTools;
  /** Absent: there are none. */
  timers?: SessionTimers;
};

/** `at`: epoch ms. */
export type SessionTimer = { name: string; at: number; text: string };

/** Timers that sessions have set for themselves. */
export type SessionTimers = {
  list(session: string): SessionTimer[];
  /** @throws SluiceError. */
  add(session: string, timer: Pick<SessionTimer, "at" | "text">): Promise<SessionTimer>;
  remove(name: string): Promise<void>;
};

/** The way out, as tools see it. */
export type OutboundTools = {
  /** SLUICE_HOME. */
  home: string;
  /** The channel sends through a connection of its own. */
  isConnected: (channel: string) => boolean;
  connection: (channel: string) => ChannelConnection | undefined;
  /** What became of a row of the outbox, or what it is after a while. */
  settled: (id: number, waitMs: number) => Promise<SendOutcome | undefined>;
  /** Where a file of an event lies, after fetching it. */
  fetchFile: (event: string, position: number) => Promise<string>;
  /** Undefined where a person allows it; else why the files stay. */
  askToSend: (attachment: Attachment, question: SendQuestion) => Promise<string | undefined>;
  /** The owner has listed this chat: a session may begin a conversation there. */
  isContact: (channel: string, chatId: string) => boolean;
};
