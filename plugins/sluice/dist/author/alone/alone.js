/**
 * One channel that runs alone: inbox, listener, sources, and what the session may ask of them.
 *
 * Owns: putting them together, and waiting for the inbox while another process has it. Never: speaks MCP (serve.ts).
 */
import { readFile } from "node:fs/promises";
import { systemClock, sleep } from "../../sdk/clock.js";
import { isSluiceError, SluiceError, toMessage } from "../../sdk/errors.js";
import { runChannel } from "../run.js";
import { ANSWERED } from "./answered.js";
import { openAloneFolder } from "./folder.js";
import { AloneInbox } from "./inbox.js";
import { PeopleGate } from "./people.js";
import { Pump } from "./pump.js";
const RETRY_MS = 2_000;
const CLOSE_GRACE_MS = 500;
const PAGE_EVENTS = 8;
export class AloneChannel {
    #options;
    #end = new AbortController();
    #relay;
    #people;
    #troubled = new Set();
    #opened;
    #starting;
    #why = "the channel has not started yet";
    #wakeStreams = () => undefined;
    #newOutgoing = this.#renew();
    constructor(options) {
        this.#options = options;
        const { channel, env, say } = options;
        this.#people = new PeopleGate(channel.definition, (name) => env[name], say);
    }
    /** Once the client is there for good. Never rejects: what is in the way is said, and tried again. */
    start() {
        this.#starting ??= this.#start();
    }
    async #start() {
        const { signal } = this.#end;
        let told = "";
        while (!signal.aborted && this.#opened === undefined) {
            try {
                await this.#open();
            }
            catch (thrown) {
                this.#why = toMessage(thrown);
                if (this.#why !== told)
                    this.#options.say(this.#why);
                told = this.#why;
                await sleep(RETRY_MS, systemClock, signal);
            }
        }
    }
    async #open() {
        const { channel, env, name, log, notify, mayPush } = this.#options;
        const { signal } = this.#end;
        const folder = openAloneFolder(env, name);
        if (channel.definition.permission === true) {
            const { PermissionRelay } = await import("./permission.js");
            this.#relay ??= new PermissionRelay();
        }
        const inbox = await AloneInbox.open(folder.inbox, systemClock);
        await inbox.tidy(true);
        const port = {
            name,
            settings: {},
            cursor: inbox.cursor,
            take: (arrivals, cursor) => this.#take(inbox, arrivals, cursor),
            secret: (of) => env[of],
            report: (source, state) => this.#report(inbox, source, state),
            leftBehind: () => undefined,
            undelivered: async (_, reason) => this.#options.say(`a message did not arrive: ${reason}`),
            readFile: (file) => readFile(file.path),
            clock: systemClock,
            log,
            signal,
        };
        const running = runChannel(channel, port);
        const pump = new Pump({ name, clock: systemClock, log, signal, inbox, send: notify, mayPush });
        const pumping = pump.run();
        const opened = { inbox, running, pump, pumping, listener: undefined };
        this.#opened = opened;
        pumping.catch((thrown) => this.#options.say(`events are not sent any more: ${toMessage(thrown)}`));
        void this.#listen(opened, port, folder);
    }
    /** The port may be another program's for a while: the rest of the channel goes on without it. */
    async #listen(opened, authorPort, folder) {
        const { channel, name, port, say } = this.#options;
        const webhooks = channel.sources.filter(isWebhook);
        const hasStream = channel.definition.reply !== undefined;
        if (webhooks.length === 0 && !hasStream)
            return;
        const { signal } = this.#end;
        const { inbox, running } = opened;
        let told = "";
        while (!signal.aborted && opened.listener === undefined) {
            try {
                const { openWebhookPort } = await import("./listener.js");
                const untilOutgoing = (gone) => this.#untilOutgoing(gone);
                opened.listener = await openWebhookPort({
                    name,
                    webhooks,
                    hasStream,
                    port,
                    folder,
                    running,
                    inbox,
                    authorPort,
                    untilOutgoing,
                });
                say(toPlaces(channel, name, opened.listener.port, folder));
            }
            catch (thrown) {
                // The words are the hub's.
                const message = toMessage(thrown).replace("sluice up --port <n>", "SLUICE_PORT");
                if (message !== told)
                    say((told = message));
                await sleep(RETRY_MS, systemClock, signal);
            }
        }
        if (signal.aborted)
            await opened.listener?.close(0);
    }
    async #take(inbox, arrivals, cursor) {
        const verdicts = arrivals.map((arrival) => this.#decide(arrival));
        const kept = arrivals.filter((_, index) => verdicts[index] === undefined);
        const adding = inbox.add(kept, cursor);
        // Before the commit: where nothing else waits, the offer is in the same one.
        if (kept.length > 0)
            this.#opened?.pump.wake();
        const stored = await adding;
        return verdicts.map((verdict) => verdict ?? stored.shift() ?? { kind: "dropped", reason: "not kept" });
    }
    /** Why an arrival is no event; undefined for one that is. */
    #decide(arrival) {
        if (!this.#people.admits(arrival))
            return { kind: "dropped", reason: "stranger" };
        const answer = this.#relay?.answer(arrival, this.#people.approves(arrival));
        if (answer === undefined)
            return undefined;
        if (answer !== "late")
            this.#options.verdict(answer);
        return { kind: "dropped", reason: ANSWERED };
    }
    /** A source that is in trouble for long is told to the session: events may be missing. */
    #report(inbox, source, state) {
        const { name, say } = this.#options;
        const isBad = state.kind === "paused" || (state.kind === "retrying" && state.alarm === true);
        if (state.kind !== "connected")
            say(`${source}: ${state.reason}${state.kind === "paused" ? "" : "; it is tried again"}`);
        const wasBad = this.#troubled.has(source);
        if (isBad === wasBad || (state.kind === "retrying" && wasBad))
            return;
        if (isBad)
            this.#troubled.add(source);
        else
            this.#troubled.delete(source);
        const text = isBad
            ? `Channel ${name}: ${source} is not connected (${"reason" in state ? state.reason : ""}). Events may be missing until it is.`
            : `Channel ${name}: ${source} is connected again.`;
        const note = {
            channel: name,
            kind: isBad ? "channel.degraded" : "channel.restored",
            sender: { id: `sluice:${name}` },
            text,
            quotes: [],
            meta: {},
            priority: "normal",
            ack: "auto",
            verified: "own",
            stateOf: `channel ${source}`,
        };
        inbox.add([note]).then(() => this.#opened?.pump.wake(), (thrown) => say(toMessage(thrown)));
    }
    async callTool(tool, input) {
        try {
            const opened = this.#opened;
            if (opened === undefined)
                throw new SluiceError("store_busy", this.#why, { retryable: true });
            await this.#noteNamed(opened, input);
            if (tool === "details")
                return { text: await this.#details(opened, input), isError: false };
            if (tool === "inbox")
                return { text: await this.#readInbox(opened), isError: false };
            if (tool === "reply" && this.#options.channel.definition.reply !== undefined)
                return { text: await this.#reply(opened, input), isError: false };
            return await opened.running.callTool(tool, input);
        }
        catch (thrown) {
            const again = isSluiceError(thrown) && thrown.retryable ? " (it may work later)" : "";
            return { text: `${tool}: ${toMessage(thrown)}${again}`, isError: true };
        }
    }
    /** PUMP-2: an event that a call names was read. */
    async #noteNamed({ inbox }, input) {
        const id = input["event_id"];
        if (typeof id === "string" && inbox.find(id)?.state === "offered")
            await inbox.move([id], "seen");
    }
    async #readInbox({ inbox }) {
        const events = inbox.unread(PAGE_EVENTS);
        if (events.length === 0)
            return "Nothing waits.";
        const ids = events.map(({ id }) => id);
        await inbox.offer(ids);
        await inbox.move(ids, "seen");
        const left = inbox.unread(1_000).length;
        const { toPage } = await import("./text.js");
        const page = toPage(ids.flatMap((id) => inbox.find(id) ?? []));
        return left === 0 ? page : `${page}\n(${left} more wait: call inbox again)`;
    }
    async #details({ inbox }, input) {
        const { channel, name } = this.#options;
        const { event_id: id, offset = 0 } = input;
        if (id === undefined) {
            const { toAllInstructions } = await import("../instructions.js");
            const { describeChannel } = await import("../../sdk/author/describe.js");
            return toAllInstructions([{ ...describeChannel(channel), kind: name }]);
        }
        const from = Number(offset);
        if (!Number.isSafeInteger(from) || from < 0)
            throw new SluiceError("bad_input", "offset must be a whole number, 0 or more");
        const { toDetails } = await import("./text.js");
        return toDetails(findEvent(inbox, id), from);
    }
    async #reply({ inbox, running }, input) {
        const { event_id: id, text } = input;
        if (typeof id !== "string" || typeof text !== "string" || text.trim() === "")
            throw new SluiceError("bad_input", "give event_id and a text that is not empty");
        const event = findEvent(inbox, id);
        const { chatId = this.#options.name, meta } = event.arrival;
        const { message_id: replyTo } = meta;
        const message = { chatId, text, ...(replyTo === undefined ? {} : { replyTo }) };
        const hasHandler = this.#options.channel.definition.reply !== true;
        const sent = hasHandler ? await running.reply(message) : { messageIds: [] };
        await this.#tellStream(inbox, { type: "reply", eventId: id, chatId, text });
        await inbox.move([id], "done");
        return sent.messageIds.length === 0 ? "sent" : `sent (${sent.messageIds.join(", ")})`;
    }
    /** A permission prompt of the client. Never rejects. */
    async relay(params) {
        const { channel, say } = this.#options;
        const opened = this.#opened;
        const prompt = this.#relay?.take(params);
        if (opened === undefined || prompt === undefined)
            return;
        try {
            const { toPromptText } = await import("./permission.js");
            const text = toPromptText(prompt);
            await this.#tellStream(opened.inbox, {
                type: "permission",
                requestId: prompt.id,
                tool: prompt.tool,
                text,
            });
            if (this.#people.approvers.length === 0)
                say("a permission prompt was relayed, and nobody may answer it: approvers is empty");
            if (channel.definition.reply === true)
                return;
            for (const chatId of this.#people.approvers)
                await opened.running
                    .reply({ chatId, text, isNotice: true })
                    .catch((thrown) => say(`a permission prompt did not reach ${chatId}: ${toMessage(thrown)}`));
        }
        catch (thrown) {
            say(`a permission prompt was not relayed: ${toMessage(thrown)}`);
        }
    }
    async #tellStream(inbox, data) {
        await inbox.addOutgoing(data);
        this.#wakeStreams();
        this.#newOutgoing = this.#renew();
    }
    #renew() {
        return new Promise((resolve) => (this.#wakeStreams = resolve));
    }
    #untilOutgoing(gone) {
        return new Promise((resolve) => {
            gone.addEventListener("abort", () => resolve(), { once: true });
            if (gone.aborted)
                resolve();
            void this.#newOutgoing.then(resolve);
        });
    }
    /** Within a few seconds, whatever the author's code does. */
    async close() {
        this.#end.abort();
        await this.#starting;
        const opened = this.#opened;
        if (opened === undefined)
            return;
        await opened.listener?.close(CLOSE_GRACE_MS);
        await opened.running.close();
        await opened.pump.settle().catch((thrown) => this.#options.say(toMessage(thrown)));
        opened.inbox.close();
    }
}
/** @throws SluiceError `not_found`. */
function findEvent(inbox, id) {
    const event = typeof id === "string" ? inbox.find(id) : undefined;
    if (event !== undefined)
        return event;
    throw new SluiceError("not_found", `there is no event ${String(id).slice(0, 64)}; take the event_id of a block that you were given`);
}
function isWebhook(source) {
    return source.type === "webhook";
}
/** Where to send, and with what: the token's place, never the token. */
function toPlaces(channel, name, port, folder) {
    const lines = channel.sources.filter(isWebhook).map(({ proof, name: of, source }) => {
        const suffix = source.name === undefined ? "" : `.${of}`;
        const how = {
            local: "any program on this machine",
            made: `Authorization: Bearer with the token in ${folder.token}`,
            own: "the channel checks by itself",
            scheme: proof.kind === "scheme" ? `proof ${proof.scheme}` : "",
        }[proof.kind];
        return `POST http://127.0.0.1:${port}/in/${name}${suffix} (${how})`;
    });
    if (channel.definition.reply !== undefined)
        lines.push(`GET http://127.0.0.1:${port}/out/${name} (Authorization: Bearer with the token in ${folder.listenToken})`);
    return lines.join("\n");
}
