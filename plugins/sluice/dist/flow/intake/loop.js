import { listAnswerTimes } from "../../store/outbox/outbox.js";
import { setLru } from "../lru.js";
const WINDOW_MS = 60_000;
const MAX_TURNS = 10;
const TELL_EVERY_MS = 3_600_000;
const MAX_CHATS = 1_000;
/** Of one chat: more within a minute says nothing new. */
const MAX_MESSAGES = 200;
export const LOOP_TEXT = "This chat and the session answered each other ten times within a minute, as two bots would, so the last message was not passed on. Wait a minute, then send it again.";
export class LoopBreaker {
    #options;
    #chats = new Map();
    #told = new Map();
    constructor(options) {
        this.#options = options;
    }
    /** True where this arrival would be one more turn of a loop; then those concerned are told (LOOP-3). */
    isLoop(arrival) {
        const heard = this.#recent(arrival);
        // Not worth a look into the outbox.
        if (heard.length < MAX_TURNS)
            return false;
        const { db, clock } = this.#options;
        const now = clock.now();
        const { channel, chatId = "" } = arrival;
        const answers = listAnswerTimes(db, { channel, chatId }, now - WINDOW_MS);
        if (countTurns([...heard.map(({ at }) => at), now], answers) < MAX_TURNS)
            return false;
        this.#tell(arrival, now);
        return true;
    }
    /** One more message of this chat was let in. */
    count(arrival) {
        const heard = [...this.#recent(arrival), this.#hear(arrival)].slice(-MAX_MESSAGES);
        setLru(this.#chats, toChatKey(arrival), heard, MAX_CHATS);
    }
    #recent(arrival) {
        const { said: now } = this.#hear(arrival);
        const heard = this.#chats.get(toChatKey(arrival)) ?? [];
        return heard.filter(({ said }) => Math.abs(now - said) < WINDOW_MS); // LOOP-2
    }
    #hear({ occurredAt }) {
        const now = this.#options.clock.now();
        return { said: Math.min(occurredAt ?? now, now), at: now };
    }
    #tell(arrival, now) {
        const key = toChatKey(arrival);
        if (now - (this.#told.get(key) ?? Number.NEGATIVE_INFINITY) < TELL_EVERY_MS)
            return;
        setLru(this.#told, key, now, MAX_CHATS);
        const { notifyOwner, say } = this.#options;
        const { channel, chatId, meta } = arrival;
        notifyOwner(`A chat on ${channel} and a session answered each other ten times within a minute; what comes from it is left out until it is quiet for a minute, in case two bots talk to each other.`);
        if (chatId !== undefined)
            say(channel, chatId, LOOP_TEXT, meta["thread_id"]);
    }
}
/** How often a message followed upon an answer (LOOP-1). Both are times, oldest first. Pure. */
export function countTurns(messages, answers) {
    let turns = 0;
    let answer = 0;
    for (const [index, at] of messages.entries()) {
        const before = answer;
        while (answer < answers.length && (answers[answer] ?? 0) < at)
            answer += 1;
        if (index > 0 && answer > before)
            turns += 1;
    }
    return turns;
}
function toChatKey({ channel, chat, chatId }) {
    return [channel, chat?.account, chat?.groupId ?? chatId].join("\0");
}
