/**
 * Turns a message of the topic into an arrival.
 *
 * Owns: what a session reads of it. Never: fetches. Pure.
 *
 * NTFYSENDER-1 ntfy does not name writers: the topic itself is the one sender, whoever wrote to it. It may not allow anything.
 */
import type { Arrival, Meta, Quote } from "../../sdk/event.ts";
import { toUrlField } from "../../sdk/field.ts";
import type { NtfyMessage } from "./wire.ts";

export function toArrival(
  message: NtfyMessage,
  { channel, topic, host }: { channel: string; topic: string; host: string },
): Arrival {
  const { id, at, text, title, url, isUrgent, files } = message;
  const quotes: Quote[] = [
    ...(title === undefined ? [] : [{ label: "title", text: title }]),
    ...(text === "" ? [] : [{ label: "message", text }]),
  ];
  const link = url === undefined ? undefined : toUrlField(url);
  const meta: Meta = {
    user_id: topic,
    message_id: id,
    ...(link === undefined ? {} : { url: link }),
  };
  return {
    channel,
    kind: "message",
    sender: { id: topic },
    text: files.length === 0 ? "Message on the topic" : "Message on the topic, with a file",
    quotes,
    meta,
    priority: isUrgent ? "urgent" : "normal",
    ack: "reply",
    verified: "ntfy",
    deliveryId: `${host}/${topic}/${id}`,
    chatId: topic,
    chat: {
      place: "dm",
      account: host,
      isAddressed: true,
      isBot: false,
      isForwarded: false,
      isEdited: false,
      isShared: true,
    },
    ...(files.length === 0 ? {} : { files }),
    ...(at === undefined ? {} : { occurredAt: at }),
  };
}
