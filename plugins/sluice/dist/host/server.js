/**
 * One server of a session: its connection, its tools, and whether it is a channel there.
 *
 * Owns: connecting it, again too, and asking the gates once it is connected. Never: what its notifications become (session.ts).
 *
 * What a server sends before its client is ready is lost: it becomes a channel after the handshake and the list of its tools.
 */
import { SluiceError, toMessage } from "../sdk/errors.js";
import { connect, readTools } from "./connect.js";
import { isDeclared, mayRelay } from "./gates.js";
import { RELAY_CAPABILITY } from "./relay.js";
import { Wire } from "./wire.js";
export class ConnectedServer {
    name;
    marketplace;
    #options;
    #wire;
    #connection;
    #tools = [];
    #outcome;
    #isLeaving = false;
    #isClosed = false;
    #reopening = Promise.resolve();
    /** Counts them: the last one counts. */
    #starts = 0;
    /** A list of its tools is under way; `again`: they have changed since it was asked for. */
    #listing = "no";
    constructor(options) {
        this.#options = options;
        this.name = options.name;
        this.marketplace = options.marketplace;
        this.#wire = this.#start();
    }
    get wire() {
        return this.#wire;
    }
    get connection() {
        return this.#connection;
    }
    get requestMeta() {
        return this.#connection?.requestMeta ?? {};
    }
    get tools() {
        return this.#wire.gone === undefined ? this.#tools : [];
    }
    /** Undefined before the handshake has ended. */
    get outcome() {
        return this.#outcome;
    }
    get isChannel() {
        return this.#outcome?.kind === "open";
    }
    /** Permission prompts are relayed to it, and its verdicts are heard. */
    get isRelayed() {
        const { capabilities = {} } = this.#connection ?? {};
        return (this.isChannel && mayRelay(this.#options.facts) && isDeclared(capabilities, RELAY_CAPABILITY));
    }
    /** Shakes hands. @throws SluiceError `unsupported` when it does not speak MCP. */
    async open(isAgain = false) {
        const { clientInfo, decide, notebook, answerTimeoutMs } = this.#options;
        const connection = await connect(this.#wire, clientInfo, answerTimeoutMs);
        this.#tools = await readTools(this.#wire, connection, answerTimeoutMs);
        this.#connection = connection;
        this.#outcome = decide(this, connection);
        notebook.write({
            kind: "channel",
            at: Date.now(),
            server: this.name,
            outcome: this.#outcome,
            line: toLogLine(this.#outcome, isAgain),
        });
    }
    /**
     * Ends it, where it still lives, and starts it anew: the client's own Reconnect. It passes the gates again. One after the other; a start
     * that is under way is given up: its server may never answer.
     */
    reopen(how) {
        const before = this.#reopening;
        const start = ++this.#starts;
        this.#isLeaving = true;
        const left = this.#wire.close(how);
        const run = async () => {
            await left;
            await before.catch(() => { });
            if (start !== this.#starts)
                throw new SluiceError("unsupported", `another start of ${this.name} took this one's place`);
            this.#outcome = undefined;
            this.#isLeaving = true;
            await this.#wire.close(how);
            if (this.#isClosed)
                throw new SluiceError("conflict", `the session with ${this.name} has been closed`);
            this.#isLeaving = false;
            this.#connection = undefined;
            this.#tools = [];
            this.#wire = this.#start();
            await this.open(true);
        };
        this.#reopening = run();
        return this.#reopening;
    }
    async close(how) {
        this.#isClosed = true;
        this.#isLeaving = true;
        await this.#wire.close(how);
        // Whoever waits for it hears of the end; here only that it has ended counts.
        await this.#reopening.catch(() => { });
    }
    /** Its tools have changed: they are listed again, once at a time however often that is said. */
    readTools() {
        if (this.#connection === undefined)
            return;
        if (this.#listing !== "no") {
            this.#listing = "again";
            return;
        }
        this.#listing = "yes";
        readTools(this.#wire, this.#connection)
            .then((tools) => (this.#tools = tools), (error) => this.#options.onStderr(`tools/list failed: ${toMessage(error)}\n`))
            .finally(() => {
            const isDue = this.#listing === "again";
            this.#listing = "no";
            if (isDue)
                this.readTools();
        });
    }
    #start() {
        const { start, notebook, onNotification, onRequest, onStderr } = this.#options;
        return new Wire({
            ...start,
            onNotification: (method, params) => onNotification(this, method, params),
            onRequest: (method) => onRequest(method),
            onGarbage: (line) => {
                notebook.counters.garbageLines++;
                notebook.write({ kind: "garbage", at: Date.now(), line });
            },
            onStderr,
            onExit: (reason) => {
                if (this.#isLeaving)
                    return;
                notebook.write({ kind: "server-gone", at: Date.now(), server: this.name, reason });
            },
        });
    }
}
/** As the client's debug log has it, where nothing else tells a server's author whether it is heard. */
function toLogLine(outcome, isAgain) {
    if (outcome.kind === "closed")
        return `Channel notifications skipped: ${outcome.reason}`;
    return isAgain
        ? "Channel notifications re-registered after reconnect"
        : "Channel notifications registered";
}
