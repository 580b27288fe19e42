/**
 * A live bot: its gateway, what comes in by it, its way out.
 *
 * Owns: how the parts work together. Never: a wire.
 */
import { onChange, } from "../../sdk/channel.js";
import { DiscordApi, toFault } from "./api.js";
import { registerCommands } from "./commands.js";
import { downloadFile, MAX_REQUEST_BYTES } from "./files.js";
import { Gateway, readGateway, TIMINGS as GATEWAY_TIMINGS, } from "./gateway.js";
import { Intake } from "./intake.js";
import { Places } from "./places.js";
import { Progress } from "./progress.js";
import { Reactions } from "./reactions.js";
import { Recent } from "./recent.js";
import { DiscordSender } from "./send.js";
import { Twin } from "./twin.js";
import { readMe, toIntents } from "./wire.js";
export const API_ROOT_SETTING = "api-root";
export const GATEWAY_SETTING = "gateway";
export const PREVIEWS = "link-previews";
export const TIMINGS = {
    ...GATEWAY_TIMINGS,
    keepMs: [1_000, 30_000],
    idleMs: 30_000,
    againMs: [1_000, 3_000, 8_000],
};
const OPEN_MS = 15_000;
const TYPING_EVERY_MS = 8_000;
const MAX_TYPED = 500;
/** Opens the connection; the gateway goes on by itself. @throws SluiceError where Discord cannot be asked who the bot is. */
export async function openConnection(context, timings = TIMINGS, requestTimings = {}) {
    const { secret, settings, clock, log, name } = context;
    const closing = new AbortController();
    const signal = AbortSignal.any([context.signal, closing.signal]);
    const root = settings[API_ROOT_SETTING];
    const api = new DiscordApi(secret, { root, clock, timings: requestTimings });
    const me = await askWhoWeAre(api, signal);
    const places = new Places(api, signal);
    const recent = new Recent();
    const twin = new Twin(context, me);
    const report = onChange((state) => {
        if (!signal.aborted)
            context.report(state);
    });
    const first = Promise.withResolvers();
    const sender = new DiscordSender({
        api,
        places,
        clock,
        signal,
        hasPreviews: settings[PREVIEWS] === "on",
        noncePrefix: twin.noncePrefix,
        sent: (id) => recent.noteOurs(id),
        againMs: timings.againMs,
    });
    const progress = Progress.open(me.id, context.cursor);
    const shared = { timings, clock, log, signal, report };
    const intake = new Intake({
        ...shared,
        api,
        read: { channel: name, me, places, recent },
        progress,
        take: (arrivals, cursor) => context.take(arrivals, cursor),
        admits: (arrival) => context.admits?.(arrival) ?? true,
        leftBehind: (count) => context.leftBehind?.(count),
    });
    const gateway = new Gateway({
        ...shared,
        token: secret,
        intents: toIntents(me),
        session: progress.session,
        seq: progress.seq,
        find: () => findGateway(api, settings[GATEWAY_SETTING], signal),
        isTrusted: (url) => isTrusted(url, settings),
        begun: (session, isResumed) => {
            if (!isResumed)
                intake.begun(session);
        },
        dispatch: (event) => {
            twin.look(event);
            intake.push(event);
        },
        report: (state) => {
            report(state);
            first.resolve();
        },
    });
    const running = gateway.run();
    void announce(api, me, context, signal);
    await Promise.race([first.promise, running]);
    return {
        account: { name: `@${me.name}` },
        maxFileBytes: MAX_REQUEST_BYTES,
        hasForms: true,
        ...toWayOut({ api, sender, clock, root, signal }),
        async close() {
            closing.abort();
            await running;
            await intake.close();
        },
    };
}
function toWayOut({ api, sender, clock, root, signal, }) {
    const reactions = new Reactions(sender);
    const typed = new Map();
    return {
        send: (message) => sender.send(message),
        edit: (chatId, messageId, text, buttons) => sender.edit(chatId, messageId, text, buttons),
        react: (chatId, messageId, reaction) => reactions.react(chatId, messageId, reaction),
        mark: (chatId, messageId, sign) => reactions.mark(chatId, messageId, sign),
        typing: async (chatId, activity, threadId) => {
            const chat = threadId ?? chatId;
            const now = clock.now();
            // Nobody types while a person is asked. One call shows it for ten seconds.
            if (activity === "approval" || now - (typed.get(chat) ?? 0) < TYPING_EVERY_MS)
                return;
            if (typed.size >= MAX_TYPED)
                typed.clear();
            typed.set(chat, now);
            await api.call("POST", `/channels/${chat}/typing`, { signal });
        },
        download: (reference, maxBytes) => {
            const ownOrigin = root === undefined ? undefined : new URL(root).host;
            return downloadFile(api, reference, { maxBytes, ownOrigin, signal });
        },
    };
}
/** @throws SluiceError `unauthorized` where the token is refused. */
export async function askWhoWeAre(api, signal) {
    const limits = { timeoutMs: OPEN_MS, ...(signal === undefined ? {} : { signal }) };
    const outcome = await api.call("GET", "/applications/@me", limits);
    if (outcome.kind !== "ok")
        throw toFault("asking who the bot is", outcome);
    return readMe(outcome.result);
}
async function findGateway(api, own, signal) {
    const outcome = await api.call("GET", "/gateway/bot", { timeoutMs: OPEN_MS, signal });
    if (outcome.kind !== "ok")
        throw toFault("looking for the gateway", outcome);
    const found = readGateway(outcome.result);
    return own === undefined ? found : { ...found, url: own };
}
/** Discord's own hosts; with a server of the owner's own, that one, or the gateway that the owner has named. */
export function isTrusted(url, settings) {
    const { [API_ROOT_SETTING]: root, [GATEWAY_SETTING]: gateway } = settings;
    if (url.username !== "" || url.password !== "")
        return false;
    if (root === undefined && gateway === undefined)
        return (url.protocol === "wss:" &&
            (url.hostname === "discord.gg" || url.hostname.endsWith(".discord.gg")) &&
            url.port === "");
    if (url.protocol !== "wss:" && url.protocol !== "ws:")
        return false;
    return [root, gateway].some((own) => own !== undefined && URL.canParse(own) && new URL(own).hostname === url.hostname);
}
async function announce(api, me, { log }, signal) {
    if (!me.hasContent)
        log.warn({ bot: me.name }, "the Message Content Intent is off: in servers only what names the bot can be read");
    if (me.hasEndpoint)
        log.warn({ bot: me.name }, "an Interactions Endpoint URL is set, so no press and no command comes to the bot");
    const fault = await registerCommands(api, me.application, signal);
    if (fault !== undefined && !signal.aborted)
        log.warn({ fault }, "the slash commands of the bot may not be there");
}
