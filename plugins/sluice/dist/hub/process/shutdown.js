/**
 * Ends a hub: in order and within a limit when it is asked to, at once when it is broken.
 *
 * Owns: signals, the order of closing, the exit code. Never: how a part is closed.
 *
 * SHUTDOWN-1 The part that was opened last is closed first.
 * SHUTDOWN-2 All of it has five seconds: then the process exits anyway. Nothing acknowledged is lost by that, it is on disk.
 * SHUTDOWN-3 After an uncaught fault nothing is closed: memory cannot be trusted, and the inbox needs no orderly end.
 */
import { constants } from "node:os";
const SIGNALS = ["SIGTERM", "SIGINT", "SIGHUP"];
/** EX_SOFTWARE of sysexits.h. */
const EXIT_FAULT = 70;
export class Shutdown {
    #log;
    #graceMs;
    #closers = [];
    #isStopping = false;
    /** Listens to the process from now on. One per process. */
    constructor(options) {
        this.#log = options.log;
        this.#graceMs = options.graceMs ?? 5_000;
        const { endsAtHangup = true } = options;
        for (const signal of SIGNALS) {
            const isKept = signal === "SIGHUP" && !endsAtHangup;
            process.on(signal, () => (isKept ? this.#onHangup() : this.#onSignal(signal)));
        }
        process.on("uncaughtException", (fault) => this.#onFault(fault, "uncaught exception"));
        process.on("unhandledRejection", (fault) => this.#onFault(fault, "unhandled rejection"));
    }
    get isStopping() {
        return this.#isStopping;
    }
    /** Has `close` run when the hub stops, before everything that was added earlier. */
    add(name, close) {
        this.#closers.push({ name, close });
    }
    /** Closes everything and exits; 0 unless something did not close. A second call changes nothing. */
    async stop(reason) {
        if (this.#isStopping)
            return;
        this.#isStopping = true;
        this.#log.info({ reason }, "hub stops");
        let current = "";
        const deadline = setTimeout(() => {
            this.#log.error({ closing: current, graceMs: this.#graceMs }, "hub leaves before everything is closed");
            process.exit(1);
        }, this.#graceMs);
        let exitCode = 0;
        for (let closer = this.#closers.pop(); closer !== undefined; closer = this.#closers.pop()) {
            current = closer.name;
            try {
                await closer.close();
            }
            catch (thrown) {
                exitCode = 1;
                this.#log.error({ err: thrown, closing: current }, "closing failed");
            }
        }
        clearTimeout(deadline);
        process.exit(exitCode);
    }
    #onSignal(signal) {
        // The second signal is somebody who does not want to wait.
        if (this.#isStopping)
            process.exit(128 + constants.signals[signal]);
        void this.stop(signal);
    }
    #onHangup() {
        this.#log.info({}, "SIGHUP: the hub has no terminal to lose, and goes on; SIGTERM ends it");
    }
    #onFault(fault, message) {
        try {
            this.#log.fatal({ err: fault }, `${message}; the hub ends`);
        }
        finally {
            process.exit(EXIT_FAULT);
        }
    }
}
