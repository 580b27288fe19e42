import { toObject } from "../sdk/json.js";
import { startChild } from "./child.js";
import { findToolHints, listTools } from "./hints.js";
import { findLeftBehind, toLeftText } from "./left-behind.js";
import { readListeners } from "./ports.js";
import { newTap } from "./tap.js";
/** A server that has not answered for so long is told of; then again each time after twice as long. */
const WAIT_MS = 3_000;
export class ServerBelow {
    #options;
    /** Why the next one is started. */
    #why = "started";
    tools = [];
    listeners = [];
    /** Why there is none; undefined while it runs. */
    gone = "has not been started";
    #child;
    /** Its end is wanted: the next one is on its way, and none is planned for it. */
    #replaced;
    #tap = newTap();
    /** Lists of tools that were begun in this run. */
    #lists = 0;
    #isNewList = true;
    #startedAt = 0;
    #isClosed = false;
    constructor(options) {
        this.#options = options;
    }
    get pid() {
        return this.#child?.pid;
    }
    get livedMs() {
        return performance.now() - this.#startedAt;
    }
    /** From now on the end of the one that runs is wanted. */
    replace(why) {
        this.#why = why;
        this.#replaced = this.#child;
    }
    async connect(transport) {
        const { start, journal } = this.#options;
        const before = this.#child;
        this.#child = undefined;
        await before?.stop(); // PROCESSBELOW-2
        if (before !== undefined)
            for (const text of await this.listLeft())
                journal.hint(text);
        if (this.#isClosed)
            return;
        const tap = newTap();
        this.#tap = tap;
        this.gone = undefined;
        this.tools = [];
        this.#lists = 0;
        this.listeners = [];
        this.#startedAt = performance.now();
        journal.beginRun();
        const child = startChild(start, {
            onLine: (line) => {
                if (this.#tap === tap)
                    this.#takeLine(transport, line);
            },
            onLongLine: (text, length, isLost) => journal.stray(text, length, isLost ? "the line is too long to be kept" : "no end of line yet: a message is one line", isLost),
            onStderr: (text) => journal.stderr(text),
            onEnd: (reason) => {
                if (this.#tap !== tap)
                    return;
                this.gone = reason;
                tap.end(reason);
                this.#tellExit(reason, this.#replaced === child);
                void transport.close();
            },
        });
        this.#child = child;
        const command = [start.command, ...start.args].join(" ");
        journal.tell({
            kind: "start",
            run: journal.tally.runs,
            command,
            pid: child.pid,
            why: this.#why,
        });
        transport.onmessage = (message) => {
            const text = JSON.stringify(message);
            this.#noteList(toObject(message));
            journal.raw("client", text, tap.takeClient(toObject(message)));
            child.write(text);
        };
        // The session is done with it; the next start waits for its end.
        transport.onclose = () => void child.stop();
        await transport.start();
    }
    /** A question of the inspector's own. */
    ask(method, params) {
        const { id, answer } = this.#tap.ask(method);
        const text = JSON.stringify({ jsonrpc: "2.0", id, method, params });
        this.#options.journal.raw("client", text, { method });
        this.#child?.write(text);
        return answer;
    }
    setReading(on) {
        this.#child?.setReading(on);
    }
    lookForSilence() {
        if (this.gone !== undefined)
            return;
        for (const { method, sinceAt } of this.#tap.listOpen()) {
            const forMs = performance.now() - sinceAt;
            if (forMs < WAIT_MS)
                continue;
            const step = Math.floor(Math.log2(forMs / WAIT_MS));
            if (this.#options.journal.isNew(`silent ${method} ${sinceAt} ${step}`))
                this.#options.journal.tell({ kind: "waiting", method, forMs });
        }
    }
    lookForListeners() {
        if (this.pid === undefined || this.gone !== undefined)
            return;
        const found = readListeners(this.pid);
        const known = new Set((this.listeners ?? []).map(({ address, port }) => `${address} ${port}`));
        const added = (found ?? []).filter(({ address, port }) => !known.has(`${address} ${port}`));
        this.listeners = found;
        if (added.length > 0)
            this.#options.journal.tell({ kind: "listens", listeners: added });
    }
    async close() {
        this.#isClosed = true;
        await this.#child?.stop();
    }
    /** What it started and is not ended with it, each in a sentence. */
    async listLeft() {
        const { mark } = this.#options;
        return (await findLeftBehind(mark)).map(toLeftText);
    }
    /** No end of it is told from now on. */
    leave() {
        this.#isClosed = true;
    }
    kill() {
        this.#child?.kill();
    }
    #tellExit(reason, isWanted) {
        if (this.#isClosed)
            return;
        const { livedMs } = this;
        const againMs = isWanted ? undefined : this.#options.planRestart(livedMs);
        const again = againMs === undefined ? {} : { againMs };
        this.#options.journal.tell({ kind: "exit", reason, livedMs, ...again });
    }
    #takeLine(transport, line) {
        const { journal, onNotification } = this.#options;
        if (line.trim() === "")
            return;
        const taken = this.#tap.takeServer(line);
        if (taken.kind === "stray")
            return journal.stray(line, line.length, taken.why); // READALONG-1
        if (taken.kind === "own")
            return journal.raw("server", line, { method: "tools/call" });
        const { message, method, tookMs, hint } = taken;
        journal.raw("server", line, {
            ...(method === undefined ? {} : { method }),
            ...(tookMs === undefined ? {} : { tookMs }),
        });
        if (hint !== undefined)
            journal.hint(hint);
        if (method === "tools/list" && "result" in message)
            this.#takeTools(message["result"]);
        if (message["method"] !== undefined && message["id"] === undefined)
            onNotification(String(method), toObject(message["params"]));
        transport.send(message).catch(() => {
            // The session has closed this connection: its end is told.
        });
    }
    #noteList({ method, params }) {
        if (method !== "tools/list" || toObject(params)["cursor"] !== undefined)
            return;
        this.#lists += 1;
        this.#isNewList = true;
    }
    #takeTools(result) {
        const { journal } = this.#options;
        const listed = listTools(result);
        if (this.#isNewList)
            this.tools = listed.tools;
        else
            this.tools = [...this.tools, ...listed.tools];
        this.#isNewList = false;
        for (const hint of findToolHints(listed))
            journal.hint(hint);
        // The first list is told once the handshake has ended.
        const isWhole = typeof toObject(result)["nextCursor"] !== "string";
        if (isWhole && this.#lists > 1)
            journal.tell({ kind: "tools", tools: this.tools });
    }
}
