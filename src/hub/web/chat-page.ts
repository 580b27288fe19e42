/**
 * The chats of the page: what the user types becomes an arrival, what a session sends is kept and shown on every open tab.
 *
 * Owns: the page's half of the channel `chat`. Never: decides who is admitted (flow/gate.ts) or who is signed in (sign-in.ts).
 *
 * P1 A typed message and its event are one commit: what the page shows as sent is in the inbox.
 * P2 Tabs hear of a change after its commit only; a tab that was away reads the history again.
 */
import { randomUUID } from "node:crypto";
import { PAGE_USER, toArrival } from "../../channels/chat/receive.ts";
import type { Accepted } from "../../flow/accept.ts";
import type { Clock } from "../../sdk/clock.ts";
import type { Activity } from "../../sdk/channel.ts";
import { SluiceError } from "../../sdk/errors.ts";
import type { Arrival } from "../../sdk/event.ts";
import type { OutgoingMessage } from "../../sdk/message.ts";
import { type Page, toMessageId } from "../../sdk/page.ts";
import type { PushView, TypedMessage } from "../../api/web-wire.ts";
import {
  addChat,
  addChatMessage,
  type Chat,
  type ChatMessage,
  editChatMessage,
  findChat,
  findChatFile,
  findChatMessage,
  findEventOfDelivery,
  findMessageOfEvent,
  listChats,
  reactToChatMessage,
  renameChat,
} from "../../store/chats.ts";
import type { Database } from "../../store/database.ts";
import type { ChatFiles } from "./chat-files.ts";

/** The name of the one channel on the page. */
export const CHAT_CHANNEL = "chat";
const NEW_TITLE = "New chat";
const TITLE_MAX_CHARS = 48;

export type ChatPageOptions = {
  db: Database;
  clock: Clock;
  files: ChatFiles;
  take: (arrival: Arrival) => Promise<Accepted>;
};

export class ChatPage implements Page {
  readonly #options: ChatPageOptions;
  readonly #tabs = new Set<(push: PushView) => void>();
  readonly #stopWatching: () => void;

  constructor(options: ChatPageOptions) {
    this.#options = options;
    const { db } = options;
    this.#stopWatching = db.watch((events) => {
      if (this.#tabs.size === 0) return;
      for (const event of events) this.#push(findMessageOfEvent(db, event));
    });
  }

  /** Calls `push` with every change from now on. Returns how to stop. */
  open(push: (change: PushView) => void): () => void {
    this.#tabs.add(push);
    return () => this.#tabs.delete(push);
  }

  /** Tells every open tab. */
  tell(change: PushView): void {
    for (const push of this.#tabs) push(change);
  }

  /** The chats, newest first; there is always one. */
  async list(): Promise<Chat[]> {
    const chats = listChats(this.#options.db);
    return chats.length > 0 ? chats : [await this.add(NEW_TITLE)];
  }

  async add(title: string): Promise<Chat> {
    const { db, clock } = this.#options;
    const chat = await db.write(() => {
      const numbers = listChats(db).map(({ id }) => Number(id.replace("chat-", "")));
      const id = `chat-${Math.max(0, ...numbers) + 1}`;
      addChat(db, id, title, clock.now());
      return { id, title, createdAt: clock.now(), changedAt: clock.now() };
    });
    this.tell({ kind: "chat", chat });
    return chat;
  }

  async rename(id: string, title: string): Promise<Chat> {
    const { db } = this.#options;
    await db.write(() => renameChat(db, id, title));
    const chat = this.#require(id);
    this.tell({ kind: "chat", chat });
    return chat;
  }

  /** Takes what the user typed (P1). @throws SluiceError `not_found`, `bad_input` where the gate drops it, `store_*`. */
  async type(chatId: string, typed: TypedMessage): Promise<ChatMessage> {
    const { db, clock, take } = this.#options;
    const chat = this.#require(chatId);
    const files = (typed.files ?? []).map((id) => {
      const file = findChatFile(db, id);
      if (file === undefined) throw new SluiceError("not_found", `no file ${id}; attach it again`);
      return file;
    });
    const answered = typed.replyTo === undefined ? undefined : findChatMessage(db, typed.replyTo);
    if (typed.replyTo !== undefined && answered?.chat !== chatId)
      throw new SluiceError("not_found", `no message ${typed.replyTo} in this chat`);
    const messageId = toMessageId(typed.key);
    const accepting = take(
      toArrival({
        channel: CHAT_CHANNEL,
        chatId,
        text: typed.text,
        messageId,
        deliveryId: typed.key,
        replyTo: answered,
        files: files.map(({ id, ...file }) => ({ reference: id, ...file })),
      }),
    );
    const keep = (): ChatMessage | undefined => {
      const event = findEventOfDelivery(db, CHAT_CHANNEL, typed.key);
      if (event === undefined) return undefined;
      const known = findMessageOfEvent(db, event);
      if (known !== undefined) return known;
      const { text, replyTo } = typed;
      const row = {
        id: messageId,
        chat: chatId,
        author: "you" as const,
        text,
        files,
        replyTo,
        event,
      };
      addChatMessage(db, row, clock.now());
      if (chat.title === NEW_TITLE && text.trim() !== "") renameChat(db, chatId, toTitle(text));
      return findChatMessage(db, messageId);
    };
    // In the turn, and so in the transaction, in which the event is added; later only where that took another turn.
    const [accepted, kept] = await Promise.all([accepting, db.write(keep)]);
    if (accepted.kind === "dropped") throw toDropped(accepted.reason);
    const message = kept ?? (await db.write(keep));
    if (message === undefined) throw new SluiceError("internal", "a typed message was not kept");
    this.#push(findChatMessage(db, message.id));
    this.tell({ kind: "chat", chat: this.#require(chatId) });
    return findChatMessage(db, message.id) ?? message;
  }

  /** What the user thinks of a message: for the page alone, no session is woken for it. */
  async mark(chatId: string, messageId: string, reaction: string): Promise<void> {
    await this.#setReaction(chatId, messageId, { by: "you", reaction });
  }

  async show(message: OutgoingMessage): Promise<string> {
    const { db, clock, files } = this.#options;
    const { chatId, text, replyTo } = message;
    this.#require(chatId);
    const copies = await Promise.all((message.files ?? []).map((file) => files.copy(file)));
    const id = toMessageId(randomUUID());
    await db.write(() =>
      addChatMessage(
        db,
        {
          id,
          chat: chatId,
          author: message.isNotice === true ? "hub" : "session",
          text,
          files: copies,
          replyTo,
        },
        clock.now(),
      ),
    );
    this.#push(findChatMessage(db, id));
    this.tell({ kind: "chat", chat: this.#require(chatId) });
    return id;
  }

  async edit(chatId: string, messageId: string, text: string): Promise<void> {
    const { db, clock } = this.#options;
    const key = { chat: chatId, id: messageId, author: "session" as const };
    const changed = await db.write(() => editChatMessage(db, key, text, clock.now()));
    if (!changed)
      throw new SluiceError("not_found", `no message ${messageId} of yours in chat ${chatId}`);
    this.#push(findChatMessage(db, messageId));
  }

  async react(chatId: string, messageId: string, reaction: string): Promise<void> {
    await this.#setReaction(chatId, messageId, { by: "session", reaction });
  }

  showTyping(chatId: string, activity: Activity = "working"): void {
    this.tell({ kind: "typing", chat: chatId, activity });
  }

  async readFile(reference: string, maxBytes: number): Promise<Buffer> {
    const { file, bytes } = this.#options.files.read(reference);
    if (bytes.length > maxBytes) {
      throw new SluiceError(
        "too_large",
        `${file.name} has ${bytes.length} bytes, more than ${maxBytes}`,
      );
    }
    return bytes;
  }

  close(): void {
    this.#stopWatching();
    this.#tabs.clear();
  }

  async #setReaction(
    chatId: string,
    messageId: string,
    reaction: ChatMessage["reactions"][number],
  ): Promise<void> {
    const { db } = this.#options;
    const key = { chat: chatId, id: messageId };
    const changed = await db.write(() => reactToChatMessage(db, key, reaction));
    if (!changed) throw new SluiceError("not_found", `no message ${messageId} in chat ${chatId}`);
    this.#push(findChatMessage(db, messageId));
  }

  #require(id: string): Chat {
    const chat = findChat(this.#options.db, id);
    if (chat === undefined) throw new SluiceError("not_found", `no chat ${id.slice(0, 64)}`);
    return chat;
  }

  #push(message: ChatMessage | undefined): void {
    if (message !== undefined) this.tell({ kind: "message", message });
  }
}

/** Whom the gate finds in the chats of the page: its one user, and nobody else. */
export function findPageUser(id: string): { roles: readonly ("chatter" | "owner")[] } | undefined {
  return id === PAGE_USER ? { roles: ["chatter", "owner"] } : undefined;
}

function toDropped(reason: string): SluiceError {
  switch (reason) {
    case "loop":
      return new SluiceError(
        "rate_limited",
        "this chat and the session answered each other ten times within a minute, as two machines would; wait a minute, then send it again",
        {
          retryable: true,
          retryAfterMs: 60_000,
        },
      );
    case "paused":
      return new SluiceError("conflict", 'the chat channel is paused; run "sluice resume chat"');
    default:
      return new SluiceError("bad_input", `the chat channel did not take it (${reason})`);
  }
}

function toTitle(text: string): string {
  const line = text.trim().split("\n", 1)[0] ?? "";
  return line.length <= TITLE_MAX_CHARS
    ? line
    : `${line.slice(0, TITLE_MAX_CHARS - 1).toWellFormed()}…`;
}
