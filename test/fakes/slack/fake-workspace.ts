/**
 * The server's workspace: messages, reactions, and what is looked up of them.
 *
 * Owns: what is kept and refused. Never: the wire.
 */
import { listAt } from "../../../src/sdk/json.ts";
import { checkBlocks, checkText, type Fault } from "./check-blocks.ts";

export const ME = { team: "T0TEAM", user: "U0BOT", bot: "B0BOT" };

export type FakeMessage = {
  ts: string;
  channel: string;
  user?: string;
  text: string;
  thread_ts?: string;
  blocks?: readonly unknown[];
  [field: string]: unknown;
};

export type FakeConversation = {
  is_im?: boolean;
  name?: string;
  user?: string;
  is_ext_shared?: boolean;
};

export type FakeReply = { ok: boolean; [key: string]: unknown };

export class FakeWorkspace {
  readonly messages: FakeMessage[] = [];
  readonly conversations = new Map<string, FakeConversation>();
  /** Names of the bot's reactions, by message. */
  readonly reactions = new Map<string, Set<string>>();
  #clock = 1_767_603_600;
  #count = 0;

  get now(): number {
    return this.#clock;
  }

  /** A time of the workspace, later than all before. */
  newTs(): string {
    return `${this.#clock++}.${this.newNumber().padStart(6, "0")}`;
  }

  newNumber(): string {
    return String(++this.#count);
  }

  /** Messages are said at this time and later. */
  setClock(seconds: number): void {
    this.#clock = Math.floor(seconds);
  }

  /** Newest first, parents alone; replies oldest first, with the parent. A page holds `limit`. */
  history(method: string, args: Record<string, unknown>): FakeReply {
    const [channel, oldest, ts] = [
      String(args["channel"]),
      String(args["oldest"] ?? "0"),
      String(args["ts"] ?? ""),
    ];
    if (!this.conversations.has(channel)) return { ok: false, error: "channel_not_found" };
    const isReplies = method === "conversations.replies";
    const of = this.messages.filter((one) => {
      if (one.channel !== channel) return false;
      if (isReplies && one.ts === ts) return true;
      if (one.ts <= oldest) return false;
      const isReply = one.thread_ts !== undefined && one.thread_ts !== one.ts;
      return isReplies ? one.thread_ts === ts : !isReply || one["subtype"] === "thread_broadcast";
    });
    const ordered = isReplies ? of : of.toReversed();
    const from = Number(args["cursor"] ?? 0);
    const limit = Number(args["limit"] ?? 100);
    const next = from + limit < ordered.length ? String(from + limit) : "";
    const messages = ordered.slice(from, from + limit).map((one) => {
      const { channel: _channel, ...message } = one;
      const replies = this.messages.filter(
        (one) => one.thread_ts === message.ts && one.ts !== message.ts,
      );
      const latest = replies.at(-1)?.ts;
      return latest === undefined
        ? message
        : { ...message, thread_ts: message.ts, reply_count: replies.length, latest_reply: latest };
    });
    return { ok: true, messages, has_more: next !== "", response_metadata: { next_cursor: next } };
  }

  post(args: Record<string, unknown>, told: (message: FakeMessage) => void): FakeReply {
    const blocks = listAt(args, "blocks");
    const channel = String(args["channel"] ?? "");
    if (!this.conversations.has(channel)) return { ok: false, error: "channel_not_found" };
    const fault = checkText(args["text"], blocks) ?? checkBlocks(blocks);
    if (fault !== undefined) return toFault(fault);
    const ts = this.newTs();
    const thread = args["thread_ts"] === undefined ? {} : { thread_ts: String(args["thread_ts"]) };
    const message = {
      type: "message",
      user: ME.user,
      bot_id: ME.bot,
      app_id: "A0FAKE",
      team: ME.team,
      text: String(args["text"] ?? ""),
      ts,
      channel,
      blocks,
      ...thread,
    };
    this.messages.push(message);
    told(message);
    return { ok: true, channel, ts, message };
  }

  update(args: Record<string, unknown>): FakeReply {
    const blocks = listAt(args, "blocks");
    const found = this.messages.find(
      (one) => one.channel === args["channel"] && one.ts === args["ts"],
    );
    if (found === undefined) return { ok: false, error: "message_not_found" };
    if (found.user !== ME.user) return { ok: false, error: "cant_update_message" };
    const text = String(args["text"] ?? "");
    const fault =
      checkText(text, blocks) ??
      checkBlocks(blocks) ??
      (text.length > 4_000 ? { error: "msg_too_long" } : undefined);
    if (fault !== undefined) return toFault(fault);
    Object.assign(found, { text, ...(args["blocks"] === undefined ? {} : { blocks }) });
    return { ok: true, channel: found.channel, ts: found.ts, text };
  }

  react(method: string, args: Record<string, unknown>): FakeReply {
    const key = `${String(args["channel"])}/${String(args["timestamp"])}`;
    const name = String(args["name"]);
    if (!/^[a-z0-9_+'-]{1,100}$/.test(name)) return { ok: false, error: "invalid_name" };
    if (!this.messages.some((one) => `${one.channel}/${one.ts}` === key))
      return { ok: false, error: "message_not_found" };
    const given = this.reactions.get(key) ?? new Set<string>();
    this.reactions.set(key, given);
    if (method === "reactions.add")
      return given.has(name)
        ? { ok: false, error: "already_reacted" }
        : (given.add(name), { ok: true });
    return given.delete(name) ? { ok: true } : { ok: false, error: "no_reaction" };
  }
}

export function toFault({ error, messages }: Fault) {
  return { ok: false, error, ...(messages && { response_metadata: { messages } }) };
}
