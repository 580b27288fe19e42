/**
 * Prompts in the chats of approvers: each has one message with buttons, which says in the end what happened.
 *
 * Owns: which approver has which message, and the text of it. Never: sends (the outbox does), handles an answer
 * (reply-handler.ts), or decides when.
 *
 * CHATPROMPT-1 A message goes to approvers in a chat of their own, and to nobody else; a handle counts for one approver in one chat.
 * CHATPROMPT-2 However a prompt ends, every message about it is changed to say how, and loses its buttons. A message that has not left
 *    yet is never sent.
 * CHATPROMPT-3 A message that cannot be changed is followed by one that says how the prompt ended.
 * CHATPROMPT-4 A handle belongs to the arguments that its message shows: when other arguments become known, the message gets them and
 *    another handle.
 * CHATPROMPT-5 An end that could not be written is tried again, or its message would go on asking.
 */
import type { Clock } from "../../../sdk/clock.ts";
import type { Logger } from "../../../sdk/log.ts";
import type { Prompt } from "../../../sdk/prompt.ts";
import type { Database } from "../../../store/file/database.ts";
import { addEffect, findEffect, markUnsent, type OutboxRow } from "../../../store/outbox/outbox.ts";
import {
  addPost,
  closePost,
  findPostByOutbox,
  findSummary,
  isPostOpen,
  listOpenPosts,
  listPosts,
  type Post,
  setPostMessage,
  setPostShown,
} from "../../../store/prompts/prompt-posts.ts";
import type { SendOutcome } from "../../send/send.ts";
import { RetryWrites } from "../../retry-write.ts";
import { newHandle, toChoiceText } from "./buttons.ts";
import type { Notifier } from "../notify/notifier.ts";
import { chooseRecipients, isSameRecipient, type Recipient } from "./recipient.ts";
import {
  CHAT_MAX_CHARS,
  renderEnd,
  renderPrompt,
  renderSummary,
  toBlock,
  toEndText,
  toLine,
} from "../show/render.ts";

export type ChatsOptions = {
  db: Database;
  clock: Clock;
  log: Logger;
  findPrompt: (id: string) => Prompt | undefined;
  /** The approvers' chats, as they are now. */
  listRecipients: () => readonly Recipient[];
  /** The second approver, `channel` or `channel/id`, who is asked once a prompt is handed over. */
  readSecond: () => string | undefined;
  /** After COMMIT of what was queued. */
  queued: (channel: string) => void;
  /** What became of a row of the outbox, once it is over. */
  settled: (outbox: number) => Promise<SendOutcome | undefined>;
};

const EDIT_EVERY_MS = 5_000;

export class Chats implements Notifier {
  readonly name = "chats";
  readonly #options: ChatsOptions;
  readonly #edits = new Map<string, () => void>();
  readonly #writes: RetryWrites;
  #isClosed = false;

  constructor(options: ChatsOptions) {
    this.#options = options;
    this.#writes = new RetryWrites(options);
  }

  /** Takes up what an earlier life has left: messages on their way, and those whose prompt has ended since. */
  open(): void {
    for (const post of listOpenPosts(this.#options.db)) this.#follow(post);
  }

  close(): void {
    this.#isClosed = true;
    this.#writes.close();
    for (const cancel of this.#edits.values()) cancel();
  }

  show(prompt: Prompt): void {
    this.#runWithRetry(prompt.id, () => this.#post(prompt, this.#chooseRecipients(prompt)));
  }

  change(prompt: Prompt): void {
    if (prompt.handedTo !== undefined) this.show(prompt);
    const { db } = this.#options;
    // Other arguments are shown at once; how many wait for the same, after a while.
    if (listPosts(db, prompt.id).some(({ digest }) => digest !== prompt.digest))
      return this.#runWithRetry(prompt.id, () => this.refresh(prompt.id));
    if (this.#edits.has(prompt.id)) return;
    const edit = (): void => {
      this.#edits.delete(prompt.id);
      this.#runWithRetry(prompt.id, () => this.refresh(prompt.id));
    };
    this.#edits.set(prompt.id, this.#options.clock.after(EDIT_EVERY_MS, edit));
  }

  end(prompt: Prompt): void {
    this.#edits.get(prompt.id)?.();
    this.#edits.delete(prompt.id);
    this.#runWithRetry(prompt.id, () => this.#endAll(prompt));
  }

  sum(waiting: readonly Prompt[]): void {
    this.#runWithRetry(waiting[0]?.session ?? "", () => this.#sum(waiting));
  }

  /** Shows the prompt as it is now in the messages that tell of it. */
  async refresh(id: string): Promise<void> {
    const { db, clock, findPrompt } = this.#options;
    const prompt = findPrompt(id);
    if (prompt?.state !== "pending") return;
    await this.#write((queue) => {
      for (const post of listPosts(db, id)) {
        const recipient = this.#findRecipient(post);
        if (post.message === null || recipient?.canEdit !== true) continue;
        const isOther = post.digest !== prompt.digest;
        // CHATPROMPT-4
        if (isOther)
          setPostShown(db, post.id, {
            handle: newHandle(),
            digest: prompt.digest,
            at: clock.now(),
          });
        queue(this.#edit(post, toText(prompt, recipient, isOther ? undefined : post)));
      }
    });
  }

  /** A summary was answered: it says so. */
  async answerSummary(post: Post, text: string): Promise<void> {
    await this.#write((queue) => {
      closePost(this.#options.db, post.id);
      if (post.message !== null) queue(this.#edit(post, text));
    });
  }

  async #post(prompt: Prompt, recipients: readonly Recipient[]): Promise<void> {
    const { db, findPrompt } = this.#options;
    const rows = await this.#write((queue) => {
      // It may have ended a moment ago (CHATPROMPT-2).
      if (findPrompt(prompt.id)?.state !== "pending") return [];
      const known = listPosts(db, prompt.id);
      return recipients
        .filter((recipient) => !known.some((post) => isSameRecipient(post, recipient)))
        .map((recipient) => queue(this.#add(recipient, toText(prompt, recipient), prompt)));
    });
    for (const row of rows) this.#followRow(row);
  }

  async #sum(waiting: readonly Prompt[]): Promise<void> {
    const [first] = waiting;
    if (first === undefined) return;
    const { db } = this.#options;
    const rows = await this.#write((queue) =>
      this.#chooseRecipients(first).map((recipient) => {
        const earlier = findSummary(db, { session: first.session, ...recipient });
        if (earlier !== undefined) closePost(db, earlier.id);
        return queue(this.#add(recipient, renderSummary(waiting), undefined, first.session));
      }),
    );
    for (const row of rows) this.#followRow(row);
  }

  /** Queues a message with a handle of its own; inside `database.write`. */
  #add(
    recipient: Recipient,
    text: string,
    prompt: Prompt | undefined,
    session = prompt?.session ?? "",
  ): OutboxRow {
    const { db, clock } = this.#options;
    const { channel, account, sender, chatId, isStream } = recipient;
    const now = clock.now();
    // Nobody's session: one that could change this message could say anything in our name.
    const effect = { kind: "notice", event: null, channel, chatId, session: "", text } as const;
    const { row, duplicate } = addEffect(db, effect, now);
    if (duplicate && findPostByOutbox(db, row.id) !== undefined) return row;
    addPost(db, {
      handle: newHandle(),
      digest: prompt?.digest ?? "",
      prompt: prompt?.id ?? null,
      session,
      channel,
      account,
      sender,
      chatId,
      outbox: row.id,
      at: now,
    });
    const post = findPostByOutbox(db, row.id);
    // On a stream a message is known by its number there.
    if (isStream && post !== undefined) setPostMessage(db, post.id, String(row.id));
    return row;
  }

  #edit(post: Post, text: string): OutboxRow {
    const { db, clock } = this.#options;
    const { channel, chatId, message } = post;
    return addEffect(
      db,
      { kind: "edit", event: null, channel, chatId, target: message ?? "", session: "", text },
      clock.now(),
    ).row;
  }

  async #endAll(prompt: Prompt): Promise<void> {
    const { db } = this.#options;
    await this.#write((queue) => {
      for (const post of listPosts(db, prompt.id)) this.#endOne(post, prompt, queue);
    });
  }

  /** CHATPROMPT-2; inside `database.write`. */
  #endOne(post: Post, prompt: Prompt, queue: (row: OutboxRow) => OutboxRow): void {
    const { db, clock } = this.#options;
    const row = findEffect(db, post.outbox);
    // On its way: it is changed once it has arrived.
    if (row?.state === "sending" || !isPostOpen(db, post.id)) return;
    closePost(db, post.id);
    if (row === undefined || row.state === "failed") return;
    if (row.state === "queued") return markUnsent(db, row.id, "failed", "over before it was sent");
    const recipient = this.#findRecipient(post);
    if (post.message !== null && recipient?.canEdit !== false) {
      queue(this.#edit(post, renderEnd(prompt, { maxChars: CHAT_MAX_CHARS })));
      return;
    }
    // Nobody knows whether it arrived; if it did, a tap on it is told (reply-handler.ts).
    if (row.state === "maybe") return;
    // CHATPROMPT-3
    const text = `${prompt.code}:\n${toBlock(toLine(toEndText(prompt)))}`;
    const { channel, chatId } = post;
    const effect = { kind: "notice", event: null, channel, chatId, session: "", text } as const;
    queue(addEffect(db, effect, clock.now()).row);
  }

  #followRow(row: OutboxRow): void {
    const post = findPostByOutbox(this.#options.db, row.id);
    if (post !== undefined) this.#follow(post);
  }

  /** Waits until a message has arrived, and ends it where its prompt has ended meanwhile. */
  #follow(post: Post): void {
    this.#runWithRetry(post.prompt ?? post.session, () => this.#arrive(post));
  }

  async #arrive(post: Post): Promise<void> {
    const { db, findPrompt, settled } = this.#options;
    const outcome = await settled(post.outbox);
    if (this.#isClosed) return;
    const message = outcome?.messageIds.at(-1);
    if (message !== undefined) await db.write(() => setPostMessage(db, post.id, message));
    const prompt = post.prompt === null ? undefined : findPrompt(post.prompt);
    if (prompt === undefined) return;
    if (prompt.state !== "pending") return this.#endAll(prompt);
    // Others became known on the way.
    if (post.digest !== prompt.digest) await this.refresh(prompt.id);
  }

  #chooseRecipients(prompt: Prompt): readonly Recipient[] {
    const { listRecipients, readSecond } = this.#options;
    return chooseRecipients(prompt, listRecipients(), readSecond());
  }

  #findRecipient(post: Post): Recipient | undefined {
    return this.#options.listRecipients().find((recipient) => isSameRecipient(post, recipient));
  }

  /** Runs `change` in one transaction; what it queued may leave after COMMIT. */
  async #write<T>(change: (queue: (row: OutboxRow) => OutboxRow) => T): Promise<T> {
    const { db, queued } = this.#options;
    const channels = new Set<string>();
    const result = await db.write(() =>
      change((row) => {
        channels.add(row.channel);
        return row;
      }),
    );
    for (const channel of channels) queued(channel);
    return result;
  }

  /** CHATPROMPT-5 */
  #runWithRetry(of: string, work: () => Promise<void>): void {
    this.#writes.runWithRetry(of, work, work);
  }
}

function toText(prompt: Prompt, { isDenyOnly }: Recipient, post?: Post): string {
  const text = renderPrompt(prompt, { maxChars: CHAT_MAX_CHARS, isDenyOnly });
  const chosen = post === undefined ? "" : toChoiceText(prompt, post.choice);
  return chosen === "" ? text : `${text}\nChosen: ${chosen}`;
}
