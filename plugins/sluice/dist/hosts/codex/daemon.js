/**
 * Codex's shared app-server, and the threads in it that people have open.
 *
 * Owns: the connection, coming back after a loss, which threads are open on a screen, the gates that doctor names. Never: sends an event.
 *
 * DAEMON-1 Only a thread that a terminal shows is a session: what is sent to it starts a turn, and no turn may run unseen.
 * DAEMON-2 It joins an app-server and starts none; nor does it load a thread.
 */
import { readFileSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";
import { VERSION } from "../../local/version.js";
import { toMessage } from "../../sdk/errors.js";
import { countAt, listAt, parseObject, textAt } from "../../sdk/json.js";
import { AppServer, ServerRefusal } from "./app-server.js";
import { chooseShown } from "./shown.js";
import { listTerminals } from "./terminals.js";
import { Thread } from "./thread.js";
import { ThreadTraces } from "./thread-traces.js";
import { toStatus, toThread } from "./words.js";
const LOOK_EVERY_MS = 2_000;
/** So many looks without an app-server, and it is gone. */
const LOOKS_UNTIL_GONE = 3;
export class Daemon {
    #setup;
    #socket;
    #threads = new Map();
    #traces = new ThreadTraces();
    #server;
    #misses = 0;
    #isClosed = false;
    #cancel;
    /** Looks, and what comes in, one after the other. */
    #busy = Promise.resolve();
    constructor(setup) {
        this.#setup = setup;
        this.#socket = join(setup.folder, "app-server-control", "app-server-control.sock");
    }
    async open() {
        this.#look();
        await this.#busy;
    }
    /** What is out stays out where the hub ends: its next life asks the threads. */
    async close(isOff) {
        this.#isClosed = true;
        this.#cancel?.();
        if (isOff)
            this.#enqueue(() => this.#closeAll());
        await this.#busy;
        this.#server?.close();
    }
    #look() {
        this.#enqueue(async () => {
            if (this.#isClosed)
                return;
            await this.#lookOnce();
            this.#cancel = this.#setup.clock.after(LOOK_EVERY_MS, () => this.#look());
        });
    }
    #enqueue(work) {
        this.#busy = this.#busy.then(work).catch((thrown) => {
            this.#setup.log.warn({ error: toMessage(thrown) }, "Codex could not be looked at");
        });
    }
    async #lookOnce() {
        const { folder, note } = this.#setup;
        try {
            const terminals = await listTerminals(realpathSync(folder));
            this.#server ??= await this.#connect();
            this.#misses = 0;
            note([
                { gate: "app-server", isOpen: true, detail: `${this.#server.agent}, on ${this.#socket}` },
                ...(await this.#find(this.#server, terminals)),
            ]);
        }
        catch (thrown) {
            if (this.#server !== undefined) {
                // It is there: what one look could not do the next one may, and its threads stay.
                note([
                    { ...toClosedGate(this.#socket, thrown), detail: `a look failed: ${toMessage(thrown)}` },
                ]);
                return;
            }
            this.#misses++;
            note([toClosedGate(this.#socket, thrown)]);
            if (this.#misses === LOOKS_UNTIL_GONE)
                await this.#abandon();
        }
    }
    async #connect() {
        requireOwn(this.#socket);
        const server = await AppServer.open(this.#socket, VERSION, {
            notified: (method, params) => {
                const id = textAt(params, "threadId") ?? "";
                if (method === "thread/status/changed")
                    this.#noteStatus(id, params["status"]);
                this.#hear(id, (thread) => thread.heard(method, params));
            },
            asked: (id, method, params) => this.#hear(textAt(params, "threadId"), (thread) => thread.asked(id, method, params)),
            closed: (reason) => {
                this.#setup.log.info({ reason }, "the app-server of Codex is gone");
                if (this.#server === server)
                    this.#server = undefined;
            },
        });
        const loaded = await listLoaded(server);
        this.#traces.noteLoaded(loaded, true);
        for (const [id, thread] of this.#threads)
            if (loaded.includes(id))
                await thread.rejoin(server);
        return server;
    }
    #noteStatus(id, status) {
        const isOurs = this.#threads.get(id)?.isOurTurn === true;
        this.#traces.noteStatus(id, toStatus(status) === "active", isOurs);
    }
    #hear(id, tell) {
        const thread = this.#threads.get(id ?? "");
        if (thread !== undefined)
            this.#enqueue(() => tell(thread));
    }
    async #find(server, terminals) {
        const joined = terminals.filter(({ own }) => own === undefined);
        this.#traces.noteTerminals(joined);
        this.#traces.noteLoaded(await listLoaded(server), false);
        const facts = new Map();
        for (const { id } of this.#traces.list()) {
            const thread = await readThread(server, id);
            if (thread === undefined)
                continue;
            facts.set(id, thread);
            this.#traces.noteFacts(id, thread.cwd, thread.status === "active");
        }
        // What was said while they were read counts.
        const loaded = this.#traces.list().flatMap(({ id, hasTrace }) => {
            const thread = facts.get(id);
            return thread === undefined ? [] : [{ thread, hasTrace }];
        });
        const { threads: shown, unclear } = chooseShown(loaded, joined);
        for (const [id, thread] of this.#threads) {
            if (shown.some((one) => one.id === id)) {
                await thread.refresh();
                continue;
            }
            this.#threads.delete(id);
            await thread.close(unclear.includes(facts.get(id)?.cwd ?? "")
                ? "nobody knows whether a terminal still shows it"
                : "nobody has it open any more");
        }
        for (const one of shown) {
            if (this.#threads.has(one.id))
                continue;
            const { door, log } = this.#setup;
            const thread = new Thread({
                facts: one,
                server,
                door,
                log,
                pid: readPid(this.#setup.folder),
                untilHeard: () => this.#busy,
            });
            this.#threads.set(one.id, thread);
            try {
                await thread.open();
            }
            catch (thrown) {
                // The next look begins anew; what it was sent meanwhile is asked then.
                if (!thread.isOpen)
                    this.#threads.delete(one.id);
                throw thrown;
            }
        }
        return [...toTerminalGates(terminals), ...unclear.map(toUnclearGate)];
    }
    async #closeAll() {
        const { log } = this.#setup;
        for (const thread of this.#threads.values())
            await thread.close("Codex is not connected any more").catch((thrown) => {
                log.info({ error: toMessage(thrown) }, "a thread of Codex was not asked once more");
            });
        this.#threads.clear();
    }
    async #abandon() {
        for (const [id, thread] of this.#threads) {
            this.#threads.delete(id);
            await thread.abandon("the app-server of Codex is gone");
        }
    }
}
async function listLoaded(server) {
    return listAt(await server.call("thread/loaded/list", {}), "data").map(String);
}
/** Undefined where Codex refuses: one that was unloaded since it was listed. */
async function readThread(server, id) {
    try {
        return toThread((await server.call("thread/read", { threadId: id }))["thread"]);
    }
    catch (thrown) {
        if (thrown instanceof ServerRefusal)
            return undefined;
        throw thrown;
    }
}
/** @throws where it is not there, or another user's: whoever answers there is told events. */
function requireOwn(socket) {
    const { uid } = statSync(socket);
    if (uid !== process.getuid?.())
        throw new Error(`${socket} belongs to another user (uid ${uid})`);
}
/** The app-server's own; 0 where it does not say. */
function readPid(folder) {
    try {
        const text = readFileSync(join(folder, "app-server-daemon", "daemon.pid"), "utf8");
        return countAt(parseObject(text), "pid") ?? 0;
    }
    catch {
        // One that was started by hand writes none.
        return 0;
    }
}
function toClosedGate(socket, thrown) {
    return {
        gate: "app-server",
        isOpen: false,
        detail: `none answers on ${socket} (${toMessage(thrown)})`,
        fix: "start codex in a terminal: it starts its app-server by itself; --no-daemon and the feature daemon_auto_start keep it from that",
    };
}
function toTerminalGates(terminals) {
    return terminals
        .filter(({ own }) => own !== undefined)
        .map(({ pid, cwd }) => ({
        gate: `terminal ${pid}`,
        isOpen: false,
        detail: `codex in ${cwd} runs without the shared app-server, so nothing wakes it; it reads what waits by the tool inbox`,
        fix: "start it without --no-daemon",
    }));
}
function toUnclearGate(cwd) {
    return {
        gate: `folder ${cwd}`,
        isOpen: false,
        detail: `Codex has more threads loaded there than terminals show, and does not say which of them are shown: what comes waits`,
        fix: "write in the thread that should have it; threads that were left are unloaded by Codex after a while",
    };
}
