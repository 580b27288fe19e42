import { AccessPolicy } from "../flow/access/policy.js";
import { AccessAdmin } from "../flow/access/admin.js";
import { CLOSED } from "../flow/intake/gate.js";
import { LoopBreaker } from "../flow/intake/loop.js";
import { PairingHandler } from "../flow/intake/pairing.js";
import { toMessage } from "../sdk/errors.js";
import { addEffect } from "../store/outbox/outbox.js";
import { openMoves } from "./moved-chat.js";
import { CHAT_CHANNEL } from "./settings/channel-name.js";
import { readConfig } from "./settings/config.js";
import { listOwnerPlaces } from "./owner-places.js";
import { PAGE_RULES } from "./web/chat/chat-page.js";
/** @throws SluiceError `bad_config` when config.json cannot be read. */
export function openAccess(core, needs) {
    const { db, clock, log, home } = core;
    const { channels, connections, outbox } = needs;
    const isStatic = readConfig(home.config).access === "static";
    const policy = new AccessPolicy({ db, clock, isStatic });
    if (policy.state.kind === "damaged")
        log.error(policy.state, "the rules of access are damaged: nobody is admitted to a chat");
    const notifyOwner = (text, except, isEverywhere = false) => tellOwners(core, needs, policy, text, { except, isEverywhere });
    // Not by the outbox: that keeps its rows, and a code is kept nowhere. Who misses one asks again.
    const say = (channel, chatId, text, threadId) => {
        const place = threadId === undefined ? { chatId } : { chatId, threadId };
        setImmediate(() => {
            connections
                .find(channel)
                ?.send({ ...place, text, isNotice: true })
                .catch((thrown) => log.warn({ channel, error: toMessage(thrown) }, "a person could not be answered"));
        });
    };
    connections.onAlarm((channel, reason) => notifyOwner(`Sluice: channel ${channel}: ${reason}`));
    outbox.onUnsure(notifyOwner);
    // Before a channel goes: a hub that dies in between leaves one that admits nobody, not people for a later one of that name, which may
    // be another bot.
    channels.onLeaving((channel) => policy.forget(channel));
    channels.readChatRules((channel) => channel === CHAT_CHANNEL ? PAGE_RULES : policy.toChatRules(channel));
    const hasChannel = (name) => channels.has(name);
    const peopleOf = (name) => channels.peopleOf(name);
    return {
        of: (channel) => channels.access.get(channel) ?? CLOSED,
        policy,
        moved: openMoves({ db, log, policy, home, notifyOwner }),
        notifyOwner,
        listPolicies: () => channels.list().map(({ config: { name, kind, code }, isConnected }) => ({
            name,
            policy: kind === "chat"
                ? "page"
                : isConnected || code !== undefined
                    ? policy.readPolicy(name)
                    : "source",
        })),
        admin: new AccessAdmin({
            db,
            clock,
            policy,
            hasChannel,
            peopleOf,
            notifyOwner,
            say,
            findAccount: (name) => connections.find(name)?.account,
        }),
        pairing: new PairingHandler({ db, clock, policy, notifyOwner, say }),
        loops: new LoopBreaker({ db, clock, notifyOwner, say }),
    };
}
/** Every owner, in their own chat, and the place for notices. The log has it in any case. */
function tellOwners({ db, clock, log, home }, { channels, outbox }, policy, text, told) {
    log.warn({ notice: text }, "owners are told");
    const notices = readNoticePlace(home.config, channels, log);
    const has = channels.has.bind(channels);
    const owners = listOwnerPlaces({ db, policy, has, notices, ...told });
    const places = [...owners];
    const isTold = (one) => owners.some(({ channel, chatId }) => one.channel === channel && one.chatId === chatId);
    if (notices !== undefined && !isTold(notices))
        places.push(notices);
    if (places.length === 0)
        return;
    const effect = { kind: "notice", event: null, session: "", text };
    db.write(() => {
        for (const { channel, chatId } of places)
            addEffect(db, { ...effect, channel, chatId }, clock.now());
    })
        .then(() => {
        for (const { channel } of places)
            outbox.queued(channel);
    })
        .catch((thrown) => log.error({ error: toMessage(thrown) }, "owners could not be told of a change of access"));
}
function readNoticePlace(path, channels, log) {
    try {
        const { channel, chatId = null } = readConfig(path).notices ?? {};
        return channel !== undefined && channels.has(channel) ? { channel, chatId } : undefined;
    }
    catch (thrown) {
        log.warn({ error: toMessage(thrown) }, "the place for notices cannot be read");
        return undefined;
    }
}
