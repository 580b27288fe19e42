/**
 * The hub's own page in the browser, as its channel sees it.
 *
 * Owns: the seam. Never: HTTP, storage, or who is signed in.
 */
import type { Activity } from "./message.ts";
import type { OutgoingMessage } from "./message.ts";

/** Members in the order of life. */
export type Page = {
  /** Puts a message into a chat, with copies of its files, on every open tab. Resolves to its id once it is kept. */
  show(message: OutgoingMessage): Promise<string>;
  /** @throws SluiceError `not_found` unless the session itself wrote that message in that chat. */
  edit(chatId: string, messageId: string, text: string): Promise<void>;
  /** An empty reaction takes it back. @throws SluiceError `not_found`. */
  react(chatId: string, messageId: string, reaction: string): Promise<void>;
  /** Shows that an answer is being worked on, or waits for a person's word; forgotten after a few seconds. */
  showTyping(chatId: string, activity?: Activity): void;
  /** The bytes of a file that was sent from the page. @throws SluiceError `not_found`, `too_large`. */
  readFile(reference: string, maxBytes: number): Promise<Buffer>;
};

/**
 * The id of a typed message, short enough for a model to repeat. The page knows it from the key before the hub has answered, so that
 * the push and the answer are one message.
 */
export function toMessageId(key: string): string {
  return `m${key.replaceAll("-", "").slice(0, 10).toLowerCase()}`;
}
