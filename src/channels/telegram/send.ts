/**
 * Sends a message: its text in pieces, its files as the kind that shows them best.
 *
 * Owns: the order of a message's calls, plain text where a rendered one is refused, the facts that are known when it stops halfway.
 * Never: tries a message again.
 *
 * BOTSEND-1 Everything that can be checked is checked before anything is sent.
 * BOTSEND-2 Each text and each file is a part, with an id. After a part was sent, a later try goes on behind it. When a part may have
 *    been sent, the fault carries a `MaybeSent`: to send it again might show it twice.
 * BOTSEND-3 A wait that Telegram asks for is kept to the second: the caller waits before the first part, this file waits between parts.
 * BOTSEND-4 A topic that is deleted or closed, or a group whose topics were turned off, stops no message: it goes to the group itself.
 * BOTSEND-5 A group that became a supergroup is written to under its new id, from then on. Topics and messages of the old one do not
 *    exist there: an id that is the same would be another message.
 * Limits: https://core.telegram.org/bots/api#sendmessage, https://core.telegram.org/bots/api#sending-files, https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
 */
import type { Sign } from "../../sdk/message.ts";
import { SluiceError, toMessage } from "../../sdk/errors.ts";
import type { OutgoingMessage, SentMessage } from "../../sdk/message.ts";
import { type TelegramOutcome, type TelegramApi, toFault } from "./api.ts";
import { checkFiles, type FileGroup, toGroups } from "./files.ts";
import {
  isUnreadable,
  type Keyboard,
  Run,
  type SendOptions,
  Silence,
  toNumber,
  toQuiet,
} from "./message-run.ts";
import { SIGNS } from "./reactions.ts";
import { MAX_TEXT_CHARS, type QuoteMode } from "./settings.ts";
import { loadTexts } from "./texts.ts";

const MAX_CAPTION_CHARS = 1_024;
/** Telegram's own limit is 64 bytes. https://core.telegram.org/bots/api#inlinekeyboardbutton */
const MAX_BUTTON_BYTES = 64;

export class TelegramSender {
  readonly #options: SendOptions;
  readonly #silence: Silence;
  readonly #tell: SendOptions["moved"];
  /** Groups that became supergroups in this life, and their new ids. */
  readonly #moved = new Map<string, string>();

  constructor(options: SendOptions) {
    this.#options = { ...options, moved: (from, to) => this.#note(from, to) };
    this.#tell = options.moved;
    this.#silence = new Silence(options.clock);
  }

  async send(message: OutgoingMessage): Promise<SentMessage> {
    const groups = toGroups(await checkFiles(message.files ?? []), message.buttons === undefined);
    const { style } = this.#options;
    const { texts, caption } = await toTexts(message.text, groups, style.maxTextChars);
    if (texts.length === 0 && groups.length === 0) {
      throw new SluiceError(
        "bad_input",
        "telegram: the message is empty; give it a text or a file",
      );
    }
    const keyboard = toKeyboard(message.buttons);
    const run = new Run(
      this.#relocate(toQuoting(message, style.quotes)),
      this.#options,
      this.#silence,
    );
    // BOTSEND-2
    let arrived = run.messageIds.length;
    for (const [index, text] of texts.entries()) {
      if (arrived-- > 0) continue;
      const isLast = groups.length === 0 && index === texts.length - 1;
      await run.text(text, isLast ? keyboard : {});
    }
    arrived = Math.max(0, arrived);
    for (const [index, group] of groups.entries()) {
      const files = group.files.slice(arrived);
      const isFirst = index === 0 && files.length === group.files.length;
      arrived = Math.max(0, arrived - group.files.length);
      await run.files(
        { ...group, files },
        isFirst ? caption : undefined,
        index === groups.length - 1 ? keyboard : {},
      );
    }
    return { messageIds: run.messageIds };
  }

  /** The buttons are always named: an edit that is silent about them leaves it to the platform which ones stay. */
  async edit(
    chatId: string,
    messageId: string,
    text: string,
    buttons?: OutgoingMessage["buttons"],
  ): Promise<void> {
    if (text.trim() === "") throw new SluiceError("bad_input", "telegram: the new text is empty");
    if (text.length > MAX_TEXT_CHARS) {
      throw new SluiceError(
        "too_large",
        `telegram: an edited message takes ${MAX_TEXT_CHARS} characters, not ${text.length}; shorten it or send a new one`,
      );
    }
    const target = {
      chat_id: chatId,
      message_id: toNumber("message", messageId),
      ...toKeyboard(buttons ?? []),
    };
    const edit = (parts: object): Promise<TelegramOutcome> =>
      this.#call("editMessageText", {
        ...target,
        text,
        link_preview_options: { is_disabled: !this.#options.style.hasPreviews },
        ...parts,
      });
    const { renderHtml } = await loadTexts();
    const html = renderHtml(text);
    let outcome = await edit({ text: html, parse_mode: "HTML" });
    if (isUnreadable(outcome)) outcome = await edit({});
    if (outcome.kind === "ok" || isSame(outcome)) return;
    throw toFault("editMessageText", outcome);
  }

  async react(chatId: string, messageId: string, emoji: string): Promise<void> {
    const outcome = await this.#call("setMessageReaction", {
      chat_id: chatId,
      message_id: toNumber("message", messageId),
      reaction: emoji === "" ? [] : [{ type: "emoji", emoji: emoji as "👍" }],
    });
    if (outcome.kind !== "ok") throw toFault("setMessageReaction", outcome);
  }

  async mark(chatId: string, messageId: string, sign: Sign): Promise<void> {
    try {
      const { receivedSign } = this.#options.style;
      await this.react(chatId, messageId, sign === "received" ? receivedSign : SIGNS[sign]);
    } catch (thrown) {
      // Deleted meanwhile: there is nothing left to say.
      if (!/message (to react )?not found/i.test(toMessage(thrown))) throw thrown;
    }
  }

  async typing(chatId: string, threadId?: string): Promise<void> {
    // Not worth a fault, and never worth a wait.
    if (this.#silence.leftMs > 0) return;
    const { chatId: id, threadId: thread } = this.#relocate({
      chatId,
      ...(threadId === undefined ? {} : { threadId }),
    });
    await this.#call("sendChatAction", {
      chat_id: id,
      action: "typing",
      ...(thread === undefined ? {} : { message_thread_id: toNumber("thread", thread) }),
    });
  }

  /** Any call but those of `Run`, under the same silence. */
  async #call<M extends Parameters<TelegramApi["call"]>[0]>(
    method: M,
    payload: object,
  ): Promise<TelegramOutcome> {
    const quietMs = this.#silence.leftMs;
    if (quietMs > 0) return toQuiet(quietMs);
    const { api, signal } = this.#options;
    const outcome = await api.call(method, payload as never, { signal });
    if (outcome.kind === "refused" && outcome.retryAfterMs !== undefined)
      this.#silence.extend(outcome.retryAfterMs);
    // The message that was meant has no id there that anybody knows: it is not tried again.
    const { chat_id: from } = payload as { chat_id?: unknown };
    if (outcome.kind === "refused" && outcome.movedTo !== undefined && from !== undefined)
      await this.#note(String(from), outcome.movedTo);
    return outcome;
  }

  async #note(from: string, to: string): Promise<void> {
    if (from === to || this.#moved.get(from) === to) return;
    this.#moved.set(from, to);
    await this.#tell?.(from, to);
  }

  /** BOTSEND-5 */
  #relocate<M extends Pick<OutgoingMessage, "chatId" | "threadId" | "replyTo">>(message: M): M {
    const to = this.#moved.get(message.chatId);
    if (to === undefined) return message;
    const { threadId: _, replyTo: __, ...rest } = message;
    return { ...(rest as M), chatId: to };
  }
}

/** With the message that it answers, or without, as its owner wants it. */
function toQuoting(message: OutgoingMessage, quotes: QuoteMode): OutgoingMessage {
  const { replyTo, ...rest } = message;
  if (quotes === "off") return rest;
  const quoted = replyTo ?? (quotes === undefined ? undefined : message.answering);
  return quoted === undefined ? rest : { ...rest, replyTo: quoted };
}

/** The text as messages of its own, or as the caption of what follows. */
async function toTexts(
  text: string,
  groups: readonly FileGroup[],
  maxTextChars: number,
): Promise<{ texts: string[]; caption?: string }> {
  const isCaption = groups.length > 0 && text.length <= MAX_CAPTION_CHARS && text.trim() !== "";
  if (isCaption) return { texts: [], caption: text };
  const { chunkMarkdown } = await loadTexts();
  return { texts: chunkMarkdown(text, maxTextChars) };
}

function toKeyboard(buttons: OutgoingMessage["buttons"]): Keyboard {
  if (buttons === undefined) return {};
  const rows = buttons.map((row) =>
    row.map(({ id, label }) => {
      if (id === "" || Buffer.byteLength(id) > MAX_BUTTON_BYTES) {
        throw new SluiceError(
          "bad_input",
          `telegram: a button's id takes 1 to ${MAX_BUTTON_BYTES} bytes`,
        );
      }
      return { text: label, callback_data: id };
    }),
  );
  return { reply_markup: { inline_keyboard: rows } };
}

function isSame(outcome: TelegramOutcome): boolean {
  return outcome.kind === "refused" && /message is not modified/i.test(outcome.description);
}
