import { toMessage } from "../../sdk/errors.js";
import { textAt, toObject } from "../../sdk/json.js";
import { toBlock, toCarrier } from "../block.js";
import { ServerRefusal } from "./app-server.js";
import { readHistory, readRollout } from "./history.js";
import { toAsk, toResult } from "./requests.js";
import { toClientId, toStatus, toTurn } from "./words.js";
const TOO_LATE = "a turn began just before it left";
/** What the app-server sends again comes with the first look, or directly after. */
const EARLY_LOOKS = 2;
const NOTHING = { last: undefined, found: new Map() };
export class Thread {
    #options;
    #server;
    #waiting = new Map();
    /** Answered by us, or by somebody else. */
    #over = new Set();
    /** Answers that came before the app-server was joined: it sends once more what waits there. */
    #early = new Map();
    /** Items of the turn that runs: a request for approval names one. */
    #items = new Map();
    #session;
    #turn;
    #isSubscribed = false;
    #isSending = false;
    #isOurs = false;
    constructor(options) {
        this.#options = options;
        this.#server = options.server;
    }
    /** It is told as a session. */
    get isOpen() {
        return this.#session !== undefined;
    }
    /** The turn that runs, or is about to, was begun by an event. */
    get isOurTurn() {
        return this.#isOurs;
    }
    /** Subscribes, and tells of the session. */
    async open() {
        const { facts, door, pid } = this.#options;
        await this.#subscribe();
        this.#session = door.attach({
            id: facts.id,
            pid,
            version: facts.version,
            cwd: facts.cwd,
            send: (message) => this.#take(message),
        });
        await this.#catchUp();
    }
    /** The app-server is there again, and has this thread. */
    async rejoin(server) {
        this.#server = server;
        this.#isSubscribed = false;
        this.#waiting.clear();
        await this.#subscribe();
        await this.#catchUp();
    }
    /** Ends the session; what has become of what it was sent is looked up before. */
    async close(reason) {
        try {
            await this.settle();
        }
        finally {
            this.#session?.gone(reason);
            this.#session = undefined;
        }
        // Else Codex would keep it loaded for us. One that is unloaded already refuses.
        const { facts } = this.#options;
        await this.#server.call("thread/unsubscribe", { threadId: facts.id }).catch(() => { });
    }
    /** Ends it without the app-server, which is gone. */
    async abandon(reason) {
        const { facts, log } = this.#options;
        const { path } = facts;
        try {
            if (path !== undefined)
                await this.settle((wanted) => readRollout(path, wanted));
        }
        catch (thrown) {
            // No file: it never had a turn. Then all that is out waits again, marked as sent before.
            log.info({ thread: facts.id, error: toMessage(thrown) }, "a thread's file cannot be read");
        }
        this.#session?.gone(reason);
        this.#session = undefined;
    }
    async heard(method, params) {
        const session = this.#session;
        if (session === undefined)
            return;
        switch (method) {
            case "thread/status/changed":
                // A thread without a first turn cannot be subscribed to before.
                if (this.#isSubscribed || toStatus(params["status"]) !== "active")
                    return;
                await this.#subscribe();
                return this.#catchUp();
            case "turn/started": {
                const turn = toTurn(params["turn"]);
                if (turn !== undefined)
                    this.#begin(turn.id);
                return;
            }
            case "item/started":
                return void this.#items.set(textAt(params, "item.id") ?? "", params["item"]);
            case "item/completed": {
                const id = toClientId(params["item"]);
                const turn = textAt(params, "turnId");
                if (id !== undefined && turn !== undefined)
                    await session.carried(turn, [id]);
                return;
            }
            case "turn/completed": {
                const turn = toTurn(params["turn"]);
                if (turn !== undefined)
                    await this.#end(turn, session);
                return;
            }
            case "serverRequest/resolved":
                return this.#resolve(params["requestId"]);
            default:
                return;
        }
    }
    async asked(id, method, params) {
        const ask = toAsk(method, params, this.#items.get(textAt(params, "itemId") ?? ""));
        const session = this.#session;
        if (ask === undefined || session === undefined)
            return;
        // THREAD-4
        for (let count = 1;; count++) {
            const requestId = count === 1 ? ask.requestId : `${ask.requestId}-${count}`;
            const other = this.#waiting.get(requestId);
            if (this.#over.has(requestId) || (other !== undefined && other.id !== id))
                continue;
            this.#waiting.set(requestId, { id, method, params });
            const early = this.#early.get(requestId);
            if (early !== undefined)
                return this.#answer(requestId, early.answer);
            if (await session.asked({ ...ask, requestId }))
                return;
            // Its answer may have come meanwhile.
            if (this.#waiting.get(requestId)?.id !== id)
                return;
            this.#waiting.delete(requestId);
            this.#over.add(requestId);
        }
    }
    /** Looks up in the history what has become of what is out. */
    async settle(read = (wanted) => this.#read(wanted)) {
        const session = this.#session;
        const out = session?.out() ?? [];
        if (session === undefined || out.length === 0 || this.#isSending)
            return;
        const history = await read(out);
        for (const event of out) {
            const turn = history.found.get(event);
            if (turn === undefined) {
                // THREAD-3. A turn that has only begun may not have written it yet.
                if (history.last?.status !== "inProgress")
                    await session.missed([event], "it does not stand in the thread's history");
            }
            else {
                await session.carried(turn.id, [event]);
                if (turn.status === "completed")
                    await session.read([event]);
                else if (turn.status !== "inProgress")
                    await session.refused([event], `its turn ${turn.status === "failed" ? "failed" : "was interrupted"}`);
            }
        }
    }
    /** What was heard too late, or never, is found by and by. */
    async refresh() {
        for (const [key, early] of this.#early)
            if (++early.looks > EARLY_LOOKS)
                this.#early.delete(key);
        const wasSubscribed = this.#isSubscribed;
        if (!wasSubscribed)
            await this.#subscribe();
        const isOut = (this.#session?.out() ?? []).length > 0;
        if (isOut || (!wasSubscribed && this.#turn !== undefined))
            await this.#catchUp();
    }
    #take(message) {
        switch (message.kind) {
            case "channel":
                return this.#run(() => this.#deliver(message));
            case "verdict":
                return this.#answer(message.requestId, { kind: message.behavior });
            case "answers":
                return this.#answer(message.requestId, { kind: "answers", answers: message.answers });
            case "stop":
                return this.#run(() => this.#interrupt());
            default:
                return message;
        }
    }
    async #deliver(message) {
        const session = this.#session;
        const event = toCarrier(message);
        if (session === undefined)
            return;
        if (this.#turn !== undefined || this.#isSending)
            return session.missed([event], TOO_LATE);
        this.#isSending = true;
        try {
            await this.#send(message, event, session);
        }
        finally {
            this.#isSending = false;
        }
    }
    async #send(message, event, session) {
        const { facts, untilHeard } = this.#options;
        const isDigest = message.meta["kind"] === "digest";
        const before = message.meta["replayed"] === "true" && !isDigest ? await this.#read([event]) : undefined;
        const turn = before?.found.get(event);
        if (turn?.status === "completed") {
            await session.carried(turn.id, [event]);
            return session.read([event]);
        }
        // THREAD-2. Meanwhile a person may have begun a turn, or closed the thread.
        await untilHeard();
        if (this.#turn !== undefined || this.#session !== session)
            return session.missed([event], TOO_LATE);
        const channel = message.meta["channel"] ?? "several channels";
        const value = turn === undefined
            ? toBlock(message)
            : `Event ${event} stands above. The turn that had it ended early, so it was not answered.`;
        this.#isOurs = true;
        try {
            const { turn: begun } = await this.#server.callOnce("turn/start", {
                threadId: facts.id,
                clientUserMessageId: event,
                // The person reads this line; words of others come as a tool's result.
                input: [
                    { type: "text", text: `Sluice: an event of ${channel} (${event})`, text_elements: [] },
                ],
                // By a name of its own: Codex leaves out what it has had under the same name.
                additionalContext: { [`sluice/${event}`]: { value, kind: "untrusted", name: "sluice" } },
                turnTrigger: "sluice",
            });
            const id = textAt(begun, "id");
            if (id !== undefined)
                this.#begin(id);
        }
        catch (thrown) {
            // Without an answer nobody knows: the next look at the history will tell.
            if (!(thrown instanceof ServerRefusal))
                throw thrown;
            this.#isOurs = false;
            await session.refused([event], `Codex: ${thrown.message}`);
        }
    }
    #answer(requestId, answer) {
        this.#early.delete(requestId);
        if (this.#over.has(requestId))
            return;
        const waiting = this.#waiting.get(requestId);
        if (waiting === undefined)
            return void this.#early.set(requestId, { answer, looks: 0 });
        const result = toResult(waiting.method, waiting.params, answer);
        if (result === undefined)
            return;
        this.#waiting.delete(requestId);
        if (this.#server.answer(waiting.id, result))
            this.#over.add(requestId);
        else
            this.#early.set(requestId, { answer, looks: 0 });
    }
    async #interrupt() {
        const { facts } = this.#options;
        if (this.#turn === undefined)
            return;
        await this.#server.call("turn/interrupt", { threadId: facts.id, turnId: this.#turn });
    }
    #begin(turn) {
        if (this.#turn === turn)
            return;
        this.#turn = turn;
        this.#items.clear();
        this.#over.clear();
        this.#session?.turnBegan(turn);
    }
    async #end({ id, status }, session) {
        this.#turn = undefined;
        this.#isOurs = false;
        // A person who interrupts has it before their eyes: that turn is over like any other.
        await (status === "failed" ? session.turnFailed(id) : session.turnEnded(id));
    }
    async #resolve(id) {
        for (const [key, waiting] of this.#waiting) {
            if (waiting.id !== id)
                continue;
            this.#waiting.delete(key);
            this.#over.add(key);
            await this.#session?.resolved(key);
        }
    }
    /** What was not heard stands in the history. */
    async #catchUp() {
        const { last } = await this.#read([]);
        if (last?.status === "inProgress")
            this.#begin(last.id);
        else if (this.#turn !== undefined && last?.id === this.#turn && this.#session !== undefined)
            await this.#end(last, this.#session);
        if (this.#turn === undefined)
            await this.settle();
    }
    async #subscribe() {
        const { facts, log } = this.#options;
        try {
            const answer = await this.#server.call("thread/resume", {
                threadId: facts.id,
                excludeTurns: true,
            });
            this.#isSubscribed = textAt(toObject(answer["thread"]), "id") === facts.id;
        }
        catch (thrown) {
            if (!(thrown instanceof ServerRefusal))
                throw thrown;
            log.debug({ thread: facts.id, why: thrown.message }, "a thread is not subscribed to yet");
        }
    }
    async #read(wanted) {
        try {
            return await readHistory(this.#server, this.#options.facts.id, wanted);
        }
        catch (thrown) {
            // Before the first turn there is none.
            if (thrown instanceof ServerRefusal)
                return NOTHING;
            throw thrown;
        }
    }
    #run(work) {
        const { facts, log } = this.#options;
        work().catch((thrown) => {
            log.warn({ thread: facts.id, error: toMessage(thrown) }, "a thread of Codex could not be told");
        });
    }
}
