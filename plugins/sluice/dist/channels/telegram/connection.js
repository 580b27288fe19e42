/**
 * A live bot: its poll, its commands, its way out.
 *
 * Owns: which updates the channel answers itself, and how its parts work together. Never: the wire (api.ts), the poll (poll.ts).
 * A command is answered after its update is confirmed: if the hub dies in between, the answer is lost, and never shown twice.
 */
import { onChange, } from "../../sdk/channel.js";
import { SluiceError, toMessage } from "../../sdk/errors.js";
import { textAt } from "../../sdk/json.js";
import { TelegramApi, toFault, toFaultLine } from "./api.js";
import { COMMANDS, readCommand, toAnswer } from "./commands.js";
import { MAX_DOWNLOAD_BYTES } from "./files.js";
import { poll, TIMINGS } from "./poll.js";
import { toReaction } from "./reactions.js";
import { receive } from "./receive.js";
import { TelegramSender } from "./send.js";
import { toStyle } from "./settings.js";
const DOWNLOAD_MS = 120_000;
/** https://core.telegram.org/bots/api#answercallbackquery */
const MAX_TAP_CHARS = 200;
const MAX_PASSING_CHARS = 60;
/** Opens the connection; the poll goes on by itself. Resolves once Telegram has answered, or has not: `report` says which. */
export async function openConnection(context, timings = TIMINGS, requestTimings = {}) {
    const { secret, settings, clock, log, name } = context;
    const closing = new AbortController();
    const signal = AbortSignal.any([context.signal, closing.signal]);
    const api = new TelegramApi(secret, settings["api-root"], requestTimings);
    const moved = async (from, to) => context.moved?.(from, to);
    const style = toStyle(settings);
    const sender = new TelegramSender({
        api,
        clock,
        signal,
        style,
        // The message counts; the rules are moved by the next one, too.
        moved: (from, to) => moved(from, to).catch((thrown) => log.error({ from, to, error: toMessage(thrown) }, "the rules of a chat could not be moved")),
    });
    const answer = new Answers({ api, sender, context, signal });
    const first = Promise.withResolvers();
    const polling = poll({
        api,
        cursor: context.cursor,
        timings,
        read: (update, me) => receive(update, name, me),
        take: (arrivals, cursor) => context.take(style.quotes === undefined ? arrivals : arrivals.map(withQuoted), cursor),
        taken: (things) => answer.all(things),
        leftBehind: (count) => context.leftBehind?.(count),
        moved,
        isOurs: (arrival) => answer.isOurs(arrival),
        known: (me) => answer.announce(me),
        report: onChange((state) => {
            if (!signal.aborted)
                context.report(state);
            first.resolve();
        }),
        clock,
        log,
        signal,
    });
    await Promise.race([first.promise, polling]);
    return {
        get account() {
            return answer.account;
        },
        send: (message) => sender.send(message),
        edit: (chatId, messageId, text, buttons) => sender.edit(chatId, messageId, text, buttons),
        react: async (chatId, messageId, reaction) => sender.react(chatId, messageId, toReaction(reaction)),
        typing: async (chatId, activity, threadId) => {
            // Nobody types while a person is asked: the sign at the message says so.
            if (activity !== "approval")
                await sender.typing(chatId, threadId);
        },
        mark: (chatId, messageId, sign) => sender.mark(chatId, messageId, sign),
        download: (reference, maxBytes) => download(api, reference, maxBytes, signal),
        async close() {
            closing.abort();
            await polling;
        },
    };
}
class Answers {
    #options;
    #isAnnounced = false;
    account;
    constructor(options) {
        this.#options = options;
    }
    /** A command of somebody whom the gate lets in. A stranger's goes to the gate, which may give them a code. */
    isOurs(arrival) {
        return readCommand(arrival) !== undefined && this.#options.context.admits?.(arrival) === true;
    }
    /** After the update is confirmed. */
    all(things) {
        const { context } = this.#options;
        for (const { arrival, isOurs, tap, answer } of things) {
            // A stranger's tap gets no sign that anybody is here.
            if (tap !== undefined && (answer !== undefined || context.admits?.(arrival) !== false))
                this.#quietly("answerCallbackQuery", this.#tap(tap, answer));
            const command = isOurs ? readCommand(arrival) : undefined;
            if (command === undefined || arrival.chatId === undefined)
                continue;
            const text = toAnswer(command);
            this.#quietly("sendMessage", this.#options.sender.send({ chatId: arrival.chatId, text }));
        }
    }
    /** Puts the commands into the bot's menu, once in a life. */
    announce(me) {
        const { api, context, signal } = this.#options;
        context.log.info({ bot: me.username }, "polls Telegram");
        // https://core.telegram.org/bots/features#deep-linking
        this.account = { name: `@${me.username}`, codeLink: `https://t.me/${me.username}?start=` };
        if (this.#isAnnounced)
            return;
        this.#isAnnounced = true;
        this.#quietly("setMyCommands", api.call("setMyCommands", { commands: [...COMMANDS], scope: { type: "all_private_chats" } }, { signal }));
    }
    /** Ends the spinner on the button, with a line for who tapped it: a short one passes by, a longer one waits to be read. */
    async #tap(id, answer) {
        const { api, signal } = this.#options;
        const text = answer?.slice(0, MAX_TAP_CHARS).toWellFormed();
        const shown = text === undefined ? {} : { text, show_alert: text.length > MAX_PASSING_CHARS };
        const outcome = await api.call("answerCallbackQuery", { callback_query_id: id, ...shown }, { signal });
        if (outcome.kind !== "ok")
            throw new Error(toFaultLine({ method: "answerCallbackQuery", outcome }));
    }
    /** Nothing waits for these, and none is worth a second try: a fault is logged. */
    #quietly(what, doing) {
        doing.catch((thrown) => {
            this.#options.context.log.warn({ what, error: toMessage(thrown) }, "a courtesy to Telegram failed");
        });
    }
}
async function download(api, reference, maxBytes, signal) {
    const limit = Math.min(maxBytes, MAX_DOWNLOAD_BYTES);
    const tooLarge = new SluiceError("too_large", `telegram: the file is larger than ${limit} bytes`);
    const found = await api.call("getFile", { file_id: reference }, { signal });
    if (found.kind === "refused" && /file is too big/i.test(found.description))
        throw tooLarge;
    if (found.kind !== "ok")
        throw toFault("getFile", found);
    const path = textAt(found.result, "file_path");
    // A Bot API server of one's own may name a file on its own disk; and a path that climbs is none of Telegram's.
    if (path === undefined || path.startsWith("/") || path.split("/").includes("..")) {
        throw new SluiceError("send_failed", "telegram: getFile named no file that can be fetched");
    }
    const got = await api.download(path, limit, { timeoutMs: DOWNLOAD_MS, signal });
    if (got.kind === "too-large")
        throw tooLarge;
    if (got.kind !== "ok")
        throw toFault("download", got);
    return got.result;
}
/** An answer will be told which message it answers, also where nobody has written since. */
function withQuoted(arrival) {
    const quoted = arrival.meta["message_id"];
    return quoted === undefined ? arrival : { ...arrival, answering: quoted };
}
