import { readAway, setAway } from "../../../store/prompts/prompt-posts.js";
export class Away {
    #options;
    #listeners = new Set();
    #isIdle = false;
    #wasAway;
    #cancel = () => { };
    constructor(options) {
        this.#options = options;
        this.#arm();
        this.#wasAway = this.isAway;
    }
    get isAway() {
        const { mode } = this.view;
        return mode === "on" || (mode === "auto" && this.#isIdle);
    }
    get view() {
        const row = readAway(this.#options.db);
        const mode = row?.mode ?? "auto";
        const isAway = mode === "on" || (mode === "auto" && this.#isIdle);
        return row === undefined ? { mode, isAway } : { mode, isAway, by: row.by, since: row.at };
    }
    /** `by` is for people and the audit. */
    async set(mode, by) {
        const { db, clock, note } = this.#options;
        await db.write(() => {
            if (readAway(db)?.mode !== mode)
                note(by, "away", `away ${mode}`);
            setAway(db, { mode, by, at: clock.now() });
        });
        // Whoever says so is there to say it: the idle time begins anew.
        this.#isIdle = false;
        this.#arm();
        this.#tell();
        return this.view;
    }
    /** Somebody is at the terminal (AWAY-1). */
    noteHere() {
        this.#isIdle = false;
        this.#arm();
        if (readAway(this.#options.db)?.mode === "on") {
            // A fault leaves the mode as it was: people are told a little sooner than needed, nothing else.
            this.set("auto", "typed at a terminal").catch(() => this.#tell());
            return;
        }
        this.#tell();
    }
    /** Calls `listener` whenever the user leaves or comes back. Returns how to stop. */
    watch(listener) {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
    }
    close() {
        this.#cancel();
        this.#listeners.clear();
    }
    #arm() {
        this.#cancel();
        this.#cancel = this.#options.clock.after(this.#options.readIdleMs(), () => {
            this.#isIdle = true;
            this.#tell();
        });
    }
    #tell() {
        const { isAway } = this;
        if (isAway === this.#wasAway)
            return;
        this.#wasAway = isAway;
        for (const listener of this.#listeners)
            listener(isAway);
    }
}
