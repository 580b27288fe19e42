import { toMessage } from "../../sdk/errors.js";
import { parseJson } from "../../sdk/json.js";
import { OUTSIDE_WINDOW, toWindowText } from "./api.js";
import { readRequest } from "./receive.js";
const DAY_MS = 24 * 3_600_000;
const MAX_CHATS = 1_000;
export class WhatsAppIntake {
    #context;
    #number;
    #sender;
    #newest = new Map();
    #invited = new Map();
    constructor(context, number, sender) {
        this.#context = context;
        this.#number = number;
        this.#sender = sender;
    }
    /** WALINK-1 */
    async receive(request) {
        const body = parseJson(request.body);
        if (body.kind !== "ok")
            return { kind: "refuse", status: 400, reason: "the body is no JSON" };
        const { name, take, leftBehind, undelivered } = this.#context;
        const readings = readRequest(body.value, name, this.#number);
        if (readings.leftBehind > 0)
            leftBehind?.(readings.leftBehind);
        if (readings.arrivals.length > 0)
            await take(readings.arrivals, String(request.receivedAt));
        for (const { messageId, chatId, code, reason } of readings.failures) {
            const isLate = code === OUTSIDE_WINDOW;
            await undelivered?.(messageId, isLate ? toWindowText() : `whatsapp: ${code}: ${reason}`);
            if (isLate)
                this.invite(chatId);
        }
        for (const arrival of readings.arrivals)
            this.#note(arrival);
        return { kind: "answer", status: 200, code: "kept" };
    }
    /** The newest message of a chat: "typing" is shown below it. */
    findNewest(chatId) {
        return this.#newest.get(chatId);
    }
    /** Asks by the owner's template, once a day, a person whose window is over: they write, and the window is open. */
    invite(chatId) {
        const { settings, clock, log } = this.#context;
        const { template } = settings;
        const now = clock.now();
        if (template === undefined || now - (this.#invited.get(chatId) ?? -DAY_MS) < DAY_MS)
            return;
        this.#invited.set(chatId, now);
        this.#sender.sendTemplate(chatId, template).catch((thrown) => {
            log.warn({ error: toMessage(thrown) }, "the template could not be sent");
        });
    }
    #note({ chatId, meta }) {
        if (chatId === undefined)
            return;
        this.#newest.delete(chatId);
        this.#newest.set(chatId, meta["message_id"] ?? "");
        const [oldest] = this.#newest.keys();
        if (this.#newest.size > MAX_CHATS && oldest !== undefined)
            this.#newest.delete(oldest);
    }
}
