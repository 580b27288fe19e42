/**
 * Sends a message: its text in pieces, its files beside the last of them.
 *
 * Owns: the order of a message's calls, and the facts that are known when it stops halfway. Never: tries a message again after it failed.
 *
 * DISSEND-1 Everything that can be checked is checked before anything is sent.
 * DISSEND-2 Each call is a part, with an id. After a part was sent, a later try goes on behind it.
 * DISSEND-3 A call whose answer is lost is made again at once, under the same `nonce`: Discord gives back the message that it has, and
 *    makes no second one. Where even that is not answered, the fault carries a `MaybeSent`.
 * DISSEND-4 A wait that Discord asks for is kept to the second: the caller waits before the first part, this file waits between parts.
 * DISSEND-5 Nobody is pinged by what a session writes: `@everyone`, roles and people in it are words.
 * https://docs.discord.com/developers/resources/message#create-message
 */
import { type Clock, sleep } from "../../sdk/clock.ts";
import { SluiceError } from "../../sdk/errors.ts";
import {
  MaybeSent,
  type OutgoingFile,
  type OutgoingMessage,
  type SentMessage,
  toPartFault,
} from "../../sdk/message.ts";
import {
  type DiscordApi,
  type DiscordOutcome,
  type DiscordRefusal,
  toFault,
  toFaultLine,
  toQuiet,
} from "./api.ts";
import { toComponents } from "./components.ts";
import { checkFiles, toGroups, toUploads } from "./files.ts";
import type { Places } from "./places.ts";
import { loadTexts } from "./texts.ts";
import { isForum, optionalId } from "./wire.ts";

export const MAX_TEXT_CHARS = 2_000;
const MAX_EMBED_CHARS = 4_096;
const MAX_POST_NAME = 100;
/** 25 MB need their time. */
const UPLOAD_MS = 180_000;
/** The longest wait that is sat out before a first part, and between parts. */
const SHORT_MS = 5_000;
const PATIENCE_MS = 90_000;
/** A link shows no page below the message. https://docs.discord.com/developers/resources/message#message-object-message-flags */
const NO_PREVIEWS = 4;

export type DiscordSendOptions = {
  api: DiscordApi;
  places: Places;
  clock: Clock;
  signal: AbortSignal;
  hasPreviews: boolean;
  /** Before the numbers of our messages: what does not begin so was written by another program. */
  noncePrefix: string;
  /** A message of ours is there. */
  sent(messageId: string): void;
  /** How long after a lost answer the call is made again (DISSEND-3). */
  againMs: readonly number[];
};

type Part = { body: Record<string, unknown>; files: readonly OutgoingFile[] };

export class DiscordSender {
  readonly #options: DiscordSendOptions;
  #count = 0;

  constructor(options: DiscordSendOptions) {
    this.#options = options;
  }

  async send(message: OutgoingMessage): Promise<SentMessage> {
    const { places } = this.#options;
    const chat = message.threadId ?? message.chatId;
    checkChat(chat);
    const files = await checkFiles(message.files ?? [], places.maxFileBytes(chat));
    const parts = await this.#toParts(message, files);
    if (parts.length === 0)
      throw new SluiceError("bad_input", "discord: the message is empty; give it a text or a file");
    const messageIds = [...(message.arrived ?? [])];
    let to = chat;
    // DISSEND-2
    for (const part of parts.slice(messageIds.length)) {
      const isFirst = messageIds.length === 0;
      if (isFirst && isForum(places.peek(chat)?.type)) {
        to = await this.#openPost(chat, part, message.text);
        messageIds.push(to);
        continue;
      }
      const reply =
        isFirst && message.replyTo !== undefined && /^\d{1,20}$/.test(message.replyTo)
          ? { message_reference: { message_id: message.replyTo, fail_if_not_exists: false } }
          : {};
      const made = await this.#post(`/channels/${to}/messages`, part, reply, messageIds);
      messageIds.push(made);
    }
    return { messageIds };
  }

  /** Words, files and buttons are always named: an edit that is silent about one leaves it as it was. */
  async edit(
    chatId: string,
    messageId: string,
    text: string,
    buttons?: OutgoingMessage["buttons"],
  ): Promise<void> {
    checkChat(chatId);
    if (text.trim() === "") throw new SluiceError("bad_input", "discord: the new text is empty");
    const body = { ...(await toShort(text)), components: toComponents(buttons) };
    const path = `/channels/${chatId}/messages/${toId(messageId)}`;
    const outcome = await this.call("PATCH", path, { ...body, ...SILENT });
    if (outcome.kind !== "ok") throw toFault("editing a message", outcome);
  }

  /** A call that may be made twice, after a short wait where one is asked for. */
  async call(
    method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE",
    path: string,
    body?: object,
  ): Promise<DiscordOutcome> {
    const { api, signal } = this.#options;
    const quiet = await this.#wait(method, path, SHORT_MS);
    return quiet ?? api.call(method, path, { ...(body === undefined ? {} : { body }), signal });
  }

  async #toParts(message: OutgoingMessage, files: readonly OutgoingFile[]): Promise<Part[]> {
    const components = toComponents(message.buttons);
    const texts =
      components.length > 0 ? [await toShort(message.text)] : await this.#toTexts(message.text);
    const groups = toGroups(files);
    const parts: Part[] = texts.map((body, index) => ({
      body: { ...body },
      files: index === texts.length - 1 ? (groups.shift() ?? []) : [],
    }));
    parts.push(...groups.map((group) => ({ body: {}, files: group })));
    const last = parts.at(-1);
    if (last !== undefined && components.length > 0) last.body["components"] = components;
    return parts;
  }

  async #toTexts(text: string): Promise<object[]> {
    const { chunkMarkdown, renderDiscord } = await loadTexts();
    const pieces = chunkMarkdown(text, MAX_TEXT_CHARS, (piece) => renderDiscord(piece).length);
    const flags = this.#options.hasPreviews ? {} : { flags: NO_PREVIEWS };
    return pieces.map((piece) => ({ content: renderDiscord(piece) || piece, ...flags }));
  }

  /** In a forum there are posts alone: the text begins one. https://docs.discord.com/developers/resources/channel#start-thread-in-forum-or-media-channel */
  async #openPost(forum: string, { body, files }: Part, text: string): Promise<string> {
    const [line = ""] = text.trim().split("\n");
    const name = line
      .replaceAll(/^#+\s*/g, "")
      .slice(0, MAX_POST_NAME)
      .toWellFormed();
    const post = {
      body: { name: name === "" ? "Message" : name, message: { ...body, ...SILENT } },
      files,
    };
    return this.#post(`/channels/${forum}/threads`, post, undefined, []);
  }

  /** One part. @throws SluiceError. */
  async #post(
    path: string,
    part: Part,
    more: object | undefined,
    before: readonly string[],
  ): Promise<string> {
    const { clock, signal, againMs, noncePrefix, sent } = this.#options;
    const files = await toUploads(part.files);
    this.#count += 1;
    const nonce = `${noncePrefix}${this.#count}`;
    const own = more === undefined ? {} : { nonce, enforce_nonce: true, ...SILENT, ...more };
    const options = {
      body: { ...part.body, ...own },
      files,
      signal,
      ...(files.length === 0 ? {} : { timeoutMs: UPLOAD_MS }),
    };
    let isLost = false;
    const pauses = [0, ...(more === undefined ? [] : againMs)];
    for (const [turn, pauseMs] of pauses.entries()) {
      if (pauseMs > 0) await sleep(pauseMs, clock, signal);
      // The first part waits with its caller, who has other messages to see to (DISSEND-4).
      const isFirst: boolean = before.length === 0 && !isLost;
      const quiet = await this.#wait("POST", path, isFirst ? SHORT_MS : PATIENCE_MS);
      if (signal.aborted) break;
      const outcome: DiscordOutcome =
        quiet ?? (await this.#postOnce(path, options, isFirst ? 0 : PATIENCE_MS));
      if (outcome.kind === "ok") {
        const id = optionalId(outcome.result, "id");
        if (id !== undefined) sent(id);
        return id ?? "";
      }
      isLost ||= outcome.kind === "lost" && outcome.maybeDone;
      const isLast = turn === pauses.length - 1;
      const mayRepeat = isLost && (outcome.kind === "lost" || outcome.status >= 500);
      if (isLast || !mayRepeat) throw this.#toFault(outcome, isLost, before);
    }
    const stopped = { kind: "lost", reason: "the hub stops", maybeDone: isLost } as const;
    throw this.#toFault(stopped, isLost, before);
  }

  /** Sits out a refusal for its pace, up to `patienceMs`. */
  async #postOnce(
    path: string,
    options: Parameters<DiscordApi["call"]>[2],
    patienceMs: number,
  ): Promise<DiscordOutcome> {
    const { api } = this.#options;
    for (let leftMs = patienceMs; ;) {
      const outcome = await api.call("POST", path, options);
      const waitMs = outcome.kind === "refused" ? (outcome.retryAfterMs ?? 0) : 0;
      if (waitMs === 0 || waitMs > leftMs) return outcome;
      leftMs -= waitMs;
      const quiet = await this.#wait("POST", path, waitMs + 1_000);
      if (quiet !== undefined) return quiet;
    }
  }

  /** Until the route is free; what to answer where that takes too long. */
  async #wait(
    method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE",
    path: string,
    patienceMs: number,
  ): Promise<DiscordRefusal | undefined> {
    const { api, clock, signal } = this.#options;
    const quietMs = api.quietMs(method, path);
    if (quietMs > patienceMs) return toQuiet(quietMs);
    if (quietMs > 0) await sleep(quietMs, clock, signal);
    return undefined;
  }

  /** DISSEND-2, DISSEND-3 */
  #toFault(outcome: DiscordRefusal, isLost: boolean, before: readonly string[]): SluiceError {
    const what = "sending a message";
    const cause = isLost ? new MaybeSent(toFaultLine(what, outcome)) : undefined;
    const fault = toFault(what, outcome, cause);
    return before.length === 0 ? fault : toPartFault(fault, before);
  }
}

/** DISSEND-5 */
const SILENT = { allowed_mentions: { parse: [] } };

/** A text that must stay one message: what is too long for its words goes into a box below them. @throws SluiceError `too_large`. */
async function toShort(text: string): Promise<object> {
  const { renderDiscord } = await loadTexts();
  const content = renderDiscord(text) || text;
  if (content.length <= MAX_TEXT_CHARS) return { content, embeds: [] };
  const [first = ""] = content.split("\n", 1);
  const isHead = first.length <= MAX_TEXT_CHARS && !first.startsWith("```");
  const rest = isHead ? content.slice(first.length + 1) : content;
  if (rest.length > MAX_EMBED_CHARS)
    throw new SluiceError(
      "too_large",
      `discord: a message that is changed, or has buttons, takes about ${MAX_EMBED_CHARS} characters, not ${rest.length}; shorten it or send a new one`,
    );
  return { content: isHead ? first : "", embeds: [{ description: rest }] };
}

function checkChat(chatId: string): void {
  if (/^\d{1,20}$/.test(chatId)) return;
  const shown = JSON.stringify(chatId.slice(0, 40));
  throw new SluiceError("bad_input", `discord: chat id ${shown} is no number`);
}

export function toId(messageId: string): string {
  if (/^\d{1,20}$/.test(messageId)) return messageId;
  const shown = JSON.stringify(messageId.slice(0, 40));
  throw new SluiceError("bad_input", `discord: message id ${shown} is no number`);
}
