import { at, textAt } from "../../sdk/json.js";
import { randomBytes } from "node:crypto";
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
import { loadWebSocket } from "./socket.js";
import { optionalId, readMe, toIntents, toTime } from "./wire.js";
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
/** Another program is told of once in a while. */
const TELL_EVERY_MS = 3_600_000;
const MAX_TYPED = 500;
/** Opens the connection; the gateway goes on by itself. @throws SluiceError where Discord cannot be asked who the bot is. */
export async function openConnection(context, timings = TIMINGS, requestTimings = {}) {
    await loadWebSocket();
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
    const reactions = new Reactions(sender);
    const typed = new Map();
    return {
        account: { name: `@${me.name}` },
        maxFileBytes: MAX_REQUEST_BYTES,
        hasForms: true,
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
        async close() {
            closing.abort();
            await running;
            await intake.close();
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
    const fault = await registerCommands(api, me.application, signal);
    if (fault !== undefined && !signal.aborted)
        log.warn({ fault }, "the slash commands of the bot may not be there");
}
/** Two programs with one token both hear everything, and both answer; Discord says nothing of it. */
class Twin {
    noncePrefix = `s${randomBytes(6).toString("hex")}.`;
    #context;
    #me;
    #since;
    #toldAt = Number.NEGATIVE_INFINITY;
    constructor(context, me) {
        this.#context = context;
        this.#me = me;
        this.#since = context.clock.now();
    }
    /** A message of this bot that this program has not sent. */
    look({ type, data }) {
        const { clock, report, log, signal } = this.#context;
        const id = optionalId(data, "id");
        if (type !== "MESSAGE_CREATE" ||
            id === undefined ||
            optionalId(data, "author.id") !== this.#me.id)
            return;
        const nonce = textAt(data, "nonce") ?? "";
        const isAnswer = at(data, "interaction_metadata") != null || at(data, "webhook_id") != null;
        const isWritten = [0, 19].includes(Number(at(data, "type")));
        // What an earlier life has sent comes again with its session.
        const isNew = toTime(id) > this.#since + TWIN_SKEW_MS;
        if (nonce.startsWith(this.noncePrefix) || isAnswer || !isWritten || !isNew || signal.aborted)
            return;
        const now = clock.now();
        if (now - this.#toldAt < TELL_EVERY_MS)
            return;
        this.#toldAt = now;
        const reason = "discord: another program writes as this bot, so people may be answered twice; stop it, or make a bot of its own for Sluice";
        log.warn({}, reason);
        report({ kind: "retrying", reason, alarm: true });
        report({ kind: "connected" });
    }
}
const TWIN_SKEW_MS = 60_000;
/** Passes on what is new. */
function onChange(report) {
    let last = "";
    return (state) => {
        const key = JSON.stringify(state);
        if (key !== last)
            report(state);
        last = key;
    };
}
