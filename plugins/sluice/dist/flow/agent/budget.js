import { addAgentUse, readAgentDay } from "../../store/sessions/agent-days.js";
const MICRO = 1_000_000;
export class AgentBudget {
    #db;
    #clock;
    #limits;
    constructor({ db, clock }, limits) {
        this.#db = db;
        this.#clock = clock;
        this.#limits = limits;
    }
    /** Why no turn may begin now, and until when; undefined where one may. */
    hold(now) {
        const reason = findReached(readAgentDay(this.#db, toDay(now)), this.#limits);
        return reason === undefined ? undefined : { reason, until: toNextDay(now) };
    }
    /** Counts a turn that is about to begin. Resolves with why it may not. @throws SluiceError store_*: then it is not counted. */
    begin() {
        return this.#db.write(() => {
            const now = this.#clock.now();
            const held = this.hold(now);
            if (held === undefined)
                addAgentUse(this.#db, toDay(now), { turns: 1, tokens: 0, microdollars: 0 });
            return held;
        });
    }
    /** What a turn has used. @throws SluiceError store_*. */
    async spend({ tokens, dollars }) {
        const microdollars = Math.ceil(dollars * MICRO);
        const day = toDay(this.#clock.now());
        await this.#db.write(() => addAgentUse(this.#db, day, { turns: 0, tokens: Math.ceil(tokens), microdollars }));
    }
}
function findReached({ turns, tokens, microdollars }, limits) {
    const used = [
        { used: turns, most: limits.turns, words: `${limits.turns} turns` },
        { used: tokens, most: limits.tokens, words: `${limits.tokens} tokens` },
        { used: microdollars, most: limits.dollars * MICRO, words: `$${limits.dollars}` },
    ].find((one) => one.used >= one.most);
    return used === undefined
        ? undefined
        : `the day's ceiling of agents is reached (${used.words}); it goes on tomorrow, or started anew with a higher one`;
}
/** `2026-12-01`, on this machine's calendar. */
export function toDay(now) {
    const date = new Date(now);
    const two = (value) => String(value).padStart(2, "0");
    return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
function toNextDay(now) {
    const date = new Date(now);
    return new Date(date.getFullYear(), date.getMonth(), date.getDate() + 1).getTime();
}
