import { isSluiceError } from "../../sdk/errors.js";
import { sleep, systemClock } from "../../sdk/clock.js";
import { toFault } from "./api.js";
import { readMessage } from "./receive.js";
import { isLater, optionalId } from "./wire.js";
const PAGE = 100;
/** Of one chat: more is no message that still waits for an answer. */
const MAX_MESSAGES = 5_000;
const MAX_WAIT_MS = 60_000;
/** Pages behind `last`; `gone`: the chat is not there any more, or not ours to read. @throws SluiceError: what came before it holds. */
export async function* readHistory(api, { chat, last, read, signal, log, }) {
    let after = last;
    for (let count = 0; count < MAX_MESSAGES;) {
        const path = `/channels/${chat}/messages?limit=${PAGE}&after=${after}`;
        const quietMs = api.quietMs("GET", path);
        if (quietMs > 0 && quietMs <= MAX_WAIT_MS)
            await sleep(quietMs, systemClock, signal);
        const outcome = await api.call("GET", path, { signal });
        if (outcome.kind === "refused" && [403, 404].includes(outcome.status)) {
            log.info({ code: outcome.code }, "a chat is not there any more, or not ours to read");
            yield "gone";
            return;
        }
        if (outcome.kind !== "ok")
            throw toFault("looking at what was written meanwhile", outcome);
        const messages = (Array.isArray(outcome.result) ? outcome.result : [])
            .flatMap((message) => {
            const id = optionalId(message, "id");
            return id === undefined || !isLater(id, after) ? [] : [{ id, message }];
        })
            .toSorted((one, other) => (isLater(one.id, other.id) ? 1 : -1));
        const page = [];
        for (const { id, message } of messages)
            page.push(await readOne(id, message, chat, read));
        if (page.length > 0)
            yield page;
        count += page.length;
        after = messages.at(-1)?.id ?? after;
        if (messages.length < PAGE)
            return;
    }
    log.warn({ messages: MAX_MESSAGES }, "more was written meanwhile than is looked at");
}
async function readOne(id, message, chat, read) {
    try {
        const whole = { ...message, channel_id: optionalId(message, "channel_id") ?? chat };
        const reading = await readMessage(whole, false, read, true);
        return reading.kind === "arrival" ? { message: id, arrival: reading.arrival } : { message: id };
    }
    catch (thrown) {
        // What a channel that cannot be asked for now threw is to be tried again.
        if (isSluiceError(thrown))
            throw thrown;
        return { message: id };
    }
}
