/**
 * Presses, forms and slash commands: interactions, in Discord's word.
 *
 * Owns: turning one into an arrival, and answering Discord in time. Never: decides what a press does, or who may.
 *
 * INTERACT-1 Discord waits three seconds for a first answer. What takes longer is put off in time, and said afterwards.
 * INTERACT-2 Who pressed is the interaction's own user: not who wrote the message, and not who it was for.
 * INTERACT-3 Only a chat with the bot alone is a direct one; a press in a group of people is none.
 * INTERACT-4 What we answer is seen by who pressed alone. A stranger gets no answer, so no sign that anybody is here.
 * INTERACT-5 A form opens at once, for those whom the gate lets in; it counts when it comes back.
 * https://docs.discord.com/developers/interactions/receiving-and-responding
 */
import type { Clock } from "../../sdk/clock.ts";
import type { Arrival } from "../../sdk/event.ts";
import { cut } from "../../sdk/field.ts";
import { at, textAt } from "../../sdk/json.ts";
import type { Logger } from "../../sdk/log.ts";
import { OWN_WORDS } from "../../sdk/words.ts";
import type { DiscordApi } from "./api.ts";
import { toWords } from "./commands.ts";
import { readForm, readPress } from "./components.ts";
import { type ArrivalDraft, type EventContext, toArrival } from "./receive.ts";
import { toWhere } from "./where.ts";
import { DM, isBot, NotDiscords, optionalId, readName, requireId, toTime } from "./wire.ts";

export type InteractionReading =
  | { kind: "arrival"; arrival: Arrival; isPress: boolean }
  | { kind: "form"; arrival: Arrival; form: object }
  | { kind: "ignore"; reason: string }
  | { kind: "malformed"; reason: string };

const COMMAND = 2;
const PRESS = 3;
const FORM = 5;
const BOT_DM = 1;

/** Pure but for what is known of places. */
export function readInteraction(data: unknown, options: EventContext): InteractionReading {
  try {
    const type = at(data, "type");
    if (type === COMMAND) return readCommand(data, options);
    if (type === PRESS) return readPressed(data, options);
    if (type === FORM) return readSent(data, options);
    return { kind: "ignore", reason: "an interaction of no kind that we offer" };
  } catch (thrown) {
    // Only our own words: another error's may quote the content.
    const reason = thrown instanceof NotDiscords ? thrown.message : "it cannot be read";
    return { kind: "malformed", reason };
  }
}

function readCommand(data: unknown, options: EventContext): InteractionReading {
  const words = toWords(at(data, "data"));
  if (words === undefined) return { kind: "ignore", reason: "a command that is none of ours" };
  const base = toBase(data, options);
  const arrival = toArrival(options, {
    ...base,
    kind: "message",
    ack: "reply",
    text: `Message from ${base.sender.name}`,
    quotes: [{ label: OWN_WORDS, text: words }],
    chat: { ...base.chat, isCommand: true },
  });
  return { kind: "arrival", arrival, isPress: false };
}

function readPressed(data: unknown, options: EventContext): InteractionReading {
  const press = readPress(at(data, "data"));
  if (press === undefined) return { kind: "ignore", reason: "a press on no button of ours" };
  const arrival = toPressed(data, options, press.id);
  return press.form === undefined
    ? { kind: "arrival", arrival, isPress: true }
    : { kind: "form", arrival, form: press.form };
}

function readSent(data: unknown, options: EventContext): InteractionReading {
  const sent = readForm(at(data, "data"));
  if (sent === undefined) return { kind: "ignore", reason: "a form that is none of ours" };
  return { kind: "arrival", arrival: toPressed(data, options, sent.id, sent.words), isPress: true };
}

function toPressed(data: unknown, options: EventContext, button: string, words = ""): Arrival {
  const base = toBase(data, options);
  const messageId = optionalId(data, "message.id");
  const under = messageId === undefined ? "" : ` under message ${messageId}`;
  return toArrival(options, {
    ...base,
    kind: "button",
    ack: "auto",
    text: `${base.sender.name} pressed a button${under}`,
    quotes: [
      { label: "button", text: button },
      ...(words.trim() === "" ? [] : [{ label: OWN_WORDS, text: words }]),
    ],
    chat: { ...base.chat, button },
    meta: { ...base.meta, message_id: messageId },
  });
}

/** INTERACT-2, INTERACT-3 */
function toBase(
  data: unknown,
  { places }: EventContext,
): Pick<ArrivalDraft, "sender" | "chatId" | "deliveryId" | "occurredAt" | "chat" | "meta"> {
  const id = requireId(data, "id");
  const inGuild = optionalId(data, "guild_id") !== undefined || at(data, "member") !== undefined;
  const user = at(data, "member.user") ?? at(data, "user");
  const sender = { id: requireId(user, "id"), name: readName(user, at(data, "member")) };
  const chatId = optionalId(data, "channel_id") ?? requireId(data, "channel.id");
  const [context, type] = [at(data, "context"), at(data, "channel.type")];
  const isDirect =
    !inGuild && (context === undefined ? type === DM : context === BOT_DM && (type ?? DM) === DM);
  const known = places.peek(chatId);
  const parentId = optionalId(data, "channel.parent_id");
  const found = known ?? {
    id: chatId,
    type,
    name: "",
    ...(parentId === undefined ? {} : { parentId }),
  };
  const where = isDirect
    ? { place: "dm" as const, group: {}, threadId: undefined }
    : toWhere(chatId, found, places);
  return {
    sender,
    chatId,
    deliveryId: `interaction:${id}`,
    occurredAt: toTime(id),
    chat: {
      place: where.place,
      ...where.group,
      isAddressed: true,
      isBot: isBot({}, user),
      isForwarded: false,
      isEdited: false,
    },
    meta: { thread_id: where.threadId },
  };
}

/** Discord takes a first answer for three seconds; the way there takes some of them. */
const PATIENCE_MS = 1_800;
const EPHEMERAL = 64;
const MAX_CHARS = 2_000;

type AnswerOptions = {
  api: DiscordApi;
  application: string;
  clock: Clock;
  log: Logger;
  signal: AbortSignal;
};

/** One interaction that is to be answered. */
export class PendingAnswer {
  readonly #options: AnswerOptions;
  readonly #id: string;
  readonly #token: string;
  readonly #isPress: boolean;
  readonly #cancel: () => void;
  /** The put-off answer, once it has left. */
  #deferred: Promise<void> | undefined;
  #isDone = false;

  constructor(data: unknown, isPress: boolean, options: AnswerOptions) {
    this.#options = options;
    this.#id = optionalId(data, "id") ?? "";
    this.#token = textAt(data, "token") ?? "";
    this.#isPress = isPress;
    // INTERACT-1. Of a button nothing is seen to happen; of a command, that it is worked on.
    this.#cancel = options.clock.after(PATIENCE_MS, () => {
      if (this.#isDone) return;
      const body = isPress ? { type: 6 } : { type: 5, data: { flags: EPHEMERAL } };
      this.#deferred = this.#callback(body);
    });
  }

  /** `text` undefined: nothing is said, and the button's wait ends; `isSilent`: not even that (INTERACT-4). */
  async end(text: string | undefined, isSilent: boolean): Promise<void> {
    this.#isDone = true;
    this.#cancel();
    const message = text === undefined ? undefined : await toMessage(text);
    if (this.#deferred === undefined) {
      if (message !== undefined) return this.#callback({ type: 4, data: message });
      if (isSilent) return;
      if (this.#isPress) return this.#callback({ type: 6 });
      return this.#callback({ type: 4, data: await toMessage("Passed on to the session.") });
    }
    await this.#deferred;
    const path = `/webhooks/${this.#options.application}/${encodeURIComponent(this.#token)}`;
    // A command's placeholder waits to be filled.
    if (!this.#isPress)
      await this.#say("PATCH", `${path}/messages/@original`, message ?? (await toMessage("Done.")));
    else if (message !== undefined) await this.#say("POST", path, message);
  }

  /** INTERACT-5 */
  async openForm(form: object): Promise<void> {
    this.#isDone = true;
    this.#cancel();
    await this.#callback({ type: 9, data: form });
  }

  #callback(body: object): Promise<void> {
    const path = `/interactions/${this.#id}/${encodeURIComponent(this.#token)}/callback`;
    return this.#say("POST", path, body);
  }

  /** Nothing waits for it: a fault is logged. One that came too late is Discord's to forget. */
  async #say(method: "POST" | "PATCH", path: string, body: object): Promise<void> {
    const { api, log, signal } = this.#options;
    const outcome = await api.call(method, path, { body, signal, isOpen: true });
    if (outcome.kind === "ok") return;
    const code = outcome.kind === "refused" ? outcome.code : 0;
    log.warn({ code }, "an answer to a press or a command did not reach Discord");
  }
}

async function toMessage(text: string): Promise<object> {
  const { renderDiscord } = await import("./render.ts");
  return {
    content: cut(renderDiscord(text), MAX_CHARS),
    flags: EPHEMERAL,
    allowed_mentions: { parse: [] },
  };
}
