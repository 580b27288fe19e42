import { askToSend } from "../flow/tools/ask-to-send.js";
import { addCode, reloadCode } from "./authored/add-code.js";
import { confirmSubscription } from "./channels/confirm.js";
import { openSessionTimers } from "./channels/session-timers.js";
import { createIngressApp } from "../ingress/receive.js";
import { isBusy } from "../flow/session/attachment.js";
import { Presence } from "../flow/send/presence.js";
import { isHeld, parseAddress } from "../flow/route/route.js";
import { listPrompts } from "../store/prompts/prompts.js";
import { toMessage } from "../sdk/errors.js";
import { isAlive } from "../local/process.js";
import { Delivery } from "../flow/deliver/deliver.js";
import { Projects } from "./git/projects.js";
/** How long a session's call stands still for a person; clients give up on a tool after a minute. */
const ASK_TO_SEND_MS = 45_000;
export function openTools({ db, clock, home }, needs) {
    const { delivery, channels, connections, access, inbound, outbox, prompts, words } = needs;
    return {
        db,
        clock,
        delivery,
        canReply: (channel) => channels.canReply(channel),
        replied: outbox.queued,
        aboutChannels: () => words.read(),
        timers: openSessionTimers(channels),
        outbound: {
            home: home.path,
            isConnected: (channel) => channels.connected().includes(channel),
            connection: (channel) => connections.find(channel),
            settled: outbox.settled,
            fetchFile: (event, position) => inbound.files.fetch(event, position),
            askToSend: (attachment, question) => askToSend({ db, prompts, waitMs: ASK_TO_SEND_MS }, attachment, question),
            isContact: (channel, chatId) => access.policy.isContact(channel, chatId),
        },
    };
}
/** A channel that has nothing more to do goes, as its owner would remove it: a timer that has rung. */
export function removeWhenOver({ log }, { channels, connections }) {
    connections.onOver((channel) => {
        channels.remove(channel).catch((thrown) => {
            // It says so again when the hub starts next.
            log.warn({ channel, error: toMessage(thrown) }, "a channel that is over was not removed");
        });
    });
}
/** Code of channels, once a person has confirmed it. */
export function openCode({ home }, needs) {
    const all = { home, ...needs };
    return {
        add: (request) => addCode(all, request),
        reload: (name, request) => reloadCode(all, name, request),
    };
}
export function serveIngress({ log, clock }, needs) {
    const { port, channels, inbound, outbox, status, reach } = needs;
    const count = inbound.count.bind(inbound);
    const app = createIngressApp({
        channels: channels.receiving,
        accept: inbound.receive,
        count,
        confirm: (channel, confirm) => confirmSubscription({ log }, channel, confirm),
        tell: status.noteToken,
        refused: status.noteRefused,
        health: reach.answer,
        replies: outbox.replies.stream.bind(outbox.replies),
        log,
        clock: clock.now.bind(clock),
    });
    port.serve({ app, count });
}
export function openPresence({ db, clock, log }, needs) {
    const { delivery, channels, connections, access, outbox } = needs;
    return new Presence({
        db,
        clock,
        log,
        channels: () => connections.names(),
        look: {
            isBusy: (id) => {
                const attachment = delivery.leases.find(id);
                return attachment !== undefined && isBusy(attachment, clock.now());
            },
            waitsForApproval: (attachment) => listPrompts(db, { state: "pending", attachment, limit: 1 }).length > 0,
            hasTaker: (address) => {
                // Who listens then is asked then.
                if (isHeld(parseAddress(address)))
                    return true;
                const { attachment } = delivery.router.owner(address);
                return attachment !== undefined && delivery.readPolicy(attachment) === undefined;
            },
        },
        showTyping: (channel, chatId, activity, threadId) => connections.find(channel)?.typing?.(chatId, activity, threadId ?? undefined),
        mark: (channel, chatId, messageId, sign) => connections.find(channel)?.mark?.(chatId, messageId, sign),
        // The page itself says whether anybody listens.
        saysNobody: (channel) => channels.kindOf(channel) !== "chat",
        saysApproval: (channel, chatId) => channels.kindOf(channel) !== "chat" && !access.policy.isApproverChat(channel, chatId),
        queued: outbox.queued,
    });
}
export function openDelivery({ db, clock, log }, env, settings, hosts) {
    const projects = new Projects(env, clock);
    const { readRefusal: readPolicy, readQuiet, readRules, isShown } = settings;
    const delivery = new Delivery({
        db,
        clock,
        log,
        isAlive,
        readProject: projects.read.bind(projects),
        readPolicy,
        readQuiet,
        readRules,
        isShown,
        lanes: hosts.map(({ lane }) => lane),
    });
    const close = () => {
        projects.close();
        delivery.close();
    };
    return { delivery, projects, close };
}
