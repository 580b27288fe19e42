const REMEMBERED = 100;
export class MadeUpPrompts {
    #session;
    #tell;
    #tasks = new Map();
    /** Who answered each id; undefined while it is open. */
    #ids = new Map();
    #last = Promise.resolve();
    #count = 0;
    #open;
    #answer;
    constructor(session, tell) {
        this.#session = session;
        this.#tell = tell;
    }
    open(tool, input) {
        this.run(`prompt for ${tool}`, async (turn) => {
            this.#open = { tool, input };
            await turn.useTool(tool, input, { run: () => "" });
        });
    }
    /** In a turn of its own, after those before it. */
    run(what, task) {
        const name = `${++this.#count}: ${what}`;
        const { promise, resolve } = Promise.withResolvers();
        this.#tasks.set(name, (turn) => task(turn).finally(resolve));
        const before = this.#last;
        this.#last = promise;
        void before.then(() => this.#session.type(name));
    }
    live(turn) {
        const task = this.#tasks.get(turn.prompt);
        this.#tasks.delete(turn.prompt);
        return Promise.resolve(task?.(turn)).then(() => undefined);
    }
    /** The person at the dialog. */
    ask(signal) {
        const { promise, resolve } = Promise.withResolvers();
        this.#answer = resolve;
        signal.addEventListener("abort", () => (this.#answer = undefined), { once: true });
        const { tool = "", input = {} } = this.#open ?? {};
        const id = [...this.#ids].findLast(([, by]) => by === undefined)?.[0];
        this.#tell({ kind: "prompt", id, tool, input });
        return promise;
    }
    /** False where no dialog is open. */
    answer(allows) {
        const answer = this.#answer;
        this.#answer = undefined;
        answer?.(allows);
        return answer !== undefined;
    }
    takeNote(note, isRelayed, tally) {
        if (note.kind === "relayed") {
            this.#ids.set(note.requestId, undefined);
            const [oldest] = this.#ids.keys();
            if (this.#ids.size > REMEMBERED && oldest !== undefined)
                this.#ids.delete(oldest);
            return;
        }
        if (note.kind === "verdict") {
            const { requestId: id, behavior, counted } = note;
            tally.verdicts += 1;
            if (!counted)
                tally.strayVerdicts += 1;
            const why = counted ? {} : { why: this.#explain(id, behavior, isRelayed) };
            this.#tell({ kind: "verdict", id, behavior, counted, ...why });
            return;
        }
        const by = note.by === "relay" ? "the server" : "you";
        for (const [id, one] of this.#ids)
            if (one === undefined)
                this.#ids.set(id, by);
        this.#tell({ kind: "answered", tool: note.name, answer: note.answer, by });
    }
    #explain(id, behavior, isRelayed) {
        if (!isRelayed)
            return "the server is not asked: it is no channel here, or does not declare claude/channel/permission";
        if (behavior !== "allow" && behavior !== "deny")
            return "behavior is neither allow nor deny";
        const key = id.toLowerCase();
        if (this.#ids.has(key))
            return `too late: ${this.#ids.get(key) ?? "nobody"} had answered`;
        const open = [...this.#ids].filter(([, by]) => by === undefined).map(([one]) => one);
        return open.length === 0
            ? "no prompt is open"
            : `no prompt has this id; open is ${open.join(", ")}`;
    }
}
