/**
 * Connects the parts of approvals over chat: prompts to approvers, and their replies back.
 *
 * Owns: which chats are approvers' chats, and the options of each part. Never: decides when people are notified, or what their words mean.
 *
 * STREAM-1 On a channel's stream prompts are sent only where the sender for whom its listen token was made is an approver.
 * STREAM-2 By a channel that carries no verdicts nobody is asked, and nothing that comes by it answers a prompt or is a command.
 */
import type { AccessPolicy } from "../flow/access/policy.ts";
import { isBusy, toLabel } from "../flow/session/attachment.ts";
import type { Delivery } from "../flow/deliver/deliver.ts";
import type { Access } from "../flow/intake/gate.ts";
import type { Prompts } from "../flow/prompt/prompt.ts";
import type { Away } from "../flow/prompt/notify/away.ts";
import { Chats } from "../flow/prompt/chat/chats.ts";
import { ReplyHandler, type Handled } from "../flow/prompt/chat/reply-handler.ts";
import type { Notifier } from "../flow/prompt/notify/notifier.ts";
import type { Recipient } from "../flow/prompt/chat/recipient.ts";
import { Escalation } from "../flow/prompt/notify/escalation.ts";
import { type OpenSession, ChatCommands } from "../flow/prompt/chat/chat-commands.ts";
import type { Arrival } from "../sdk/event.ts";
import { newUlid } from "../sdk/id.ts";
import { listOpenMessages } from "../store/outbox/open-chats.ts";
import { addEffect } from "../store/outbox/outbox.ts";
import { findDirectChat } from "../store/prompts/prompt-posts.ts";
import type { Channels } from "./channels/channels.ts";
import type { Connections } from "./channels/connections.ts";
import type { Core } from "./core.ts";
import type { Outbox } from "./outbox.ts";
import { readPromptSettings } from "./prompts.ts";

export type ChatApprovalsNeeds = {
  delivery: Delivery;
  channels: Pick<Channels, "list">;
  connections: Pick<Connections, "find">;
  access: { of: (channel: string) => Access; policy: AccessPolicy };
  prompts: Prompts;
  away: Away;
  outbox: Pick<Outbox, "queued" | "settled">;
  /** Counts for anybody who may talk on a channel. */
  status: { describeForChat: (channel: string) => readonly string[] };
};

/** A prompt's message that has not left by then never will. */
const SETTLE_MS = 24 * 3_600_000;
const MAX_MESSAGES = 1_000;

export class ChatApprovals {
  readonly #core: Core;
  readonly #needs: ChatApprovalsNeeds;
  readonly #chats: Chats;
  readonly #replyHandler: ReplyHandler;
  #escalation: Escalation | undefined;

  constructor(core: Core, needs: ChatApprovalsNeeds) {
    const { db, clock, log, home } = core;
    const { access, prompts, away, outbox, status } = needs;
    this.#core = core;
    this.#needs = needs;
    const say = (arrival: Arrival, text: string): Promise<Handled> => this.#say(arrival, text);
    const listRecipients = (): Recipient[] => this.#listRecipients();
    this.#chats = new Chats({
      db,
      clock,
      log,
      findPrompt: (id) => prompts.find(id),
      listRecipients,
      readSecond: () => {
        const { policy } = readPromptSettings(home, log);
        return policy?.action === "hand" ? policy.to : undefined;
      },
      queued: outbox.queued,
      settled: (id) => outbox.settled(id, SETTLE_MS),
    });
    const commands = new ChatCommands({
      clock,
      prompts,
      away,
      listSessions: (channel, chatId) => this.#listSessions(channel, chatId),
      describe: status.describeForChat,
      listApprovers: () => [
        ...new Set(listRecipients().map(({ channel, sender }) => `${channel} ${sender}`)),
      ],
      say,
    });
    this.#replyHandler = new ReplyHandler({
      db,
      clock,
      prompts,
      readRoles: (channel, account, id) => access.policy.readRoles(channel, account, id),
      access: access.of,
      say,
      refresh: (prompt) => this.#chats.refresh(prompt),
      answerSummary: (post, text) => this.#chats.answerSummary(post, text),
      command: (arrival, speaker) => commands.command(arrival, speaker),
    });
  }

  /** Starts to notify people, in chats and by `others`. Call it once messages can be sent. */
  open(others: readonly Notifier[]): void {
    const { db, clock, log, home } = this.#core;
    const { prompts, away } = this.#needs;
    this.#escalation = new Escalation({
      db,
      clock,
      log,
      prompts,
      away,
      readAfterMs: () => readPromptSettings(home, log).afterMs,
      notifiers: [this.#chats, ...others],
    });
    this.#chats.open();
  }

  close(): void {
    this.#escalation?.close();
    this.#chats.close();
  }

  /** Before the gate. */
  handle(arrival: Arrival): Promise<Handled> {
    // STREAM-2
    const isMute = this.#needs.channels
      .list()
      .some(
        ({ config, carriesVerdicts }) =>
          config.name === arrival.channel && carriesVerdicts === false,
      );
    return isMute ? Promise.resolve({ kind: "pass", arrival }) : this.#replyHandler.handle(arrival);
  }

  #listRecipients(): Recipient[] {
    const { db } = this.#core;
    const { access, channels, connections } = this.#needs;
    const entries = new Map(channels.list().map((entry) => [entry.config.name, entry]));
    return access.policy.counting.flatMap(
      ({ channel, account, id, chatId: known, roles }): Recipient[] => {
        const entry = entries.get(channel);
        if (entry === undefined || !roles.includes("approver")) return [];
        // A channel of the owner's own that says nothing of prompts is shown none.
        if (entry.outline?.permission === false || entry.carriesVerdicts === false) return [];
        const recipient = { channel, account, sender: id };
        if (!entry.isConnected) {
          const { twoWay, listener } = entry.config;
          // STREAM-1
          if (!twoWay || listener !== id) return [];
          return [{ ...recipient, chatId: id, isStream: true, canEdit: true, isDenyOnly: false }];
        }
        const chatId = known === "" ? findDirectChat(db, recipient) : known;
        if (chatId === undefined) return [];
        const connection = connections.find(channel);
        // One that is down for a moment is taken for one that can.
        const canEdit = connection === undefined || connection.edit !== undefined;
        const isDenyOnly = connection?.isShared === true;
        return [{ ...recipient, chatId, isStream: false, canEdit, isDenyOnly }];
      },
    );
  }

  #listSessions(channel: string, chatId: string): OpenSession[] {
    const { db, clock } = this.#core;
    const held = new Set(
      listOpenMessages(db, [channel], MAX_MESSAGES)
        .filter((message) => message.chatId === chatId)
        .map(({ attachment }) => attachment),
    );
    return [...this.#needs.delivery.leases]
      .filter(({ target, hasLease }) => target && hasLease)
      .map((attachment) => ({
        id: attachment.session,
        name: toLabel(attachment),
        isBusy: isBusy(attachment, clock.now()),
        hasHooks: attachment.client.plugin,
        holdsChat: held.has(attachment.id),
      }));
  }

  /** By the outbox: it survives a death, and the same answer to the same message leaves once. A platform's own command is answered in place. */
  async #say(arrival: Arrival, text: string): Promise<Handled> {
    if (arrival.chat?.isCommand === true) return { kind: "handled", answer: text };
    const { db, clock } = this.#core;
    const { channel, chatId = null, meta, deliveryId } = arrival;
    const now = clock.now();
    const replyTo = meta["message_id"] ?? deliveryId ?? newUlid(now);
    const threadId = meta["thread_id"];
    await db.write(() =>
      addEffect(
        db,
        {
          kind: "notice",
          event: null,
          channel,
          chatId,
          session: "",
          text,
          replyTo,
          ...(threadId === undefined ? {} : { threadId }),
        },
        now,
      ),
    );
    this.#needs.outbox.queued(channel);
    return { kind: "handled" };
  }
}
