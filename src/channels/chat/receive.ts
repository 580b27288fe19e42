/**
 * Turns what was typed on the page into an arrival.
 *
 * Owns: what a session will read of it. Never: who is signed in (the page's cookie and key have proved that), storage.
 *
 * C1 The page's one user is the owner of the home: a sign-in begins in their own terminal.
 */
import type { Arrival, IncomingFile, Meta } from "../../sdk/event.ts";

/** The one person on the page, as sender id and as account. */
export const PAGE_USER = "owner";
export const PAGE_ACCOUNT = "page";

export type PageMessage = {
  channel: string;
  chatId: string;
  /** What a reaction or an answer names. */
  messageId: string;
  text: string;
  /** Made by the page: the same message sent twice is one. */
  deliveryId: string;
  files: readonly IncomingFile[];
  replyTo?: { id: string; text: string } | undefined;
};

const QUOTE_MAX_CHARS = 200;

export function toArrival(message: PageMessage): Arrival {
  const { channel, chatId, messageId, text, deliveryId, files, replyTo } = message;
  const meta: Meta = {
    user: "you",
    user_id: PAGE_USER,
    message_id: messageId,
    ...(replyTo === undefined
      ? {}
      : { reply_to_id: replyTo.id, reply_to_text: replyTo.text.slice(0, QUOTE_MAX_CHARS) }),
  };
  return {
    channel,
    kind: "message",
    sender: { id: PAGE_USER, name: "you" },
    text: toSummary(files),
    // Quoted like everybody's: what is typed here is often pasted from elsewhere.
    quotes: text === "" ? [] : [{ label: "message", text }],
    meta,
    priority: "normal",
    ack: "reply",
    verified: "web",
    deliveryId,
    chatId,
    chat: {
      place: "dm",
      account: PAGE_ACCOUNT,
      isAddressed: true,
      isBot: false,
      isForwarded: false,
      isEdited: false,
    },
    ...(files.length === 0 ? {} : { files }),
  };
}

function toSummary(files: readonly IncomingFile[]): string {
  if (files.length === 0) return "Message typed on the chat page";
  const names = files.map(({ name, bytes }) => `${name} (${bytes ?? 0} bytes)`).join(", ");
  return `Message typed on the chat page, with ${files.length === 1 ? "a file" : `${files.length} files`}: ${names}`;
}
