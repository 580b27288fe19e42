/**
 * The agent's way to the hub: a stream that is its lease, and calls beside it.
 *
 * Owns: attaching, coming back to a restarted hub, the order of reports, waiting for people's answers. Never: knows what a message means.
 */
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { openClient, read, readStream } from "../api/client/client.js";
import { isSluiceError, SluiceError, toMessage } from "../sdk/errors.js";
const AGAIN_MS = 500;
const NOBODY = "nobody answered, so it is not done; go on with what needs no permission";
export class AgentLink {
    #options;
    #client;
    #stop = new AbortController();
    #socket = "";
    /** Under which the hub knows the session; undefined while it is not attached. */
    #attachment;
    #last = Promise.resolve();
    constructor(options) {
        this.#options = options;
        this.#client = openClient(() => this.#socket);
    }
    /** Holds the lease until closed. @throws SluiceError `conflict` where the hub takes no such session; only the first time. */
    async run() {
        let isFirst = true;
        let told = "";
        while (!this.#stop.signal.aborted) {
            let refusal;
            try {
                this.#socket = this.#options.locate();
                await readStream({
                    socket: this.#socket,
                    path: "/v1/agents",
                    body: this.#options.readFacts(),
                    signal: this.#stop.signal,
                    onMessage: (data) => {
                        // The hub's side of this stream is written by us.
                        const message = data;
                        if (message.kind === "refused") {
                            refusal = message.reason;
                            return;
                        }
                        if (message.kind === "out")
                            this.#attachment = message.attachment;
                        isFirst = false;
                        told = "";
                        this.#options.onMessage(message);
                    },
                });
            }
            catch (thrown) {
                const isAway = isSluiceError(thrown, "hub_unreachable");
                if (!isAway && isFirst)
                    throw thrown;
                refusal = toMessage(thrown);
                if (isAway)
                    await this.#options.ensure().catch((fault) => toMessage(fault));
            }
            this.#attachment = undefined;
            if (this.#stop.signal.aborted)
                return;
            if (refusal !== undefined && isFirst && !refusal.startsWith("no hub answers"))
                throw new SluiceError("conflict", refusal);
            const line = refusal ?? "the connection ended";
            if (line !== told)
                this.#options.log(`the hub is away: ${line}`);
            told = line;
            await sleep(AGAIN_MS, undefined, { ref: true });
        }
    }
    /** In their order. What cannot be told is lost: after the next connection the hub asks what became of what is out. */
    report(report) {
        if (this.#attachment === undefined)
            return Promise.resolve();
        const { id } = { id: this.#options.readFacts().session };
        this.#last = this.#last.then(async () => {
            try {
                await read(this.#client.api.agents[":id"].reports.$post({ param: { id }, json: report }));
            }
            catch (thrown) {
                if (!this.#stop.signal.aborted && !isSluiceError(thrown, "hub_unreachable"))
                    this.#options.log(`the hub did not take a report: ${toMessage(thrown)}`);
            }
        });
        return this.#last;
    }
    /** Waits for people, over restarts of the hub. In every doubt the answer is no. */
    async ask({ tool, input, agentId, cwd }, signal) {
        const key = randomBytes(16).toString("hex");
        const { session } = this.#options.readFacts();
        const json = { key, session, tool, input: JSON.stringify(input), cwd, agentId };
        const over = AbortSignal.any([signal, this.#stop.signal]);
        let isAsked = false;
        while (!over.aborted) {
            const id = this.#attachment;
            try {
                if (id === undefined)
                    throw new SluiceError("hub_unreachable", "not attached");
                const asks = this.#client.api.attachments[":id"].asks;
                if (!isAsked)
                    await read(asks.$post({ param: { id }, json }));
                isAsked = true;
                const answer = await read(asks[":key"].wait.$post({ param: { id, key } }, { init: { signal: over } }));
                if (answer.kind === "none")
                    return { kind: "deny", message: NOBODY };
                if (answer.kind !== "pending")
                    return answer;
            }
            catch (thrown) {
                if (over.aborted)
                    break;
                const isAway = isSluiceError(thrown, "hub_unreachable") || isSluiceError(thrown, "not_found");
                if (!isAway)
                    return { kind: "deny", message: `it could not be asked about: ${toMessage(thrown)}` };
                // A hub that comes back knows the call by its key.
                isAsked = false;
                await sleep(AGAIN_MS);
            }
        }
        await this.#withdraw(key);
        return { kind: "deny", message: "the turn was ended" };
    }
    /** @throws SluiceError. */
    tool(name, input) {
        const id = this.#attachment;
        if (id === undefined)
            throw new SluiceError("hub_unreachable", "the hub is away; try again in a moment");
        const { session } = this.#options.readFacts();
        const json = { arguments: input, session };
        return read(this.#client.api.attachments[":id"].tools[":name"].$post({ param: { id, name }, json }));
    }
    async close() {
        await this.#last;
        this.#stop.abort();
        this.#client.close();
    }
    async #withdraw(key) {
        const id = this.#attachment;
        if (id === undefined || this.#stop.signal.aborted)
            return;
        const asks = this.#client.api.attachments[":id"].asks;
        // The end of the session retires what is left of it.
        await read(asks[":key"].$delete({ param: { id, key } })).catch(() => { });
    }
}
