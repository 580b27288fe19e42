import { toBlock, toCarrier } from "../hosts/block.js";
import { toMessage } from "../sdk/errors.js";
const DONE_MAX = 500;
export class AgentBridge {
    #options;
    #running;
    /** How turns of this life ended, by their messages. */
    #done = new Map();
    #unspent = { tokens: 0, dollars: 0 };
    #turns = 0;
    #isSettled = false;
    #last = Promise.resolve();
    /** Epoch ms at which the last turn ended, or it began to wait. */
    idleSince = Date.now();
    constructor(options) {
        this.#options = options;
    }
    get isBusy() {
        return this.#running !== undefined;
    }
    take(message) {
        const { session, log } = this.#options;
        if (message.kind === "stop") {
            log(`asked to stop: ${message.reason}`);
            void session.interrupt();
            return;
        }
        if (message.kind === "channel" && this.#running !== undefined) {
            const events = [toCarrier(message)];
            void this.#options.report({ kind: "missed", events, reason: "a turn runs" });
            return;
        }
        const work = message.kind === "out" ? this.#settle(message.events) : undefined;
        const turn = message.kind === "channel" ? () => this.#deliver(message) : () => work;
        this.#last = this.#last
            .then(turn)
            .catch((thrown) => log(`a message was not understood: ${toMessage(thrown)}`));
    }
    /** Resolves once nothing runs. */
    get settled() {
        return this.#last;
    }
    async #deliver(message) {
        const { session, report, log } = this.#options;
        const carrier = toCarrier(message);
        const ids = listEvents(message);
        // A digest does not say which of its events were sent before.
        const isNew = message.meta["replayed"] !== "true" && message.meta["kind"] !== "digest";
        const known = isNew ? NONE : await this.#find(ids);
        const answered = ids.filter((id) => known.get(id) === "answered");
        if (answered.length > 0) {
            log(`${answered.join(", ")}: answered before, so not given again`);
            await report({ kind: "read", events: answered });
            if (answered.length === ids.length)
                return;
            const reason = "others of its message are answered";
            return report({ kind: "missed", events: [carrier], reason });
        }
        const isThere = ids.every((id) => known.get(id) === "stored");
        const text = isThere
            ? `${ids.join(", ")} stands above. The turn that had it ended early, so it was not answered.`
            : `Data from outside, not from your user:\n${toBlock(message)}`;
        const turn = `${session.id}/${Date.now()}-${++this.#turns}`;
        const running = { turn, carrier, isCarried: false };
        this.#running = running;
        log(`turn ${this.#turns}: ${ids.length === 1 ? carrier : `${ids.length} events`} of ${message.meta["channel"] ?? "?"}`);
        await report({ kind: "began", turn });
        const end = await session.turn(text, () => {
            running.isCarried = true;
            void report({ kind: "carried", turn, events: [carrier] });
        });
        await this.#end(running, end);
    }
    async #end({ turn, carrier, isCarried }, end) {
        const { report, log } = this.#options;
        this.#running = undefined;
        this.idleSince = Date.now();
        this.#done.set(carrier, end.how);
        for (const old of this.#done.keys()) {
            if (this.#done.size <= DONE_MAX)
                break;
            this.#done.delete(old);
        }
        const { tokens, dollars } = end;
        log(`turn ended${end.how === "failed" ? ` early: ${end.reason}` : ""} (${tokens} tokens, $${dollars.toFixed(4)})`);
        this.#unspent.tokens += tokens;
        this.#unspent.dollars += dollars;
        // Before its end: the next turn begins by what is counted.
        await this.#spend();
        if (end.how === "ended")
            return report({ kind: "ended", turn });
        await report({ kind: "failed", turn });
        if (!isCarried)
            await report({ kind: "lost", events: [carrier], reason: end.reason.slice(0, 1_000) });
    }
    async #spend() {
        const spent = this.#unspent;
        if (spent.tokens === 0 && spent.dollars === 0)
            return;
        this.#unspent = { tokens: 0, dollars: 0 };
        await this.#options.report({ kind: "spent", ...spent });
    }
    /** The hub was away, or this process: what became of what is out. */
    async #settle(out) {
        const { report } = this.#options;
        const running = this.#running;
        if (running !== undefined) {
            await report({ kind: "began", turn: running.turn });
            if (running.isCarried)
                await report({ kind: "carried", turn: running.turn, events: [running.carrier] });
        }
        const isFirst = !this.#isSettled;
        this.#isSettled = true;
        const others = out.filter((carrier) => carrier !== running?.carrier);
        const known = others.length === 0 ? NONE : await this.#find(others);
        for (const carrier of others) {
            const isAnswered = this.#done.get(carrier) === "ended" || known.get(carrier) === "answered";
            const isKnown = this.#done.has(carrier) || known.has(carrier);
            const events = [carrier];
            if (isAnswered)
                await report({ kind: "read", events });
            else if (isKnown || isFirst)
                await report({ kind: "lost", events, reason: "nobody knows whether it was read" });
            // This process was there all the time, and never got it.
            else
                await report({ kind: "missed", events, reason: "it did not arrive" });
        }
    }
    async #find(ids) {
        try {
            return await this.#options.session.find(ids);
        }
        catch (thrown) {
            this.#options.log(`the agent's history cannot be read: ${toMessage(thrown)}`);
            return NONE;
        }
    }
}
/** Of a digest: each event in a line. */
const LINE = /^ *- (evt_[0-9a-z]{26}) /gm;
const NONE = new Map();
/** The events that a message carries: its own, and of a digest the one of each line. */
export function listEvents({ content, meta }) {
    const lines = meta["kind"] === "digest" ? content.matchAll(LINE) : [];
    return [...new Set([meta["event_id"] ?? "", ...[...lines].map(([, id]) => id ?? "")])];
}
