import { SluiceError, toMessage } from "../../sdk/errors.js";
import { parseJson, textAt } from "../../sdk/json.js";
import { API_ROOT, GraphApi, isOutsideWindow, OUTSIDE_WINDOW, toWindowText } from "./api.js";
import { readRequest } from "./receive.js";
import { MAX_FILE_BYTES, WhatsAppSender } from "./send.js";
const SIGNS = {
    received: "👀",
    approval: "✍",
    answered: "",
    maybe: "🤔",
    done: "👌",
    lost: "🤷",
};
const DAY_MS = 24 * 3_600_000;
const MAX_CHATS = 1_000;
/** Opens it. Resolves once the API has named the number, or has not: `report` says which. */
export async function openConnection(context, token, timings = {}) {
    const { settings, name, log, signal } = context;
    const number = settings["number"];
    if (number === undefined)
        throw new SluiceError("bad_config", "whatsapp: no number; add it with --set number=PHONE_NUMBER_ID");
    const api = new GraphApi(token, { root: settings["api-root"] ?? API_ROOT, timings, signal });
    const sender = new WhatsAppSender(api, number);
    /** The newest message of each chat: "typing" is shown below it. */
    const newest = new Map();
    const invited = new Map();
    /** Asks by the owner's template, once a day, a person whose window is over: they write, and the window is open. */
    const invite = async (chatId) => {
        const template = settings["template"];
        const now = context.clock.now();
        if (template === undefined || now - (invited.get(chatId) ?? -DAY_MS) < DAY_MS)
            return;
        invited.set(chatId, now);
        await sender.sendTemplate(chatId, template).catch((thrown) => {
            log.warn({ error: toMessage(thrown) }, "the template could not be sent");
        });
    };
    const shown = await report(api, number, context);
    return {
        maxFileBytes: MAX_FILE_BYTES,
        ...(shown === undefined ? {} : { account: { name: shown } }),
        async receive(request) {
            const body = parseJson(request.body);
            if (body.kind !== "ok")
                return { kind: "refuse", status: 400, reason: "the body is no JSON" };
            const { arrivals, failures, leftBehind } = readRequest(body.value, name, number);
            if (leftBehind > 0)
                context.leftBehind?.(leftBehind);
            if (arrivals.length > 0)
                await context.take(arrivals, String(request.receivedAt));
            for (const failure of failures) {
                const isLate = failure.code === OUTSIDE_WINDOW;
                const reason = isLate ? toWindowText() : `whatsapp: ${failure.code}: ${failure.reason}`;
                await context.undelivered?.(failure.messageId, reason);
                if (isLate)
                    await invite(failure.chatId);
            }
            for (const { chatId, meta } of arrivals) {
                if (chatId === undefined)
                    continue;
                newest.delete(chatId);
                newest.set(chatId, meta["message_id"] ?? "");
                const [oldest] = newest.keys();
                if (newest.size > MAX_CHATS && oldest !== undefined)
                    newest.delete(oldest);
            }
            return { kind: "answer", status: 200, code: "kept" };
        },
        async send(message) {
            try {
                return { messageIds: await sender.send(message) };
            }
            catch (thrown) {
                if (isOutsideWindow(thrown))
                    await invite(message.chatId);
                throw thrown;
            }
        },
        react: (chatId, messageId, reaction) => sender.react(chatId, messageId, reaction),
        async typing(chatId, activity) {
            const message = newest.get(chatId);
            // Nobody types while a person is asked: the sign at the message says so.
            if (message !== undefined && activity !== "approval")
                await sender.read(message, true);
        },
        async mark(chatId, messageId, sign) {
            if (sign === "received")
                await sender.read(messageId, false).catch((thrown) => {
                    log.debug({ error: toMessage(thrown) }, "a message could not be marked as read");
                });
            await sender.react(chatId, messageId, SIGNS[sign]);
        },
        async download(reference, maxBytes) {
            const found = await api.call("GET", encodeURIComponent(reference));
            const url = textAt(found, "url");
            if (url === undefined)
                throw new SluiceError("not_found", "whatsapp: the file is gone; WhatsApp keeps it for 7 days");
            return api.download(url, Math.min(maxBytes, MAX_FILE_BYTES));
        },
        async close() { },
    };
}
/** The number as people see it. */
async function report(api, number, context) {
    try {
        const found = await api.call("GET", `${number}?fields=display_phone_number,verified_name`);
        context.report({ kind: "connected" });
        return textAt(found, "display_phone_number");
    }
    catch (thrown) {
        const reason = toMessage(thrown);
        // Messages come in all the same: a request needs no token.
        context.report({ kind: "retrying", reason, alarm: true });
        return undefined;
    }
}
