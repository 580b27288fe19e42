import { isBusy, toLabel } from "../flow/session/attachment.js";
import { Chats } from "../flow/prompt/chat/chats.js";
import { ReplyHandler } from "../flow/prompt/chat/reply-handler.js";
import { Escalation } from "../flow/prompt/notify/escalation.js";
import { ChatCommands } from "../flow/prompt/chat/chat-commands.js";
import { newUlid } from "../sdk/id.js";
import { listOpenMessages } from "../store/outbox/open-chats.js";
import { addEffect } from "../store/outbox/outbox.js";
import { findDirectChat } from "../store/prompts/prompt-posts.js";
import { readPromptSettings } from "./prompts.js";
/** A prompt's message that has not left by then never will. */
const SETTLE_MS = 24 * 3_600_000;
const MAX_MESSAGES = 1_000;
export class ChatApprovals {
    #core;
    #needs;
    #chats;
    #replyHandler;
    #escalation;
    constructor(core, needs) {
        const { db, clock, log, home } = core;
        const { access, prompts, away, outbox, status } = needs;
        this.#core = core;
        this.#needs = needs;
        const say = (arrival, text) => this.#say(arrival, text);
        const listRecipients = () => this.#listRecipients();
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
    open(others) {
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
    close() {
        this.#escalation?.close();
        this.#chats.close();
    }
    /** Before the gate. */
    handle(arrival) {
        // STREAM-2
        const isMute = this.#needs.channels
            .list()
            .some(({ config, carriesVerdicts }) => config.name === arrival.channel && carriesVerdicts === false);
        return isMute ? Promise.resolve({ kind: "pass", arrival }) : this.#replyHandler.handle(arrival);
    }
    #listRecipients() {
        const { db } = this.#core;
        const { access, channels, connections } = this.#needs;
        const entries = new Map(channels.list().map((entry) => [entry.config.name, entry]));
        return access.policy.counting.flatMap(({ channel, account, id, chatId: known, roles }) => {
            const entry = entries.get(channel);
            if (entry === undefined || !roles.includes("approver"))
                return [];
            // A channel of the owner's own that says nothing of prompts is shown none.
            if (entry.outline?.permission === false || entry.carriesVerdicts === false)
                return [];
            const recipient = { channel, account, sender: id };
            if (!entry.isConnected) {
                const { twoWay, listener } = entry.config;
                // STREAM-1
                if (!twoWay || listener !== id)
                    return [];
                return [{ ...recipient, chatId: id, isStream: true, canEdit: true, isDenyOnly: false }];
            }
            const chatId = known === "" ? findDirectChat(db, recipient) : known;
            if (chatId === undefined)
                return [];
            const connection = connections.find(channel);
            // One that is down for a moment is taken for one that can.
            const canEdit = connection === undefined || connection.edit !== undefined;
            const isDenyOnly = connection?.isShared === true;
            return [{ ...recipient, chatId, isStream: false, canEdit, isDenyOnly }];
        });
    }
    #listSessions(channel, chatId) {
        const { db, clock } = this.#core;
        const held = new Set(listOpenMessages(db, [channel], MAX_MESSAGES)
            .filter((message) => message.chatId === chatId)
            .map(({ attachment }) => attachment));
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
    async #say(arrival, text) {
        if (arrival.chat?.isCommand === true)
            return { kind: "handled", answer: text };
        const { db, clock } = this.#core;
        const { channel, chatId = null, meta, deliveryId } = arrival;
        const now = clock.now();
        const replyTo = meta["message_id"] ?? deliveryId ?? newUlid(now);
        const threadId = meta["thread_id"];
        await db.write(() => addEffect(db, {
            kind: "notice",
            event: null,
            channel,
            chatId,
            session: "",
            text,
            replyTo,
            ...(threadId === undefined ? {} : { threadId }),
        }, now));
        this.#needs.outbox.queued(channel);
        return { kind: "handled" };
    }
}
