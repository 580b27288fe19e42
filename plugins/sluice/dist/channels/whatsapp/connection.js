import { SluiceError, toMessage } from "../../sdk/errors.js";
import { textAt } from "../../sdk/json.js";
import { API_ROOT, GraphApi, isOutsideWindow } from "./api.js";
import { WhatsAppIntake } from "./intake.js";
import { MAX_FILE_BYTES, WhatsAppSender } from "./send.js";
import { FAULT_MS, Standing } from "./standing.js";
const SIGNS = {
    received: "👀",
    approval: "✍",
    answered: "",
    maybe: "🤔",
    done: "👌",
    lost: "🤷",
};
/** Opens it. Resolves once the API has named the number, or has not: `report` says which. */
export async function openConnection(context, token, { faultMs = FAULT_MS, ...timings } = {}) {
    const { settings, log } = context;
    const closing = new AbortController();
    const signal = AbortSignal.any([context.signal, closing.signal]);
    const number = settings["number"];
    if (number === undefined)
        throw new SluiceError("bad_config", "whatsapp: no number; add it with --set number=PHONE_NUMBER_ID");
    const api = new GraphApi(token, { root: settings["api-root"] ?? API_ROOT, timings, signal });
    const sender = new WhatsAppSender(api, number);
    const intake = new WhatsAppIntake(context, number, sender);
    const standing = new Standing({ api, number, context, signal, faultMs });
    await standing.open();
    return {
        maxFileBytes: MAX_FILE_BYTES,
        get account() {
            const { shown } = standing;
            return shown === undefined ? undefined : { name: shown };
        },
        receive: (request) => intake.receive(request),
        async send(message) {
            try {
                return { messageIds: await standing.watch(() => sender.send(message)) };
            }
            catch (thrown) {
                if (isOutsideWindow(thrown))
                    intake.invite(message.chatId);
                throw thrown;
            }
        },
        react: (chatId, messageId, reaction) => sender.react(chatId, messageId, reaction),
        async typing(chatId, activity) {
            const message = intake.findNewest(chatId);
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
        async close() {
            closing.abort();
            await standing.over();
        },
    };
}
