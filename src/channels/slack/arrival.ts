/**
 * The one way in which an arrival of Slack is put together.
 *
 * Owns: the meta keys, and what marks who may be believed. Never: reads Slack's objects (receive.ts, interaction.ts).
 *
 * SLACKWHO-1 A person is an id in our workspace. An outsider (a guest, somebody of another company) is marked, so that no role counts.
 */
import type { Arrival, ChatFacts, IncomingFile, Meta, Quote } from "../../sdk/event.ts";
import { MAX_META_CHARS } from "../../sdk/field.ts";
import { toStorableText } from "../../sdk/json.ts";
import type { SlackPerson } from "./people.ts";
import { type SlackMe, toAccount } from "./wire.ts";

/** `key`: known by it if it comes again. `ts`: the place of a message in time, for the look back. */
export type Kept = { arrival: Arrival; key: string; ts?: string };

export type SlackReading =
  | ({ kind: "arrival" } & Kept)
  | { kind: "ignore"; reason: string }
  | { kind: "malformed"; reason: string };

export type SlackDraft = Pick<Arrival, "kind" | "text" | "ack"> & {
  id: string;
  person: SlackPerson;
  chatId: string;
  key: string;
  ts?: string | undefined;
  quotes: readonly Quote[];
  files?: readonly IncomingFile[];
  priority?: Arrival["priority"];
  occurredAt?: number | undefined;
  chat: Pick<ChatFacts, "place" | "isAddressed" | "groupId" | "button" | "isCommand"> &
    Partial<Pick<ChatFacts, "isForwarded" | "isEdited">>;
  meta: Readonly<Record<string, string | undefined>>;
};

export function toKept(channel: string, me: SlackMe, draft: SlackDraft): Kept {
  const { id, person, chatId, key, ts, quotes, files = [], occurredAt, chat, meta } = draft;
  const facts: Meta = {};
  const all = { user: person.name, user_id: id, chat_id: chatId, ...meta };
  for (const [name, value] of Object.entries(all))
    if (value !== undefined && value !== "")
      facts[name] = value.slice(0, MAX_META_CHARS).toWellFormed();
  const whole = `${me.team}:${key}`;
  return {
    key: whole,
    ...(ts === undefined ? {} : { ts }),
    arrival: {
      channel,
      kind: draft.kind,
      sender: { id, name: person.name },
      text: draft.text,
      quotes: quotes.map(({ label, text }) => ({ label, text: toStorableText(text) })),
      meta: facts,
      priority: draft.priority ?? "normal",
      ack: draft.ack,
      verified: "slack",
      deliveryId: whole,
      chatId,
      chat: {
        isForwarded: false,
        isEdited: false,
        ...chat,
        account: toAccount(me),
        isBot: person.isBot,
        ...(person.isOutsider ? { isOutsider: true } : {}), // SLACKWHO-1
      },
      ...(files.length === 0 ? {} : { files }),
      ...(occurredAt === undefined ? {} : { occurredAt }),
    },
  };
}
